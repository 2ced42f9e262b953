using Maintenance.Local.Workflows;
using Maintenance.Workflows;

namespace Maintenance.Tests.Workflows;

/// <summary>
/// A workflow with everything in it: steps in a row, a fan-out, a step that fails at first, an event and a deadline. Its result does not depend on when things
/// happen; so whatever cuts it off, it comes to the same one.
/// </summary>
internal static class Rehearsal
{
    public const string Id = "drill";

    public const string Result = "\"3 parts, 1+2+3, checked, approved True, settled False, done\"";

    private static readonly Activity<string, int> Prepare = new("Prepare");
    private static readonly Activity<int, int> Copy = new("Copy");
    private static readonly Activity<string, string> Check = new("Check");
    private static readonly Activity<string, string> Finish = new("Finish");

    public static Workflow<string, string> Workflow { get; } = new("Rehearsal", async (context, plan) =>
    {
        var parts = await context.CallAsync(Prepare, plan, RetryRule.None);
        context.SetStatus("copying");
        var copies = await Task.WhenAll(Enumerable.Range(1, parts).Select(n => context.CallAsync(Copy, n, RetryRule.None)));
        var check = await context.CallAsync(Check, plan, RetryRule.Quick);
        context.SetStatus("waiting for approval");
        var approved = await context.WaitForEventAsync("approved", context.Now.AddDays(1));
        var settled = await context.WaitForEventAsync("settled", context.Now.AddMinutes(30));
        return $"{parts} parts, {string.Join('+', copies)}, {check}, approved {approved}, settled {settled}, {await context.CallAsync(Finish, plan, RetryRule.None)}";
    });

    /// <summary>Registers the workflow and its activities, which note what they are called for.</summary>
    public static void Register(EngineBench bench, List<string> calls)
    {
        bench.ForgetTheProgram();
        bench.Workflows.Add(Workflow);
        bench.Activities
            .Add(Prepare, (plan, _) => Note(calls, $"Prepare \"{plan}\"", 3))
            .Add(Copy, (n, _) => Note(calls, $"Copy {n}", n))
            .Add(Check, (plan, _) => Note(calls, $"Check \"{plan}\"", 0) is var _ && calls.Count(c => c.StartsWith("Check", StringComparison.Ordinal)) < 2
                ? throw new IOException("not yet")
                : Task.FromResult("checked"))
            .Add(Finish, (plan, _) => Note(calls, $"Finish \"{plan}\"", "done"));
    }

    /// <summary>Drives an instance to its end: raises the approval unless the history has it, and lets time pass.</summary>
    public static async Task<string?> DriveAsync(EngineBench bench, WorkflowEngine engine)
    {
        await engine.StartAsync(Workflow, Id, "nightly", default);
        if (!(await bench.HistoryAsync(Id)).OfType<EventRaised>().Any())
        {
            await engine.RaiseAsync(Id, "approved", default);
        }

        for (var minutes = 0; minutes < 120; minutes += 5)
        {
            await engine.WaitUntilIdleAsync();
            var status = await engine.GetAsync(Id, default);
            if (status!.State != WorkflowState.Running)
            {
                return status.Output ?? status.Error;
            }

            bench.Clock.Advance(TimeSpan.FromMinutes(5));
        }

        return "It does not end.";
    }

    /// <summary>What of a history is done and must not be called again: <c>Copy 2</c>.</summary>
    public static IEnumerable<string> Done(IReadOnlyList<WorkflowEvent> history) =>
        from completed in history.OfType<ActivityCompleted>()
        join scheduled in history.OfType<ActivityScheduled>() on completed.Step equals scheduled.Step
        select $"{scheduled.Activity} {scheduled.Input}";

    private static Task<T> Note<T>(List<string> calls, string call, T result)
    {
        lock (calls)
        {
            calls.Add(call);
        }

        return Task.FromResult(result);
    }
}
