using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Maintenance.Storage;

namespace Maintenance.Backups;

/// <summary>
/// Snapshots in an object store: chunks of at most 4 MiB named by their SHA-256, then the manifest. Chunks go first and the manifest last, so whatever is listed
/// is whole; a backup that was cut off leaves only chunks, which the next one finds and reuses.
/// </summary>
public sealed class SnapshotStore(IObjectStore objects, TimeProvider time)
{
    private const int ChunkSize = 4 * 1024 * 1024;

    /// <summary>A file that changes while it is read is read again this often before it is given up as unstable.</summary>
    private const int ReadAttempts = 3;

    /// <summary>Takes a snapshot, or returns the one of this id that is there already.</summary>
    /// <exception cref="DirectoryNotFoundException">The source does not exist.</exception>
    public async Task<Snapshot> TakeAsync(string id, string policy, string folder, IReadOnlyList<string> exclude, CancellationToken cancellation)
    {
        if (await FindAsync(id, cancellation) is { } done)
        {
            return done;
        }

        var takenAt = time.GetUtcNow();
        var source = new FolderSource(folder, exclude);
        var problems = new List<string>();
        var entries = new List<SnapshotEntry>();
        var writer = new ChunkWriter(objects);
        var root = source.Root();
        foreach (var entry in source.Scan(problems))
        {
            if (entry.Kind != EntryKind.File)
            {
                entries.Add(entry);
            }
            else if (await StoreAsync(source, entry, writer, problems, cancellation) is { } stored)
            {
                entries.Add(stored);
            }
        }

        var snapshot = new Snapshot(id, policy, folder, takenAt, time.GetUtcNow(), entries, problems, writer.NewBytes, root);
        var manifest = JsonSerializer.SerializeToUtf8Bytes(snapshot, MaintenanceJson.Options);
        return await objects.PutAsync(Snapshot.ObjectName(policy, id), manifest, cancellation)
            ? snapshot
            : (await FindAsync(id, cancellation))!;
    }

    /// <summary>The snapshot of an id, or null.</summary>
    /// <exception cref="InvalidDataException">Its manifest is damaged.</exception>
    public async Task<Snapshot?> FindAsync(string id, CancellationToken cancellation)
    {
        if (Snapshot.PolicyOf(id) is not { } policy || await objects.GetAsync(Snapshot.ObjectName(policy, id), cancellation) is not { } manifest)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<Snapshot>(manifest, MaintenanceJson.Options) is { } snapshot && snapshot.Id == id
                ? snapshot
                : throw new InvalidDataException($"The manifest of the snapshot '{id}' is that of another one.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"The manifest of the snapshot '{id}' is damaged: {error.Message}", error);
        }
    }

    /// <summary>The ids of a policy's snapshots, oldest first.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string policy, CancellationToken cancellation)
    {
        var ids = new List<string>();
        await foreach (var item in objects.ListAsync($"snapshots/{policy}/", cancellation))
        {
            ids.Add(Path.GetFileNameWithoutExtension(item.Name));
        }

        ids.Sort(StringComparer.Ordinal);
        return ids;
    }

    /// <summary>The contents of a file, chunk by chunk, each checked against its name.</summary>
    /// <exception cref="InvalidDataException">A chunk is missing or damaged.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(SnapshotEntry entry, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        foreach (var hash in entry.Chunks)
        {
            var chunk = await objects.GetAsync(ChunkWriter.ObjectName(hash), cancellation)
                ?? throw new InvalidDataException($"{entry.Path}: the chunk {hash} is missing from the store.");
            yield return Convert.ToHexStringLower(SHA256.HashData(chunk)) == hash
                ? chunk
                : throw new InvalidDataException($"{entry.Path}: the chunk {hash} is damaged.");
        }
    }

    /// <summary>Reads every byte of a snapshot and checks it.</summary>
    /// <returns>What is missing or damaged, by path; empty where nothing is.</returns>
    public async Task<IReadOnlyList<string>> VerifyAsync(Snapshot snapshot, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var damage = new List<string>();
        foreach (var entry in snapshot.Entries.Where(static entry => entry.Kind == EntryKind.File))
        {
            try
            {
                long length = 0;
                await foreach (var chunk in ReadAsync(entry, cancellation))
                {
                    length += chunk.Length;
                }

                if (length != entry.Length)
                {
                    damage.Add($"{entry.Path}: {length} bytes are stored, {entry.Length} were read.");
                }
            }
            catch (InvalidDataException error)
            {
                damage.Add(error.Message);
            }
        }

        return damage;
    }

    private static async Task<SnapshotEntry?> StoreAsync(
        FolderSource source, SnapshotEntry entry, ChunkWriter writer, List<string> problems, CancellationToken cancellation)
    {
        var current = entry;
        for (var attempt = 1; ; attempt++)
        {
            SnapshotEntry read;
            try
            {
                read = await ReadFileAsync(source, current, writer, cancellation);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                problems.Add($"{entry.Path}: it cannot be read: {error.Message}");
                return null;
            }

            if (source.Look(entry.Path) is not { } after)
            {
                problems.Add($"{entry.Path}: it was removed while it was read.");
                return read;
            }

            if (after.Length == read.Length && after.Modified == current.Modified)
            {
                return read;
            }

            if (attempt == ReadAttempts)
            {
                problems.Add($"{entry.Path}: it kept changing while it was read ({ReadAttempts} times); the copy may be torn.");
                return read;
            }

            current = after;
        }
    }

    private static async Task<SnapshotEntry> ReadFileAsync(FolderSource source, SnapshotEntry entry, ChunkWriter writer, CancellationToken cancellation)
    {
        if (entry.Length == 0)
        {
            return entry;
        }

        var chunks = new List<string>();
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(entry.Length + 1, ChunkSize));
        try
        {
            await using var file = source.Open(entry);
            long length = 0;
            while (await file.ReadAtLeastAsync(buffer.AsMemory(0, Math.Min(buffer.Length, ChunkSize)), Math.Min(buffer.Length, ChunkSize), throwOnEndOfStream: false, cancellation) is var count && count > 0)
            {
                chunks.Add(await writer.WriteAsync(buffer.AsMemory(0, count), cancellation));
                length += count;
            }

            return entry with { Length = length, Chunks = chunks };
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Stores chunks that the store does not have yet.</summary>
    private sealed class ChunkWriter(IObjectStore objects)
    {
        private readonly HashSet<string> _known = new(StringComparer.Ordinal);

        public long NewBytes { get; private set; }

        public static string ObjectName(string hash) => $"chunks/{hash.AsSpan(0, 2)}/{hash}";

        public async Task<string> WriteAsync(ReadOnlyMemory<byte> chunk, CancellationToken cancellation)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(chunk.Span));
            if (_known.Add(hash)
                && !await objects.ExistsAsync(ObjectName(hash), cancellation)
                && await objects.PutAsync(ObjectName(hash), chunk, cancellation))
            {
                NewBytes += chunk.Length;
            }

            return hash;
        }
    }
}
