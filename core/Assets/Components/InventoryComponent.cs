using System.Security.Cryptography;
using System.Text;

namespace Maintenance.Assets.Components;

/// <summary>A version of a component, and where that is written.</summary>
/// <param name="Version">The version.</param>
/// <param name="Sources">Files, or <c>the plan</c>.</param>
public sealed record VersionUse(string Version, IReadOnlyList<string> Sources);

/// <summary>A component of a service: what the plan names, and what files list; a package that both have is one.</summary>
/// <param name="Id">That of the plan, or one made from service and package.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Service">The id of the service.</param>
/// <param name="Package">Which package it is; null where nobody says.</param>
/// <param name="Versions">The versions in use, the plan's first.</param>
public sealed record InventoryComponent(string Id, string Name, string Service, PackageIdentity? Package, IReadOnlyList<VersionUse> Versions)
{
    /// <summary>What the plan says of it; null where only a file lists it.</summary>
    public PlannedComponent? Planned { get; init; }

    /// <summary>The newest version that a file knows of, or null.</summary>
    public string? Latest { get; init; }

    /// <summary>True where something else brought it in.</summary>
    public bool IsTransitive { get; init; }

    /// <summary>True where there are more versions than are kept.</summary>
    public bool HasMoreVersions { get; init; }
}

/// <summary>Makes one inventory of what the plan and its files say. Pure.</summary>
public static class Inventory
{
    /// <summary>What the plan itself is called as a source.</summary>
    public const string ThePlan = "the plan";

    /// <summary>So many components an inventory holds at most.</summary>
    public const int Most = 50_000;

    /// <summary>So many versions of a component are kept, and so many sources of each: a file with more of one package is none that a tool wrote.</summary>
    public const int MostVersions = 100;

    private const int MostSources = 20;

    /// <summary>Whether an id is one that <see cref="IdOf"/> makes: none of a plan has an underscore.</summary>
    public const string MadePrefix = "x_";

    /// <summary>The inventory, in order of services, then names.</summary>
    /// <param name="policy">The plan's section.</param>
    /// <param name="files">What was read, by service and file.</param>
    public static IReadOnlyList<InventoryComponent> Of(AssetPolicy policy, IEnumerable<(string Service, string File, IReadOnlyList<InventoryEntry> Entries)> files)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(files);
        var known = new Dictionary<(string Service, string Package), Draft>();
        var all = new List<Draft>();
        foreach (var planned in policy.Components)
        {
            var package = planned.Package is null ? null : PackageIdentity.Of(planned.Package)?.Identity;
            var draft = new Draft(planned.Id, planned.Name, planned.Service, package, planned);
            if (planned.Version is { } version)
            {
                draft.Add(version, ThePlan);
            }

            all.Add(draft);
            if (package is not null)
            {
                // Two components of one package: what files say goes to the one that the plan names first.
                _ = known.TryAdd((planned.Service, KeyOf(package)), draft);
            }
        }

        foreach (var (service, file, entries) in files)
        {
            foreach (var entry in entries)
            {
                var read = entry.Package is null ? null : PackageIdentity.Of(entry.Package);
                var key = (service, read is { } named ? KeyOf(named.Identity) : "\n" + entry.Name.ToLowerInvariant());
                if (!known.TryGetValue(key, out var draft) && !(read is { } released && known.TryGetValue((service, released.Identity.Key), out draft) && draft.Adopt(released.Identity)))
                {
                    if (all.Count >= Most)
                    {
                        break;
                    }

                    draft = new Draft(IdOf(service, key.Item2), read?.Identity.Name ?? entry.Name, service, read?.Identity, null) { IsTransitive = true };
                    known[key] = draft;
                    all.Add(draft);
                }

                draft.IsTransitive &= entry.IsTransitive;
                draft.Latest ??= entry.Latest;
                if ((entry.Version ?? read?.Version) is { } version)
                {
                    draft.Add(version, file);
                }
            }
        }

        return [.. all.Select(static draft => draft.Done()).OrderBy(static one => one.Service, StringComparer.Ordinal).ThenBy(static one => one.Name, StringComparer.OrdinalIgnoreCase).ThenBy(static one => one.Id, StringComparer.Ordinal)];
    }

    /// <summary>The id of what only files list: short, the same whenever it is read, and safe in an address.</summary>
    public static string IdOf(string service, string package) => MadePrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{service}\n{package}")))[..20];

    /// <summary>A package of two releases of a distribution is two: each has advisories of its own.</summary>
    private static string KeyOf(PackageIdentity package) => package.Ecosystem.Release is { } release ? $"{package.Key}\n{release}" : package.Key;

    private sealed class Draft(string id, string name, string service, PackageIdentity? package, PlannedComponent? planned)
    {
        private readonly List<(string Version, List<string> Sources)> _versions = [];
        private PackageIdentity? _package = package;

        public bool IsTransitive { get; set; }

        public string? Latest { get; set; }

        public bool HasMore { get; private set; }

        /// <summary>The plan seldom says of which release a package is; a bill of materials does. True where this one takes it over, or has.</summary>
        public bool Adopt(PackageIdentity released)
        {
            if (planned is null || (_package!.Ecosystem.Release is { } release && release != released.Ecosystem.Release))
            {
                return false;
            }

            _package = released;
            return true;
        }

        public void Add(string version, string source)
        {
            if (_versions.Find(one => one.Version == version) is { Version: not null } same)
            {
                if (!same.Sources.Contains(source) && same.Sources.Count < MostSources)
                {
                    same.Sources.Add(source);
                }
            }
            else if (_versions.Count == MostVersions)
            {
                HasMore = true;
            }
            else
            {
                _versions.Add((version, [source]));
            }
        }

        public InventoryComponent Done() =>
            new(id, name, service, _package, [.. _versions.Select(static one => new VersionUse(one.Version, one.Sources))]) { Planned = planned, Latest = Latest, IsTransitive = IsTransitive && planned is null, HasMoreVersions = HasMore };
    }
}
