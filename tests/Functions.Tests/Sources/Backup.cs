using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;

namespace MaintenanceFunctions.Tests.Sources;

/// <summary>What a backup takes of a source, in memory, as the interface says that it is read; and its restore.</summary>
internal sealed class Backup
{
    private static readonly CancellationToken None = CancellationToken.None;

    public List<(TreeEntry Entry, byte[] Content)> Entries { get; } = [];

    public SourceFindings Findings { get; } = new();

    public IEnumerable<string> Paths => Entries.Select(static item => item.Entry.Path);

    public byte[] this[string path] => Entries.Single(item => item.Entry.Path == path).Content;

    /// <summary>Scans the source, reads each file right after it was named, and looks again.</summary>
    public static async Task<Backup> TakeAsync(ISnapshotSource source)
    {
        var backup = new Backup();
        await using (source)
        {
            string? last = null;
            await foreach (var entry in source.ScanAsync(backup.Findings, None))
            {
                Assert.True(last is null || source.Order.Compare(last, entry.Path) < 0, $"'{entry.Path}' comes after '{last}'.");
                Assert.DoesNotContain(entry.Path.Split('/'), static segment => segment is "" or "." or "..");
                last = entry.Path;
                var content = entry.Kind == TreeEntryKind.File ? await ReadAsync(source, entry) : [];
                Assert.True(entry.Kind != TreeEntryKind.File || entry.Length < 0 || entry.Length == content.Length);
                Assert.Equal(entry, entry.Kind == TreeEntryKind.File ? await source.LookAgainAsync(entry, None) : entry);
                backup.Entries.Add((entry, content));
            }
        }

        return backup;
    }

    public static async Task<byte[]> ReadAsync(ISnapshotSource source, TreeEntry entry)
    {
        await using var content = await source.OpenAsync(entry, None);
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    public static async Task<List<TreeEntry>> ScanAsync(ISnapshotSource source)
    {
        var entries = new List<TreeEntry>();
        await foreach (var entry in source.ScanAsync(new SourceFindings(), None))
        {
            entries.Add(entry);
        }

        return entries;
    }

    /// <summary>Restores what was taken.</summary>
    /// <returns>What could not be restored, as people are told.</returns>
    public async Task<List<string>> RestoreAsync(ISnapshotTarget target)
    {
        var losses = new List<string>();
        await using (target)
        {
            await target.PrepareAsync(None);
            foreach (var (entry, content) in Entries)
            {
                try
                {
                    await target.WriteAsync(entry, new MemoryStream(content), None);
                }
                catch (IOException loss)
                {
                    losses.Add(loss.Message);
                }
            }

            await target.CompleteAsync(None);
        }

        return losses;
    }
}

/// <summary>The contents of an entry whose repository turns out damaged after so many bytes.</summary>
internal sealed class DamagedContent(byte[] content) : MemoryStream(content, writable: false)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Position < Length ? base.ReadAsync(buffer, cancellationToken) : throw new InvalidDataException("The pack is damaged.");
}
