using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Maintenance.Local.Storage;

/// <summary>The three calls of Unix that .NET does not offer: opening a folder, flushing it, and giving a file a second name.</summary>
internal static class UnixFiles
{
    private const int AlreadyExists = 17;
    private const int InvalidArgument = 22;

    /// <summary>Flushes a folder's entries to the disk. File systems that have no such thing (some network mounts) are taken at their word.</summary>
    /// <exception cref="IOException">The disk failed, or the folder is gone.</exception>
    public static void FlushFolder(string folder)
    {
        using var handle = Open(folder, OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000);
        if (handle.IsInvalid)
        {
            throw Failure($"The folder '{folder}' cannot be opened");
        }

        if (Flush(handle) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument)
        {
            throw Failure($"The folder '{folder}' cannot be flushed to the disk");
        }
    }

    /// <summary>Gives a file a second name, in one atomic step, unless the name is taken.</summary>
    /// <returns>True when done, false when the name is taken; null where the file system has no hard links.</returns>
    /// <exception cref="DirectoryNotFoundException">The new name's folder is gone.</exception>
    /// <exception cref="IOException">Anything else.</exception>
    public static bool? TryLink(string existing, string added)
    {
        if (Link(existing, added) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() switch
        {
            AlreadyExists => false,
            2 => throw new DirectoryNotFoundException($"The folder of '{added}' is gone."),

            // EPERM, ENOSYS and EOPNOTSUPP of Linux (1, 38, 95) and of macOS (1, 78, 45 and 102).
            1 or 38 or 45 or 78 or 95 or 102 => null,
            _ => throw Failure($"The name '{added}' cannot be made"),
        };
    }

    private static IOException Failure(string what) => new($"{what}: {Marshal.GetLastPInvokeErrorMessage()}");

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern SafeFileHandle Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Flush(SafeFileHandle handle);

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string existing, [MarshalAs(UnmanagedType.LPUTF8Str)] string added);
}
