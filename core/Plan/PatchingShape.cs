using Maintenance.Patches;
using static Maintenance.Plan.Scalars;

namespace Maintenance.Plan;

/// <summary>The shape of the section <c>patching</c>; a part of <see cref="PlanShape"/>.</summary>
internal static class PatchingShape
{
    /// <summary>The whole section.</summary>
    public static PatchingPolicy Policy(PlanMap m) => new(
        m.Value("calendar", "The id of the calendar in which expiries and reviews are measured.", Reference(PlanEntity.Calendar), ""),
        m.List("rules", "The first rule that matches a patch decides who approves it.", Rule, least: 1))
    {
        Rings = m.List("rings", "What an approved change goes through, in this order: test, pilot, production. Left out: it ends with its approval.", RolloutShape.Ring, least: 0),
    };

    private static ApprovalRule Rule(PlanMap m) => new(
        m.Values("types", "standard, normal, emergency; left out: all.", Choice<PatchType>(), least: 1, Enum.GetValues<PatchType>()),
        m.Values("severities", "low, medium, high, critical; left out: all.", Choice<PatchSeverity>(), least: 1, Enum.GetValues<PatchSeverity>()),
        m.Values("approvers", "The roles whose people may vote.", Reference(PlanEntity.Role), least: 1),
        m.Value("quorum", "How many different people must approve; 0 for a pre-authorised standard change, which is approved at once.", Number(0, 20), 1),
        m.Value("expiresAfter", "Service time after which an undecided request ends as expired.", ServiceTime, TimeSpan.FromHours(8)))
    {
        Excluded = m.Values("excluded", "Who never votes, whatever their roles: requester, implementer; left out: both; []: nobody is.", Choice<ChangeParty>(), least: 0, Enum.GetValues<ChangeParty>()),
        Rejections = m.Optional("rejections", "How many different people must reject to reject it; 1 where left out: a veto of each.", Number(1, 20), 1),
        Decides = m.Optional("decides", "firstToReach (where left out): the vote that reaches the quorum or the rejections decides at once; atExpiry: votes are counted once, at the expiry.", Choice<DecisionMoment>(), DecisionMoment.FirstToReach),
        IsExpedited = m.Optional("expedited", "Whether an approved change goes through the rings at once, without windows, freezes and soak time; false where left out. Backups and probes stay.", Flag, false),
        Review = m.Optional("review", "Service time after the approval within which the change must be reviewed; left out: no review is owed.", OptionalServiceTime, null),
    };
}
