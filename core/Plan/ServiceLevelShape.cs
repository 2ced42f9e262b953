using Maintenance.ServiceLevels;
using Maintenance.Tickets;

using static Maintenance.Plan.Scalars;

namespace Maintenance.Plan;

/// <summary>What the section about service levels looks like.</summary>
internal static class ServiceLevelShape
{
    public static ServiceLevelAgreement Agreement(PlanMap m)
    {
        var agreement = new ServiceLevelAgreement(
            m.List("targets", "One for each priority.", Target, least: 1),
            m.List("escalations", "Whom a breach reaches, and when.", Chain, least: 1));
        return m.List("waiting", "Which clocks stop while a ticket waits; left out, the resolution clock while it waits for the requester.", Waiting, least: 0) is { Count: > 0 } waiting
            ? agreement with { Waiting = waiting }
            : agreement;
    }

    private static WaitingRule Waiting(PlanMap m) => new(
        m.Value("for", "For whom it waits.", Choice<WaitingFor>(), WaitingFor.Requester),
        m.Values("stops", "The targets whose clocks stop; none where they run on.", Choice<ServiceTarget>(), least: 0));

    private static ServiceLevelTarget Target(PlanMap m) => new(
        m.Value("priority", "The id of the priority.", Reference(PlanEntity.Priority), ""),
        m.Value("calendar", "The id of the calendar in which the targets are measured.", Reference(PlanEntity.Calendar), ""),
        m.Value("response", "Service time until a person has answered.", ServiceTime, TimeSpan.FromHours(1)),
        m.Value("resolution", "Service time until it is solved.", ServiceTime, TimeSpan.FromHours(8)),
        m.Value("escalation", "The id of the chain that a breach goes along.", Reference(PlanEntity.Escalation), ""))
    {
        Warnings = m.Values("warnings", "At which parts of each target whoever works on the ticket is warned: [50%, 80%].", Percent, least: 0),
    };

    private static EscalationChain Chain(PlanMap m) => new(
        m.Value("id", "Short and stable.", Id(PlanEntity.Escalation), ""),
        m.List("levels", "In order of their time before or after the breach.", Level, least: 1))
    {
        Alarm = m.OptionalMap("alarm", "What happens where the chain ends and nobody has acknowledged; left out, the administrators hear of it an hour of service time after the last level.", Alarm) ?? ChainAlarm.Usual,
    };

    private static EscalationLevel Level(PlanMap m)
    {
        var after = m.Optional("after", "Service time after the due instant; 0m for at once.", OptionalServiceTimeOrZero, null);
        var before = m.Optional("before", "Service time before the due instant: a level that can still avert the breach.", OptionalServiceTime, null);
        m.ExactlyOne("after", "before");
        return new EscalationLevel(
            after ?? -before ?? TimeSpan.Zero,
            m.Values("notify", "People or roles that get mail.", Reference(PlanEntity.Recipient), least: 1),
            m.Values("channels", "The ids of the notification channels that are told.", Reference(PlanEntity.Channel), least: 0),
            m.Optional("action", "What the level is expected to do.", Text, ""))
        {
            Fallback = m.Values("fallback", "People or roles that are told where nobody of notify is on duty; left out, those of the levels above.", Reference(PlanEntity.Recipient), least: 0),
            Repeat = m.Optional("repeat", "After each of this much service time the level is told again, until somebody acknowledges or the next level is reached.", OptionalServiceTime, null),
            IsUrgent = m.Optional("urgent", "True where it may wake people: their quiet hours do not hold it back.", Flag, false),
        };
    }

    private static ChainAlarm Alarm(PlanMap m) => new(
        m.Value("after", "Service time after the last level.", ServiceTime, TimeSpan.FromHours(1)),
        m.Values("notify", "People or roles that get mail.", Reference(PlanEntity.Recipient), least: 1),
        m.Values("channels", "The ids of the notification channels that are told.", Reference(PlanEntity.Channel), least: 0));
}
