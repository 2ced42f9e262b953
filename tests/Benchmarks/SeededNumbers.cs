namespace Maintenance.Benchmarks;

/// <summary>Numbers that a seed decides, the same on every machine and runtime (xoshiro256**), so that a corpus can be made again.</summary>
internal struct SeededNumbers
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    public SeededNumbers(ulong seed, ulong stream)
    {
        // SplitMix64 spreads neighbouring seeds and streams over the whole state.
        var state = Mixed(seed) ^ (stream * 0x9E37_79B9_7F4A_7C15UL);
        _a = Mixed(state += 0x9E37_79B9_7F4A_7C15UL);
        _b = Mixed(state += 0x9E37_79B9_7F4A_7C15UL);
        _c = Mixed(state += 0x9E37_79B9_7F4A_7C15UL);
        _d = Mixed(state + 0x9E37_79B9_7F4A_7C15UL);
    }

    /// <summary>A seed that text decides: FNV-1a, mixed.</summary>
    public static ulong HashOf(ulong seed, ReadOnlySpan<char> text)
    {
        var hash = 0xCBF2_9CE4_8422_2325UL ^ Mixed(seed);
        foreach (var letter in text)
        {
            hash = (hash ^ letter) * 0x0000_0100_0000_01B3UL;
        }

        return Mixed(hash);
    }

    public ulong Next()
    {
        var result = ulong.RotateLeft(_b * 5, 7) * 9;
        var t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = ulong.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>A whole number from 0 up to, not including, <paramref name="end"/>.</summary>
    public int Below(int end) => (int)Math.BigMul(Next(), (ulong)end, out _);

    public int Between(int first, int last) => first + Below(last - first + 1);

    /// <summary>From 0 up to, not including, 1.</summary>
    public double Share() => (Next() >> 11) * (1.0 / (1UL << 53));

    public bool Happens(double chance) => Share() < chance;

    /// <summary>One of them, the first ones more often, as names and places are in life.</summary>
    public string OneOf(string[] choices)
    {
        var share = Share();
        return choices[(int)(share * share * choices.Length)];
    }

    public void Fill(Span<byte> bytes)
    {
        var words = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(bytes);
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = Next();
        }

        for (var i = words.Length * sizeof(ulong); i < bytes.Length; i++)
        {
            bytes[i] = (byte)Next();
        }
    }

    private static ulong Mixed(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EBUL;
        return value ^ (value >> 31);
    }
}
