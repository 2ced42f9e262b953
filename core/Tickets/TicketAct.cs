using System.Text.Json.Serialization;
using Maintenance.ServiceLevels;

namespace Maintenance.Tickets;

/// <summary>Something that a person does to a ticket. In JSON the member <c>act</c> says which: <c>{ "act": "wait", "for": "supplier", "reason": "Ordered." }</c>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "act")]
[JsonDerivedType(typeof(Triage), "triage")]
[JsonDerivedType(typeof(Assign), "assign")]
[JsonDerivedType(typeof(Start), "start")]
[JsonDerivedType(typeof(Wait), "wait")]
[JsonDerivedType(typeof(Resume), "resume")]
[JsonDerivedType(typeof(Respond), "respond")]
[JsonDerivedType(typeof(Comment), "comment")]
[JsonDerivedType(typeof(Resolve), "resolve")]
[JsonDerivedType(typeof(Close), "close")]
[JsonDerivedType(typeof(Reopen), "reopen")]
[JsonDerivedType(typeof(Edit), "edit")]
[JsonDerivedType(typeof(Link), "link")]
[JsonDerivedType(typeof(Unlink), "unlink")]
[JsonDerivedType(typeof(LinkArticle), "linkArticle")]
[JsonDerivedType(typeof(UnlinkArticle), "unlinkArticle")]
[JsonDerivedType(typeof(Watch), "watch")]
[JsonDerivedType(typeof(Unwatch), "unwatch")]
[JsonDerivedType(typeof(Acknowledge), "acknowledge")]
public abstract record TicketAct
{
    private TicketAct()
    {
    }

    /// <summary>Says what it is and whose: what is null stays as it is. A new ticket is triaged by it.</summary>
    /// <param name="Type">What it is.</param>
    /// <param name="Maintenance">What kind of maintenance it is.</param>
    /// <param name="Impact">How many are affected: with the urgency it makes the priority.</param>
    /// <param name="Urgency">How soon it hurts.</param>
    /// <param name="Service">The id of the service; an empty text for none.</param>
    /// <param name="Team">The id of the team; an empty text for that of the service.</param>
    /// <param name="Skills">What whoever works on it must know.</param>
    /// <param name="Reason">Why; needed where the priority of a triaged ticket changes.</param>
    public sealed record Triage(
        TicketType? Type = null, MaintenanceType? Maintenance = null, string? Impact = null, string? Urgency = null, string? Service = null, string? Team = null,
        IReadOnlyList<string>? Skills = null, string? Reason = null) : TicketAct;

    /// <summary>Gives it to somebody.</summary>
    /// <param name="To">The id of a person; <c>queue</c> for nobody, so that it waits in its team's queue; null for whom the rules choose.</param>
    /// <param name="Reason">Why, for whoever gets it.</param>
    public sealed record Assign(string? To = null, string? Reason = null) : TicketAct;

    /// <summary>Begins to work on it; whoever begins has it.</summary>
    public sealed record Start : TicketAct;

    /// <summary>Waits for somebody.</summary>
    /// <param name="For">For whom.</param>
    /// <param name="Reason">What for.</param>
    public sealed record Wait(WaitingFor For, string Reason) : TicketAct;

    /// <summary>Waits no longer.</summary>
    /// <param name="Reason">What has come, where that helps.</param>
    public sealed record Resume(string? Reason = null) : TicketAct;

    /// <summary>Answers the requester. The first answer ends the response clock.</summary>
    /// <param name="Text">What they are told.</param>
    public sealed record Respond(string Text) : TicketAct;

    /// <summary>Says something.</summary>
    /// <param name="Text">What.</param>
    /// <param name="IsPublic">True where the requester may read it; then it is an answer, where staff says it.</param>
    public sealed record Comment(string Text, bool IsPublic = false) : TicketAct;

    /// <summary>Solves it.</summary>
    /// <param name="Text">What the requester is told.</param>
    /// <param name="As">How it was solved.</param>
    public sealed record Resolve(string Text, TicketResolution As = TicketResolution.Solved) : TicketAct;

    /// <summary>Closes a resolved ticket.</summary>
    /// <param name="Reason">Why, where that is not plain.</param>
    public sealed record Close(string? Reason = null) : TicketAct;

    /// <summary>It was not solved after all.</summary>
    /// <param name="Reason">What is still wrong.</param>
    public sealed record Reopen(string Reason) : TicketAct;

    /// <summary>Changes what it says: what is null stays as it is.</summary>
    /// <param name="Title">One line.</param>
    /// <param name="Description">What was said.</param>
    /// <param name="Tags">All of its tags.</param>
    public sealed record Edit(string? Title = null, string? Description = null, IReadOnlyList<string>? Tags = null) : TicketAct;

    /// <summary>Says what it has to do with another one.</summary>
    /// <param name="Kind">What.</param>
    /// <param name="Ticket">The id of the other one.</param>
    public sealed record Link(TicketLinkKind Kind, string Ticket) : TicketAct;

    /// <summary>Takes that back.</summary>
    /// <param name="Kind">What.</param>
    /// <param name="Ticket">The id of the other one.</param>
    public sealed record Unlink(TicketLinkKind Kind, string Ticket) : TicketAct;

    /// <summary>Says that a document helped to solve it.</summary>
    /// <param name="Article">The id of the document.</param>
    public sealed record LinkArticle(string Article) : TicketAct;

    /// <summary>Takes that back.</summary>
    /// <param name="Article">The id of the document.</param>
    public sealed record UnlinkArticle(string Article) : TicketAct;

    /// <summary>Lets somebody hear of it.</summary>
    /// <param name="Person">The id of a person; null for whoever does it.</param>
    public sealed record Watch(string? Person = null) : TicketAct;

    /// <summary>Lets somebody hear of it no longer.</summary>
    /// <param name="Person">The id of a person; null for whoever does it.</param>
    public sealed record Unwatch(string? Person = null) : TicketAct;

    /// <summary>Sees to a target that is about to be missed, or was: its chain goes on, but repeats nothing.</summary>
    /// <param name="Target">Which; null for every one that is not reached.</param>
    public sealed record Acknowledge(ServiceTarget? Target = null) : TicketAct;
}

/// <summary>Who does something to a ticket.</summary>
/// <param name="Id">The id of a person, <c>requester</c> for somebody outside, or <c>system</c>.</param>
/// <param name="IsStaff">True for support and administrators.</param>
public sealed record TicketActor(string Id, bool IsStaff)
{
    /// <summary>The system itself.</summary>
    public static TicketActor System { get; } = new("system", true);

    /// <summary>Whoever asked, from outside: what they do was let in by the code that they have.</summary>
    public static TicketActor Requester { get; } = new("requester", false);
}

/// <summary>The ticket's state does not allow it.</summary>
public sealed class TicketStateException(string message) : Exception(message);

/// <summary>What was asked for cannot be: a field says something that is not so.</summary>
/// <param name="field">The member of the act.</param>
/// <param name="message">What is wrong, and what would be right.</param>
public sealed class TicketActException(string field, string message) : Exception(message)
{
    /// <summary>The member of the act.</summary>
    public string Field { get; } = field;
}

/// <summary>Whoever asks may not do that.</summary>
public sealed class TicketRefusedException(string message) : Exception(message);
