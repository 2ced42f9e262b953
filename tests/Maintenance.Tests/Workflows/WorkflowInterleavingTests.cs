using FsCheck;
using FsCheck.Fluent;
using Maintenance.Local.Workflows;
using Maintenance.Workflows;

namespace Maintenance.Tests.Workflows;

/// <summary>Workflows of random shape meet a world of random order; whatever history that makes, it replays to the letter.</summary>
public sealed class WorkflowInterleavingTests
{
    private static readonly Activity<string, int> Work = new("Work");

    private static readonly WorkflowCode Code = WorkflowCode.Of(new Workflow<int, string>("Random", async (context, seed) =>
        await PartAsync(context, new Random(seed), 3) + " " + context.NewGuid()));

    [Fact]
    public void Any_order_of_completions_gives_a_history_that_replays_identically()
    {
        Prop.ForAll((int shape, int world) =>
        {
            var history = Happen(shape, new Random(world));
            ReplaysIdentically(history);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    /// <summary>A program made from random numbers: it is deterministic, since the numbers are made from its input and drawn before anything is awaited.</summary>
    private static async Task<string> PartAsync(IWorkflowContext context, Random random, int depth)
    {
        // Drawn first: parallel parts must not take numbers from each other in the order of the world.
        var kind = depth == 0 ? random.Next(2) : random.Next(6);
        var parts = Enumerable.Range(0, 1 + random.Next(3)).Select(_ => new Random(random.Next())).ToList();
        var number = random.Next(3);
        switch (kind)
        {
            case 0:
                return $"{await TryAsync(context, $"{number}")}";
            case 1:
                return $"{await context.WaitForEventAsync($"event{number}", context.Now.AddMinutes(random.Next(60)))}";
            case 2:
                return string.Join('+', await Task.WhenAll(parts.Select(p => PartAsync(context, p, depth - 1))));
            case 3:
                return await await Task.WhenAny(parts.Select(p => PartAsync(context, p, depth - 1)));
            case 4:
                context.SetStatus($"{number} {context.NewGuid()}");
                await Task.Yield();
                return $"{await TryAsync(context, $"{context.Now:O}")}";
            default:
                var all = "";
                foreach (var part in parts)
                {
                    all += await PartAsync(context, part, depth - 1) + ";";
                }

                return all;
        }
    }

    private static async Task<string> TryAsync(IWorkflowContext context, string input)
    {
        try
        {
            return $"{await context.CallAsync(Work, input, RetryRule.None)}";
        }
        catch (WorkflowStepFailedException failure)
        {
            return failure.Reason;
        }
    }

    /// <summary>Lets open steps end in random order, with late deadlines and unasked events among them.</summary>
    private static List<WorkflowEvent> Happen(int shape, Random world)
    {
        var now = Story.Start;
        List<WorkflowEvent> history = [new WorkflowStarted(now, "Random", $"{shape}")];
        List<int> over = [];
        while (true)
        {
            var result = WorkflowEpisode.Run(Code, Story.InstanceId, history);
            history.AddRange(result.NewEvents);
            if (result.Outcome is not null)
            {
                return history;
            }

            // Sometimes two things happen before the next episode runs.
            List<WorkflowEvent> possible =
            [
                .. result.OpenActivities.Select<ActivityScheduled, WorkflowEvent>(a =>
                    world.Next(4) == 0 ? new ActivityFailed(now, a.Step, "no paper") : new ActivityCompleted(now, a.Step, $"{world.Next(100)}")),
                .. result.OpenWaits.Select(w => new DeadlineReached(now, w.Step)),
                .. over.Select(step => new DeadlineReached(now, step)).Take(1),
                new EventRaised(now, $"EVENT{world.Next(4)}"),
            ];
            foreach (var happened in possible.OrderBy(_ => world.Next()).Take(1 + world.Next(2)))
            {
                now = now.AddSeconds(world.Next(100));
                history.Add(happened with { At = now });
                if (happened is DeadlineReached reached)
                {
                    over.Add(reached.Step);
                }
            }
        }
    }

    private static void ReplaysIdentically(List<WorkflowEvent> history)
    {
        Assert.IsType<WorkflowCompleted>(history[^1]);
        var whole = WorkflowEpisode.Run(Code, Story.InstanceId, history[..^1]);
        Assert.Equal([history[^1]], whole.NewEvents);

        // What an episode over any prefix asks for is what the history says was asked for next.
        var asked = history.Where(e => !e.IsDelivered && e is not WorkflowStarted).ToList();
        for (var length = 1; length < history.Count; length++)
        {
            var prefix = history[..length];
            var result = WorkflowEpisode.Run(Code, Story.InstanceId, prefix);
            var known = prefix.Count(asked.Contains);
            Assert.Equal(asked.Skip(known).Take(result.NewEvents.Count), result.NewEvents);
        }
    }
}
