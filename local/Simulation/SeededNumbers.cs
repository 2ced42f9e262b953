using System.Security.Cryptography;
using System.Text;

namespace Maintenance.Local.Simulation;

/// <summary>
/// Numbers that are the same for the same seed on every machine and every version of .NET (SplitMix64, Steele, Lea and Flood, 2014). What is drawn for is a part of the
/// seed: whatever is drawn for one thing changes nothing of another.
/// </summary>
public sealed class SeededNumbers
{
    private ulong _state;

    /// <summary>The numbers for a thing.</summary>
    /// <param name="seed">The seed of the whole.</param>
    /// <param name="thing">What they are drawn for.</param>
    public SeededNumbers(int seed, string thing)
    {
        var text = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{seed}\n{thing}");
        _state = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>From 0 to below 1.</summary>
    public double Share()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return (z >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>True so often.</summary>
    /// <param name="share">From 0 for never to 1 for always.</param>
    public bool Happens(double share) => Share() < share;

    /// <summary>From one number to below another.</summary>
    public double Between(double from, double to) => from + (Share() * (to - from));

    /// <summary>A whole number from 0 to below another.</summary>
    public int Below(int end) => (int)(Share() * end);

    /// <summary>One of a list that is not empty.</summary>
    public T Of<T>(IReadOnlyList<T> list)
    {
        ArgumentNullException.ThrowIfNull(list);
        return list[Below(list.Count)];
    }

    /// <summary>One of a list that is not empty and begins with the worst: the later one is, the likelier. Of three the first is drawn in a ninth of all cases, the last in five.</summary>
    public T RatherLate<T>(IReadOnlyList<T> list)
    {
        ArgumentNullException.ThrowIfNull(list);
        return list[(int)(Math.Sqrt(Share()) * list.Count)];
    }

    /// <summary>How often something happens that happens so often on average, whenever it likes (Knuth's way to draw from Poisson's distribution; for small means).</summary>
    public int Times(double mean)
    {
        var (limit, product, times) = (Math.Exp(-mean), Share(), 0);
        while (product > limit)
        {
            product *= Share();
            times++;
        }

        return times;
    }
}
