using System.Security.Cryptography;
using Maintenance.Plan;
using Maintenance.Storage;

namespace Maintenance.Patches;

/// <content>What people do to a request while it is open: each an event, durable when the task completes.</content>
public sealed partial class PatchService
{
    /// <summary>Casts a vote.</summary>
    /// <param name="id">The request.</param>
    /// <param name="voter">Who votes.</param>
    /// <param name="choice">For or against.</param>
    /// <param name="comment">Why.</param>
    /// <param name="artifact">The hash of the artifact that the voter saw; null where the request has none.</param>
    /// <param name="key">The same key from the same person is the same vote, sent again; null where the sender has none.</param>
    /// <param name="cancellation">Gives up waiting; the vote may have been cast.</param>
    /// <returns>The request with its events afterwards; null where there is none.</returns>
    /// <exception cref="VoteRefusedException">This person may not vote on it, it is decided, or it has another artifact.</exception>
    public Task<PatchCase?> VoteAsync(string id, Person voter, VoteChoice choice, string? comment, string? artifact, string? key, CancellationToken cancellation) =>
        AddAsync(id, voter, key, (eventId, at) => new ApprovalEvent(eventId, at, voter.Id, voter.Roles, ApprovalEventKind.Vote, choice, comment, artifact), cancellation);

    /// <summary>Puts another artifact in the place of the one that is voted on: all votes are void, and the expiry stays.</summary>
    /// <param name="id">The request.</param>
    /// <param name="person">Who revises it: who asked for it, or implements it.</param>
    /// <param name="artifact">The hash of the new artifact, as <see cref="PatchRules.NormaliseArtifact"/> has it.</param>
    /// <param name="comment">What was changed, or null.</param>
    /// <param name="key">The same key from the same person is the same revision, sent again; null where the sender has none.</param>
    /// <param name="cancellation">Gives up waiting; it may have been revised.</param>
    /// <returns>The request with its events afterwards; null where there is none.</returns>
    /// <exception cref="VoteRefusedException">This person may not revise it, it is decided, or it has this artifact already.</exception>
    public Task<PatchCase?> ReviseAsync(string id, Person person, string artifact, string? comment, string? key, CancellationToken cancellation) =>
        AddAsync(id, person, key, (eventId, at) => new ApprovalEvent(eventId, at, person.Id, person.Roles, ApprovalEventKind.Revise, null, comment, artifact), cancellation);

    /// <summary>Withdraws a request.</summary>
    /// <param name="id">The request.</param>
    /// <param name="person">Who withdraws it: who asked for it.</param>
    /// <param name="comment">Why, or null.</param>
    /// <param name="key">The same key from the same person is the same withdrawal, sent again; null where the sender has none.</param>
    /// <param name="cancellation">Gives up waiting; it may have been withdrawn.</param>
    /// <returns>The request with its events afterwards; null where there is none.</returns>
    /// <exception cref="VoteRefusedException">This person may not withdraw it, or it is decided.</exception>
    public Task<PatchCase?> WithdrawAsync(string id, Person person, string? comment, string? key, CancellationToken cancellation) =>
        AddAsync(id, person, key, (eventId, at) => new ApprovalEvent(eventId, at, person.Id, person.Roles, ApprovalEventKind.Withdraw, null, comment), cancellation);

    private async Task<PatchCase?> AddAsync(string id, Person person, string? key, Func<string, DateTimeOffset, ApprovalEvent> make, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(person);
        var eventId = key ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
        for (var attempt = 1; ; attempt++)
        {
            if (await _log.FindAsync(id, cancellation) is not { } read)
            {
                return null;
            }

            var now = time.GetUtcNow();
            var before = read.Value;
            if (key is not null && before.Events.Any(earlier => earlier.Person == person.Id && earlier.Id == key))
            {
                // The same request sent again, perhaps because the answer to the first was lost: it stands, also where it decided. Its event may not have been raised.
                await WakeAsync(before, now, cancellation);
                return before;
            }

            var next = make(eventId, before.Next(now));
            if ((Approval.Refusal(before, next, now) ?? Unchanged(before, next, now)) is { } refusal)
            {
                throw new VoteRefusedException(refusal);
            }

            try
            {
                await _log.AppendAsync(read, next, cancellation);
            }
            catch (RecordConflictException) when (attempt < 50)
            {
                continue;
            }

            var after = before with { Events = [.. before.Events, next] };
            if (next.Kind == ApprovalEventKind.Vote)
            {
                await WakeAsync(after, now, cancellation);
            }
            else
            {
                await workflows.RaiseAsync(after.Request.Workflow, PatchWorkflows.Decided, cancellation);
            }

            return after;
        }
    }

    /// <summary>A revision that changes nothing would void votes on the very artifact that they name; sent twice without a key, it must not.</summary>
    private static VoteRefusal? Unchanged(PatchCase before, ApprovalEvent next, DateTimeOffset now) =>
        next.Kind == ApprovalEventKind.Revise && before.At(now).Artifact == next.Artifact ? new VoteRefusal(VoteRefusalKind.Stale, $"{next.Artifact} is the current artifact already.") : null;

    /// <summary>Wakes the workflow of a request that is decided and not closed.</summary>
    private async Task WakeAsync(PatchCase found, DateTimeOffset now, CancellationToken cancellation)
    {
        if (found.Request.Decision is null && found.At(now).Decision is not null)
        {
            await workflows.RaiseAsync(found.Request.Workflow, PatchWorkflows.Decided, cancellation);
        }
    }
}
