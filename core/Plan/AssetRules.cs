using Maintenance.Assets.Components;
using Maintenance.Assets.Lifecycle;
using Maintenance.Time;

namespace Maintenance.Plan;

/// <summary>The rules of the sections <c>assets</c> and <c>lifecycle</c> that no single field can keep; a part of <see cref="PlanRules"/>.</summary>
internal static class AssetRules
{
    public static void Assets(OperationsPlan plan, PlanReading reading)
    {
        var assets = plan.Assets;
        if (assets.Refresh < AssetPolicy.LeastRefresh)
        {
            reading.Report(PlanProblemSeverity.Error, "assets.refresh", $"{Durations.Format(assets.Refresh)} is too often.", $"Write at least {Durations.Format(AssetPolicy.LeastRefresh)}.");
        }

        for (var i = 0; i < assets.Components.Count; i++)
        {
            Component(assets.Components[i], $"assets.components[{i}]", assets, reading);
        }

        Hosts(assets, reading);
        Doubles("assets.sboms", assets.Boms.Select(static one => $"{one.File} for {one.Service}"), reading);
        Doubles("assets.packages", assets.Packages.Select(static one => $"{one.File} for {one.Service}"), reading);
        Doubles("assets.advisories", assets.Advisories.Select(static one => one.Name), reading);
        Doubles("assets.endOfLife", assets.EndOfLife.Select(static one => one.Product), reading);
    }

    public static void Lifecycle(OperationsPlan plan, PlanReading reading)
    {
        var policy = plan.Lifecycle;
        for (var i = 1; i < policy.Warn.Count; i++)
        {
            if (policy.Warn[i] >= policy.Warn[i - 1])
            {
                reading.Report(PlanProblemSeverity.Error, $"lifecycle.warn[{i}]", $"{policy.Warn[i]}d is not shorter than the one before it.", "List the longest first, each once: [180d, 90d, 30d].");
            }
        }

        for (var i = 0; i < policy.Updates.Count; i++)
        {
            if (policy.Updates[i] is { Majors: null, Minors: null, Patches: null, Within: null })
            {
                reading.Report(PlanProblemSeverity.Error, $"lifecycle.updates[{i}]", "it allows anything.", "Say how far behind is allowed with majors, minors, patches or within.");
            }
            else if (policy.Updates.Take(i).Any(earlier => Covers(earlier, policy.Updates[i])))
            {
                reading.Report(PlanProblemSeverity.Warning, $"lifecycle.updates[{i}]", "it never counts: a rule before it takes all that it would.", "Put the narrower rule first.");
            }
        }

        Doubles("lifecycle.deprecated", policy.Deprecated.Select(static one => one.Component), reading);
        for (var i = 0; i < policy.Upgrades.Count; i++)
        {
            Upgrade(plan, policy.Upgrades[i], $"lifecycle.upgradePaths[{i}]", reading);
        }

        if (policy.Remediation is { } days && !(days.Critical <= days.High && days.High <= days.Medium && days.Medium <= days.Low))
        {
            reading.Report(PlanProblemSeverity.Warning, "lifecycle.remediation", "a worse vulnerability has more time than a lesser one.", "Let the days grow from critical to low.");
        }

        if (policy.Waivers is { } waivers && waivers.Approvers.SelectMany(plan.InRole).Select(static person => person.Id).Distinct(StringComparer.Ordinal).Count() < WaiverPolicy.Quorum)
        {
            reading.Report(PlanProblemSeverity.Error, "lifecycle.waivers.approvers", "fewer than two people have these roles, so that no waiver can ever be approved.", "Name roles that at least two people have; a third is needed where one of them asks.");
        }

        if (plan.Assets.Advisories.Count > 0 && policy.Remediation is null)
        {
            reading.Report(PlanProblemSeverity.Warning, "assets.advisories", "vulnerabilities that they tell of are never due.", "Say by when with lifecycle.remediation.");
        }
    }

    private static void Component(PlannedComponent component, string path, AssetPolicy assets, PlanReading reading)
    {
        if (component.Package is { } package && PackageIdentity.Of(package) is null)
        {
            reading.Report(PlanProblemSeverity.Error, path + ".package", $"'{(package.Length > 100 ? package[..100] + "…" : package)}' is not a package URL.", "Write one such as pkg:nuget/Npgsql, pkg:npm/%40angular/core, pkg:maven/org.slf4j/slf4j-api or pkg:deb/debian/openssl.");
        }

        if (component is { Version: null, Package: null })
        {
            reading.Report(PlanProblemSeverity.Error, path, "nothing says which version is in use.", "Write version:, or package: where a bill of materials of its service has it.");
        }

        if (component.Product is { } product && assets.EndOfLife.All(one => one.Product != product))
        {
            reading.Report(PlanProblemSeverity.Error, path + ".product", $"assets.endOfLife has no product '{product}'.", Nearest.Hint(product, assets.EndOfLife.Select(static one => one.Product)));
        }

        if (component is { Cycle: not null, Product: null })
        {
            reading.Report(PlanProblemSeverity.Error, path + ".cycle", "a cycle is one of a product, and no product is named.", "Write product: too.");
        }
    }

    /// <summary>What runs on what must end somewhere.</summary>
    private static void Hosts(AssetPolicy assets, PlanReading reading)
    {
        for (var i = 0; i < assets.Components.Count; i++)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            var at = assets.Components[i];
            while (at?.RunsOn is { } host && seen.Add(at.Id))
            {
                at = assets.Find(host);
            }

            if (at is not null && at.Id == assets.Components[i].Id && seen.Contains(at.Id))
            {
                reading.Report(PlanProblemSeverity.Error, $"assets.components[{i}].runsOn", $"in the end '{at.Id}' runs on itself.", "Name what it really runs on.");
                return;
            }
        }
    }

    private static void Upgrade(OperationsPlan plan, UpgradePath upgrade, string path, PlanReading reading)
    {
        if (upgrade.Steps.GroupBy(static step => step, StringComparer.Ordinal).Any(static group => group.Count() > 1))
        {
            reading.Report(PlanProblemSeverity.Error, path, $"it comes to the same version twice: {string.Join(" → ", upgrade.Steps)}.", "Name each version once, in order.");
        }

        if (plan.Lifecycle.Upgrades.TakeWhile(other => other != upgrade).Any(other => other.Component == upgrade.Component && other.From == upgrade.From))
        {
            reading.Report(PlanProblemSeverity.Error, path + ".from", $"there is a way from {upgrade.From} already.", "Keep one of them.");
        }
    }

    private static bool Covers(UpdateRule earlier, UpdateRule later) =>
        (earlier.Ecosystem is null || earlier.Ecosystem == later.Ecosystem) && (earlier.Criticality is null || later.Criticality >= earlier.Criticality);

    private static void Doubles(string path, IEnumerable<string> names, PlanReading reading)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, name) in names.Index())
        {
            if (!seen.Add(name))
            {
                reading.Report(PlanProblemSeverity.Error, $"{path}[{index}]", $"{name} is listed twice.", "Remove one of them.");
            }
        }
    }
}
