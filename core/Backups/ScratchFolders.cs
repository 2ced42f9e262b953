namespace Maintenance.Backups;

/// <summary>Removes folders that a restore has filled.</summary>
internal static class ScratchFolders
{
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = false, AttributesToSkip = FileAttributes.None };

    /// <summary>Removes a folder with all that is in it, also where folders forbid writing (a restored mode may).</summary>
    public static void Remove(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        if (!OperatingSystem.IsWindows())
        {
            foreach (var inside in Directory.EnumerateDirectories(folder, "*", Everything))
            {
                Unlock(inside);
            }
        }

        Directory.Delete(folder, recursive: true);
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void Unlock(string folder)
    {
        var info = new DirectoryInfo(folder);
        if (info.LinkTarget is not null)
        {
            return;
        }

        info.UnixFileMode |= UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        foreach (var inside in info.EnumerateDirectories("*", Everything))
        {
            Unlock(inside.FullName);
        }
    }
}
