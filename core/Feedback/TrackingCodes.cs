using System.Security.Cryptography;
using System.Text;

namespace Maintenance.Feedback;

/// <summary>
/// References and the codes that open them. A code is a keyed hash of its reference: nothing about it is stored, and a valid code proves that the reference was
/// given out here, even while the submission still waits in the queue.
/// </summary>
public sealed class TrackingCodes
{
    /// <summary>Crockford's base 32: no I, L, O or U to misread or to spell words with.</summary>
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>Of a reference without its <c>F-</c>, and of a code.</summary>
    private const int Letters = 12;

    private readonly byte[] _key;

    /// <summary>With the host's secret of at least 32 bytes.</summary>
    public TrackingCodes(byte[] key)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentOutOfRangeException.ThrowIfLessThan(key.Length, 32);
        _key = key;
    }

    /// <summary>A new reference: 60 random bits, so that even ten million of them hardly ever meet.</summary>
    public static string NewReference() => Reference(RandomNumberGenerator.GetBytes(8));

    /// <summary>The reference of an idempotency key: the same key, the same reference.</summary>
    public string ReferenceOf(string idempotencyKey) => Reference(Mac("reference", idempotencyKey));

    /// <summary>The tracking code of a reference.</summary>
    public string CodeOf(string reference) => Groups(Mac("code", reference));

    /// <summary>True when the code is that of the reference; upper and lower case, spaces and the letters I L O are forgiven.</summary>
    public bool IsValid(string reference, string code) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(CodeOf(Clean(reference, "F-"))), Encoding.UTF8.GetBytes(Clean(code, "")));

    /// <summary>A reference as people type it, in the form in which it was given out.</summary>
    public static string CleanReference(string reference) => Clean(reference, "F-");

    /// <summary>Stands for something that must be recognised and not be kept: a keyed hash of 128 bits, in lower-case hexadecimal digits.</summary>
    /// <param name="use">What it is for: the same text has another one for each use.</param>
    /// <param name="text">What is recognised.</param>
    public string PseudonymOf(string use, string text) => Convert.ToHexStringLower(Mac("pseudonym of " + use, text).AsSpan(0, 16));

    private static string Clean(string text, string prefix)
    {
        var plain = text.Trim().ToUpperInvariant();
        var letters = plain.Replace('O', '0').Replace('I', '1').Replace('L', '1').Where(static c => Alphabet.Contains(c, StringComparison.Ordinal));
        if (prefix.Length > 0 && plain.StartsWith(prefix[0]) && (plain.StartsWith(prefix, StringComparison.Ordinal) || letters.Count() == Letters + 1))
        {
            // Without its hyphen the F of the prefix reads like one letter more.
            letters = letters.Skip(1);
        }

        return prefix + string.Join('-', letters.Chunk(4).Select(static group => new string(group)));
    }

    private static string Reference(byte[] bytes) => "F-" + Groups(bytes);

    private static string Groups(byte[] bytes)
    {
        var bits = BitConverter.ToUInt64(bytes);
        var text = new StringBuilder(14);
        for (var i = 0; i < Letters; i++)
        {
            _ = text.Append(i is 4 or 8 ? "-" : "").Append(Alphabet[(int)((bits >> (5 * i)) & 31)]);
        }

        return text.ToString();
    }

    private byte[] Mac(string use, string text) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(use + "\n" + text));
}
