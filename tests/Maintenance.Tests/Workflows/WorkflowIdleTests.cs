using Maintenance.Local.Workflows;
using Maintenance.Workflows;

namespace Maintenance.Tests.Workflows;

/// <summary>Instances that wait cost nothing: no query, no write.</summary>
public sealed class WorkflowIdleTests
{
    private static readonly Workflow<TimeSpan, bool> Wait = new("Wait", (context, time) => context.WaitForEventAsync("go", context.Now + time));

    [Fact]
    public async Task While_nothing_is_due_the_journal_is_left_alone_and_so_it_is_by_those_who_ask_for_a_running_instance_s_start()
    {
        await using var bench = new EngineBench();
        bench.Workflows.Add(Wait);
        var journal = new CountingJournal(bench.Journal);
        var engine = await bench.StartEngineAsync(journal);
        for (var i = 0; i < 50; i++)
        {
            Assert.True(await engine.StartAsync(Wait, $"w{i}", TimeSpan.FromHours(i == 0 ? 9 : 72), default));
        }

        await engine.WaitUntilIdleAsync();
        var before = journal.Calls;

        await bench.PassAsync(engine, TimeSpan.FromHours(8), TimeSpan.FromMinutes(10));
        Assert.False(await engine.StartAsync(Wait, "w7", TimeSpan.Zero, default));
        Assert.Equal(before, journal.Calls);

        // The one that is due, and nobody else: its deadline and its end are one write.
        await bench.PassAsync(engine, TimeSpan.FromHours(1), TimeSpan.FromMinutes(10));
        Assert.Equal(before + 1, journal.Calls);
        Assert.Equal("false", (await engine.GetAsync("w0", default))!.Output);
    }

    private sealed class CountingJournal(IWorkflowJournal inner) : FaultyJournal(inner)
    {
        private int _calls;

        public int Calls => _calls;

        protected override Task<T> WriteAsync<T>(Func<Task<T>> write, Func<T, bool> isWritten)
        {
            Interlocked.Increment(ref _calls);
            return write();
        }

        protected override Task<T> ReadAsync<T>(Func<Task<T>> read)
        {
            Interlocked.Increment(ref _calls);
            return read();
        }
    }
}
