using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Maintenance.Assets.Vulnerabilities;

/// <content>
/// ZIP archives of advisories. A stranger packed them: each file is unpacked by itself and into memory alone, never by a name of the archive's, and no further than it may.
/// What the archive says of sizes is not believed; what comes out is counted.
/// </content>
public static partial class OsvReader
{
    /// <summary>The most files of an archive.</summary>
    public const int MostArchived = 200_000;

    /// <summary>So much at most is unpacked of one archive, in bytes.</summary>
    public const long LargestUnpacked = 1024L * 1024 * 1024;

    /// <summary>A file may unpack to so many times what it takes in the archive. Advisories come to about a fifth when they are packed; deflate reaches a thousandth with nothing but repetition.</summary>
    public const int LargestRatio = 100;

    /// <summary>Below this size no file is refused for its ratio, in bytes: a small one may well repeat itself.</summary>
    public const int SmallUnpacked = 64 * 1024;

    private const int LongestName = 200;

    private static readonly uint[] SumTable =
        [.. Enumerable.Range(0, 256).Select(static value => Enumerable.Range(0, 8).Aggregate((uint)value, static (sum, _) => (sum & 1) == 0 ? sum >> 1 : (sum >> 1) ^ 0xEDB88320))];

    /// <summary>With which a file of the archive's directory begins.</summary>
    private static ReadOnlySpan<byte> DirectoryMark => "PK\x01\x02"u8;

    private static ReadOnlySpan<byte> ArchiveMark => "PK\x03\x04"u8;

    private static void ReadArchive(Reading reading, ReadOnlyMemory<byte> bytes, long mostUnpacked)
    {
        // Before the archive's directory is taken apart, each file of which costs memory. A mark that is there by chance counts too: that is one in millions of bytes.
        if (bytes.Span.Count(DirectoryMark) > MostArchived)
        {
            reading.LeaveOut(WholeFile, $"It has more than {MostArchived} files.");
            return;
        }

        try
        {
            using var archive = new ZipArchive(Stream(bytes), ZipArchiveMode.Read);
            var left = mostUnpacked;
            using var unpacked = new MemoryStream();
            foreach (var entry in archive.Entries.Where(static entry => !entry.FullName.EndsWith('/')))
            {
                reading.Within = Name(entry.FullName);
                if (reading.Count == MostAdvisories || left <= 0)
                {
                    reading.LeaveOut(WholeFile, left <= 0 ? $"{mostUnpacked} bytes were unpacked, the most of one archive: this file and those behind it are left out." : $"More than {MostAdvisories} advisories: this file and those behind it are left out.");
                    return;
                }

                ReadEntry(reading, entry, unpacked);
                left -= unpacked.Length;
            }
        }
        catch (InvalidDataException error)
        {
            reading.Within = null;
            reading.LeaveOut(WholeFile, $"It is no whole ZIP archive: {error.Message}");
        }
        finally
        {
            reading.Within = null;
        }
    }

    private static void ReadEntry(Reading reading, ZipArchiveEntry entry, MemoryStream unpacked)
    {
        unpacked.SetLength(0);
        if (!entry.FullName.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            reading.At(WholeFile)("name", "It is no .json file, and is not read.");
            return;
        }

        if (entry.IsEncrypted)
        {
            reading.LeaveOut(WholeFile, "It is encrypted.");
            return;
        }

        try
        {
            var most = Math.Min(LargestAdvisory, Math.Max(SmallUnpacked, entry.CompressedLength * LargestRatio));
            using var packed = entry.Open();
            Span<byte> buffer = stackalloc byte[16 * 1024];
            for (int read; (read = packed.Read(buffer)) > 0;)
            {
                unpacked.Write(buffer[..read]);
                if (unpacked.Length > most)
                {
                    reading.LeaveOut(WholeFile, most == LargestAdvisory ? $"It unpacks to more than {LargestAdvisory} bytes." : $"It unpacks to more than {LargestRatio} times its size.");
                    return;
                }
            }
        }
        catch (Exception error) when (error is InvalidDataException or NotSupportedException or IOException)
        {
            reading.LeaveOut(WholeFile, $"It cannot be unpacked: {error.Message}");
            return;
        }

        // .NET stops at the size that the archive says, and checks no sum: a file that was cut short would read as fewer lines.
        var content = unpacked.GetBuffer().AsMemory(0, (int)unpacked.Length);
        if (Sum(content.Span) != entry.Crc32)
        {
            reading.LeaveOut(WholeFile, "It is damaged: its check sum is not the one that the archive says.");
            return;
        }

        ReadFile(reading, content);
    }

    /// <summary>CRC-32 as ZIP has it (APPNOTE 4.4.7): reflected, of the polynomial 04C11DB7.</summary>
    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var next in bytes)
        {
            sum = (sum >> 8) ^ SumTable[(byte)(sum ^ next)];
        }

        return ~sum;
    }

    private static MemoryStream Stream(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var array) ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false) : new MemoryStream(bytes.ToArray(), writable: false);

    private static string Name(string name)
    {
        var shown = name.Length <= LongestName ? name : name[..(char.IsHighSurrogate(name[LongestName - 1]) ? LongestName - 1 : LongestName)] + "…";
        return string.Concat(shown.Select(static c => char.IsControl(c) || char.IsSurrogate(c) ? '�' : c));
    }
}
