using Maintenance.Patches;

namespace Maintenance.Plan;

/// <summary>The rules of the section <c>patching</c> that no single field can keep; a part of <see cref="PlanRules"/>.</summary>
internal static class PatchingRules
{
    private const string OneMore = "Lower the quorum, or give one of the roles to more people.";

    /// <summary>The section beside the people.</summary>
    public static void Policy(OperationsPlan plan, PlanReading reading)
    {
        foreach (var type in Enum.GetValues<PatchType>())
        {
            foreach (var severity in Enum.GetValues<PatchSeverity>())
            {
                if (plan.Patching.For(type, severity) is null)
                {
                    reading.Report(PlanProblemSeverity.Error, "patching.rules", $"no rule says who approves a patch of type {Word(type)} and severity {Word(severity)}.", "End with a rule that has neither types nor severities.");
                }
            }
        }

        for (var i = 0; i < plan.Patching.Rules.Count; i++)
        {
            var (rule, path) = (plan.Patching.Rules[i], $"patching.rules[{i}]");
            if (rule.Quorum == 0)
            {
                PreAuthorised(rule, path, reading);
            }
            else
            {
                Quorum(rule, path, plan, reading);
            }

            if (rule.Review is null && Enum.GetValues<PatchSeverity>().Any(severity => ReferenceEquals(plan.Patching.For(PatchType.Emergency, severity), rule)))
            {
                reading.Report(PlanProblemSeverity.Warning, path, "it lets emergencies pass that nobody has to look at afterwards.", "Add review, such as review: 40h: by then somebody else must have looked at what was done in haste.");
            }

            if (Enumerable.Range(0, i).Any(earlier => Covers(plan.Patching.Rules[earlier], rule)))
            {
                reading.Report(PlanProblemSeverity.Warning, path, "an earlier rule matches everything that this one does.", "Put the narrower rule first.");
            }
        }
    }

    private static void PreAuthorised(ApprovalRule rule, string path, PlanReading reading)
    {
        if (rule.Types is not [PatchType.Standard])
        {
            reading.Report(PlanProblemSeverity.Error, $"{path}.quorum", "only standard changes may be approved without a vote.", "Write types: [standard], or a quorum of at least 1.");
        }

        if (rule.Decides == DecisionMoment.AtExpiry)
        {
            reading.Report(PlanProblemSeverity.Error, $"{path}.decides", "a change that needs no vote is approved at once: there is nothing to count at its expiry.", "Leave it out, or write a quorum of at least 1.");
        }
    }

    /// <summary>Whether there are enough people, worked out over everybody who may ask for a change or implement it.</summary>
    private static void Quorum(ApprovalRule rule, string path, OperationsPlan plan, PlanReading reading)
    {
        var voters = rule.Approvers.SelectMany(plan.InRole).Distinct().ToList();

        // Everybody in the plan may ask; nobody need be named who implements it, so the best case is that of one requester.
        var best = plan.People.Max(person => voters.Count - rule.ExcludedFrom(person.Id, null).Count(id => voters.Exists(voter => voter.Id == id)));
        if (voters.Count < rule.Quorum)
        {
            reading.Report(PlanProblemSeverity.Error, $"{path}.quorum", $"{rule.Quorum} must approve, but only {voters.Count} {(voters.Count == 1 ? "person has" : "people have")} a role that may.", OneMore);
        }
        else if (best < rule.Quorum)
        {
            reading.Report(PlanProblemSeverity.Error, $"{path}.quorum", $"{rule.Quorum} must approve, but whoever asks for it is one of the {voters.Count} who may vote, which leaves {best}.", OneMore);
        }
        else if (rule.Excluded.Count > 0 && voters.Count == rule.Quorum)
        {
            var acts = string.Join(" or ", rule.Excluded.Distinct().Order().Select(static party => party == ChangeParty.Requester ? "request" : "implement"));
            reading.Report(
                PlanProblemSeverity.Warning, $"{path}.quorum", $"all {voters.Count} who may vote are needed ({string.Join(", ", voters.Select(static voter => voter.Id))}), so none of them can ever {acts} such a patch.", "Give one of the roles to one more person.");
        }

        if (best >= rule.Quorum && rule.Rejections > best)
        {
            reading.Report(PlanProblemSeverity.Error, $"{path}.rejections", $"nobody could reject it: {rule.Rejections} must, and at most {best} may vote.", "Lower it; 1 gives each of them a veto.");
        }
    }

    private static bool Covers(ApprovalRule wide, ApprovalRule narrow) =>
        narrow.Types.All(wide.Types.Contains) && narrow.Severities.All(wide.Severities.Contains);

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
