using System.Runtime.InteropServices;

namespace Maintenance.Local.Hosting;

/// <summary>Files that only their owner may read: the data folder holds copies of everything that is backed up, and what people wrote.</summary>
internal static class PrivateFiles
{
    private const int GroupAndOthers = 0b000_111_111;

    /// <summary>From now on, whatever this process makes is its owner's alone. (Restored files get the modes that they had all the same.)</summary>
    public static void Only()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SetMask(GroupAndOthers);
        }
    }

    [DllImport("libc", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetMask(int mask);
}
