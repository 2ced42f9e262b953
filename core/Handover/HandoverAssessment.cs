using System.Globalization;
using Maintenance.Plan;
using Maintenance.Time;

namespace Maintenance.Handover;

/// <summary>A line of the checklist, measured.</summary>
/// <param name="Check">The line.</param>
/// <param name="IsMet">Whether it is so.</param>
/// <param name="Evidence">What shows it, or what is missing.</param>
public sealed record MeasuredCheck(HandoverCheck Check, bool IsMet, string Evidence)
{
    /// <summary>What the document says of it, where that is not the evidence: a text to be signed must not change with each backup while somebody reads it.</summary>
    public string? InDocument { get; init; }
}

/// <summary>Something that changes hands, as it stands.</summary>
/// <param name="Item">What.</param>
/// <param name="Transfer">What both have said.</param>
public sealed record MeasuredControl(ControlItem Item, Transfer Transfer);

/// <summary>Something outstanding, as it stands.</summary>
/// <param name="Issue">What.</param>
/// <param name="Ticket">Its ticket; null where it is not open yet.</param>
/// <param name="IsDone">Whether the ticket is solved.</param>
public sealed record MeasuredIssue(OutstandingIssue Issue, string? Ticket, bool IsDone);

/// <summary>How ready a handover is: worked out from evidence, not ticked. Pure.</summary>
/// <param name="Checks">The checklist.</param>
/// <param name="Control">What changes hands.</param>
/// <param name="Outstanding">What is outstanding. It may remain: the acceptance names it, and its tickets go on.</param>
/// <param name="Missing">What is in the way of signing; empty where nothing is.</param>
public sealed record HandoverAssessment(IReadOnlyList<MeasuredCheck> Checks, IReadOnlyList<MeasuredControl> Control, IReadOnlyList<MeasuredIssue> Outstanding, IReadOnlyList<string> Missing)
{
    /// <summary>True where it may be signed.</summary>
    public bool IsReady => Missing.Count == 0;

    /// <summary>Measures a handover at an instant (UTC).</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="handover">Its handover.</param>
    /// <param name="state">How far it has come; null where it has not begun.</param>
    /// <param name="facts">What the records say.</param>
    /// <param name="now">The instant (UTC).</param>
    public static HandoverAssessment Of(OperationsPlan plan, HandoverPlan handover, HandoverState? state, HandoverFacts facts, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(handover);
        ArgumentNullException.ThrowIfNull(facts);
        List<MeasuredCheck> checks = [.. handover.Checklist.Select(check => Measure(plan, handover, check, state, facts, now))];
        List<MeasuredControl> control = [.. handover.Control.Select(item => new MeasuredControl(item, state?.Transfers.GetValueOrDefault(item.Id) ?? new Transfer(null, null)))];
        List<MeasuredIssue> issues =
        [
            .. handover.Outstanding.Select(issue => state?.Tickets.GetValueOrDefault(issue.Id) is { } ticket
                ? new MeasuredIssue(issue, ticket, facts.Tickets.TryGetValue(ticket, out var isOpen) && !isOpen)
                : new MeasuredIssue(issue, null, false)),
        ];
        var missing = new List<string>();
        if (state is null)
        {
            missing.Add("The handover has not begun.");
        }

        missing.AddRange(checks.Where(static one => !one.IsMet).Select(static one => $"{one.Check.Name}: {one.Evidence}"));
        missing.AddRange(control.Where(static one => !one.Transfer.IsDone).Select(one =>
            $"{one.Item.Name}: {(one.Transfer.Given is null ? $"{Name(plan, one.Item.From)} has not given it away" : $"{Name(plan, one.Item.To)} has not taken it")}."));
        missing.AddRange(issues.Where(static one => one.Ticket is null).Select(static one => $"{one.Issue.Title}: it has no ticket yet."));
        return new HandoverAssessment(checks, control, issues, missing);
    }

    /// <summary>The first drill that shows a line of the checklist; null where none does. The first, since it stays the first.</summary>
    /// <param name="team">The ids of the team that takes over.</param>
    /// <param name="check">The line.</param>
    /// <param name="state">How far the handover has come; null where it has not begun.</param>
    /// <param name="drills">Drills that passed.</param>
    public static PassedDrill? Drill(IReadOnlyList<string> team, HandoverCheck check, HandoverState? state, IEnumerable<PassedDrill> drills)
    {
        ArgumentNullException.ThrowIfNull(check);
        return drills.Where(one => one.Strategy == check.Of && one.At >= (state?.BegunAt ?? DateTimeOffset.MaxValue) && one.People.Any(team.Contains)).MinBy(static one => one.At);
    }

    private static MeasuredCheck Measure(OperationsPlan plan, HandoverPlan handover, HandoverCheck check, HandoverState? state, HandoverFacts facts, DateTimeOffset now)
    {
        var team = plan.FindTeam(handover.Team)?.Members ?? [];
        switch (check.Kind)
        {
            case CheckKind.Backup:
                var objective = plan.FindBackup(check.Of) is { } policy ? plan.FindService(policy.Service)?.RecoveryPoint : null;
                return facts.ProvenPoints.GetValueOrDefault(check.Of) is not { } point
                    ? new(check, false, $"There is no proven backup of {check.Of}.")
                    : now - point <= objective
                        ? new(check, true, $"The backup of {check.Of} as of {At(point)} is proven.") { InDocument = $"Backups of {check.Of} are proven, the newest within the RPO of {Durations.Format(objective.Value)}." }
                        : new(check, false, $"The newest proven backup of {check.Of} is of {At(point)}, older than the RPO of {Durations.Format(objective ?? TimeSpan.Zero)}.");
            case CheckKind.Drill:
                var drill = Drill(team, check, state, facts.Drills);
                return drill is null
                    ? new(check, false, $"Nobody of the team has taken part in a drill of {check.Of} that passed since the handover began.")
                    : new(check, true, $"{drill.Id} passed on {At(drill.At)}, with {string.Join(", ", drill.People.Where(team.Contains).Select(id => Name(plan, id)))}.");
            case CheckKind.Training:
                var untrained = facts.Untrained.GetValueOrDefault(check.Of, []).Where(team.Contains).ToList();
                return untrained.Count == 0
                    ? new(check, true, "Everybody of the team of whom it is asked is trained.")
                    : new(check, false, $"Not trained: {string.Join(", ", untrained.Select(id => Name(plan, id)))}.");
            default:
                return state?.Confirmed.GetValueOrDefault(check.Id) is { } said
                    ? new(check, true, $"{said.Text} ({Name(plan, said.By)}, {At(said.At)})")
                    : new(check, false, $"{Name(plan, check.Owner)} has not confirmed it. To be shown: {check.Of}");
        }
    }

    private static string Name(OperationsPlan plan, string id) => plan.FindPerson(id)?.Name ?? id;

    private static string At(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
