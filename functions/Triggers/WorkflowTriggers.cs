using Maintenance.Backups;
using Maintenance.Backups.Repository;
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

    /// <summary>Proves a snapshot again.</summary>
    [Function("ProofWorkflow")]
    public static Task<BackupRun> Prove([OrchestrationTrigger] TaskOrchestrationContext context) =>
        BackupWorkflows.Prove.RunAsync(new DurableWorkflowContext(context), context.GetInput<BackupRunRef>()!);

    /// <summary>Restores a snapshot on request.</summary>
    [Function("RestoreWorkflow")]
    public static Task<RestoreReport> Restore([OrchestrationTrigger] TaskOrchestrationContext context) =>
        BackupWorkflows.Restore.RunAsync(new DurableWorkflowContext(context), context.GetInput<RestoreSnapshotRequest>()!);

    /// <summary>Checks the repository or a copy.</summary>
    [Function("VerifyWorkflow")]
    public static Task<VerifyReport> Verify([OrchestrationTrigger] TaskOrchestrationContext context) =>
        BackupWorkflows.Verify.RunAsync(new DurableWorkflowContext(context), context.GetInput<VerifyRepositoryRequest>()!);

    /// <summary>Removes what no snapshot needs.</summary>
    [Function("PruneWorkflow")]
    public static Task<PruneReport> Prune([OrchestrationTrigger] TaskOrchestrationContext context) =>
        BackupWorkflows.Prune.RunAsync(new DurableWorkflowContext(context), context.GetInput<PruneRepositoryRequest>()!);

    /// <summary>Takes what is new to a copy.</summary>
    [Function("CopyWorkflow")]
    public static Task<CopyReport> Copy([OrchestrationTrigger] TaskOrchestrationContext context) =>
        BackupWorkflows.Copy.RunAsync(new DurableWorkflowContext(context), context.GetInput<CopyRepositoryRequest>()!);

    /// <summary>Drops the snapshots that a policy's rules let go.</summary>
    [Function("RetentionWorkflow")]
    public static Task<RetentionReport> Retain([OrchestrationTrigger] TaskOrchestrationContext context) =>
        BackupWorkflows.Retain.RunAsync(new DurableWorkflowContext(context), context.GetInput<ApplyRetentionRequest>()!);

    /// <summary>Waits for the votes on a patch, or their expiry.</summary>
    [Function("PatchApprovalWorkflow")]
    public static Task<Decision> ApprovePatch([OrchestrationTrigger] TaskOrchestrationContext context) =>
        PatchWorkflows.Approval.RunAsync(new DurableWorkflowContext(context), context.GetInput<PatchRef>()!);
}
