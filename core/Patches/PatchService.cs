using System.Runtime.CompilerServices;
using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.ServiceLevels;
using Maintenance.Storage;
using Maintenance.Workflows;

namespace Maintenance.Patches;

/// <summary>Patch requests and their votes.</summary>
public sealed class PatchService(
    IRecordStore records, IWorkflows workflows, ActivePlan plan, NumberSeries numbers, NotificationService notifications, TimeProvider time)
{
    private const string Index = "patches";
    private const string RequestRow = "request";

    /// <summary>A workflow stores a decision within seconds; one that has not done so by then has failed.</summary>
    private static readonly TimeSpan GivenUp = TimeSpan.FromMinutes(1);

    /// <summary>Makes a request and starts its approval.</summary>
    /// <param name="patch">What is asked for, checked by <see cref="Check"/>.</param>
    /// <param name="requestedBy">The id of the person who asks.</param>
    /// <param name="key">The same key is the same request, sent again.</param>
    /// <param name="cancellation">Stops between two writes; calling again with the same key goes on.</param>
    public async Task<PatchRequest> RequestAsync(NewPatch patch, string requestedBy, string key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(patch);
        var current = plan.Current;
        if (Check(current, patch) is { Count: > 0 } errors)
        {
            throw new ArgumentException(string.Join(' ', errors.SelectMany(static e => e.Value)), nameof(patch));
        }

        var number = await numbers.ClaimAsync(Index, key, cancellation);
        var id = $"P-{number}";
        var rule = current.Patching.For(patch.Type, patch.Severity)!;
        var now = time.GetUtcNow();
        var request = new PatchRequest(
            id, patch.Title.Trim(), patch.Description.Trim(), patch.Type, patch.Severity, patch.Service, requestedBy, now, rule.Approvers, rule.Quorum,
            ServiceClock.Due(current.Calendar(current.Patching.Calendar), now, rule.ExpiresAfter));

        if (await FindAsync(id, cancellation) is { Request: var earlier })
        {
            if (earlier.Decision is null)
            {
                _ = await workflows.StartAsync(PatchWorkflows.Approval, earlier.Workflow, new PatchRef(id), cancellation);
            }

            return earlier;
        }

        // The index first: a crash before the request is stored leaves rows that point at nothing, not a request that nobody sees.
        var pointer = MaintenanceJson.Write(new PatchRef(id));
        await records.WriteAsync(Tables.PatchIndex, Index, [RecordWrite.Put("open_" + id, pointer), RecordWrite.Put("id_" + NumberSeries.Key(number), pointer)], cancellation);
        if (!await records.TryInsertAsync(Tables.Patches, id, RequestRow, request, cancellation))
        {
            request = (await FindAsync(id, cancellation))!.Request;
        }

        _ = await workflows.StartAsync(PatchWorkflows.Approval, request.Workflow, new PatchRef(id), cancellation);
        return request;
    }

    /// <summary>What is wrong with what is asked for, by field; empty where nothing is.</summary>
    public static IReadOnlyDictionary<string, string[]> Check(OperationsPlan plan, NewPatch patch)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(patch);
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (string.IsNullOrWhiteSpace(patch.Title) || patch.Title.Length > 200)
        {
            errors["title"] = ["Say in 1 to 200 characters what it is."];
        }

        if (string.IsNullOrWhiteSpace(patch.Description) || patch.Description.Length > 10_000)
        {
            errors["description"] = ["Say in 1 to 10,000 characters what it changes, why, and how it is rolled back."];
        }

        if (plan.FindService(patch.Service) is null)
        {
            errors["service"] = [$"Choose one of: {string.Join(", ", plan.Services.Select(static service => service.Id))}."];
        }

        return errors;
    }

    /// <summary>Casts a vote. It is durable when the task completes.</summary>
    /// <param name="id">The request.</param>
    /// <param name="voter">Who votes.</param>
    /// <param name="choice">For or against.</param>
    /// <param name="comment">Why.</param>
    /// <param name="key">The same key from the same person is the same vote, sent again; null where the sender has none.</param>
    /// <param name="cancellation">Gives up waiting; the vote may have been cast.</param>
    /// <returns>The request with its votes afterwards; null where there is none.</returns>
    /// <exception cref="VoteRefusedException">This person may not vote on it, or it is decided.</exception>
    public async Task<PatchCase?> VoteAsync(string id, Person voter, VoteChoice choice, string? comment, string? key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(voter);
        for (var attempt = 1; ; attempt++)
        {
            var request = await records.FindAsync<PatchRequest>(Tables.Patches, id, RequestRow, cancellation);
            if (request is null)
            {
                return null;
            }

            var votes = await VotesAsync(id, cancellation);
            if (key is not null && votes.Any(cast => cast.Person == voter.Id && cast.Key == key))
            {
                // The same request sent again, perhaps because the answer to the first was lost: its vote stands, also where it decided.
                return new PatchCase(request.Value, votes);
            }

            var now = time.GetUtcNow();
            if (Approval.MayVote(request.Value, votes, voter.Id, voter.Roles, now) is { } refusal)
            {
                throw new VoteRefusedException(refusal);
            }

            var vote = new Vote(voter.Id, voter.Roles, choice, comment, now, key);
            try
            {
                // The request is written with the vote, unchanged but for its ETag: two votes at once follow one another, and none comes after the decision.
                await records.WriteAsync(
                    Tables.Patches,
                    id,
                    [
                        RecordWrite.Replace(RequestRow, MaintenanceJson.Write(request.Value), request.ETag),
                        RecordWrite.Put("vote_" + voter.Id, MaintenanceJson.Write(vote)),
                    ],
                    cancellation);
            }
            catch (RecordConflictException) when (attempt < 50)
            {
                continue;
            }

            votes = await VotesAsync(id, cancellation);
            if (Approval.Decide(request.Value, votes, now) is not null)
            {
                await workflows.RaiseAsync(request.Value.Workflow, PatchWorkflows.Decided, cancellation);
            }

            return new PatchCase(request.Value, votes);
        }
    }

    /// <summary>A request with its votes, or null.</summary>
    public async Task<PatchCase?> FindAsync(string id, CancellationToken cancellation) =>
        await records.FindAsync<PatchRequest>(Tables.Patches, id, RequestRow, cancellation) is { } request
            ? new PatchCase(request.Value, await VotesAsync(id, cancellation))
            : null;

    /// <summary>The requests that wait for votes.</summary>
    public IAsyncEnumerable<PatchCase> ListOpenAsync(CancellationToken cancellation) => ListAsync("open_", cancellation);

    /// <summary>All requests, oldest first.</summary>
    public IAsyncEnumerable<PatchCase> ListAsync(CancellationToken cancellation) => ListAsync("id_", cancellation);

    /// <summary>
    /// Mends what a crash or an outage may have left: a request without its workflow is started, a workflow that missed its decision is woken, and a decision
    /// whose workflow has given up is stored here. One request that cannot be read holds up no other.
    /// </summary>
    public Task SweepAsync(CancellationToken cancellation) =>
        EachAsync.RunAsync(records.ListAsync<PatchRef>(Tables.PatchIndex, Index, RowRange.Prefix("open_"), cancellation), row => SweepAsync(row.Value, cancellation));

    private async Task SweepAsync(PatchRef patch, CancellationToken cancellation)
    {
        if (await FindAsync(patch.Patch, cancellation) is not { } found)
        {
            return;
        }

        var (request, now) = (found.Request, time.GetUtcNow());
        if ((request.Decision ?? Approval.Decide(request, found.Votes, now)) is not { } decision)
        {
            _ = await workflows.StartAsync(PatchWorkflows.Approval, request.Workflow, patch, cancellation);
        }
        else if (now - decision.At > GivenUp)
        {
            _ = await CloseAsync(patch, cancellation);
        }
        else
        {
            _ = await workflows.StartAsync(PatchWorkflows.Approval, request.Workflow, patch, cancellation);
            await workflows.RaiseAsync(request.Workflow, PatchWorkflows.Decided, cancellation);
        }
    }

    /// <summary>Activity: tells the people who may vote.</summary>
    public async Task<PatchTerms> AnnounceAsync(PatchRef patch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(patch);
        var request = (await RequiredAsync(patch, cancellation)).Value;
        var text = $"{request.RequestedBy} asks for approval of {request.Id} ({request.Type}, severity {request.Severity}, service {request.Service}): {request.Title}\n\n{request.Description}\n\n{request.Quorum} must approve before {request.ExpiresAt:u}.";
        var voters = plan.Current.Resolve(request.Approvers).Where(person => person.Id != request.RequestedBy).Select(static person => person.Id);
        try
        {
            await notifications.NotifyAsync(
                plan.Current, new Notification($"patch/{request.Id}/announce", $"Approval wanted: {request.Id} {request.Title}", text, "/patches/" + request.Id), voters, [], cancellation);
        }
        catch (NotificationFailedException) when (time.GetUtcNow() - request.RequestedAt > TimeSpan.FromSeconds(30))
        {
            // The page and the log show the request; a mail relay that stays down must not keep it from being decided.
        }

        return new PatchTerms(request.ExpiresAt);
    }

    /// <summary>Activity: decides by the stored votes; where there is a decision, stores it and tells the requester.</summary>
    public async Task<PatchVerdict> CloseAsync(PatchRef patch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(patch);
        Decision? decision;
        PatchRequest request;
        for (var attempt = 1; ; attempt++)
        {
            var stored = await RequiredAsync(patch, cancellation);
            request = stored.Value;
            decision = request.Decision ?? Approval.Decide(request, await VotesAsync(request.Id, cancellation), time.GetUtcNow());
            if (decision is null)
            {
                return new PatchVerdict(null);
            }

            if (request.Decision is not null)
            {
                break;
            }

            try
            {
                await records.WriteAsync(
                    Tables.Patches, request.Id, RecordWrite.Replace(RequestRow, MaintenanceJson.Write(request with { Decision = decision }), stored.ETag), cancellation);
                break;
            }
            catch (RecordConflictException) when (attempt < 50)
            {
                // A vote came in between: decide again with it.
            }
        }

        await records.WriteAsync(Tables.PatchIndex, Index, RecordWrite.Delete("open_" + request.Id), cancellation);
        try
        {
            var outcome = decision.Outcome.ToString().ToLowerInvariant();
            await notifications.NotifyAsync(
                plan.Current,
                new Notification($"patch/{request.Id}/closed", $"{request.Id} is {outcome}: {request.Title}", decision.Reason, "/patches/" + request.Id),
                [request.RequestedBy],
                [],
                cancellation);
        }
        catch (NotificationFailedException)
        {
            // The decision stands whether or not the mail relay does; the page and the log show it.
        }

        return new PatchVerdict(decision);
    }

    private async Task<Versioned<PatchRequest>> RequiredAsync(PatchRef patch, CancellationToken cancellation) =>
        await records.FindAsync<PatchRequest>(Tables.Patches, patch.Patch, RequestRow, cancellation)
        ?? throw new InvalidOperationException($"There is no patch request '{patch.Patch}'.");

    private async Task<IReadOnlyList<Vote>> VotesAsync(string id, CancellationToken cancellation)
    {
        var votes = new List<Vote>();
        await foreach (var vote in records.ListAsync<Vote>(Tables.Patches, id, RowRange.Prefix("vote_"), cancellation))
        {
            votes.Add(vote.Value);
        }

        return votes;
    }

    private async IAsyncEnumerable<PatchCase> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var row in records.ListAsync<PatchRef>(Tables.PatchIndex, Index, RowRange.Prefix(prefix), cancellation))
        {
            if (await FindAsync(row.Value.Patch, cancellation) is { } found)
            {
                yield return found;
            }
        }
    }
}
