using System.Runtime.InteropServices;

namespace Maintenance.Backups.Sources;

/// <summary>
/// Linux's calls on folders and files, relative to open folders: whoever renames a parent meanwhile, or puts a symbolic link in its place, changes nothing.
/// Names are UTF-8 and end with a zero byte. What fails returns a negative number, and <see cref="LinuxError.Last"/> says why.
/// </summary>
internal static unsafe partial class LinuxCalls
{
    /// <summary>Stands for the current folder where a folder is asked for.</summary>
    public const int CurrentFolder = -100;

    /// <summary>Of <see cref="Remove"/>: the name is a folder's.</summary>
    public const int RemoveFolder = 0x200;

    private const int NoFollow = 0x100;
    private const int NoMounting = 0x800;
    private const int OfDescriptor = 0x1000;

    /// <summary>All of a status but the time of the last access.</summary>
    private const uint StatusMask = 0x7DF;

    private const int Sequential = 2;
    private const int OmitTime = 0x3FFFFFFE;
    private const uint NoReplace = 1;
    private const uint ExchangeNames = 2;

    /// <summary>True where these calls are known: their numbers and layouts differ between kinds of processors.</summary>
    public static bool AreAvailable { get; } =
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    private static bool IsArm { get; } = RuntimeInformation.ProcessArchitecture is Architecture.Arm64;

    /// <summary>Opens a name of a folder, never through a symbolic link; a pipe or device of that name does not make it wait.</summary>
    public static int OpenFile(int folder, ReadOnlySpan<byte> name, bool keepAccessTime)
    {
        var descriptor = Open(folder, name, Flags.Unwaiting | Flags.NoFollow, keepAccessTime);

        // Only a file says so: another process (a file server) has a lease on it, and gives it up when somebody waits.
        return descriptor < 0 && LinuxError.Last == LinuxError.WouldWait ? Open(folder, name, Flags.NoFollow, keepAccessTime) : descriptor;
    }

    /// <summary>Opens a folder of a folder, never through a symbolic link.</summary>
    public static int OpenFolder(int folder, ReadOnlySpan<byte> name, bool keepAccessTime) => Open(folder, name, Flags.Folder | Flags.NoFollow, keepAccessTime);

    /// <summary>Opens the folder at a path, through symbolic links.</summary>
    public static int OpenRoot(ReadOnlySpan<byte> path) => Open(CurrentFolder, path, Flags.Folder, keepAccessTime: false);

    /// <summary>Makes a file that was not there, for writing, for its owner alone.</summary>
    public static int CreateFile(int folder, ReadOnlySpan<byte> name)
    {
        fixed (byte* text = name)
        {
            return OpenAt(folder, text, Flags.Write | Flags.Create | Flags.Exclusive | Flags.NoFollow | Flags.CloseOnExec, 0x180);
        }
    }

    /// <summary>Makes a folder for its owner alone.</summary>
    public static int CreateFolder(int folder, ReadOnlySpan<byte> name)
    {
        fixed (byte* text = name)
        {
            return MakeFolderAt(folder, text, 0x1C0);
        }
    }

    /// <summary>Makes a symbolic link.</summary>
    public static int CreateSymbolicLink(ReadOnlySpan<byte> target, int folder, ReadOnlySpan<byte> name)
    {
        fixed (byte* to = target, text = name)
        {
            return SymbolicLinkAt(to, folder, text);
        }
    }

    /// <summary>Gives a file a further name. A symbolic link is not followed.</summary>
    public static int CreateHardLink(int folder, ReadOnlySpan<byte> name, int addedFolder, ReadOnlySpan<byte> added)
    {
        fixed (byte* text = name, second = added)
        {
            return LinkAt(folder, text, addedFolder, second, 0);
        }
    }

    /// <summary>The status of a name of a folder, of the link itself where it is one.</summary>
    public static int Look(int folder, ReadOnlySpan<byte> name, out LinuxStatus status)
    {
        fixed (byte* text = name)
        fixed (LinuxStatus* into = &status)
        {
            return Statx(folder, text, NoFollow | NoMounting, StatusMask, into);
        }
    }

    /// <summary>The status of what is open.</summary>
    public static int Look(int descriptor, out LinuxStatus status)
    {
        fixed (byte* text = "\0"u8)
        fixed (LinuxStatus* into = &status)
        {
            return Statx(descriptor, text, OfDescriptor, StatusMask, into);
        }
    }

    /// <summary>Reads the next entries of an open folder: any number of whole ones, laid out as <see cref="LinuxListing"/> says. 0 at its end.</summary>
    public static int List(int folder, Span<byte> into)
    {
        fixed (byte* buffer = into)
        {
            return (int)SystemCall(IsArm ? 61 : 217, folder, (nint)buffer, into.Length, 0, 0);
        }
    }

    /// <summary>Reads a symbolic link's target; as many bytes as there is room for.</summary>
    public static int ReadLink(int folder, ReadOnlySpan<byte> name, Span<byte> into)
    {
        fixed (byte* text = name, buffer = into)
        {
            return (int)ReadLinkAt(folder, text, buffer, into.Length);
        }
    }

    /// <summary>Reads on; 0 at the end.</summary>
    public static int Read(int descriptor, Span<byte> into)
    {
        fixed (byte* buffer = into)
        {
            nint read;
            do
            {
                read = Read(descriptor, buffer, into.Length);
            }
            while (read < 0 && LinuxError.Last == LinuxError.Interrupted);
            return (int)read;
        }
    }

    /// <summary>Writes at an offset; how much of it was taken.</summary>
    public static int Write(int descriptor, ReadOnlySpan<byte> bytes, long offset)
    {
        fixed (byte* buffer = bytes)
        {
            nint written;
            do
            {
                written = WriteAt(descriptor, buffer, bytes.Length, offset);
            }
            while (written < 0 && LinuxError.Last == LinuxError.Interrupted);
            return (int)written;
        }
    }

    /// <summary>Sets the time of the last change, in nanoseconds since 1970-01-01 UTC, of what is open.</summary>
    public static int SetModified(int descriptor, long nanoseconds)
    {
        var times = stackalloc long[4];
        Write(times, nanoseconds);
        return SetTimes(descriptor, times);
    }

    /// <summary>Sets the time of the last change, in nanoseconds since 1970-01-01 UTC, of a name: of the link itself where it is one.</summary>
    public static int SetModified(int folder, ReadOnlySpan<byte> name, long nanoseconds)
    {
        var times = stackalloc long[4];
        Write(times, nanoseconds);
        fixed (byte* text = name)
        {
            return SetTimesAt(folder, text, times, NoFollow);
        }
    }

    /// <summary>Sets the owner of a name: of the link itself where it is one.</summary>
    public static int SetOwner(int folder, ReadOnlySpan<byte> name, uint user, uint group)
    {
        fixed (byte* text = name)
        {
            return SetOwnerAt(folder, text, user, group, NoFollow);
        }
    }

    /// <summary>Removes a name.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The name.</param>
    /// <param name="flags">0, or <see cref="RemoveFolder"/> for an empty folder.</param>
    public static int Remove(int folder, ReadOnlySpan<byte> name, int flags)
    {
        fixed (byte* text = name)
        {
            return RemoveAt(folder, text, flags);
        }
    }

    /// <summary>Moves a name, and replaces what has the new one.</summary>
    public static int Move(int folder, ReadOnlySpan<byte> name, int newFolder, ReadOnlySpan<byte> newName)
    {
        fixed (byte* text = name, second = newName)
        {
            return RenameAt(folder, text, newFolder, second);
        }
    }

    /// <summary>Moves a name unless the new one is taken. Not every file system knows how.</summary>
    public static int MoveUnlessTaken(int folder, ReadOnlySpan<byte> name, int newFolder, ReadOnlySpan<byte> newName)
    {
        fixed (byte* text = name, second = newName)
        {
            return (int)SystemCall(IsArm ? 276 : 316, folder, (nint)text, newFolder, (nint)second, (nint)NoReplace);
        }
    }

    /// <summary>Two names change places, in one step. Not every file system knows how.</summary>
    public static int Exchange(int folder, ReadOnlySpan<byte> name, int otherFolder, ReadOnlySpan<byte> otherName)
    {
        fixed (byte* text = name, second = otherName)
        {
            return (int)SystemCall(IsArm ? 276 : 316, folder, (nint)text, otherFolder, (nint)second, (nint)ExchangeNames);
        }
    }

    /// <summary>Tells the system that an open file is going to be read from its beginning to its end. It may do as it likes.</summary>
    public static void ExpectSequentialReading(int descriptor) => _ = Advise(descriptor, 0, 0, Sequential);

    private static int Open(int folder, ReadOnlySpan<byte> name, int flags, bool keepAccessTime)
    {
        fixed (byte* text = name)
        {
            while (true)
            {
                var descriptor = OpenAt(folder, text, flags | Flags.CloseOnExec | (keepAccessTime ? Flags.NoAccessTime : 0), 0);
                if (descriptor >= 0)
                {
                    return descriptor;
                }

                if (keepAccessTime && LinuxError.Last == LinuxError.NotPermitted)
                {
                    // Only its owner may ask for that, and what counts as root does not everywhere.
                    keepAccessTime = false;
                }
                else if (LinuxError.Last != LinuxError.Interrupted)
                {
                    return -1;
                }
            }
        }
    }

    /// <summary>Two times: that of the last access, which stays as it is, and that of the last change. Before 1970 the seconds are negative, the nanoseconds never.</summary>
    private static void Write(long* times, long nanoseconds)
    {
        var (seconds, rest) = Math.DivRem(nanoseconds, 1_000_000_000);
        times[0] = 0;
        times[1] = OmitTime;
        times[2] = rest < 0 ? seconds - 1 : seconds;
        times[3] = rest < 0 ? rest + 1_000_000_000 : rest;
    }

    /// <summary>The flags of opening.</summary>
    private static class Flags
    {
        public const int Write = 1;
        public const int Create = 0x40;
        public const int Exclusive = 0x80;
        public const int Unwaiting = 0x800;
        public const int NoAccessTime = 0x40000;
        public const int CloseOnExec = 0x80000;

        public static int Folder { get; } = IsArm ? 0x4000 : 0x10000;

        public static int NoFollow { get; } = IsArm ? 0x8000 : 0x20000;
    }
}
