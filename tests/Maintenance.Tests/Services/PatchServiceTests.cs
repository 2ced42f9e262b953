using Maintenance.Patches;
using Maintenance.Plan;

namespace Maintenance.Tests.Services;

public sealed class PatchServiceTests
{
    private static readonly NewPatch Fix = new("PostgreSQL 16.5", "Security fix; rollback: 16.4.", PatchType.Normal, PatchSeverity.High, "register");

    [Fact]
    public async Task A_request_cut_off_before_any_of_its_writes_is_one_request_when_it_is_sent_again()
    {
        for (var writes = 0; writes < 3; writes++)
        {
            await using var office = await Office.OpenAsync();
            office.Records.CutAfter(writes);
            await Assert.ThrowsAsync<CutOffException>(() => office.Patches.RequestAsync(Fix, "ann", "key", default));
            office.Records.Mend();
            var request = await office.Patches.RequestAsync(Fix, "ann", "key", default);
            Assert.Equal(request, (await office.Patches.RequestAsync(Fix, "ann", "key", default)), static (a, b) => a.Id == b.Id);
            Assert.Single(await office.Patches.ListAsync(default).ToListAsync());
            Assert.Single(office.Workflows.Started);
        }
    }

    [Fact]
    public async Task A_request_whose_workflow_was_never_started_is_started_by_the_sweep()
    {
        await using var office = await Office.OpenAsync();
        office.Workflows.IsCut = true;
        await Assert.ThrowsAsync<CutOffException>(() => office.Patches.RequestAsync(Fix, "ann", "key", default));
        office.Workflows.IsCut = false;
        await office.Patches.SweepAsync(default);
        Assert.Single(office.Workflows.Started);
    }

    [Fact]
    public async Task A_decision_whose_event_was_never_raised_wakes_the_workflow_at_the_next_sweep()
    {
        await using var office = await Office.OpenAsync();
        var request = await office.Patches.RequestAsync(Fix, "ann", "key", default);
        _ = await office.Patches.VoteAsync(request.Id, Person(office, "ben"), VoteChoice.Approve, null, null, null, default);
        office.Workflows.IsCut = true;
        await Assert.ThrowsAsync<CutOffException>(() => office.Patches.VoteAsync(request.Id, Person(office, "cat"), VoteChoice.Approve, null, null, null, default));
        office.Workflows.IsCut = false;
        await office.Patches.SweepAsync(default);
        Assert.Equal([$"{request.Workflow}/decided"], office.Workflows.Raised);
        var verdict = await office.Patches.CloseAsync(new PatchRef(request.Id), default);
        Assert.Equal(ApprovalOutcome.Approved, verdict.Decision!.Outcome);
        Assert.Empty(await office.Patches.ListOpenAsync(default).ToListAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_decision_whose_workflow_has_given_up_is_stored_by_the_sweep(bool byVotes)
    {
        await using var office = await Office.OpenAsync();
        var request = await office.Patches.RequestAsync(Fix, "ann", "key", default);
        if (byVotes)
        {
            _ = await office.Patches.VoteAsync(request.Id, Person(office, "ben"), VoteChoice.Approve, null, null, null, default);
            _ = await office.Patches.VoteAsync(request.Id, Person(office, "cat"), VoteChoice.Approve, null, null, null, default);
            office.Clock.Advance(TimeSpan.FromMinutes(2));
        }
        else
        {
            office.Clock.Advance(TimeSpan.FromHours(9));
        }

        await office.Patches.SweepAsync(default);
        var closed = (await office.Patches.FindAsync(request.Id, default))!.Request;
        Assert.Equal(byVotes ? ApprovalOutcome.Approved : ApprovalOutcome.Expired, closed.Decision!.Outcome);
        Assert.Empty(await office.Patches.ListOpenAsync(default).ToListAsync());
        Assert.Contains($"patch/{request.Id}/closed → mail:ann@registry.example", office.Notifier.Sent);
    }

    [Fact]
    public async Task A_decided_request_that_is_sent_again_stays_decided_and_out_of_the_list()
    {
        await using var office = await Office.OpenAsync();
        var request = await office.Patches.RequestAsync(Fix, "ann", "key", default);
        _ = await office.Patches.VoteAsync(request.Id, Person(office, "ben"), VoteChoice.Reject, "No.", null, null, default);
        _ = await office.Patches.CloseAsync(new PatchRef(request.Id), default);
        Assert.Equal(ApprovalOutcome.Rejected, (await office.Patches.RequestAsync(Fix, "ann", "key", default)).Decision!.Outcome);
        Assert.Empty(await office.Patches.ListOpenAsync(default).ToListAsync());
    }

    [Fact]
    public async Task The_vote_that_decided_sent_again_still_stands_and_a_changed_one_is_too_late()
    {
        await using var office = await Office.OpenAsync();
        var request = await office.Patches.RequestAsync(Fix, "ann", "key", default);
        for (var i = 0; i < 2; i++)
        {
            _ = await office.Patches.VoteAsync(request.Id, Person(office, "ben"), VoteChoice.Reject, "No.", null, "one", default);
        }

        await Assert.ThrowsAsync<VoteRefusedException>(() => office.Patches.VoteAsync(request.Id, Person(office, "ben"), VoteChoice.Approve, null, null, null, default));
        Assert.Single((await office.Patches.FindAsync(request.Id, default))!.Events);
    }

    [Fact]
    public async Task Votes_of_many_at_once_are_all_kept_and_none_comes_after_the_decision()
    {
        var people = string.Concat(Enumerable.Range(0, 12).Select(static i => $"\n  - {{ id: v{i}, name: V{i}, roles: [approver] }}"));
        await using var office = await Office.OpenAsync(
            Office.QuickPlan.Replace("\ncalendars:", people + "\ncalendars:", StringComparison.Ordinal).Replace("quorum: 2", "quorum: 12", StringComparison.Ordinal));
        var request = await office.Patches.RequestAsync(Fix, "ann", "key", default);
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => office.Patches.VoteAsync(request.Id, Person(office, $"v{i}"), VoteChoice.Approve, null, null, null, default))));
        var found = (await office.Patches.FindAsync(request.Id, default))!;
        Assert.Equal(12, found.At(office.Clock.GetUtcNow()).Votes.Count);
        var refused = await Assert.ThrowsAsync<VoteRefusedException>(() => office.Patches.VoteAsync(request.Id, Person(office, "ben"), VoteChoice.Reject, "Late.", null, null, default));
        Assert.Equal(VoteRefusalKind.Closed, refused.Refusal.Kind);
    }

    [Fact]
    public async Task Closing_twice_gives_the_same_decision_and_tells_the_requester_once()
    {
        await using var office = await Office.OpenAsync();
        var request = await office.Patches.RequestAsync(Fix, "ann", "key", default);
        _ = await office.Patches.VoteAsync(request.Id, Person(office, "ben"), VoteChoice.Reject, "Not before the audit.", null, null, default);
        var first = await office.Patches.CloseAsync(new PatchRef(request.Id), default);
        office.Clock.Advance(TimeSpan.FromDays(1));
        var second = await office.Patches.CloseAsync(new PatchRef(request.Id), default);
        Assert.Equal(first.Decision, second.Decision);
        Assert.Contains("Not before the audit.", first.Decision!.Reason, StringComparison.Ordinal);
        Assert.Single(office.Notifier.Sent, sent => sent == $"patch/{request.Id}/closed → mail:ann@registry.example");
    }

    [Fact]
    public async Task Before_its_expiry_there_is_no_decision_and_from_its_expiry_on_it_is_expired()
    {
        await using var office = await Office.OpenAsync();
        var request = await office.Patches.RequestAsync(Fix, "ann", "key", default);
        office.Clock.Advance(TimeSpan.FromHours(8) - TimeSpan.FromTicks(1));
        Assert.Null((await office.Patches.CloseAsync(new PatchRef(request.Id), default)).Decision);
        office.Clock.Advance(TimeSpan.FromTicks(1));
        await Assert.ThrowsAsync<VoteRefusedException>(() => office.Patches.VoteAsync(request.Id, Person(office, "ben"), VoteChoice.Approve, null, null, null, default));
        Assert.Equal(ApprovalOutcome.Expired, (await office.Patches.CloseAsync(new PatchRef(request.Id), default)).Decision!.Outcome);
    }

    private static Person Person(Office office, string id) => office.Plan.Current.FindPerson(id)!;
}
