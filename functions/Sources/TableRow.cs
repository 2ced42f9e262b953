using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Azure.Data.Tables;

namespace MaintenanceFunctions.Sources;

/// <summary>
/// A row of a table as a line of JSON, as the service itself writes rows: a text, a truth value and a 32-bit number as they are; of every other type the value and
/// before it <c>name@odata.type</c> with the type, so that it comes back as it was. <c>PartitionKey</c>, <c>RowKey</c> and <c>Timestamp</c> first, the rest in
/// order of the names: equal rows are equal lines.
/// </summary>
internal static class TableRow
{
    private const string Partition = "PartitionKey";
    private const string Row = "RowKey";
    private const string Timestamp = "Timestamp";
    private const string TypeOf = "@odata.type";

    // As MaintenanceJson writes: a line is data, and never part of a page.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Appends the line of a row, its line feed included.</summary>
    /// <exception cref="IOException">A property has a type that is none of the service's.</exception>
    public static void Write(IBufferWriter<byte> line, TableEntity row)
    {
        using (var json = new Utf8JsonWriter(line, Options))
        {
            json.WriteStartObject();
            json.WriteString(Partition, row.PartitionKey);
            json.WriteString(Row, row.RowKey);
            if (row.Timestamp is { } timestamp)
            {
                WriteValue(json, Timestamp, timestamp);
            }

            foreach (var name in row.Keys.Where(static name => !IsOfTheService(name)).Order(StringComparer.Ordinal))
            {
                WriteValue(json, name, row[name]);
            }

            json.WriteEndObject();
        }

        line.Write("\n"u8);
    }

    /// <summary>The row of a line. Its time stamp is left out: the service gives its own.</summary>
    /// <exception cref="IOException">The line is none of a row.</exception>
    public static TableEntity Read(ReadOnlySequence<byte> line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            var row = new TableEntity(root.GetProperty(Partition).GetString()!, root.GetProperty(Row).GetString()!);
            foreach (var property in root.EnumerateObject())
            {
                if (!IsOfTheService(property.Name) && !property.Name.EndsWith(TypeOf, StringComparison.Ordinal))
                {
                    var type = root.TryGetProperty(property.Name + TypeOf, out var told) ? told.GetString() : null;
                    row[property.Name] = Value(property.Value, type);
                }
            }

            return row;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new IOException("A line is no row of a table.", error);
        }
    }

    /// <summary>True for what is not a property of the row's own: its keys, its time stamp, and what the client adds (<c>odata.etag</c>; no name of ours has a dot).</summary>
    private static bool IsOfTheService(string name) => name is Partition or Row or Timestamp || (name.Contains('.', StringComparison.Ordinal) && !name.Contains('@', StringComparison.Ordinal));

    private static void WriteValue(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null:
                // A row has no nulls; the property is not there.
                break;
            case string text:
                json.WriteString(name, text);
                break;
            case bool truth:
                json.WriteBoolean(name, truth);
                break;
            case int number:
                json.WriteNumber(name, number);
                break;
            case long number:
                WriteTyped(json, name, "Edm.Int64", number.ToString(CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                json.WriteString(name + TypeOf, "Edm.Double");
                json.WriteNumber(name, number);
                break;
            case double number:
                WriteTyped(json, name, "Edm.Double", number.ToString(CultureInfo.InvariantCulture));
                break;
            case DateTimeOffset instant:
                WriteTyped(json, name, "Edm.DateTime", instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
                break;
            case DateTime instant:
                WriteTyped(json, name, "Edm.DateTime", instant.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture));
                break;
            case Guid guid:
                WriteTyped(json, name, "Edm.Guid", guid.ToString("D"));
                break;
            case byte[] bytes:
                json.WriteString(name + TypeOf, "Edm.Binary");
                json.WriteBase64String(name, bytes);
                break;
            case BinaryData bytes:
                json.WriteString(name + TypeOf, "Edm.Binary");
                json.WriteBase64String(name, bytes.ToMemory().Span);
                break;
            default:
                throw new IOException($"The property '{name}' has a type that Azure Tables does not have: {value.GetType().Name}.");
        }
    }

    private static void WriteTyped(Utf8JsonWriter json, string name, string type, string value)
    {
        json.WriteString(name + TypeOf, type);
        json.WriteString(name, value);
    }

    private static object Value(JsonElement value, string? type) => type switch
    {
        null => value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => value.GetInt32(),
            JsonValueKind.String => value.GetString()!,
            _ => throw new FormatException($"A {value.ValueKind} is no value of a row."),
        },
        "Edm.Int64" => long.Parse(value.GetString()!, CultureInfo.InvariantCulture),
        "Edm.Double" => value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.Parse(value.GetString()!, CultureInfo.InvariantCulture),
        "Edm.DateTime" => new DateTimeOffset(DateTime.Parse(value.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal)),
        "Edm.Guid" => Guid.ParseExact(value.GetString()!, "D"),
        "Edm.Binary" => value.GetBytesFromBase64(),
        _ => throw new FormatException($"'{type}' is no type that is known here."),
    };
}
