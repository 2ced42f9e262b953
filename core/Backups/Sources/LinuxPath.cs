using System.Runtime.InteropServices;
using System.Text;

namespace Maintenance.Backups.Sources;

/// <summary>Paths and names as Linux takes them.</summary>
internal static class LinuxPath
{
    /// <summary>The text as UTF-8 with a zero byte behind it.</summary>
    public static byte[] Terminated(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        _ = Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    /// <summary>
    /// Opens the folder that a relative path is in, step by step and never through a symbolic link; <paramref name="root"/> itself where it has no slash.
    /// </summary>
    /// <returns>The open folder; negative, and <see cref="LinuxError.Last"/>, where it cannot be opened.</returns>
    public static int OpenParent(int root, string path)
    {
        var folder = root;
        for (int start = 0, slash; folder >= 0 && (slash = path.IndexOf('/', start)) >= 0; start = slash + 1)
        {
            var above = folder;
            folder = LinuxCalls.OpenFolder(above, Terminated(path.AsSpan(start, slash - start)), keepAccessTime: false);
            if (above != root)
            {
                var error = LinuxError.Last;
                _ = LinuxCalls.Close(above);
                Marshal.SetLastPInvokeError(error);
            }
        }

        return folder;
    }
}
