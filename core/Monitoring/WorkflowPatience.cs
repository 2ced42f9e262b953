using Maintenance.Patches;
using Maintenance.Recovery;
using Maintenance.Rollouts;
using Maintenance.Workflows;

namespace Maintenance.Monitoring;

/// <summary>How long a workflow may stand still before it is stuck. Pure.</summary>
public static class WorkflowPatience
{
    /// <summary>
    /// A step: the platform ends one after half an hour, and the most patient rule tries three times. Nothing that a machine does is quiet for longer; steps that work
    /// for long are cut into shorter ones.
    /// </summary>
    public static readonly TimeSpan Step = TimeSpan.FromHours(2);

    /// <summary>One that has not even said what it does was never begun by the engine.</summary>
    public static readonly TimeSpan Begin = TimeSpan.FromMinutes(30);

    /// <summary>A recovery wakes each hour to remind whom it waits for, and each day once all its steps are done; restores are its longest steps.</summary>
    public static readonly TimeSpan Recovery = TimeSpan.FromHours(25);

    /// <summary>How long it may stand still; null where it waits for people or a window, which may take weeks and is looked after by whoever owns the wait.</summary>
    /// <param name="workflow">The workflow's name.</param>
    /// <param name="status">What it says it is doing; null where it has said nothing yet.</param>
    public static TimeSpan? Of(string workflow, string? status) => (workflow, status) switch
    {
        (_, null) => Begin,
        (_, PatchWorkflows.WaitingForVotes) when workflow == PatchWorkflows.Approval.Name => null,
        (_, RolloutWorkflows.Waiting) when workflow == RolloutWorkflows.RollOut.Name => null,
        _ when workflow == RecoveryWorkflows.Recover.Name => Recovery,
        _ => Step,
    };

    /// <summary>True where it has stood still for too long.</summary>
    public static bool IsStuck(WorkflowStatus workflow, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        return workflow.State == WorkflowState.Running && now - workflow.UpdatedAt > Of(workflow.Workflow, workflow.Status);
    }
}
