using System.Runtime.CompilerServices;
using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.ServiceLevels;
using Maintenance.Storage;

namespace Maintenance.Patches;

/// <content>What a request's workflow does, and what happens after the decision.</content>
public sealed partial class PatchService
{
    private const string ReviewRows = "review_";

    /// <summary>
    /// Mends what a crash or an outage may have left: a request without its workflow is started, a workflow that missed its decision is woken, and a decision
    /// whose workflow has given up is stored here; a review that was given is no longer listed as owed. One request that cannot be read holds up no other.
    /// </summary>
    public Task SweepAsync(CancellationToken cancellation) => EachAsync.RunAsync<Func<Task>>(
        [
            () => EachAsync.RunAsync(records.ListAsync<PatchRef>(Tables.PatchIndex, Index, RowRange.Prefix(OpenRows), cancellation), row => SweepAsync(row.Value, cancellation)),
            () => EachAsync.RunAsync(records.QueryAsync(Tables.PatchIndex, Index, RowRange.Prefix(ReviewRows), cancellation), row => SweepReviewAsync(row, cancellation)),
        ],
        static sweep => sweep());

    /// <summary>The reviews that are owed, those due first in front.</summary>
    public async IAsyncEnumerable<PatchRequest> ListOwedReviewsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var row in records.QueryAsync(Tables.PatchIndex, Index, RowRange.Prefix(ReviewRows), cancellation))
        {
            if (await _log.FindRequestAsync(MaintenanceJson.Read<PatchRef>(row.Json).Patch, cancellation) is { Value: var request } && Owes(request, row.RowKey))
            {
                yield return request;
            }
        }
    }

    /// <summary>Records the review that a change owes.</summary>
    /// <param name="id">The request.</param>
    /// <param name="person">Who reviewed it: an approver or an administrator who neither asked for it nor implemented it.</param>
    /// <param name="text">What was found.</param>
    /// <param name="cancellation">Gives up waiting; it may have been recorded.</param>
    /// <returns>The request afterwards; null where there is none. The same review of the same person, sent again, is that review.</returns>
    /// <exception cref="VoteRefusedException">This person may not review it, it owes no review, or another one was given.</exception>
    public async Task<PatchCase?> ReviewAsync(string id, Person person, string text, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(person);
        for (var attempt = 1; ; attempt++)
        {
            if (await _log.FindAsync(id, cancellation) is not { } read)
            {
                return null;
            }

            var request = read.Value.Request;
            if (request.Review is not { } given || given.Person != person.Id || given.Text != text)
            {
                if (Approval.MayReview(request, person.Id, person.Roles) is { } refusal)
                {
                    throw new VoteRefusedException(refusal);
                }

                request = request with { Review = new Review(person.Id, time.GetUtcNow(), text) };
                try
                {
                    await _log.ReplaceAsync(request, read.ETag, cancellation);
                }
                catch (RecordConflictException) when (attempt < 50)
                {
                    continue;
                }
            }

            await records.WriteAsync(Tables.PatchIndex, Index, RecordWrite.Delete(ReviewRow(request)), cancellation);
            return read.Value with { Request = request };
        }
    }

    /// <summary>Activity: tells the people who may vote.</summary>
    public async Task<PatchTerms> AnnounceAsync(PatchRef patch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(patch);
        var request = (await RequiredAsync(patch, cancellation)).Value.Request;
        var terms = request.Terms;
        var wanted = request.Quorum > 0;
        var needed = wanted ? $"{request.Quorum} must approve before {request.ExpiresAt:u}." : "It is a pre-authorised change: nobody needs to vote.";
        var text = $"{request.RequestedBy} asks for approval of {request.Id} ({request.Type}, severity {request.Severity}, service {request.Service}): {request.Title}\n\n{request.Description}\n\n{needed}";
        var voters = plan.Current.Resolve(request.Approvers).Select(static person => person.Id).Except(terms.Excluded).Where(person => person != request.RequestedBy);
        var subject = $"{(wanted ? "Approval wanted" : "Pre-authorised")}: {request.Id} {request.Title}";
        var notification = new Notification($"patch/{request.Id}/announce", subject, text, "/patches/" + request.Id)
        {
            Category = NotificationTemplates.ApprovalNeeded,
            IsUrgent = wanted && request.Type == PatchType.Emergency,
        };
        await notifications.NotifyAsync(plan.Current, notification, voters, [], cancellation);
        return new PatchTerms(request.ExpiresAt);
    }

    /// <summary>Activity: decides by the stored events; where there is a decision, stores it with what follows from it, and tells the requester.</summary>
    public async Task<PatchVerdict> CloseAsync(PatchRef patch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(patch);
        PatchRequest request;
        for (var attempt = 1; ; attempt++)
        {
            var read = await RequiredAsync(patch, cancellation);
            request = read.Value.Request;
            if (request.Decision is not null)
            {
                break;
            }

            if (read.Value.At(time.GetUtcNow()).Decision is not { } decision)
            {
                return new PatchVerdict(null);
            }

            request = Decided(request, decision);
            if (request.ReviewDueAt is not null)
            {
                // Before the request says so: a crash in between leaves a row that is passed over, not a review that nobody is asked for.
                await records.WriteAsync(Tables.PatchIndex, Index, RecordWrite.Put(ReviewRow(request), MaintenanceJson.Write(new PatchRef(request.Id))), cancellation);
            }

            try
            {
                await _log.ReplaceAsync(request, read.ETag, cancellation);
                break;
            }
            catch (RecordConflictException) when (attempt < 50)
            {
                // An event came in between: decide again with it.
            }
        }

        // What an approval sets going belongs here: the decision is stored, and whatever is cut off from here on is done again, since the request is still listed as open.
        if (request.Decision!.Outcome == ApprovalOutcome.Approved)
        {
            var replay = (await RequiredAsync(patch, cancellation)).Value.At(request.Decision.At);
            var approvers = replay.Votes.Where(static vote => vote.Choice == VoteChoice.Approve).Select(static vote => vote.Person);
            await rollouts.StartAsync(request, replay.Artifact, [.. approvers], cancellation);
        }

        await records.WriteAsync(Tables.PatchIndex, Index, RecordWrite.Delete(OpenRows + request.Id), cancellation);
        await TellAsync(request, request.Decision!, cancellation);
        return new PatchVerdict(request.Decision);
    }

    /// <summary>A request with its decision, and the review that an approval may owe.</summary>
    private PatchRequest Decided(PatchRequest request, Decision decision)
    {
        var current = plan.Current;
        return request with
        {
            Decision = decision,
            ReviewDueAt = decision.Outcome == ApprovalOutcome.Approved && request.ReviewWithin is { } within
                ? ServiceClock.Due(current.Calendar(current.Patching.Calendar), decision.At, within)
                : null,
        };
    }

    private async Task TellAsync(PatchRequest request, Decision decision, CancellationToken cancellation)
    {
        var owed = request.ReviewDueAt is { } due ? $"\n\nIt owes a review by {due:u}, by an approver or administrator who neither asked for it nor implemented it." : "";
        await notifications.NotifyAsync(
            plan.Current,
            new Notification($"patch/{request.Id}/closed", $"{request.Id} is {ApprovalWords.Outcome(decision)}: {request.Title}", decision.Reason + owed, "/patches/" + request.Id) { Category = "patch-closed" },
            [request.RequestedBy],
            [],
            cancellation);
    }

    private async Task SweepAsync(PatchRef patch, CancellationToken cancellation)
    {
        if (await FindAsync(patch.Patch, cancellation) is not { } found)
        {
            return;
        }

        var now = time.GetUtcNow();
        switch (Approval.Care(found.DecisionAt(now), now))
        {
            case ApprovalCare.Close:
                _ = await CloseAsync(patch, cancellation);
                break;
            default:
                await StartAsync(found, cancellation);
                break;
        }
    }

    /// <summary>Drops a row that a crash left: its review was given, or it is due at another time.</summary>
    private async Task SweepReviewAsync(StoredRecord row, CancellationToken cancellation)
    {
        var request = (await _log.FindRequestAsync(MaintenanceJson.Read<PatchRef>(row.Json).Patch, cancellation))?.Value;
        if (request is null || (request.Decision is not null && !Owes(request, row.RowKey)))
        {
            await records.WriteAsync(Tables.PatchIndex, Index, RecordWrite.Delete(row.RowKey), cancellation);
        }
    }

    private static bool Owes(PatchRequest request, string row) => request is { ReviewDueAt: not null, Review: null } && ReviewRow(request) == row;

    private static string ReviewRow(PatchRequest request) => $"{ReviewRows}{RecordKeys.Instant(request.ReviewDueAt!.Value)}_{request.Id}";

    private async Task<Versioned<PatchCase>> RequiredAsync(PatchRef patch, CancellationToken cancellation) =>
        await _log.FindAsync(patch.Patch, cancellation) ?? throw new InvalidOperationException($"There is no patch request '{patch.Patch}'.");
}
