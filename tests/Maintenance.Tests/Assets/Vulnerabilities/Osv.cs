using System.Text;
using Maintenance.Assets.Versions;
using Maintenance.Assets.Vulnerabilities;

namespace Maintenance.Tests.Assets.Vulnerabilities;

/// <summary>Advisories as files write them.</summary>
internal static class Osv
{
    /// <summary>One that reads without a problem.</summary>
    public static Advisory One(string json)
    {
        var reading = OsvReader.Read("a.json", Encoding.UTF8.GetBytes(json));
        Assert.Empty(reading.Problems);
        return Assert.Single(reading.Advisories);
    }

    /// <summary>One of a single package, with what follows its name: ranges, versions. Single quotes may stand for double ones.</summary>
    public static Advisory Of(string ecosystem, string name, string rest) =>
        One($$"""{"id":"TEST-1","modified":"2026-01-02T03:04:05Z","affected":[{"package":{"ecosystem":"{{ecosystem}}","name":"{{name}}"},{{rest.Replace('\'', '"')}}}]}""");

    /// <summary>One of a single package with a single range of events such as <c>introduced 0, fixed 1.0.2</c>.</summary>
    public static Advisory Ranged(string ecosystem, string type, string events, string name = "x") => Of(ecosystem, name, $$"""
        "ranges":[{"type":"{{type}}","events":[{{string.Join(',', events.Split(',', StringSplitOptions.TrimEntries).Select(static e => e.Split(' ')).Select(static e => $$"""{"{{e[0]}}":"{{e[1]}}"}"""))}}]}]
        """);

    public static AdvisoryVerdict Decide(this Advisory advisory, string ecosystem, string? version, string name = "x") =>
        AdvisoryMatch.Decide(advisory, PackageEcosystem.FromOsv(ecosystem), name, version);

    /// <summary>Each version of a table such as <c>1.0.0 yes, 1.0.2 no</c> is affected, is not, or (maybe) is undecided.</summary>
    public static void Decides(this Advisory advisory, string ecosystem, string table, string name = "x") => Assert.All(table.Split(',', StringSplitOptions.TrimEntries), row =>
    {
        var (version, expected) = (row[..row.LastIndexOf(' ')], row[(row.LastIndexOf(' ') + 1)..]);
        var verdict = advisory.Decide(ecosystem, version, name);
        Assert.True(verdict.Outcome == expected switch { "yes" => Affectedness.Affected, "no" => Affectedness.NotAffected, "maybe" => Affectedness.Undecided, _ => throw new ArgumentException(row) }, $"{row}: {verdict.Outcome}, {verdict.Reason}");
        Assert.EndsWith(".", verdict.Reason);
        Assert.True(verdict.Outcome == Affectedness.Affected || verdict.FixedIn.Count == 0);
    });
}
