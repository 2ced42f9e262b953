using FsCheck;
using FsCheck.Fluent;
using Maintenance.Duties;
using Maintenance.Time;
using NodaTime;

using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>Which occurrences are opened, through downtimes and changes of the plan.</summary>
public sealed class DutyCourseTests
{
    private static readonly DutyReckoning Utc0 = new(DateTimeZone.Utc, static _ => null);
    private static readonly DateTimeOffset Start = Utc("2026-01-05T12:00Z");

    [Fact]
    public void After_a_downtime_every_date_that_was_missed_is_owed()
    {
        var step = DutyCourse.Look(null, Monthly("2026-01-31"), Utc0, "A", Start, Utc("2026-06-15T00:00Z"), 400);
        Assert.Equal(["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"], step.Openings.Select(static one => one.Key));
        Assert.Equal([Utc("2025-12-31T17:00Z"), Utc("2026-01-31T17:00Z")], step.Openings.Take(2).Select(static one => one.PeriodFrom));
        Assert.Equal(Utc("2026-06-23T17:00Z"), step.State!.NextAt);
        Assert.Empty(DutyCourse.Look(step.State, Monthly("2026-01-31"), Utc0, "A", Start, Utc("2026-06-15T00:01Z"), 400).Openings);
    }

    [Fact]
    public void So_many_are_opened_at_a_time_and_the_next_looks_go_on()
    {
        var (keys, duty) = (new List<string>(), Monthly("2026-01-31"));
        DutyProgress? state = null;
        for (var looks = 0; looks < 3; looks++)
        {
            var step = DutyCourse.Look(state, duty, Utc0, "A", Start, Utc("2026-06-15T00:00Z"), 2);
            state = step.State;
            keys.AddRange(step.Openings.Select(static one => one.Key));
            Assert.Equal(looks < 2, step.IsMore);
        }

        Assert.Equal(5, keys.Distinct().Count());
    }

    [Theory]
    [InlineData("1 2026-11-01", "1 2026-11-15", "2026-11-05", "2026-12-15 2027-01-15")] // November's was done: the 15th of it is the same again.
    [InlineData("1 2026-11-01", "1 2026-11-20", "2026-11-05", "2026-11-20 2026-12-20")] // The 1st is nearer to 20 October: owed twice is better than lost.
    [InlineData("1 2026-10-20", "1 2026-10-18", "2026-11-05", "2026-11-18 2026-12-18")] // October's was done; the 18th of November is not the same again.
    [InlineData("1 2026-11-18", "1 2026-11-20", "2026-11-19", "2026-12-20 2027-01-20")]
    [InlineData("1 2026-10-20", "1 2026-10-01", "2026-11-05", "2026-12-01 2027-01-01")]
    [InlineData("1 2026-11-01", "3 2026-10-01", "2026-11-05", "2027-01-01 2027-04-01")] // Fewer: the next is where the new rhythm has it.
    [InlineData("3 2026-10-01", "1 2026-10-01", "2026-11-05", "2026-12-01 2027-01-01")] // More often: at once.
    [InlineData("12 2026-09-01", "1 2026-09-01", "2026-11-05", "2026-12-01 2027-01-01")]
    public void A_rhythm_that_is_changed_asks_for_nothing_twice_and_goes_on(string before, string after, string change, string expected)
    {
        var at = Utc(change + "T12:00Z");
        var first = DutyCourse.Look(null, Duty(before), Utc0, "A", Utc("2026-08-01T00:00Z"), at.AddMinutes(-1), 400);
        Assert.NotEmpty(first.Openings);
        var second = DutyCourse.Look(first.State, Duty(after), Utc0, "B", at, Utc("2027-05-01T00:00Z"), 400);
        Assert.Equal(expected.Split(' '), second.Openings.Select(static one => one.Key).Take(2));
    }

    [Theory]
    [InlineData("1 2026-10-20", "1 2026-10-10", "2026-11-15", "2026-11-20 2026-12-10", true)]
    [InlineData("1 2026-10-20", "1 2026-10-14", "2026-11-17", "2026-11-20 2026-12-14", true)]
    [InlineData("12 2025-12-01", "12 2025-11-01", "2026-11-10", "2026-12-01 2027-11-01", true)]
    [InlineData("12 2027-03-01", "12 2027-11-01", "2026-11-10", "2027-11-01", false)] // Put off, not into the past.
    [InlineData("1 2026-10-20", "1 2026-10-04", "2026-11-05", "2026-12-04 2027-01-04", false)] // The 20th of October is nearer to 4 November than to 4 October: it was that one.
    public void A_date_that_an_edit_puts_into_the_past_stays_where_it_was(string before, string after, string change, string expected, bool isOld)
    {
        var at = Utc(change + "T12:00Z");
        var first = DutyCourse.Look(null, Duty(before), Utc0, "A", Utc("2025-08-01T00:00Z"), at.AddMinutes(-1), 400);
        Assert.DoesNotContain(first.Openings, one => one.DueAt > at);
        var second = DutyCourse.Look(first.State, Duty(after), Utc0, "B", at, Utc("2028-01-01T00:00Z"), 400);
        Assert.Equal(expected.Split(' '), second.Openings.Select(static one => one.Key).Take(2));
        Assert.Equal(isOld ? before : after, second.Openings[0].Terms.Name);
    }

    [Theory]
    [InlineData("2025-06-30", 16)]
    [InlineData("2025-06-29", 17)]
    [InlineData("2025-06-30", 18)]
    [InlineData("2025-07-01", 17)]
    public void A_rhythm_that_moves_by_an_hour_or_a_day_comes_again_next_year(string from, int hour)
    {
        var before = Yearly("2025-06-30", 17);
        var first = DutyCourse.Look(null, before, Utc0, "A", Utc("2026-01-01T00:00Z"), Utc("2026-11-01T00:00Z"), 400);
        Assert.Equal(["2026-06-30"], first.Openings.Select(static one => one.Key));
        var second = DutyCourse.Look(first.State, Yearly(from, hour), Utc0, "B", Utc("2026-11-01T00:00Z"), Utc("2027-12-01T00:00Z"), 400);
        Assert.Equal(["2027" + from[4..]], second.Openings.Select(static one => one.Key));

        static Duty Yearly(string from, int hour) => Monthly(from) with { Rhythm = new DutyRhythm(null, new DutyInterval(12, DutyUnit.Months, DateOnly.Parse(from, null), new TimeOnly(hour, 0))) };
    }

    [Fact]
    public void A_rhythm_that_is_changed_in_a_downtime_loses_nothing_whose_due_date_had_passed()
    {
        var first = DutyCourse.Look(null, Duty("1 2026-01-10"), Utc0, "A", Start, Utc("2026-01-06T00:00Z"), 400);
        var second = DutyCourse.Look(first.State, Duty("1 2026-01-25"), Utc0, "B", Utc("2026-03-12T00:00Z"), Utc("2026-03-12T00:01Z"), 400);
        Assert.Equal(["2026-01-10", "2026-02-10", "2026-03-10"], first.Openings.Concat(second.Openings).Select(static one => one.Key));
        Assert.Equal("1 2026-01-10", second.Openings[^1].Terms.Name);
    }

    [Fact]
    public void A_duty_that_is_removed_leaves_what_was_open_and_comes_back_without_the_time_between()
    {
        var duty = Duty("1 2026-01-10");
        var first = DutyCourse.Look(null, duty, Utc0, "A", Start, Utc("2026-02-11T00:00Z"), 400);
        var gone = DutyCourse.Look(first.State, null, Utc0, "B", Utc("2026-03-11T00:00Z"), Utc("2026-08-01T00:00Z"), 400);
        Assert.Equal(["2026-03-10"], gone.Openings.Select(static one => one.Key));
        Assert.Equal(Utc("2026-03-11T00:00Z"), gone.State!.EndedAt);
        Assert.True(DutyCourse.IsQuiet(gone.State, false, "B", Utc("2027-01-01T00:00Z")));
        var back = DutyCourse.Look(gone.State, duty, Utc0, "C", Utc("2026-09-01T00:00Z"), Utc("2026-10-15T00:00Z"), 400);
        Assert.Equal(["2026-09-10", "2026-10-10"], back.Openings.Select(static one => one.Key));
        var soon = DutyCourse.Look(gone.State, duty, Utc0, "C", Utc("2026-03-12T00:00Z"), Utc("2026-04-15T00:00Z"), 400);
        Assert.Equal(["2026-04-10"], soon.Openings.Select(static one => one.Key));
    }

    [Fact]
    public void Only_the_hour_being_changed_on_the_day_itself_asks_for_no_second_one()
    {
        var nine = Monthly("2026-01-10") with { Rhythm = new DutyRhythm("0 0 9 10 * *", null) };
        var first = DutyCourse.Look(null, nine, Utc0, "A", Start, Utc("2026-01-10T10:00Z"), 400);
        var second = DutyCourse.Look(first.State, nine with { Rhythm = new DutyRhythm("0 0 17 10 * *", null) }, Utc0, "B", Utc("2026-01-10T10:00Z"), Utc("2026-02-10T18:00Z"), 400);
        Assert.Equal(["2026-01-10T0900", "2026-02-10T1700"], first.Openings.Concat(second.Openings).Select(static one => one.Key));
    }

    [Fact]
    public void Dates_that_a_calendar_moves_past_one_another_are_each_opened_once()
    {
        var weekdays = new ServiceCalendar(DateTimeZone.Utc, Enumerable.Range(1, 5).Select(static day => ((IsoDayOfWeek)day, 0, 1440)), Array.Empty<LocalDate>());
        var reckoning = new DutyReckoning(DateTimeZone.Utc, _ => weekdays);
        var duty = Monthly("2026-01-10") with { Rhythm = new DutyRhythm("0 0 8,18 * * *", null), Calendar = "weekdays", Adjust = BusinessDayRule.Following, Lead = TimeSpan.FromHours(1) };
        var (found, state) = (new List<string>(), (DutyProgress?)null);
        for (var now = Start; now < Start.AddDays(14); now = now.AddHours(1))
        {
            var step = DutyCourse.Look(state, duty, reckoning, "A", Start, now, 400);
            state = step.State;
            found.AddRange(step.Openings.Select(static one => one.Key));
            Assert.All(step.Openings, one => Assert.True(one.DueAt - duty.Lead <= now));
        }

        Assert.Equal(found.Count, found.Distinct().Count());
        Assert.Superset(Enumerable.Range(5, 11).Select(static day => $"2026-01-{day:00}T1800").ToHashSet(), found.ToHashSet());
    }

    /// <summary>However often and however late somebody looks, and whatever the plan was in between, what is opened is the same; nothing twice, nothing lost.</summary>
    [Fact]
    public void Looking_late_or_often_opens_the_same()
    {
        Law.Holds(Stories, 400, static story =>
        {
            var often = Play(story, TimeSpan.FromHours(7));
            var seldom = Play(story, TimeSpan.FromDays(400));
            Assert.Equal(seldom.Select(Name), often.Select(Name));
            Assert.Equal(often.Count, often.Select(static one => (one.Terms.Name, one.Key)).Distinct().Count());
        });
    }

    /// <summary>The oracle walks every hour of each version's time and asks of each of its dates whether it is due then.</summary>
    [Fact]
    public void Nothing_is_lost_that_was_due_and_what_does_not_come_has_one_near_it()
    {
        Law.Holds(Stories, 400, static story =>
        {
            var opened = Play(story, TimeSpan.FromDays(3));
            for (var version = 0; version < story.Versions.Count; version++)
            {
                var (duty, from) = (story.Versions[version].Duty, story.Versions[version].Since);
                var to = version + 1 < story.Versions.Count ? story.Versions[version + 1].Since : story.End;
                if (duty is null)
                {
                    continue;
                }

                var own = opened.Where(one => one.Terms.Name == duty.Name).Select(static one => one.DueAt).ToHashSet();
                var spared = 0;
                foreach (var due in Walk(duty, from, to))
                {
                    if (own.Contains(due))
                    {
                        continue;
                    }

                    // Spared, since one of other terms stands for it: nearer to it than to the dates before and after it.
                    spared++;
                    var (start, end) = Period(duty, due);
                    Assert.Contains(opened, one => one.Terms.Name != duty.Name && one.DueAt > due - ((due - start) / 2) && one.DueAt < due + ((end - due) / 2));
                }

                // From one to the next there are never more than one and a half periods, or one from where the terms began to run.
                var period = duty.Rhythm.Every is { Unit: DutyUnit.Months, Count: var months } ? TimeSpan.FromDays(31 * months) : TimeSpan.FromDays(7 * duty.Rhythm.Every!.Count);
                foreach (var (before, next) in opened.Zip(opened.Skip(1)).Where(pair => pair.Second.Terms.Name == duty.Name))
                {
                    Assert.True(next.DueAt <= before.DueAt + (1.5 * period) || next.DueAt <= from + period, $"from {before.DueAt:u} to {next.DueAt:u} by {duty.Rhythm.Text}, which runs from {from:u}");
                }

                Assert.True(spared <= 3, $"{spared} of {duty.Rhythm.Text} never came");
                Assert.All(own, due => Assert.True(due > from && Walk(duty, from, due).Contains(due), $"{due:u} is none of {duty.Rhythm.Text} from {from:u}"));

                // Opened early is at most the next one, where an edit has put it into the past.
                var early = own.Where(due => due - duty.Lead > to).ToList();
                Assert.True(early.Count <= 1 && early.All(due => !Walk(duty, to, due).Any(other => other < due && !own.Contains(other)) && story.Versions[version + 1].Duty is not null), $"{duty.Rhythm.Text} was opened early");
            }
        });
    }

    private static string Name(DutyOpening one) => $"{one.Terms.Name} {one.Key} {one.DueAt:u}";

    private static (DateTimeOffset Start, DateTimeOffset End) Period(Duty duty, DateTimeOffset due)
    {
        var dates = Walk(duty, due.AddDays(-1200), due.AddDays(1200)).ToList();
        var at = dates.IndexOf(due);
        return (at > 0 ? dates[at - 1] : due.AddDays(-1200), at + 1 < dates.Count ? dates[at + 1] : due.AddDays(1200));
    }

    /// <summary>Dates after one instant and not after another, day by day.</summary>
    private static IEnumerable<DateTimeOffset> Walk(Duty duty, DateTimeOffset from, DateTimeOffset to)
    {
        var every = duty.Rhythm.Every!;
        for (var day = DateOnly.FromDateTime(from.UtcDateTime); day <= DateOnly.FromDateTime(to.UtcDateTime); day = day.AddDays(1))
        {
            var due = new DateTimeOffset(day.ToDateTime(every.At), TimeSpan.Zero);
            var months = ((day.Year - every.From.Year) * 12) + day.Month - every.From.Month;
            var isOne = every.Unit == DutyUnit.Months
                ? months % every.Count == 0 && day.Day == Math.Min(every.From.Day, DateTime.DaysInMonth(day.Year, day.Month))
                : (day.DayNumber - every.From.DayNumber) % (7 * every.Count) == 0;
            if (isOne && day >= every.From && due > from && due <= to)
            {
                yield return due;
            }
        }
    }

    private static List<DutyOpening> Play(Story story, TimeSpan tick)
    {
        var openings = new List<DutyOpening>();
        DutyProgress? state = null;
        for (var version = 0; version < story.Versions.Count; version++)
        {
            var (duty, since) = story.Versions[version];
            var end = version + 1 < story.Versions.Count ? story.Versions[version + 1].Since : story.End;
            for (var now = since; now <= end; now = now == end ? end + TimeSpan.FromTicks(1) : now + tick < end ? now + tick : end)
            {
                DutyStep step;
                do
                {
                    step = DutyCourse.Look(state, duty, Utc0, "plan" + version, since, now, 5);
                    state = step.State;
                    openings.AddRange(step.Openings);
                }
                while (step.IsMore);

                // As it comes back from the store.
                state = state is null ? null : MaintenanceJson.Read<DutyProgress>(MaintenanceJson.Write(state));
            }
        }

        return [.. openings.OrderBy(static one => one.DueAt).ThenBy(static one => one.Terms.Name, StringComparer.Ordinal)];
    }

    private static Gen<Story> Stories =>
        from duties in Gen.Frequency((4, Rhythms.Select(static duty => (Duty?)duty)), (1, Gen.Constant((Duty?)null))).ListOf(3)
        from gaps in Gen.Choose(1, 24 * 100).ListOf(3)
        select new Story(
            [.. duties.Select((duty, index) => (duty is null ? null : duty with { Name = $"version {index}" }, Start.AddHours(gaps.Take(index).Sum())))],
            Start.AddHours(gaps.Sum()));

    private static Gen<Duty> Rhythms =>
        from isMonths in Gen.Elements(true, true, false)
        from count in Gen.Choose(1, 4)
        from day in Gen.Choose(0, 364)
        from lead in Gen.Choose(0, 6)
        select Monthly("2025-01-01") with
        {
            Rhythm = new DutyRhythm(null, new DutyInterval(count, isMonths ? DutyUnit.Months : DutyUnit.Weeks, new DateOnly(2024, 1, 1).AddDays(day), new TimeOnly(9, 0))),
            Lead = TimeSpan.FromDays(lead),
        };

    private static Duty Duty(string text) => text.Split(' ') is [var count, var from]
        ? Monthly(from) with { Name = text, Rhythm = new DutyRhythm(null, new DutyInterval(int.Parse(count, null), DutyUnit.Months, DateOnly.Parse(from, null), new TimeOnly(9, 0))), Lead = TimeSpan.FromDays(2) }
        : throw new ArgumentException(text);

    private static Duty Monthly(string from) => new("access", DutyKind.AccessReview, "Access review", "ann", new DutyRhythm(null, new DutyInterval(1, DutyUnit.Months, DateOnly.Parse(from, null), new TimeOnly(17, 0))));

    /// <summary>The versions of a plan, each with its instant.</summary>
    private sealed record Story(IReadOnlyList<(Duty? Duty, DateTimeOffset Since)> Versions, DateTimeOffset End);
}
