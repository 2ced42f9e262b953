using Maintenance.Assets.Components;
using Maintenance.Assets.Lifecycle;
using Maintenance.Assets.Versions;
using Maintenance.Plan;

namespace Maintenance.Tests.Plan;

/// <summary>What the services are made of, as the plan says it.</summary>
public sealed class AssetSectionTests
{
    private const string Yaml = """

        assets:
          components:
            - { id: server, name: Server, service: register, version: "15.2", product: server, cycle: "15", runsOn: system }
            - { id: system, name: System, service: register, version: "12", endOfLife: 2028-06-30 }
            - { id: driver, name: Driver, service: printing, package: pkg:nuget/Driver, owner: dba, supplier: Maker }
          sboms: [{ service: register, file: assets/app.cdx.json }]
          packages: [{ service: register, file: assets/packages.json }]
          endOfLife: [{ product: server, url: "https://feeds.example/server.json" }]
          advisories: [{ folder: assets/advisories }, { file: more.json }]
          kev: { url: "https://feeds.example/kev.json" }
          refresh: 6h
        lifecycle:
          warn: [180d, 12w, 30d]
          updates:
            - { ecosystem: nuget, criticality: high, minors: 3 }
            - { majors: 1, within: 14d }
          deprecation: Half a year before.
          deprecated: [{ component: driver, from: 2028-01-01, replacement: Another }]
          upgradePaths: [{ component: server, from: "15", via: ["16"], to: "17", procedure: sops/upgrade.md }]
          remediation: { critical: 7d, high: 30d, medium: 90d, low: 180d, calendar: office }
          waivers: { approvers: [dba], longest: 90d }
        technicalDebt: { hours: 160, reserve: 20% }
        """;

    public static TheoryData<string, string, string, string> Errors => new()
    {
        { "version: \"15.2\"", "version: \"15 2\"", "assets.components[0].version", "'15 2' is not a version." },
        { "service: printing", "service: nothing", "assets.components[2].service", "there is no service 'nothing'." },
        { "runsOn: system", "runsOn: cloud", "assets.components[0].runsOn", "there is no component 'cloud'." },
        { "endOfLife: 2028-06-30 }", "endOfLife: 2028-06-30, runsOn: server }", "assets.components[0].runsOn", "in the end 'server' runs on itself." },
        { "product: server, cycle", "product: servers, cycle", "assets.components[0].product", "assets.endOfLife has no product 'servers'." },
        { "product: server, cycle", "cycle", "assets.components[0].cycle", "a cycle is one of a product, and no product is named." },
        { "package: pkg:nuget/Driver", "package: Driver", "assets.components[2].package", "'Driver' is not a package URL." },
        { "package: pkg:nuget/Driver, ", "", "assets.components[2]", "nothing says which version is in use." },
        { "id: driver", "id: server", "assets.components[2].id", "the id 'server' is taken by the component in line " },
        { "file: assets/app.cdx.json", "file: ../app.cdx.json", "assets.sboms[0].file", "'../app.cdx.json' is not a path below the plan's folder." },
        { "{ file: more.json }", "{ file: more.json, url: \"https://a.example\" }", "assets.advisories[1].url", "there is 'file' already." },
        { "{ file: more.json }", "{ folder: assets/advisories }", "assets.advisories[1]", "assets/advisories is listed twice." },
        { "https://feeds.example/kev.json", "http://feeds.example/kev.json", "assets.kev.url", "'http://feeds.example/kev.json' is not an address to read from." },
        { "https://feeds.example/kev.json", "https://me:secret@feeds.example/kev.json", "assets.kev.url", "'…' is not an address to read from." },
        { "refresh: 6h", "refresh: 1m", "assets.refresh", "1m is too often." },
        { "warn: [180d, 12w, 30d]", "warn: [180d, 30d, 90d]", "lifecycle.warn[2]", "90d is not shorter than the one before it." },
        { "warn: [180d, 12w, 30d]", "warn: [12h]", "lifecycle.warn[0]", "'12h' is not a number of days." },
        { "ecosystem: nuget", "ecosystem: rpm", "lifecycle.updates[0].ecosystem", "'rpm' is none of the choices." },
        { ", minors: 3", "", "lifecycle.updates[0]", "it allows anything." },
        { "component: driver, from", "component: drivers, from", "lifecycle.deprecated[0].component", "there is no component 'drivers'." },
        { "via: [\"16\"]", "via: [\"17\"]", "lifecycle.upgradePaths[0]", "it comes to the same version twice: 15 → 17 → 17." },
        { "approvers: [dba]", "approvers: [support]", "lifecycle.waivers.approvers", "fewer than two people have these roles, so that no waiver can ever be approved." },
        { "calendar: office", "calendar: shop", "lifecycle.remediation.calendar", "there is no calendar 'shop'." },
        { "reserve: 20%", "reserve: 20", "technicalDebt.reserve", "'20' is not a part in percent." },
    };

    public static TheoryData<string, string, string, string> Warnings => new()
    {
        { "high: 30d", "high: 5d", "lifecycle.remediation", "a worse vulnerability has more time than a lesser one." },
        { "ecosystem: nuget, criticality: high, minors: 3", "minors: 3", "lifecycle.updates[1]", "it never counts: a rule before it takes all that it would." },
        { "  remediation: { critical: 7d, high: 30d, medium: 90d, low: 180d, calendar: office }\n", "", "assets.advisories", "vulnerabilities that they tell of are never due." },
    };

    [Fact]
    public void It_is_read_as_it_is_written()
    {
        var plan = Load(Yaml).Plan!;
        Assert.Empty(Load(Yaml).Problems);
        Assert.Equal(new PlannedComponent("server", "Server", "register", "15.2") { Product = "server", Cycle = "15", RunsOn = "system" }, plan.Assets.Find("server"));
        Assert.Equal(new PlannedComponent("driver", "Driver", "printing", null) { Package = "pkg:nuget/Driver", Owner = "dba", Supplier = "Maker" }, plan.Assets.Find("driver"));
        Assert.Equal(["assets/advisories", "more.json"], plan.Assets.Advisories.Select(static one => one.Name));
        Assert.Equal([180, 84, 30], plan.Lifecycle.Warn);
        Assert.Equal(new UpdateRule(Ecosystem.NuGet, Criticality.High, null, 3, null, null), plan.Lifecycle.Updates[0]);
        Assert.Equal(["15", "16", "17"], plan.Lifecycle.UpgradeOf("server", "15.2")!.Steps);
        Assert.Null(plan.Lifecycle.UpgradeOf("server", "14.2"));
        Assert.Equal(new RemediationTargets(7, 30, 90, 180, "office"), plan.Lifecycle.Remediation);
        Assert.Equal((32.0, TimeSpan.FromHours(6)), (plan.Debt!.Reserved, plan.Assets.Refresh));
    }

    [Fact]
    public void A_plan_without_it_is_as_before()
    {
        var plan = Load("").Plan!;
        Assert.True(plan.Assets.IsEmpty);
        Assert.Equal([180, 90, 30], plan.Lifecycle.Warn);
        Assert.Equal((null, null), (plan.Lifecycle.Ticket, plan.Debt));
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public void What_cannot_work_is_an_error_at_its_place(string good, string bad, string path, string message)
    {
        var load = Load(SmallPlan.Replace(Yaml, good, bad));
        Assert.Null(load.Plan);
        Assert.Contains(load.Problems, problem => problem.Path == path && problem.Message.StartsWith(message, StringComparison.Ordinal) && problem.Severity == PlanProblemSeverity.Error);
    }

    [Theory]
    [MemberData(nameof(Warnings))]
    public void What_is_doubtful_is_a_warning_and_the_plan_is_used(string good, string bad, string path, string message)
    {
        var load = Load(SmallPlan.Replace(Yaml, good, bad));
        Assert.NotNull(load.Plan);
        Assert.Equal([(path, message)], load.Problems.Select(static problem => (problem.Path, problem.Message)));
    }

    private static PlanLoad Load(string sections) => PlanFile.Load(SmallPlan.File, SmallPlan.Yaml.TrimEnd() + "\n" + sections, AppContext.BaseDirectory);
}
