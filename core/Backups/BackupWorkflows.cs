using Maintenance.Backups.Repository;
using Maintenance.Workflows;

namespace Maintenance.Backups;

/// <summary>A run, by reference.</summary>
public sealed record BackupRunRef(string Policy, string Run)
{
    /// <summary>The id of the workflow instance that works on it; null for that of the run itself.</summary>
    public string? Operation { get; init; }
}

/// <summary>A taken snapshot, by reference.</summary>
/// <param name="Snapshot">Its id.</param>
/// <param name="RecoveryPoint">When reading began (UTC).</param>
/// <param name="Files">How many files.</param>
/// <param name="Bytes">How many bytes they have.</param>
/// <param name="NewBytes">How many of them are new in the repository.</param>
/// <param name="Problems">The first things that could not be read as they were.</param>
public sealed record TakenSnapshot(string Snapshot, DateTimeOffset RecoveryPoint, int Files, long Bytes, long NewBytes, IReadOnlyList<string> Problems)
{
    /// <summary>What was read, as people are told.</summary>
    public string? Source { get; init; }

    /// <summary>Bytes that its packs take.</summary>
    public long StoredBytes { get; init; }

    /// <summary>The mean entropy of the new bytes in bits a byte.</summary>
    public double? Entropy { get; init; }

    /// <summary>The first things that people should know and nothing is lost by.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>What a run came to.</summary>
public sealed record BackupResult(BackupRunRef Run, TakenSnapshot? Taken, IReadOnlyList<string>? Differences, string? Error);

/// <summary>What followed a backup, or a repository's care, that people must hear of.</summary>
/// <param name="Key">What makes it the same report when it is sent again.</param>
/// <param name="Policy">The policy; null for the repository as a whole.</param>
/// <param name="Subject">One line.</param>
/// <param name="Lines">What is wrong, line by line.</param>
public sealed record RepositoryAlert(string Key, string? Policy, string Subject, IReadOnlyList<string> Lines);

/// <summary>The workflows of backups: they order the steps, and decide nothing.</summary>
public static class BackupWorkflows
{
    /// <summary>Takes the snapshot of a run.</summary>
    public static Activity<BackupRunRef, TakenSnapshot> TakeSnapshot { get; } = new("TakeSnapshot");

    /// <summary>Restores a snapshot into a scratch folder and compares; the differences.</summary>
    public static Activity<BackupRunRef, IReadOnlyList<string>> ProveSnapshot { get; } = new("ProveSnapshot");

    /// <summary>Records what a run came to.</summary>
    public static Activity<BackupResult, BackupRun> RecordBackup { get; } = new("RecordBackup");

    /// <summary>Records what a later proof of a snapshot came to.</summary>
    public static Activity<SnapshotProof, BackupRun> RecordProof { get; } = new("RecordProof");

    /// <summary>Tells people of a run that did not end proven.</summary>
    public static Activity<BackupRunRef, BackupRunRef> ReportBackup { get; } = new("ReportBackup");

    /// <summary>Tells people of what is wrong with the repository.</summary>
    public static Activity<RepositoryAlert, RepositoryAlert> ReportRepository { get; } = new("ReportRepository");

    /// <summary>Restores a snapshot.</summary>
    public static Activity<RestoreSnapshotRequest, RestoreReport> RestoreSnapshot { get; } = new("RestoreSnapshot");

    /// <summary>Checks the repository or a copy of it.</summary>
    public static Activity<VerifyRepositoryRequest, VerifyReport> VerifyRepository { get; } = new("VerifyRepository");

    /// <summary>Removes what no snapshot needs.</summary>
    public static Activity<PruneRepositoryRequest, PruneReport> PruneRepository { get; } = new("PruneRepository");

    /// <summary>Takes what is new to a copy.</summary>
    public static Activity<CopyRepositoryRequest, CopyReport> CopyRepository { get; } = new("CopyRepository");

    /// <summary>Drops the snapshots that a policy's rules let go.</summary>
    public static Activity<ApplyRetentionRequest, RetentionReport> ApplyRetention { get; } = new("ApplyRetention");

    /// <summary>The ids of the copies that a run's policy asks for, as the plan has it.</summary>
    public static Activity<BackupRunRef, IReadOnlyList<string>> FindCopies { get; } = new("FindCopies");

    /// <summary>Takes a backup, proves it, records the proof, applies the retention rules, and takes it to the copies.</summary>
    public static Workflow<BackupRunRef, BackupRun> Backup { get; } = new("BackupWorkflow", BackupAsync);

    /// <summary>Proves a snapshot again.</summary>
    public static Workflow<BackupRunRef, BackupRun> Prove { get; } = new("ProofWorkflow", ProveAsync);

    /// <summary>Restores a snapshot on request.</summary>
    public static Workflow<RestoreSnapshotRequest, RestoreReport> Restore { get; } = new("RestoreWorkflow", RestoreAsync);

    /// <summary>Checks the repository or a copy, and tells people of damage.</summary>
    public static Workflow<VerifyRepositoryRequest, VerifyReport> Verify { get; } = new("VerifyWorkflow", VerifyAsync);

    /// <summary>Removes what no snapshot needs.</summary>
    public static Workflow<PruneRepositoryRequest, PruneReport> Prune { get; } = new("PruneWorkflow", PruneAsync);

    /// <summary>Takes what is new to a copy.</summary>
    public static Workflow<CopyRepositoryRequest, CopyReport> Copy { get; } = new("CopyWorkflow", CopyAsync);

    /// <summary>Drops the snapshots that a policy's rules let go.</summary>
    public static Workflow<ApplyRetentionRequest, RetentionReport> Retain { get; } = new("RetentionWorkflow", RetainAsync);

    private static async Task<BackupRun> BackupAsync(IWorkflowContext context, BackupRunRef run)
    {
        TakenSnapshot? taken = null;
        IReadOnlyList<string>? differences = null;
        string? error = null;
        try
        {
            context.SetStatus("taking the snapshot");
            taken = await context.CallAsync(TakeSnapshot, run, RetryRule.Patient);
            context.SetStatus("proving that it restores");
            differences = await context.CallAsync(ProveSnapshot, run, RetryRule.Patient);
        }
        catch (WorkflowStepFailedException failure)
        {
            error = failure.Message;
        }

        context.SetStatus("recording");
        var ended = await context.CallAsync(RecordBackup, new BackupResult(run, taken, differences, error), RetryRule.Quick);
        if (ended.State != BackupRunState.Proven)
        {
            await TellAsync(context, ReportBackup, run);
        }

        if (taken is not null)
        {
            await FollowAsync(context, run);
        }

        context.SetStatus(ended.State.ToString().ToLowerInvariant());
        return ended;
    }

    /// <summary>What follows a snapshot. The backup has been recorded: nothing here changes what it is.</summary>
    private static async Task FollowAsync(IWorkflowContext context, BackupRunRef run)
    {
        var problems = new List<string>();
        try
        {
            context.SetStatus("applying the retention rules");
            problems.AddRange((await context.CallAsync(ApplyRetention, new ApplyRetentionRequest("backup_" + run.Run, run.Policy), RetryRule.Quick)).Problems);
        }
        catch (WorkflowStepFailedException failure)
        {
            problems.Add($"The retention rules could not be applied: {failure.Message}");
        }

        foreach (var copy in await CopiesAsync(context, run, problems))
        {
            try
            {
                context.SetStatus($"copying to {copy}");
                var report = await context.CallAsync(CopyRepository, new CopyRepositoryRequest("backup_" + run.Run, copy), RetryRule.Patient);
                problems.AddRange(report.Problems.Select(problem => $"Copy {copy}: {problem}"));
            }
            catch (WorkflowStepFailedException failure)
            {
                problems.Add($"It could not be taken to the copy '{copy}': {failure.Message}");
            }
        }

        if (problems.Count > 0)
        {
            await TellAsync(context, ReportRepository, new RepositoryAlert($"follow/{run.Run}", run.Policy, $"Backup {run.Policy}: what follows it went wrong", problems));
        }
    }

    private static async Task<IReadOnlyList<string>> CopiesAsync(IWorkflowContext context, BackupRunRef run, List<string> problems)
    {
        try
        {
            return await context.CallAsync(FindCopies, run, RetryRule.Quick);
        }
        catch (WorkflowStepFailedException failure)
        {
            problems.Add($"Nobody knows where to copy it: {failure.Message}");
            return [];
        }
    }

    private static async Task<BackupRun> ProveAsync(IWorkflowContext context, BackupRunRef run)
    {
        context.SetStatus("proving that it restores");
        var differences = await context.CallAsync(ProveSnapshot, run, RetryRule.Patient);
        var recorded = await context.CallAsync(RecordProof, new SnapshotProof(run, differences), RetryRule.Quick);
        if (differences.Count > 0)
        {
            await TellAsync(context, ReportRepository, new RepositoryAlert($"proof/{context.InstanceId}", run.Policy, $"Snapshot {run.Run} no longer restores as it was", differences));
        }

        return recorded;
    }

    private static Task<RestoreReport> RestoreAsync(IWorkflowContext context, RestoreSnapshotRequest request)
    {
        context.SetStatus("restoring");
        return context.CallAsync(RestoreSnapshot, request, RetryRule.None);
    }

    private static async Task<VerifyReport> VerifyAsync(IWorkflowContext context, VerifyRepositoryRequest request)
    {
        context.SetStatus("verifying");
        var report = await context.CallAsync(VerifyRepository, request, RetryRule.Quick);
        if (!report.IsClean)
        {
            var where = request.Copy is null ? "The repository" : $"The copy {request.Copy}";
            await TellAsync(
                context,
                ReportRepository,
                new RepositoryAlert($"verify/{request.Operation}", null, $"{where} is damaged", [.. report.Findings.Select(static finding => $"{finding.Name}: {finding.What}. {Touched(finding)}".TrimEnd())]));
        }

        return report;
    }

    private static async Task<PruneReport> PruneAsync(IWorkflowContext context, PruneRepositoryRequest request)
    {
        context.SetStatus("pruning");
        return await context.CallAsync(PruneRepository, request, RetryRule.Quick);
    }

    private static async Task<CopyReport> CopyAsync(IWorkflowContext context, CopyRepositoryRequest request)
    {
        context.SetStatus($"copying to {request.Copy}");
        return await context.CallAsync(CopyRepository, request, RetryRule.Patient);
    }

    private static Task<RetentionReport> RetainAsync(IWorkflowContext context, ApplyRetentionRequest request)
    {
        context.SetStatus("applying the retention rules");
        return context.CallAsync(ApplyRetention, request, RetryRule.Quick);
    }

    private static string Touched(VerifyFinding finding) =>
        finding.PathCount == 0 ? "" : $"Lost by it: {finding.PathCount} paths, {string.Join(", ", finding.Paths.Take(3))}{(finding.PathCount > 3 ? ", …" : "")}.";

    private static async Task TellAsync<T>(IWorkflowContext context, Activity<T, T> activity, T what)
    {
        try
        {
            _ = await context.CallAsync(activity, what, RetryRule.Persistent);
        }
        catch (WorkflowStepFailedException)
        {
            // What happened is recorded and the overview shows it; whoever was within reach has been told.
        }
    }
}
