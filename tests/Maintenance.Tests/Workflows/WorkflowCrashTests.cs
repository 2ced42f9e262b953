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

    /// <summary>Runs an engine that ends abruptly with a write.</summary>
    /// <returns>False when the workflow came to its end before.</returns>
    private static async Task<bool> LiveAsync(EngineBench bench, List<string> calls, int writes)
    {
        Rehearsal.Register(bench, calls);
        var journal = new CutJournal(bench.Journal, writes);
        var engine = await bench.StartEngineAsync(journal);
        var drive = Rehearsal.DriveAsync(bench, engine);
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
