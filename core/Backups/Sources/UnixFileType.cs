using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Maintenance.Backups.Sources;

/// <summary>Tells regular files from pipes, sockets and devices, which .NET shows as files and whose opening would block.</summary>
internal static partial class UnixFileType
{
    private const int AtCurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const uint TypeOnly = 0x1;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;
    private const int RegularType = 0x8000;

    /// <summary>True for a regular file, and wherever the system has no statx (all but Linux).</summary>
    public static bool IsRegular(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        // statx, unlike stat, has one layout on every architecture: 256 bytes, the mode in bytes 28 and 29.
        Span<byte> status = stackalloc byte[256];
        return Statx(AtCurrentFolder, path, NoFollow, TypeOnly, status) != 0
            || (BinaryPrimitives.ReadUInt16LittleEndian(status[ModeOffset..]) & TypeMask) == RegularType;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int folder, string path, int flags, uint mask, Span<byte> status);
}
