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

/// <summary>
/// The workflows of backups: they order the steps, and decide nothing. Long work comes in parts, which run beside each other, and each part in slices, one after the
/// other: a slice takes minutes and leaves a note of where it is, so that a worker that is ended costs minutes, whatever the size of the whole.
/// </summary>
public static class BackupWorkflows
{
    /// <summary>Plans the snapshot of a run.</summary>
    public static Activity<BackupRunRef, SnapshotOutline> PlanSnapshot { get; } = new("PlanSnapshot");

    /// <summary>Takes a slice of a part of the snapshot of a run.</summary>
    public static Activity<SnapshotSliceRef, SliceReport> TakeSnapshotSlice { get; } = new("TakeSnapshotSlice");

    /// <summary>Makes the snapshot of its slices.</summary>
    public static Activity<BackupRunRef, TakenSnapshot> FinishSnapshot { get; } = new("FinishSnapshot");

    /// <summary>Removes what the pieces of a snapshot that was not completed left.</summary>
    public static Activity<BackupRunRef, BackupRunRef> AbandonSnapshot { get; } = new("AbandonSnapshot");

    /// <summary>Where the parts of a proof begin.</summary>
    public static Activity<BackupRunRef, IReadOnlyList<long>> PlanProof { get; } = new("PlanProof");

    /// <summary>Restores a slice of a snapshot into a scratch folder and compares.</summary>
    public static Activity<ProofSliceRef, ProofSlice> ProveSnapshotSlice { get; } = new("ProveSnapshotSlice");

    /// <summary>Records what a run came to.</summary>
    public static Activity<BackupResult, BackupRun> RecordBackup { get; } = new("RecordBackup");

    /// <summary>Records what a later proof of a snapshot came to.</summary>
    public static Activity<SnapshotProof, BackupRun> RecordProof { get; } = new("RecordProof");

    /// <summary>Tells people of a run that did not end proven.</summary>
    public static Activity<BackupRunRef, BackupRunRef> ReportBackup { get; } = new("ReportBackup");

    /// <summary>Tells people of what is wrong with the repository.</summary>
    public static Activity<RepositoryAlert, RepositoryAlert> ReportRepository { get; } = new("ReportRepository");

    /// <summary>Where the parts of a restore begin.</summary>
    public static Activity<RestoreSnapshotRequest, RestoreOutline> PlanRestore { get; } = new("PlanRestore");

    /// <summary>Restores a slice of a snapshot.</summary>
    public static Activity<RestoreSliceRef, RestoredSlice> RestoreSnapshotSlice { get; } = new("RestoreSnapshotSlice");

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
            taken = await TakeAsync(context, run);
            differences = await ProveSlicesAsync(context, run);
        }
        catch (WorkflowStepFailedException failure)
        {
            error = failure.Message;
        }

        if (taken is null)
        {
            // Quickly or not at all: the next prune removes it too, and people must hear of the failure.
            await TellAsync(context, AbandonSnapshot, run, RetryRule.Quick);
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

    private static async Task<TakenSnapshot> TakeAsync(IWorkflowContext context, BackupRunRef run)
    {
        context.SetStatus("planning the snapshot");
        var outline = await context.CallAsync(PlanSnapshot, run, RetryRule.Patient);
        context.SetStatus("taking the snapshot");
        await SidesAsync(outline.Parts, async (part, isStopped) =>
        {
            for (var number = 0; !isStopped(); number++)
            {
                if ((await context.CallAsync(TakeSnapshotSlice, new SnapshotSliceRef(run, part, number), RetryRule.Patient)).IsLast)
                {
                    return;
                }
            }
        });
        return await context.CallAsync(FinishSnapshot, run, RetryRule.Patient);
    }

    private static async Task<IReadOnlyList<string>> ProveSlicesAsync(IWorkflowContext context, BackupRunRef run)
    {
        context.SetStatus("proving that it restores");
        var starts = await context.CallAsync(PlanProof, run, RetryRule.Patient);
        var differences = new List<string>[starts.Count];
        await SidesAsync(starts.Count, async (part, isStopped) =>
        {
            var found = differences[part] = [];
            for (var from = new ProofCursor(starts[part]); !isStopped();)
            {
                var slice = await context.CallAsync(ProveSnapshotSlice, new ProofSliceRef(run, part, from, End(starts, part)), RetryRule.Patient);
                found.AddRange(slice.Differences);
                if (slice.Next is not { } next)
                {
                    return;
                }

                from = next;
            }
        });
        var all = differences.SelectMany(static found => found).ToList();
        return HistoryText.First(all, all.Count);
    }

    /// <summary>
    /// Does the parts of something beside each other. Once one has failed, the others end with the piece they are at, and its failure is thrown.
    /// </summary>
    private static async Task SidesAsync(int parts, Func<int, Func<bool>, Task> work)
    {
        var isStopped = false;
        await Task.WhenAll(Enumerable.Range(0, parts).Select(async part =>
        {
            try
            {
                await work(part, () => isStopped);
            }
            catch (WorkflowStepFailedException)
            {
                isStopped = true;
                throw;
            }
        }));
    }

    private static long? End(IReadOnlyList<long> starts, int part) => part + 1 < starts.Count ? starts[part + 1] : null;

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
                var report = await CopyPiecesAsync(context, new CopyRepositoryRequest("backup_" + run.Run, copy));
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
        var differences = await ProveSlicesAsync(context, run);
        var recorded = await context.CallAsync(RecordProof, new SnapshotProof(run, differences), RetryRule.Quick);
        if (differences.Count > 0)
        {
            await TellAsync(context, ReportRepository, new RepositoryAlert($"proof/{context.InstanceId}", run.Policy, $"Snapshot {run.Run} no longer restores as it was", differences));
        }

        return recorded;
    }

    private static async Task<RestoreReport> RestoreAsync(IWorkflowContext context, RestoreSnapshotRequest request)
    {
        context.SetStatus("restoring");
        var outline = await context.CallAsync(PlanRestore, request, RetryRule.Quick);
        var reports = new RestoreReport?[outline.Starts.Count];
        await SidesAsync(outline.Starts.Count, async (part, isStopped) =>
        {
            for (var from = new RestoreCursor(outline.Starts[part]); !isStopped();)
            {
                var slice = await context.CallAsync(
                    RestoreSnapshotSlice, new RestoreSliceRef(request, part, from, End(outline.Starts, part)), outline.IsResumable ? RetryRule.Patient : RetryRule.None);
                reports[part] = reports[part]?.Plus(slice.Report) ?? slice.Report;
                if (slice.Next is not { } next)
                {
                    return;
                }

                from = next;
            }
        });
        return reports.OfType<RestoreReport>().Aggregate(static (sum, next) => sum.Plus(next)) with { Paths = request.Paths, Existing = request.Existing, Copy = request.Copy };
    }

    private static async Task<VerifyReport> VerifyAsync(IWorkflowContext context, VerifyRepositoryRequest request)
    {
        context.SetStatus("verifying");
        var report = await context.CallAsync(VerifyRepository, request, RetryRule.Quick);
        while (report.Next is { } last)
        {
            report = await context.CallAsync(VerifyRepository, request with { Before = new VerifiedPieces(last, report.PacksRead, report.BytesRead, report.Chunks) { Marked = report.Marked } }, RetryRule.Quick);
        }

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

    private static Task<CopyReport> CopyAsync(IWorkflowContext context, CopyRepositoryRequest request)
    {
        context.SetStatus($"copying to {request.Copy}");
        return CopyPiecesAsync(context, request);
    }

    private static async Task<CopyReport> CopyPiecesAsync(IWorkflowContext context, CopyRepositoryRequest request)
    {
        var report = await context.CallAsync(CopyRepository, request, RetryRule.Patient);
        while (report.IsUnfinished)
        {
            report = await context.CallAsync(CopyRepository, request with { Before = new CopiedPieces(report.Objects, report.Bytes) }, RetryRule.Patient);
        }

        return report;
    }

    private static Task<RetentionReport> RetainAsync(IWorkflowContext context, ApplyRetentionRequest request)
    {
        context.SetStatus("applying the retention rules");
        return context.CallAsync(ApplyRetention, request, RetryRule.Quick);
    }

    private static string Touched(VerifyFinding finding) =>
        finding.PathCount == 0 ? "" : $"Lost by it: {finding.PathCount} paths, {string.Join(", ", finding.Paths.Take(3))}{(finding.PathCount > 3 ? ", …" : "")}.";

    private static async Task TellAsync<T>(IWorkflowContext context, Activity<T, T> activity, T what, RetryRule? retry = null)
    {
        try
        {
            _ = await context.CallAsync(activity, what, retry ?? RetryRule.Persistent);
        }
        catch (WorkflowStepFailedException)
        {
            // What happened is recorded and the overview shows it; whoever was within reach has been told.
        }
    }
}
