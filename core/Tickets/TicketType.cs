namespace Maintenance.Tickets;

/// <summary>What a ticket is.</summary>
public enum TicketType
{
    /// <summary>Something that worked does not.</summary>
    Incident,

    /// <summary>Somebody asks for something that the service offers, or how to do it.</summary>
    ServiceRequest,

    /// <summary>Somebody asks for the system to change.</summary>
    ChangeRequest,

    /// <summary>Somebody asks for something that the system cannot do yet.</summary>
    FeatureRequest,

    /// <summary>The cause of one or more incidents, known or not.</summary>
    Problem,

    /// <summary>Technical debt: work that is owed to the system itself.</summary>
    DebtItem,
}

/// <summary>What kind of maintenance the work is (ISO/IEC/IEEE 14764).</summary>
public enum MaintenanceType
{
    /// <summary>Mends a fault that was found.</summary>
    Corrective,

    /// <summary>Keeps the system usable where its surroundings change.</summary>
    Adaptive,

    /// <summary>Makes it better: faster, easier to use, easier to keep.</summary>
    Perfective,

    /// <summary>Mends what has not failed yet.</summary>
    Preventive,
}

/// <summary>Where a ticket stands.</summary>
public enum TicketState
{
    /// <summary>Nobody has looked at it.</summary>
    New,

    /// <summary>It is known what it is and whose it is; nobody has it yet.</summary>
    Triaged,

    /// <summary>Somebody has it.</summary>
    Assigned,

    /// <summary>Somebody works on it.</summary>
    InProgress,

    /// <summary>It waits for somebody else.</summary>
    Waiting,

    /// <summary>Solved; its requester may say that it is not.</summary>
    Resolved,

    /// <summary>Done.</summary>
    Closed,
}

/// <summary>For whom a ticket waits.</summary>
public enum WaitingFor
{
    /// <summary>Whoever asked: for an answer, say.</summary>
    Requester,

    /// <summary>A supplier.</summary>
    Supplier,
}

/// <summary>How a ticket was solved.</summary>
public enum TicketResolution
{
    /// <summary>What was asked for is done.</summary>
    Solved,

    /// <summary>There is a way around it; the cause is still there.</summary>
    Workaround,

    /// <summary>Another ticket has it.</summary>
    Duplicate,

    /// <summary>It could not be seen to happen.</summary>
    NotReproducible,

    /// <summary>It will not be done.</summary>
    Declined,
}

/// <summary>What a link says of the ticket that has it.</summary>
public enum TicketLinkKind
{
    /// <summary>It is the same as the other one.</summary>
    DuplicateOf,

    /// <summary>The other one is its cause.</summary>
    CausedBy,

    /// <summary>It cannot be done before the other one.</summary>
    BlockedBy,
}
