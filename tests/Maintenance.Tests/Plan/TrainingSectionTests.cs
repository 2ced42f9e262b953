using Maintenance.Plan;
using Maintenance.Training;

namespace Maintenance.Tests.Plan;

/// <summary>Who must have learnt what, as the plan says it.</summary>
public sealed class TrainingSectionTests
{
    private const string Section = """

        training:
          warning: 14d
          programmes:
            - { id: restore, name: Restoring, description: All of it, audience: [PERSON], valid: 100d, within: 10d, owner: PERSON, trainer: PERSON, delivery: onTheJob, material: sops/restore.md, passMark: 80, gates: { services: [SERVICE] } }
            - { id: law, name: Law, audience: [PERSON], valid: 365d, within: 60d, owner: PERSON, trainer: PERSON, delivery: selfStudy }
        """;

    [Fact]
    public void Every_field_is_read_and_most_may_be_left_out()
    {
        var load = Load(Section);
        Assert.Empty(load.Problems);
        var training = load.Plan!.Training;
        var restore = training.Find("restore")!;
        Assert.Equal(
            (TimeSpan.FromDays(14), "All of it", TimeSpan.FromDays(100), TimeSpan.FromDays(10), TrainingDelivery.OnTheJob, "sops/restore.md", 80, 1, 0),
            (training.Warning, restore.Description, restore.Valid, restore.Within, restore.Delivery, restore.Material, restore.PassMark, restore.GatedServices.Count, restore.GatedSkills.Count));
        Assert.Equal(("", null, null, 0), training.Find("law") is { } law ? (law.Description, law.Material, law.PassMark, law.GatedServices.Count) : default);
        Assert.Equal(TrainingPolicy.UsualWarning, Load(Section.Replace("  warning: 14d\n", "", StringComparison.Ordinal)).Plan!.Training.Warning);
        Assert.Same(TrainingPolicy.None, Load("").Plan!.Training);
    }

    [Theory]
    [InlineData("passMark: 80", "passMark: 101", "training.programmes[0].passMark", "'101' is not a whole number from 1 to 100.", true)]
    [InlineData("valid: 100d", "valid: 14d", "training.programmes[0].valid", "it counts no longer than the warning of 14d", true)]
    [InlineData("delivery: onTheJob", "delivery: dancing", "training.programmes[0].delivery", "'dancing' is none of the choices.", true)]
    [InlineData("id: law", "id: restore", "training.programmes[1].id", "the id 'restore' is taken by the training programme in line ", true)]
    [InlineData("services: [SERVICE]", "services: [dancing]", "training.programmes[0].gates.services[0]", "there is no service 'dancing'.", true)]
    [InlineData("gates: { services: [SERVICE] }", "gates: { skills: [dancing] }", "training.programmes[0].gates", "nobody has the skill 'dancing', so it gates nothing.", false)]
    public void What_cannot_work_or_does_nothing_is_said_with_its_place(string from, string to, string path, string message, bool isError)
    {
        var problem = Assert.Single(Load(SmallPlan.Replace(Section, from, to)).Problems);
        Assert.Equal((path, isError), (problem.Path, problem.Severity == PlanProblemSeverity.Error));
        Assert.StartsWith(message, problem.Message, StringComparison.Ordinal);
    }

    private static PlanLoad Load(string section)
    {
        var plan = SmallPlan.Load(SmallPlan.Yaml).Plan!;
        return SmallPlan.Load(SmallPlan.Yaml + section.Replace("PERSON", plan.People[0].Id, StringComparison.Ordinal).Replace("SERVICE", plan.Services[0].Id, StringComparison.Ordinal));
    }
}
