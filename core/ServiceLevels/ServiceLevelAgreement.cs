namespace Maintenance.ServiceLevels;

/// <summary>What users may expect, and what happens when it is missed.</summary>
/// <param name="Targets">One for each priority.</param>
/// <param name="Escalations">The chains that targets name.</param>
public sealed record ServiceLevelAgreement(IReadOnlyList<ServiceLevelTarget> Targets, IReadOnlyList<EscalationChain> Escalations)
{
    /// <summary>The target of a priority, or null.</summary>
    public ServiceLevelTarget? For(string priority) => Targets.FirstOrDefault(target => target.Priority == priority);

    /// <summary>The chain of an id, or null.</summary>
    public EscalationChain? Chain(string id) => Escalations.FirstOrDefault(chain => chain.Id == id);
}

/// <summary>The targets of a priority.</summary>
/// <param name="Priority">The id of the priority.</param>
/// <param name="Calendar">The id of the calendar in which they are measured.</param>
/// <param name="Response">Service time until a person has answered.</param>
/// <param name="Resolution">Service time until it is solved.</param>
/// <param name="Escalation">The id of the chain that a breach goes along.</param>
public sealed record ServiceLevelTarget(string Priority, string Calendar, TimeSpan Response, TimeSpan Resolution, string Escalation);

/// <summary>Whom a breach reaches, and when.</summary>
/// <param name="Id">Short and stable.</param>
/// <param name="Levels">In order of <see cref="EscalationLevel.After"/>.</param>
public sealed record EscalationChain(string Id, IReadOnlyList<EscalationLevel> Levels);

/// <summary>A level of a chain.</summary>
/// <param name="After">Service time after the breach, in the target's calendar; zero for at once.</param>
/// <param name="Notify">People or roles that get mail.</param>
/// <param name="Channels">The ids of the webhooks that are told.</param>
/// <param name="Action">What the level is expected to do.</param>
public sealed record EscalationLevel(TimeSpan After, IReadOnlyList<string> Notify, IReadOnlyList<string> Channels, string Action);
