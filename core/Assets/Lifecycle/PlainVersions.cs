using System.Buffers;
using System.Globalization;
using Maintenance.Assets.Versions;

namespace Maintenance.Assets.Lifecycle;

/// <summary>
/// Versions by the rules of their ecosystem and, where there are none (a database server that no package manager brought), by their numbers. Only what consists of
/// numbers and dots is ordered so: of anything else nobody can tell.
/// </summary>
internal static class PlainVersions
{
    private const int MostNumbers = 8;
    private static readonly SearchValues<char> NumbersAndDots = SearchValues.Create("0123456789.");

    /// <summary>Below zero, zero or above zero; null where nobody can tell.</summary>
    public static int? Compare(Ecosystem order, string left, string right)
    {
        if (VersionOrder.Compare(order, left, right) is { } known)
        {
            return known;
        }

        if (order != Ecosystem.Other || Plain(left) is not { } from || Plain(right) is not { } to)
        {
            return null;
        }

        for (var i = 0; i < Math.Max(from.Count, to.Count); i++)
        {
            if ((i < from.Count ? from[i] : 0).CompareTo(i < to.Count ? to[i] : 0) is not 0 and var differs)
            {
                return differs;
            }
        }

        return 0;
    }

    public static bool IsPreRelease(Ecosystem order, string version) => VersionOrder.IsPreRelease(order, version) == true;

    /// <summary>The numbers that lead; null where there are none.</summary>
    public static IReadOnlyList<long>? Numbers(Ecosystem order, string version) =>
        VersionOrder.Numbers(order, version) is { } known ? [.. known.Take(MostNumbers).Select(Number)] : Leading(version);

    private static List<long>? Plain(string version) => version.Length <= VersionOrder.Longest && version.Trim().TrimStart('v', 'V') is { Length: > 0 } text && text.All(static c => char.IsAsciiDigit(c) || c == '.') ? Leading(text) : null;

    /// <summary>The numbers at the front of a version of no known form: of Debian's <c>1:15.8-0+deb12u1</c>, those of what upstream calls it.</summary>
    private static List<long>? Leading(string version)
    {
        var text = version.Trim();
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        text = (colon > 0 ? text[(colon + 1)..] : text).TrimStart('v', 'V');
        var end = text.AsSpan().IndexOfAnyExcept(NumbersAndDots);
        var numbers = (end < 0 ? text : text[..end]).Split('.', StringSplitOptions.RemoveEmptyEntries);
        return numbers.Length == 0 ? null : [.. numbers.Take(MostNumbers).Select(Number)];
    }

    private static long Number(string digits) => long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue / 2;
}
