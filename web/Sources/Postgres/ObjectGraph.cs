namespace Maintenance.Web.Sources.Postgres;

/// <summary>
/// The objects of a database and what each needs (<c>pg_depend</c>). Gives the order in which they can be made, and puts each into its own file or into the
/// earliest one that needs it: a function that a default calls is made with the tables, whatever the function needs with it.
/// </summary>
internal sealed class ObjectGraph
{
    /// <summary>Functions, operators, casts and views have ranks from this on, of which <see cref="BringCodeForward"/> speaks.</summary>
    public const int FirstCodeRank = 40;

    /// <summary>The last of those ranks.</summary>
    public const int LastCodeRank = 60;

    private readonly Dictionary<ObjectKey, DatabaseObject> _objects = [];
    private readonly Dictionary<ObjectKey, ObjectKey> _parts = [];
    private readonly Dictionary<ObjectKey, HashSet<ObjectKey>> _needs = [];

    /// <summary>Says that one object is made with another: a row type with its table, what an extension brings with the extension.</summary>
    public void AddPart(ObjectKey part, ObjectKey whole) => _parts.TryAdd(part, whole);

    /// <summary>Adds an object, unless it is made with another one.</summary>
    public void Add(DatabaseObject made)
    {
        if (!_parts.ContainsKey(made.Key))
        {
            _objects.TryAdd(made.Key, made);
        }
    }

    /// <summary>Says that one object must be there before another.</summary>
    public void AddNeed(ObjectKey dependent, ObjectKey needed)
    {
        var (from, to) = (WholeOf(dependent), WholeOf(needed));
        if (from != to)
        {
            if (!_needs.TryGetValue(from, out var all))
            {
                _needs.Add(from, all = []);
            }

            all.Add(to);
        }
    }

    /// <summary>The object that this one is made with, or itself.</summary>
    public ObjectKey WholeOf(ObjectKey key)
    {
        // A row type of a table of an extension: two steps. Bounded, should the catalogs hold a circle.
        for (var i = 0; i < 8 && _parts.TryGetValue(key, out var whole); i++)
        {
            key = whole;
        }

        return key;
    }

    /// <summary>The objects that are made by themselves.</summary>
    public IReadOnlyCollection<ObjectKey> Keys => _objects.Keys;

    /// <summary>Whether the object is one that is made by itself.</summary>
    public bool Makes(ObjectKey key) => _objects.ContainsKey(key);

    /// <summary>Every object that <paramref name="key"/> needs, directly or not.</summary>
    public HashSet<ObjectKey> AllNeedsOf(ObjectKey key)
    {
        HashSet<ObjectKey> all = [];
        var open = new Stack<ObjectKey>([key]);
        while (open.TryPop(out var next))
        {
            foreach (var needed in _needs.GetValueOrDefault(next, []).Where(all.Add))
            {
                open.Push(needed);
            }
        }

        return all;
    }

    /// <summary>All objects in an order in which they can be made, each with the file that it belongs into.</summary>
    /// <param name="circles">Gets objects that need each other in a circle: they come in order of rank, and somebody must look.</param>
    public List<DatabaseObject> InOrder(List<DatabaseObject> circles)
    {
        var order = Sort(circles);
        var files = order.ToDictionary(static made => made.Key, static made => made.File);
        MoveForward(order, files);
        BringCodeForward(order, files);
        return [.. order.Select(made => made with { File = files[made.Key] }).OrderBy(static made => made.File)];
    }

    private List<DatabaseObject> Sort(List<DatabaseObject> circles)
    {
        var waiting = _objects.Keys.ToDictionary(static key => key, key => _needs.GetValueOrDefault(key, []).Count(_objects.ContainsKey));
        var neededBy = new Dictionary<ObjectKey, List<ObjectKey>>();
        foreach (var (dependent, all) in _needs.Where(pair => _objects.ContainsKey(pair.Key)))
        {
            foreach (var needed in all)
            {
                if (!neededBy.TryGetValue(needed, out var dependents))
                {
                    neededBy.Add(needed, dependents = []);
                }

                dependents.Add(dependent);
            }
        }

        var byRank = Comparer<DatabaseObject>.Create(static (a, b) =>
            a.Rank != b.Rank ? a.Rank.CompareTo(b.Rank)
            : string.CompareOrdinal(a.Name, b.Name) is not 0 and var names ? names
            : a.Key.Id != b.Key.Id ? a.Key.Id.CompareTo(b.Key.Id) : a.Key.Catalog.CompareTo(b.Key.Catalog));
        var ready = new SortedSet<DatabaseObject>(_objects.Values.Where(made => waiting[made.Key] == 0), byRank);
        var left = new SortedSet<DatabaseObject>(_objects.Values.Where(made => waiting[made.Key] > 0), byRank);
        var order = new List<DatabaseObject>(_objects.Count);
        while (ready.Count + left.Count > 0)
        {
            var next = ready.Min;
            if (next is null)
            {
                next = left.Min!;
                left.Remove(next);
                circles.Add(next);
            }
            else
            {
                ready.Remove(next);
            }

            order.Add(next);
            foreach (var dependent in neededBy.GetValueOrDefault(next.Key, []).Select(key => _objects[key]))
            {
                if (--waiting[dependent.Key] == 0 && left.Remove(dependent))
                {
                    ready.Add(dependent);
                }
            }
        }

        return order;
    }

    /// <summary>What an object needs is made no later than it.</summary>
    private void MoveForward(List<DatabaseObject> order, Dictionary<ObjectKey, ScriptFile> files)
    {
        foreach (var made in Enumerable.Reverse(order))
        {
            foreach (var needed in _needs.GetValueOrDefault(made.Key, []))
            {
                if (files.TryGetValue(needed, out var file) && file > files[made.Key])
                {
                    files[needed] = files[made.Key];
                }
            }
        }
    }

    /// <summary>
    /// The catalogs do not say what the text of a function calls. Once a function may run early (a check, an index or a generated column calls it), all functions,
    /// operators, casts and views are made as early as that one.
    /// </summary>
    private void BringCodeForward(List<DatabaseObject> order, Dictionary<ObjectKey, ScriptFile> files)
    {
        var code = order.Where(static made => made.File == ScriptFile.Code && made.Rank is >= FirstCodeRank and <= LastCodeRank).ToList();
        var earliest = code.Select(made => files[made.Key]).DefaultIfEmpty(ScriptFile.Code).Min();
        foreach (var made in code.Where(made => files[made.Key] > earliest))
        {
            files[made.Key] = earliest;
        }

        MoveForward(order, files);
    }
}
