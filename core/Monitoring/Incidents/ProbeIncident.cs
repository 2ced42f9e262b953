using Maintenance.Storage;

namespace Maintenance.Monitoring.Incidents;

/// <summary>An outage that a probe measured.</summary>
/// <param name="Probe">The id of the probe.</param>
/// <param name="Service">The id of its service then.</param>
/// <param name="From">The first failed sample of the run that confirmed it (UTC).</param>
/// <param name="ConfirmedAt">When it was known (UTC).</param>
/// <param name="Said">What was seen then.</param>
public sealed record ProbeIncident(string Probe, string Service, DateTimeOffset From, DateTimeOffset ConfirmedAt, string Said)
{
    /// <summary>The first good sample of the run that ended it (UTC); null while it lasts.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Its ticket, or null.</summary>
    public string? Ticket { get; init; }

    /// <summary>Decided before it is done, so that a crash in between changes nothing: <see cref="OwnTicket"/>, or the id of the ticket that it is added to. Null before.</summary>
    public string? Way { get; init; }

    /// <summary>True once its row says what is here.</summary>
    public bool IsRecorded { get; init; }

    /// <summary>It has a ticket of its own.</summary>
    public const string OwnTicket = "own";

    /// <summary>Names it for good.</summary>
    public string Key => $"outage/{Probe}/{RecordKeys.Instant(From)}";

    /// <summary>Its row in the partition of its service: in order of time.</summary>
    public string Row => $"{RecordKeys.Instant(From)}_{Probe}";
}
