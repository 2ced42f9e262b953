using System.Text;

namespace Maintenance.Backups.Sources;

/// <summary>A folder on the way down of a walk.</summary>
/// <param name="prefix">Its path and a slash; empty for the root.</param>
/// <param name="listing">What is in it.</param>
/// <param name="status">By which it is known again.</param>
internal sealed class LinuxFolderLevel(string prefix, LinuxListing listing, in LinuxStatus status) : IDisposable
{
    private readonly (ulong, ulong) _identity = (status.Device, status.Inode);

    public string Prefix { get; } = prefix;

    public LinuxListing Listing { get; } = listing;

    /// <summary>The open folder; negative while it is closed.</summary>
    public int Folder { get; set; }

    public string PathOf(ReadOnlySpan<byte> name)
    {
        // A name has no more characters than bytes.
        Span<char> text = name.Length <= 256 ? stackalloc char[256] : new char[name.Length];
        return string.Concat(Prefix, text[..Encoding.UTF8.GetChars(name, text)]);
    }

    public void Close()
    {
        if (Folder >= 0)
        {
            _ = LinuxCalls.Close(Folder);
            Folder = -1;
        }
    }

    /// <summary>Opens it again where it was closed: from a folder in it, or by its path. False where what is there is another.</summary>
    public bool Reopen(int inside, int root)
    {
        if (Folder < 0 && inside >= 0)
        {
            Folder = Known(LinuxCalls.OpenFolder(inside, "..\0"u8, keepAccessTime: false));
        }

        if (Folder < 0)
        {
            Folder = Known(LinuxPath.OpenParent(root, Prefix));
        }

        return Folder >= 0;
    }

    public void Dispose()
    {
        Close();
        Listing.Dispose();
    }

    private int Known(int folder)
    {
        if (folder >= 0 && (LinuxCalls.Look(folder, out var now) != 0 || (now.Device, now.Inode) != _identity))
        {
            _ = LinuxCalls.Close(folder);
            return -1;
        }

        return folder;
    }
}
