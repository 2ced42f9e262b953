using Maintenance.Actions;
using Maintenance.Plan;

namespace Maintenance.Tests.Plan;

/// <summary>What an approved change goes through, as the plan says it.</summary>
public sealed class RingSectionTests
{
    private const string Last = "    - { approvers: [dba], quorum: 1, expiresAfter: 16h }\n";

    private const string Rings = Last + """
          rings:
            - id: test
              name: Test system
              duration: 90m
              apply: { command: [deploy.sh], timeout: 20m }
              undo: { command: [undo.sh] }
              probes: [{ http: "https://test.example/health", contains: ok }]
            - id: production
              name: Everywhere
              windows: [night, patches]
              duration: 3h
              targets: [app-1, app-2]
              backups: [nightly]
              apply: { webhook: "https://deploy.example/apply" }
              undo: { webhookSetting: UNDO }
              restoreBackups: false
              probes: [{ query: select 1, database: DB, atLeast: 1 }]
              soak: 1d 12h
              notify: [dba, ben]

        """;

    public static TheoryData<string, string, string, string, string> Errors => new()
    {
        { "    - id: test\n", "    - id: production\n", "patching.rings[1].id", "the id 'production' is taken by the ring", "" },
        { "id: test\n", "id: Test!\n", "patching.rings[0].id", "", "" },
        { "      name: Test system\n", "", "patching.rings[0].name", "the key 'name' is missing.", "What people call it." },
        { "[night, patches]", "[nigth, patches]", "patching.rings[1].windows[0]", "", "Did you mean 'night'?" },
        { "      duration: 90m\n", "", "patching.rings[0].duration", "the key 'duration' is missing.", "" },
        { "duration: 3h", "duration: 0h", "patching.rings[1].duration", "'0h' is not a duration.", "" },
        { "duration: 3h", "duration: 7h", "patching.rings[1].duration", "no window of night, patches is ever 7h long.", "Lower it, or give the ring a longer window." },
        { "[nightly]", "[nigthly]", "patching.rings[1].backups[0]", "", "Did you mean 'nightly'?" },
        { "      apply: { command: [deploy.sh], timeout: 20m }\n", "", "patching.rings[0].apply", "the key 'apply' is missing.", "" },
        { "{ command: [deploy.sh], timeout: 20m }", "{ timeout: 20m }", "patching.rings[0].apply", "it has none of command, webhook, webhookSetting.", "Write exactly one of them." },
        { "{ webhookSetting: UNDO }", "{ command: [undo], webhookSetting: UNDO }", "patching.rings[1].undo.webhookSetting", "", "Write exactly one of command, webhook, webhookSetting." },
        { "timeout: 20m", "timeout: soon", "patching.rings[0].apply.timeout", "'soon' is not a duration.", "" },
        { "{ http: \"https://test.example/health\", contains: ok }", "{ file: births.csv }", "patching.rings[0].probes[0].file", "a ring has no restored folder to look into.", "Write http: or query: instead." },
        { "database: DB, ", "", "patching.rings[1].probes[0].query", "it does not say which database.", "" },
        { "\"https://test.example/health\"", "health", "patching.rings[0].probes[0].http", "", "" },
        { "soak: 1d 12h", "soak: 0m", "patching.rings[1].soak", "'0m' is not a duration.", "" },
        { "notify: [dba, ben]", "notify: [dba, bne]", "patching.rings[1].notify[1]", "", "Did you mean 'ben'?" },
        { "restoreBackups: false", "restoreBackups: perhaps", "patching.rings[1].restoreBackups", "", "" },
        { "duration: 3h", "duraton: 3h", "patching.rings[1].duraton", "", "Did you mean 'duration'?" },
    };

    public static TheoryData<string, string, string, string> Warnings => new()
    {
        { "      probes: [{ http: \"https://test.example/health\", contains: ok }]\n", "", "patching.rings[0]", "the ring 'test' has no probes, so a change that broke it would go on to the next." },
        { "      undo: { command: [undo.sh] }\n", "", "patching.rings[0]", "nothing takes a change back in the ring 'test': a failed probe would end the rollout and leave it there." },
        { "      undo: { webhookSetting: UNDO }\n", "", "patching.rings[1]", "nothing takes a change back in the ring 'production': a failed probe would end the rollout and leave it there." },
        { "      backups: [nightly]\n", "", "patching.rings[1]", "nothing is backed up before the last ring, 'production', is changed." },
    };

    [Fact]
    public void Every_field_is_read_and_what_is_left_out_is_the_usual()
    {
        var load = SmallPlan.Load(Yaml());
        Assert.Empty(load.Problems);
        var (test, production) = (load.Plan!.Patching.Rings[0], load.Plan.Patching.Rings[1]);

        Assert.Equal(("test", "Test system", TimeSpan.FromMinutes(90), TimeSpan.Zero, true), (test.Id, test.Name, test.Duration, test.Soak, test.RestoresBackups));
        Assert.Equal("undo.sh", Assert.Single(test.Undo!.Command));
        Assert.Empty(test.Windows.Concat(test.Targets).Concat(test.Backups).Concat(test.Notify));
        Assert.Equal("deploy.sh", Assert.Single(test.Apply.Command));
        Assert.Equal(TimeSpan.FromMinutes(20), test.Apply.Timeout);
        Assert.Equal((CheckKind.Http, "https://test.example/health", "ok"), (test.Probes[0].Kind, test.Probes[0].Subject, test.Probes[0].Contains));

        Assert.Equal(["night", "patches"], production.Windows);
        Assert.Equal(["app-1", "app-2"], production.Targets);
        Assert.Equal(["nightly"], production.Backups);
        Assert.Equal(["dba", "ben"], production.Notify);
        Assert.Equal((TimeSpan.FromHours(3), TimeSpan.FromHours(36), false), (production.Duration, production.Soak, production.RestoresBackups));
        Assert.Equal(("https://deploy.example/apply", "UNDO", PlanAction.UsualTimeout), (production.Apply.Webhook!.ToString(), production.Undo!.WebhookSetting, production.Apply.Timeout));
        Assert.Equal((CheckKind.Query, "select 1", "DB", 1.0), (production.Probes[0].Kind, production.Probes[0].Subject, production.Probes[0].Database, production.Probes[0].AtLeast));
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public void What_cannot_work_is_an_error(string passage, string replacement, string path, string message, string hint)
    {
        var load = SmallPlan.Load(SmallPlan.Replace(Yaml(), passage, replacement));

        Assert.Null(load.Plan);
        Assert.Contains(load.Problems, problem => problem.Severity == PlanProblemSeverity.Error && problem.Path == path && problem.Message.Contains(message, StringComparison.Ordinal) && (problem.Hint ?? "").Contains(hint, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Warnings))]
    public void What_is_doubtful_is_a_warning_and_the_plan_is_used(string passage, string replacement, string path, string message)
    {
        var load = SmallPlan.Load(SmallPlan.Replace(Yaml(), passage, replacement));

        var problem = Assert.Single(load.Problems);
        Assert.NotNull(load.Plan);
        Assert.Equal((PlanProblemSeverity.Warning, path, message), (problem.Severity, problem.Path, problem.Message));
    }

    [Fact]
    public void Backups_that_a_rollback_cannot_put_back_by_itself_need_an_undo_or_are_left_alone()
    {
        var yaml = SmallPlan.Replace(Yaml(), "source: { folder: register }", "source: { records: all }");
        Assert.DoesNotContain(SmallPlan.Load(yaml).Problems, static problem => problem.Path.StartsWith("patching.rings", StringComparison.Ordinal));
        yaml = SmallPlan.Replace(yaml, "      restoreBackups: false\n", "");
        Assert.DoesNotContain(SmallPlan.Load(yaml).Problems, static problem => problem.Path.StartsWith("patching.rings", StringComparison.Ordinal));
        yaml = SmallPlan.Replace(yaml, "      undo: { webhookSetting: UNDO }\n", "");
        Assert.Contains(SmallPlan.Load(yaml).Problems, static problem => problem.Path == "patching.rings[1].backups[0]" && problem.Severity == PlanProblemSeverity.Error);
    }

    [Fact]
    public void A_plan_may_have_no_rings() => Assert.Empty(SmallPlan.Load(SmallPlan.Yaml).Plan!.Patching.Rings);

    private static string Yaml() => SmallPlan.With(Last, Rings);
}
