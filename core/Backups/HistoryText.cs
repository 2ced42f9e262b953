namespace Maintenance.Backups;

/// <summary>A workflow's history is no place for a list of a million files.</summary>
internal static class HistoryText
{
    /// <summary>So many lines go into a history.</summary>
    public const int Most = 20;

    /// <summary>The first lines, and how many more there are.</summary>
    /// <param name="lines">Those that are known.</param>
    /// <param name="count">How many there are altogether.</param>
    public static IReadOnlyList<string> First(IReadOnlyList<string> lines, long count) =>
        lines.Count <= Most && count <= lines.Count ? lines : [.. lines.Take(Most), $"… and {Math.Max(count, lines.Count) - Math.Min(Most, lines.Count)} more."];
}
