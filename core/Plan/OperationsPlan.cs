using Maintenance.Assets.Components;
using Maintenance.Assets.Debt;
using Maintenance.Assets.Lifecycle;
using Maintenance.Backups;
using Maintenance.Duties;
using Maintenance.Handover;
using Maintenance.Knowledge;
using Maintenance.Notifications;
using Maintenance.Patches;
using Maintenance.Recovery;
using Maintenance.Resources;
using Maintenance.ServiceLevels;
using Maintenance.Supplies;
using Maintenance.Tickets;
using Maintenance.Time;
using Maintenance.Training;
using Maintenance.Windows;
using NodaTime;

namespace Maintenance.Plan;

/// <summary>An organisation's operations and maintenance plan, as loaded from <c>plan.yaml</c>: immutable, complete and checked.</summary>
public sealed record OperationsPlan(
    SystemProfile System,
    IReadOnlyList<Person> People,
    IReadOnlyList<CalendarDefinition> Calendars,
    IReadOnlyList<Service> Services,
    IReadOnlyList<BackupPolicy> Backups,
    PriorityMatrix Priorities,
    ServiceLevelAgreement ServiceLevels,
    PatchingPolicy Patching,
    Support Support,
    NotificationSettings Notifications)
{
    private readonly CalendarShelf _shelf = new();

    /// <summary>How the backup repository is looked after.</summary>
    public RepositoryCare Repository { get; init; } = RepositoryCare.Usual;

    /// <summary>How services are brought back.</summary>
    public RecoveryPolicy Recovery { get; init; } = RecoveryPolicy.None;

    /// <summary>When changes may be made.</summary>
    public WindowPolicy Windows { get; init; } = WindowPolicy.None;

    /// <summary>What is consumed, and must never run out.</summary>
    public SupplyPolicy Supplies { get; init; } = SupplyPolicy.None;

    /// <summary>How the system passes to the people who run it; null where it does not.</summary>
    public HandoverPlan? Handover { get; init; }

    /// <summary>Who must have learnt what.</summary>
    public TrainingPolicy Training { get; init; } = TrainingPolicy.None;

    /// <summary>What is watched, and how available services have to be.</summary>
    public Monitoring.Probes.MonitoringPolicy Monitoring { get; init; } = Maintenance.Monitoring.Probes.MonitoringPolicy.None;

    /// <summary>Who works together, and on what.</summary>
    public IReadOnlyList<Team> Teams { get; init; } = [];

    /// <summary>What tickets must be, and when they close.</summary>
    public TicketPolicy Tickets { get; init; } = TicketPolicy.Usual;

    /// <summary>What is owed again and again.</summary>
    public IReadOnlyList<Duty> Duties { get; init; } = [];

    /// <summary>SOPs, knowledge articles and other documents.</summary>
    public KnowledgePolicy Knowledge { get; init; } = KnowledgePolicy.None;

    /// <summary>What the services are made of.</summary>
    public AssetPolicy Assets { get; init; } = AssetPolicy.None;

    /// <summary>How old components may become, and how fast their faults are mended.</summary>
    public LifecyclePolicy Lifecycle { get; init; } = LifecyclePolicy.None;

    /// <summary>What share of the team's time belongs to the technical debt; null where the plan keeps none for it.</summary>
    public DebtPolicy? Debt { get; init; }

    /// <summary>Whose hours belong to what, and what must never hang on one person.</summary>
    public ResourcePolicy Resources { get; init; } = ResourcePolicy.None;

    /// <summary>Which hours counted until when, where the plan said otherwise before; in order of time. Not in the plan's text: the host remembers it.</summary>
    public IReadOnlyList<CalendarVersion> CalendarHistory { get; init; } = [];

    /// <summary>The team of an id, or null.</summary>
    public Team? FindTeam(string id) => Teams.FirstOrDefault(team => team.Id == id);

    /// <summary>The person of an id, or null.</summary>
    public Person? FindPerson(string id) => People.FirstOrDefault(person => person.Id == id);

    /// <summary>Who stands in for somebody who is away: whom the absence names, unless they are away as well; null for nobody.</summary>
    /// <param name="person">The person.</param>
    /// <param name="at">When (UTC).</param>
    public Person? DeputyOf(Person person, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(person);
        var local = Instant.FromDateTimeOffset(at).InZone(System.TimeZone).LocalDateTime;
        return person.Absences.Where(absence => absence.Covers(local) && absence.Deputy is not null).Select(absence => FindPerson(absence.Deputy!)).FirstOrDefault(deputy => deputy?.IsAway(local) == false);
    }

    /// <summary>The service of an id, or null.</summary>
    public Service? FindService(string id) => Services.FirstOrDefault(service => service.Id == id);

    /// <summary>The backup policy of an id, or null.</summary>
    public BackupPolicy? FindBackup(string id) => Backups.FirstOrDefault(policy => policy.Id == id);

    /// <summary>The service calendar of an id, with the hours that counted before; built once.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the plan's check rules that out for every reference in the plan.</exception>
    public ServiceCalendar Calendar(string id) => _shelf.Find(this, id);

    /// <summary>The people of a role, in the plan's order.</summary>
    public IEnumerable<Person> InRole(string role) => People.Where(person => person.Roles.Contains(role));

    /// <summary>The people that a list of recipients names: ids of people, or roles; each once, in order of first mention.</summary>
    public IReadOnlyList<Person> Resolve(IEnumerable<string> recipients) =>
        [.. recipients.SelectMany(name => FindPerson(name) is { } person ? [person] : InRole(name)).Distinct()];
}

/// <summary>The system that the plan is for.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Organisation">Who runs it.</param>
/// <param name="Description">What it does, for whom.</param>
/// <param name="Owner">The id of the accountable person.</param>
/// <param name="TimeZone">The zone in which every wall-clock time of the plan is read.</param>
public sealed record SystemProfile(string Name, string Organisation, string Description, string Owner, DateTimeZone TimeZone)
{
    /// <summary>The languages of the public pages and of mail, the usual one first.</summary>
    public IReadOnlyList<Language> Languages { get; init; } = [Language.En];

    /// <summary>How the pages look.</summary>
    public Brand Brand { get; init; } = Brand.None;
}

/// <summary>A language that the system speaks with the public and in mail.</summary>
public enum Language
{
    /// <summary>English.</summary>
    En,

    /// <summary>French.</summary>
    Fr,
}

/// <summary>An entry of the contact list.</summary>
/// <param name="Id">Short and stable; what the plan, votes and the audit trail say.</param>
/// <param name="Name">The full name.</param>
/// <param name="Email">Where mail goes, or null.</param>
/// <param name="Phone">For calling in, or null.</param>
/// <param name="Roles">What the person may and must do: <c>administrator</c>, <c>support</c>, and the roles that approvals and escalations name.</param>
/// <param name="Skills">What the person can work on.</param>
/// <param name="Hours">The id of the calendar in which the person is on duty, or null.</param>
public sealed record Person(
    string Id, string Name, string? Email, string? Phone, IReadOnlyList<string> Roles, IReadOnlyList<string> Skills, string? Hours)
{
    /// <summary>The language of mail to the person; null for the system's first.</summary>
    public Language? Language { get; init; }

    /// <summary>The zone of times in mail to the person, and of their quiet hours; null for the system's.</summary>
    public DateTimeZone? TimeZone { get; init; }

    /// <summary>When only what is urgent is sent to the person, every day, in their zone.</summary>
    public IReadOnlyList<ClockSpan> QuietHours { get; init; } = [];

    /// <summary>When the person is away.</summary>
    public IReadOnlyList<Absence> Absences { get; init; } = [];

    /// <summary>So many open tickets are a full day's work; with 0 none is given to the person.</summary>
    public int Capacity { get; init; } = UsualCapacity;

    /// <summary>The capacity where the plan says none.</summary>
    public const int UsualCapacity = 5;

    /// <summary>True on the dates of an absence.</summary>
    /// <param name="date">A local date of the system's zone.</param>
    public bool IsAway(LocalDate date) => Absences.Any(absence => absence.Part == DayPart.Whole && absence.From <= date && date <= absence.To) || IsAwayAllOf(date);

    /// <summary>True in an absence: half of a day ends or begins at noon.</summary>
    /// <param name="at">A local time of the system's zone.</param>
    public bool IsAway(LocalDateTime at) => Absences.Any(absence => absence.Covers(at));

    /// <summary>Two halves make a day.</summary>
    private bool IsAwayAllOf(LocalDate date) => IsAwayHalfOf(date, DayPart.Morning) && IsAwayHalfOf(date, DayPart.Afternoon);

    private bool IsAwayHalfOf(LocalDate date, DayPart part) => Absences.Any(absence => absence.Part == part && absence.From == date);
}

/// <summary>When somebody is away: leave, say, or a course.</summary>
/// <param name="From">The first local date.</param>
/// <param name="To">The last one.</param>
/// <param name="Reason">Why, where colleagues may know.</param>
public sealed record Absence(LocalDate From, LocalDate To, string Reason)
{
    /// <summary>Which part of the day; only an absence of one date may take half of it.</summary>
    public DayPart Part { get; init; }

    /// <summary>The id of who stands in; null where nobody is named.</summary>
    public string? Deputy { get; init; }

    /// <summary>True where somebody recorded it while the system ran: it is not in the plan's text.</summary>
    public bool IsRecorded { get; init; }

    /// <summary>The local time at which it begins.</summary>
    public LocalDateTime Begins => Part == DayPart.Afternoon ? From.At(LocalTime.Noon) : From.AtMidnight();

    /// <summary>The local time at which it is over; one until the last date that there is goes on until that date begins.</summary>
    public LocalDateTime Ends => Part == DayPart.Morning ? To.At(LocalTime.Noon) : (To < LocalDate.MaxIsoValue ? To.PlusDays(1) : To).AtMidnight();

    /// <summary>True at a local time of the system's zone that it takes.</summary>
    public bool Covers(LocalDateTime at) => From <= at.Date && at.Date <= To && (Part == DayPart.Whole || (Part == DayPart.Morning) == (at.TimeOfDay < LocalTime.Noon));
}

/// <summary>Which part of a date: halves meet at noon.</summary>
public enum DayPart
{
    /// <summary>All of it.</summary>
    Whole,

    /// <summary>Before noon.</summary>
    Morning,

    /// <summary>From noon on.</summary>
    Afternoon,
}

/// <summary>People who share a queue of tickets.</summary>
/// <param name="Id">Short and stable.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Lead">The id of the person who sees the members' figures.</param>
/// <param name="Members">The ids of its people.</param>
/// <param name="Services">The ids of the services whose tickets come to it; a team with none takes what no other team does.</param>
public sealed record Team(string Id, string Name, string Lead, IReadOnlyList<string> Members, IReadOnlyList<string> Services);

/// <summary>A calendar as written: weekly hours, closed dates, and hours that change from a date on.</summary>
public sealed record CalendarDefinition(string Id, string Name, IReadOnlyList<WeeklyHours> Hours, IReadOnlyList<Holiday> Holidays)
{
    /// <summary>Other weekly hours from a date on, in order of their dates.</summary>
    public IReadOnlyList<CalendarRevision> Revisions { get; init; } = [];

    /// <summary>The iCalendar files of further closed dates, relative to the plan's folder; their dates are among <see cref="Holidays"/>.</summary>
    public IReadOnlyList<string> HolidayFiles { get; init; } = [];

    /// <summary>The calendar as service time counts in it.</summary>
    public ServiceCalendar Build(DateTimeZone zone)
    {
        var first = new ServiceCalendar(zone, Spans(Hours), Holidays.GroupBy(static holiday => holiday.Date).ToDictionary(static group => group.Key, static group => group.First().Name));
        return Revisions.OrderBy(static revision => revision.From).DistinctBy(static revision => revision.From).Aggregate(first, static (calendar, revision) => calendar.Revised(revision.From, Spans(revision.Hours)));
    }

    private static IEnumerable<(IsoDayOfWeek Day, int Start, int End)> Spans(IEnumerable<WeeklyHours> hours) =>
        from line in hours
        from day in line.Days
        from span in line.Spans
        select (day, span.Start, span.End);
}

/// <summary>Weekly hours that count from a local date on, in place of those before.</summary>
/// <param name="From">The first date.</param>
/// <param name="Hours">The new hours.</param>
/// <param name="Reason">Why, for whoever asks.</param>
public sealed record CalendarRevision(LocalDate From, IReadOnlyList<WeeklyHours> Hours, string Reason);

/// <summary>A calendar as the plan had it until somebody changed the plan: a change is prospective, so time before it keeps the old hours.</summary>
/// <param name="Definition">As it was.</param>
/// <param name="Until">When the plan with other hours was taken over (UTC).</param>
/// <param name="Zone">The zone in which its hours were read.</param>
public sealed record CalendarVersion(CalendarDefinition Definition, DateTimeOffset Until, DateTimeZone Zone);

/// <summary>The hours of some weekdays.</summary>
public sealed record WeeklyHours(IReadOnlyList<IsoDayOfWeek> Days, IReadOnlyList<ClockSpan> Spans);

/// <summary>From and to in minutes from midnight; a <paramref name="End"/> at or before <paramref name="Start"/> is on the next day; 1440 is 24:00.</summary>
public sealed record ClockSpan(int Start, int End);

/// <summary>A local date on which a calendar is closed.</summary>
public sealed record Holiday(LocalDate Date, string Name)
{
    /// <summary>The iCalendar file that it comes from, as the plan names it; null where the plan has it itself.</summary>
    public string? File { get; init; }
}

/// <summary>A line of the business impact analysis.</summary>
/// <param name="Id">Short and stable.</param>
/// <param name="Name">What users call it.</param>
/// <param name="Description">What it does for whom, and what its loss means.</param>
/// <param name="Criticality">How bad its loss is.</param>
/// <param name="Owner">The id of the accountable person.</param>
/// <param name="RecoveryTime">RTO: by when it must run again.</param>
/// <param name="RecoveryPoint">RPO: how much recent data may be lost.</param>
/// <param name="TolerableDowntime">MTD: past this the damage is lasting.</param>
/// <param name="DependsOn">The ids of the services it cannot run without.</param>
public sealed record Service(
    string Id, string Name, string Description, Criticality Criticality, string Owner,
    TimeSpan RecoveryTime, TimeSpan RecoveryPoint, TimeSpan TolerableDowntime, IReadOnlyList<string> DependsOn);

/// <summary>How bad the loss of a service is.</summary>
public enum Criticality
{
    /// <summary>Nobody outside notices for days.</summary>
    Low,

    /// <summary>Work slows down.</summary>
    Medium,

    /// <summary>Users are turned away.</summary>
    High,

    /// <summary>The organisation cannot do its duty.</summary>
    Critical,
}

/// <summary>The public channels and the form.</summary>
public sealed record Support(IReadOnlyList<SupportChannel> Channels, FeedbackForm Feedback)
{
    /// <summary>The survey that people who sent feedback are asked to answer; null for none.</summary>
    public SurveyPolicy? Survey { get; init; }

    /// <summary>Answers that support gives often.</summary>
    public IReadOnlyList<AnswerTemplate> Templates { get; init; } = [];
}

/// <summary>A way to reach support.</summary>
/// <param name="Id">Short and stable.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">What users see.</param>
/// <param name="Address">A mail address, a number, a place or a link.</param>
/// <param name="Hours">The id of the calendar in which it is staffed.</param>
public sealed record SupportChannel(string Id, SupportChannelKind Kind, string Name, string Address, string Hours);

/// <summary>Kinds of support channel.</summary>
public enum SupportChannelKind
{
    /// <summary>The feedback form of this system.</summary>
    Form,

    /// <summary>Mail.</summary>
    Email,

    /// <summary>Telephone.</summary>
    Phone,

    /// <summary>Instant messages.</summary>
    Chat,

    /// <summary>A desk in a place.</summary>
    Desk,
}

/// <summary>How people are told.</summary>
/// <param name="Mail">The mail relay, or null where none is used.</param>
/// <param name="Channels">Webhooks.</param>
public sealed record NotificationSettings(MailRelay? Mail, IReadOnlyList<WebhookChannel> Channels)
{
    /// <summary>When several messages become one.</summary>
    public DigestPolicy Digest { get; init; } = DigestPolicy.Usual;

    /// <summary>The plan's own words, in place of the built-in ones.</summary>
    public IReadOnlyList<NotificationTemplate> Templates { get; init; } = [];
}

/// <summary>An SMTP relay.</summary>
/// <param name="Host">Its name.</param>
/// <param name="Port">Its port.</param>
/// <param name="From">The sender's address.</param>
/// <param name="UseTls">STARTTLS.</param>
/// <param name="User">The account, or null for none.</param>
/// <param name="PasswordSetting">The name of the host's setting that holds the password: no secret stands in a plan.</param>
public sealed record MailRelay(string Host, int Port, string From, bool UseTls, string? User, string? PasswordSetting);

/// <summary>A webhook that people read.</summary>
/// <param name="Id">Short and stable; escalation levels name it.</param>
/// <param name="Kind">Which body it takes.</param>
/// <param name="Url">Its address, or null where <paramref name="UrlSetting"/> names the setting that holds it.</param>
/// <param name="UrlSetting">The name of the host's setting that holds the address: a webhook's address is often its only secret.</param>
public sealed record WebhookChannel(string Id, WebhookKind Kind, Uri? Url, string? UrlSetting)
{
    /// <summary>The name of the host's setting that holds the key by which bodies of the generic kind are signed, or null for none.</summary>
    public string? SecretSetting { get; init; }

    /// <summary>When only what is urgent is posted, every day, in the system's zone.</summary>
    public IReadOnlyList<ClockSpan> QuietHours { get; init; } = [];
}

/// <summary>Which body a webhook takes.</summary>
public enum WebhookKind
{
    /// <summary>The notification as JSON.</summary>
    Generic,

    /// <summary>A Teams workflow's adaptive card.</summary>
    Teams,

    /// <summary>Slack's <c>text</c>.</summary>
    Slack,
}
