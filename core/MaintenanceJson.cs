using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using NodaTime;
using NodaTime.Text;

namespace Maintenance;

/// <summary>How every record is written, at rest, in messages and over HTTP: camelCase, enums as camelCase text, instants in UTC ending in <c>Z</c>, dates as <c>2026-11-22</c>.</summary>
public static class MaintenanceJson
{
    /// <summary>For records of our own: unknown members are ignored, so that an older program reads what a newer one wrote.</summary>
    public static JsonSerializerOptions Options { get; } = Make(JsonUnmappedMemberHandling.Skip);

    /// <summary>For what people send: an unknown member is an error, since a misspelt one would be lost in silence.</summary>
    public static JsonSerializerOptions Strict { get; } = Make(JsonUnmappedMemberHandling.Disallow);

    /// <summary>Adds the same rules to another serializer's options (the Functions worker's, ASP.NET Core's).</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.AllowOutOfOrderMetadataProperties = true;
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RequireWhatCannotBeNull } };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.Converters.Add(new UtcInstantConverter());
        options.Converters.Add(new LocalDateConverter());
    }

    /// <summary>The value as JSON text.</summary>
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>JSON text as a value.</summary>
    /// <exception cref="JsonException">The text is not that of a <typeparamref name="T"/>.</exception>
    public static T Read<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException($"The document is null where a {typeof(T).Name} is expected.");

    /// <summary>What is wrong with a document, and where, in words for whoever wrote it.</summary>
    public static string Describe(JsonException error)
    {
        ArgumentNullException.ThrowIfNull(error);

        // The serializer's message ends with "Path: $.x | LineNumber: 0 | BytePositionInLine: 12."; names of our types are nothing to its reader.
        var message = error.Message;
        var cut = message.IndexOf(" Path: ", StringComparison.Ordinal);
        message = cut > 0 ? message[..cut] : message;
        message = message.StartsWith("The JSON property '", StringComparison.Ordinal) ? $"'{message.Split('\'')[1]}' is not a known member"
            : message.StartsWith("JSON deserialization for type", StringComparison.Ordinal) ? "Required members are missing: " + message[(message.LastIndexOf(':') + 1)..].Trim().TrimEnd('.')
            : message.Contains("type 'Maintenance.", StringComparison.Ordinal) || message.Contains("could not be converted", StringComparison.Ordinal) ? "The value is not of the kind that is expected there"
            : message.TrimEnd('.');
        return $"{message} ({(error.Path is { Length: > 1 } path ? $"at {path}, " : "")}line {(error.LineNumber ?? 0) + 1}, byte {(error.BytePositionInLine ?? 0) + 1}).";
    }

    private static JsonSerializerOptions Make(JsonUnmappedMemberHandling unknown)
    {
        var options = new JsonSerializerOptions { UnmappedMemberHandling = unknown };
        Configure(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    /// <summary>Nulls are left out when written, so a member that may be null may be missing; every other one must be there.</summary>
    private static void RequireWhatCannotBeNull(JsonTypeInfo type)
    {
        foreach (var member in type.Properties)
        {
            if (member.AssociatedParameter is { } parameter && (parameter.IsNullable || Nullable.GetUnderlyingType(parameter.ParameterType) is not null))
            {
                member.IsRequired = false;
            }
        }
    }

    private sealed class LocalDateConverter : JsonConverter<LocalDate>
    {
        public override LocalDate Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && LocalDatePattern.Iso.Parse(reader.GetString()!) is { Success: true, Value: var date } ? date : throw new JsonException("A date is ISO 8601 text such as \"2026-11-22\".");

        public override void Write(Utf8JsonWriter writer, LocalDate value, JsonSerializerOptions options) => writer.WriteStringValue(LocalDatePattern.Iso.Format(value));
    }

    private sealed class UtcInstantConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var instant)
                ? instant.ToUniversalTime()
                : throw new JsonException("An instant is ISO 8601 text with its offset, such as \"2026-11-22T02:00:00Z\".");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
    }
}
