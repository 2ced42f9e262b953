using Maintenance.Tickets;

namespace Maintenance.ServiceLevels;

/// <summary>What users may expect, and what happens when it is missed.</summary>
/// <param name="Targets">One for each priority.</param>
/// <param name="Escalations">The chains that targets name.</param>
public sealed record ServiceLevelAgreement(IReadOnlyList<ServiceLevelTarget> Targets, IReadOnlyList<EscalationChain> Escalations)
{
    /// <summary>Which clocks stop while a ticket waits; where the plan says nothing, the resolution clock while it waits for the requester.</summary>
    public IReadOnlyList<WaitingRule> Waiting { get; init; } = [new WaitingRule(WaitingFor.Requester, [ServiceTarget.Resolution])];

    /// <summary>The target of a priority, or null.</summary>
    public ServiceLevelTarget? For(string priority) => Targets.FirstOrDefault(target => target.Priority == priority);

    /// <summary>The chain of an id, or null.</summary>
    public EscalationChain? Chain(string id) => Escalations.FirstOrDefault(chain => chain.Id == id);

    /// <summary>True where waiting for somebody stops the clock of a target.</summary>
    public bool Stops(WaitingFor waiting, ServiceTarget target) => Waiting.Any(rule => rule.For == waiting && rule.Stops.Contains(target));
}

/// <summary>Which clocks stop while a ticket waits for somebody.</summary>
/// <param name="For">For whom it waits.</param>
/// <param name="Stops">The targets whose clocks stop.</param>
public sealed record WaitingRule(WaitingFor For, IReadOnlyList<ServiceTarget> Stops);

/// <summary>The targets of a priority.</summary>
/// <param name="Priority">The id of the priority.</param>
/// <param name="Calendar">The id of the calendar in which they are measured.</param>
/// <param name="Response">Service time until a person has answered.</param>
/// <param name="Resolution">Service time until it is solved.</param>
/// <param name="Escalation">The id of the chain that a breach goes along.</param>
public sealed record ServiceLevelTarget(string Priority, string Calendar, TimeSpan Response, TimeSpan Resolution, string Escalation)
{
    /// <summary>At which parts of each target, in percent, whoever works on it is warned.</summary>
    public IReadOnlyList<int> Warnings { get; init; } = [];

    /// <summary>The service time of a target.</summary>
    public TimeSpan Of(ServiceTarget target) => target == ServiceTarget.Response ? Response : Resolution;
}

/// <summary>Whom a breach reaches, and when.</summary>
/// <param name="Id">Short and stable.</param>
/// <param name="Levels">In order of <see cref="EscalationLevel.After"/>.</param>
public sealed record EscalationChain(string Id, IReadOnlyList<EscalationLevel> Levels)
{
    /// <summary>What happens where the chain ends and nobody has acknowledged.</summary>
    public ChainAlarm Alarm { get; init; } = ChainAlarm.Usual;
}

/// <summary>A level of a chain.</summary>
/// <param name="After">Service time after the due instant, in the target's calendar; zero for at once, negative for before it.</param>
/// <param name="Notify">People or roles that get mail.</param>
/// <param name="Channels">The ids of the webhooks that are told.</param>
/// <param name="Action">What the level is expected to do.</param>
public sealed record EscalationLevel(TimeSpan After, IReadOnlyList<string> Notify, IReadOnlyList<string> Channels, string Action)
{
    /// <summary>People or roles that are told where nobody of <see cref="Notify"/> is on duty; none for the levels above, and then everybody of <see cref="Notify"/>.</summary>
    public IReadOnlyList<string> Fallback { get; init; } = [];

    /// <summary>After each of this much service time the level is told again, until somebody acknowledges or the next level is reached; null for once.</summary>
    public TimeSpan? Repeat { get; init; }

    /// <summary>True where it may wake people: quiet hours do not hold it back.</summary>
    public bool IsUrgent { get; init; }
}

/// <summary>What happens where a chain ends and nobody has acknowledged the breach, nor ended it.</summary>
/// <param name="After">Service time after the last level.</param>
/// <param name="Notify">People or roles that get mail.</param>
/// <param name="Channels">The ids of the webhooks that are told.</param>
public sealed record ChainAlarm(TimeSpan After, IReadOnlyList<string> Notify, IReadOnlyList<string> Channels)
{
    /// <summary>What holds where the plan says nothing.</summary>
    public static ChainAlarm Usual { get; } = new(TimeSpan.FromHours(1), [Roles.Administrator], []);
}
