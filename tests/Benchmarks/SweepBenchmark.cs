using System.Diagnostics;
using System.Globalization;
using Maintenance.Local.Storage;
using Maintenance.Plan;
using Maintenance.Storage;
using Maintenance.Tickets;

namespace Maintenance.Benchmarks;

/// <summary>A sweep with nothing due, at 100 open tickets and at many, in turns.</summary>
internal static class SweepBenchmark
{
    private const int Few = 100;
    private const int Rounds = 400;

    public static async Task<int> RunAsync(int open)
    {
        using var workplace = new Workplace();
        await using var few = await Desk.OpenAsync(Path.Join(workplace.Folder, "few.db"), Few);
        var watch = Stopwatch.StartNew();
        await using var many = await Desk.OpenAsync(Path.Join(workplace.Folder, "many.db"), open);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"opened {open} tickets in {watch.Elapsed.TotalSeconds:0.0} s ({open / watch.Elapsed.TotalSeconds:0} a second)"));
        for (var round = 0; round < 100; round++)
        {
            _ = await few.SweepAsync();
            _ = await many.SweepAsync();
        }

        var (a, b) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            a.Add(await few.SweepAsync());
            b.Add(await many.SweepAsync());
        }

        a.Sort();
        b.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"sweep with nothing due: {a[Rounds / 2]:0.0} µs at {Few} open tickets, {b[Rounds / 2]:0.0} µs at {open}: ratio {b[Rounds / 2] / a[Rounds / 2]:0.00} (medians of {Rounds}, in turns)"));
        return b[Rounds / 2] / a[Rounds / 2] <= 1.5 ? 0 : 1;
    }

    private sealed class Desk : IAsyncDisposable
    {
        private readonly SqliteDatabase _database;
        private readonly TicketService _tickets;
        private readonly ActivePlan _plan;
        private readonly NumberSeries _numbers;

        private Desk(string file)
        {
            _database = SqliteDatabase.Open(file);
            var records = new SqliteRecordStore(_database);
            _plan = new ActivePlan(new PlanFileSource(Workplace.SamplePlan()), records, TimeProvider.System);
            _numbers = new NumberSeries(records);
            _tickets = new TicketService(records, new SqliteMessageQueue(_database, TimeProvider.System), _plan, _numbers, new AgentBook(records, TimeProvider.System), TimeProvider.System);
        }

        public static async Task<Desk> OpenAsync(string file, int open)
        {
            var desk = new Desk(file);
            var plan = (await desk._plan.RefreshAsync(default)).Plan;
            var kind = plan.Support.Feedback.Kinds[^1];
            await Parallel.ForAsync(0, open, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, cancellation) =>
                await desk._tickets.OpenAsync(
                    $"key-{i}",
                    new NewTicket(kind.Type, $"Ticket {i}", "A description of some length, as people write them.", null, kind.Impact, kind.Urgency, null, null, TimeProvider.System.GetUtcNow()),
                    cancellation));
            return desk;
        }

        /// <summary>One sweep; µs.</summary>
        public async Task<double> SweepAsync()
        {
            var start = Stopwatch.GetTimestamp();
            _ = await _tickets.SweepAsync(default);
            return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        public async ValueTask DisposeAsync()
        {
            _plan.Dispose();
            _numbers.Dispose();
            await _database.DisposeAsync();
        }
    }
}
