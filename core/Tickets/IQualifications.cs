namespace Maintenance.Tickets;

/// <summary>Knows who may not be given a ticket, for reasons that lie outside of the plan.</summary>
public interface IQualifications
{
    /// <summary>Why people may not be given a ticket of a service, or one that asks for skills, by their ids; empty where everybody may.</summary>
    Task<IReadOnlyDictionary<string, string>> RefusalsAsync(string? service, IEnumerable<string> skills, CancellationToken cancellation);
}
