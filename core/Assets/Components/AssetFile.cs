using System.Globalization;
using System.Security.Cryptography;

namespace Maintenance.Assets.Components;

/// <summary>Reads files below the plan's folder, within limits.</summary>
internal static class AssetFile
{
    /// <summary>So many files of a folder are read.</summary>
    public const int MostFiles = 2000;

    private static readonly string[] Endings = ["*.json", "*.zip"];

    /// <summary>The files of a folder, by path below the plan's, in order: JSON, and archives of it.</summary>
    public static IReadOnlyList<string> In(string root, string folder, out string? problem)
    {
        problem = null;
        try
        {
            var full = Path.GetFullPath(folder, root);
            if (!IsBelow(root, full))
            {
                problem = "it is not below the plan's folder.";
                return [];
            }

            var files = Endings.SelectMany(ending => Directory.EnumerateFiles(full, ending)).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal).Take(MostFiles + 1).ToList();
            if (files.Count > MostFiles)
            {
                problem = $"it has more than {MostFiles.ToString(CultureInfo.InvariantCulture)} files; put several advisories into one.";
                return [];
            }

            return [.. files.Select(file => $"{folder}/{file}")];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problem = error is DirectoryNotFoundException ? "there is no such folder." : $"it cannot be read: {error.Message}";
            return [];
        }
    }

    /// <summary>What tells whether a file has changed, without reading it, and when it was last written (UTC); null where it cannot be told.</summary>
    public static (string Stamp, DateTimeOffset WrittenAt)? Stamp(string root, string file, out string? problem)
    {
        problem = null;
        try
        {
            var full = Path.GetFullPath(file, root);
            var info = new FileInfo(full);
            if (!IsBelow(root, full) || !info.Exists)
            {
                problem = IsBelow(root, full) ? "there is no such file." : "it is not below the plan's folder.";
                return null;
            }

            return (string.Create(CultureInfo.InvariantCulture, $"{info.Length}:{info.LastWriteTimeUtc.Ticks}"), new DateTimeOffset(info.LastWriteTimeUtc));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problem = $"it cannot be read: {error.Message}";
            return null;
        }
    }

    /// <summary>The file; null where it cannot be read.</summary>
    public static async Task<(byte[]? Bytes, string? Problem)> ReadAsync(string root, string file, int mostBytes, CancellationToken cancellation)
    {
        try
        {
            var full = Path.GetFullPath(file, root);
            await using var stream = new FileStream(full, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length > mostBytes)
            {
                return (null, $"it has {stream.Length.ToString(CultureInfo.InvariantCulture)} bytes; at most {mostBytes.ToString(CultureInfo.InvariantCulture)} are read.");
            }

            // It may grow while it is read: never more than was promised.
            var bytes = new byte[stream.Length];
            var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
            return (bytes[..length], null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (null, error is FileNotFoundException or DirectoryNotFoundException ? "there is no such file." : $"it cannot be read: {error.Message}");
        }
    }

    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static bool IsBelow(string root, string full) => full.StartsWith(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
