using Maintenance.Duties;
using Maintenance.Plan;

namespace Maintenance.Tests.Plan;

/// <summary>What is owed again and again, as the plan says it.</summary>
public sealed class DutySectionTests : IDisposable
{
    private const string Good = """

        duties:
          - id: access
            kind: accessReview
            name: Access review
            owner: dba
            deputy: support
            every: { months: 3, from: 2026-11-30, at: "09:00" }
            calendar: office
            lead: 14d
            grace: 7d
            procedure: sops/access.md
            evidence: [text, file]
            overdue:
              ticket: { service: register, impact: all, urgency: later }
              notify: [ann]
              escalate: { after: 7d, notify: [administrator] }
          - id: count
            kind: suppliesCount
            name: Count
            owner: dba
            schedule: 0 0 16 * * mon
            evidence: [text]

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("duties").FullName;

    public DutySectionTests()
    {
        Directory.CreateDirectory(Path.Join(_folder, "sops"));
        File.WriteAllText(Path.Join(_folder, "sops", "access.md"), "# Access review");
    }

    public static TheoryData<string, string, string, string, PlanProblemSeverity> Problems => new()
    {
        { "kind: accessReview", "kind: accesReview", "duties[0].kind", "'accesReview' is none of the choices.", PlanProblemSeverity.Error },
        { "owner: dba\n    deputy", "owner: nobody\n    deputy", "duties[0].owner", "there is no person or role 'nobody'.", PlanProblemSeverity.Error },
        { "id: count", "id: access", "duties[1].id", "the id 'access' is taken by the duty in line", PlanProblemSeverity.Error },
        { "schedule: 0 0 16 * * mon", "schedule: 0 0 16 * * mon\n    every: { days: 1, from: 2026-11-30 }", "duties[1].every", "there is 'schedule' already.", PlanProblemSeverity.Error },
        { "    schedule: 0 0 16 * * mon\n", "", "duties[1]", "it has none of schedule, every.", PlanProblemSeverity.Error },
        { "schedule: 0 0 16 * * mon", "schedule: 0 0 0 31 2 *", "duties[1].schedule", "'0 0 0 31 2 *' never occurs.", PlanProblemSeverity.Error },
        { "schedule: 0 0 16 * * mon", "schedule: 0 * * * * *", "duties[1].schedule", "it is due more than once an hour.", PlanProblemSeverity.Error },
        { "every: { months: 3, from: 2026-11-30, at: \"09:00\" }", "every: { months: 3, weeks: 2, from: 2026-11-30 }", "duties[0].every.weeks", "there is 'months' already.", PlanProblemSeverity.Error },
        { "every: { months: 3, from", "every: { months: 0, from", "duties[0].every", "it is never due again.", PlanProblemSeverity.Error },
        { "from: 2026-11-30", "from: 2026-11-31", "duties[0].every.from", "'2026-11-31' is not a date.", PlanProblemSeverity.Error },
        { "from: 2026-11-30", "from: 1066-11-30", "duties[0].every.from", "it is far from any date that is planned for.", PlanProblemSeverity.Error },
        { "at: \"09:00\"", "at: \"25:00\"", "duties[0].every.at", "'25:00' is not a time of day.", PlanProblemSeverity.Error },
        { "lead: 14d", "lead: 14d\n    adjust: sideways", "duties[0].adjust", "'sideways' is none of the choices.", PlanProblemSeverity.Error },
        { "schedule: 0 0 16 * * mon", "schedule: 0 0 16 * * mon\n    adjust: following", "duties[1].adjust", "it says nothing without", PlanProblemSeverity.Error },
        { "procedure: sops/access.md", "procedure: sops/none.md", "duties[0].procedure", "sops/none.md: there is no such file.", PlanProblemSeverity.Error },
        { "procedure: sops/access.md", "procedure: ../access.md", "duties[0].procedure", "'../access.md' is not a path below the plan's folder.", PlanProblemSeverity.Error },
        { "evidence: [text, file]", "evidence: [text, text]", "duties[0].evidence[1]", "it is asked for twice.", PlanProblemSeverity.Error },
        { "impact: all, urgency: later }\n      notify", "impact: none, urgency: later }\n      notify", "duties[0].overdue.ticket.impact", "there is no impact 'none'.", PlanProblemSeverity.Error },
        { "schedule: 0 0 16 * * mon", "schedule: 0 0 16 * * mon\n    lead: 8d", "duties[1].lead", "it opens 8d before it is due", PlanProblemSeverity.Error },
        { "schedule: 0 0 16 * * mon", "schedule: 0 0 16 * * mon\n    grace: 8d", "duties[1].grace", "it is longer than the 7d between two dates", PlanProblemSeverity.Warning },
        { "schedule: 0 0 16 * * mon\n    evidence: [text]", "schedule: 0 0 16 * * mon", "duties[1]", "it counts as done without anything to show.", PlanProblemSeverity.Warning },
        { "owner: dba\n    schedule", "owner: ben\n    schedule", "duties[1].owner", "Ben Barasu alone owes it, and nobody does it in their absence.", PlanProblemSeverity.Warning },
        { "deputy: support", "deputy: ben", "duties[0].deputy", "nobody is the deputy who is not the owner too.", PlanProblemSeverity.Warning },
        { "schedule: 0 0 16 * * mon", "schedule: 0 0 16 * * *\n    lead: 1h\n    calendar: office", "duties[1].schedule", "are both due", PlanProblemSeverity.Warning },
    };

    [Theory]
    [MemberData(nameof(Problems))]
    public void What_cannot_work_is_an_error_and_what_is_doubtful_a_warning(string from, string to, string path, string message, PlanProblemSeverity severity)
    {
        Assert.Contains(from, Good, StringComparison.Ordinal);
        var load = Load(Good.Replace(from, to, StringComparison.Ordinal));
        Assert.Contains(load.Problems, problem => problem.Path == path && problem.Message.Contains(message, StringComparison.Ordinal) && problem.Severity == severity);
        Assert.Equal(severity == PlanProblemSeverity.Error, load.Plan is null);
    }

    [Fact]
    public void What_is_said_is_read_and_what_is_left_out_is_as_usual()
    {
        var load = Load(Good.Replace("deputy: support", "deputy: administrator", StringComparison.Ordinal).Replace("owner: dba\n    deputy", "owner: support\n    deputy", StringComparison.Ordinal));
        Assert.Empty(load.Problems);
        var (access, count) = (load.Plan!.Duties[0], load.Plan.Duties[1]);
        Assert.Equal((DutyKind.AccessReview, "support", "administrator", "office", BusinessDayRule.ModifiedFollowing), (access.Kind, access.Owner, access.Deputy, access.Calendar, access.Adjust));
        Assert.Equal(new DutyRhythm(null, new DutyInterval(3, DutyUnit.Months, new DateOnly(2026, 11, 30), new TimeOnly(9, 0))), access.Rhythm);
        Assert.Equal([EvidenceKind.Text, EvidenceKind.File], access.Evidence);
        Assert.Equal(new DutyTicket("register", "all", "later"), access.Overdue!.Ticket);
        Assert.Equal((TimeSpan.FromDays(7), "administrator"), (access.Overdue.Escalate!.After, access.Overdue.Escalate.Notify[0]));
        Assert.Equal((TimeSpan.FromDays(14), TimeSpan.FromDays(7)), (access.Lead, access.Grace));
        Assert.Equal((new DutyRhythm("0 0 16 * * mon", null), TimeSpan.FromDays(7), TimeSpan.Zero, BusinessDayRule.None), (count.Rhythm, count.Lead, count.Grace, count.Adjust));
        Assert.Null(count.Overdue);
        Assert.Equal("# Access review", load.Files["sops/access.md"]);
        Assert.Equal(access, MaintenanceJson.Read<Duty>(MaintenanceJson.Write(access)) with { Evidence = access.Evidence, Overdue = access.Overdue });
    }

    [Fact]
    public void A_plan_whose_procedure_is_lost_still_runs_as_it_was_stored()
    {
        var load = Load(Good);
        var again = PlanFile.Load(SmallPlan.File, SmallPlan.Yaml + Good, Path.Join(_folder, "elsewhere"), load.Files);
        Assert.NotNull(again.Plan);
    }

    [Fact]
    public void The_sample_has_a_duty_of_every_kind()
    {
        var sample = SamplePlan.Load(SamplePlan.Yaml);
        Assert.Empty(sample.Problems);
        Assert.Equal(Enum.GetValues<DutyKind>().Order(), sample.Plan!.Duties.Select(static duty => duty.Kind).Distinct().Order());
        Assert.All(sample.Plan.Duties, static duty => Assert.True(duty is { Procedure: not null, Evidence.Count: > 0, Overdue: not null, Deputy: not null }, duty.Id));
        Assert.Equal(Enum.GetValues<EvidenceKind>().Order(), sample.Plan.Duties.SelectMany(static duty => duty.Evidence).Distinct().Order());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private PlanLoad Load(string duties) => PlanFile.Load(SmallPlan.File, SmallPlan.Yaml + duties, _folder);
}
