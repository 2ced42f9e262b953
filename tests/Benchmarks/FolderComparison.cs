namespace Maintenance.Benchmarks;

/// <summary>Whether a restored folder is what was backed up: paths, kinds, modes, times of files, links, and every byte.</summary>
internal static class FolderComparison
{
    private const int Told = 20;

    public static int Run(string original, string restored)
    {
        var (left, right) = (Entries(original), Entries(restored));
        var differences = left.Keys.Except(right.Keys).Select(static p => $"missing: {p}")
            .Concat(right.Keys.Except(left.Keys).Select(static p => $"too many: {p}"))
            .Concat(left.Keys.Where(right.ContainsKey).SelectMany(p => Differences(left[p], right[p]).Select(d => $"{d}: {p}")))
            .ToList();
        foreach (var difference in differences.Take(Told))
        {
            Console.Error.WriteLine(difference);
        }

        if (differences.Count > 0)
        {
            Console.Error.WriteLine($"{differences.Count} differences between {left.Count} entries of {original} and {right.Count} of {restored}");
        }

        return differences.Count > 0 ? 1 : 0;
    }

    private static Dictionary<string, FileSystemInfo> Entries(string folder) => new DirectoryInfo(folder)
        .EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        .ToDictionary(e => Path.GetRelativePath(folder, e.FullName), StringComparer.Ordinal);

    private static IEnumerable<string> Differences(FileSystemInfo left, FileSystemInfo right)
    {
        if (left.LinkTarget is not null || right.LinkTarget is not null)
        {
            // A link's own mode says nothing, and its time not every file system keeps.
            return left.LinkTarget == right.LinkTarget ? [] : ["another link"];
        }

        if (left.GetType() != right.GetType())
        {
            return ["another kind"];
        }

        var found = new List<string>();
        if (left.UnixFileMode != right.UnixFileMode)
        {
            found.Add("another mode");
        }

        if (left is FileInfo a && right is FileInfo b)
        {
            if (a.LastWriteTimeUtc != b.LastWriteTimeUtc)
            {
                found.Add("another time");
            }

            if (a.Length != b.Length || !SameBytes(a, b))
            {
                found.Add("other content");
            }
        }

        return found;
    }

    private static bool SameBytes(FileInfo left, FileInfo right)
    {
        var (a, b) = (new byte[1 << 16], new byte[1 << 16]);
        using var one = new FileStream(left.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, 0);
        using var other = new FileStream(right.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, 0);
        while (true)
        {
            var read = one.ReadAtLeast(a, a.Length, throwOnEndOfStream: false);
            if (other.ReadAtLeast(b, b.Length, throwOnEndOfStream: false) != read || !a.AsSpan(0, read).SequenceEqual(b.AsSpan(0, read)))
            {
                return false;
            }

            if (read == 0)
            {
                return true;
            }
        }
    }
}
