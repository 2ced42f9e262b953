using System.Collections.Frozen;
using Maintenance.Backups;
using Maintenance.Patches;
using Maintenance.Recovery;
using Maintenance.Rollouts;
using Maintenance.Workflows;

namespace Maintenance.Monitoring;

/// <summary>How long a workflow may stand still before it is stuck. Pure.</summary>
public static class WorkflowPatience
{
    /// <summary>
    /// A step: the most patient rule tries for half an hour. Nothing that a machine does is quiet for longer, but what <see cref="AtOneGo"/> says.
    /// </summary>
    public static readonly TimeSpan Step = TimeSpan.FromHours(2);

    /// <summary>
    /// A step of a backup and its like: most are pieces of minutes, but a database is read at one go, and the platform ends a step after six hours (functionTimeout
    /// in host.json).
    /// </summary>
    public static readonly TimeSpan AtOneGo = TimeSpan.FromHours(7);

    private static readonly FrozenSet<string> LongWork = FrozenSet.Create(
        StringComparer.Ordinal,
        BackupWorkflows.Backup.Name,
        BackupWorkflows.Prove.Name,
        BackupWorkflows.Restore.Name,
        BackupWorkflows.Verify.Name,
        BackupWorkflows.Prune.Name,
        BackupWorkflows.Copy.Name);

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
        _ when LongWork.Contains(workflow) => AtOneGo,
        _ => Step,
    };

    /// <summary>True where it has stood still for too long.</summary>
    public static bool IsStuck(WorkflowStatus workflow, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        return workflow.State == WorkflowState.Running && now - workflow.UpdatedAt > Of(workflow.Workflow, workflow.Status);
    }
}
