using System.Diagnostics;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;

namespace Maintenance.Tests.Sources;

/// <summary>A folder of a test's own with whatever file systems allow in it, gone with the test, and what the tests of sources ask of it.</summary>
internal sealed class SourceScratch : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("maintenance-test-").FullName;

    /// <summary>Both ways to read and write where there are two: false is Linux's own calls.</summary>
    public static bool[] AllWays => LinuxCalls.AreAvailable ? [false, true] : [true];

    /// <summary>The same, for theories.</summary>
    public static TheoryData<bool> Ways => [.. AllWays];

    public string PathOf(string path) => Path.Combine(Root, path);

    public void Write(string path, string content = "")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.WriteAllText(PathOf(path), content);
    }

    /// <summary>Runs a program that every Unix has, in the folder.</summary>
    public void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = Root, RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, said);
    }

    public static async Task<List<TreeEntry>> ScanAsync(FolderSource source, SourceFindings? findings = null)
    {
        var entries = new List<TreeEntry>();
        await foreach (var entry in source.ScanAsync(findings ?? new SourceFindings(), CancellationToken.None))
        {
            entries.Add(entry);
        }

        return entries;
    }

    public async Task<List<TreeEntry>> ScanAsync(bool isPortable, SourceFindings? findings = null, string path = "", params string[] exclude)
    {
        await using var source = new FolderSource(PathOf(path), exclude, oneFileSystem: false, isPortable);
        return await ScanAsync(source, findings);
    }

    /// <summary>Descriptors of this process that are open in the folder.</summary>
    public int OpenDescriptors() => Directory.GetFiles("/proc/self/fd").Concat(Directory.GetDirectories("/proc/self/fd"))
        .Count(descriptor => new FileInfo(descriptor).LinkTarget?.StartsWith(Root, StringComparison.Ordinal) == true);

    public static TreeEntry Entry(string path, TreeEntryKind kind = TreeEntryKind.File) => new() { Path = path, Kind = kind };

    public static void Restore(FolderWriter writer, TreeEntry entry, ReadOnlySpan<byte> content)
    {
        switch (entry.Kind)
        {
            case TreeEntryKind.Folder:
                writer.CreateFolder(entry.Path);
                break;
            case TreeEntryKind.SymbolicLink:
                Assert.Null(writer.CreateSymbolicLink(entry.Path, entry.Target!, entry));
                break;
            default:
                using (var file = writer.CreateFile(entry.Path, content.Length, entry.IsSparse))
                {
                    file.Write(content, 0);
                    Assert.Null(file.Complete(entry));
                }

                break;
        }
    }

    public void Dispose()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.Delete(Root, recursive: true);
            return;
        }

        // Names that are no text and paths longer than the system takes are out of .NET's reach.
        using var remove = Process.Start("rm", ["-rf", "--", Root]);
        remove.WaitForExit();
    }
}

/// <summary>A test of what only Linux's own calls do.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = LinuxCalls.AreAvailable ? null : "Only Linux has these calls.";
}

/// <summary>A test of what root is never refused.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NotAsRootTheoryAttribute : TheoryAttribute
{
    public NotAsRootTheoryAttribute() =>
        Skip = OperatingSystem.IsWindows() ? "Windows has no modes." : Environment.IsPrivilegedProcess ? "Root may read everything: run the tests as another user." : null;
}

/// <summary>A test of what only root may do.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AsRootFactAttribute : FactAttribute
{
    public AsRootFactAttribute() => Skip = LinuxCalls.AreAvailable && Environment.IsPrivilegedProcess ? null : "Only root on Linux gives files away.";
}

/// <summary>A test that needs another file system, mounted at <c>/dev/shm</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MountedTheoryAttribute : TheoryAttribute
{
    public MountedTheoryAttribute() =>
        Skip = File.Exists("/proc/mounts") && File.ReadAllText("/proc/mounts").Contains(" /dev/shm ", StringComparison.Ordinal) ? null : "Nothing is mounted at /dev/shm.";
}
