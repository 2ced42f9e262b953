using Maintenance.Handover;

using static Maintenance.Plan.Scalars;

namespace Maintenance.Plan;

/// <summary>What the section <c>handover</c> looks like; a part of <see cref="PlanShape"/>.</summary>
internal static class HandoverShape
{
    public static HandoverPlan Handover(PlanMap m) => new(
        m.Value("id", "Short and stable; another handover has another one.", LocalId, ""),
        m.Value("name", "What is handed over, in a line.", Text, ""),
        m.Value("manager", "The person or role that sees to it.", Reference(PlanEntity.Recipient), ""),
        m.Value("team", "The id of the team that takes over.", Reference(PlanEntity.Team), ""),
        m.Value("planned", "The local date on which it is to be accepted.", Date, default),
        m.Values("signatories", "The two people who sign: who hands over, and who takes over.", Reference(PlanEntity.Person), least: 2),
        m.List("checklist", "What must be shown before: worked out from the records of this system where it can be.", Check, least: 1),
        m.List("control", "What changes hands: accounts, keys, domains, contracts.", Control, least: 0),
        m.List("outstanding", "What is still to be done: each becomes a ticket when the handover begins.", Issue, least: 0));

    private static HandoverCheck Check(PlanMap m)
    {
        var (id, name, owner) = (
            m.Value("id", "Short; unique in the checklist.", LocalId, ""), m.Value("name", "What must be so.", Text, ""), m.Value("owner", "The person or role that answers for it.", Reference(PlanEntity.Recipient), ""));
        var backup = m.Optional("backup", "The id of a backup policy: its newest proven backup is within the RPO.", OptionalReference(PlanEntity.Backup), null);
        var drill = m.Optional("drill", "The id of a recovery strategy: somebody of the team took part in a drill that passed since the handover began.", OptionalReference(PlanEntity.Strategy), null);
        var training = m.Optional("training", "The id of a training programme: everybody of the team of whom it is asked is trained.", OptionalReference(PlanEntity.Programme), null);
        var confirm = m.Optional("confirm", "What must be shown: the owner confirms it, and says what shows it.", OptionalText, null);
        m.ExactlyOne("backup", "drill", "training", "confirm");
        var (kind, of) = backup is not null ? (CheckKind.Backup, backup) : drill is not null ? (CheckKind.Drill, drill) : training is not null ? (CheckKind.Training, training) : (CheckKind.Manual, confirm ?? "");
        return new HandoverCheck(id, name, owner, kind, of);
    }

    private static ControlItem Control(PlanMap m) => new(
        m.Value("id", "Short; unique in the list.", LocalId, ""),
        m.Value("kind", "account, key, domain, contract or asset.", Choice<ControlKind>(), ControlKind.Account),
        m.Value("name", "Which one.", Text, ""),
        m.Value("from", "The person or role that gives it away.", Reference(PlanEntity.Recipient), ""),
        m.Value("to", "The person or role that takes it.", Reference(PlanEntity.Recipient), ""));

    private static OutstandingIssue Issue(PlanMap m) => new(
        m.Value("id", "Short; unique in the list.", LocalId, ""),
        m.Value("title", "What, in a line.", Text, ""),
        m.Value("criteria", "How one sees that it is done.", Text, ""),
        m.Value("owner", "The person or role that does it.", Reference(PlanEntity.Recipient), ""),
        m.Value("due", "The local date until which it is done.", Date, default),
        m.Value("impact", "The id of the impact of its ticket.", Reference(PlanEntity.Impact), ""),
        m.Value("urgency", "The id of the urgency of its ticket.", Reference(PlanEntity.Urgency), ""),
        m.Optional("service", "The id of its service.", OptionalReference(PlanEntity.Service), null));
}
