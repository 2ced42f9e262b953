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
}
