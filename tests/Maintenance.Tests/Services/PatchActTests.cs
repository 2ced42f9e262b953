using System.Globalization;
using System.Text.Json;
using Maintenance.Patches;
using Maintenance.Plan;
using Maintenance.Status;
using Maintenance.Storage;

namespace Maintenance.Tests.Services;

/// <summary>Revisions, withdrawals, reviews and imports, and all of them cut off between two writes.</summary>
public sealed class PatchActTests
{
    private static readonly string A = "sha256:" + new string('a', 64);
    private static readonly string B = "sha256:" + new string('b', 64);
    private static readonly NewPatch Fix = new("PostgreSQL 16.5", "Security fix.", PatchType.Normal, PatchSeverity.High, "register") { Artifact = A.ToUpperInvariant().Replace("SHA", "sha", StringComparison.Ordinal) };

    [Fact]
    public async Task A_request_keeps_what_was_asked_for_and_the_terms_of_its_time()
    {
        await using var office = await Office.OpenAsync(Plan("approvers: [approver], quorum: 2, rejections: 2, decides: atExpiry, review: 4h, expiresAfter: 8h", more: 3));
        var asked = Fix with { Components = [" postgres "], Targets = new Dictionary<string, IReadOnlyList<string>> { ["test"] = ["db-1"] }, Rollback = "16.4", Window = "sunday", Implementer = "ben" };
        var made = await office.Patches.RequestAsync(asked, "ann", "key", default);

        office.PlanText = Plan("approvers: [administrator], quorum: 1, excluded: [], expiresAfter: 1h", more: 3);
        await office.Plan.RefreshAsync(default);
        var request = (await office.Patches.FindAsync(made.Id, default))!.Request;
        Assert.Equal(["postgres"], request.Components);
        Assert.Equal(["db-1"], request.Targets["test"]);
        Assert.Equal((A, "16.4", "sunday", "ben"), (request.Artifact, request.Rollback, request.Window, request.Implementer));
        Assert.Equal(["ann", "ben"], request.Excluded);
        Assert.Equal((2, DecisionMoment.AtExpiry, TimeSpan.FromHours(4), 2), (request.Rejections, request.Decides, request.ReviewWithin, request.Quorum));
        Assert.Equal(["approver"], request.Approvers);
        Assert.Equal(VoteRefusalKind.NotAllowed, (await RefusedAsync(() => VoteAsync(office, made, "ben", A))).Kind);
    }

    [Fact]
    public async Task A_vote_on_another_artifact_is_refused_and_a_revision_voids_the_votes_and_wakes_the_workflow()
    {
        await using var office = await Office.OpenAsync();
        var request = await office.Patches.RequestAsync(Fix, "ann", "key", default);
        Assert.Equal(VoteRefusalKind.Stale, (await RefusedAsync(() => VoteAsync(office, request, "ben", B))).Kind);
        Assert.Equal(VoteRefusalKind.Stale, (await RefusedAsync(() => VoteAsync(office, request, "ben", null))).Kind);
        _ = await VoteAsync(office, request, "ben", A);

        Assert.Equal(VoteRefusalKind.NotAllowed, (await RefusedAsync(() => office.Patches.ReviseAsync(request.Id, Person(office, "ben"), B, null, null, default))).Kind);
        Assert.Equal(VoteRefusalKind.Stale, (await RefusedAsync(() => office.Patches.ReviseAsync(request.Id, Person(office, "ann"), A, null, null, default))).Kind);
        for (var i = 0; i < 2; i++)
        {
            _ = await office.Patches.ReviseAsync(request.Id, Person(office, "ann"), B, "Rebuilt.", "once", default);
        }

        var revised = (await office.Patches.FindAsync(request.Id, default))!.At(office.Clock.GetUtcNow());
        Assert.Empty(revised.Votes);
        Assert.Equal((B, 2), (revised.Artifact, revised.Events.Count));
        Assert.Equal([$"{request.Workflow}/decided"], office.Workflows.Raised);
        Assert.Null((await office.Patches.CloseAsync(new PatchRef(request.Id), default)).Decision);
        Assert.Equal(VoteRefusalKind.Stale, (await RefusedAsync(() => VoteAsync(office, request, "cat", A))).Kind);
        _ = await VoteAsync(office, request, "cat", B);
        _ = await VoteAsync(office, request, "ben", B);
        Assert.Equal(ApprovalOutcome.Approved, (await office.Patches.CloseAsync(new PatchRef(request.Id), default)).Decision!.Outcome);
        Assert.Equal(VoteRefusalKind.Closed, (await RefusedAsync(() => office.Patches.ReviseAsync(request.Id, Person(office, "ann"), A, null, null, default))).Kind);
    }

    [Fact]
    public async Task A_request_is_withdrawn_by_who_asked_for_it_and_by_nobody_else()
    {
        await using var office = await Office.OpenAsync();
        var request = await office.Patches.RequestAsync(Fix, "ann", "key", default);
        Assert.Equal(VoteRefusalKind.NotAllowed, (await RefusedAsync(() => office.Patches.WithdrawAsync(request.Id, Person(office, "ben"), null, null, default))).Kind);
        _ = await office.Patches.WithdrawAsync(request.Id, Person(office, "ann"), "Not needed.", "once", default);
        _ = await office.Patches.WithdrawAsync(request.Id, Person(office, "ann"), "Not needed.", "once", default);
        Assert.Equal("Withdrawn by ann: Not needed.", (await office.Patches.CloseAsync(new PatchRef(request.Id), default)).Decision!.Reason);
        Assert.Empty(await office.Patches.ListOpenAsync(default).ToListAsync());
        Assert.Equal(VoteRefusalKind.Closed, (await RefusedAsync(() => VoteAsync(office, request, "ben", A))).Kind);
        Assert.Null(await office.Patches.WithdrawAsync("P-9999", Person(office, "ann"), null, null, default));
    }

    [Fact]
    public async Task A_pre_authorised_change_is_approved_as_it_is_made_and_its_workflow_is_woken()
    {
        await using var office = await Office.OpenAsync(Plan("types: [standard], approvers: [approver], quorum: 0, expiresAfter: 8h } , { approvers: [approver], quorum: 2, expiresAfter: 8h"));
        var request = await office.Patches.RequestAsync(Fix with { Type = PatchType.Standard }, "ann", "key", default);
        Assert.Equal([$"{request.Workflow}/decided"], office.Workflows.Raised);
        _ = await office.Patches.AnnounceAsync(new PatchRef(request.Id), default);
        var verdict = await office.Patches.CloseAsync(new PatchRef(request.Id), default);
        Assert.Equal((ApprovalOutcome.Approved, request.RequestedAt), (verdict.Decision!.Outcome, verdict.Decision.At));
        Assert.Equal(VoteRefusalKind.Closed, (await RefusedAsync(() => VoteAsync(office, request, "ben", A))).Kind);
    }

    [Fact]
    public async Task An_approval_that_owes_a_review_is_listed_until_somebody_who_had_no_part_in_it_gives_one()
    {
        await using var office = await Office.OpenAsync(Plan("approvers: [approver], quorum: 1, review: 4h, expiresAfter: 8h"));
        var request = await office.Patches.RequestAsync(Fix, "cat", "key", default);
        _ = await VoteAsync(office, request, "ben", A);
        Assert.Empty(await OwedAsync(office));
        Assert.Equal(VoteRefusalKind.Closed, (await RefusedAsync(() => office.Patches.ReviewAsync(request.Id, Person(office, "ben"), "Fine.", default))).Kind);
        office.Clock.Advance(TimeSpan.FromMinutes(5));
        _ = await office.Patches.CloseAsync(new PatchRef(request.Id), default);
        var due = request.RequestedAt.AddHours(4);
        Assert.Equal(due, Assert.Single(await OwedAsync(office)).ReviewDueAt);

        Assert.Equal(VoteRefusalKind.NotAllowed, (await RefusedAsync(() => office.Patches.ReviewAsync(request.Id, Person(office, "cat"), "Fine.", default))).Kind);
        for (var i = 0; i < 2; i++)
        {
            var reviewed = await office.Patches.ReviewAsync(request.Id, Person(office, "ann"), "Rightly done.", default);
            Assert.Equal(("ann", "Rightly done."), (reviewed!.Request.Review!.Person, reviewed.Request.Review.Text));
        }

        Assert.Empty(await OwedAsync(office));
        Assert.Equal(VoteRefusalKind.Closed, (await RefusedAsync(() => office.Patches.ReviewAsync(request.Id, Person(office, "ben"), "Too late.", default))).Kind);
        Assert.Null(await office.Patches.ReviewAsync("P-9999", Person(office, "ben"), "None.", default));
    }

    [Fact]
    public async Task No_review_is_owed_for_what_was_not_approved()
    {
        await using var office = await Office.OpenAsync(Plan("approvers: [approver], quorum: 1, review: 4h, expiresAfter: 8h"));
        var request = await office.Patches.RequestAsync(Fix, "cat", "key", default);
        _ = await office.Patches.VoteAsync(request.Id, Person(office, "ben"), VoteChoice.Reject, "No.", A, null, default);
        _ = await office.Patches.CloseAsync(new PatchRef(request.Id), default);
        Assert.Null((await office.Patches.FindAsync(request.Id, default))!.Request.ReviewDueAt);
        Assert.Empty(await OwedAsync(office));
    }

    [Fact]
    public async Task Votes_stored_before_events_were_kept_still_count()
    {
        await using var office = await Office.OpenAsync();
        var request = (await office.Patches.RequestAsync(Fix with { Artifact = null }, "ann", "key", default)) with { Excluded = null };
        await office.Records.WriteAsync(
            Tables.Patches,
            request.Id,
            [
                RecordWrite.Put("request", MaintenanceJson.Write(request)),
                RecordWrite.Insert("vote_ben", MaintenanceJson.Write(new Vote("ben", ["approver"], VoteChoice.Approve, null, office.Clock.GetUtcNow(), "once"))),
            ],
            default);
        _ = await office.Patches.VoteAsync(request.Id, Person(office, "ben"), VoteChoice.Reject, "Sent again with another choice.", null, "once", default);
        var after = await office.Patches.VoteAsync(request.Id, Person(office, "cat"), VoteChoice.Approve, null, null, null, default);
        Assert.Equal("Approved by ben and cat (2 of 2 needed).", after!.DecisionAt(office.Clock.GetUtcNow())!.Reason);
    }

    [Fact]
    public async Task A_life_cut_off_after_any_of_its_writes_ends_as_it_would_have_when_everybody_sends_again()
    {
        // As many writes as the whole life has: request, index, votes, revision, decision, review.
        var plan = Plan("approvers: [approver], quorum: 2, review: 4h, expiresAfter: 8h");
        for (var writes = 0; writes < 40; writes++)
        {
            await using var office = await Office.OpenAsync(plan);
            office.Records.CutAfter(writes);
            var isCut = false;
            try
            {
                await LiveAsync(office);
            }
            catch (CutOffException)
            {
                isCut = true;
                office.Records.Mend();
                await LiveAsync(office);
            }

            await office.Patches.SweepAsync(default);
            var found = Assert.Single(await office.Patches.ListAsync(default).ToListAsync());
            Assert.Equal([ApprovalEffect.Counted, ApprovalEffect.Revised, ApprovalEffect.Counted, ApprovalEffect.Counted], found.At(office.Clock.GetUtcNow()).Events.Select(static told => told.Effect));
            Assert.Equal((ApprovalOutcome.Approved, "Fine."), (found.Request.Decision!.Outcome, found.Request.Review?.Text));
            Assert.Empty(await office.Patches.ListOpenAsync(default).ToListAsync());
            Assert.Empty(await office.Records.QueryAsync(Tables.PatchIndex, "patches", RowRange.Prefix("review_"), default).ToListAsync());
            Assert.Single(office.Workflows.Started);
            Assert.Contains($"patch/{found.Request.Id}/closed → mail:ann@registry.example", office.Notifier.Sent);
            if (!isCut)
            {
                Assert.InRange(writes, 10, 39);
                return;
            }
        }

        Assert.Fail("Forty writes were not enough.");

        static async Task LiveAsync(Office office)
        {
            var request = await office.Patches.RequestAsync(Fix, "ann", "key", default);
            _ = await office.Patches.AnnounceAsync(new PatchRef(request.Id), default);
            _ = await office.Patches.VoteAsync(request.Id, Person(office, "ben"), VoteChoice.Approve, null, A, "ben 1", default);
            _ = await office.Patches.ReviseAsync(request.Id, Person(office, "ann"), B, null, "ann 1", default);
            _ = await office.Patches.VoteAsync(request.Id, Person(office, "ben"), VoteChoice.Approve, null, B, "ben 2", default);
            _ = await office.Patches.VoteAsync(request.Id, Person(office, "cat"), VoteChoice.Approve, null, B, "cat 1", default);
            _ = await office.Patches.CloseAsync(new PatchRef(request.Id), default);
            _ = await office.Patches.ReviewAsync(request.Id, Person(office, "cat"), "Fine.", default);
        }
    }

    [Fact]
    public async Task A_vote_whose_event_was_lost_wakes_the_workflow_when_it_is_sent_again()
    {
        await using var office = await Office.OpenAsync(Plan("approvers: [approver], quorum: 1, expiresAfter: 8h"));
        var request = await office.Patches.RequestAsync(Fix, "ann", "key", default);
        office.Workflows.IsCut = true;
        await Assert.ThrowsAsync<CutOffException>(() => office.Patches.VoteAsync(request.Id, Person(office, "ben"), VoteChoice.Approve, null, A, "one", default));
        office.Workflows.IsCut = false;
        _ = await office.Patches.VoteAsync(request.Id, Person(office, "ben"), VoteChoice.Approve, null, A, "one", default);
        Assert.Equal([$"{request.Workflow}/decided"], office.Workflows.Raised);
        Assert.Single((await office.Patches.FindAsync(request.Id, default))!.Events);
    }

    [Fact]
    public async Task An_import_makes_a_request_for_each_update_and_importing_again_by_anybody_makes_none()
    {
        await using var office = await Office.OpenAsync();
        var report = JsonSerializer.Deserialize<JsonElement>("""
            {"version":1,"projects":[{"path":"a/App.csproj","frameworks":[{"framework":"net10.0","topLevelPackages":[
              {"id":"X","resolvedVersion":"1.0.0","latestVersion":"1.1.0"},{"id":"Y","resolvedVersion":"1.0.0","latestVersion":"2.0.0"}]}]}]}
            """);
        var updates = PackageUpdates.Read([report]).Updates;
        office.Records.CutAfter(5);
        await Assert.ThrowsAsync<CutOffException>(() => office.Patches.ImportAsync(updates, "register", "ann", default));
        office.Records.Mend();
        var second = await office.Patches.ImportAsync(updates, "register", "ann", default);
        var third = await office.Patches.ImportAsync(updates, "register", "ben", default);
        Assert.Equal(["Update X 1.0.0 → 1.1.0", "Update Y 1.0.0 → 2.0.0"], third.Select(static patch => patch.Title));
        Assert.Equal([false, true], second.Select(static patch => patch.IsNew));
        Assert.All(third, static patch => Assert.False(patch.IsNew));
        Assert.Equal(second.Select(static patch => patch.Id), third.Select(static patch => patch.Id));
        Assert.Equal(2, await office.Patches.ListAsync(default).CountAsync());
        Assert.Equal(second.Select(static patch => patch.Id).Reverse(), await office.Patches.ListRecentAsync(10, default).Select(static found => found.Request.Id).ToListAsync());
    }

    [Theory]
    [InlineData("artifact", "sha256:12")]
    [InlineData("artifact", "md5")]
    [InlineData("components", "")]
    [InlineData("rollback", " ")]
    [InlineData("window", "")]
    [InlineData("implementer", "nobody")]
    [InlineData("targets", "")]
    public async Task A_member_that_is_wrong_is_named(string field, string value)
    {
        await using var office = await Office.OpenAsync();
        var patch = field switch
        {
            "artifact" => Fix with { Artifact = value },
            "components" => Fix with { Components = [value] },
            "rollback" => Fix with { Rollback = value },
            "window" => Fix with { Window = value },
            "targets" => Fix with { Targets = new Dictionary<string, IReadOnlyList<string>> { [value] = ["a"] } },
            _ => Fix with { Implementer = value },
        };
        Assert.Equal([field], PatchRules.Check(office.Plan.Current, patch, "ann").Keys);
    }

    [Fact]
    public async Task An_implementer_who_leaves_too_few_voters_is_refused_when_the_patch_is_asked_for()
    {
        // Ann asks, Ben would do it: Cat alone is left of two that are needed.
        await using var office = await Office.OpenAsync();
        var errors = PatchRules.Check(office.Plan.Current, Fix with { Implementer = "ben" }, "ann");
        Assert.Contains("ann and ben only 1 may vote, and 2 must approve", Assert.Single(errors).Value[0], StringComparison.Ordinal);
        Assert.Empty(PatchRules.Check(office.Plan.Current, Fix with { Implementer = "ann" }, "ann"));
        Assert.Empty(PatchRules.Check(office.Plan.Current, Fix with { Implementer = "ben" }));
    }

    [Fact]
    public void An_owed_review_is_something_to_do_and_an_overdue_one_an_alarm()
    {
        var now = DateTimeOffset.Parse("2026-11-22T12:00Z", CultureInfo.InvariantCulture);
        var status = new PlanStatus("hash", now, false, []);
        IReadOnlyList<AttentionItem> Look(int minutes) => Attention.Of(now, status, [], [], [], [], [.. TimerService.All.Select(timer => new Heartbeat(timer, now, null))], null, [new("P-1007", "OpenSSL", now.AddMinutes(minutes))]);
        Assert.Equal([new(AttentionSeverity.Action, "P-1007 owes a review within 1h: OpenSSL", "/patches/P-1007")], Look(60));
        Assert.Equal(AttentionSeverity.Action, Assert.Single(Look(0)).Severity);
        Assert.Equal([new(AttentionSeverity.Alarm, "P-1007 should have been reviewed 1h ago, and has not been: OpenSSL", "/patches/P-1007")], Look(-60));
    }

    private static Task<PatchCase?> VoteAsync(Office office, PatchRequest request, string person, string? artifact) =>
        office.Patches.VoteAsync(request.Id, Person(office, person), VoteChoice.Approve, null, artifact, null, default);

    private static async Task<VoteRefusal> RefusedAsync(Func<Task> act) => (await Assert.ThrowsAsync<VoteRefusedException>(act)).Refusal;

    private static async Task<List<PatchRequest>> OwedAsync(Office office) => await office.Patches.ListOwedReviewsAsync(default).ToListAsync();

    private static Person Person(Office office, string id) => office.Plan.Current.FindPerson(id)!;

    private static string Plan(string rule, int more = 0)
    {
        var people = string.Concat(Enumerable.Range(0, more).Select(static i => $"\n  - {{ id: v{i}, name: V{i}, roles: [approver] }}"));
        return Office.QuickPlan.Replace("\ncalendars:", people + "\ncalendars:", StringComparison.Ordinal)
            .Replace("{ approvers: [approver], quorum: 2, expiresAfter: 8h }", "{ " + rule + " }", StringComparison.Ordinal);
    }
}
