using FsCheck;
using FsCheck.Fluent;
using Maintenance.Tests.Rules.Oracles;
using Maintenance.Windows;
using NodaTime;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>Windows against a walk along the minutes, and the laws that they keep.</summary>
public sealed class WindowWalkTests
{
    private static readonly IsoDayOfWeek[] Days = [.. Enumerable.Range(1, 7).Select(static day => (IsoDayOfWeek)day)];

    /// <summary>Windows, freezes and a zone, and an instant near a clock change of that zone.</summary>
    internal sealed record Case(string Zone, WindowPolicy Policy, DateTimeOffset Start)
    {
        internal DateTimeZone In => Instants.Zone(Zone);

        internal WindowMinuteWalk Walk => new(Policy, In);

        internal IReadOnlyList<WindowSpan> Between(DateTimeOffset from, DateTimeOffset to) => WindowCalendar.Between(Policy, In, null, from, to);

        internal WindowFit? Fit(DateTimeOffset ready, TimeSpan duration) => WindowCalendar.Fit(Policy, In, null, ready, duration);

        public override string ToString() =>
            $"{Zone} from {Start:u}, horizon {Policy.Horizon}, {string.Join("; ", Policy.Maintenance.Select(static window => $"{window.Id} {window.When}"))}, frozen {string.Join("; ", Policy.Freezes.Select(static freeze => $"{freeze.From}..{freeze.To}"))}";
    }

    private static readonly Gen<int> Minute = Gen.OneOf(Gen.Choose(0, 23).Select(static hour => 60 * hour), Gen.Choose(0, 1439), Gen.Elements(0, 90, 120, 150, 165, 180, 1380));

    private static readonly Gen<WindowRecurrence> Recurrence = Gen.OneOf(
        from count in Gen.Choose(1, 7)
        from days in Gen.ArrayOf(Gen.Elements(Days), count)
        select (WindowRecurrence)new WeeklyDays(days),
        from week in Gen.Elements(Enum.GetValues<MonthWeek>())
        from day in Gen.Elements(Days)
        from plus in Gen.OneOf(Gen.Constant(0), Gen.Choose(0, 27))
        select (WindowRecurrence)new MonthlyDay(week, day, plus));

    private static readonly Gen<MaintenanceWindow> Window =
        from recurrence in Recurrence
        from start in Minute
        from end in Gen.Frequency((4, Minute), (1, Gen.Constant(1440)), (1, Gen.Constant(start + 30).Select(static minute => Math.Min(minute, 1440))))
        select new MaintenanceWindow("", "", recurrence, start, end == start ? start + 1 : end);

    private static readonly Gen<Case> Cases =
        from zone in Gen.Elements(
            "Africa/Nairobi", "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia", "UTC", "America/St_Johns")
        from year in Gen.Choose(2008, 2028)
        from day in Gen.Choose(0, 364)
        let change = NearestChange(Instants.Zone(zone), Utc($"{year}-01-01T00:00Z").AddDays(day))
        from before in Gen.Choose(0, 4 * 1440)
        let start = change.AddMinutes(-before)
        from count in Gen.Choose(1, 4)
        from windows in Gen.ArrayOf(Window, count)
        from frozen in Gen.Choose(0, 3)
        let date = Instant.FromDateTimeOffset(start).InZone(Instants.Zone(zone)).Date
        from freezes in Gen.ArrayOf(
            from later in Gen.Choose(-2, 6)
            from minute in Minute
            from length in Gen.OneOf(Gen.Choose(1, 600), Gen.Choose(1, 3 * 1440))
            let at = date.PlusDays(later).AtMidnight().PlusMinutes(minute)
            select new Freeze("", at, at.PlusMinutes(length), ""),
            frozen)
        from horizon in Gen.Choose(1, 6)
        select new Case(
            zone,
            new WindowPolicy(
                TimeSpan.FromDays(horizon), [.. windows.Select(static (window, i) => window with { Id = "w" + i })], [.. freezes.Select(static (freeze, i) => freeze with { Id = "f" + i })]),
            start);

    private static readonly Gen<TimeSpan> Duration =
        Gen.OneOf(Gen.Choose(1, 12 * 60).Select(static minutes => TimeSpan.FromMinutes(minutes)), Gen.Choose(1, 40 * 3600).Select(static seconds => TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void The_pieces_are_those_that_a_walk_along_the_minutes_finds() => Law.Holds(
        from one in Cases
        from length in Gen.Choose(1, 6 * 1440)
        select (one, length),
        120,
        static given =>
        {
            var to = given.one.Start.AddMinutes(given.length);
            var walked = given.one.Walk.Pieces(given.one.Start, to);
            var whole = given.one.Walk.Pieces(given.one.Start.AddDays(-3), to.AddDays(3), frozen: false);
            var pieces = given.one.Between(given.one.Start, to);

            Assert.Equal(walked, pieces.Select(static piece => (piece.Window, piece.Start, piece.End)).OrderBy(static p => p.Start).ThenBy(static p => p.End).ThenBy(static p => p.Window, StringComparer.Ordinal));
            Assert.Equal(pieces.Select(static piece => piece.Start).Order(), pieces.Select(static piece => piece.Start));
            Assert.All(pieces, piece => Assert.Contains((piece.Window, piece.OccurrenceStart, piece.OccurrenceEnd), whole));
        });

    [Fact]
    public void A_change_fits_first_where_a_walk_along_the_minutes_finds_room() => Law.Holds(
        from one in Cases
        from duration in Gen.OneOf(Gen.Choose(1, 90), Gen.Choose(1, 12 * 60), Gen.Choose(1, 40 * 60))
        select (one, duration),
        150,
        static given => Assert.Equal(
            given.one.Walk.Fit(given.one.Start, given.duration, (int)given.one.Policy.Horizon.TotalMinutes), given.one.Fit(given.one.Start, TimeSpan.FromMinutes(given.duration))?.Start));

    [Fact]
    public void Where_a_change_fits_is_as_long_as_it_and_open_and_not_frozen_from_end_to_end() => Law.Holds(
        from one in Cases
        from duration in Duration
        from later in Gen.Choose(0, 100_000_000)
        select (one, duration, Ready: one.Start.AddTicks(later)),
        400,
        static given =>
        {
            if (given.one.Fit(given.Ready, given.duration) is not { } fit)
            {
                Assert.NotEmpty(WindowReasons.WhyNoFit(given.one.Policy, given.one.In, null, given.Ready, given.duration)!.Text);
                return;
            }

            Assert.Equal(given.duration, fit.End - fit.Start);
            Assert.InRange(fit.Start, given.Ready, (given.Ready + given.one.Policy.Horizon).AddTicks(-1));
            Assert.Null(WindowReasons.WhyNoFit(given.one.Policy, given.one.In, null, given.Ready, given.duration));

            var pieces = given.one.Between(fit.Start, fit.End);
            var covered = fit.Start;
            foreach (var piece in pieces)
            {
                Assert.True(piece.Start <= covered, $"Nothing is open at {covered:u}.");
                covered = piece.End > covered ? piece.End : covered;
            }

            Assert.True(covered >= fit.End);
            Assert.Equal(pieces.Select(static piece => piece.Window).ToHashSet(), fit.Windows.ToHashSet());
            Assert.All(given.one.Policy.Freezes.Select(freeze => freeze.In(given.one.In)), freeze => Assert.True(freeze.To <= fit.Start || freeze.From >= fit.End || freeze.From == freeze.To));
        });

    [Fact]
    public void A_longer_change_a_later_one_or_one_with_fewer_windows_never_fits_earlier() => Law.Holds(
        from one in Cases
        from duration in Duration
        from more in Gen.Choose(0, 6 * 3600)
        from later in Gen.Choose(0, 4 * 86_400)
        select (one, duration, Longer: duration.Add(TimeSpan.FromSeconds(more)), Later: one.Start.AddSeconds(later)),
        300,
        static given =>
        {
            var fit = given.one.Fit(given.one.Start, given.duration);
            AssertNoEarlier(fit, given.one.Fit(given.one.Start, given.Longer));
            AssertNoEarlier(fit, WindowCalendar.Fit(given.one.Policy, given.one.In, [given.one.Policy.Maintenance[0].Id], given.one.Start, given.duration));
            var afterwards = given.one.Fit(given.Later, given.duration);
            if (fit is not null && fit.Start >= given.Later)
            {
                Assert.Equal(fit.Start, afterwards?.Start);
            }
            else if (fit is not null && afterwards is not null)
            {
                Assert.True(afterwards.Start >= given.Later);
            }
        });

    [Fact]
    public void A_range_that_is_cut_in_two_finds_the_same() => Law.Holds(
        from one in Cases
        from first in Gen.Choose(0, 8 * 86_400)
        from second in Gen.Choose(0, 8 * 86_400)
        select (one, Cut: one.Start.AddSeconds(first), End: one.Start.AddSeconds(first + second)),
        300,
        static given => Assert.Equal(
            given.one.Between(given.one.Start, given.End).ToHashSet(),
            given.one.Between(given.one.Start, given.Cut).Concat(given.one.Between(given.Cut, given.End)).ToHashSet()));

    [Fact]
    public void A_freeze_takes_something_of_just_the_occurrences_that_it_cuts_and_no_order_of_freezes_matters() => Law.Holds(
        Cases,
        300,
        static one =>
        {
            var (from, to) = (one.Start.AddDays(-3), one.Start.AddDays(12));
            var thawed = one with { Policy = one.Policy with { Freezes = [] } };
            foreach (var occurrence in WindowCalendar.Occurrences(one.Policy, one.In, null, from, to))
            {
                var whole = thawed.Between(occurrence.Start, occurrence.End).Single(piece => piece.Window == occurrence.Window && piece.Start == occurrence.Start);
                Assert.Equal(occurrence.End, whole.End);
                Assert.Equal(occurrence.Freezes.Count > 0, occurrence.Pieces.Sum(static piece => piece.Minutes) < whole.Minutes);
                Assert.All(occurrence.Pieces, static piece => Assert.True(piece.Start < piece.End && piece.Minutes > 0));
                Assert.All(occurrence.Pieces.Zip(occurrence.Pieces.Skip(1)), static pair => Assert.True(pair.First.End < pair.Second.Start));
            }

            var turned = one with { Policy = one.Policy with { Freezes = [.. one.Policy.Freezes.Reverse()] } };
            Assert.Equal(one.Between(from, to), turned.Between(from, to));
        });

    private static void AssertNoEarlier(WindowFit? fit, WindowFit? other) =>
        Assert.True(other is null || (fit is not null && other.Start >= fit.Start), $"{other?.Start:u} is earlier than {fit?.Start:u}");

    private static DateTimeOffset NearestChange(DateTimeZone zone, DateTimeOffset from)
    {
        var interval = zone.GetZoneInterval(Instant.FromDateTimeOffset(from));
        return interval.HasEnd && interval.End < Instant.FromUtc(2036, 1, 1, 0, 0) ? interval.End.ToDateTimeOffset() : from;
    }
}
