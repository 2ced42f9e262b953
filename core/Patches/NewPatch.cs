using System.Text.RegularExpressions;
using Maintenance.Plan;

namespace Maintenance.Patches;

/// <summary>What somebody asks for. See <see cref="PatchRequest"/> for what each member says.</summary>
public sealed record NewPatch(string Title, string Description, PatchType Type, PatchSeverity Severity, string Service)
{
    /// <summary>The components that it touches; at most 50.</summary>
    public IReadOnlyList<string> Components { get; init; } = [];

    /// <summary>What goes from which version to which; at most 50.</summary>
    public IReadOnlyList<VersionChange> Versions { get; init; } = [];

    /// <summary>The hash of what would be applied, or null: <c>sha256:</c> and 64 hexadecimal digits.</summary>
    public string? Artifact { get; init; }

    /// <summary>The names of the targets by the id of their ring.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Targets { get; init; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>How it is rolled back, or null.</summary>
    public string? Rollback { get; init; }

    /// <summary>The id of the window that is asked for, or null.</summary>
    public string? Window { get; init; }

    /// <summary>The id of the person who will do it, or null.</summary>
    public string? Implementer { get; init; }
}

/// <summary>What a request for a patch must keep. Pure.</summary>
public static partial class PatchRules
{
    private const int MostComponents = 50;
    private const int MostRings = 20;
    private const int MostTargets = 200;
    private const int MostName = 200;
    private const int MostWords = 10_000;

    /// <summary>What is wrong with what is asked for, by field; empty where nothing is.</summary>
    /// <param name="plan">The plan that runs.</param>
    /// <param name="patch">What is asked for.</param>
    /// <param name="requester">The id of the person who asks; null leaves out what depends on that.</param>
    public static IReadOnlyDictionary<string, string[]> Check(OperationsPlan plan, NewPatch patch, string? requester = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(patch);
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        Need("title", IsText(patch.Title, MostName), $"Say in 1 to {MostName} characters what it is.");
        Need("description", IsText(patch.Description, MostWords), "Say in 1 to 10,000 characters what it changes, why, and how it is rolled back.");
        Need("service", plan.FindService(patch.Service) is not null, $"Choose one of: {string.Join(", ", plan.Services.Select(static service => service.Id))}.");
        Need("components", patch.Components.Count <= MostComponents && patch.Components.All(IsName), $"Name at most {MostComponents} components, each in 1 to {MostName} characters.");
        Need(
            "versions",
            patch.Versions.Count <= MostComponents && patch.Versions.All(static change => change?.IsSound == true),
            $"Name at most {MostComponents} changes of version, such as openssl 3.5.8 -> 3.5.9, each version in at most 64 characters.");
        Need("artifact", patch.Artifact is null || NormaliseArtifact(patch.Artifact) is not null, "An artifact is sha256: and 64 hexadecimal digits.");
        Need(
            "targets",
            patch.Targets.Count <= MostRings && patch.Targets.All(static ring => IsName(ring.Key) && ring.Value is { Count: > 0 and <= MostTargets } && ring.Value.All(IsName)),
            $"Name at most {MostRings} rings with 1 to {MostTargets} targets each, each in 1 to {MostName} characters.");
        var rings = plan.Patching.Rings.Select(static ring => ring.Id).ToList();
        if (!errors.ContainsKey("targets") && rings.Count > 0 && patch.Targets.Keys.FirstOrDefault(ring => !rings.Contains(ring)) is { } unknown)
        {
            errors["targets"] = [$"The plan has no ring '{unknown}'. There are: {string.Join(", ", rings)}."];
        }

        Need("rollback", patch.Rollback is null || IsText(patch.Rollback, MostWords), "Say in 1 to 10,000 characters how it is rolled back, or leave it out.");
        Need("window", patch.Window is null || IsName(patch.Window), $"Name the window in 1 to {MostName} characters, or leave it out.");
        if (!errors.ContainsKey("window") && patch.Window is { } window && rings.Count > 0 && plan.Windows.Find(window.Trim()) is null)
        {
            errors["window"] = [$"The plan has no maintenance window '{window}'. {Nearest.Hint(window, plan.Windows.Maintenance.Select(static one => one.Id))}".TrimEnd()];
        }

        if (patch.Implementer is { } implementer)
        {
            Need("implementer", plan.FindPerson(implementer) is not null, "The plan knows no such person.");
            if (!errors.ContainsKey("implementer") && requester is not null && plan.Patching.For(patch.Type, patch.Severity) is { } rule)
            {
                // The plan's check sees one person at a time; here both are known.
                var excluded = rule.ExcludedFrom(requester, implementer);
                var left = rule.Approvers.SelectMany(plan.InRole).Select(static person => person.Id).Distinct().Except(excluded).Count();
                Need("implementer", left >= rule.Quorum, $"It could never be approved: besides {string.Join(" and ", excluded)} only {left} may vote, and {rule.Quorum} must approve.");
            }
        }

        return errors;

        void Need(string field, bool holds, string message)
        {
            if (!holds)
            {
                errors[field] = [message];
            }
        }
    }

    /// <summary>An artifact's hash as it is stored: trimmed, in lower case; null where the text is none.</summary>
    public static string? NormaliseArtifact(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lower = text.Trim().ToLowerInvariant();
        return Artifact().IsMatch(lower) ? lower : null;
    }

    private static bool IsText(string? text, int most) => !string.IsNullOrWhiteSpace(text) && text.Length <= most;

    private static bool IsName(string? name) => IsText(name, MostName);

    [GeneratedRegex(@"^sha256:[0-9a-f]{64}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Artifact();
}
