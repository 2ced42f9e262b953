using System.Globalization;
using System.Text.Json;
using Maintenance.Assets.Components;
using NodaTime;
using NodaTime.Text;

namespace Maintenance.Assets.Lifecycle;

/// <summary>A cycle of a product, as a record says it: the older pair of words and the newer one side by side, since files mix them.</summary>
/// <param name="Name">Such as <c>15</c> or <c>8.0</c>.</param>
public sealed record ProductCycle(string Name)
{
    /// <summary>The older form: over since this date.</summary>
    public LocalDate? Eol { get; init; }

    /// <summary>The older form without a date: true for over, false for not over; null where there is a date, or nothing.</summary>
    public bool? EolFlag { get; init; }

    /// <summary>The newer form: whether it is over.</summary>
    public bool? IsEol { get; init; }

    /// <summary>The newer form: since when.</summary>
    public LocalDate? EolFrom { get; init; }

    /// <summary>The newest version of the cycle, or null.</summary>
    public string? Latest { get; init; }

    /// <summary>When that came out, or null.</summary>
    public LocalDate? LatestOn { get; init; }

    /// <summary>When the cycle came out, or null.</summary>
    public LocalDate? ReleasedOn { get; init; }
}

/// <summary>What a file says of a product, or why it cannot be used.</summary>
/// <param name="Cycles">In the order of the file.</param>
/// <param name="Problem">What is wrong, with the place; null where nothing is.</param>
public sealed record EndOfLifeReading(IReadOnlyList<ProductCycle> Cycles, string? Problem);

/// <summary>
/// Reads records in the shapes of endoflife.date: a list of cycles (<c>eol</c> true, false or a date), or a product with its <c>releases</c> (<c>isEol</c> and
/// <c>eolFrom</c>), with or without the answer's own wrapping. Pure.
/// </summary>
public static class EndOfLifeRecords
{
    /// <summary>So large a file may be.</summary>
    public const int MaxBytes = 1024 * 1024;

    private const int Depth = 16;
    private const int MostCycles = 2000;
    private const int MostText = 100;

    /// <summary>Reads a file.</summary>
    public static EndOfLifeReading Read(ReadOnlyMemory<byte> bytes)
    {
        using var document = JsonDocuments.Open(bytes, MaxBytes, Depth, out var problem);
        if (document is null)
        {
            return new([], problem);
        }

        var root = document.RootElement;
        var (list, at) = root.ValueKind == JsonValueKind.Array ? (root, "")
            : Inner(root, "result") is { } result && Inner(result, "releases") is { } inner ? (inner, "result.releases")
            : Inner(root, "releases") is { } releases ? (releases, "releases")
            : (default, "");
        if (list.ValueKind != JsonValueKind.Array)
        {
            return new([], "it has neither a list of cycles nor a product with releases.");
        }

        var cycles = new List<ProductCycle>();
        foreach (var (index, record) in list.EnumerateArray().Index())
        {
            var place = $"{at}[{index.ToString(CultureInfo.InvariantCulture)}]";
            if (index >= MostCycles)
            {
                return new([], $"it has more than {MostCycles} cycles.");
            }

            if (Cycle(record, place, out var wrong) is not { } cycle)
            {
                return new([], wrong);
            }

            if (cycles.Exists(other => string.Equals(other.Name, cycle.Name, StringComparison.OrdinalIgnoreCase)))
            {
                return new([], $"{place}: the cycle '{cycle.Name}' is there twice.");
            }

            cycles.Add(cycle);
        }

        return new(cycles, null);
    }

    private static ProductCycle? Cycle(JsonElement record, string place, out string? problem)
    {
        problem = null;
        if (record.ValueKind != JsonValueKind.Object || (Name(record, "cycle") ?? Name(record, "name")) is not { } name)
        {
            problem = $"{place} names no cycle.";
            return null;
        }

        var eol = Member(record, "eol");
        if (!(eol?.ValueKind is null or JsonValueKind.Null or JsonValueKind.True or JsonValueKind.False || (eol.Value.ValueKind == JsonValueKind.String && Date(eol) is not null)))
        {
            problem = $"{place}.eol is neither true, false nor a date such as 2026-11-30.";
            return null;
        }

        var isEol = Member(record, "isEol");
        if (isEol?.ValueKind is not (null or JsonValueKind.Null or JsonValueKind.True or JsonValueKind.False))
        {
            problem = $"{place}.isEol is neither true nor false.";
            return null;
        }

        var from = Member(record, "eolFrom");
        if (!(from?.ValueKind is null or JsonValueKind.Null || Date(from) is not null))
        {
            problem = $"{place}.eolFrom is not a date such as 2026-11-30.";
            return null;
        }

        var latest = Member(record, "latest");
        var isObject = latest?.ValueKind == JsonValueKind.Object;
        return new ProductCycle(name)
        {
            Eol = Date(eol),
            EolFlag = Flag(eol),
            IsEol = Flag(isEol),
            EolFrom = Date(from),
            Latest = isObject ? Name(latest!.Value, "name") : Name(record, "latest"),
            LatestOn = isObject ? Date(Member(latest!.Value, "date")) : Date(Member(record, "latestReleaseDate")),
            ReleasedOn = Date(Member(record, "releaseDate")),
        };
    }

    private static JsonElement? Member(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value : null;

    private static JsonElement? Inner(JsonElement element, string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    private static bool? Flag(JsonElement? element) => element?.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null };

    private static LocalDate? Date(JsonElement? element) =>
        element is { ValueKind: JsonValueKind.String } text && LocalDatePattern.Iso.Parse(text.GetString()!) is { Success: true, Value: var date } && date.Year is >= 1970 and < 2300 ? date : null;

    /// <summary>A name that a program may have written as a number: 8.0, say.</summary>
    private static string? Name(JsonElement element, string name) =>
        JsonDocuments.Word(element, name, MostText) ?? (Member(element, name) is { ValueKind: JsonValueKind.Number } number && number.GetRawText() is { Length: <= 20 } raw ? raw : null);
}
