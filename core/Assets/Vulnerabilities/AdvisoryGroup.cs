namespace Maintenance.Assets.Vulnerabilities;

/// <summary>Advisories of one vulnerability, which various databases publish under ids of their own.</summary>
/// <param name="Id">
/// Under which it is followed. It stays what it was once a caller remembers it (see <see cref="AdvisoryGroups.Group"/>), though a better name may come up: a ticket opened for it must be
/// found again.
/// </param>
/// <param name="Title">The id that people know it by: a CVE, else a GHSA, else the smallest. It may change.</param>
/// <param name="Names">All its ids and aliases, in order.</param>
/// <param name="Absorbed">Ids under which parts of it were followed before they turned out to be the same; whoever holds something under one of these should close it.</param>
/// <param name="Advisories">What was read of it, the newest of each id, in order of their ids. May be withdrawn.</param>
public sealed record AdvisoryGroup(string Id, string Title, IReadOnlyList<string> Names, IReadOnlyList<string> Absorbed, IReadOnlyList<Advisory> Advisories);
