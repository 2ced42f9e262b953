using Maintenance.Rollouts;

using static Maintenance.Plan.Scalars;

namespace Maintenance.Plan;

/// <summary>What the rings of the section <c>patching</c> look like; a part of <see cref="PatchingShape"/>.</summary>
internal static class RolloutShape
{
    public static RolloutRing Ring(PlanMap m) => new(
        m.Value("id", "Short and stable; requests name it.", Id(PlanEntity.Ring), ""),
        m.Value("name", "What people call it.", Text, ""),
        m.Values("windows", "The ids of the maintenance windows in which it is changed; left out: at any time.", Reference(PlanEntity.Window), least: 0),
        m.Value("duration", "How long backup, change and probes take: a window must hold so much whole.", Duration, TimeSpan.FromHours(1)),
        m.Values("targets", "What is changed, one by one, where a request names nothing else; left out: the ring as one.", Text, least: 0),
        m.Values("backups", "The ids of the backup policies that are taken afresh and proven before, and that a rollback restores.", Reference(PlanEntity.Backup), least: 0),
        m.Map("apply", "What applies the change: exactly one of command, webhook, webhookSetting.", ActionShape.Action),
        m.List("probes", "What must pass afterwards, and again after the soak time: http or query.", ActionShape.Check, least: 0),
        m.Optional("soak", "How long it is watched before the next ring; not at all where left out.", Duration, TimeSpan.Zero),
        m.Values("notify", "People or roles that hear of it, besides who asked, implements and approved.", Reference(PlanEntity.Recipient), least: 0))
    {
        Undo = m.OptionalMap("undo", "What takes the change back, before the backups are restored.", ActionShape.Action),
        RestoresBackups = m.Optional("restoreBackups", "Whether a rollback restores the backups too; true where left out. What was written since is then kept aside.", Flag, true),
    };
}
