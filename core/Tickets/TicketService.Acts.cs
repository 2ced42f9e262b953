using Maintenance.Storage;

namespace Maintenance.Tickets;

/// <summary>What people do to a ticket.</summary>
public sealed partial class TicketService
{
    /// <summary>Does an act.</summary>
    /// <param name="id">The ticket.</param>
    /// <param name="act">What is done.</param>
    /// <param name="actor">Who does it.</param>
    /// <param name="eTag">The version that the person saw, or null for whatever it is.</param>
    /// <param name="key">The same key from the same person is the same act, sent again; null where the sender has none.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The ticket afterwards; null where there is none.</returns>
    /// <exception cref="TicketRefusedException">They may not.</exception>
    /// <exception cref="TicketStateException">The state of the ticket does not allow it.</exception>
    /// <exception cref="TicketActException">The act says something that is not so.</exception>
    /// <exception cref="RecordConflictException">It was changed since the person saw it.</exception>
    public async Task<Versioned<Ticket>?> ActAsync(string id, TicketAct act, TicketActor actor, string? eTag, string? key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(act);
        ArgumentNullException.ThrowIfNull(actor);
        if (act is TicketAct.Link link && await FindAsync(link.Ticket, cancellation) is null)
        {
            throw new TicketActException("ticket", $"There is no ticket '{(link.Ticket.Length > 20 ? link.Ticket[..20] : link.Ticket)}'.");
        }

        key = key is null ? null : $"{actor.Id}\n{key}";
        return act is TicketAct.Assign { To: null } assign
            ? await AssignAsync(id, assign, actor, eTag, key, cancellation)
            : await ChangeAsync(id, eTag, key, ticket => TicketRules.Apply(plan.Current, ticket, act, actor, time.GetUtcNow()), cancellation);
    }

    /// <summary>
    /// The same for somebody who looks at a page: what the system did to the ticket since they saw it (it has assigned it, a clock's mark has fired) is no reason to
    /// refuse what they do; what another person did is.
    /// </summary>
    /// <param name="id">The ticket.</param>
    /// <param name="act">What is done.</param>
    /// <param name="actor">Who does it.</param>
    /// <param name="eTag">The version that they saw.</param>
    /// <param name="events">How many events it had then.</param>
    /// <param name="key">The same key from the same person is the same act, sent again; null where the sender has none.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The ticket afterwards; null where there is none.</returns>
    /// <exception cref="RecordConflictException">A person has changed it since they saw it.</exception>
    public async Task<Versioned<Ticket>?> ActAsSeenAsync(string id, TicketAct act, TicketActor actor, string eTag, int events, string? key, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ActAsync(id, act, actor, eTag, key, cancellation);
            }
            catch (RecordConflictException) when (attempt < 10)
            {
                if (await ReadAsync(id, cancellation) is not { Value: { History: { } history } } now
                    || history.Any(entry => entry.Number > events && entry.By != TicketActor.System.Id))
                {
                    throw;
                }

                eTag = now.ETag;
            }
        }
    }

    /// <summary>Answers the requester; see <see cref="ActAsync"/>.</summary>
    public Task<Versioned<Ticket>?> RespondAsync(string id, string by, string text, string? eTag, string? key, CancellationToken cancellation) =>
        ActAsync(id, new TicketAct.Respond(text), new TicketActor(by, true), eTag, key, cancellation);

    /// <summary>Solves it; see <see cref="ActAsync"/>.</summary>
    public Task<Versioned<Ticket>?> ResolveAsync(string id, string by, string text, string? eTag, string? key, CancellationToken cancellation) =>
        ActAsync(id, new TicketAct.Resolve(text), new TicketActor(by, true), eTag, key, cancellation);
}
