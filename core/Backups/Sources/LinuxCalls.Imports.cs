using System.Runtime.InteropServices;

[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace Maintenance.Backups.Sources;

/// <summary>The signatures. Every argument is passed as it is; nothing is copied or converted on the way.</summary>
internal static unsafe partial class LinuxCalls
{
    private const string Library = "libc";

    /// <summary>Closes what is open.</summary>
    [LibraryImport(Library, EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    /// <summary>Sets the length of an open file.</summary>
    [LibraryImport(Library, EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int SetLength(int descriptor, long length);

    /// <summary>Moves to an offset of an open file; the offset, or -1.</summary>
    [LibraryImport(Library, EntryPoint = "lseek", SetLastError = true)]
    public static partial long MoveTo(int descriptor, long offset, int whence);

    /// <summary>Sets the permission bits of what is open.</summary>
    [LibraryImport(Library, EntryPoint = "fchmod", SetLastError = true)]
    public static partial int SetMode(int descriptor, uint mode);

    /// <summary>Sets the owner of what is open.</summary>
    [LibraryImport(Library, EntryPoint = "fchown", SetLastError = true)]
    public static partial int SetOwner(int descriptor, uint user, uint group);

    /// <summary>Flushes the whole file system of what is open to its disk.</summary>
    [LibraryImport(Library, EntryPoint = "syncfs", SetLastError = true)]
    public static partial int FlushFileSystem(int descriptor);

    /// <summary>The user whose rights count.</summary>
    [LibraryImport(Library, EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    /// <summary>The group whose rights count.</summary>
    [LibraryImport(Library, EntryPoint = "getegid")]
    public static partial uint EffectiveGroup();

    [LibraryImport(Library, EntryPoint = "openat", SetLastError = true)]
    private static partial int OpenAt(int folder, byte* name, int flags, uint mode);

    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true)]
    private static partial int Statx(int folder, byte* name, int flags, uint mask, LinuxStatus* status);

    [LibraryImport(Library, EntryPoint = "readlinkat", SetLastError = true)]
    private static partial nint ReadLinkAt(int folder, byte* name, byte* buffer, nint size);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int descriptor, byte* buffer, nint size);

    [LibraryImport(Library, EntryPoint = "pwrite", SetLastError = true)]
    private static partial nint WriteAt(int descriptor, byte* buffer, nint size, long offset);

    [LibraryImport(Library, EntryPoint = "posix_fadvise")]
    private static partial int Advise(int descriptor, long offset, long length, int advice);

    [LibraryImport(Library, EntryPoint = "mkdirat", SetLastError = true)]
    private static partial int MakeFolderAt(int folder, byte* name, uint mode);

    [LibraryImport(Library, EntryPoint = "symlinkat", SetLastError = true)]
    private static partial int SymbolicLinkAt(byte* target, int folder, byte* name);

    [LibraryImport(Library, EntryPoint = "linkat", SetLastError = true)]
    private static partial int LinkAt(int folder, byte* name, int addedFolder, byte* added, int flags);

    [LibraryImport(Library, EntryPoint = "unlinkat", SetLastError = true)]
    private static partial int RemoveAt(int folder, byte* name, int flags);

    [LibraryImport(Library, EntryPoint = "renameat", SetLastError = true)]
    private static partial int RenameAt(int folder, byte* name, int newFolder, byte* newName);

    [LibraryImport(Library, EntryPoint = "fchownat", SetLastError = true)]
    private static partial int SetOwnerAt(int folder, byte* name, uint user, uint group, int flags);

    [LibraryImport(Library, EntryPoint = "utimensat", SetLastError = true)]
    private static partial int SetTimesAt(int folder, byte* name, long* times, int flags);

    [LibraryImport(Library, EntryPoint = "futimens", SetLastError = true)]
    private static partial int SetTimes(int descriptor, long* times);

    /// <summary>For calls that older C libraries have no function of.</summary>
    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third, nint fourth, nint fifth);
}
