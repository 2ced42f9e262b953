using Maintenance.Actions;
using Maintenance.Patches;
using Maintenance.Rollouts;
using Maintenance.Storage;
using Maintenance.Web.Http;

namespace Maintenance.Tests.Web;

/// <summary>Rollouts over HTTP: who may see and decide what, what is answered, what the page shows.</summary>
public sealed class RolloutRequestTests : IAsyncLifetime
{
    private WebRig _rig = null!;
    private string _patch = "";

    public async Task InitializeAsync()
    {
        _rig = await WebRig.StartAsync();
        var request = await _rig.Get<PatchService>().RequestAsync(new("Fix <1>", "Text.", PatchType.Normal, PatchSeverity.High, "register"), "ann", "key", default);
        _patch = request.Id;
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_rollout_is_shown_to_people_and_is_not_there_before_the_approval()
    {
        _rig.Caller = _rig.Person("cat");
        Assert.Equal(404, (await _rig.SendAsync(Routes.GetRollout, _patch)).Status);
        Assert.Equal(404, (await DecideAsync("cat", "pause")).Status);
        await StoreAsync(RolloutState.Running, RingState.Soaking);
        var answer = await _rig.SendAsync(Routes.GetRollout, _patch);
        Assert.Equal((200, "running", "soaking"), (answer.Status, answer.Json.GetProperty("state").GetString(), answer.Json.GetProperty("rings")[1].GetProperty("state").GetString()));
        foreach (var id in new[] { "P-99", "P-", "P-1x", "P-١", "rollout", new string('9', 300) })
        {
            Assert.Equal(404, (await _rig.SendAsync(Routes.GetRollout, id)).Status);
        }

        _rig.Caller = null;
        Assert.NotEqual(200, (await _rig.SendAsync(Routes.GetRollout, _patch)).Status);
        Assert.NotEqual(200, (await _rig.SendAsync(Routes.DecideRollout, _patch, new { decision = "pause" })).Status);
        Assert.Equal(RolloutState.Running, (await FindAsync()).State);
    }

    [Theory]
    [InlineData("ben", 200)]
    [InlineData("ann", 200)]
    [InlineData("cat", 403)]
    public async Task The_implementer_and_administrators_decide_and_nobody_else(string person, int status)
    {
        await StoreAsync(RolloutState.Running, RingState.Soaking);
        Assert.Equal(status, (await DecideAsync(person, "pause")).Status);
        Assert.Equal(status == 200 ? RolloutState.Paused : RolloutState.Running, (await FindAsync()).State);
        Assert.Equal(status == 200 ? [$"rollout_{_patch}/decided"] : [], _rig.Workflows.Raised);

        // By the page's form the same.
        await StoreAsync(RolloutState.Running, RingState.Soaking);
        _rig.Caller = _rig.Person(person);
        var form = await _rig.SendAsync(Routes.DecideRolloutForm, _patch, "decision=abort&comment=No+more");
        Assert.Equal(status == 200 ? 302 : 403, form.Status);
        Assert.Equal(status == 200 ? "No more" : null, (await FindAsync()).Problem);
    }

    [Theory]
    [InlineData(RolloutState.Running, "retry", null, 409)]
    [InlineData(RolloutState.Paused, "retry", null, 409)]
    [InlineData(RolloutState.Stuck, "resume", null, 409)]
    [InlineData(RolloutState.Stuck, "retry", null, 200)]
    [InlineData(RolloutState.Stopping, "pause", null, 409)]
    [InlineData(RolloutState.Completed, "abort", "Why", 409)]
    [InlineData(RolloutState.Running, "abort", null, 422)]
    [InlineData(RolloutState.Running, "abort", "  ", 422)]
    [InlineData(RolloutState.Running, "abort", "Why", 200)]
    [InlineData(RolloutState.Running, "stop", null, 400)]
    public async Task What_does_not_go_now_or_says_too_little_is_refused(RolloutState state, string decision, string? comment, int status)
    {
        await StoreAsync(state, state == RolloutState.Completed ? RingState.Done : RingState.Soaking);
        var answer = await DecideAsync("ben", decision, comment);

        Assert.True(status == answer.Status, answer.Body);
        Assert.Equal(status == 422, answer.Body.Contains("\"comment\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_comment_has_its_bounds_and_the_form_its_choices()
    {
        await StoreAsync(RolloutState.Running, RingState.Soaking);
        Assert.Equal(422, (await DecideAsync("ben", "pause", new string('x', 2001))).Status);
        foreach (var form in new[] { "decision=stop", "decision=", "comment=x", "decision=pause,abort", "decision=2&comment=x", "decision=17" })
        {
            Assert.Equal(400, (await _rig.SendAsync(Routes.DecideRolloutForm, _patch, form)).Status);
        }

        Assert.Equal(RolloutState.Running, (await FindAsync()).State);
        Assert.Equal(200, (await DecideAsync("ben", "pause", new string('x', 2000))).Status);
    }

    [Fact]
    public async Task The_page_shows_every_state_and_offers_what_goes_in_it_to_those_who_may()
    {
        foreach (var state in Enum.GetValues<RolloutState>())
        {
            foreach (var ring in Enum.GetValues<RingState>())
            {
                await StoreAsync(state, ring);
                foreach (var person in new[] { "ben", "cat" })
                {
                    _rig.Caller = _rig.Person(person);
                    var page = await _rig.SendAsync(Routes.PatchPage, _patch);
                    Assert.Equal(200, page.Status);
                    Assert.Contains("id=\"rollout\"", page.Body, StringComparison.Ordinal);
                    Assert.Contains("It &lt;broke&gt;.", page.Body, StringComparison.Ordinal);
                    Assert.Contains("Zwei &lt;2&gt;", page.Body, StringComparison.Ordinal);
                    var may = person == "ben" && state < RolloutState.Stopping;
                    foreach (var (decision, offered) in new[] { ("pause", state == RolloutState.Running), ("resume", state == RolloutState.Paused), ("retry", state == RolloutState.Stuck), ("abort", true) })
                    {
                        Assert.True(page.Body.Contains($"value=\"{decision}\"", StringComparison.Ordinal) == (may && offered), $"{state} {person}: {decision}");
                    }
                }
            }
        }
    }

    private Task<RigAnswer> DecideAsync(string person, string decision, string? comment = null)
    {
        _rig.Caller = _rig.Person(person);
        return _rig.SendAsync(Routes.DecideRollout, _patch, comment is null ? new { decision } : new { decision, comment });
    }

    private async Task<RolloutRun> FindAsync() => (await _rig.Get<RolloutService>().FindAsync(_patch, default))!;

    private async Task StoreAsync(RolloutState state, RingState ring)
    {
        var now = _rig.Clock.Now;
        var plan = new RolloutRing("one", "One", [], TimeSpan.FromHours(1), ["a"], [], new PlanAction(["true"], null, null, TimeSpan.FromMinutes(1)), [], TimeSpan.Zero, []);
        var run = new RolloutRun(
            _patch,
            "Fix <1>",
            "register",
            null,
            [plan, plan with { Id = "two", Name = "Zwei <2>", Windows = ["night"] }],
            state,
            now,
            [new("one", RingState.Done, ["a"]), new("two", ring, ["b"]) { SlotStart = now, SlotEnd = now.AddHours(1), AppliedAt = now, Problem = "It <broke>.", Backups = [new("nightly", "n1", true)], Touched = ["b"] }],
            [new(now, "ben", "Paused.")])
        {
            Implementer = "ben",
            EndedAt = state >= RolloutState.Completed ? now : null,
        };
        await _rig.Get<IRecordStore>().WriteAsync(Tables.Patches, _patch, RecordWrite.Put("rollout", MaintenanceJson.Write(run)), default);
        _rig.Workflows.Raised.Clear();
    }
}
