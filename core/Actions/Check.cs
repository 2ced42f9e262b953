using System.Globalization;

namespace Maintenance.Actions;

/// <summary>What a check looks at.</summary>
public enum CheckKind
{
    /// <summary>A file, or a folder, of what was restored.</summary>
    File,

    /// <summary>An HTTP address.</summary>
    Http,

    /// <summary>The first value of a query's first row.</summary>
    Query,
}

/// <summary>A check of what was restored, or of a service that runs.</summary>
/// <param name="Kind">What it looks at.</param>
/// <param name="Subject">A path below the restored folder, an address, or the text of a query.</param>
public sealed record Check(CheckKind Kind, string Subject)
{
    /// <summary>The name of the host's setting with the connection string of a query's database.</summary>
    public string? Database { get; init; }

    /// <summary>The SHA-256 that a file must have, in lower-case hexadecimal digits; null for any.</summary>
    public string? Hash { get; init; }

    /// <summary>How many lines a file must have at least: the rows of a table that is kept as text.</summary>
    public long AtLeastLines { get; init; }

    /// <summary>How many bytes a file must have at least.</summary>
    public long AtLeastBytes { get; init; }

    /// <summary>The status that an HTTP address must answer.</summary>
    public int Status { get; init; } = 200;

    /// <summary>Text that a file or an answer must contain; null for any.</summary>
    public string? Contains { get; init; }

    /// <summary>The value that a query must give; null for any.</summary>
    public string? ExpectedValue { get; init; }

    /// <summary>The number that a query's value must reach; null for any.</summary>
    public double? AtLeast { get; init; }

    /// <summary>How long an answer may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What people are told that it is.</summary>
    public override string ToString() => Kind switch
    {
        CheckKind.File => $"file {Subject}",
        CheckKind.Http => $"answer of {Subject}",
        _ => $"query {Subject}",
    };
}

/// <summary>What a check saw.</summary>
/// <param name="IsThere">False where the file is missing, nobody answered, or the query gave no row.</param>
/// <param name="Problem">Why not.</param>
public sealed record Observation(bool IsThere, string? Problem = null)
{
    /// <summary>A file's SHA-256.</summary>
    public string? Hash { get; init; }

    /// <summary>A file's lines: line feeds, and what follows the last of them.</summary>
    public long Lines { get; init; }

    /// <summary>A file's bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>The status that was answered.</summary>
    public int Status { get; init; }

    /// <summary>True where the text that was looked for is there.</summary>
    public bool HasText { get; init; }

    /// <summary>The value of a query.</summary>
    public string? Value { get; init; }
}

/// <summary>Whether what a check saw is what the plan asks for. Pure.</summary>
public static class CheckRules
{
    /// <summary>Everything that is wrong, in words; empty where the check passes.</summary>
    public static IReadOnlyList<string> Judge(Check check, Observation seen)
    {
        ArgumentNullException.ThrowIfNull(check);
        ArgumentNullException.ThrowIfNull(seen);
        if (!seen.IsThere)
        {
            return [$"{check}: {seen.Problem ?? "there is nothing"}"];
        }

        var wrong = new List<string>();
        Ask(check.Kind == CheckKind.Http && seen.Status != check.Status, $"it answered {seen.Status} instead of {check.Status}");
        Ask(check.Hash is not null && !string.Equals(check.Hash, seen.Hash, StringComparison.OrdinalIgnoreCase), $"its SHA-256 is {seen.Hash} instead of {check.Hash}");
        Ask(seen.Lines < check.AtLeastLines, $"it has {seen.Lines} lines, fewer than {check.AtLeastLines}");
        Ask(seen.Bytes < check.AtLeastBytes, $"it has {seen.Bytes} bytes, fewer than {check.AtLeastBytes}");
        Ask(check.Contains is not null && !seen.HasText, $"it does not contain '{check.Contains}'");
        Ask(check.ExpectedValue is not null && check.ExpectedValue != seen.Value, $"it gave '{seen.Value}' instead of '{check.ExpectedValue}'");
        if (check.AtLeast is { } least)
        {
            var isNumber = double.TryParse(seen.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value);
            Ask(!isNumber || !(value >= least), string.Create(CultureInfo.InvariantCulture, $"it gave '{seen.Value}', which is not {least} or more"));
        }

        return wrong;

        void Ask(bool isWrong, string what)
        {
            if (isWrong)
            {
                wrong.Add($"{check}: {what}.");
            }
        }
    }
}
