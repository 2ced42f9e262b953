using Maintenance.Plan;
using Maintenance.Storage;
using Maintenance.Tickets;

namespace Maintenance.Reports;

/// <summary>Keeps the fact of each ticket: written again whenever something happens to it, always from the ticket as it is now.</summary>
public sealed class TicketFactKeeper(IRecordStore records, ActivePlan plan, TimeProvider time) : ITicketFollower
{
    /// <inheritdoc/>
    public Task HearAsync(Ticket ticket, TicketEvent entry, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        return records.ChangeAsync<StoredFact>(
            Tables.TicketFacts,
            TicketFact.MonthOf(plan.Current, ticket.CreatedAt),
            ticket.Id,

            // Of two that hear at the same time, whoever has read the older ticket must not come last.
            before => before?.Events > ticket.Events ? null : new StoredFact(ticket.Events, TicketFact.Of(plan.Current, ticket, time.GetUtcNow())),
            cancellation);
    }

    /// <summary>A fact as it is stored.</summary>
    /// <param name="Events">So many events the ticket had.</param>
    /// <param name="Fact">The fact.</param>
    internal sealed record StoredFact(int Events, TicketFact Fact);
}

/// <summary>Reads reports.</summary>
public sealed class TicketReportService(IRecordStore records, TicketService tickets, AgentBook agents, ActivePlan plan, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    /// <summary>So long a page waits for what is being counted.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private KnownAttainment? _attainment;
    private Task<KnownAttainment>? _counting;

    /// <summary>How service levels were kept.</summary>
    /// <param name="from">The first month, such as <c>2026-01</c>.</param>
    /// <param name="to">The last one.</param>
    /// <param name="by">By what it is grouped.</param>
    /// <param name="filter">Which tickets count.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="FormatException">The months are none.</exception>
    public async Task<TicketReport> ReadAsync(string from, string to, ReportGrouping by, Func<TicketFact, bool> filter, CancellationToken cancellation) =>
        TicketReporting.Of(from, to, by, await FactsAsync(from, to, filter, cancellation), time.GetUtcNow());

    /// <summary>
    /// This month's attainment of resolution targets by service, from 0 to 1, for the overview, which is asked for again and again: what was counted last, a minute ago at
    /// most but for the time that counting takes. Of a month with very many tickets nothing is known until they have been counted once.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, double>> AttainmentAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var month = TicketFact.MonthOf(plan.Current, now);
        if (_attainment is { } known && known.Month == month && now - known.At < Fresh && now >= known.At)
        {
            return known.Shares;
        }

        Task<KnownAttainment> counting;
        lock (_gate)
        {
            _counting = counting = _counting is { IsCompleted: false } ? _counting : CountAsync(month, now);
        }

        try
        {
            return (await counting.WaitAsync(Patience, time, cancellation)).Shares;
        }
        catch (TimeoutException)
        {
            // It goes on, and whoever asks next has it.
            return _attainment is { } last && last.Month == month ? last.Shares : new Dictionary<string, double>();
        }
    }

    /// <summary>Not given up with the request that asked first: others wait for it too.</summary>
    private async Task<KnownAttainment> CountAsync(string month, DateTimeOffset now)
    {
        // Whoever starts it holds the lock.
        await Task.Yield();
        var report = await ReadAsync(month, month, ReportGrouping.Service, static fact => true, CancellationToken.None);
        var shares = report.Lines.Where(static line => line.Resolution.Share is not null).ToDictionary(static line => line.Key, static line => line.Resolution.Share!.Value, StringComparer.Ordinal);
        return _attainment = new KnownAttainment(now, month, shares);
    }

    /// <summary>A person's work.</summary>
    /// <param name="person">The id of a person of the plan.</param>
    /// <param name="from">The first month.</param>
    /// <param name="to">The last one.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="FormatException">The months are none.</exception>
    public async Task<PersonReport> ReadPersonAsync(string person, string from, string to, CancellationToken cancellation)
    {
        var facts = await FactsAsync(from, to, fact => fact.Assignee == person, cancellation);
        var page = (await agents.ReadAsync([person], async id => (await tickets.FindAsync(id, cancellation))?.Value, cancellation))[person];
        return new PersonReport(person, from, to, page.Load.Open, plan.Current.FindPerson(person)?.Capacity ?? 0, TicketReporting.Line(person, facts));
    }

    /// <summary>What became of the tickets opened in some months, by the id of the person who has them, or had them last.</summary>
    /// <param name="from">The first month.</param>
    /// <param name="to">The last one.</param>
    /// <param name="isMeant">Whose.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="FormatException">The months are none.</exception>
    public async Task<IReadOnlyDictionary<string, ReportLine>> ReadPeopleAsync(string from, string to, Func<string, bool> isMeant, CancellationToken cancellation)
    {
        var facts = await FactsAsync(from, to, fact => fact.Assignee is { } person && isMeant(person), cancellation);
        return facts.GroupBy(static fact => fact.Assignee!, StringComparer.Ordinal).ToDictionary(static group => group.Key, static group => TicketReporting.Line(group.Key, [.. group]), StringComparer.Ordinal);
    }

    /// <summary>True where somebody may see a person's figures: the person, and the leads of their teams; nobody else, whatever their role.</summary>
    public static bool MaySee(OperationsPlan plan, string viewer, string person)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return viewer == person || plan.Teams.Any(team => team.Lead == viewer && team.Members.Contains(person));
    }

    private async Task<IReadOnlyList<TicketFact>> FactsAsync(string from, string to, Func<TicketFact, bool> filter, CancellationToken cancellation)
    {
        var facts = new List<TicketFact>();
        foreach (var month in TicketReporting.Months(from, to))
        {
            await foreach (var row in records.ListAsync<TicketFactKeeper.StoredFact>(Tables.TicketFacts, month, RowRange.All, cancellation))
            {
                if (filter(row.Value.Fact))
                {
                    facts.Add(row.Value.Fact);
                }
            }
        }

        return facts;
    }

    private sealed record KnownAttainment(DateTimeOffset At, string Month, IReadOnlyDictionary<string, double> Shares);
}
