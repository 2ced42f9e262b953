namespace Maintenance.Assets.Versions;

/// <summary>Whole numbers written in ASCII digits, of any length.</summary>
internal static class Digits
{
    /// <summary>True where there is at least one character and each is a digit from 0 to 9.</summary>
    public static bool Are(ReadOnlySpan<char> text) => text.Length > 0 && text.IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>Without leading zeros; an empty span for zero.</summary>
    public static ReadOnlySpan<char> Significant(ReadOnlySpan<char> digits) => digits.TrimStart('0');

    /// <summary>By what they count: without leading zeros the longer one is the greater. An empty span counts as zero.</summary>
    public static int Compare(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        left = Significant(left);
        right = Significant(right);
        return left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);
    }
}
