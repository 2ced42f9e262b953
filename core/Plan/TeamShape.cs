using Maintenance.Tickets;

using static Maintenance.Plan.Scalars;

namespace Maintenance.Plan;

/// <summary>What the sections about teams and tickets look like.</summary>
internal static class TeamShape
{
    public static Team Team(PlanMap m) => new(
        m.Value("id", "Short and stable.", Id(PlanEntity.Team), ""),
        m.Value("name", "What people call it.", Text, ""),
        m.Value("lead", "The id of the person who sees the members' figures.", Reference(PlanEntity.Person), ""),
        m.Values("members", "The ids of its people.", Reference(PlanEntity.Person), least: 1),
        m.Values("services", "The ids of the services whose tickets come to it; a team with none takes what no other team does.", Reference(PlanEntity.Service), least: 0));

    public static TicketPolicy Tickets(PlanMap m) => new(
        m.Optional("closesAfter", "A resolved ticket closes by itself after this much time; 7d where left out.", Duration, TicketPolicy.Usual.ClosesAfter),
        m.Optional("attachmentBytes", "The most bytes of an attachment; 10485760 (10 MiB) where left out.", Amount, TicketPolicy.Usual.AttachmentBytes),
        m.Values("attachmentTypes", "What may be attached, by the ends of file names without the dot; pictures, text, PDF, office files and zip where left out.", Text, least: 0) is { Count: > 0 } types ? types : TicketPolicy.Usual.AttachmentTypes);
}
