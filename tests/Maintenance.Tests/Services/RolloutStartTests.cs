using Maintenance.Patches;
using Maintenance.Rollouts;
using Maintenance.Workflows;

namespace Maintenance.Tests.Services;

/// <summary>What an approval sets going, whatever cuts it off.</summary>
public sealed class RolloutStartTests
{
    private static readonly string Plan = Office.QuickPlan.Replace(
        "rules: [{ approvers: [approver], quorum: 2, expiresAfter: 8h }]",
        """
        rules:
            - { types: [standard], approvers: [approver], quorum: 0, expiresAfter: 8h }
            - { approvers: [approver], quorum: 2, expiresAfter: 8h }
          rings:
            - { id: test, name: Test, duration: 1h, apply: { command: ["true"] }, probes: [{ http: "http://localhost/health" }] }
            - { id: live, name: Live, duration: 1h, targets: [a], backups: [nightly], apply: { command: ["true"] }, probes: [{ http: "http://localhost/health" }] }
        """,
        StringComparison.Ordinal);

    private static readonly NewPatch Fix = new("PostgreSQL 16.5", "Security fix.", PatchType.Normal, PatchSeverity.High, "register") { Artifact = "sha256:" + new string('1', 64) };

    [Fact]
    public async Task An_approval_that_is_cut_off_before_any_of_its_writes_starts_the_rollout_exactly_once()
    {
        for (var writes = 0; ; writes++)
        {
            await using var office = await Office.OpenAsync(Plan);
            var request = await VotedAsync(office);
            office.Records.CutAfter(writes);
            var isCut = true;
            try
            {
                _ = await office.Patches.CloseAsync(new PatchRef(request.Id), default);
                isCut = false;
            }
            catch (CutOffException)
            {
                // Started again, by the workflow's retry or by the sweep.
                office.Records.Mend();
                _ = await office.Patches.CloseAsync(new PatchRef(request.Id), default);
            }

            office.Records.Mend();
            _ = await office.Patches.CloseAsync(new PatchRef(request.Id), default);
            await office.Patches.SweepAsync(default);
            await office.Rollouts.SweepAsync(default);
            var run = Assert.Single(await office.Rollouts.ListOpenAsync(default).ToListAsync());
            Assert.Equal((request.Id, RolloutState.Running, Fix.Artifact), (run.Patch, run.State, run.Artifact));
            Assert.Equal(["test", "live"], run.Rings.Select(static ring => ring.Id));
            Assert.Equal(["ann", "ben", "cat"], run.Notify);
            Assert.Single(run.Timeline);
            Assert.Single(office.Workflows.Started, static id => id.StartsWith("rollout_", StringComparison.Ordinal));
            Assert.Empty(await office.Patches.ListOpenAsync(default).ToListAsync());
            if (!isCut)
            {
                Assert.True(writes >= 5, $"Only {writes} writes.");
                return;
            }
        }
    }

    [Fact]
    public async Task A_rollout_whose_workflow_was_never_started_is_started_by_the_sweep()
    {
        await using var office = await Office.OpenAsync(Plan);
        var request = await VotedAsync(office);
        office.Workflows.IsCut = true;
        await Assert.ThrowsAsync<CutOffException>(() => office.Patches.CloseAsync(new PatchRef(request.Id), default));
        office.Workflows.IsCut = false;
        await office.Rollouts.SweepAsync(default);

        Assert.Contains("rollout_" + request.Id, office.Workflows.Started);
    }

    [Fact]
    public async Task A_decision_that_never_reached_the_workflow_wakes_it_at_the_next_sweep()
    {
        await using var office = await Office.OpenAsync(Plan);
        var request = await VotedAsync(office);
        _ = await office.Patches.CloseAsync(new PatchRef(request.Id), default);
        _ = await office.Rollouts.MoveAsync(request.Id, static run => run with { IsTaken = true }, default);
        await office.Rollouts.SweepAsync(default);
        Assert.DoesNotContain($"rollout_{request.Id}/decided", office.Workflows.Raised);

        office.Workflows.IsCut = true;
        await Assert.ThrowsAsync<CutOffException>(() => office.Rollouts.DecideAsync(request.Id, RolloutDecision.Pause, null, "", default));
        office.Workflows.IsCut = false;
        await office.Rollouts.SweepAsync(default);

        Assert.Contains($"rollout_{request.Id}/decided", office.Workflows.Raised);
        Assert.Equal(RolloutState.Paused, (await office.Rollouts.FindAsync(request.Id, default))!.State);
    }

    [Theory]
    [InlineData(RolloutDecision.Pause)]
    [InlineData(RolloutDecision.Resume)]
    [InlineData(RolloutDecision.Abort)]
    public async Task A_rollout_whose_workflow_has_given_up_gets_another_with_whatever_is_decided(RolloutDecision decision)
    {
        await using var office = await Office.OpenAsync(Plan);
        var request = await VotedAsync(office);
        _ = await office.Patches.CloseAsync(new PatchRef(request.Id), default);
        var id = "rollout_" + request.Id;
        office.Workflows.Known[id] = office.Workflows.Known[id] with { State = WorkflowState.Failed };

        // Two at once are still one more.
        _ = await office.Rollouts.DecideAsync(request.Id, decision, null, "Because.", default);
        _ = await office.Rollouts.DecideAsync(request.Id, decision, null, "Because.", default);

        Assert.Equal([id, id + "_2"], office.Workflows.Started.Where(static started => started.StartsWith("rollout_", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_pre_authorised_change_is_rolled_out_and_a_rejected_a_withdrawn_or_an_expired_one_never()
    {
        await using var office = await Office.OpenAsync(Plan);
        var standard = await office.Patches.RequestAsync(Fix with { Type = PatchType.Standard }, "ann", "standard", default);
        _ = await office.Patches.CloseAsync(new PatchRef(standard.Id), default);
        var rejected = await office.Patches.RequestAsync(Fix, "ann", "rejected", default);
        _ = await office.Patches.VoteAsync(rejected.Id, Person(office, "ben"), VoteChoice.Reject, "No", Fix.Artifact, null, default);
        var expired = await office.Patches.RequestAsync(Fix, "ann", "expired", default);
        office.Clock.Advance(TimeSpan.FromHours(9));
        foreach (var request in new[] { rejected, expired })
        {
            Assert.NotEqual(ApprovalOutcome.Approved, (await office.Patches.CloseAsync(new PatchRef(request.Id), default)).Decision!.Outcome);
        }

        Assert.Equal([standard.Id], (await office.Rollouts.ListOpenAsync(default).ToListAsync()).Select(static run => run.Patch));
        Assert.Single(office.Workflows.Started, static id => id.StartsWith("rollout_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_rings_an_approval_ends_as_it_did()
    {
        await using var office = await Office.OpenAsync();
        var request = await VotedAsync(office);
        _ = await office.Patches.CloseAsync(new PatchRef(request.Id), default);

        Assert.Null(await office.Rollouts.FindAsync(request.Id, default));
        Assert.DoesNotContain(office.Workflows.Started, static id => id.StartsWith("rollout_", StringComparison.Ordinal));
    }

    private static async Task<PatchRequest> VotedAsync(Office office)
    {
        var request = await office.Patches.RequestAsync(Fix, "ann", "key", default);
        _ = await office.Patches.VoteAsync(request.Id, Person(office, "ben"), VoteChoice.Approve, null, Fix.Artifact, null, default);
        _ = await office.Patches.VoteAsync(request.Id, Person(office, "cat"), VoteChoice.Approve, null, Fix.Artifact, null, default);
        return request;
    }

    private static Maintenance.Plan.Person Person(Office office, string id) => office.Plan.Current.FindPerson(id)!;
}
