using System.Collections;
using System.Globalization;

namespace Maintenance.Notifications;

/// <summary>What a placeholder stands for: text, a number, a word in each language, or an instant that each reader sees in their zone.</summary>
public readonly record struct TemplateValue
{
    private TemplateValue(string? text, string? french, DateTimeOffset? at) => (Text, French, At) = (text, french, at);

    /// <summary>The text, in English where <see cref="French"/> is another.</summary>
    public string? Text { get; }

    /// <summary>The same in French; null where it is the same.</summary>
    public string? French { get; }

    /// <summary>An instant (UTC).</summary>
    public DateTimeOffset? At { get; }

    /// <summary>A word that differs by language.</summary>
    public static TemplateValue In(string english, string french) => new(english, french, null);

    /// <summary>Text; null for none.</summary>
    public static TemplateValue FromString(string? text) => new(text, null, null);

    /// <summary>A number.</summary>
    public static TemplateValue FromInt32(int number) => new(number.ToString(CultureInfo.InvariantCulture), null, null);

    /// <summary>An instant.</summary>
    public static TemplateValue FromDateTimeOffset(DateTimeOffset at) => new(null, null, at.ToUniversalTime());

    /// <inheritdoc cref="FromString"/>
    public static implicit operator TemplateValue(string? text) => FromString(text);

    /// <inheritdoc cref="FromInt32"/>
    public static implicit operator TemplateValue(int number) => FromInt32(number);

    /// <inheritdoc cref="FromDateTimeOffset"/>
    public static implicit operator TemplateValue(DateTimeOffset at) => FromDateTimeOffset(at);
}

/// <summary>What the placeholders of a template stand for: <c>new() { ["ticket"] = "T-1042", ["due"] = dueAt }</c>.</summary>
public sealed class TemplateValues : IEnumerable<KeyValuePair<string, TemplateValue>>
{
    private readonly Dictionary<string, TemplateValue> _values = new(StringComparer.Ordinal);

    /// <summary>The value of a placeholder; none where nothing was set.</summary>
    public TemplateValue this[string name]
    {
        get => _values.GetValueOrDefault(name);
        set => _values[name] = value;
    }

    /// <summary>Sets a value.</summary>
    public void Add(string name, TemplateValue value) => _values[name] = value;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, TemplateValue>> GetEnumerator() => _values.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
