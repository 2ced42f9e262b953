using System.Globalization;
using Maintenance.Assets.Lifecycle;
using Maintenance.Time;

namespace Maintenance.Plan.Document;

/// <content>What the services are made of, how it is kept up to date, and what share of the time belongs to the debt.</content>
public static partial class PlanDocumentWriter
{
    private static DocumentSection Assets(OperationsPlan plan)
    {
        var assets = plan.Assets;
        if (assets.IsEmpty)
        {
            return new("components", "Components", None("The plan names no components."));
        }

        var blocks = new List<DocumentBlock>();
        if (assets.Components.Count > 0)
        {
            blocks.Add(new DocumentTable("Components", ["Component", "Service", "Version", "Supported until", "Supplier", "Owner", "Runs on"],
            [
                .. assets.Components.Select(one => Row(
                    one.Name, ServiceName(plan, one.Service), one.Version ?? "by its bill of materials", one.EndOfLife is { } end ? Date(end) : one.Product is null ? null : $"by the records of {one.Product}", one.Supplier,
                    Who(plan, one.Owner ?? plan.FindService(one.Service)?.Owner ?? ""), one.RunsOn is { } host ? assets.Find(host)?.Name : null)),
            ]));
        }

        List<DocumentFact> facts = [];
        Listed("Bills of materials", assets.Boms.Select(one => $"{one.File} ({ServiceName(plan, one.Service)})"));
        Listed("Lists of packages", assets.Packages.Select(one => $"{one.File} ({ServiceName(plan, one.Service)})"));
        Listed("Advisories", assets.Advisories.Select(static one => one.Name));
        Listed("Known to be exploited", assets.Exploited is { } exploited ? [exploited.Name] : []);
        if (facts.Count > 0)
        {
            blocks.Add(new DocumentFacts(facts));
        }

        return new("components", "Components", blocks);

        void Listed(string name, IEnumerable<string> items)
        {
            if (List(items) is { Length: > 0 } text)
            {
                facts.Add(new(name, text));
            }
        }
    }

    private static DocumentSection Lifecycle(OperationsPlan plan)
    {
        var policy = plan.Lifecycle;
        var blocks = new List<DocumentBlock>
        {
            new DocumentFacts(
            [
                new("Warned of an end of support", List(policy.Warn.Select(static days => $"{Days(days)} before"))),
                new("Vulnerabilities", policy.Remediation is { } due
                    ? $"critical within {Days(due.Critical)}, high {Days(due.High)}, medium {Days(due.Medium)}, low {Days(due.Low)}; or by CISA's date where that is earlier; never on a closed day of {CalendarName(plan, due.Calendar)}"
                    : "no time is set"),
                new("Waivers", policy.Waivers is { } waivers ? $"{WaiverPolicy.Quorum} of {List(waivers.Approvers)}, not whoever asks; for {Durations.Format(waivers.Longest)} at most" : "nobody may accept a vulnerability"),
                new("Technical debt", plan.Debt is { } debt ? string.Create(CultureInfo.InvariantCulture, $"{debt.Reserve} % of {debt.Hours} hours a month are kept for it: {debt.Reserved:0.#} hours") : "no time is kept for it"),
            ]),
        };
        if (policy.Deprecation.Length > 0)
        {
            blocks.Add(new DocumentText(policy.Deprecation));
        }

        if (policy.Updates.Count > 0)
        {
            blocks.Add(new DocumentTable("How far behind is allowed", ["Ecosystem", "Services", "Majors", "Minors", "Patches", "Anything for"],
                [.. policy.Updates.Select(static rule => Row(rule.Ecosystem?.ToString() ?? "all", rule.Criticality is { } least ? $"{Lower(least)} or above" : "all", Count(rule.Majors), Count(rule.Minors), Count(rule.Patches), rule.Within is { } within ? Durations.Format(within) : null))]));
        }

        if (policy.Deprecated.Count > 0)
        {
            blocks.Add(new DocumentTable("What must go", ["Component", "By", "Replaced by", "Why"], [.. policy.Deprecated.Select(one => Row(plan.Assets.Find(one.Component)?.Name ?? one.Component, Date(one.From), one.Replacement, one.Reason))]));
        }

        if (policy.Upgrades.Count > 0)
        {
            blocks.Add(new DocumentTable("Ways from one version to another", ["Component", "Way", "Procedure"],
                [.. policy.Upgrades.Select(one => Row(plan.Assets.Find(one.Component)?.Name ?? one.Component, string.Join(" → ", one.Steps), ProcedureName(plan, one.Procedure)))]));
        }

        return new("lifecycle", "Lifecycle and technical debt", blocks);
    }

    private static string Days(int days) => $"{days.ToString(CultureInfo.InvariantCulture)} {(days == 1 ? "day" : "days")}";

    private static string? Count(int? number) => number?.ToString(CultureInfo.InvariantCulture);
}
