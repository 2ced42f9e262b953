using System.Text.Encodings.Web;
using System.Text.Json;
using Maintenance.Time;
using Maintenance.Web.Http;

namespace Maintenance.Local.Cli;

/// <summary>Prints reports: JSON as the API gave it, or tables for people.</summary>
internal static class Output
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Json(JsonElement value) => Console.WriteLine(JsonSerializer.Serialize(value, Indented));

    public static void Table(IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows)
    {
        var lines = new List<IReadOnlyList<string>> { heads };

        // What others named may hold anything: a line of its own that looks like one of ours, or what a terminal obeys.
        lines.AddRange(rows.Select(static IReadOnlyList<string> (row) => [.. row.Select(ShownName.Of)]));
        var widths = heads.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines)
        {
            Console.WriteLine(string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    /// <summary>A member's text; a dash where it is missing.</summary>
    public static string Text(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : "-";

    /// <summary>A member that is an instant, to the second, in UTC.</summary>
    public static string Instant(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetDateTimeOffset().UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'") : "-";

    /// <summary>A member that is a span, in two units.</summary>
    public static string Span(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? Durations.Rough(value.Deserialize<TimeSpan>()) : "-";

    /// <summary>The items of a member that is a list; none where it is missing.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];
}
