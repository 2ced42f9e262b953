using Maintenance.Actions;
using Maintenance.Recovery;

using static Maintenance.Plan.PlaceScalars;
using static Maintenance.Plan.Scalars;

namespace Maintenance.Plan;

/// <summary>What the section <c>recovery</c> looks like; a part of <see cref="PlanShape"/>.</summary>
internal static class RecoveryShape
{
    private static readonly string[] Kinds = ["restore", .. ActionShape.Names, "check", "manual", "gate"];

    public static RecoveryPolicy Policy(PlanMap m) => new(
        m.List("strategies", "How each service is brought back.", Strategy, least: 1),
        m.OptionalMap("tickets", "What the ticket of a drill that failed or is overdue is taken to be. Needed where a strategy has drills.", static inside => new DrillTicket(
            inside.Value("impact", "The id of the impact.", Reference(PlanEntity.Impact), ""),
            inside.Value("urgency", "The id of the urgency.", Reference(PlanEntity.Urgency), ""))));

    private static RecoveryStrategy Strategy(PlanMap m) => new(
        m.Value("id", "Short and stable.", Id(PlanEntity.Strategy), ""),
        m.Value("service", "The id of the service that it brings back.", Reference(PlanEntity.Service), ""),
        m.Optional("description", "For which kind of loss it is.", Text, ""),
        m.List("steps", "What is done. Steps of which none comes after the other may run at the same time.", Step, least: 1),
        m.Optional("workers", "How many steps may run at the same time: the hands that are there at night; 1 where left out.", Number(1, 50), 1),
        m.Optional("workRecovery", "How long it takes afterwards until the lost work is entered again; none where left out.", Duration, TimeSpan.Zero),
        m.Values("notify", "People or roles that hear of a recovery and of what it waits for.", Reference(PlanEntity.Recipient), least: 1))
    {
        Drills = m.OptionalMap("drills", "When it is tried out, into a scratch folder and without a cut-over. Left out: on request only.", static inside => new DrillPolicy(
            inside.Value("schedule", "When: six NCRONTAB fields in the system's time zone.", Scalars.Schedule, Time.Schedule.Parse("0 0 0 1 * *")),
            inside.Value("expires", "How long a passed drill counts; the next one is overdue afterwards.", Duration, TimeSpan.FromDays(100)))),
    };

    private static RecoveryStep Step(PlanMap m)
    {
        var id = m.Value("id", "Short; unique in its strategy.", LocalId, "");
        var name = m.Value("name", "What is done, in a line.", Text, "");
        var owner = m.Value("owner", "The person or role that does it or answers for it.", Reference(PlanEntity.Recipient), "");
        var duration = m.Value("duration", "How long it is expected to take.", Duration, TimeSpan.FromMinutes(1));
        var after = m.Values("after", "The ids of the steps that must be done before.", LocalId, least: 0);
        var restore = m.OptionalMap("restore", "A snapshot is restored into isolation.", Restore);
        var action = ActionShape.Fields(m);
        var check = m.OptionalMap("check", "Something is looked at: exactly one of file, http, query.", ActionShape.Check);
        var of = m.Optional("of", "The restore step whose folder a check looks into, or a command works in. Not needed where only one comes before.", OptionalLocalId, null);
        var manual = m.OptionalMap("manual", "A person does it, and confirms it.", static inside => new Manual(inside.Optional("sop", "The procedure that tells how: a file, relative to the plan.", PathBelow("the plan's folder", "sops/call-in.md"), null)));
        var gate = m.OptionalMap("gate", "People approve the cut-over; what was restored before it then takes the place of the live data.", static inside => new GateRule(
            inside.Values("approvers", "The roles whose people may decide.", Reference(PlanEntity.Role), least: 1),
            inside.Optional("quorum", "How many different people must approve; one rejection ends the recovery. 1 where left out.", Number(1, 20), 1)));
        var drill = m.Optional("drill", "Whether a drill does it too. Where left out: restores and looks at files yes, everything else no.", OptionalFlag, null);
        m.ExactlyOne(Kinds);
        var kind = restore is not null ? RecoveryStepKind.Restore
            : check is not null ? RecoveryStepKind.Check
            : gate is not null ? RecoveryStepKind.Gate
            : manual is not null ? RecoveryStepKind.Manual
            : RecoveryStepKind.Action;
        var isSafe = kind == RecoveryStepKind.Restore || check is { Kind: CheckKind.File };
        return new RecoveryStep(id, name, kind, owner, duration, after)
        {
            Restore = restore,
            Action = kind == RecoveryStepKind.Action ? action : null,
            Check = check,
            Of = of,
            Sop = manual?.Sop,
            Gate = gate,
            RunsInDrill = kind != RecoveryStepKind.Gate && (drill ?? isSafe),
        };
    }

    private static RestoreStep Restore(PlanMap m) => new(
        m.Value("backup", "The id of the backup policy whose snapshot is restored.", Reference(PlanEntity.Backup), ""),
        m.Optional("live", "The folder that the cut-over replaces; that of the backup policy where left out.", Folder, null),
        m.Optional("place", "An isolated place that is no folder: postgres:SETTING, container:URI or table:URI. An action after the gate makes it the live one.", RestorePlace, null));

    private sealed record Manual(string? Sop);
}
