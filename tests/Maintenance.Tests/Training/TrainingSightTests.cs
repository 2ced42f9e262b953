using Maintenance.Training;

namespace Maintenance.Tests.Training;

/// <summary>Whose results somebody sees, and whom a form of a session names.</summary>
public sealed class TrainingSightTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TrainingProgramme Restore = new("restore", "Restoring", ["dba"], TimeSpan.FromDays(365), TimeSpan.FromDays(60), "ada", "ada", TrainingDelivery.Classroom) { PassMark = 80 };
    private static readonly TrainingSession Session = new("TS-1", "restore", Start, "Ada", "Room", "ada") { Attendance = [new("kim", 40), new("sam", 90)] };

    [Fact]
    public void Of_others_one_sees_until_when_they_are_trained_and_neither_score_nor_failure()
    {
        TrainingStanding[] people =
        [
            new("kim", TrainingState.Due, Start.AddDays(60), new TrainingResult("TS-1", Start, 40, false, "ada")),
            new("sam", TrainingState.Valid, Start.AddDays(365), new TrainingResult("TS-1", Start, 90, true, "ada")),
        ];
        Assert.Equal([people[0] with { Latest = null }, people[1]], TrainingSight.Of(new ProgrammeStanding(Restore, people, null), "sam").People);
        Assert.All(TrainingSight.Of(new ProgrammeStanding(Restore, people, null), null).People, static one => Assert.Null(one.Latest));
    }

    [Fact]
    public void Of_an_assessment_one_sees_only_oneself_and_else_who_was_there()
    {
        Assert.Equal([new Attendance("sam", 90)], TrainingSight.Of(Restore, Session, "sam").Attendance);
        Assert.Empty(TrainingSight.Of(Restore, Session, "zoe").Attendance);
        var plain = Session with { Attendance = [new("kim"), new("sam")] };
        Assert.Equal(plain.Attendance, TrainingSight.Of(Restore with { PassMark = null }, plain, "zoe").Attendance);

        // Scores of an assessment that there is no more stay whose they are.
        Assert.Equal([new Attendance("sam", 90)], TrainingSight.Of(Restore with { PassMark = null }, Session, "sam").Attendance);
    }

    [Fact]
    public void A_form_names_who_was_there_and_then_who_needs_it_so_that_nobody_of_a_large_audience_is_left_out_for_ever()
    {
        var people = Enumerable.Range(0, 200).Select(static i => new TrainingStanding($"p{i:D3}", i < 95 ? TrainingState.Valid : TrainingState.Due, Start, null)).ToList();
        var offered = TrainingRules.Offered(people, Session);
        Assert.Equal(TrainingRules.MostAttendance, offered.Count);
        Assert.Equal(["kim", "sam", "p095", "p096"], offered.Take(4));
        Assert.DoesNotContain("p000", offered);

        // Session after session, everybody has their turn.
        for (var held = 0; people.Exists(static one => one.State == TrainingState.Due); held++)
        {
            Assert.True(held < 2);
            var named = TrainingRules.Offered(people, Session with { Attendance = [] }).ToHashSet();
            people = [.. people.Select(one => named.Contains(one.Person) ? one with { State = TrainingState.Valid } : one)];
        }
    }
}
