using System.Text.Json.Nodes;
using Maintenance.Assets.Components;
using Maintenance.Assets.Debt;
using Maintenance.Assets.Lifecycle;
using Maintenance.Assets.Versions;
using Maintenance.Time;
using NodaTime;

using static Maintenance.Plan.Scalars;

namespace Maintenance.Plan;

/// <summary>What the sections <c>assets</c>, <c>lifecycle</c> and <c>technicalDebt</c> look like; a part of <see cref="PlanShape"/>.</summary>
internal static class AssetShape
{
    private const int MostText = 200;

    /// <summary>A version, as its makers write it. In quotes, since YAML would make 15.10 of nothing but a number.</summary>
    private static readonly ScalarKind<string> Version = new(
        static text => text.Trim() is { Length: > 0 and <= MostText } version && !version.Any(static c => char.IsWhiteSpace(c) || char.IsControl(c))
            ? Parsed<string>.Ok(version)
            : Parsed<string>.Wrong($"'{(text.Length > 60 ? text[..60] + "…" : text)}' is not a version.", "Write one such as \"15.8\", in quotes and without blanks."),
        static () => new JsonObject { ["type"] = "string", ["minLength"] = 1, ["examples"] = new JsonArray("15.8") });

    private static readonly ScalarKind<string?> OptionalVersion = new(
        static text => Version.Parse(text) is { Problem: { } problem, Hint: { } hint } ? Parsed<string?>.Wrong(problem, hint) : Parsed<string?>.Ok(text.Trim()), static () => Version.Schema());

    private static readonly ScalarKind<LocalDate?> OptionalDate = new(
        static text => Date.Parse(text) is { Problem: { } problem, Hint: { } hint } ? Parsed<LocalDate?>.Wrong(problem, hint) : Parsed<LocalDate?>.Ok(Date.Parse(text).Value), static () => Date.Schema());

    /// <summary>The ecosystems whose versions can be ordered, as their own names are written, in lower case.</summary>
    private static readonly Dictionary<string, Ecosystem> Ecosystems =
        Enum.GetValues<Ecosystem>().Where(static one => one != Ecosystem.Other).ToDictionary(static one => one.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    private static readonly ScalarKind<Ecosystem?> OptionalEcosystem = new(
        static text => Ecosystems.TryGetValue(text, out var ecosystem)
            ? Parsed<Ecosystem?>.Ok(ecosystem)
            : Parsed<Ecosystem?>.Wrong($"'{text}' is none of the choices.", Nearest.Hint(text, Ecosystems.Keys) ?? $"Write one of {string.Join(", ", Ecosystems.Keys)}."),
        static () => new JsonObject { ["enum"] = new JsonArray([.. Ecosystems.Keys.Select(static name => (JsonNode)name)]) });

    private static readonly ScalarKind<Criticality?> OptionalCriticality = new(
        static text => Choice<Criticality>().Parse(text) is { Problem: { } problem, Hint: { } hint } ? Parsed<Criticality?>.Wrong(problem, hint) : Parsed<Criticality?>.Ok(Choice<Criticality>().Parse(text).Value),
        static () => Choice<Criticality>().Schema());

    private static readonly ScalarKind<int?> OptionalCount = new(
        static text => Number(0, 1000).Parse(text) is { Problem: { } problem, Hint: { } hint } ? Parsed<int?>.Wrong(problem, hint) : Parsed<int?>.Ok(Number(0, 1000).Parse(text).Value),
        static () => Number(0, 1000).Schema());

    /// <summary>Whole days: what counts are dates.</summary>
    private static readonly ScalarKind<int> Days = new(
        static text => Durations.TryParse(text, out var duration) && duration > TimeSpan.Zero && duration.Ticks % TimeSpan.TicksPerDay == 0 && duration.TotalDays <= 3660
            ? Parsed<int>.Ok((int)duration.TotalDays)
            : Parsed<int>.Wrong($"'{text}' is not a number of days.", "Write whole days or weeks, such as 30d."),
        static () => new JsonObject { ["type"] = "string", ["pattern"] = "^(\\d+w)? ?(\\d+d)?$", ["examples"] = new JsonArray("30d") });

    /// <summary>An address that advisories come from: what is read there decides what is mended, so nobody on the way may change it.</summary>
    private static readonly ScalarKind<Uri?> SourceUrl = new(
        static text => Url.Parse(text) is { Problem: null, Value: { } url } && (url.Scheme == Uri.UriSchemeHttps || url.IsLoopback) && url.UserInfo.Length == 0
            ? Parsed<Uri?>.Ok(url)
            : Parsed<Uri?>.Wrong($"'{(text.Contains('@', StringComparison.Ordinal) ? "…" : text)}' is not an address to read from.", "Write one that starts with https://, without a name and a password."),
        static () => new JsonObject { ["type"] = "string", ["format"] = "uri" });

    public static AssetPolicy Assets(PlanMap m) => new(
        m.List("components", "What the services are made of.", Component, least: 0),
        m.List("sboms", "Software bills of materials: CycloneDX 1.4 to 1.7, as JSON.", static inside => ServiceFile(inside, "assets/register.cdx.json"), least: 0),
        m.List("packages", "What 'dotnet list package' wrote, best with --include-transitive --format json.", static inside => ServiceFile(inside, "assets/packages.json"), least: 0),
        m.List("endOfLife", "Until when products are supported: records as endoflife.date has them.", static inside => new ProductSource(inside.Value("product", "What components name it by.", Text, ""), Source(inside, mayBeFolder: false)), least: 0),
        m.List("advisories", "Security advisories in the OSV format: one, an array, a line each, or a .zip of them such as https://storage.googleapis.com/osv-vulnerabilities/NuGet/all.zip.", static inside => Source(inside, mayBeFolder: true), least: 0),
        m.OptionalMap("kev", "CISA's catalogue of vulnerabilities that are known to be exploited.", static inside => Source(inside, mayBeFolder: false)),
        m.Optional("refresh", "How often what lies at an address is asked for; 12h where left out.", Scalars.Duration, AssetPolicy.UsualRefresh));

    public static LifecyclePolicy Lifecycle(PlanMap m) => new(
        m.Values("warn", "How long before the end of life somebody is warned, the longest first; the last one opens a ticket. 180d, 90d and 30d where left out.", Days, least: 0) is { Count: > 0 } warn ? warn : LifecyclePolicy.UsualWarnings,
        m.List("updates", "How far behind the newest version is allowed; the first rule that fits counts.", Update, least: 0),
        m.Optional("deprecation", "The policy of leaving components behind, in words.", Text, ""),
        m.List("deprecated", "Components that must go.", Deprecated, least: 0),
        m.List("upgradePaths", "How a component gets from one version to another.", Upgrade, least: 0),
        m.OptionalMap("remediation", "By when vulnerabilities must be dealt with, counted from the day on which they are known.", Remediation),
        m.OptionalMap("waivers", "Who may accept a vulnerability for a time. Left out: nobody.", Waivers),
        m.OptionalMap("tickets", "What the tickets of vulnerabilities and of ends of life are taken to be. Left out: none are opened.", Ticket));

    public static DebtPolicy Debt(PlanMap m) => new(
        m.Value("hours", "The team's hours a month.", Number(1, 100_000), 1),
        m.Value("reserve", "The share of them that is kept for the debt: 20%.", Percent, 20));

    private static PlannedComponent Component(PlanMap m) => new(
        m.Value("id", "Short and stable.", Id(PlanEntity.Component), ""),
        m.Value("name", "What people call it.", Text, ""),
        m.Value("service", "The id of the service that it is a part of.", Reference(PlanEntity.Service), ""),
        m.Optional("version", "The version in use, in quotes. Left out where a bill of materials says it.", OptionalVersion, null))
    {
        Package = m.Optional("package", "Its package URL without a version, such as pkg:deb/debian/openssl: advisories find it by that.", OptionalText, null),
        Supplier = m.Optional("supplier", "Who makes or sells it.", OptionalText, null),
        Owner = m.Optional("owner", "The person or role that answers for it; the service's owner where left out.", OptionalReference(PlanEntity.Recipient), null),
        EndOfLife = m.Optional("endOfLife", "The last day on which it is supported.", OptionalDate, null),
        Product = m.Optional("product", "The product of assets.endOfLife that it is.", OptionalText, null),
        Cycle = m.Optional("cycle", "The cycle of the product, where the version does not tell.", OptionalVersion, null),
        RunsOn = m.Optional("runsOn", "The id of the component that it runs on.", OptionalReference(PlanEntity.Component), null),
    };

    private static ServiceFile ServiceFile(PlanMap m, string example) => new(
        m.Value("service", "The id of the service whose parts it lists.", Reference(PlanEntity.Service), ""),
        m.Value("file", "A file below the plan's folder.", PlaceScalars.PathBelow("the plan's folder", example), null) ?? "");

    private static AssetSource Source(PlanMap m, bool mayBeFolder)
    {
        var file = m.Optional("file", "A file below the plan's folder.", PlaceScalars.PathBelow("the plan's folder", "assets/postgresql.json"), null);
        var folder = mayBeFolder ? m.Optional("folder", "A folder below the plan's: every .json and .zip file in it.", PlaceScalars.PathBelow("the plan's folder", "assets/advisories"), null) : null;
        var url = m.Optional("url", "An address that is asked again and again.", SourceUrl, null);
        m.ExactlyOne(mayBeFolder ? ["file", "folder", "url"] : ["file", "url"]);
        return new AssetSource(file, folder, url);
    }

    private static UpdateRule Update(PlanMap m) => new(
        m.Optional("ecosystem", "Only packages of this ecosystem.", OptionalEcosystem, null),
        m.Optional("criticality", "Only services that are at least so critical.", OptionalCriticality, null),
        m.Optional("majors", "So many major versions behind are allowed.", OptionalCount, null),
        m.Optional("minors", "So many minor versions behind, of one major.", OptionalCount, null),
        m.Optional("patches", "So many patches behind, of one minor.", OptionalCount, null),
        m.Optional("within", "So long after the newest version came out, anything is allowed.", OptionalDuration, null));

    private static Deprecation Deprecated(PlanMap m) => new(
        m.Value("component", "The id of the component.", Reference(PlanEntity.Component), ""),
        m.Value("from", "The first day on which it must not be in use any more.", Date, default),
        m.Value("replacement", "What takes its place.", Text, ""),
        m.Optional("reason", "Why.", Text, ""));

    private static UpgradePath Upgrade(PlanMap m) => new(
        m.Value("component", "The id of the component.", Reference(PlanEntity.Component), ""),
        m.Value("from", "The versions that begin so, in quotes: \"13\".", Version, ""),
        m.Values("via", "Versions on the way, in order.", Version, least: 0),
        m.Value("to", "Where it ends.", Version, ""),
        m.Optional("procedure", "The procedure: a file below the plan's folder.", PlaceScalars.PathBelow("the plan's folder", "sops/upgrade.md"), null));

    private static RemediationTargets Remediation(PlanMap m) => new(
        m.Value("critical", "Of critical severity: 7d.", Days, 7),
        m.Value("high", "Of high severity: 30d.", Days, 30),
        m.Value("medium", "Of medium severity, and where nobody knows it: 90d.", Days, 90),
        m.Value("low", "Of low severity: 180d.", Days, 180),
        m.Value("calendar", "The id of the calendar: what would be due on a closed day is due on the last open day before.", Reference(PlanEntity.Calendar), ""));

    private static WaiverPolicy Waivers(PlanMap m) => new(
        m.Values("approvers", "The roles whose people may approve: two of them must, and not whoever asks.", Reference(PlanEntity.Role), least: 1),
        m.Optional("longest", "So long at most a vulnerability is accepted; 180d where left out.", Scalars.Duration, TimeSpan.FromDays(180)));

    private static AssetTicket Ticket(PlanMap m) => new(
        m.Value("impact", "The id of the impact.", Reference(PlanEntity.Impact), ""),
        m.Value("critical", "The id of the urgency of critical severity.", Reference(PlanEntity.Urgency), ""),
        m.Value("high", "Of high severity.", Reference(PlanEntity.Urgency), ""),
        m.Value("medium", "Of medium or unknown severity, and of an end of life.", Reference(PlanEntity.Urgency), ""),
        m.Value("low", "Of low severity.", Reference(PlanEntity.Urgency), ""));
}
