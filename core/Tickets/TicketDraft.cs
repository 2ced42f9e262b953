using Maintenance.Plan;
using Maintenance.ServiceLevels;

namespace Maintenance.Tickets;

/// <summary>A ticket while an act changes it: gathers its events, and what its clocks must know.</summary>
internal sealed class TicketDraft(OperationsPlan plan, Ticket ticket, TicketActor actor, DateTimeOffset at)
{
    private readonly List<TicketEvent> _events = [];

    public OperationsPlan Plan { get; } = plan;

    public Ticket Ticket { get; set; } = ticket;

    public TicketActor Actor { get; } = actor;

    public DateTimeOffset At { get; } = at;

    /// <summary>Notes something.</summary>
    public void Note(TicketEventKind kind, string what, string? said = null, string? note = null, string? to = null) =>
        _events.Add(new TicketEvent(Ticket.Events + _events.Count + 1, At, Actor.Id, kind, what, said, note) { To = to });

    /// <summary>Lets the clocks know.</summary>
    public void Tick(ClockEventKind kind, string? priority = null, WaitingFor? waiting = null)
    {
        if (Ticket.Clock.Count >= TicketRules.MaxClockEvents && kind is not (ClockEventKind.Responded or ClockEventKind.Resolved))
        {
            throw new TicketStateException($"The clocks of {Ticket.Id} have been changed {Ticket.Clock.Count} times; resolve it, and open another one.");
        }

        Ticket = Ticket with { Clock = [.. Ticket.Clock, new ClockEvent(At, kind, priority, waiting)] };
    }

    /// <summary>A text that has to be there, without blanks around it.</summary>
    public static string Need(string? text, string field, string hint, int most = TicketRules.MaxText) =>
        string.IsNullOrWhiteSpace(text) ? throw new TicketActException(field, hint)
        : text.Trim() is var trimmed && trimmed.Length > most ? throw new TicketActException(field, $"At most {most} characters, please; this has {trimmed.Length}.")
        : trimmed;

    /// <summary>A text that may be left out.</summary>
    public static string? May(string? text, string field) => string.IsNullOrWhiteSpace(text) ? null : Need(text, field, "");

    public TicketChange Done() =>
        _events.Count == 0 ? TicketChange.None(Ticket) : new TicketChange(TicketRules.Timed(Plan, Ticket with { Events = Ticket.Events + _events.Count }), _events);
}
