using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Maintenance.Tests.EndToEnd;

/// <summary>Folders as lists of lines, one for each thing in them, so that two can be compared and a difference shows what it is.</summary>
internal static class FolderTree
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = FileAttributes.None, RecurseSubdirectories = false };

    /// <summary>Path, kind, mode, time (100 ns) and content of everything below a folder, ordinal by path.</summary>
    public static IReadOnlyList<string> Read(string root)
    {
        var lines = new List<string>();
        Walk(new DirectoryInfo(root), "", lines);
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    /// <summary>Removes a folder, whatever the modes in it.</summary>
    public static void Remove(string root)
    {
        if (Directory.Exists(root))
        {
            Unlock(new DirectoryInfo(root));

            // rm, since names that are not Unicode are out of .NET's reach.
            using var remove = Process.Start("rm", ["-rf", "--", root]);
            Assert.True(remove.WaitForExit(TimeSpan.FromMinutes(2)), $"rm does not end: {root}");
        }
    }

    private static void Walk(DirectoryInfo folder, string prefix, List<string> lines)
    {
        foreach (var child in folder.GetFileSystemInfos("*", Everything))
        {
            var path = prefix + child.Name;
            if (child.LinkTarget is { } target)
            {
                lines.Add($"{path} -> {target}");
                continue;
            }

            var facts = $"{Mode(child)} {child.LastWriteTimeUtc.ToString("O", CultureInfo.InvariantCulture)}";
            if (child is DirectoryInfo inside)
            {
                lines.Add($"{path}/ {facts}");
                Walk(inside, path + "/", lines);
            }
            else
            {
                lines.Add($"{path} {facts} {((FileInfo)child).Length} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(child.FullName)))}");
            }
        }
    }

    private static string Mode(FileSystemInfo info) => OperatingSystem.IsWindows() ? "-" : Convert.ToString((int)info.UnixFileMode, 8);

    private static void Unlock(DirectoryInfo folder)
    {
        if (OperatingSystem.IsWindows() || folder.LinkTarget is not null)
        {
            return;
        }

        folder.UnixFileMode |= UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        foreach (var inside in folder.EnumerateDirectories("*", Everything))
        {
            Unlock(inside);
        }
    }
}
