using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Maintenance.Plan;

/// <summary>Collects what a file defines, what it refers to, and what is wrong with it.</summary>
internal sealed class PlanReading(string file)
{
    private readonly List<PlanProblem> _problems = [];
    private readonly Dictionary<(PlanEntity Entity, string Id), Mark> _defined = [];
    private readonly List<(PlanEntity Entity, string Id, string Path, Mark At)> _references = [];
    private readonly Dictionary<string, Mark> _places = new(StringComparer.Ordinal);

    /// <summary>The problems in the order of the file.</summary>
    public IReadOnlyList<PlanProblem> Problems => [.. _problems.OrderBy(static p => p.Line).ThenBy(static p => p.Column)];

    /// <summary>How many problems there are so far.</summary>
    public int Count => _problems.Count;

    public bool HasErrors => _problems.Exists(static problem => problem.Severity == PlanProblemSeverity.Error);

    public void Error(string path, Mark at, string message, string? hint) =>
        _problems.Add(new PlanProblem(file, at.Line, at.Column, path, message, hint, PlanProblemSeverity.Error));

    /// <summary>Reports something about a path that was read; its place is looked up, that of the nearest parent where it has none of its own.</summary>
    public void Report(PlanProblemSeverity severity, string path, string message, string? hint)
    {
        var at = Place(path);
        _problems.Add(new PlanProblem(file, at.Line, at.Column, path, message, hint, severity));
    }

    public void Remember(string path, Mark at) => _places[path] = at;

    public void Define(PlanEntity entity, string id, string path, Mark at)
    {
        if (_defined.TryGetValue((entity, id), out var first))
        {
            Error(path, at, $"the id '{id}' is taken by the {Name(entity)} in line {first.Line}.", "Give this one another id.");
            return;
        }

        _defined[(entity, id)] = at;
    }

    /// <summary>A role exists because somebody has it, so several may define it.</summary>
    public void DefineRole(string role) => _defined.TryAdd((PlanEntity.Role, role), default);

    public void Refer(PlanEntity entity, string id, string path, Mark at) => _references.Add((entity, id, path, at));

    public IReadOnlyList<string> Ids(PlanEntity entity) => [.. _defined.Keys.Where(key => key.Entity == entity).Select(static key => key.Id)];

    /// <summary>Reports every reference that points at nothing. Called when the whole file has been read.</summary>
    public void CheckReferences()
    {
        foreach (var (entity, id, path, at) in _references)
        {
            var known = entity == PlanEntity.Recipient
                ? [.. Ids(PlanEntity.Person), .. Ids(PlanEntity.Role)]
                : Ids(entity);
            if (!known.Contains(id))
            {
                Error(path, at, $"there is no {Name(entity)} '{id}'.", Nearest.Hint(id, known) ?? (known.Count > 0 ? $"There {(known.Count == 1 ? "is" : "are")}: {string.Join(", ", known.Take(12))}." : $"The plan defines none."));
            }
        }
    }

    private static string Name(PlanEntity entity) => entity switch
    {
        PlanEntity.Recipient => "person or role",
        PlanEntity.Backup => "backup policy",
        PlanEntity.Escalation => "escalation chain",
        PlanEntity.Channel => "notification channel",
        PlanEntity.SupportChannel => "support channel",
        PlanEntity.FeedbackKind => "kind of feedback",
        _ => entity.ToString().ToLowerInvariant(),
    };

    private Mark Place(string path)
    {
        for (var at = path; ; at = at[..Math.Max(at.LastIndexOf('.'), at.LastIndexOf('['))])
        {
            if (_places.TryGetValue(at, out var mark))
            {
                return mark;
            }

            if (!at.Contains('.', StringComparison.Ordinal) && !at.Contains('[', StringComparison.Ordinal))
            {
                return new Mark(0, 1, 1);
            }
        }
    }
}

/// <summary>Reads the fields of a YAML mapping.</summary>
internal sealed class YamlPlanMap(YamlMappingNode node, string path, PlanReading reading) : PlanMap
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    public override T Value<T>(string name, string doc, ScalarKind<T> kind, T filler) =>
        Find(name) is { } value ? Scalar(value, At(name), kind, filler) : Missing(name, doc, filler);

    public override T Optional<T>(string name, string doc, ScalarKind<T> kind, T absent) =>
        Find(name) is { } value ? Scalar(value, At(name), kind, absent) : absent;

    public override IReadOnlyList<T> Values<T>(string name, string doc, ScalarKind<T> kind, int least, IReadOnlyList<T>? absent = null)
    {
        if (Find(name) is not { } value)
        {
            return least > 0 && absent is null ? Missing<IReadOnlyList<T>>(name, doc, []) : absent ?? [];
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
        Find(name) is { } value ? Inside(value, At(name), read) : Inside(Missing(name, doc, new YamlMappingNode()), At(name), read, silent: true);

    public override T? OptionalMap<T>(string name, string doc, Func<PlanMap, T> read)
        where T : class =>
        Find(name) is { } value ? Inside(value, At(name), read) : null;

    public override IReadOnlyList<T> List<T>(string name, string doc, Func<PlanMap, T> read, int least)
    {
        if (Find(name) is not { } value)
        {
            return least > 0 ? Missing<IReadOnlyList<T>>(name, doc, []) : [];
        }

        return [.. Items(value, At(name), least).Select(item => Inside(item.Node, item.Path, read))];
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

    /// <summary>Reads a mapping and reports the keys that nobody asked for.</summary>
    public static T Read<T>(YamlMappingNode node, string path, PlanReading reading, Func<PlanMap, T> read)
    {
        var map = new YamlPlanMap(node, path, reading);
        var result = read(map);
        foreach (var key in node.Children.Keys.Where(key => !map._asked.Contains(Text(key))))
        {
            var free = map._asked.Where(name => map.Find(name) is null).ToList();
            reading.Error(map.At(Text(key)), key.Start, $"the key '{Text(key)}' is not known here.", Nearest.Hint(Text(key), free) ?? $"Known here: {string.Join(", ", map._asked)}.");
        }

        return result;
    }

    private T Inside<T>(YamlNode value, string at, Func<PlanMap, T> read, bool silent = false)
    {
        if (value is YamlMappingNode mapping)
        {
            // A mapping that is missing has been reported once; its fields would only repeat that.
            return Read(mapping, at, silent ? new PlanReading("") : reading, read);
        }

        reading.Error(at, value.Start, "it is not a mapping (key: value lines).", "Indent its keys below it.");
        return Read(new YamlMappingNode(), at, new PlanReading(""), read);
    }

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

        foreach (var missing in expected.Where(id => !mapping.Children.Keys.Any(key => Text(key) == id)))
        {
            reading.Error(at, value.Start, $"there is no line for '{missing}'.", "Every pair needs a value.");
        }
    }

    private T Scalar<T>(YamlNode value, string at, ScalarKind<T> kind, T filler)
    {
        if (value is not YamlScalarNode scalar)
        {
            reading.Error(at, value.Start, "it is not a single value.", null);
            return filler;
        }

        var text = scalar.Value ?? "";
        var parsed = kind.Parse(text);
        if (parsed.Problem is not null)
        {
            reading.Error(at, value.Start, parsed.Problem, parsed.Hint);
            return filler;
        }

        if (kind.Defines is { } defined)
        {
            reading.Define(defined, text, at, value.Start);
        }

        if (kind.RefersTo is PlanEntity.Role && at.StartsWith("people[", StringComparison.Ordinal))
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
        if (!node.Children.TryGetValue(new YamlScalarNode(name), out var value)
            || value is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" })
        {
            return null;
        }

        reading.Remember(At(name), value.Start);
        return value;
    }

    private T Missing<T>(string name, string doc, T filler)
    {
        reading.Error(At(name), node.Start, $"the key '{name}' is missing.", doc);
        return filler;
    }

    private string At(string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Text(YamlNode key) => (key as YamlScalarNode)?.Value ?? key.ToString();
}
