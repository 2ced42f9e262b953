using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Patches;
using Maintenance.Recovery;
using Maintenance.Rollouts;
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
        DurableWorkflowContext.RunAsync(context, BackupWorkflows.Backup);

    /// <summary>Proves a snapshot again.</summary>
    [Function("ProofWorkflow")]
    public static Task<BackupRun> Prove([OrchestrationTrigger] TaskOrchestrationContext context) =>
        DurableWorkflowContext.RunAsync(context, BackupWorkflows.Prove);

    /// <summary>Restores a snapshot on request.</summary>
    [Function("RestoreWorkflow")]
    public static Task<RestoreReport> Restore([OrchestrationTrigger] TaskOrchestrationContext context) =>
        DurableWorkflowContext.RunAsync(context, BackupWorkflows.Restore);

    /// <summary>Checks the repository or a copy.</summary>
    [Function("VerifyWorkflow")]
    public static Task<VerifyReport> Verify([OrchestrationTrigger] TaskOrchestrationContext context) =>
        DurableWorkflowContext.RunAsync(context, BackupWorkflows.Verify);

    /// <summary>Removes what no snapshot needs.</summary>
    [Function("PruneWorkflow")]
    public static Task<PruneReport> Prune([OrchestrationTrigger] TaskOrchestrationContext context) =>
        DurableWorkflowContext.RunAsync(context, BackupWorkflows.Prune);

    /// <summary>Takes what is new to a copy.</summary>
    [Function("CopyWorkflow")]
    public static Task<CopyReport> Copy([OrchestrationTrigger] TaskOrchestrationContext context) =>
        DurableWorkflowContext.RunAsync(context, BackupWorkflows.Copy);

    /// <summary>Drops the snapshots that a policy's rules let go.</summary>
    [Function("RetentionWorkflow")]
    public static Task<RetentionReport> Retain([OrchestrationTrigger] TaskOrchestrationContext context) =>
        DurableWorkflowContext.RunAsync(context, BackupWorkflows.Retain);

    /// <summary>Brings a service back, or tries how that would go.</summary>
    [Function("RecoveryWorkflow")]
    public static Task<RecoveryState> Recover([OrchestrationTrigger] TaskOrchestrationContext context) =>
        DurableWorkflowContext.RunAsync(context, RecoveryWorkflows.Recover);

    /// <summary>Brings an approved change to ring after ring.</summary>
    [Function("RolloutWorkflow")]
    public static Task<RolloutRef> RollOut([OrchestrationTrigger] TaskOrchestrationContext context) =>
        DurableWorkflowContext.RunAsync(context, RolloutWorkflows.RollOut);

    /// <summary>Waits for the votes on a patch, or their expiry.</summary>
    [Function("PatchApprovalWorkflow")]
    public static Task<Decision> ApprovePatch([OrchestrationTrigger] TaskOrchestrationContext context) =>
        DurableWorkflowContext.RunAsync(context, PatchWorkflows.Approval);
}
