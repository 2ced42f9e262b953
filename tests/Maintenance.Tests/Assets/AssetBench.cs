using System.Text;
using Maintenance.Assets;
using Maintenance.Assets.Components;
using Maintenance.Assets.Debt;
using Maintenance.Assets.Vulnerabilities;
using Maintenance.Local.Storage;
using Maintenance.Tests.Services;
using Maintenance.Tickets;

namespace Maintenance.Tests.Assets;

/// <summary>An office with components, on real records, objects and files.</summary>
internal sealed class AssetBench : IAsyncDisposable
{
    public const string Sections = """

        assets:
          components:
            - { id: server, name: Server, service: register, version: "15.2", product: server, owner: ben }
            - { id: driver, name: Driver, service: register, package: pkg:nuget/Driver }
          sboms: [{ service: register, file: app.cdx.json }]
          endOfLife: [{ product: server, file: server.json }]
          advisories: [{ folder: advisories }]
          kev: { file: kev.json }
        lifecycle:
          upgradePaths: [{ component: server, from: "15", via: ["16"], to: "17" }]
          remediation: { critical: 7d, high: 30d, medium: 90d, low: 180d, calendar: always }
          waivers: { approvers: [approver], longest: 90d }
          tickets: { impact: all, critical: now, high: now, medium: later, low: later }
        technicalDebt: { hours: 100, reserve: 20% }
        """;

    private AssetBench(Office office)
    {
        Office = office;
        Objects = FolderObjectStore.Open(Path.Join(office.Folder, "kept"));
        Restart();
        Directory.CreateDirectory(Path.Join(office.Folder, "advisories"));
        Driver("1.0.0");
        Write("server.json", """[{"cycle":"15","eol":"2028-01-01","latest":"15.4"},{"cycle":"17","eol":"2030-01-01","latest":"17.1"}]""");
        Write("kev.json", """{"vulnerabilities":[]}""");
        Advisory("a", "GHSA-aaaa", "CVE-2026-1", "1.0.2");
    }

    public Office Office { get; }

    public FolderObjectStore Objects { get; }

    public Downloads Web { get; } = new();

    public AssetShelf Shelf { get; private set; } = null!;

    public FindingStore Findings { get; private set; } = null!;

    public LineStore Lines { get; private set; } = null!;

    public AssetService Service { get; private set; } = null!;

    public DebtService Debt { get; private set; } = null!;

    public static async Task<AssetBench> OpenAsync(Func<string, string>? change = null)
    {
        var text = Office.QuickPlan + Sections;
        return new AssetBench(await Office.OpenAsync(change?.Invoke(text) ?? text));
    }

    /// <summary>As another process: nothing is remembered but what is stored.</summary>
    public void Restart()
    {
        Shelf = new AssetShelf(Office.Records, Objects, Web, Office.Clock);
        Findings = new FindingStore(Office.Records);
        Lines = new LineStore(Office.Records);
        Service = new AssetService(Office.Records, Shelf, Findings, Lines, Office.Tickets, Office.Numbers, Office.Notifications, Office.Plan, Office.Clock);
        Debt = new DebtService(Office.Records, Office.Numbers, Office.Plan, Office.Clock);
    }

    private int _writes;

    /// <summary>Writes a file, at a time of its own: two writes within one tick of a file system's clock are two all the same.</summary>
    public void Write(string file, string text) => Write(file, Encoding.UTF8.GetBytes(text));

    /// <inheritdoc cref="Write(string, string)"/>
    public void Write(string file, byte[] bytes)
    {
        var path = Path.Join(Office.Folder, file);
        File.WriteAllBytes(path, bytes);
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(++_writes));
    }

    /// <summary>Says when a file was last written.</summary>
    public void Written(string file, DateTimeOffset at) => File.SetLastWriteTimeUtc(Path.Join(Office.Folder, file), at.UtcDateTime);

    public void Driver(params string[] versions) =>
        Write("app.cdx.json", $$"""{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{{string.Join(',', versions.Select(static version => $$"""{"type":"library","name":"Driver","version":"{{version}}","purl":"pkg:nuget/Driver@{{version}}"}"""))}}]}""");

    public void Advisory(string file, string id, string? alias, string fix, string vector = "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H", string more = "") =>
        Write($"advisories/{file}.json", $$"""
            {"id":"{{id}}","modified":"2026-11-01T00:00:00Z","aliases":[{{(alias is null ? "" : $"\"{alias}\"")}}],"summary":"<script>alert(1)</script>","severity":[{"type":"CVSS_V3","score":"{{vector}}"}],
             "affected":[{"package":{"ecosystem":"NuGet","name":"Driver"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"{{fix}}"}]}]}]{{more}}}
            """);

    public void Exploited(string cve, string due) =>
        Write("kev.json", $$"""{"vulnerabilities":[{"cveID":"{{cve}}","vendorProject":"v","product":"p","vulnerabilityName":"n","dateAdded":"2026-11-01","shortDescription":"d","requiredAction":"Update.","dueDate":"{{due}}","knownRansomwareCampaignUse":"Known"}]}""");

    public async Task ReviewAsync()
    {
        _ = await Office.Plan.RefreshAsync(default);
        await Service.ReviewAsync(default);
    }

    public async Task<Finding> OnlyAsync() => Assert.Single(await AllAsync());

    public async Task<List<Finding>> AllAsync() => await Findings.ListAsync(default).Select(static one => one.Value).ToListAsync();

    public async Task<List<Ticket>> TicketsAsync() => await Office.Tickets.ListAsync(0, default).ToListAsync();

    public async Task<IReadOnlyList<TicketEvent>> HistoryAsync(string ticket) => (await Office.Tickets.ReadAsync(ticket, default))!.Value.History!;

    public async ValueTask DisposeAsync() => await Office.DisposeAsync();

    /// <summary>What lies at addresses.</summary>
    internal sealed class Downloads : IAssetDownloads
    {
        public Func<string?, AssetDownload> Answer { get; set; } = static _ => new AssetDownload(null, null, "it is not there.");

        public List<string?> Asked { get; } = [];

        public Task<AssetDownload> GetAsync(Uri url, string? eTag, int mostBytes, CancellationToken cancellation)
        {
            Asked.Add(eTag);
            return Task.FromResult(Answer(eTag));
        }
    }
}
