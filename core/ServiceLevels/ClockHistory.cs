using System.Text.Json;
using Maintenance.Plan;

namespace Maintenance.ServiceLevels;

/// <summary>A ticket's events, written down by hand: to ask what would be due when.</summary>
/// <param name="Events">What happened, in order, the opening first.</param>
/// <param name="Now">Until when time has passed; the instant of asking where left out.</param>
public sealed record ClockHistory(IReadOnlyList<ClockEvent> Events, DateTimeOffset? Now = null)
{
    /// <summary>Until when time has passed where nothing is said: until now, or until the last event of a history that lies ahead.</summary>
    public DateTimeOffset Until(DateTimeOffset now) => Events[^1].At > now ? Events[^1].At : now;

    /// <summary>Reads one: the object, or only its list of events.</summary>
    /// <param name="json">Such as <c>[{"at": "2026-11-20T13:30:00Z", "kind": "opened", "priority": "p2"}]</c>.</param>
    /// <param name="plan">The plan whose priorities it names.</param>
    /// <exception cref="InvalidDataException">It is none; says where, and what would be right.</exception>
    public static ClockHistory Read(string json, OperationsPlan plan)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(plan);
        ClockHistory history;
        try
        {
            history = json.AsSpan().TrimStart().StartsWith("[")
                ? new ClockHistory(JsonSerializer.Deserialize<IReadOnlyList<ClockEvent>>(json, MaintenanceJson.Strict) ?? [])
                : JsonSerializer.Deserialize<ClockHistory>(json, MaintenanceJson.Strict) ?? new ClockHistory([]);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException(MaintenanceJson.Describe(error), error);
        }

        for (var i = 0; i < history.Events.Count; i++)
        {
            // The serializer lets a null into a list of what cannot be null.
            if ((object?)history.Events[i] is null)
            {
                throw new InvalidDataException($"events[{i}]: it is null. Write an event, or leave it out.");
            }

            Check(history.Events[i], i == 0 ? null : history.Events[i - 1], $"events[{i}]", plan);
        }

        if (history.Now is { Year: < 2000 or > 2199 } far)
        {
            throw new InvalidDataException($"now: {far:u} is not from 2000 to 2199.");
        }

        if (history.Now is { } now && history.Events.Count > 0 && history.Events[^1].At > now)
        {
            throw new InvalidDataException($"now: {now:u} is before the last event, {history.Events[^1].At:u}. Leave it out, or say a later one.");
        }

        return history.Events.Count == 0 ? throw new InvalidDataException("There is no event. The first one is: {\"at\": \"2026-11-20T13:30:00Z\", \"kind\": \"opened\", \"priority\": \"…\"}.") : history;
    }

    private static void Check(ClockEvent entry, ClockEvent? before, string where, OperationsPlan plan)
    {
        if (before is null != entry.Kind is ClockEventKind.Opened)
        {
            throw new InvalidDataException(before is null ? $"{where}: the first event is the opening (kind: opened)." : $"{where}: it is opened already; that is the first event, and no other.");
        }

        if (entry.At.Year is < 2000 or > 2199)
        {
            throw new InvalidDataException($"{where}: {entry.At:u} is not from 2000 to 2199.");
        }

        if (entry.At < before?.At)
        {
            throw new InvalidDataException($"{where}: {entry.At:u} is before the event before it, {before.At:u}. Put them in order.");
        }

        var needsPriority = entry.Kind is ClockEventKind.Opened or ClockEventKind.PriorityChanged;
        if (needsPriority && (entry.Priority is null || plan.ServiceLevels.For(entry.Priority) is null))
        {
            throw new InvalidDataException($"{where}: {(entry.Priority is null ? "it says no priority" : $"the plan has no target for the priority '{(entry.Priority.Length > 40 ? entry.Priority[..40] : entry.Priority)}'")}. Choose one of: {string.Join(", ", plan.ServiceLevels.Targets.Select(static target => target.Priority))}.");
        }

        if (entry.Until is { } until && (entry.Kind != ClockEventKind.Opened || until.Year is < 2000 or > 2199))
        {
            throw new InvalidDataException(entry.Kind == ClockEventKind.Opened ? $"{where}: {until:u} is not from 2000 to 2199." : $"{where}: only the opening says until when it was agreed that the clocks stand.");
        }

        if (entry.Kind == ClockEventKind.WaitingBegan && entry.For is null)
        {
            throw new InvalidDataException($"{where}: say for whom it waits (for: requester, or supplier).");
        }
    }
}
