namespace Maintenance.Assets.Vulnerabilities;

/// <summary>
/// Advisories that name each other as aliases, directly or through others, tell of one vulnerability. <c>related</c> and <c>upstream</c> do not make it one: a distribution's advisory
/// often passes on many.
/// </summary>
public static class AdvisoryGroups
{
    /// <summary>Groups advisories by their ids and aliases.</summary>
    /// <param name="advisories">In any order; of several of one id the one that was modified last counts.</param>
    /// <param name="known">
    /// The ids of groups that are followed already, the oldest first. A group that has one of these among its names keeps it; where it has several (two vulnerabilities turn out to be one),
    /// the oldest stays and the others are absorbed.
    /// </param>
    /// <returns>In order of their ids.</returns>
    public static IReadOnlyList<AdvisoryGroup> Group(IEnumerable<Advisory> advisories, IEnumerable<string>? known = null)
    {
        ArgumentNullException.ThrowIfNull(advisories);
        var newest = new Dictionary<string, Advisory>(StringComparer.OrdinalIgnoreCase);
        foreach (var advisory in advisories)
        {
            if (!newest.TryGetValue(advisory.Id, out var other) || advisory.Modified > other.Modified)
            {
                newest[advisory.Id] = advisory;
            }
        }

        var sets = new DisjointNames();
        foreach (var advisory in newest.Values)
        {
            sets.Add(advisory.Id);
            foreach (var alias in advisory.Aliases)
            {
                sets.Join(advisory.Id, alias);
            }
        }

        var followed = new Dictionary<string, List<string>>(StringComparer.OrdinalIgnoreCase);
        foreach (var id in (known ?? []).Distinct(StringComparer.OrdinalIgnoreCase).Where(sets.Contains))
        {
            (followed.TryGetValue(sets.Root(id), out var ids) ? ids : followed[sets.Root(id)] = []).Add(id);
        }

        var members = newest.Values.ToLookup(advisory => sets.Root(advisory.Id), StringComparer.OrdinalIgnoreCase);
        return [.. sets.All()
            .Select(set => Made(set, followed.GetValueOrDefault(set.Root) ?? [], members[set.Root]))
            .OrderBy(static group => group.Id, NaturalOrder)];
    }

    /// <summary>The name that people know best: a CVE, then a GHSA, then the smallest.</summary>
    public static string Preferred(IEnumerable<string> names) =>
        names.OrderBy(static name => name.StartsWith("CVE-", StringComparison.OrdinalIgnoreCase) ? 0 : name.StartsWith("GHSA-", StringComparison.OrdinalIgnoreCase) ? 1 : 2).ThenBy(static name => name, NaturalOrder).First();

    private static readonly IComparer<string> NaturalOrder = Comparer<string>.Create(static (left, right) =>
        string.Compare(left, right, StringComparison.OrdinalIgnoreCase) is not 0 and var order ? order : string.CompareOrdinal(left, right));

    private static AdvisoryGroup Made((string Root, IReadOnlyList<string> Names) set, List<string> followed, IEnumerable<Advisory> advisories)
    {
        var title = Preferred(set.Names);
        return new AdvisoryGroup(
            followed is [var oldest, ..] ? oldest : title,
            title,
            [.. set.Names.Order(NaturalOrder)],
            [.. followed.Skip(1)],
            [.. advisories.OrderBy(static advisory => advisory.Id, NaturalOrder)]);
    }

    /// <summary>Union-find over names, whose case does not count; a name keeps the spelling in which it came first.</summary>
    private sealed class DisjointNames
    {
        private readonly Dictionary<string, string> _parents = new(StringComparer.OrdinalIgnoreCase);

        public bool Contains(string name) => _parents.ContainsKey(name);

        public void Add(string name) => _parents.TryAdd(name, name);

        public void Join(string left, string right)
        {
            Add(left);
            Add(right);
            _parents[Root(right)] = Root(left);
        }

        public string Root(string name)
        {
            var root = name;
            while (!string.Equals(_parents[root], root, StringComparison.OrdinalIgnoreCase))
            {
                root = _parents[root];
            }

            // Each name on the way points at the root from now on, so that long chains are walked once.
            while (!string.Equals(name, root, StringComparison.OrdinalIgnoreCase))
            {
                (_parents[name], name) = (root, _parents[name]);
            }

            return _parents[root];
        }

        public IEnumerable<(string Root, IReadOnlyList<string> Names)> All() =>
            _parents.Keys.ToList().GroupBy(Root, StringComparer.OrdinalIgnoreCase).Select(static set => (set.Key, (IReadOnlyList<string>)[.. set]));
    }
}
