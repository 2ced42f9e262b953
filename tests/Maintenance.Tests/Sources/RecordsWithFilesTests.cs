using System.Runtime.CompilerServices;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Local.Hosting;
using Maintenance.Local.Sources;
using Maintenance.Local.Storage;
using Maintenance.Storage;
using Maintenance.Tests.Storage;

namespace Maintenance.Tests.Sources;

public sealed class RecordsWithFilesTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ScratchFolder _scratch = new();
    private readonly DataFolder _folder;
    private readonly FolderObjectStore _objects;

    public RecordsWithFilesTests()
    {
        _folder = new DataFolder(_scratch.PathOf("data"));
        _objects = FolderObjectStore.Open(_folder.Objects);
    }

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task What_a_snapshot_restores_into_an_empty_data_folder_has_the_records_and_their_files()
    {
        await using var database = SqliteDatabase.Open(_folder.Database);
        await new SqliteRecordStore(database).WriteAsync("Tickets", "T", [RecordWrite.Insert("1", "{}")], None);
        _folder.TrackingKey();
        var large = new byte[300_000];
        Random.Shared.NextBytes(large);
        await PutAsync("tickets/T-1001/a1", large);
        await PutAsync("duties/access-review/2026-12-31/b1", [1]);
        await PutAsync("duties/access-review/2026-12-31/b2", []);
        await PutAsync("knowledge/versions/c1", [2]);
        await PutAsync("assets/d1", [3]);
        await PutAsync("packs/ab/repository", [4]);
        await PutAsync("break-glass/book", [5]);

        await using var source = Source();
        var snapshot = await MemorySnapshot.TakeAsync(source);

        Assert.Equal(
            ["maintenance.db", "objects/assets/d1", "objects/duties/access-review/2026-12-31/b1", "objects/duties/access-review/2026-12-31/b2", "objects/knowledge/versions/c1", "objects/tickets/T-1001/a1", "tracking.key"],
            snapshot.Entries.Where(static entry => entry.Entry.Kind == TreeEntryKind.File).Select(static entry => entry.Entry.Path));
        Assert.Equal(
            ["objects", "objects/assets", "objects/duties", "objects/duties/access-review", "objects/duties/access-review/2026-12-31", "objects/knowledge", "objects/knowledge/versions", "objects/tickets", "objects/tickets/T-1001"],
            snapshot.Entries.Where(static entry => entry.Entry.Kind == TreeEntryKind.Folder).Select(static entry => entry.Entry.Path));
        Assert.Equal(0, snapshot.Findings.ProblemCount);
        Assert.All(snapshot.Entries, static entry => Assert.Equal(entry.Entry.Kind == TreeEntryKind.Folder ? 0b111_000_000 : 0b110_000_000, entry.Entry.Mode));

        var again = new DataFolder(_scratch.PathOf("again"));
        Directory.CreateDirectory(_scratch.PathOf("again"));
        snapshot.WriteTo(_scratch.PathOf("again"));

        var restored = FolderObjectStore.Open(again.Objects);
        Assert.Equal(large, await restored.GetAsync("tickets/T-1001/a1", None));
        Assert.Empty((await restored.GetAsync("duties/access-review/2026-12-31/b2", None))!);
        await using var records = SqliteDatabase.Open(again.Database);
        Assert.NotNull(await new SqliteRecordStore(records).GetAsync("Tickets", "T", "1", None));
    }

    [Fact]
    public async Task A_file_that_the_last_snapshot_has_is_not_read_again()
    {
        await using var database = SqliteDatabase.Open(_folder.Database);
        await PutAsync("tickets/T-1001/a1", [1, 2, 3]);
        await using var first = Source();
        var one = (await MemorySnapshot.TakeAsync(first)).Entries.Single(static entry => entry.Entry.Path.EndsWith("/a1", StringComparison.Ordinal)).Entry;
        await using var second = Source();
        var two = (await MemorySnapshot.TakeAsync(second)).Entries.Single(static entry => entry.Entry.Path.EndsWith("/a1", StringComparison.Ordinal)).Entry;

        Assert.True(one.IsUnchanged(two, ignoreChangeMark: false));
    }

    [Fact]
    public async Task A_file_that_was_stored_while_the_records_were_copied_is_there_and_one_that_went_is_said_so()
    {
        await using var database = SqliteDatabase.Open(_folder.Database);
        await PutAsync("tickets/T-1001/a1", [1]);
        await using var records = new Between(new RecordsSource(_folder), () => PutAsync("tickets/T-1001/a2", [2]));
        await using var source = new RecordsWithFiles(records, _objects, "objects");

        var seen = new List<string>();
        await foreach (var entry in source.ScanAsync(new SourceFindings(), None))
        {
            seen.AddRange(entry.Kind == TreeEntryKind.File ? [entry.Path] : []);
            if (entry.Path.EndsWith("/a1", StringComparison.Ordinal))
            {
                Assert.True(await _objects.DeleteAsync("tickets/T-1001/a1", None));
                await using var content = await source.OpenAsync(entry, None);
                _ = await Assert.ThrowsAsync<EntryGoneException>(() => content.CopyToAsync(Stream.Null));
            }
        }

        Assert.Equal(["maintenance.db", "objects/tickets/T-1001/a1", "objects/tickets/T-1001/a2"], seen);
    }

    private RecordsWithFiles Source() => new(new RecordsSource(_folder), _objects, "objects");

    private async Task PutAsync(string name, byte[] content) => Assert.True(await _objects.PutAsync(name, content, None));

    /// <summary>Does something after the records were copied and before the first of them is named.</summary>
    private sealed class Between(ISnapshotSource records, Func<Task> act) : ISnapshotSource
    {
        public string Description => records.Description;

        public TreeEntry? Root => records.Root;

        public IComparer<string> Order => records.Order;

        public async IAsyncEnumerable<TreeEntry> ScanAsync(SourceFindings findings, [EnumeratorCancellation] CancellationToken cancellation)
        {
            var acted = false;
            await foreach (var entry in records.ScanAsync(findings, cancellation))
            {
                if (!acted)
                {
                    acted = true;
                    await act();
                }

                yield return entry;
            }
        }

        public ValueTask<Stream> OpenAsync(TreeEntry entry, CancellationToken cancellation) => records.OpenAsync(entry, cancellation);

        public ValueTask<TreeEntry?> LookAgainAsync(TreeEntry entry, CancellationToken cancellation) => records.LookAgainAsync(entry, cancellation);

        public ValueTask DisposeAsync() => records.DisposeAsync();
    }
}
