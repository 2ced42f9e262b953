using Maintenance.Plan;
using Maintenance.Supplies;
using Maintenance.Time;
using Maintenance.Training;

namespace Maintenance.Status;

/// <summary>What waits for one person of training and supplies: their own training that runs out or has, and the purchases that are theirs to make. Pure.</summary>
public static class PeopleAttention
{
    /// <summary>The list.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="person">Who looks.</param>
    /// <param name="programmes">Where everybody stands.</param>
    /// <param name="supplies">What there is.</param>
    /// <param name="now">The instant (UTC).</param>
    public static IEnumerable<AttentionItem> Of(OperationsPlan plan, Person person, IEnumerable<ProgrammeStanding> programmes, IEnumerable<SupplyStanding> supplies, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(programmes);
        ArgumentNullException.ThrowIfNull(supplies);
        foreach (var (programme, people, _) in programmes)
        {
            var text = people.FirstOrDefault(one => one.Person == person.Id) switch
            {
                { State: TrainingState.Expired, Until: var until } => (AttentionSeverity.Warning, $"has run out {Durations.Rough(now - until)} ago"),
                { State: TrainingState.Overdue, Until: var until } => (AttentionSeverity.Warning, $"was due {Durations.Rough(now - until)} ago"),
                { State: TrainingState.Expiring, Until: var until } => (AttentionSeverity.Action, $"runs out in {Durations.Rough(until - now)}"),
                { State: TrainingState.Due, Until: var until } => (AttentionSeverity.Action, $"is due in {Durations.Rough(until - now)}"),
                _ => ((AttentionSeverity Severity, string Text)?)null,
            };
            if (text is { } said)
            {
                yield return new(said.Severity, $"Your training {programme.Name} {said.Text}", "/training/" + programme.Id);
            }
        }

        foreach (var (item, stock, forecast) in supplies)
        {
            if (stock?.Request is { } request && plan.Resolve([item.Owner]).Any(one => one.Id == person.Id))
            {
                yield return new(
                    request.Reason == OrderReason.BelowMinimum ? AttentionSeverity.Warning : AttentionSeverity.Action,
                    request.Reason == OrderReason.BelowMinimum
                        ? $"{item.Name}: {StockRules.Text(stock.OnHand)} {item.Unit} are left, less than the minimum of {StockRules.Text(item.Minimum)}"
                        : $"{item.Name}: order now{(forecast.StockOut is { } end ? $", or it runs out on {SupplyText.Text(end)}" : "")}",
                    "/supplies/" + item.Id);
            }
        }
    }
}
