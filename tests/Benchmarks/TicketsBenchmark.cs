using System.Diagnostics;
using System.Globalization;
using Maintenance.Local.Storage;
using Maintenance.Plan;
using Maintenance.Reports;
using Maintenance.Storage;
using Maintenance.Tickets;
using Maintenance.Tickets.Search;

namespace Maintenance.Benchmarks;

/// <summary>
/// A help desk with many open tickets on SQLite: what a sweep with nothing due, opening, filtering, searching and listing take, beside a small one. The tickets are written
/// through the record store as the services would have written them, in large batches; the rows are theirs to the byte but for the lists of who has which.
/// </summary>
internal static class TicketsBenchmark
{
    private const int Few = 10_000;
    private const int Rounds = 300;
    private const int Page = 50;

    public static async Task<int> RunAsync(int open)
    {
        using var workplace = new Workplace();
        await using var few = await TicketDesk.FillAsync(Path.Join(workplace.Folder, "few.db"), Few);
        await using var many = await TicketDesk.FillAsync(Path.Join(workplace.Folder, "many.db"), open);
        GC.Collect();
        var before = Process.GetCurrentProcess().WorkingSet64;
        Console.WriteLine(FormattableString.Invariant($"| what | median at {Few:N0} | p99 | median at {open:N0} | p99 |"));
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        var isGood = true;
        foreach (var (what, limit, act) in new (string, double, Func<TicketDesk, int, Task>)[]
        {
            ("sweep with nothing due", 5, static (desk, _) => desk.Tickets.SweepAsync(default)),
            ("open one", 50, static (desk, round) => desk.OpenAsync(round)),
            ("index it (asynchronous)", double.MaxValue, static (desk, round) => desk.IndexAsync(round)),
            ("list the open ones, due first: first page", 50, static async (desk, _) => await desk.Tickets.ListOpenAsync(default).Take(Page).ToListAsync()),
            ("filter: service and nobody has it", 50, static (desk, _) => desk.FindAsync(new() { Service = desk.Plan.Services[0].Id, Assignee = "" })),
            ("filter: rare tag and state", 50, static (desk, _) => desk.FindAsync(new() { Tag = "rare", State = TicketState.New })),
            ("search: two words, both common", 50, static (desk, round) => desk.FindAsync(new() { Text = $"word{round % 8} word{8 + (round % 8)}" })),
            ("search: two words, one rare", 50, static (desk, round) => desk.FindAsync(new() { Text = $"word{round % 8} word{4000 + round}" })),
            ("search: two words and a facet", 50, static (desk, round) => desk.FindAsync(new() { Text = $"word{round % 8} word{100 + (round % 50)}", Priority = desk.Plan.Priorities.Of(desk.Plan.Priorities.Impacts[^1].Id, desk.Plan.Priorities.Urgencies[^1].Id) })),
        })
        {
            var (small, large) = (new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                small.Add(await TimeAsync(few, round));
                large.Add(await TimeAsync(many, round));
            }

            async Task<double> TimeAsync(TicketDesk desk, int round)
            {
                var start = Stopwatch.GetTimestamp();
                await act(desk, round);
                return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }

            small.Sort();
            large.Sort();
            isGood &= large[Rounds * 99 / 100] < limit;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {small[Rounds / 2]:0.00} ms | {small[Rounds * 99 / 100]:0.0} ms | {large[Rounds / 2]:0.00} ms | {large[Rounds * 99 / 100]:0.0} ms |"));
        }

        GC.Collect();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"memory: {before / 1048576.0:0} MiB after filling, {Process.GetCurrentProcess().WorkingSet64 / 1048576.0:0} MiB after measuring; managed heap {GC.GetTotalMemory(forceFullCollection: true) / 1048576.0:0.0} MiB; files {workplace.Folder}: {new DirectoryInfo(workplace.Folder).EnumerateFiles().Sum(static file => file.Length) / 1048576.0:0} MiB"));
        return isGood ? 0 : 1;
    }

    /// <summary>Time stands: nothing falls due while the tickets are written.</summary>
    internal sealed class StillTime(DateTimeOffset? now = null) : TimeProvider
    {
        private readonly DateTimeOffset _now = now ?? new(2026, 11, 17, 10, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now;
    }
}

/// <summary>A help desk on a file of its own.</summary>
internal sealed class TicketDesk : IAsyncDisposable
{
    private const int Block = 10_000;
    private const int Words = 5000;

    private readonly SqliteDatabase _database;
    private readonly SqliteRecordStore _records;
    private readonly ActivePlan _plan;
    private readonly NumberSeries _numbers;
    private readonly TicketIndexer _indexer;
    private readonly TicketSearch _search;
    private readonly List<Ticket> _opened = [];
    private readonly TimeProvider _time;

    private TicketDesk(string file, DateTimeOffset? now)
    {
        _time = new TicketsBenchmark.StillTime(now);
        _database = SqliteDatabase.Open(file);
        _records = new SqliteRecordStore(_database);
        _plan = new ActivePlan(new PlanFileSource(Workplace.SamplePlan()), _records, _time);
        _numbers = new NumberSeries(_records);
        Tickets = new TicketService(_records, new SqliteMessageQueue(_database, _time), _plan, _numbers, new AgentBook(_records, _time), _time);
        _indexer = new TicketIndexer(_records, Tickets);
        _search = new TicketSearch(_records, Tickets, _indexer, _numbers);
    }

    public TicketService Tickets { get; }

    public OperationsPlan Plan => _plan.Current;

    /// <param name="file">The database.</param>
    /// <param name="open">So many tickets.</param>
    /// <param name="now">When they were opened, within the hour before; null for a fixed instant.</param>
    public static async Task<TicketDesk> FillAsync(string file, int open, DateTimeOffset? now = null)
    {
        var desk = new TicketDesk(file, now);
        _ = await desk._plan.RefreshAsync(default);

        // The first sweep of a new installation notes by which plan its clocks are timed.
        _ = await desk.Tickets.SweepAsync(default);
        var watch = Stopwatch.StartNew();
        for (var from = 0; from < open; from += Block)
        {
            await desk.WriteAsync(1001 + from, Math.Min(Block, open - from));
            if (from % (20 * Block) == 0)
            {
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{from + Block} of {open} written, {watch.Elapsed.TotalSeconds:0} s"));
            }
        }

        await desk._records.WriteAsync("numbers", "tickets", RecordWrite.Put("next", $$"""{"number":{{1001 + open}}}"""), default);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{open} open tickets written in {watch.Elapsed.TotalSeconds:0} s"));
        return desk;
    }

    public async Task OpenAsync(int round) => _opened.Add(await Tickets.OpenAsync($"measured-{round}", Request(new Random(round)), default));

    public async Task IndexAsync(int round)
    {
        var ticket = (await Tickets.ReadAsync(_opened[round].Id, default))!.Value;
        await _indexer.HearAsync(ticket, ticket.History![^1], default);
    }

    public Task FindAsync(TicketQuery query) => _search.FindAsync(query, isStaff: true, null, 50, default);

    public async ValueTask DisposeAsync()
    {
        _indexer.Dispose();
        _plan.Dispose();
        _numbers.Dispose();
        await _database.DisposeAsync();
    }

    private async Task WriteAsync(int first, int count)
    {
        var tickets = new (Ticket Ticket, TicketEvent Event)[count];
        Parallel.For(0, count, i => tickets[i] = Make(first + i));
        var index = new List<RecordWrite>();
        var lists = new Dictionary<string, List<RecordWrite>>(StringComparer.Ordinal);
        var claims = new List<RecordWrite>();
        var facts = new List<RecordWrite>();
        var own = new List<(string Table, string Partition, IReadOnlyList<RecordWrite> Writes)>();
        foreach (var (ticket, entry) in tickets)
        {
            index.AddRange(TicketIndex.Before(Plan, ticket, [], _time.GetUtcNow()));
            var number = TicketTerms.NumberOf(ticket);
            facts.Add(RecordWrite.Put(ticket.Id, MaintenanceJson.Write(new TicketFactKeeper.StoredFact(1, TicketFact.Of(Plan, ticket, _time.GetUtcNow())))));
            index.Add(RecordWrite.Put(TicketIndex.IdKey(number), MaintenanceJson.Write(new TicketIndex.Pointer(ticket.Id))));
            claims.Add(RecordWrite.Put("claim_" + RecordKeys.Encode($"filled-{number}"), $$"""{"number":{{number}}}"""));
            own.Add((Tables.Tickets, ticket.Id, [RecordWrite.Put("ticket", MaintenanceJson.Write(ticket)), RecordWrite.Put(TicketIndex.EventKey(1), MaintenanceJson.Write(entry))]));
            var terms = TicketTerms.Of(ticket with { History = [entry] });
            own.Add((Tables.TicketTerms, TicketTerms.IndexedOf(ticket.Id), [RecordWrite.Put("terms", MaintenanceJson.Write(new TicketIndexer.IndexedTerms(1, [.. terms], [])))]));
            foreach (var term in terms)
            {
                if (!lists.TryGetValue(term, out var list))
                {
                    lists[term] = list = [];
                }

                list.Add(RecordWrite.Put(TicketTerms.RowOf(number), """{"events":1}"""));
            }
        }

        var batches = own
            .Concat(index.Chunk(IRecordStore.MaxBatch).Select(static chunk => (Tables.TicketIndex, TicketIndex.Partition, (IReadOnlyList<RecordWrite>)chunk)))
            .Concat(facts.Chunk(IRecordStore.MaxBatch).Select(chunk => (Tables.TicketFacts, TicketFact.MonthOf(Plan, _time.GetUtcNow()), (IReadOnlyList<RecordWrite>)chunk)))
            .Concat(claims.Chunk(IRecordStore.MaxBatch).Select(static chunk => (Tables.Numbers, TicketIndex.Partition, (IReadOnlyList<RecordWrite>)chunk)))
            .Concat(lists.SelectMany(static list => list.Value.Chunk(IRecordStore.MaxBatch).Select(chunk => (Tables.TicketTerms, TicketTerms.ListOf(list.Key), (IReadOnlyList<RecordWrite>)chunk))));
        await Parallel.ForEachAsync(batches, new ParallelOptions { MaxDegreeOfParallelism = 512 }, async (batch, stop) => _ = await _records.WriteAsync(batch.Item1, batch.Item2, batch.Item3, stop));
    }

    private (Ticket Ticket, TicketEvent Event) Make(int number)
    {
        var random = new Random(unchecked(number * (int)2654435761));
        var change = TicketRules.Open(Plan, "T-" + number.ToString(CultureInfo.InvariantCulture), Request(random));
        var staff = Plan.InRole(Roles.Support).ToList();
        var assignee = random.Next(5) < 2 ? staff[random.Next(staff.Count)].Id : null;
        return (change.Ticket with { Assignee = assignee, State = assignee is null ? TicketState.New : TicketState.Assigned }, change.Events[0]);
    }

    private NewTicket Request(Random random)
    {
        // The least urgent of all, asked within the last hour: nothing of it is due.
        var priorities = Plan.Priorities;
        return new NewTicket(
            (TicketType)random.Next(6), Text(random, 4), Text(random, 10) + ".", Plan.Services[random.Next(Plan.Services.Count)].Id, priorities.Impacts[^1].Id, priorities.Urgencies[^1].Id, null, null,
            _time.GetUtcNow() - TimeSpan.FromSeconds(random.Next(3600)))
        {
            Tags = random.Next(500) == 0 ? ["rare", "common"] : ["common"],
        };
    }

    /// <summary>Words, of which the first are common and the last rare, as in any language.</summary>
    private static string Text(Random random, int words) => string.Join(' ', Enumerable.Range(0, words).Select(_ => "word" + (int)(Words * Math.Pow(random.NextDouble(), 3))));
}
