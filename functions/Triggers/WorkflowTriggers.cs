using Maintenance.Backups;
using Maintenance.Patches;
using MaintenanceFunctions.Adapters;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace MaintenanceFunctions.Triggers;

/// <summary>
/// An orchestration for each workflow, under its workflow's name: instances that are under way find their code by it, so a name is written out and never follows
/// a renaming.
/// </summary>
public static class WorkflowTriggers
{
    /// <summary>Takes a backup, proves it, records the proof.</summary>
    [Function("BackupWorkflow")]
    public static Task<BackupRun> Backup([OrchestrationTrigger] TaskOrchestrationContext context) =>
        BackupWorkflows.Backup.RunAsync(new DurableWorkflowContext(context), context.GetInput<BackupRunRef>()!);

    /// <summary>Restores a snapshot on request.</summary>
    [Function("RestoreWorkflow")]
    public static Task<SnapshotReport> Restore([OrchestrationTrigger] TaskOrchestrationContext context) =>
        BackupWorkflows.Restore.RunAsync(new DurableWorkflowContext(context), context.GetInput<SnapshotRequest>()!);

    /// <summary>Verifies a snapshot on request.</summary>
    [Function("VerifyWorkflow")]
    public static Task<SnapshotReport> Verify([OrchestrationTrigger] TaskOrchestrationContext context) =>
        BackupWorkflows.Verify.RunAsync(new DurableWorkflowContext(context), context.GetInput<SnapshotRequest>()!);

    /// <summary>Waits for the votes on a patch, or their expiry.</summary>
    [Function("PatchApprovalWorkflow")]
    public static Task<Decision> ApprovePatch([OrchestrationTrigger] TaskOrchestrationContext context) =>
        PatchWorkflows.Approval.RunAsync(new DurableWorkflowContext(context), context.GetInput<PatchRef>()!);
}
