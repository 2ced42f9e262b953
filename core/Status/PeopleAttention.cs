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
                { State: TrainingState.Expired, Until: var until } => $"has run out {Durations.Rough(now - until)} ago",
                { State: TrainingState.Overdue, Until: var until } => $"was due {Durations.Rough(now - until)} ago",
                { State: TrainingState.Expiring, Until: var until } => $"runs out in {Durations.Rough(until - now)}",
                _ => null,
            };
            if (text is not null)
            {
                yield return new(text.StartsWith("runs", StringComparison.Ordinal) ? AttentionSeverity.Action : AttentionSeverity.Warning, $"Your training {programme.Name} {text}", "/training/" + programme.Id);
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
