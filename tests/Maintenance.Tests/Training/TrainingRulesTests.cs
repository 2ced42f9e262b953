using FsCheck.Fluent;
using Maintenance.Tests.Plan;
using Maintenance.Tests.Rules;
using Maintenance.Training;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Training;

/// <summary>Who is trained until when, and what that gates.</summary>
public sealed class TrainingRulesTests
{
    private static readonly DateTimeOffset Start = Utc("2026-01-01T00:00Z");
    private static readonly TimeSpan Warning = TimeSpan.FromDays(30);

    private static readonly TrainingProgramme Restore = new("restore", "Restoring", ["dba"], TimeSpan.FromDays(365), TimeSpan.FromDays(60), "ada", "ada", TrainingDelivery.Classroom) { PassMark = 80 };

    /// <summary>Required since the first of January with sixty days of time; sessions as day=score; on which day somebody looks.</summary>
    [Theory]
    [InlineData("", 0, TrainingState.Due, 60)]
    [InlineData("", 59.9, TrainingState.Due, 60)]
    [InlineData("", 60, TrainingState.Overdue, 60)]
    [InlineData("50=79", 55, TrainingState.Due, 60)]
    [InlineData("50=79", 61, TrainingState.Overdue, 60)]
    [InlineData("50=80", 50, TrainingState.Valid, 415)]
    [InlineData("50=80", 49.9, TrainingState.Due, 60)] // recorded, but yet to come
    [InlineData("50=80", 384.9, TrainingState.Valid, 415)]
    [InlineData("50=80", 385, TrainingState.Expiring, 415)]
    [InlineData("50=80", 414.9, TrainingState.Expiring, 415)]
    [InlineData("50=80", 415, TrainingState.Expired, 415)]
    [InlineData("50=80 400=10", 410, TrainingState.Expiring, 415)] // failing takes away nothing
    [InlineData("50=80 400=10", 416, TrainingState.Expired, 415)]
    [InlineData("50=80 400=99", 416, TrainingState.Valid, 765)]
    [InlineData("400=99 50=80", 416, TrainingState.Valid, 765)] // entered in another order
    public void Somebody_is_trained_from_the_session_that_they_passed_for_as_long_as_it_counts(string sessions, double day, TrainingState state, double until)
    {
        var standing = TrainingRules.Standing(Restore, "sam", Record(sessions), Warning, Start.AddDays(day));
        Assert.Equal(("sam", state, Start.AddDays(until)), (standing.Person, standing.State, standing.Until));
        Assert.Equal(state is TrainingState.Valid or TrainingState.Expiring, standing.IsTrained);
        Assert.Equal(state is TrainingState.Expired or TrainingState.Overdue, standing.IsOutOfDate);
    }

    [Fact]
    public void Whoever_was_never_seen_in_the_audience_has_all_of_their_time_yet() =>
        Assert.Equal((TrainingState.Due, Start.AddDays(60)), TrainingRules.Standing(Restore, "sam", null, Warning, Start) is var standing ? (standing.State, standing.Until) : default);

    [Fact]
    public void On_each_day_somebody_is_trained_where_a_walk_through_their_sessions_says_so() => Law.Holds(
        from sessions in Gen.ListOf(from day in Gen.Choose(0, 900) from score in Gen.Choose(60, 100) select (Day: day, Score: score))
        from today in Gen.Choose(0, 1400)
        select (sessions, today),
        500,
        static example =>
        {
            var record = example.sessions.Select((session, index) => (session, index))
                .Aggregate(new TrainingRecord("sam", Start), static (known, one) => TrainingRules.With(known, $"TS-{one.index}", new TrainingResult($"TS-{one.index}", Start.AddDays(one.session.Day), one.session.Score, TrainingRules.IsPassed(Restore, one.session.Score), "ada")));
            var isTrained = false;
            for (var day = Math.Max(0, example.today - 364); day <= example.today; day++)
            {
                isTrained |= example.sessions.Any(session => session.Day == day && session.Score >= 80);
            }

            // Only as many results as are kept: the law is about those who have not more.
            if (example.sessions.Count <= TrainingRecord.MostResults)
            {
                Assert.Equal(isTrained, TrainingRules.Standing(Restore, "sam", record, Warning, Start.AddDays(example.today)).IsTrained);
            }

            Assert.True(record.Results.Count <= TrainingRecord.MostResults);
            Assert.Equal(record.Results.OrderBy(static one => one.At).Select(static one => one.At), record.Results.Select(static one => one.At));
        });

    [Fact]
    public void A_result_takes_the_place_of_that_of_the_same_session_and_goes_where_somebody_was_not_there_after_all()
    {
        var record = TrainingRules.With(Record("50=80 60=90"), "TS-50", new TrainingResult("TS-50", Start.AddDays(50), 20, false, "ada"));
        Assert.Equal([20, 90], record.Results.Select(static one => one.Score));
        Assert.Equal(["TS-60"], TrainingRules.With(record, "TS-50", null).Results.Select(static one => one.Session));
    }

    [Fact]
    public void Who_was_there_is_said_once_with_a_score_and_after_the_session_began()
    {
        var plan = SmallPlan.Load(SmallPlan.Yaml).Plan!;
        var (first, second) = (plan.People[0].Id, plan.People[1].Id);
        var session = new TrainingSession("TS-1", "restore", Start, "Ada", "Room", "ada");
        Assert.Equal([first, second], TrainingRules.Attendance(plan, Restore, session, [new(second, 1), new(first, 100)], Start).Select(static one => one.Person).Order());
        foreach (var (said, field, message) in new (Attendance[] Said, string Field, string Message)[]
        {
            ([new(first, 101)], "attendance", "from 0 to 100"),
            ([new(first, -1)], "attendance", "from 0 to 100"),
            ([], "attendance", "Name who was there"),
            ([new(first)], "attendance", "80 % in its assessment"),
            ([new(first, 80), new(first, 90)], "attendance", "named twice"),
            ([new("nobody-" + new string('x', 99), 80)], "attendance", "The plan has no person 'nobody-x"),
            ([.. Enumerable.Repeat(new Attendance(first, 80), 91)], "attendance", "at most 90"),
        })
        {
            var wrong = Assert.Throws<TrainingException>(() => TrainingRules.Attendance(plan, Restore, session, said, Start));
            Assert.Equal(field, wrong.Field);
            Assert.Contains(message, wrong.Message, StringComparison.Ordinal);
        }

        Assert.Contains("not begun", Assert.Throws<TrainingException>(() => TrainingRules.Attendance(plan, Restore, session, [new(first, 80)], Start.AddTicks(-1))).Message, StringComparison.Ordinal);
        Assert.Contains("cancelled", Assert.Throws<TrainingException>(() => TrainingRules.Attendance(plan, Restore, session with { Cancelled = "Ill" }, [new(first, 80)], Start)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void People_are_told_once_of_each_date_and_not_of_what_is_as_it_should_be()
    {
        string? Told(string sessions, double day) => TrainingRules.Tellable(TrainingRules.Standing(Restore, "sam", Record(sessions), Warning, Start.AddDays(day)));
        Assert.Null(Told("", 10));
        Assert.Null(Told("50=80", 100));
        Assert.Equal("Overdue/2026-03-02", Told("", 70));
        Assert.Equal(Told("50=80", 390), Told("50=80", 414));
        Assert.Equal(3, new[] { Told("50=80", 414), Told("50=80", 415), Told("50=80 400=99", 740) }.Distinct().Count());
    }

    private static TrainingRecord Record(string sessions) => new("sam", Start)
    {
        Results =
        [
            .. sessions.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static text => text.Split('=')).Select(static pair =>
                new TrainingResult($"TS-{pair[0]}", Start.AddDays(int.Parse(pair[0])), int.Parse(pair[1]), TrainingRules.IsPassed(Restore, int.Parse(pair[1])), "ada")),
        ],
    };
}
