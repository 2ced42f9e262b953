using System.Runtime.InteropServices;

namespace Maintenance.Backups.Sources;

/// <summary>What Linux says of a file or folder: the layout of <c>statx</c>, which is one on every kind of processor.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct LinuxStatus
{
    private const int TypeMask = 0xF000;
    private const int SocketType = 0xC000;
    private const int LinkType = 0xA000;
    private const int FileType = 0x8000;
    private const int BlockDeviceType = 0x6000;
    private const int FolderType = 0x4000;
    private const int CharacterDeviceType = 0x2000;
    private const int PipeType = 0x1000;

    /// <summary>Smaller files are not worth holes.</summary>
    private const long LeastSparse = 64 * 1024;

    [FieldOffset(16)]
    public readonly uint Links;
    [FieldOffset(20)]
    public readonly uint User;
    [FieldOffset(24)]
    public readonly uint Group;
    [FieldOffset(28)]
    private readonly ushort _mode;
    [FieldOffset(32)]
    public readonly ulong Inode;
    [FieldOffset(40)]
    public readonly long Length;

    /// <summary>Of 512 bytes, whatever the file system's own are.</summary>
    [FieldOffset(48)]
    private readonly long _blocks;
    [FieldOffset(96)]
    private readonly long _changedSeconds;
    [FieldOffset(104)]
    private readonly uint _changedNanoseconds;
    [FieldOffset(112)]
    private readonly long _modifiedSeconds;
    [FieldOffset(120)]
    private readonly uint _modifiedNanoseconds;
    [FieldOffset(136)]
    private readonly uint _deviceMajor;
    [FieldOffset(140)]
    private readonly uint _deviceMinor;

    public readonly bool IsFolder => (_mode & TypeMask) == FolderType;

    public readonly bool IsFile => (_mode & TypeMask) == FileType;

    public readonly bool IsSymbolicLink => (_mode & TypeMask) == LinkType;

    /// <summary>Who of the group's folder makes something, makes it for the group.</summary>
    public readonly bool PassesGroupOn => IsFolder && (_mode & 0x400) != 0;

    public readonly ulong Device => ((ulong)_deviceMajor << 32) | _deviceMinor;

    public readonly bool IsSparse => Length >= LeastSparse && _blocks * 512 < Length;

    /// <summary>The twelve permission bits.</summary>
    public readonly int Mode => _mode & 0xFFF;

    /// <summary>Nanoseconds since 1970-01-01 UTC.</summary>
    public readonly long Modified => Nanoseconds(_modifiedSeconds, _modifiedNanoseconds);

    /// <summary>When anything of it changed last, its mode, owner and names included: programs cannot set it.</summary>
    public readonly ulong ChangeMark => (ulong)Nanoseconds(_changedSeconds, _changedNanoseconds);

    /// <summary>What has no place in a backup, as people say.</summary>
    public readonly string SpecialKind => (_mode & TypeMask) switch
    {
        SocketType => "socket",
        PipeType => "pipe",
        BlockDeviceType => "block device",
        CharacterDeviceType => "character device",
        _ => "thing of an unknown kind",
    };

    /// <summary>Times beyond the years 1678 and 2261 do not fit, and become the first or the last that does.</summary>
    private static long Nanoseconds(long seconds, uint nanoseconds) =>
        (long)Int128.Clamp(((Int128)seconds * 1_000_000_000) + nanoseconds, long.MinValue, long.MaxValue);
}
