using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Maintenance.Backups.Repository;

/// <summary>A random 64-bit number for each byte, from a secret seed.</summary>
internal sealed class GearTable
{
    /// <summary>How many bytes the seed has: eight for each of the 256 numbers.</summary>
    public const int SeedSize = 256 * sizeof(ulong);

    private readonly ulong[] _numbers = new ulong[256];

    public GearTable(ReadOnlySpan<byte> seed)
    {
        for (var i = 0; i < _numbers.Length; i++)
        {
            _numbers[i] = BinaryPrimitives.ReadUInt64LittleEndian(seed[(i * sizeof(ulong))..]);
        }
    }

    public ReadOnlySpan<ulong> Numbers => _numbers;
}

/// <summary>
/// Content-defined chunking with a gear hash and normalised sizes (FastCDC, Xia et al., USENIX ATC 2016): a cut depends on the 64 bytes before it and on the
/// distance from the cut before, so an insertion moves the cuts around it and no others.
/// </summary>
/// <param name="Least">No chunk is shorter, but the last of a file.</param>
/// <param name="Normal">From here on a cut is sixteen times as likely.</param>
/// <param name="Most">No chunk is longer.</param>
/// <param name="Bits">How many leading zero bits of the hash make a cut before <paramref name="Normal"/>; four fewer make one after it.</param>
internal sealed record Chunking(int Least, int Normal, int Most, int Bits)
{
    /// <summary>How far back the hash looks.</summary>
    private const int Window = 64;

    /// <summary>Of files: 256 KiB to 2 MiB, about 1.1 MiB on average.</summary>
    public static Chunking Files { get; } = new(256 * 1024, 1024 * 1024, 2 * 1024 * 1024, 22);

    /// <summary>Of the list of entries, of which a few change from one snapshot to the next: 16 KiB to 256 KiB.</summary>
    public static Chunking Trees { get; } = new(16 * 1024, 64 * 1024, 256 * 1024, 18);

    /// <summary>The length of the first chunk of <paramref name="data"/>: all of it where there is no cut and it is no longer than a chunk may be.</summary>
    /// <param name="gear">The repository's table.</param>
    /// <param name="data">The contents from the cut before on: at least <see cref="Most"/> bytes, or all that are left.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Cut(GearTable gear, ReadOnlySpan<byte> data)
    {
        var end = Math.Min(data.Length, Most);
        if (end <= Least)
        {
            return end;
        }

        var numbers = gear.Numbers;
        var hash = 0UL;
        var i = Least - Window;
        for (; i < Least; i++)
        {
            hash = (hash << 1) + numbers[data[i]];
        }

        var limit = ulong.MaxValue >> Bits;
        for (var normal = Math.Min(end, Normal); i < normal; i++)
        {
            hash = (hash << 1) + numbers[data[i]];
            if (hash <= limit)
            {
                return i + 1;
            }
        }

        limit = ulong.MaxValue >> (Bits - 4);
        for (; i < end; i++)
        {
            hash = (hash << 1) + numbers[data[i]];
            if (hash <= limit)
            {
                return i + 1;
            }
        }

        return end;
    }
}
