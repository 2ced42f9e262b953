using System.Buffers;

namespace Maintenance.Tickets;

/// <summary>Tickets as lines of CSV (RFC 4180). Pure.</summary>
public static class TicketCsv
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    /// <summary>The first line: names of columns. Instants are UTC in ISO 8601.</summary>
    public static string Head { get; } = Line(
    [
        "id", "type", "state", "title", "service", "team", "assignee", "priority", "impact", "urgency", "maintenance", "requester", "reference", "reports", "createdAt", "responseDue", "respondedAt",
        "resolutionDue", "resolvedAt", "closedAt", "waitingFor", "resolution", "missed", "tags", "description",
    ]);

    /// <summary>The line of a ticket.</summary>
    public static string Of(Ticket ticket)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        return Line(
        [
            ticket.Id, Name(ticket.Type), Name(ticket.State), ticket.Title, ticket.Service, ticket.Team, ticket.Assignee, ticket.Priority, ticket.Impact, ticket.Urgency, Name(ticket.Maintenance),
            ticket.Requester, ticket.FeedbackReference, ticket.Reports.ToString(), Instant(ticket.CreatedAt), Instant(ticket.ResponseDue), Instant(ticket.RespondedAt), Instant(ticket.ResolutionDue),
            Instant(ticket.ResolvedAt), Instant(ticket.ClosedAt), Name(ticket.WaitingFor), Name(ticket.Resolution), string.Join(' ', ticket.Breaches.Select(static breach => Name(breach.Target)).Distinct()),
            string.Join(' ', ticket.Tags), ticket.Description,
        ]);
    }

    /// <summary>
    /// A cell. What a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection), also behind the blanks that it skips; what could be taken for
    /// an end of the cell is quoted.
    /// </summary>
    internal static string Cell(string? text)
    {
        text ??= "";
        text = text.TrimStart() is ['=' or '+' or '-' or '@', ..] || text is ['\t' or '\r' or '\n', ..] ? "'" + text : text;
        return text.AsSpan().ContainsAny(Quoted) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    /// <summary>A line of any table by the same rules.</summary>
    public static string Line(IEnumerable<string?> cells) => string.Join(',', cells.Select(Cell)) + "\r\n";

    private static string Instant(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'") ?? "";

    private static string Name(Enum? value) => value is null ? "" : System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
