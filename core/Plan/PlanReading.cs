using YamlDotNet.Core;

namespace Maintenance.Plan;

/// <summary>Collects what a file defines, what it refers to, and what is wrong with it.</summary>
internal sealed class PlanReading(string file)
{
    private readonly List<PlanProblem> _problems = [];
    private readonly Dictionary<(PlanEntity Entity, string Id), Mark> _defined = [];
    private readonly List<(PlanEntity Entity, string Id, string Path, Mark At)> _references = [];
    private readonly Dictionary<string, Mark> _places = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unsound = new(StringComparer.Ordinal);
    private HashSet<PlanEntity> _doubtful = [];

    /// <summary>True where problems are dropped, since what they would be about has been reported as a whole.</summary>
    public bool IsSilent { get; private init; }

    /// <summary>The problems in the order of the file.</summary>
    public IReadOnlyList<PlanProblem> Problems => [.. _problems.OrderBy(static p => p.Line).ThenBy(static p => p.Column)];

    /// <summary>How many problems there are so far.</summary>
    public int Count => _problems.Count;

    public bool HasErrors => _problems.Exists(static problem => problem.Severity == PlanProblemSeverity.Error);

    public void Error(string path, Mark at, string message, string? hint)
    {
        Distrust(path);
        _problems.Add(new PlanProblem(file, at.Line, at.Column, path, message, hint, PlanProblemSeverity.Error));
    }

    /// <summary>A reading of what is not there: its problems are dropped, its doubts are shared.</summary>
    public PlanReading Silently() => new(file) { IsSilent = true, _doubtful = _doubtful };

    /// <summary>Notes that something at a path could not be read, so that the rules about its section wait.</summary>
    public void Distrust(string path) => _unsound.Add(Section(path));

    /// <summary>True when all of these sections were read without an error.</summary>
    public bool IsSound(params IEnumerable<string> sections) => !sections.Any(_unsound.Contains);

    /// <summary>Notes that a definition could not be read: a reference that points at nothing may have meant it, and is no problem of its own.</summary>
    public void Doubt(PlanEntity entity) => _doubtful.Add(entity);

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
        foreach (var references in _references.GroupBy(static reference => reference.Entity))
        {
            var entity = references.Key;
            PlanEntity[] kinds = entity == PlanEntity.Recipient ? [PlanEntity.Person, PlanEntity.Role] : [entity];
            if (_doubtful.Overlaps(kinds))
            {
                continue;
            }

            var known = kinds.SelectMany(Ids).ToList();
            var ids = known.ToHashSet(StringComparer.Ordinal);
            foreach (var (_, id, path, at) in references.Where(reference => !ids.Contains(reference.Id)))
            {
                Error(path, at, $"there is no {Name(entity)} '{id}'.", Nearest.Hint(id, known) ?? Listed(known));
            }
        }
    }

    private static string Listed(List<string> known) => known.Count switch
    {
        0 => "The plan defines none.",
        1 => $"There is: {known[0]}.",
        _ => $"There are: {string.Join(", ", known.Take(12))}{(known.Count > 12 ? ", …" : ".")}",
    };

    /// <summary>The first key of a path.</summary>
    private static string Section(string path) => path.IndexOfAny(['.', '[']) is var end && end < 0 ? path : path[..end];

    private static string Name(PlanEntity entity) => entity switch
    {
        PlanEntity.Recipient => "person or role",
        PlanEntity.Backup => "backup policy",
        PlanEntity.Strategy => "recovery strategy",
        PlanEntity.Escalation => "escalation chain",
        PlanEntity.Channel => "notification channel",
        PlanEntity.SupportChannel => "support channel",
        PlanEntity.FeedbackKind => "kind of feedback",
        PlanEntity.Window => "maintenance window",
        PlanEntity.Supply => "supply item",
        PlanEntity.Programme => "training programme",
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
