using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Maintenance.Plan;

/// <summary>Reads the fields of a YAML mapping.</summary>
internal sealed class YamlPlanMap(YamlMappingNode node, string path, PlanReading reading) : PlanMap
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly List<(string Name, string Doc)> _missing = [];
    private readonly Dictionary<string, Action> _absent = new(StringComparer.Ordinal);
    private readonly HashSet<string> _misspelt = new(StringComparer.Ordinal);
    private readonly List<(string Name, string Needed)> _dependent = [];
    private IReadOnlyList<string> _alternatives = [];

    public override T Value<T>(string name, string doc, ScalarKind<T> kind, T filler) =>
        Find(name) is { } value ? Scalar(value, At(name), kind, filler) : Missing(name, doc, kind, filler);

    public override T Optional<T>(string name, string doc, ScalarKind<T> kind, T absent) =>
        Find(name) is { } value ? Scalar(value, At(name), kind, absent) : absent;

    public override IReadOnlyList<T> Values<T>(string name, string doc, ScalarKind<T> kind, int least, IReadOnlyList<T>? absent = null)
    {
        if (Find(name) is not { } value)
        {
            return least > 0 && absent is null ? Missing<T, IReadOnlyList<T>>(name, doc, kind, []) : absent ?? [];
        }

        if (value is not YamlSequenceNode { Children.Count: > 0 })
        {
            Doubt(kind, At(name));
        }

        var values = new List<T>();
        foreach (var (item, at) in Items(value, At(name), least))
        {
            var before = reading.Count;
            var read = Scalar(item, at, kind, default!);
            if (reading.Count == before)
            {
                values.Add(read);
            }
        }

        return values;
    }

    public override T Map<T>(string name, string doc, Func<PlanMap, T> read) =>
        Find(name) is { } value ? Inside(value, At(name), read) : Unread(Missing(name, doc, At(name)), read);

    public override T? OptionalMap<T>(string name, string doc, Func<PlanMap, T> read)
        where T : class
    {
        if (Find(name) is { } value)
        {
            return Inside(value, At(name), read);
        }

        _absent[name] = () => Unread(At(name), read);
        return null;
    }

    public override IReadOnlyList<T> List<T>(string name, string doc, Func<PlanMap, T> read, int least)
    {
        var value = Find(name);
        if (value is not YamlSequenceNode { Children.Count: > 0 } && (value is not null || least > 0 || reading.IsSilent))
        {
            _ = Unread($"{At(name)}[0]", read);
        }

        if (value is not null)
        {
            return [.. Items(value, At(name), least).Select(item => Inside(item.Node, item.Path, read))];
        }

        _absent[name] = () => Unread($"{At(name)}[0]", read);
        return least > 0 ? Missing<IReadOnlyList<T>>(name, doc, []) : [];
    }

    public override IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Table(
        string name, string doc, PlanEntity rows, PlanEntity columns, PlanEntity cells)
    {
        var table = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        if (Find(name) is not { } value)
        {
            return Missing(name, doc, table);
        }

        var columnIds = reading.Ids(columns);
        foreach (var row in Keys(value, At(name), rows, reading.Ids(rows)))
        {
            var cellsOfRow = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var cell in Keys(row.Node, row.Path, columns, columnIds))
            {
                cellsOfRow[cell.Key] = Scalar(cell.Node, cell.Path, Scalars.Reference(cells), "");
            }

            table[row.Key] = cellsOfRow;
        }

        return table;
    }

    public override void ExactlyOne(params string[] names) => _alternatives = names;

    public override void OnlyWith(string name, string needed) => _dependent.Add((name, needed));

    /// <summary>Reads a mapping; reports the keys that nobody asked for, and those that are missing unless one of the former is a misspelling of them.</summary>
    public static T Read<T>(YamlMappingNode node, string path, PlanReading reading, Func<PlanMap, T> read)
    {
        var map = new YamlPlanMap(node, path, reading);
        var result = read(map);
        var free = map._asked.Where(name => !node.Children.ContainsKey(new YamlScalarNode(name))).ToList();
        foreach (var key in node.Children.Keys.Where(key => !map._asked.Contains(Text(key))))
        {
            var nearest = Nearest.Find(Text(key), free);
            var hint = nearest is null ? $"Known here: {string.Join(", ", map._asked)}." : $"Did you mean '{nearest}'?";
            reading.Error(map.At(Text(key)), key.Start, $"the key '{Text(key)}' is not known here.", hint);
            if (nearest is not null)
            {
                map.Misspelt(nearest);
                _ = free.Remove(nearest);
            }
        }

        foreach (var (name, doc) in map._missing)
        {
            var key = node.Children.Keys.FirstOrDefault(key => Text(key) == name);
            reading.Error(map.At(name), (key ?? node).Start, $"the key '{name}' {(key is null ? "is missing" : "has no value")}.", doc);
        }

        map.CheckAlternatives();
        return result;
    }

    /// <summary>Reports a choice that was not made or made twice, and what belongs to another choice. A misspelt key has been reported; it is taken for the right one.</summary>
    private void CheckAlternatives()
    {
        var chosen = node.Children.Keys.Where(key => _alternatives.Contains(Text(key)) && Value(Text(key)) is not null).ToList();
        var isChosen = chosen.Count > 0 || _alternatives.Any(_misspelt.Contains);
        if (_alternatives.Count > 0 && !isChosen)
        {
            reading.Error(path, node.Start, $"it has none of {string.Join(", ", _alternatives)}.", "Write exactly one of them.");
        }

        foreach (var key in chosen.Skip(1))
        {
            reading.Error(At(Text(key)), key.Start, $"there is '{Text(chosen[0])}' already.", $"Write exactly one of {string.Join(", ", _alternatives)}.");
        }

        foreach (var (name, needed) in _dependent.Where(pair => Value(pair.Name) is not null && Value(pair.Needed) is null && !_misspelt.Contains(pair.Needed)))
        {
            if (isChosen || !_alternatives.Contains(needed))
            {
                reading.Error(At(name), node.Children.Keys.First(key => Text(key) == name).Start, $"it says nothing without '{needed}'.", "Remove it.");
            }
        }
    }

    /// <summary>The key is there under another name, which has been reported: that it is missing, or that nothing defines what it defines, would say the same again.</summary>
    private void Misspelt(string name)
    {
        _ = _misspelt.Add(name);
        _ = _missing.RemoveAll(missing => missing.Name == name);
        reading.Distrust(At(name));
        _absent.GetValueOrDefault(name)?.Invoke();
    }

    private T Inside<T>(YamlNode value, string at, Func<PlanMap, T> read)
    {
        if (value is YamlMappingNode mapping)
        {
            return Read(mapping, at, reading, read);
        }

        reading.Error(at, value.Start, "it is not a mapping (key: value lines).", "Indent its keys below it.");
        return Unread(at, read);
    }

    /// <summary>The fillers of a mapping that cannot be read. That has been reported once; what is missing in it would only repeat it.</summary>
    private T Unread<T>(string at, Func<PlanMap, T> read) => Read(new YamlMappingNode(), at, reading.Silently(), read);

    private IEnumerable<(YamlNode Node, string Path)> Items(YamlNode value, string at, int least)
    {
        if (value is not YamlSequenceNode sequence)
        {
            reading.Error(at, value.Start, "it is not a list.", "Write one item a line, each after a hyphen, or [a, b].");
            yield break;
        }

        if (sequence.Children.Count < least)
        {
            reading.Error(at, value.Start, $"the list has {sequence.Children.Count} items; at least {least} {(least == 1 ? "is" : "are")} needed.", null);
        }

        for (var i = 0; i < sequence.Children.Count; i++)
        {
            reading.Remember($"{at}[{i}]", sequence.Children[i].Start);
            yield return (sequence.Children[i], $"{at}[{i}]");
        }
    }

    private IEnumerable<(string Key, YamlNode Node, string Path)> Keys(YamlNode value, string at, PlanEntity entity, IReadOnlyList<string> expected)
    {
        if (value is not YamlMappingNode mapping)
        {
            reading.Error(at, value.Start, "it is not a mapping (key: value lines).", $"Write one line for each of {string.Join(", ", expected)}.");
            yield break;
        }

        foreach (var (key, cell) in mapping.Children)
        {
            reading.Remember($"{at}.{Text(key)}", cell.Start);
            reading.Refer(entity, Text(key), $"{at}.{Text(key)}", key.Start);
            yield return (Text(key), cell, $"{at}.{Text(key)}");
        }

        var keys = mapping.Children.Keys.Select(Text).ToHashSet(StringComparer.Ordinal);
        var missing = expected.Where(id => !keys.Contains(id)).ToList();
        foreach (var stray in keys.Except(expected))
        {
            // A misspelt line is reported as a reference to nothing; that the right one is missing would say the same again.
            _ = missing.Remove(Nearest.Find(stray, missing) ?? "");
        }

        foreach (var id in missing)
        {
            reading.Error(at, value.Start, $"there is no line for '{id}'.", "Every pair needs a value.");
        }
    }

    private T Scalar<T>(YamlNode value, string at, ScalarKind<T> kind, T filler)
    {
        if (value is not YamlScalarNode scalar)
        {
            reading.Error(at, value.Start, "it is not a single value.", null);
            Doubt(kind, at);
            return filler;
        }

        var text = scalar.Value ?? "";
        var parsed = kind.Parse(text);
        if (parsed.Problem is not null)
        {
            reading.Error(at, value.Start, parsed.Problem, parsed.Hint);
            Doubt(kind, at);
            return filler;
        }

        if (kind.Defines is { } defined)
        {
            reading.Define(defined, text, at, value.Start);
        }

        if (DefinesRole(kind, at))
        {
            reading.DefineRole(text);
        }
        else if (kind.RefersTo is { } target)
        {
            reading.Refer(target, text, at, value.Start);
        }

        return parsed.Value;
    }

    private YamlNode? Find(string name)
    {
        _ = _asked.Add(name);
        if (Value(name) is not { } value)
        {
            return null;
        }

        reading.Remember(At(name), value.Start);
        return value;
    }

    /// <summary>What stands at a key, or null where it is missing or has no value.</summary>
    private YamlNode? Value(string name) =>
        node.Children.TryGetValue(new YamlScalarNode(name), out var value) && value is not YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" } ? value : null;

    private TResult Missing<T, TResult>(string name, string doc, ScalarKind<T> kind, TResult filler)
    {
        Doubt(kind, At(name));
        return Missing(name, doc, filler);
    }

    /// <summary>Notes a missing key; it is reported when the mapping's misspelt keys are known.</summary>
    private T Missing<T>(string name, string doc, T filler)
    {
        _missing.Add((name, doc));
        reading.Distrust(At(name));
        return filler;
    }

    private void Doubt<T>(ScalarKind<T> kind, string at)
    {
        if (DefinesRole(kind, at))
        {
            reading.Doubt(PlanEntity.Role);
        }
        else if (kind.Defines is { } defined)
        {
            reading.Doubt(defined);
        }
    }

    /// <summary>A role exists because somebody has it.</summary>
    private static bool DefinesRole<T>(ScalarKind<T> kind, string at) =>
        kind.RefersTo is PlanEntity.Role && at.StartsWith("people[", StringComparison.Ordinal);

    private string At(string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Text(YamlNode key) => (key as YamlScalarNode)?.Value ?? key.ToString();
}
