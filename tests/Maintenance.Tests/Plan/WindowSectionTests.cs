using Maintenance.Plan;
using Maintenance.Windows;
using NodaTime;

namespace Maintenance.Tests.Plan;

/// <summary>When changes may be made, as the plan says it.</summary>
public sealed class WindowSectionTests
{
    private const string Night = "- { id: night, name: Sunday night, days: [sun], start: \"22:00\", end: \"04:00\" }";
    private const string Patches = "monthly: { week: second, day: tue, plusDays: 11 }";
    private const string YearEnd = "- { id: year-end, from: 2026-12-18T00:00, to: 2027-01-04T06:00, reason: Statistics }";
    private const string StartHint = "Write one such as \"22:00\".";
    private const string EndHint = "Write one such as \"04:00\", or \"24:00\" for the end of the day.";
    private const string WallHint = "Write one from 2000 to 2199, such as 2026-12-18T00:00, without an offset: it is read in the system's time zone.";
    private const string OverlapHint = "Nothing is changed in either; let one end where the other begins, so that it is plain whose reason holds.";

    public static TheoryData<Fault> Errors => new(
        new("horizon: 30d", "horizon: 401d", "horizon: |401d", "windows.horizon", "401d is too far ahead.", "Write at most 400d."),
        new("horizon: 30d", "horizon: 400d 1s", "horizon: |400d 1s", "windows.horizon", "400d 1s is too far ahead.", "Write at most 400d."),
        new("horizon: 30d", "horizon: 0d", "horizon: |0d", "windows.horizon", "'0d' is not a duration.", "Write one such as 15m, 4h, 1d 12h (units w d h m s, above zero)."),
        new("end: \"04:00\"", "end: \"22:00\"", "end: |\"22:00\"", "windows.maintenance[0].end", "it ends when it starts.", "Write \"00:00\" to \"24:00\" for a whole day."),
        new("start: \"22:00\"", "start: \"24:00\"", "start: |\"24:00\"", "windows.maintenance[0].start", "'24:00' is not a time of day.", StartHint),
        new("start: \"22:00\"", "start: 10 pm", "start: |10 pm", "windows.maintenance[0].start", "'10 pm' is not a time of day.", StartHint),
        new("start: \"22:00\"", "start: \"22:00\\n\"", "start: |\"22:00", "windows.maintenance[0].start", "'22:00\n' is not a time of day.", StartHint),
        new("end: \"04:00\"", "end: \"24:01\"", "end: |\"24:01\"", "windows.maintenance[0].end", "'24:01' is not a time of day.", EndHint),
        new("end: \"04:00\"", "end: \"4:00\"", "end: |\"4:00\"", "windows.maintenance[0].end", "'4:00' is not a time of day.", EndHint),
        new("days: [sun], ", "", "    - |{ id: night", "windows.maintenance[0]", "it has none of days, monthly.", "Write exactly one of them."),
        new("days: [sun]", "days: [sun], monthly: { week: last, day: fri }", ", |monthly: { week: last", "windows.maintenance[0].monthly", "there is 'days' already.", "Write exactly one of days, monthly."),
        new("days: [sun]", "days: []", "days: |[]", "windows.maintenance[0].days", "the list has 0 items; at least 1 is needed.", null),
        new("days: [sun]", "days: [sunday]", "days: [|sunday", "windows.maintenance[0].days[0]", "'sunday' is none of the choices.", "Write one of mon, tue, wed, thu, fri, sat, sun."),
        new(Patches, "monthly: { week: 2, day: tue }", "week: |2", "windows.maintenance[1].monthly.week", "'2' is none of the choices.", "Write one of first, second, third, fourth, last."),
        new(Patches, "monthly: { week: secnod, day: tue }", "week: |secnod", "windows.maintenance[1].monthly.week", "'secnod' is none of the choices.", "Did you mean 'second'?"),
        new(Patches, "monthly: { week: second }", "monthly: |{ week: second }", "windows.maintenance[1].monthly.day", "the key 'day' is missing.", "The weekday."),
        new("plusDays: 11", "plusDays: 28", "plusDays: |28", "windows.maintenance[1].monthly.plusDays", "'28' is not a whole number from 0 to 27.", "Write one such as 0."),
        new("plusDays: 11", "plusDays: -1", "plusDays: |-1", "windows.maintenance[1].monthly.plusDays", "'-1' is not a whole number from 0 to 27.", "Write one such as 0."),
        new("id: patches", "id: night", "id: |night, name: Patch", "windows.maintenance[1].id", $"the id 'night' is taken by the maintenance window in line {Line(Night)}.", "Give this one another id."),
        new(YearEnd, YearEnd + "\n    - { id: year-end, from: 2027-02-01T00:00, to: 2027-02-02T00:00, reason: Again }", "id: |year-end, from: 2027-02", "windows.freezes[1].id", $"the id 'year-end' is taken by the freeze in line {Line(YearEnd)}.", "Give this one another id."),
        new("to: 2027-01-04T06:00", "to: 2026-12-18T00:00", "to: |2026-12-18T00:00", "windows.freezes[0].to", "it is not later than from.", "A freeze lasts from its first minute to the first minute after it."),
        new("to: 2027-01-04T06:00", "to: 2026-01-04T06:00", "to: |2026-01-04", "windows.freezes[0].to", "it is not later than from.", "A freeze lasts from its first minute to the first minute after it."),
        new("from: 2026-12-18T00:00", "from: 2026-12-18", "from: |2026-12-18", "windows.freezes[0].from", "'2026-12-18' is not a date with a time of day.", WallHint),
        new("from: 2026-12-18T00:00", "from: 2026-12-18T00:00Z", "from: |2026-12-18", "windows.freezes[0].from", "'2026-12-18T00:00Z' is not a date with a time of day.", WallHint),
        new("from: 2026-12-18T00:00", "from: 2026-12-32T00:00", "from: |2026-12-32", "windows.freezes[0].from", "'2026-12-32T00:00' is not a date with a time of day.", WallHint),
        new("to: 2027-01-04T06:00", "to: 9999-12-31T23:59", "to: |9999", "windows.freezes[0].to", "'9999-12-31T23:59' is not a date with a time of day.", WallHint),
        new("reason: Statistics", "reason: ''", "reason: |''", "windows.freezes[0].reason", "it is empty.", "Write some text."));

    public static TheoryData<Fault> Warnings => new(
        new(YearEnd, YearEnd + "\n    - { id: count, from: 2027-01-04T05:59, to: 2027-01-05T00:00, reason: Counting }", "    - |{ id: count", "windows.freezes[1]", "it overlaps the freeze 'year-end'.", OverlapHint),
        new(YearEnd, YearEnd + "\n    - { id: count, from: 2026-12-24T00:00, to: 2026-12-27T00:00, reason: Counting }", "    - |{ id: count", "windows.freezes[1]", "it overlaps the freeze 'year-end'.", OverlapHint),
        new("horizon: 30d", "horizon: 23d", "    - |{ id: year-end", "windows.freezes[0]", "it leaves no window within the horizon of 23d: nothing that is ready when it begins finds a place.", "Shorten it, or look further ahead with a longer horizon."));

    [Theory]
    [MemberData(nameof(Errors))]
    public void What_cannot_work_is_an_error(Fault fault) => fault.AssertReported(PlanProblemSeverity.Error);

    [Theory]
    [MemberData(nameof(Warnings))]
    public void What_is_doubtful_is_a_warning_and_the_plan_is_used(Fault fault) => fault.AssertReported(PlanProblemSeverity.Warning);

    [Fact]
    public void Every_field_is_read()
    {
        var windows = SmallPlan.Load(SmallPlan.Yaml).Plan!.Windows;

        Assert.Equal(TimeSpan.FromDays(30), windows.Horizon);
        Assert.Equal(["night", "patches"], windows.Maintenance.Select(static window => window.Id));
        var night = windows.Find("night")!;
        Assert.Equal(("Sunday night", 22 * 60, 4 * 60), (night.Name, night.Start, night.End));
        Assert.Equal([IsoDayOfWeek.Sunday], Assert.IsType<WeeklyDays>(night.Recurrence).Days);
        var patches = windows.Find("patches")!;
        Assert.Equal((20 * 60, 1440), (patches.Start, patches.End));
        Assert.Equal(new MonthlyDay(MonthWeek.Second, IsoDayOfWeek.Tuesday, 11), patches.Recurrence);
        Assert.Equal(new Freeze("year-end", new LocalDateTime(2026, 12, 18, 0, 0), new LocalDateTime(2027, 1, 4, 6, 0), "Statistics"), Assert.Single(windows.Freezes));
        Assert.Null(windows.Find("nonsense"));
    }

    [Fact]
    public void Without_the_section_there_are_no_windows()
    {
        var (from, to) = (SmallPlan.Yaml.IndexOf("windows:\n", StringComparison.Ordinal), SmallPlan.Yaml.IndexOf("patching:\n", StringComparison.Ordinal));
        var load = SmallPlan.Load(SmallPlan.Yaml.Remove(from, to - from));

        Assert.Empty(load.Problems);
        Assert.Same(WindowPolicy.None, load.Plan!.Windows);
    }

    [Theory]
    [InlineData("  horizon: 30d\n", "", 60)]
    [InlineData("horizon: 30d", "horizon: 400d", 400)]
    [InlineData("horizon: 30d", "horizon: 24d", 24)]
    public void The_horizon_is_sixty_days_where_left_out_and_four_hundred_at_most(string passage, string replacement, int days)
    {
        var load = SmallPlan.Load(SmallPlan.With(passage, replacement));

        Assert.Empty(load.Problems);
        Assert.Equal(TimeSpan.FromDays(days), load.Plan!.Windows.Horizon);
    }

    [Theory]
    [InlineData("plusDays: 11", "plusDays: 0")]
    [InlineData(", plusDays: 11", "")]
    [InlineData("week: second", "week: last")]
    [InlineData("days: [sun]", "days: [mon, tue, wed, thu, fri, sat, sun]")]
    [InlineData("start: \"22:00\"", "start: 22:00")]
    [InlineData("start: \"22:00\", end: \"04:00\"", "start: \"00:00\", end: \"24:00\"")]
    [InlineData("start: \"22:00\", end: \"04:00\"", "start: \"22:00\", end: \"00:00\"")]
    [InlineData(YearEnd, YearEnd + "\n    - { id: count, from: 2027-01-04T06:00, to: 2027-01-05T00:00, reason: Counting }")]
    public void What_is_unusual_but_means_something_is_no_problem(string passage, string replacement) => Assert.Empty(SmallPlan.Load(SmallPlan.With(passage, replacement)).Problems);

    private static long Line(string passage) => SmallPlan.Place(SmallPlan.Yaml, "|" + passage).Line;
}
