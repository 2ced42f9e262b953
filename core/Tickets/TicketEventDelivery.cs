using System.Text.Json;
using Maintenance.Messaging;

namespace Maintenance.Tickets;

/// <summary>A message that something happened to a ticket.</summary>
/// <param name="Ticket">The id of the ticket.</param>
/// <param name="Event">The number of the event.</param>
public sealed record TicketEventMessage(string Ticket, int Event)
{
    /// <summary>The id of the message: <c>T-1042/event-7</c>.</summary>
    public string Id => $"{Ticket}/event-{Event}";
}

/// <summary>Tells every follower of an event.</summary>
public sealed class TicketEventDelivery(TicketService tickets, IEnumerable<ITicketFollower> followers) : IMessageHandler
{
    private readonly IReadOnlyList<ITicketFollower> _followers = [.. followers];

    /// <inheritdoc/>
    public string Queue => Queues.TicketEvents;

    /// <inheritdoc/>
    public async Task HandleAsync(ReceivedMessage message, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        var told = Parse(message);
        if (await tickets.ReadAsync(told.Ticket, cancellation) is not { Value: { History: { } history } ticket })
        {
            throw new UnusableMessageException($"There is no ticket '{told.Ticket}'.");
        }

        var entry = history.FirstOrDefault(entry => entry.Number == told.Event) ?? throw new UnusableMessageException($"{told.Ticket} has no event {told.Event}.");

        // One that fails must not keep the others from hearing of it.
        var failures = new List<Exception>();
        foreach (var follower in _followers)
        {
            try
            {
                await follower.HearAsync(ticket, entry, cancellation);
            }
            catch (Exception error) when (error is not OperationCanceledException || !cancellation.IsCancellationRequested)
            {
                failures.Add(error);
            }
        }

        if (failures.Count > 0)
        {
            throw new AggregateException(failures[0].Message, failures);
        }
    }

    private static TicketEventMessage Parse(ReceivedMessage message)
    {
        try
        {
            return MaintenanceJson.Read<TicketEventMessage>(message.Body);
        }
        catch (JsonException error)
        {
            throw new UnusableMessageException("The body is no event of a ticket.", error);
        }
    }
}
