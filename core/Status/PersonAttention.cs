using Maintenance.Patches;
using Maintenance.Plan;
using Maintenance.Recovery;
using Maintenance.Tickets;
using Maintenance.Time;

namespace Maintenance.Status;

/// <summary>What waits for one person: votes that only people like them can give, steps and gates of recoveries, and their own tickets. Pure.</summary>
public static class PersonAttention
{
    /// <summary>The list, the most pressing first.</summary>
    /// <param name="person">Who looks.</param>
    /// <param name="patches">Patch requests that are open.</param>
    /// <param name="recoveries">Recoveries and drills that are under way.</param>
    /// <param name="tickets">Open tickets that are theirs.</param>
    /// <param name="now">The instant (UTC).</param>
    public static IReadOnlyList<AttentionItem> Of(Person person, IEnumerable<PatchCase> patches, IEnumerable<RecoveryRun> recoveries, IEnumerable<Ticket> tickets, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(patches);
        ArgumentNullException.ThrowIfNull(recoveries);
        ArgumentNullException.ThrowIfNull(tickets);
        return [.. recoveries.SelectMany(run => Steps(person, run)).Concat(tickets.Select(ticket => Clock(ticket, now)).OfType<AttentionItem>()).Concat(patches.Select(patch => Vote(person, patch, now)).OfType<AttentionItem>()).OrderByDescending(static item => item.Severity)];
    }

    private static IEnumerable<AttentionItem> Steps(Person person, RecoveryRun run)
    {
        if (run.State != RecoveryState.Running)
        {
            yield break;
        }

        foreach (var step in run.Script.Steps)
        {
            var state = run.Step(step.Id);
            var isTheirs = step.Gate is null || state.State == RecoveryStepState.Failed
                ? person.Id == step.Owner || person.Roles.Contains(step.Owner)
                : RecoveryMoves.MayVote(run, step.Id, person) is null && state.Votes.All(vote => vote.Person != person.Id);
            if (isTheirs && state.State is RecoveryStepState.Waiting or RecoveryStepState.Failed)
            {
                var severity = run.Kind == RecoveryKind.Recovery ? AttentionSeverity.Alarm : AttentionSeverity.Action;
                yield return new(severity, $"{run.Id}: {step.Name}: {(state.State == RecoveryStepState.Failed ? "it has failed, and you decide" : step.Gate is null ? "it waits for you" : "your vote on the cut-over")}", "/recovery/" + run.Id);
            }
        }
    }

    private static AttentionItem? Vote(Person person, PatchCase patch, DateTimeOffset now) =>
        patch.Request.Decision is null && Approval.MayVote(patch, person.Id, person.Roles, now) is null && patch.At(now) is var tally && tally.Votes.All(vote => vote.Person != person.Id)
            ? new(
                AttentionSeverity.Action, $"Your vote on {patch.Request.Id}: {patch.Request.Title} ({tally.Approvals} of {patch.Request.Quorum} approvals, {(patch.Request.ExpiresAt > now ? $"{Durations.Rough(patch.Request.ExpiresAt - now)} left" : "expired")})",
                "/patches/" + patch.Request.Id)
            : null;

    private static AttentionItem? Clock(Ticket ticket, DateTimeOffset now)
    {
        if (!ticket.IsOpen || ticket.Running is not { } target || ticket.Due(target) is not { } due)
        {
            return null;
        }

        var (what, path) = (target.ToString().ToLowerInvariant(), "/tickets/" + ticket.Id);
        return now > due ? new(AttentionSeverity.Alarm, $"{ticket.Id} is yours, and its {what} is {Durations.Rough(now - due)} late: {ticket.Title}", path)
            : due - now <= Attention.Soon ? new(AttentionSeverity.Warning, $"{ticket.Id} is yours, and its {what} is due in {Durations.Rough(due - now)}: {ticket.Title}", path)
            : ticket.State == TicketState.New ? new(AttentionSeverity.Action, $"{ticket.Id} is yours, and nobody has begun: {ticket.Title}", path)
            : null;
    }
}
