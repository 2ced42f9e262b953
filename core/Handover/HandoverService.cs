using Maintenance.Backups;
using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.Recovery;
using Maintenance.Storage;
using Maintenance.Tickets;
using Maintenance.Time;
using Maintenance.Training;

namespace Maintenance.Handover;

/// <summary>A handover as it stands.</summary>
/// <param name="Plan">As the plan has it.</param>
/// <param name="State">What people said; null where it has not begun.</param>
/// <param name="Assessment">How ready it is; once it is accepted, what was shown then.</param>
/// <param name="Document">What is signed, in Markdown: as it is signed, or as it would be written now.</param>
/// <param name="Hash">Its SHA-256: what is signed.</param>
public sealed record HandoverStanding(HandoverPlan Plan, HandoverState? State, HandoverAssessment Assessment, string Document, string Hash);

/// <summary>The handover of the plan. What people said is one record; a document is stored before anybody's signature under it is.</summary>
public sealed class HandoverService(IRecordStore records, TicketService tickets, BackupService backups, RecoveryService recoveries, TrainingService training, NotificationService notifications, ActivePlan plan, TimeProvider time)
{
    private const string Head = "state";
    private const int MostDrills = 200;

    /// <summary>No recovery takes so long: one that was started so long before the handover began did not end in it.</summary>
    private static readonly TimeSpan LongestDrill = TimeSpan.FromDays(30);

    /// <summary>How it stands; null where the plan has no handover.</summary>
    public async Task<HandoverStanding?> FindAsync(CancellationToken cancellation) =>
        plan.Current.Handover is { } handover ? await StandAsync(handover, (await StateAsync(handover, cancellation))?.Value, cancellation) : null;

    /// <summary>Begins it: from now on drills count, and what is outstanding has its tickets. Begun again it goes on.</summary>
    /// <returns>How it stands; null where the plan has no handover.</returns>
    /// <exception cref="HandoverRefusedException">They do not see to it.</exception>
    /// <exception cref="HandoverStateException">It is accepted.</exception>
    public async Task<HandoverStanding?> BeginAsync(Person person, CancellationToken cancellation)
    {
        if (plan.Current.Handover is not { } handover)
        {
            return null;
        }

        HandoverMoves.Own(plan.Current, handover.Manager, person, "It is begun by");
        _ = await records.TryInsertAsync(Tables.Handover, Partition(handover), Head, new HandoverState(time.GetUtcNow(), person.Id), cancellation);
        HandoverMoves.Open((await StateAsync(handover, cancellation))!.Value);
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

        var (now, seen) = (time.GetUtcNow(), standing.State ?? throw new HandoverStateException("The handover has not begun."));
        var paper = seen.Paper is null ? new HandoverPaper(standing.Hash, now, [], HandoverDocument.Section(standing.Plan)) : null;

        // What is not allowed stores nothing.
        _ = HandoverMoves.Sign(standing.Plan, seen, standing.Assessment.Missing, person, hash, seen.Paper ?? paper!, now);
        if (paper is not null)
        {
            // The text first: no signature is ever under a document that is nowhere. With it what was measured, which the records will not show for ever.
            _ = await records.WriteAsync(
                Tables.Handover, Partition(standing.Plan), RecordWrite.Put("document_" + standing.Hash, MaintenanceJson.Write(new Stored(standing.Document, standing.Assessment))), cancellation);
        }

        return await ChangeAsync(
            state =>
            {
                // What is missing and what the document says were found before this: nothing of it may have changed since.
                HandoverMoves.Unchanged(seen, state);
                return HandoverMoves.Sign(
                    standing.Plan, state, standing.Assessment.Missing, person, hash, state.Paper ?? paper ?? throw new HandoverStateException("The document was taken back meanwhile: read it again."), time.GetUtcNow());
            },
            cancellation);
    }

    /// <summary>Takes back a document that not everybody has signed.</summary>
    /// <returns>How it stands; null where the plan has no handover.</returns>
    /// <inheritdoc cref="HandoverMoves.Withdraw" path="/exception"/>
    public Task<HandoverStanding?> WithdrawAsync(Person person, CancellationToken cancellation) =>
        plan.Current.Handover is not { } handover ? Task.FromResult<HandoverStanding?>(null) : ChangeAsync(state => HandoverMoves.Withdraw(plan.Current, handover, state, person), cancellation);

    /// <summary>
    /// Until it is accepted: opens the tickets of outstanding issues that have none (after a crash, and for those that the plan names since), and notes which drills show
    /// something. Before and after: tells once of each outstanding issue that is not done on its date.
    /// </summary>
    public async Task SweepAsync(CancellationToken cancellation)
    {
        if (plan.Current.Handover is not { } handover || await StateAsync(handover, cancellation) is not { Value: var state })
        {
            return;
        }

        if (state.AcceptedAt is null)
        {
            await NoteDrillsAsync(handover, state, cancellation);
            await OpenTicketsAsync(handover, cancellation);
        }

        await EachAsync.RunAsync(handover.Outstanding, issue => TellOverdueAsync(handover, issue, cancellation));
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
                    issue.Service, issue.Impact, issue.Urgency, null, null, time.GetUtcNow())
                { AgreedUntil = End(issue) },
                cancellation);
            await GiveAsync($"handover/{handover.Id}/{issue.Id}", issue, ticket, cancellation);
            _ = await records.ChangeAsync<HandoverState>(
                Tables.Handover, Partition(handover), Head,
                state => state is not { AcceptedAt: null } ? null : state with { Tickets = new Dictionary<string, string>(state.Tickets, StringComparer.Ordinal) { [issue.Id] = ticket.Id } }, cancellation);
        }
    }

    /// <summary>Gives a ticket to the owner of its issue. Who may not work on tickets, or is one of several, hears of all that happens to it.</summary>
    private async Task GiveAsync(string key, OutstandingIssue issue, Ticket ticket, CancellationToken cancellation)
    {
        if (!ticket.IsOpen)
        {
            return;
        }

        var owners = plan.Current.Resolve([issue.Owner]);
        List<Person> workers = [.. owners.Where(static one => one.Roles.Contains(Roles.Support) || one.Roles.Contains(Roles.Administrator))];
        if (workers is [var worker])
        {
            _ = await tickets.ActAsync(ticket.Id, new TicketAct.Assign(worker.Id, "Theirs by the handover."), TicketActor.System, null, key + "/owner", cancellation);
        }

        foreach (var owner in owners.Except(workers.Count == 1 ? workers : []).Take(TicketRules.MaxListed))
        {
            _ = await tickets.ActAsync(ticket.Id, new TicketAct.Watch(owner.Id), TicketActor.System, null, $"{key}/watch/{owner.Id}", cancellation);
        }
    }

    /// <summary>Tells the owner and whoever sees to the handover, once, that an issue is not done although its date has passed.</summary>
    private async Task TellOverdueAsync(HandoverPlan handover, OutstandingIssue issue, CancellationToken cancellation)
    {
        var told = $"told_{RecordKeys.Encode(issue.Id)}_{issue.Due:uuuu-MM-dd}";
        if (time.GetUtcNow() < End(issue) || (await StateAsync(handover, cancellation))?.Value.Tickets.GetValueOrDefault(issue.Id) is not { } ticket
            || await records.GetAsync(Tables.Handover, Partition(handover), told, cancellation) is not null || await IsDoneAsync(ticket, cancellation))
        {
            return;
        }

        var values = new TemplateValues
        {
            ["title"] = TemplateValue.In($"Outstanding since the handover: {issue.Title}", $"Outstanding since the handover: {issue.Title}"),
            ["text"] = $"It was to be done until {issue.Due:uuuu-MM-dd}, and its ticket {ticket} is open. Done when: {issue.Criteria}",
        };
        await notifications.NotifyAsync(
            plan.Current, Notification.From($"handover/{handover.Id}/{issue.Id}/{issue.Due:uuuu-MM-dd}", NotificationTemplates.OperationsAlarm, values, "/tickets/" + ticket), [issue.Owner, handover.Manager], [], cancellation);
        _ = await records.TryInsertAsync(Tables.Handover, Partition(handover), told, new Told(time.GetUtcNow()), cancellation);
    }

    /// <summary>Notes the drill that shows a line of the checklist: after some hundreds of others nobody would look so far back.</summary>
    private async Task NoteDrillsAsync(HandoverPlan handover, HandoverState state, CancellationToken cancellation)
    {
        var team = Team(handover);
        var drills = await DrillsAsync(handover, state, cancellation);
        List<PassedDrill> found = [.. handover.Checklist.Where(static check => check.Kind == CheckKind.Drill).Select(check => HandoverAssessment.Drill(team, check, state, drills)).OfType<PassedDrill>()];
        if (found.Any(drill => state.Drills.GetValueOrDefault(drill.Strategy)?.Id != drill.Id))
        {
            _ = await records.ChangeAsync<HandoverState>(
                Tables.Handover, Partition(handover), Head,
                known => known is not { AcceptedAt: null } ? null : known with { Drills = found.DistinctBy(static drill => drill.Strategy).ToDictionary(static drill => drill.Strategy, StringComparer.Ordinal) }, cancellation);
        }
    }

    /// <summary>When the date of an issue ends (UTC): until then it is in time.</summary>
    private DateTimeOffset End(OutstandingIssue issue) => WallClock.ToInstant(issue.Due.PlusDays(1).AtMidnight(), plan.Current.System.TimeZone).ToDateTimeOffset();

    private IReadOnlyList<string> Team(HandoverPlan handover) => plan.Current.FindTeam(handover.Team)?.Members ?? [];

    private async Task<bool> IsDoneAsync(string ticket, CancellationToken cancellation) => (await tickets.FindAsync(ticket, cancellation))?.Value.IsOpen == false;

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
        var stored = state?.Paper is { } signed ? (await records.FindAsync<Stored>(Tables.Handover, Partition(handover), "document_" + signed.Hash, cancellation))?.Value : null;
        if (state is { AcceptedAt: not null, Paper: { } paper } && stored?.Assessment is { } accepted)
        {
            // What was accepted stays as it was shown. Only the tickets of what remains go on.
            var issues = new List<MeasuredIssue>();
            foreach (var one in accepted.Outstanding)
            {
                issues.Add(one with { IsDone = one.Ticket is { } ticket && await IsDoneAsync(ticket, cancellation) });
            }

            return new HandoverStanding(handover, state, accepted with { Outstanding = issues }, stored.Markdown, paper.Hash);
        }

        var current = plan.Current;
        var assessment = HandoverAssessment.Of(current, handover, state, await FactsAsync(handover, state, cancellation), time.GetUtcNow());
        if (stored is not null)
        {
            return new HandoverStanding(handover, state, state!.AcceptedAt is null ? assessment : assessment with { Missing = [] }, stored.Markdown, state.Paper!.Hash);
        }

        var markdown = HandoverDocument.Write(current, handover, assessment);
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

        var open = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var ticket in state?.Tickets.Values ?? [])
        {
            open[ticket] = !await IsDoneAsync(ticket, cancellation);
        }

        return new HandoverFacts(points, state is null ? [] : await DrillsAsync(handover, state, cancellation), untrained, open);
    }

    /// <summary>Drills that passed: those that were noted where they show everything, else the newest as well.</summary>
    private async Task<IReadOnlyList<PassedDrill>> DrillsAsync(HandoverPlan handover, HandoverState state, CancellationToken cancellation)
    {
        var team = Team(handover);
        List<PassedDrill> noted = [.. state.Drills.Values];
        return handover.Checklist.All(check => check.Kind != CheckKind.Drill || HandoverAssessment.Drill(team, check, state, noted) is not null)
            ? noted
            : await recoveries.ListRecentAsync(MostDrills, null, cancellation)
                .TakeWhile(run => run.StartedAt >= state.BegunAt - LongestDrill)
                .Where(static run => run is { Kind: RecoveryKind.Drill, State: RecoveryState.Completed, Fault: null, Measures.IsPassed: true, ClosedAt: not null })
                .Select(static run => new PassedDrill(run.Id, run.Script.Strategy, run.ClosedAt!.Value, [.. run.Timeline.Select(static entry => entry.By).Prepend(run.StartedBy).Distinct()]))
                .Concat(noted.ToAsyncEnumerable()).ToListAsync(cancellation);
    }

    private Task<Versioned<HandoverState>?> StateAsync(HandoverPlan handover, CancellationToken cancellation) => records.FindAsync<HandoverState>(Tables.Handover, Partition(handover), Head, cancellation);

    private static string Partition(HandoverPlan handover) => RecordKeys.Encode(handover.Id);

    private sealed record Stored(string Markdown, HandoverAssessment? Assessment = null);

    private sealed record Told(DateTimeOffset At);
}
