using Maintenance.Backups;
using Maintenance.Plan;
using Maintenance.Plan.Document;
using Maintenance.Recovery;
using Maintenance.Storage;
using Maintenance.Tickets;
using Maintenance.Training;
using NodaTime;

namespace Maintenance.Handover;

/// <summary>A handover as it stands.</summary>
/// <param name="Plan">As the plan has it.</param>
/// <param name="State">What people said; null where it has not begun.</param>
/// <param name="Assessment">How ready it is.</param>
/// <param name="Document">The document in Markdown: as it is signed, or as it would be written now.</param>
/// <param name="Hash">Its SHA-256: what is signed.</param>
public sealed record HandoverStanding(HandoverPlan Plan, HandoverState? State, HandoverAssessment Assessment, string Document, string Hash);

/// <summary>The handover of the plan. What people said is one record; a document is stored before anybody's signature under it is.</summary>
public sealed class HandoverService(IRecordStore records, TicketService tickets, BackupService backups, RecoveryService recoveries, TrainingService training, ActivePlan plan, TimeProvider time)
{
    private const string Head = "state";
    private const int MostDrills = 200;

    /// <summary>How it stands; null where the plan has no handover.</summary>
    public async Task<HandoverStanding?> FindAsync(CancellationToken cancellation) =>
        plan.Current.Handover is { } handover ? await StandAsync(handover, (await StateAsync(handover, cancellation))?.Value, cancellation) : null;

    /// <summary>Begins it: from now on drills count, and what is outstanding has its tickets. Begun again it goes on.</summary>
    /// <returns>How it stands; null where the plan has no handover.</returns>
    /// <exception cref="HandoverRefusedException">They do not see to it.</exception>
    public async Task<HandoverStanding?> BeginAsync(Person person, CancellationToken cancellation)
    {
        if (plan.Current.Handover is not { } handover)
        {
            return null;
        }

        HandoverMoves.Own(plan.Current, handover.Manager, person, "It is begun by");
        _ = await records.TryInsertAsync(Tables.Handover, Partition(handover), Head, new HandoverState(time.GetUtcNow(), person.Id), cancellation);
        await OpenTicketsAsync(handover, cancellation);
        return await FindAsync(cancellation);
    }

    /// <summary>Confirms a line of the checklist.</summary>
    /// <returns>How it stands; null where there is no such line.</returns>
    /// <inheritdoc cref="HandoverMoves.Confirm" path="/exception"/>
    public Task<HandoverStanding?> ConfirmAsync(string check, Person person, string text, CancellationToken cancellation) =>
        plan.Current.Handover?.Checklist.FirstOrDefault(one => one.Id == check) is not { } found
            ? Task.FromResult<HandoverStanding?>(null)
            : ChangeAsync(state => HandoverMoves.Confirm(plan.Current, state, found, person, text, time.GetUtcNow()), cancellation);

    /// <summary>Says that something was given away, or taken.</summary>
    /// <returns>How it stands; null where there is no such thing.</returns>
    /// <inheritdoc cref="HandoverMoves.Pass" path="/exception"/>
    public Task<HandoverStanding?> PassAsync(string item, Person person, bool isTaken, string text, CancellationToken cancellation) =>
        plan.Current.Handover?.Control.FirstOrDefault(one => one.Id == item) is not { } found
            ? Task.FromResult<HandoverStanding?>(null)
            : ChangeAsync(state => HandoverMoves.Pass(plan.Current, state, found, person, isTaken, text, time.GetUtcNow()), cancellation);

    /// <summary>Signs the document that they saw.</summary>
    /// <returns>How it stands; null where the plan has no handover.</returns>
    /// <inheritdoc cref="HandoverMoves.Sign" path="/exception"/>
    public async Task<HandoverStanding?> SignAsync(Person person, string hash, CancellationToken cancellation)
    {
        if (await FindAsync(cancellation) is not { } standing)
        {
            return null;
        }

        var paper = standing.State?.Paper is null ? new HandoverPaper(standing.Hash, time.GetUtcNow(), []) : null;
        if (standing.State?.AcceptedAt is null)
        {
            // The text first: no signature is ever under a document that is nowhere.
            _ = await records.WriteAsync(Tables.Handover, Partition(standing.Plan), RecordWrite.Put("document_" + standing.Hash, MaintenanceJson.Write(new Stored(standing.Document))), cancellation);
        }

        return await ChangeAsync(state => HandoverMoves.Sign(standing.Plan, state, standing.Assessment.Missing, person, hash, state.Paper ?? paper ?? throw new HandoverStateException("The document was taken back meanwhile: read it again."), time.GetUtcNow()), cancellation);
    }

    /// <summary>Takes back a document that not everybody has signed.</summary>
    /// <returns>How it stands; null where the plan has no handover.</returns>
    /// <inheritdoc cref="HandoverMoves.Withdraw" path="/exception"/>
    public Task<HandoverStanding?> WithdrawAsync(Person person, CancellationToken cancellation) =>
        plan.Current.Handover is not { } handover ? Task.FromResult<HandoverStanding?>(null) : ChangeAsync(state => HandoverMoves.Withdraw(plan.Current, handover, state, person), cancellation);

    /// <summary>Opens the tickets of outstanding issues that have none: after a crash, and for those that the plan names since.</summary>
    public async Task SweepAsync(CancellationToken cancellation)
    {
        if (plan.Current.Handover is { } handover && await StateAsync(handover, cancellation) is { Value.AcceptedAt: null })
        {
            await OpenTicketsAsync(handover, cancellation);
        }
    }

    private async Task OpenTicketsAsync(HandoverPlan handover, CancellationToken cancellation)
    {
        var known = (await StateAsync(handover, cancellation))!.Value.Tickets;
        foreach (var issue in handover.Outstanding.Where(issue => !known.ContainsKey(issue.Id)))
        {
            var ticket = await tickets.OpenAsync(
                $"handover/{handover.Id}/{issue.Id}",
                new NewTicket(
                    TicketType.ServiceRequest, issue.Title, $"Outstanding at the handover of {handover.Name}. Done when: {issue.Criteria} Owner: {plan.Current.FindPerson(issue.Owner)?.Name ?? issue.Owner}, until {issue.Due:uuuu-MM-dd}.",
                    issue.Service, issue.Impact, issue.Urgency, null, null, time.GetUtcNow()),
                cancellation);
            _ = await records.ChangeAsync<HandoverState>(
                Tables.Handover, Partition(handover), Head, state => state is null ? null : state with { Tickets = new Dictionary<string, string>(state.Tickets, StringComparer.Ordinal) { [issue.Id] = ticket.Id } }, cancellation);
        }
    }

    private async Task<HandoverStanding?> ChangeAsync(Func<HandoverState, HandoverState> move, CancellationToken cancellation)
    {
        if (plan.Current.Handover is not { } handover)
        {
            return null;
        }

        _ = await records.ChangeAsync<HandoverState>(
            Tables.Handover, Partition(handover), Head, state => state is null ? throw new HandoverStateException("The handover has not begun.") : move(state), cancellation);
        return await FindAsync(cancellation);
    }

    private async Task<HandoverStanding> StandAsync(HandoverPlan handover, HandoverState? state, CancellationToken cancellation)
    {
        var (current, now) = (plan.Current, time.GetUtcNow());
        var assessment = HandoverAssessment.Of(current, handover, state, await FactsAsync(handover, state, cancellation), now);
        if (state?.Paper is { } paper && (await records.FindAsync<Stored>(Tables.Handover, Partition(handover), "document_" + paper.Hash, cancellation))?.Value.Markdown is { } stored)
        {
            return new HandoverStanding(handover, state, assessment, stored, paper.Hash);
        }

        var markdown = MarkdownDocument.Write(HandoverDocument.Of(current, handover, assessment, Instant.FromDateTimeOffset(now).InZone(current.System.TimeZone).Date));
        return new HandoverStanding(handover, state, assessment, markdown, HandoverDocument.Hash(markdown));
    }

    private async Task<HandoverFacts> FactsAsync(HandoverPlan handover, HandoverState? state, CancellationToken cancellation)
    {
        var points = new Dictionary<string, DateTimeOffset?>(StringComparer.Ordinal);
        var untrained = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var check in handover.Checklist)
        {
            if (check.Kind == CheckKind.Backup)
            {
                points[check.Of] = (await backups.StatusAsync(check.Of, cancellation))?.Proven?.RecoveryPoint;
            }
            else if (check.Kind == CheckKind.Training && await training.FindAsync(check.Of, cancellation) is { } standing)
            {
                untrained[check.Of] = [.. standing.People.Where(static one => !one.IsTrained).Select(static one => one.Person)];
            }
        }

        List<PassedDrill> drills = handover.Checklist.All(static check => check.Kind != CheckKind.Drill) ? [] : await recoveries.ListRecentAsync(MostDrills, null, cancellation)
            .Where(static run => run is { Kind: RecoveryKind.Drill, State: RecoveryState.Completed, Fault: null, Measures.IsPassed: true, ClosedAt: not null })
            .Select(static run => new PassedDrill(run.Id, run.Script.Strategy, run.ClosedAt!.Value, [.. run.Timeline.Select(static entry => entry.By).Prepend(run.StartedBy).Distinct()]))
            .ToListAsync(cancellation);
        var open = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var ticket in state?.Tickets.Values ?? [])
        {
            open[ticket] = (await tickets.FindAsync(ticket, cancellation))?.Value.IsOpen != false;
        }

        return new HandoverFacts(points, drills, untrained, open);
    }

    private Task<Versioned<HandoverState>?> StateAsync(HandoverPlan handover, CancellationToken cancellation) => records.FindAsync<HandoverState>(Tables.Handover, Partition(handover), Head, cancellation);

    private static string Partition(HandoverPlan handover) => RecordKeys.Encode(handover.Id);

    private sealed record Stored(string Markdown);
}
