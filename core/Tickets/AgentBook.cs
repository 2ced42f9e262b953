using Maintenance.Storage;

namespace Maintenance.Tickets;

/// <summary>
/// Who has which tickets. A ticket is entered with a person before it says so itself, and crossed out after it no longer does; so the book never counts too few, and what
/// a crash left behind is seen, and crossed out, when the loads are read.
/// </summary>
public sealed class AgentBook(IRecordStore records, TimeProvider time)
{
    private const string Partition = "agents";

    /// <summary>An entry whose ticket does not say so may be on its way for this long.</summary>
    private static readonly TimeSpan Underway = TimeSpan.FromMinutes(1);

    /// <summary>What people have to do, as the book and the tickets say together.</summary>
    /// <param name="people">Whose.</param>
    /// <param name="find">Reads a ticket; null where there is none.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyDictionary<string, AgentPage>> ReadAsync(IEnumerable<string> people, Func<string, Task<Ticket?>> find, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(people);
        ArgumentNullException.ThrowIfNull(find);
        var pages = new Dictionary<string, AgentPage>(StringComparer.Ordinal);
        foreach (var person in people)
        {
            var stored = await records.FindAsync<AgentRecord>(Tables.Agents, Partition, person, cancellation);
            var open = 0;
            foreach (var entry in stored?.Value.Tickets ?? [])
            {
                if (time.GetUtcNow() - entry.Since < Underway || await find(entry.Ticket) is { IsOpen: true } ticket && ticket.Assignee == person)
                {
                    open++;
                }
                else
                {
                    // Unless it was entered anew since it was read.
                    await RemoveAsync(person, known => known == entry, cancellation);
                }
            }

            pages[person] = new AgentPage(new AgentLoad(open, stored?.Value.AssignedAt), stored?.Value.Count ?? 0);
        }

        return pages;
    }

    /// <summary>Enters a ticket, unless something was entered with the person since <paramref name="seen"/> was read.</summary>
    /// <returns>False where there was: look again whose turn it is.</returns>
    public async Task<bool> TryEnterAsync(string person, string ticket, AgentPage seen, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(seen);
        var isEntered = false;
        _ = await records.ChangeAsync<AgentRecord>(
            Tables.Agents,
            Partition,
            person,
            before =>
            {
                isEntered = (before?.Count ?? 0) == seen.Count;
                return isEntered ? Entered(before, ticket) : null;
            },
            cancellation);
        return isEntered;
    }

    /// <summary>Enters a ticket; one that is there already stays as it is.</summary>
    public Task EnterAsync(string person, string ticket, CancellationToken cancellation) =>
        records.ChangeAsync<AgentRecord>(
            Tables.Agents, Partition, person, before => before?.Tickets.Any(entry => entry.Ticket == ticket) == true ? null : Entered(before, ticket), cancellation);

    /// <summary>Crosses a ticket out.</summary>
    public Task RemoveAsync(string person, string ticket, CancellationToken cancellation) => RemoveAsync(person, entry => entry.Ticket == ticket, cancellation);

    private Task RemoveAsync(string person, Func<AgentEntry, bool> isIt, CancellationToken cancellation) =>
        records.ChangeAsync<AgentRecord>(
            Tables.Agents,
            Partition,
            person,
            before => before?.Tickets.Any(isIt) == true ? before with { Tickets = [.. before.Tickets.Where(entry => !isIt(entry))] } : null,
            cancellation);

    private AgentRecord Entered(AgentRecord? before, string ticket)
    {
        var now = time.GetUtcNow();
        return new AgentRecord([.. (before?.Tickets ?? []).Where(entry => entry.Ticket != ticket), new AgentEntry(ticket, now)], now, (before?.Count ?? 0) + 1);
    }

    private sealed record AgentRecord(IReadOnlyList<AgentEntry> Tickets, DateTimeOffset? AssignedAt, int Count);

    private sealed record AgentEntry(string Ticket, DateTimeOffset Since);
}

/// <summary>A person's page of the book.</summary>
/// <param name="Load">What they have to do.</param>
/// <param name="Count">So many tickets were ever entered: tells whether one was since.</param>
public sealed record AgentPage(AgentLoad Load, int Count);
