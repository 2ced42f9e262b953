using Maintenance.Plan;
using Maintenance.Recovery;
using Maintenance.Tests.Services;
using Maintenance.Web.Http;
using Maintenance.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace Maintenance.Tests.Web;

/// <summary>The routes of recoveries and drills, and their pages in every state.</summary>
public sealed class RecoveryRequestTests : IAsyncLifetime
{
    private WebRig _rig = null!;

    public async Task InitializeAsync()
    {
        _rig = await WebRig.StartAsync(static (rig, services) => services.AddSingleton<IPlanSource>(new WebRig.FixedPlan(rig.PathOf("."), Office.QuickPlan + RecoveryBench.Strategy)));
        await File.WriteAllTextAsync(_rig.PathOf("sop.md"), "Compare the <last> entry with the paper form.");
        _ = await _rig.TakeAsync(_rig.Clock.Now);
        _rig.Clock.Advance(TimeSpan.FromHours(1));
        _rig.Caller = _rig.Person("ann");
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_recovery_is_started_read_and_the_same_key_is_the_same()
    {
        var first = await StartAsync(("Idempotency-Key", "k"));
        Assert.Equal((201, "/api/recoveries/R-1001"), (first.Status, first.Headers.Location.ToString()));
        var again = await StartAsync(("Idempotency-Key", "k"));
        Assert.Equal((201, "R-1001"), (again.Status, again.Json.GetProperty("id").GetString()));
        var read = await _rig.SendAsync(Routes.GetRecovery, "R-1001");
        Assert.Equal((200, "running", "nightly_20261122T020000Z"), (read.Status, read.Json.GetProperty("state").GetString(), read.Json.GetProperty("steps")[0].GetProperty("source").GetProperty("snapshot").GetString()));
        var other = await StartAsync(("Idempotency-Key", "another"));
        Assert.Equal(409, other.Status);
        Assert.Contains("R-1001", other.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(["recovery_R-1001"], _rig.Workflows.Started);
        Assert.Single((await _rig.SendAsync(Routes.ListRecoveries)).Json.EnumerateArray());
    }

    [Fact]
    public async Task One_whose_workflow_gave_up_is_an_alarm_that_says_how_to_go_on()
    {
        _ = await StartAsync();
        Assert.DoesNotContain("stands still", (await _rig.SendAsync(Routes.GetStatus)).Json.GetProperty("attention").ToString(), StringComparison.Ordinal);
        _rig.Workflows.Known["recovery_R-1001"] = _rig.Workflows.Known["recovery_R-1001"] with { State = WorkflowState.Failed, Error = "The disk is full." };

        var items = (await _rig.SendAsync(Routes.GetStatus)).Json.GetProperty("attention").EnumerateArray();
        var alarm = Assert.Single(items, static item => item.GetProperty("text").GetString()!.Contains("stands still", StringComparison.Ordinal));
        Assert.Equal("R-1001 stands still: its workflow gave up. Mend the cause, then: recovery decide R-1001 resume. The disk is full.", alarm.GetProperty("text").GetString());
        Assert.Equal(("alarm", "/recovery/R-1001"), (alarm.GetProperty("severity").GetString(), alarm.GetProperty("path").GetString()));
    }

    [Fact]
    public async Task Who_may_not_is_refused_and_what_is_not_there_is_404()
    {
        _ = await StartAsync();
        foreach (var person in new[] { "ben", "cat" })
        {
            _rig.Caller = _rig.Person(person);
            Assert.Equal(403, (await StartAsync()).Status);
            Assert.Equal(403, (await _rig.SendAsync(Routes.StartDrill, body: new { strategy = "register" })).Status);
            Assert.Equal(403, (await _rig.SendAsync(Routes.DecideRecovery, "R-1001", new { decision = "abort", comment = "No" })).Status);
            Assert.Equal(200, (await _rig.SendAsync(Routes.GetRecovery, "R-1001")).Status);
        }

        _rig.Caller = _rig.Person("cat");
        Assert.Equal(403, (await DecideAsync("look", "confirm")).Status);
        _rig.Caller = null;
        Assert.Equal(401, (await _rig.SendAsync(Routes.GetRecovery, "R-1001")).Status);
        _rig.Caller = _rig.Person("ann");
        foreach (var id in new[] { "R-9", "R-", "r-1001", "R-1001x", "R-99999999999999999999999", "P-1001", "..", "R-١" })
        {
            Assert.Equal(404, (await _rig.SendAsync(Routes.GetRecovery, id)).Status);
            Assert.Equal(404, (await _rig.SendAsync(Routes.RecoveryPage, id)).Status);
            Assert.Equal(404, (await _rig.SendAsync(Routes.DecideRecovery, id, new { decision = "abort", comment = "No" })).Status);
            Assert.Equal(404, (await _rig.SendAsync(Routes.DecideRecoveryForm, id, "decision=abort&comment=No")).Status);
        }

        Assert.Equal(404, (await DecideAsync("nonsense", "confirm")).Status);
        Assert.Equal(404, (await _rig.SendAsync(Routes.ExplainStrategy, "registre")).Status);
        Assert.Contains("'register'", (await _rig.SendAsync(Routes.ExplainStrategy, "registre")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_decided_now_is_409_and_what_is_said_wrongly_is_400_or_422()
    {
        _ = await StartAsync();
        foreach (var (decision, status) in new[] { ("confirm", 409), ("approve", 409), ("retry", 409), ("nonsense", 400), ("", 400) })
        {
            Assert.Equal(status, (await DecideAsync(decision == "approve" ? "gate" : "look", decision)).Status);
        }

        Assert.Equal(422, (await DecideAsync("look", "skip")).Status);
        Assert.Equal(422, (await DecideAsync("gate", "reject", " ")).Status);
        foreach (var (decision, comment, status) in new[] { ("abort", null, 422), ("revert", null, 422), ("revert", "So", 409), ("confirm", null, 409), ("resume", null, 409) })
        {
            Assert.Equal(status, (await _rig.SendAsync(Routes.DecideRecovery, "R-1001", new { decision, comment })).Status);
        }

        foreach (var body in new object[] { new { decision = 1 }, new { decision = "abort", other = 1 }, new { } })
        {
            Assert.Equal(400, (await _rig.SendAsync(Routes.DecideRecovery, "R-1001", body)).Status);
        }

        Assert.Equal(422, (await _rig.SendAsync(Routes.StartRecovery, body: new { strategy = "register", reason = "" })).Status);
        Assert.Equal(422, (await _rig.SendAsync(Routes.StartRecovery, body: new { strategy = "nonsense", reason = "Lost" })).Status);
        Assert.Equal(400, (await _rig.SendAsync(Routes.StartDrill, body: new { strategy = "register", fault = "nonsense" })).Status);
        Assert.Equal(400, (await _rig.SendAsync(Routes.StartRecovery, body: new { strategy = "register", reason = "Lost", fault = "missingPack" })).Status);
    }

    [Fact]
    public async Task A_point_in_time_that_nothing_serves_names_the_nearest()
    {
        var wanted = _rig.Clock.Now.AddDays(-1);
        var answer = await _rig.SendAsync(Routes.StartRecovery, body: new { strategy = "register", reason = "Lost", at = wanted });
        Assert.Equal(404, answer.Status);
        Assert.Contains("nightly_20261122T020000Z", answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        _rig.Query = $"?at={Uri.EscapeDataString(wanted.ToString("O"))}&workers=1";
        var explained = await _rig.SendAsync(Routes.ExplainStrategy, "register");
        Assert.Equal(200, explained.Status);
        Assert.Contains("no proven snapshot at or before", explained.Json.GetProperty("unreachable").GetString(), StringComparison.Ordinal);
        Assert.False(explained.Json.TryGetProperty("sources", out _));
        _rig.Query = "?at=2026-11-22T02:30:00";
        Assert.Equal(422, (await _rig.SendAsync(Routes.ExplainStrategy, "register")).Status);
        _rig.Query = "?copy=nonsense";
        Assert.Equal(404, (await _rig.SendAsync(Routes.ExplainStrategy, "register")).Status);
        _rig.Query = "";
        var sources = (await _rig.SendAsync(Routes.ExplainStrategy, "register")).Json.GetProperty("sources");
        Assert.Equal("nightly_20261122T020000Z", sources.GetProperty("restore").GetProperty("snapshot").GetString());
        Assert.Equal("register", Assert.Single((await _rig.SendAsync(Routes.ListStrategies)).Json.EnumerateArray()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task The_pages_show_what_there_is_to_do_in_every_state()
    {
        Assert.Contains("No recovery and no drill is under way.", await ListAsync(), StringComparison.Ordinal);
        _ = await StartAsync();
        Assert.Contains("R-1001", await ListAsync(), StringComparison.Ordinal);
        Assert.Contains("pending", await PageAsync("R-1001"), StringComparison.Ordinal);
        var steps = _rig.Get<RecoveryActivities>();
        Assert.Equal(StepTurn.Run, await steps.TakeAsync(new RecoveryStepRef("R-1001", "restore"), default));
        var running = await _rig.SendAsync(Routes.RecoveryPage, "R-1001");
        Assert.Contains("data-refresh=\"3\"", running.Body, StringComparison.Ordinal);
        Assert.Equal("", running.Headers["Refresh"].ToString());
        _ = await steps.RunAsync(new RecoveryStepRef("R-1001", "restore"), default);
        Assert.Contains("files, 15 bytes of nightly_20261122T020000Z restored", await PageAsync("R-1001"), StringComparison.Ordinal);
        _ = await steps.TakeAsync(new RecoveryStepRef("R-1001", "readable"), default);
        _ = await steps.FailAsync(new RecoveryStepFailure(new RecoveryStepRef("R-1001", "readable"), "It is <empty>."), default);
        var failed = await PageAsync("R-1001");
        Assert.Contains("It is &lt;empty&gt;.", failed, StringComparison.Ordinal);
        Assert.Contains("Try it again", failed, StringComparison.Ordinal);
        Assert.Contains("Leave it out", failed, StringComparison.Ordinal);

        var skip = await _rig.SendAsync(Routes.DecideRecoveryStepForm, "R-1001/readable", "decision=skip");
        Assert.Equal(422, skip.Status);
        Assert.Contains("Say why", skip.Body, StringComparison.Ordinal);
        Assert.Equal(302, (await _rig.SendAsync(Routes.DecideRecoveryStepForm, "R-1001/readable", "decision=skip&comment=An+old+file")).Status);
        _ = await steps.TakeAsync(new RecoveryStepRef("R-1001", "look"), default);
        Assert.Contains("Compare the &lt;last&gt; entry with the paper form.", await PageAsync("R-1001"), StringComparison.Ordinal);
        _rig.Caller = _rig.Person("cat");
        var other = await PageAsync("R-1001");
        Assert.Contains("Only support or an administrator decides", other, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"decision\"", other, StringComparison.Ordinal);
        _rig.Caller = _rig.Person("ben");
        Assert.Equal(302, (await _rig.SendAsync(Routes.DecideRecoveryStepForm, "R-1001/look", "decision=confirm")).Status);
        _ = await steps.TakeAsync(new RecoveryStepRef("R-1001", "gate"), default);
        Assert.Equal(302, (await _rig.SendAsync(Routes.DecideRecoveryStepForm, "R-1001/gate", "decision=approve&comment=Fine")).Status);
        var gate = await PageAsync("R-1001");
        Assert.Contains("Approve the cut-over", gate, StringComparison.Ordinal);
        Assert.Contains("approves", gate, StringComparison.Ordinal);
        _rig.Caller = _rig.Person("ann");
        Assert.Equal(302, (await _rig.SendAsync(Routes.DecideRecoveryStepForm, "R-1001/gate", "decision=approve")).Status);
        _ = await steps.TakeAsync(new RecoveryStepRef("R-1001", "gate"), default);
        _ = await steps.RunAsync(new RecoveryStepRef("R-1001", "gate"), default);
        await FinishAsync("answers", "open");
        Assert.Equal(StepTurn.Wait, await steps.SettleAsync(new RecoveryRef("R-1001"), default));
        Assert.Contains("The service runs again.", await PageAsync("R-1001"), StringComparison.Ordinal);
        Assert.Equal(422, (await _rig.SendAsync(Routes.DecideRecoveryForm, "R-1001", "decision=revert")).Status);
        Assert.Equal(422, (await _rig.SendAsync(Routes.DecideRecoveryForm, "R-1001", "decision=nonsense")).Status);
        Assert.Equal(302, (await _rig.SendAsync(Routes.DecideRecoveryForm, "R-1001", "decision=confirm")).Status);
        _ = await steps.CloseAsync(new RecoveryRef("R-1001"), default);
        var closed = await PageAsync("R-1001");
        Assert.Contains("Data loss (RPO)", closed, StringComparison.Ordinal);
        Assert.Contains("kept", closed, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"decision\"", closed, StringComparison.Ordinal);
        var list = await ListAsync();
        Assert.Contains("No recovery and no drill is under way.", list, StringComparison.Ordinal);
        Assert.Contains("R-1001", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_forms_start_what_they_say_and_show_what_is_wrong()
    {
        foreach (var (form, said) in new[]
        {
            ("kind=recovery&strategy=register", "reason"), ("kind=recovery&strategy=nonsense&reason=x", "Choose one of: register"), ("kind=recovery&strategy=register&reason=x&at=yesterday", "with its offset"),
            ("kind=recovery&strategy=register&reason=x&at=2020-01-01T00:00:00Z", "no proven snapshot"), ("kind=drill&strategy=register&fault=nonsense", "missingpack"), ("kind=drill&strategy=register&fault=7", "missingpack"),
            ("", "Choose one of: register"),
        })
        {
            var answer = await _rig.SendAsync(Routes.StartRecoveryForm, body: form);
            Assert.True(answer.Status == 422 && answer.Body.Contains(said, StringComparison.Ordinal), $"{form}: {answer.Status} {answer.Body}");
        }

        Assert.Empty(_rig.Workflows.Started);
        var drill = await _rig.SendAsync(Routes.StartRecoveryForm, body: "kind=drill&strategy=register&fault=failingCheck");
        Assert.Equal((302, "/recovery/R-1001"), (drill.Status, drill.Headers.Location.ToString()));
        Assert.Equal(DrillFault.FailingCheck, (await _rig.Get<RecoveryService>().FindAsync("R-1001", default))!.Fault);
        Assert.Contains("Broken on purpose", await PageAsync("R-1001"), StringComparison.Ordinal);
        Assert.Equal("/recovery/R-1002", (await _rig.SendAsync(Routes.StartRecoveryForm, body: "kind=recovery&strategy=register&reason=Lost&disruptedAt=2026-11-22T02%3A30%3A00Z")).Headers.Location.ToString());
        Assert.Equal(422, (await _rig.SendAsync(Routes.StartRecoveryForm, body: "kind=recovery&strategy=register&reason=Lost")).Status);
        Assert.Equal(302, (await _rig.SendAsync(Routes.DecideRecoveryForm, "R-1002", "decision=abort&comment=No")).Status);
        Assert.Contains("stopping", await PageAsync("R-1002"), StringComparison.OrdinalIgnoreCase);
        _ = await _rig.Get<RecoveryActivities>().CloseAsync(new RecoveryRef("R-1002"), default);
        Assert.Contains("aborted", await PageAsync("R-1002"), StringComparison.OrdinalIgnoreCase);
        _rig.Caller = _rig.Person("ben");
        Assert.DoesNotContain("Start the recovery", await ListAsync(), StringComparison.Ordinal);
    }

    private async Task FinishAsync(params string[] steps)
    {
        foreach (var step in steps)
        {
            _ = await _rig.Get<RecoveryService>().ChangeAsync("R-1001", run => run.With(run.Step(step) with { State = RecoveryStepState.Done, StartedAt = _rig.Clock.Now, EndedAt = _rig.Clock.Now }), default);
        }
    }

    private Task<RigAnswer> StartAsync(params (string, string)[] headers) => _rig.SendAsync(Routes.StartRecovery, body: new { strategy = "register", reason = "The disk broke." }, headers: headers);

    private Task<RigAnswer> DecideAsync(string step, string decision, string? comment = null) => _rig.SendAsync(Routes.DecideRecoveryStep, "R-1001/" + step, new { decision, comment });

    private async Task<string> PageAsync(string id)
    {
        var answer = await _rig.SendAsync(Routes.RecoveryPage, id);
        Assert.Equal(200, answer.Status);
        return answer.Body;
    }

    private async Task<string> ListAsync()
    {
        var answer = await _rig.SendAsync(Routes.RecoveriesPage);
        Assert.Equal(200, answer.Status);
        return answer.Body;
    }
}
