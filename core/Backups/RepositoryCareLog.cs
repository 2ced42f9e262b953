using Maintenance.Backups.Repository;
using Maintenance.Storage;

namespace Maintenance.Backups;

/// <summary>The last time that something was done for the repository or a copy, and what it came to.</summary>
/// <param name="Task"><c>verify</c>, <c>prune</c> or <c>copy</c>.</param>
/// <param name="Copy">The id of the copy; null for the repository itself.</param>
/// <param name="At">When it ended (UTC).</param>
/// <param name="IsGood">False where it found something wrong or could not do all of it.</param>
/// <param name="Text">What it came to, in a sentence.</param>
/// <param name="Problems">The first things that were wrong.</param>
public sealed record RepositoryCareEntry(string Task, string? Copy, DateTimeOffset At, bool IsGood, string Text, IReadOnlyList<string> Problems);

/// <summary>Remembers when the repository and its copies were last verified, pruned and copied to.</summary>
public sealed class RepositoryCareLog(IRecordStore records, TimeProvider time)
{
    private const string Partition = "_repository";
    private const string Prefix = "last_";
    private const int MostProblems = 5;

    /// <summary>All that is remembered.</summary>
    public async Task<IReadOnlyList<RepositoryCareEntry>> ListAsync(CancellationToken cancellation) =>
        await records.ListAsync<RepositoryCareEntry>(Tables.Backups, Partition, RowRange.Prefix(Prefix), cancellation).Select(static row => row.Value).ToListAsync(cancellation);

    /// <summary>Notes a verification; one of a single snapshot says nothing of the whole and is not noted.</summary>
    public Task NoteAsync(VerifyRepositoryRequest request, VerifyReport report, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(report);
        return request.Snapshot is not null
            ? Task.CompletedTask
            : NoteAsync(
                "verify",
                request.Copy,
                report.IsClean,
                $"{report.Snapshots} snapshots and {report.PacksRead} of {report.Packs} packs read: {(report.IsClean ? "nothing is wrong" : $"{report.Findings.Count} findings")}.",
                [.. report.Findings.Select(static finding => $"{finding.Name}: {finding.What}")],
                cancellation);
    }

    /// <summary>Notes a prune; a dry run does nothing and is not noted.</summary>
    public Task NoteAsync(PruneRepositoryRequest request, PruneReport report, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(report);
        return request.IsDryRun
            ? Task.CompletedTask
            : NoteAsync("prune", request.Copy, true, $"{report.MarkedPacks} packs marked, {report.DeletedPacks} deleted, {report.WaitingPacks} waiting, {report.HeldPacks} held.", report.Notes, cancellation);
    }

    /// <summary>Notes a copying.</summary>
    public Task NoteAsync(CopyRepositoryRequest request, CopyReport report, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(report);
        return NoteAsync("copy", request.Copy, report.Problems.Count == 0, $"{report.Objects} objects taken there, {report.Snapshots} snapshots among them.", report.Problems, cancellation);
    }

    private Task NoteAsync(string task, string? copy, bool isGood, string text, IReadOnlyList<string> problems, CancellationToken cancellation) =>
        records.WriteAsync(
            Tables.Backups,
            Partition,
            RecordWrite.Put(
                $"{Prefix}{task}{(copy is null ? "" : "_" + copy)}",
                MaintenanceJson.Write(new RepositoryCareEntry(task, copy, time.GetUtcNow(), isGood, text, [.. problems.Take(MostProblems)]))),
            cancellation);
}
