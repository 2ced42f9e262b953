using System.Runtime.CompilerServices;
using Maintenance.Local.Workflows;
using Maintenance.Workflows;

namespace Maintenance.Tests.Workflows;

/// <summary>
/// Histories as earlier engines wrote them, kept as files: today's engine still reads them and comes to the recorded outcome, or refuses the one that the code
/// no longer fits. A file that no longer passes means that instances in the field would break: raise the journal's engine version, do not edit the file.
/// </summary>
public sealed class WorkflowHistoryFileTests
{
    private static readonly Activity<string, int> Prepare = new("Prepare");
    private static readonly Activity<int, string> Copy = new("Copy");
    private static readonly Activity<string, string> Finish = new("Finish");

    /// <summary>One of everything.</summary>
    private static readonly Workflow<string, string> Rehearsal = new("Rehearsal", async (context, plan) =>
    {
        context.SetStatus("preparing");
        var parts = await context.CallAsync(Prepare, plan, RetryRule.Quick);
        var copies = await Task.WhenAll(Enumerable.Range(1, parts).Select(n => context.CallAsync(Copy, n, RetryRule.None)));
        context.SetStatus("waiting for approval");
        var approved = await context.WaitForEventAsync("approved", context.Now.AddHours(1));
        await context.WaitForEventAsync("settled", context.Now.AddHours(2));
        try
        {
            return await context.CallAsync(Finish, $"{context.NewGuid()} {string.Join('+', copies)} {approved}", RetryRule.None);
        }
        catch (WorkflowStepFailedException failure)
        {
            return failure.Reason;
        }
    });

    public static TheoryData<string> Files => [.. Names()];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_kept_history_still_leads_to_its_outcome(string name)
    {
        var file = MaintenanceJson.Read<HistoryFile>(File.ReadAllText(Path.Combine(Folder(), name + ".json")));

        var result = WorkflowEpisode.Run(WorkflowCode.Of(Rehearsal), file.InstanceId, file.Events);

        Assert.Equal([.. file.NewEvents], result.NewEvents);
        Assert.Equal(file.Status, result.Status);
    }

    [Fact]
    public void There_are_histories()
    {
        Assert.Equal(["changed-code", "completed", "crashed-and-retried", "waiting"], Names());
    }

    private static IEnumerable<string> Names() => Directory.GetFiles(Folder(), "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Order();

    private static string Folder([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "Histories");

    private sealed record HistoryFile(string InstanceId, string Status, IReadOnlyList<WorkflowEvent> Events, IReadOnlyList<WorkflowEvent> NewEvents);
}
