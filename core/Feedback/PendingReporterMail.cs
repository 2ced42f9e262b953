using Maintenance.Storage;

namespace Maintenance.Feedback;

/// <summary>Keeps mail to people outside until something sends it: in a partition for each address, where whoever sends it finds it, and an erasure too.</summary>
public sealed class PendingReporterMail(IRecordStore records, ContactKeys contacts) : IReporterMail
{
    /// <inheritdoc/>
    public async Task SendAsync(ReporterMail mail, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(mail);
        _ = await records.TryInsertAsync(Tables.FeedbackIndex, Partition(mail.Address), RecordKeys.Encode(mail.Id), mail, cancellation);
    }

    /// <inheritdoc/>
    public async Task<int> EraseAsync(string address, CancellationToken cancellation)
    {
        var rows = await records.QueryAsync(Tables.FeedbackIndex, Partition(address), RowRange.All, cancellation).Select(static row => row.RowKey).ToListAsync(cancellation);
        foreach (var batch in rows.Chunk(IRecordStore.MaxBatch))
        {
            await records.WriteAsync(Tables.FeedbackIndex, Partition(address), [.. batch.Select(static row => RecordWrite.Delete(row))], cancellation);
        }

        return rows.Count;
    }

    /// <summary>What waits for an address, in order of ids.</summary>
    public Task<List<ReporterMail>> ListAsync(string address, CancellationToken cancellation) =>
        records.ListAsync<ReporterMail>(Tables.FeedbackIndex, Partition(address), RowRange.All, cancellation).Select(static row => row.Value).ToListAsync(cancellation).AsTask();

    private string Partition(string address) => "mail_" + contacts.Of(address)[0];
}
