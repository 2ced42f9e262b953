using Maintenance.Plan;
using Maintenance.Training;

namespace Maintenance.Tests.Training;

/// <summary>What people are told of training: their own in their words, somebody else's by name.</summary>
public sealed class TrainingTextTests
{
    private static readonly TrainingProgramme Open = new("law", "Law", ["ben"], TimeSpan.FromDays(100), TimeSpan.FromDays(10), "ann", "ann", TrainingDelivery.SelfStudy);
    private static readonly Person Ben = PlanFile.Load("plan.yaml", new EndToEnd.QuickPlan().Yaml, "/nowhere").Plan!.FindPerson("sam")!;

    [Theory]
    [InlineData(TrainingState.Expiring, "your training 'Law' runs out on 2026-12-04", "votre formation « Law » expire le 2026-12-04")]
    [InlineData(TrainingState.Expired, "your training 'Law' has run out on 2026-12-04", "votre formation « Law » a expiré le 2026-12-04")]
    [InlineData(TrainingState.Overdue, "your training 'Law' was due on 2026-12-04", "votre formation « Law » était à suivre avant le 2026-12-04")]
    public void People_hear_of_theirs_in_their_language(TrainingState state, string english, string french)
    {
        var said = TrainingText.ForPerson(Open, state, "2026-12-04").ToDictionary(static value => value.Key, static value => value.Value);
        Assert.Equal((english, french), (said["title"].Text, said["title"].French));
        Assert.NotEqual(said["text"].Text, said["text"].French);
    }

    [Theory]
    [InlineData(TrainingState.Expired, "the training 'Law' has run out on 2026-12-04", "la formation « Law » a expiré le 2026-12-04")]
    [InlineData(TrainingState.Overdue, "the training 'Law' was due on 2026-12-04", "la formation « Law » était à suivre avant le 2026-12-04")]
    public void The_owner_hears_whose_it_is(TrainingState state, string english, string french)
    {
        var title = TrainingText.ForOwner(Open, Ben, state, "2026-12-04").Single(static value => value.Key == "title").Value;
        Assert.Equal(($"{Ben.Name}: {english}", $"{Ben.Name} : {french}"), (title.Text, title.French));
    }

    [Fact]
    public void Only_where_something_is_gated_is_it_said_that_one_is_not_offered_for_it()
    {
        Assert.DoesNotContain("gates", Text(Open), StringComparison.Ordinal);
        Assert.Contains("not offered for what it gates", Text(Open with { GatedSkills = ["dba"] }), StringComparison.Ordinal);
        Assert.Contains("not offered for what it gates", Text(Open with { GatedServices = ["register"] }), StringComparison.Ordinal);

        static string Text(TrainingProgramme programme) => TrainingText.ForPerson(programme, TrainingState.Expired, "2026-12-04").Single(static value => value.Key == "text").Value.Text!;
    }
}
