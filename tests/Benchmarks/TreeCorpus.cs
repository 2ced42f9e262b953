using System.Globalization;

namespace Maintenance.Benchmarks;

/// <summary>
/// A tree of many small files, copied from what the machine has: about 50,000 files and 1 GB, 76 % of the files under 4 KiB. Which files is decided by the seed
/// and their paths; folders are taken as they are, so that neighbours stay neighbours.
/// </summary>
internal static class TreeCorpus
{
    private const int Files = 50_000;
    private const long Bytes = 1_050_000_000;
    private const double Edited = 0.02;

    /// <summary>The share of the files that each class of size holds; the last class is filled by bytes.</summary>
    private static readonly (long Below, double Share)[] Classes = [(4 << 10, 0.76), (64 << 10, 0.193), (1 << 20, 0.045), (24 << 20, 0.002)];

    /// <summary>Folders that a Unix machine is likely to have; those it lacks are left out.</summary>
    public static readonly string[] Sources = ["/usr/share", "/usr/include", "/usr/lib", "/usr/lib64", "/usr/libexec", "/usr/src"];

    public static void Make(string folder, IReadOnlyList<string> sources, ulong seed, double scale)
    {
        var found = Find(sources, seed);
        var quota = Classes.Select(c => (int)Math.Round(c.Share * Files * scale)).ToArray();
        var shares = Classes.Select((_, i) => quota[i] / (double)Math.Max(1, found.Count(f => f.Class == i))).ToArray();
        // Folder by folder in an order that the seed decides, until each class is full. Of the scarcest class a folder gives all it has, of the others a part, so
        // that all of them are full at about the same folder.
        var scarcest = Math.Min(1, shares.Take(3).Max());
        var taken = new int[Classes.Length];
        long bytes = 0, budget = (long)(Bytes * scale);
        var copied = new List<Found>();
        foreach (var file in found.Where(f => f.Class < 3 && f.Rank * scarcest <= shares[f.Class]).OrderBy(static f => f.FolderRank)
            .Concat(found.Where(static f => f.Class == 3).OrderBy(static f => f.Rank)))
        {
            if ((file.Class < 3 && taken[file.Class] >= quota[file.Class]) || (file.Class == 3 && bytes + file.Length > budget))
            {
                continue;
            }

            if (Copy(file.Path, folder))
            {
                taken[file.Class]++;
                bytes += file.Length;
                copied.Add(file);
            }
        }

        Links(copied, folder);
        var count = taken.Sum();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"tree: {count} files, {bytes / 1e6:0} MB, {100.0 * taken[0] / Math.Max(1, count):0} % under 4 KiB{(count < 0.9 * Files * scale || bytes < 0.9 * budget ? "; this machine has no more to copy: name further folders with --from" : "")}"));
    }

    /// <summary>The same tree with 2 % of its files edited: a line put in, some bytes overwritten, or a line added at the end.</summary>
    public static void MakeChanged(string original, string folder, ulong seed)
    {
        var (count, edited) = (0, 0);
        foreach (var path in Directory.EnumerateFileSystemEntries(original, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Order(StringComparer.Ordinal))
        {
            var relative = Path.GetRelativePath(original, path);
            var target = Path.Join(folder, relative);
            var info = new FileInfo(path);
            if (info.LinkTarget is { } link)
            {
                _ = Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                _ = File.CreateSymbolicLink(target, link);
            }
            else if (Directory.Exists(path))
            {
                _ = Directory.CreateDirectory(target);
            }
            else
            {
                count++;
                _ = Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                // Keeps mode and time: an unchanged file must look unchanged.
                File.Copy(path, target);
                var numbers = new SeededNumbers(seed, SeededNumbers.HashOf(seed + 1, relative));
                if (numbers.Happens(Edited))
                {
                    edited++;
                    Edit(target, numbers);
                    File.SetLastWriteTimeUtc(target, info.LastWriteTimeUtc.AddHours(1));
                }
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"tree-changed: {edited} of {count} files edited"));
    }

    private static void Edit(string path, SeededNumbers numbers)
    {
        var content = File.ReadAllBytes(path);
        var at = numbers.Below(content.Length + 1);
        var line = new byte[numbers.Between(20, 120)];
        for (var i = 0; i < line.Length; i++)
        {
            line[i] = (byte)('a' + numbers.Below(26));
        }

        line[^1] = (byte)'\n';
        File.WriteAllBytes(path, numbers.Below(3) switch
        {
            0 => [.. content.AsSpan(0, at), .. line, .. content.AsSpan(at)],
            1 => [.. content.AsSpan(0, at), .. line, .. content.AsSpan(Math.Min(content.Length, at + line.Length))],
            _ => [.. content, .. line],
        });
    }

    private static List<Found> Find(IReadOnlyList<string> sources, ulong seed)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Device, IgnoreInaccessible = true };
        var found = new List<Found>();
        foreach (var source in sources.Where(s => Directory.Exists(s) && new DirectoryInfo(s).LinkTarget is null))
        {
            foreach (var file in new DirectoryInfo(source).EnumerateFiles("*", options))
            {
                var size = Array.FindIndex(Classes, c => file.Length < c.Below);
                if (size >= 0)
                {
                    found.Add(new Found(file.FullName, file.Length, size, Rank(seed, file.DirectoryName), Rank(seed, file.FullName)));
                }
            }
        }

        found.Sort(static (a, b) => string.CompareOrdinal(a.Path, b.Path));
        return found;
    }

    private static double Rank(ulong seed, string? path) => (SeededNumbers.HashOf(seed, path) >> 11) * (1.0 / (1UL << 53));

    private static bool Copy(string path, string folder)
    {
        var target = Path.Join(folder, path);
        _ = Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        try
        {
            File.Copy(path, target);
            return true;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            // One of the machine's files that this user cannot read, or that went away: another takes its place.
            File.Delete(target);
            return false;
        }
    }

    /// <summary>The symbolic links beside the copied files, as they are: real trees have them.</summary>
    private static void Links(List<Found> copied, string folder)
    {
        foreach (var place in copied.Select(static f => Path.GetDirectoryName(f.Path)!).Distinct(StringComparer.Ordinal))
        {
            foreach (var entry in new DirectoryInfo(place).EnumerateFiles().Where(static e => e.LinkTarget is not null))
            {
                var target = Path.Join(folder, entry.FullName);
                if (!Path.Exists(target))
                {
                    _ = File.CreateSymbolicLink(target, entry.LinkTarget!);
                }
            }
        }
    }

    /// <summary>A file of the machine: its class of size, and where chance puts it and its folder, from 0 to 1.</summary>
    private sealed record Found(string Path, long Length, int Class, double FolderRank, double Rank);
}
