using System.Globalization;
using Maintenance.Storage;

namespace Maintenance.Patches;

/// <summary>
/// Reads and writes a request with its events: one partition. An event is a row of its own, inserted in one batch with the request, which is written back unchanged but
/// for its ETag: two events at once follow one another, and none comes after the decision.
/// </summary>
internal sealed class PatchLog(IRecordStore records)
{
    private const string RequestRow = "request";
    private const string EventRows = "event_";
    private const string VoteRows = "vote_";

    /// <summary>The request alone, or null.</summary>
    public Task<Versioned<PatchRequest>?> FindRequestAsync(string id, CancellationToken cancellation) =>
        records.FindAsync<PatchRequest>(Tables.Patches, id, RequestRow, cancellation);

    /// <summary>The request with its events, and the ETag of the request; null where there is none.</summary>
    public async Task<Versioned<PatchCase>?> FindAsync(string id, CancellationToken cancellation)
    {
        // The request first: whatever is added after this has changed its ETag, so that nothing is written on the strength of fewer events than there are.
        if (await FindRequestAsync(id, cancellation) is not { } request)
        {
            return null;
        }

        var events = await records.ListAsync<ApprovalEvent>(Tables.Patches, id, RowRange.Prefix(EventRows), cancellation).Select(static row => row.Value).ToListAsync(cancellation);
        if (request.Value.Excluded is null)
        {
            events.InsertRange(0, await EarlierVotesAsync(id, cancellation));
        }

        return new(new PatchCase(request.Value, events), request.ETag);
    }

    /// <summary>Stores a new request.</summary>
    /// <returns>True when this call stored it; false where it is there already.</returns>
    public Task<bool> TryInsertAsync(PatchRequest request, CancellationToken cancellation) =>
        records.TryInsertAsync(Tables.Patches, request.Id, RequestRow, request, cancellation);

    /// <summary>Adds an event.</summary>
    /// <exception cref="RecordConflictException">Something was done to the request since it was read: read it again.</exception>
    public Task AppendAsync(Versioned<PatchCase> read, ApprovalEvent next, CancellationToken cancellation)
    {
        var number = read.Value.Events.Count + 1;
        return records.WriteAsync(
            Tables.Patches,
            read.Value.Request.Id,
            [
                RecordWrite.Replace(RequestRow, MaintenanceJson.Write(read.Value.Request), read.ETag),
                RecordWrite.Insert(EventRows + number.ToString("D6", CultureInfo.InvariantCulture), MaintenanceJson.Write(next)),
            ],
            cancellation);
    }

    /// <summary>Writes the request back, changed.</summary>
    /// <exception cref="RecordConflictException">Something was done to it since it was read.</exception>
    public Task ReplaceAsync(PatchRequest request, string eTag, CancellationToken cancellation) =>
        records.WriteAsync(Tables.Patches, request.Id, RecordWrite.Replace(RequestRow, MaintenanceJson.Write(request), eTag), cancellation);

    /// <summary>The votes of a request of before events were kept: a row a person.</summary>
    private async Task<List<ApprovalEvent>> EarlierVotesAsync(string id, CancellationToken cancellation) =>
        await records.ListAsync<Vote>(Tables.Patches, id, RowRange.Prefix(VoteRows), cancellation)
            .Select(static row => row.Value)
            .OrderBy(static vote => vote.At)
            .Select(static vote => new ApprovalEvent(vote.Key ?? "vote of " + vote.Person, vote.At, vote.Person, vote.Roles, ApprovalEventKind.Vote, vote.Choice, vote.Comment))
            .ToListAsync(cancellation);
}
