using Maintenance.Local.Workflows;

namespace Maintenance.Tests.Workflows;

/// <summary>The process ends with each write to the journal in turn, and what is then left is enough.</summary>
public sealed class WorkflowCrashTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Cut_off_after_any_write_it_comes_to_the_same_end_and_repeats_nothing_that_was_done(int writesOfTheSecondLife)
    {
        var writes = 0;
        var isCut = true;
        while (isCut)
        {
            writes++;
            await using var bench = new EngineBench();
            var calls = new List<string>();
            isCut = await LiveAsync(bench, calls, writes);
            if (isCut && writesOfTheSecondLife > 0)
            {
                await LiveAsync(bench, calls, writesOfTheSecondLife);
            }

            await LastLifeAsync(bench, calls, $"after {writes} and {writesOfTheSecondLife} writes");
        }

        // One write each: creation, approval, the first step asked for, seven attempts begun and ended, the deadline.
        Assert.Equal(18, writes - 1);
    }

    [Fact]
    public async Task From_every_prefix_of_a_history_it_comes_to_the_same_end_and_repeats_nothing_that_was_done()
    {
        var history = await WholeHistoryAsync();
        Assert.Equal(Rehearsal.Result, ((WorkflowCompleted)history[^1]).Output);

        for (var length = 1; length <= history.Count; length++)
        {
            await using var bench = new EngineBench();
            bench.Clock.Advance(history[length - 1].At - bench.Clock.GetUtcNow());
            await bench.Journal.CreateAsync(Rehearsal.Id, (WorkflowStarted)history[0], default);
            foreach (var happened in history.Take(length).Skip(1).Select((e, i) => (Event: e, Seq: i + 1)))
            {
                await bench.Journal.AppendAsync(Rehearsal.Id, happened.Seq, [happened.Event], null, happened.Event.At, default);
            }

            await LastLifeAsync(bench, [], $"from {length} events");
        }
    }

    /// <summary>As often as it takes, the process ends with some write; which one, a seed says.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_scheduler_cut_off_at_random_again_and_again_comes_to_the_same_end_and_repeats_no_step_that_was_done(int part)
    {
        var cuts = 0;
        for (var seed = part * 50; seed < (part + 1) * 50; seed++)
        {
            var random = new Random(seed);
            await using var bench = new EngineBench();
            var recovering = new Recovering();

            // Two lives end: a third crash would rightly fail a step for good.
            for (var life = 0; life < 2; life++)
            {
                recovering.Register(bench);
                cuts += await EndsAsync(bench, new CutJournal(bench.Journal, 1 + random.Next(24)), Recovering.DriveAsync) ? 1 : 0;
                recovering.Know((await bench.Journal.LoadAsync(Recovering.Id, default))?.History ?? []);
            }

            recovering.Register(bench);
            var result = await Recovering.DriveAsync(bench, await bench.StartEngineAsync());

            Assert.True(result == Recovering.Result, $"seed {seed}: {result}");
            Assert.True(recovering.Broken.Count == 0, $"seed {seed}: {string.Join(", ", recovering.Broken)}");
        }

        Assert.InRange(cuts, 50, 100);
    }

    /// <summary>Runs an engine that ends abruptly with a write.</summary>
    /// <returns>False when the workflow came to its end before.</returns>
    private static async Task<bool> LiveAsync(EngineBench bench, List<string> calls, int writes)
    {
        Rehearsal.Register(bench, calls);
        return await EndsAsync(bench, new CutJournal(bench.Journal, writes), Rehearsal.DriveAsync);
    }

    private static async Task<bool> EndsAsync(EngineBench bench, CutJournal journal, Func<EngineBench, WorkflowEngine, Task<string?>> driveAsync)
    {
        var engine = await bench.StartEngineAsync(journal);
        var drive = driveAsync(bench, engine);
        await Task.WhenAny(drive, journal.Cut);
        await engine.DisposeAsync();
        try
        {
            await drive;
        }
        catch (ProcessEndedException)
        {
            // What the driver asked of the engine met the end of the process.
        }

        return journal.Cut.IsCompleted;
    }

    /// <summary>Runs an engine that lives on, and checks that it finishes the work and does none of it again.</summary>
    private static async Task LastLifeAsync(EngineBench bench, List<string> calls, string when)
    {
        var before = await bench.Journal.LoadAsync(Rehearsal.Id, default);
        HashSet<string> done = [.. Rehearsal.Done(before?.History ?? [])];
        var earlier = calls.Count;
        Rehearsal.Register(bench, calls);
        var engine = await bench.StartEngineAsync();

        var result = await Rehearsal.DriveAsync(bench, engine);

        Assert.True(result == Rehearsal.Result, $"{when}: {result}");
        var again = calls.Skip(earlier).Where(done.Contains).ToList();
        Assert.True(again.Count == 0, $"{when}, done again: {string.Join(", ", again)}");
        var history = await bench.HistoryAsync(Rehearsal.Id);
        var results = history.OfType<ActivityCompleted>().Select(e => e.Step).ToList();
        Assert.True(results.Distinct().Count() == results.Count, $"{when}, a step has two results");
        Assert.Single(history.OfType<EventRaised>());
    }

    private static async Task<IReadOnlyList<WorkflowEvent>> WholeHistoryAsync()
    {
        await using var bench = new EngineBench();
        Rehearsal.Register(bench, []);
        await Rehearsal.DriveAsync(bench, await bench.StartEngineAsync());
        return await bench.HistoryAsync(Rehearsal.Id);
    }
}
