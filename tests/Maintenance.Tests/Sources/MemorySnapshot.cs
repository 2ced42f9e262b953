using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;

namespace Maintenance.Tests.Sources;

/// <summary>Everything that a source gave, in its order: what a repository would keep.</summary>
public sealed class MemorySnapshot
{
    public List<(TreeEntry Entry, byte[] Content)> Entries { get; } = [];

    public SourceFindings Findings { get; } = new();

    public byte[] this[string path] => Entries.Single(entry => entry.Entry.Path == path).Content;

    /// <summary>Reads a source as a backup does.</summary>
    /// <param name="source">The source; left open.</param>
    /// <param name="whileReading">Called before each file is opened.</param>
    public static async Task<MemorySnapshot> TakeAsync(ISnapshotSource source, Func<TreeEntry, Task>? whileReading = null)
    {
        var snapshot = new MemorySnapshot();
        string? last = null;
        await foreach (var entry in source.ScanAsync(snapshot.Findings, CancellationToken.None))
        {
            Assert.True(last is null || source.Order.Compare(last, entry.Path) < 0, $"'{entry.Path}' comes after '{last}'");
            last = entry.Path;
            using var content = new MemoryStream();
            if (entry.Kind == TreeEntryKind.File)
            {
                if (whileReading is not null)
                {
                    await whileReading(entry);
                }

                await using var stream = await source.OpenAsync(entry, CancellationToken.None);
                await stream.CopyToAsync(content);
                Assert.Equal(entry, await source.LookAgainAsync(entry, CancellationToken.None));
                Assert.True(entry.Length < 0 || entry.Length == content.Length, $"'{entry.Path}' has another length than it said");
            }

            snapshot.Entries.Add((entry, content.ToArray()));
        }

        return snapshot;
    }

    /// <summary>Restores all. What <see cref="ISnapshotTarget.WriteAsync"/> throws is given back; the restore goes on, as a repository's does.</summary>
    /// <param name="target">The target; left open.</param>
    /// <param name="content">What is read of an entry, in place of its contents.</param>
    public async Task<List<Exception>> RestoreAsync(ISnapshotTarget target, Func<TreeEntry, byte[], Stream>? content = null)
    {
        List<Exception> errors = [];
        await target.PrepareAsync(CancellationToken.None);
        foreach (var (entry, bytes) in Entries)
        {
            try
            {
                await using var stream = content?.Invoke(entry, bytes) ?? new MemoryStream(bytes, writable: false);
                await target.WriteAsync(entry, stream, CancellationToken.None);
            }
            catch (Exception error) when (error is IOException or InvalidDataException)
            {
                errors.Add(error);
            }
        }

        await target.CompleteAsync(CancellationToken.None);
        return errors;
    }

    /// <summary>Writes everything into a folder.</summary>
    public void WriteTo(string folder)
    {
        foreach (var (entry, content) in Entries)
        {
            var path = Path.Join(folder, entry.Path);
            if (entry.Kind == TreeEntryKind.Folder)
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                File.WriteAllBytes(path, content);
            }
        }
    }
}
