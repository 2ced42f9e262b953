using System.Globalization;
using Maintenance.Plan;
using Maintenance.ServiceLevels;
using Maintenance.Tests.Rules.Oracles;
using Maintenance.Tickets;
using NodaTime;

namespace Maintenance.Tests.Rules;

/// <summary>A plan, a ticket and what happened to it, by chance from a number: near the days on which a clock is changed, and at awkward instants more often than not.</summary>
internal sealed class TicketClockCase
{
    private const int Days = 18;

    private static readonly string[] Zones =
    [
        "Europe/Berlin", "Africa/Cairo", "Africa/Nairobi", "Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe", "America/Havana", "America/St_Johns",
    ];

    private static readonly string[] Calendars = ["c1", "c2", "c3"];
    private static readonly IsoDayOfWeek[] Week = [.. Enum.GetValues<IsoDayOfWeek>().Where(static day => day != IsoDayOfWeek.None)];
    private readonly Random _random;
    private readonly int _seed;
    private readonly LocalDate _date;
    private readonly DateTimeOffset _start;

    public TicketClockCase(int seed)
    {
        _seed = seed;
        _random = new Random(seed);
        var zone = Instants.Zone(Of(Zones));
        _start = Begin(zone);
        _date = Instant.FromDateTimeOffset(_start).InZone(zone).Date;
        var priorities = new[] { "p1", "p2", "p3" };
        Plan = SamplePlan.Plan with
        {
            System = SamplePlan.Plan.System with { TimeZone = zone },
            Calendars = [.. Calendars.Select(Calendar)],
            CalendarHistory = [.. Enumerable.Range(0, Chance(3) ? _random.Next(1, 3) : 0).Select(_ => new CalendarVersion(Calendar(Of(Calendars)), _start.AddSeconds(Moment(8)), zone)).OrderBy(static version => version.Until)],
            ServiceLevels = new ServiceLevelAgreement([.. priorities.Select(Target)], [Chain("a"), Chain("b")]) { Waiting = Waiting() },
        };
        Hours = new HoursWalk(Plan, _start, Days);
        Events = History(priorities);
        Now = Events[^1].At.AddSeconds(Moment(5));
        Looked = [.. Enumerable.Range(0, 5).Select(_ => _start.AddSeconds(Moment(Days - 1))), .. Events.Select(static one => one.At), Now];
    }

    public OperationsPlan Plan { get; }

    public HoursWalk Hours { get; }

    public IReadOnlyList<ClockEvent> Events { get; }

    /// <summary>An instant at or after the last event.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>Some instants in the window.</summary>
    public IReadOnlyList<DateTimeOffset> Looked { get; }

    public TicketClockWalk Walk(ServiceTarget target) => new(Plan, Events, target, Hours);

    public override string ToString() => string.Join<string>('\n',
    [
        $"case {_seed}, {Plan.System.TimeZone.Id}, now {Now:u}",
        .. Plan.Calendars.Select(static calendar => Text(calendar)),
        .. Plan.CalendarHistory.Select(static version => $"until {version.Until:u}: {Text(version.Definition)}"),
        .. Plan.ServiceLevels.Targets.Select(static target => $"{target} {string.Join(' ', target.Warnings)}"),
        .. Plan.ServiceLevels.Escalations.Select(static chain => $"{chain.Id}: {string.Join(", ", chain.Levels.Select(static level => $"{level.After} every {level.Repeat}"))}, alarm {chain.Alarm.After}"),
        "stops: " + string.Join(", ", Plan.ServiceLevels.Waiting.Select(static rule => $"{rule.For} {string.Join('+', rule.Stops)}")),
        .. Events.Select(static one => $"{one.At:u} {one.Kind} {one.Priority} {one.For}"),
    ]);

    private static string Text(CalendarDefinition calendar) =>
        $"{calendar.Id}: {Text(calendar.Hours)}; closed {string.Join(' ', calendar.Holidays.Select(static day => day.Date))}{string.Concat(calendar.Revisions.Select(static one => $"; from {one.From} {Text(one.Hours)}"))}";

    private static string Text(IEnumerable<WeeklyHours> hours) =>
        string.Join(" | ", hours.Select(static line => $"{string.Join(' ', line.Days)} {string.Join(' ', line.Spans.Select(static span => $"{span.Start}-{span.End}"))}"));

    private bool Chance(int oneIn) => _random.Next(oneIn) == 0;

    private T Of<T>(IReadOnlyList<T> choices) => choices[_random.Next(choices.Count)];

    /// <summary>Shortly before a clock is changed, where the zone does; at a full minute as often as not.</summary>
    private DateTimeOffset Begin(DateTimeZone zone)
    {
        var from = Instant.FromUtc(2008 + _random.Next(20), 1 + _random.Next(12), 1, 0, 0);
        var interval = zone.GetZoneInterval(from);
        var change = interval.HasEnd && !Chance(4) && interval.End < Instant.FromUtc(2035, 1, 1, 0, 0) ? interval.End : from;
        return DateTimeOffset.FromUnixTimeSeconds((change.ToUnixTimeSeconds() / 60 * 60) - Moment(4));
    }

    /// <summary>So many seconds, up to some days: full minutes, full hours, odd seconds.</summary>
    private long Moment(int days) => _random.Next(5) switch
    {
        0 => _random.Next(days * 24) * 3600L,
        1 => _random.Next(days * 1440) * 60L,
        2 => _random.Next(4 * 3600),
        _ => _random.Next(days * 86_400),
    };

    private CalendarDefinition Calendar(string id)
    {
        var calendar = new CalendarDefinition(
            id, id, WeekHours(), [.. Enumerable.Range(0, _random.Next(4)).Select(_ => _date.PlusDays(_random.Next(-1, 9))).Distinct().Select(static date => new Holiday(date, "Closed " + date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture)))]);
        return calendar with
        {
            Revisions =
            [
                .. Enumerable.Range(0, Chance(3) ? _random.Next(1, 3) : 0).Select(_ => _date.PlusDays(_random.Next(-3, 9))).Distinct().Order()
                    .Select(date => new CalendarRevision(date, WeekHours(), "")),
            ],
        };
    }

    private IReadOnlyList<WeeklyHours> WeekHours() => _random.Next(5) switch
    {
        0 => [new WeeklyHours(Week, [new ClockSpan(0, 1440)])],
        1 => [new WeeklyHours(Week[..5], [new ClockSpan(480, 750), new ClockSpan(810, 1020)])],
        2 => [new WeeklyHours(Week, [new ClockSpan(Of([1200, 1320, 1380, 1410]), Of([60, 90, 120, 150, 180, 300]))])],
        3 => [new WeeklyHours(Week, [new ClockSpan(Of([0, 30, 60, 90, 120, 150]), Of([75, 120, 165, 180, 240])), new ClockSpan(Of([1380, 1395]), 1440)])],
        _ => [.. Enumerable.Range(0, _random.Next(1, 5)).Select(_ => new WeeklyHours([Of(Week), Of(Week), Of(Week)], [Span(), Span()]))],
    };

    private ClockSpan Span()
    {
        var start = Chance(2) ? 60 * _random.Next(24) : _random.Next(1440);
        return new ClockSpan(start, Chance(4) ? 1440 : Chance(2) ? 60 * _random.Next(24) : _random.Next(1440));
    }

    private ServiceLevelTarget Target(string priority)
    {
        var response = Time();
        return new ServiceLevelTarget(priority, Of(Calendars), response, response + (Chance(6) ? TimeSpan.Zero : Time()), Of(["a", "b"]))
        {
            Warnings = [.. Enumerable.Range(0, _random.Next(3)).Select(_ => _random.Next(1, 100)).Distinct()],
        };
    }

    private TimeSpan Time() => TimeSpan.FromSeconds(_random.Next(4) switch { 0 => 60 * _random.Next(1, 60), 1 => 3600 * _random.Next(1, 9), 2 => _random.Next(1, 36_000), _ => 3600 * _random.Next(8, 25) });

    private EscalationChain Chain(string id)
    {
        var after = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Of([TimeSpan.Zero, Time(), -Time() / 4, Time() * 2])).Select(static time => TimeSpan.FromSeconds(Math.Floor(time.TotalSeconds))).Distinct().Order();
        return new EscalationChain(id, [.. after.Select(time => new EscalationLevel(time, ["ann"], [], "") { Repeat = Chance(2) ? Time() : null })])
        {
            Alarm = new ChainAlarm(Time(), ["ann"], []),
        };
    }

    private IReadOnlyList<WaitingRule> Waiting() => _random.Next(4) switch
    {
        0 => [],
        1 => [new WaitingRule(WaitingFor.Requester, [ServiceTarget.Resolution]), new WaitingRule(WaitingFor.Supplier, [ServiceTarget.Response, ServiceTarget.Resolution])],
        2 => [new WaitingRule(WaitingFor.Requester, [ServiceTarget.Response, ServiceTarget.Resolution]), new WaitingRule(WaitingFor.Supplier, [])],
        _ => [new WaitingRule(WaitingFor.Supplier, [ServiceTarget.Resolution]), new WaitingRule(WaitingFor.Requester, [Of(Enum.GetValues<ServiceTarget>())])],
    };

    /// <summary>A life that a ticket may have. Some things happen exactly when a target is due, or all at once.</summary>
    private IReadOnlyList<ClockEvent> History(IReadOnlyList<string> priorities)
    {
        var events = new List<ClockEvent> { new(_start, ClockEventKind.Opened, Of(priorities)) };
        var (isResolved, isWaiting) = (false, false);
        for (var left = _random.Next(9); left > 0; left--)
        {
            var at = events[^1].At + TimeSpan.FromSeconds(Chance(8) ? 0 : Moment(3));
            if (Chance(5))
            {
                var walk = new TicketClockWalk(Plan, events, Of(Enum.GetValues<ServiceTarget>()), Hours);
                at = walk.Allowed is { } allowed && walk.When(allowed) is { } due && due >= events[^1].At && due.Ticks % TimeSpan.TicksPerSecond == 0 ? due : at;
            }

            if (at > _start.AddDays(Days - 4))
            {
                break;
            }

            var entry = (isResolved, isWaiting, _random.Next(6)) switch
            {
                (_, _, 0 or 1) => new ClockEvent(at, ClockEventKind.PriorityChanged, Chance(12) ? "gone" : Of(priorities)),
                (true, _, _) => new ClockEvent(at, ClockEventKind.Reopened),
                (false, true, 2 or 3) => new ClockEvent(at, ClockEventKind.WaitingEnded),
                (false, _, 2 or 3) => new ClockEvent(at, ClockEventKind.WaitingBegan, For: Of(Enum.GetValues<WaitingFor>())),
                (false, true, 4) when Chance(2) => new ClockEvent(at, ClockEventKind.WaitingBegan, For: Of(Enum.GetValues<WaitingFor>())),
                (false, _, 4) => new ClockEvent(at, ClockEventKind.Responded),
                _ => new ClockEvent(at, ClockEventKind.Resolved),
            };
            isWaiting = entry.Kind switch { ClockEventKind.WaitingBegan => true, ClockEventKind.WaitingEnded or ClockEventKind.Resolved => false, _ => isWaiting };
            isResolved = entry.Kind switch { ClockEventKind.Resolved => true, ClockEventKind.Reopened => false, _ => isResolved };
            events.Add(entry);
        }

        return events;
    }
}
