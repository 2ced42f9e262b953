using System.IO.Enumeration;
using Maintenance.Storage;

namespace Maintenance.Local.Storage;

/// <summary>
/// Where an object's file is: the name's segments are folders below the root. A segment longer than file systems allow goes on in a folder that ends in
/// <c>~</c>, a character that names do not have: so no two names meet, and the folder of unfinished puts meets none.
/// </summary>
internal sealed class FolderPaths(string root)
{
    /// <summary>File systems take 255 bytes, some a few less.</summary>
    private const int LongestSegment = 200;

    private const string UnfinishedName = ".tmp~";

    /// <summary>The root, absolute.</summary>
    public string Root { get; } = root;

    /// <summary>Where puts write before they give the name.</summary>
    public string Unfinished { get; } = Path.Combine(root, UnfinishedName);

    /// <summary>The path of an allowed name's file.</summary>
    /// <exception cref="IOException">A folder on the way is a symbolic link: it could lead out of the root.</exception>
    public string Locate(string name)
    {
        var path = Root;
        var parts = name.Split('/').SelectMany(Parts).ToList();
        for (var i = 0; i < parts.Count; i++)
        {
            path = Path.Combine(path, parts[i]);
            if (i < parts.Count - 1 && new FileInfo(path) is { LinkTarget: not null })
            {
                throw new IOException($"'{path}' is a symbolic link; objects are not looked for behind one.");
            }
        }

        return path;
    }

    /// <summary>The objects whose names start with the prefix.</summary>
    public IEnumerable<ObjectInfo> List(string prefix)
    {
        // The last segment of the prefix may be the beginning of one: the folder before it is listed.
        var folder = prefix.LastIndexOf('/') is var slash and > 0 ? prefix[..slash] : "";
        if (folder.Split('/').Any(segment => segment.Trim('.').Length == 0) && folder.Length > 0)
        {
            return [];
        }

        var start = folder.Length == 0 ? Root : Locate(folder);
        return Directory.Exists(start) ? Below(start).Where(found => found.Name.StartsWith(prefix, StringComparison.Ordinal)) : [];
    }

    private FileSystemEnumerable<ObjectInfo> Below(string start)
    {
        var cut = Root.Length + 1;
        return new FileSystemEnumerable<ObjectInfo>(
            start,
            (ref FileSystemEntry entry) => new ObjectInfo(NameOf(entry.ToFullPath()[cut..]), entry.Length) { WrittenAt = entry.LastWriteTimeUtc },
            new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false, AttributesToSkip = FileAttributes.ReparsePoint })
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && IsName(entry.FileName),

            // Folders that are not ours (lost+found at the root of a disk) are passed by; one of ours that cannot be read is an error, not an empty folder.
            ShouldRecursePredicate = (ref FileSystemEntry entry) =>
                IsName(entry.FileName.EndsWith('~') ? entry.FileName[..^1] : entry.FileName) && !entry.FileName.SequenceEqual(UnfinishedName),
        };
    }

    private static bool IsName(ReadOnlySpan<char> file)
    {
        foreach (var c in file)
        {
            if (!(char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '='))
            {
                return false;
            }
        }

        return true;
    }

    private static string NameOf(string relativePath) =>
        relativePath.Replace(Path.DirectorySeparatorChar, '/').Replace("~/", "", StringComparison.Ordinal);

    private static IEnumerable<string> Parts(string segment)
    {
        while (segment.Length > LongestSegment)
        {
            yield return segment[..LongestSegment] + "~";
            segment = segment[LongestSegment..];
        }

        yield return segment;
    }
}
