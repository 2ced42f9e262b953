using System.Security.Cryptography;

namespace Maintenance.Backups;

/// <summary>Restores snapshots into folders, and compares folders with snapshots.</summary>
public static class FolderTarget
{
    /// <summary>Restores a snapshot into a folder that is absent or empty: contents, modes and times.</summary>
    /// <returns>What could not be restored, by path; everything else is there.</returns>
    /// <exception cref="IOException">The target is not empty, or cannot be written.</exception>
    public static async Task<IReadOnlyList<string>> RestoreAsync(SnapshotStore store, Snapshot snapshot, string target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(snapshot);
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
        {
            throw new IOException($"The target '{target}' is not empty; a restore never writes over anything. Name a folder that is empty or does not exist.");
        }

        Directory.CreateDirectory(target);
        var losses = new List<string>();
        var links = snapshot.Entries.Where(static entry => entry.Kind == EntryKind.Link).Select(static entry => entry.Path).ToHashSet(StringComparer.Ordinal);

        // Links after everything else: a file whose path led through a link just made would land outside of the target.
        foreach (var entry in snapshot.Entries.OrderBy(static entry => entry.Kind == EntryKind.Link))
        {
            try
            {
                await RestoreAsync(store, entry, Inside(target, entry.Path, links), cancellation);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // One lost file must not cost the others, whatever the store or the file system says of it.
                losses.Add(error.Message.StartsWith(entry.Path, StringComparison.Ordinal) ? error.Message : $"{entry.Path}: {error.Message}");
            }
        }

        // Folders last and deepest first: writing into a folder changes its time, and its mode may forbid writing.
        foreach (var folder in snapshot.Entries.Where(entry => entry.Kind == EntryKind.Folder && IsInside(target, entry.Path, links)).Reverse())
        {
            SetFolder(Path.Join(target, folder.Path), folder);
        }

        if (snapshot.Root is { } root)
        {
            SetFolder(target, root);
        }

        return losses;
    }

    /// <summary>Compares a folder with a snapshot: paths, kinds, contents, modes and times.</summary>
    /// <returns>Every difference, by path; empty where there is none.</returns>
    public static async Task<IReadOnlyList<string>> CompareAsync(Snapshot snapshot, string folder, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var differences = new List<string>();
        var found = new FolderSource(folder, []).Scan(differences).ToDictionary(static entry => entry.Path, StringComparer.Ordinal);
        foreach (var expected in snapshot.Entries)
        {
            if (!found.Remove(expected.Path, out var actual))
            {
                differences.Add($"{expected.Path}: it is missing.");
            }
            else if (actual.Kind != expected.Kind || actual.Target != expected.Target || actual.Length != expected.Length)
            {
                differences.Add($"{expected.Path}: it is a {actual.Kind} of {actual.Length} bytes instead of a {expected.Kind} of {expected.Length}.");
            }
            else if (expected.Kind != EntryKind.Link && actual.Mode != expected.Mode && actual.Mode is not null && expected.Mode is not null)
            {
                differences.Add($"{expected.Path}: its mode is {Convert.ToString(actual.Mode.Value, 8)} instead of {Convert.ToString(expected.Mode.Value, 8)}.");
            }
            else if (expected.Kind != EntryKind.Link && actual.Modified != expected.Modified)
            {
                differences.Add($"{expected.Path}: its time is {actual.Modified:O} instead of {expected.Modified:O}.");
            }
            else if (expected.Kind == EntryKind.File && await ContentDiffersAsync(expected, Path.Join(folder, expected.Path), cancellation))
            {
                differences.Add($"{expected.Path}: its contents differ.");
            }
        }

        differences.AddRange(found.Keys.Order(StringComparer.Ordinal).Select(static path => $"{path}: it is not in the snapshot."));
        return differences;
    }

    private static async Task RestoreAsync(SnapshotStore store, SnapshotEntry entry, string path, CancellationToken cancellation)
    {
        switch (entry.Kind)
        {
            case EntryKind.Folder:
                Directory.CreateDirectory(path);
                return;
            case EntryKind.Link:
                _ = File.CreateSymbolicLink(path, entry.Target!);
                return;
        }

        try
        {
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, useAsync: true);
            await foreach (var chunk in store.ReadAsync(entry, cancellation))
            {
                await file.WriteAsync(chunk, cancellation);
            }
        }
        catch
        {
            // Half a file would pass for the whole one.
            File.Delete(path);
            throw;
        }

        File.SetLastWriteTimeUtc(path, entry.Modified.UtcDateTime);
        SetMode(path, entry.Mode);
    }

    private static async Task<bool> ContentDiffersAsync(SnapshotEntry expected, string path, CancellationToken cancellation)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, useAsync: true);
        var buffer = new byte[4 * 1024 * 1024];
        foreach (var hash in expected.Chunks)
        {
            // The last chunk of a file is the only one that may be shorter than the rest.
            var count = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
            if (Convert.ToHexStringLower(SHA256.HashData(buffer.AsSpan(0, count))) != hash)
            {
                return true;
            }
        }

        return await file.ReadAsync(buffer, cancellation) > 0;
    }

    /// <summary>The path below the target. A manifest is data from a store: a path that points outside, or goes through one of its links, is refused.</summary>
    private static string Inside(string target, string path, HashSet<string> links) =>
        IsInside(target, path, links) ? Path.Join(target, path) : throw new InvalidDataException($"{path}: the path leads out of the target.");

    private static bool IsInside(string target, string path, HashSet<string> links)
    {
        if (path.Length == 0 || Path.IsPathRooted(path) || path.Split('/').Any(static name => name is "" or "." or ".."))
        {
            return false;
        }

        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            if (links.Contains(path[..slash]))
            {
                return false;
            }
        }

        return Path.GetFullPath(Path.Join(target, path)).StartsWith(Path.GetFullPath(target) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    private static void SetFolder(string path, SnapshotEntry entry)
    {
        if (Directory.Exists(path))
        {
            Directory.SetLastWriteTimeUtc(path, entry.Modified.UtcDateTime);
            SetMode(path, entry.Mode);
        }
    }

    private static void SetMode(string path, int? mode)
    {
        if (mode is { } bits && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)bits);
        }
    }
}
