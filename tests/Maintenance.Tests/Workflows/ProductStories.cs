namespace Maintenance.Tests.Workflows;

/// <summary>
/// The stories behind Histories/Product, one or more for each workflow of the program. To add a workflow, tell its stories here and run the tests once with
/// MAINTENANCE_RECORD=1: each story without a file is run on the real engine, and its history is kept. What is kept is not written again. When a changed workflow
/// no longer fits its history, instances in the field would break like it: give the workflow a new name and keep the old one until its instances have ended; only
/// where no instance of it can be out there, delete the file and record it anew.
/// </summary>
internal static class ProductStories
{
    private const string Run = """{ "policy": "nightly", "run": "2026-11-22T0200" }""";
    private const string Taken = """{ "snapshot": "a1b2c3", "recoveryPoint": "2026-11-22T02:00:00Z", "files": 3, "bytes": 1200, "newBytes": 1200, "problems": [] }""";
    private const string OnePart = """{ "parts": 1 }""";
    private const string Slice = """{ "isLast": false, "files": 2, "bytes": 800 }""";
    private const string LastSlice = """{ "isLast": true, "files": 1, "bytes": 400 }""";
    private const string Differs = """{ "differences": [ "births/2026.csv: missing" ] }""";
    private const string Kept = """{ "policy": "nightly", "kept": 14, "dropped": [], "droppedCount": 0, "problems": [] }""";
    private const string Copied = """{ "objects": 4, "bytes": 4096, "snapshots": 1, "problems": [] }""";

    public static IReadOnlyList<GoldenStory> All { get; } =
    [
        new GoldenStory("backup-proven", "BackupWorkflow", Run)
            .Answers("PlanSnapshot", OnePart)
            .Answers("TakeSnapshotSlice", LastSlice)
            .Answers("FinishSnapshot", Taken)
            .Answers("PlanProof", "[ 0 ]")
            .Answers("ProveSnapshotSlice", """{ "differences": [] }""")
            .Answers("RecordBackup", Recorded("proven"))
            .Answers("ApplyRetention", Kept)
            .Answers("FindCopies", """[ "vault" ]""")
            .Answers("CopyRepository", Copied),
        new GoldenStory("backup-in-parts-and-slices", "BackupWorkflow", Run)
            .Answers("PlanSnapshot", """{ "parts": 2 }""")
            .Answers("TakeSnapshotSlice", Slice)
            .Answers("TakeSnapshotSlice", LastSlice)
            .Answers("TakeSnapshotSlice", LastSlice)
            .Answers("FinishSnapshot", Taken)
            .Answers("PlanProof", "[ 0, 700 ]")
            .Answers("ProveSnapshotSlice", """{ "next": { "entry": 300, "chunk": 2 }, "differences": [] }""")
            .Answers("ProveSnapshotSlice", """{ "differences": [] }""")
            .Answers("ProveSnapshotSlice", """{ "differences": [] }""")
            .Answers("RecordBackup", Recorded("proven"))
            .Answers("ApplyRetention", Kept)
            .Answers("FindCopies", """[ "vault" ]""")
            .Answers("CopyRepository", """{ "objects": 4, "bytes": 4096, "snapshots": 0, "problems": [], "isUnfinished": true }""")
            .Answers("CopyRepository", Copied),
        new GoldenStory("backup-a-part-fails", "BackupWorkflow", Run)
            .Answers("PlanSnapshot", """{ "parts": 2 }""")
            .Fails("TakeSnapshotSlice", "The container is gone.")
            .Answers("TakeSnapshotSlice", Slice)
            .Fails("TakeSnapshotSlice", "The container is gone.")
            .Fails("TakeSnapshotSlice", "The container is gone.")
            .Fails("TakeSnapshotSlice", "The container is gone.")
            .Answers("TakeSnapshotSlice", LastSlice)
            .Answers("AbandonSnapshot", Run)
            .Answers("RecordBackup", Recorded("failed"))
            .Answers("ReportBackup", Run),
        new GoldenStory("backup-unproven-and-told", "BackupWorkflow", Run)
            .Fails("PlanSnapshot", "The share is not there.")
            .Answers("PlanSnapshot", OnePart)
            .Answers("TakeSnapshotSlice", LastSlice)
            .Answers("FinishSnapshot", Taken)
            .Answers("PlanProof", "[ 0 ]")
            .Answers("ProveSnapshotSlice", Differs)
            .Answers("RecordBackup", Recorded("unproven"))
            .Fails("ReportBackup", "The relay is down.")
            .Answers("ReportBackup", Run)
            .Answers("ApplyRetention", """{ "policy": "nightly", "kept": 14, "dropped": [], "droppedCount": 0, "problems": [ "a0: held" ] }""")
            .Answers("FindCopies", """[ "vault", "site-b" ]""")
            .Answers("CopyRepository", Copied)
            .Fails("CopyRepository", "No route.")
            .Answers("ReportRepository", Alert),
        new GoldenStory("backup-failed", "BackupWorkflow", Run)
            .Fails("PlanSnapshot", "The share is not there.")
            .Answers("AbandonSnapshot", Run)
            .Answers("RecordBackup", Recorded("failed"))
            .Answers("ReportBackup", Run),
        new GoldenStory("proof-clean", "ProofWorkflow", Run).Answers("PlanProof", "[ 0 ]").Answers("ProveSnapshotSlice", """{ "differences": [] }""").Answers("RecordProof", Recorded("proven")),
        new GoldenStory("proof-lost", "ProofWorkflow", Run)
            .Answers("PlanProof", "[ 0 ]")
            .Answers("ProveSnapshotSlice", Differs)
            .Answers("RecordProof", Recorded("unproven"))
            .Answers("ReportRepository", Alert),
        new GoldenStory("restore", "RestoreWorkflow", """{ "operation": "restore_1", "snapshot": "a1b2c3", "target": "restored/1" }""")
            .Answers("PlanRestore", """{ "starts": [ 0 ], "isResumable": false }""")
            .Answers("RestoreSnapshotSlice", Restored("")),
        new GoldenStory("restore-in-slices", "RestoreWorkflow", """{ "operation": "restore_1", "snapshot": "a1b2c3", "target": "container:https://x.blob.core.windows.net/y" }""")
            .Answers("PlanRestore", """{ "starts": [ 0, 500 ], "isResumable": true }""")
            .Answers("RestoreSnapshotSlice", Restored("""  "next": { "entry": 20, "offset": 4194304 }, """))
            .Fails("RestoreSnapshotSlice", "No route.")
            .Answers("RestoreSnapshotSlice", Restored(""))
            .Answers("RestoreSnapshotSlice", Restored("")),
        new GoldenStory("restore-failed", "RestoreWorkflow", """{ "operation": "restore_1", "snapshot": "a1b2c3", "target": "restored/1" }""")
            .Answers("PlanRestore", """{ "starts": [ 0 ], "isResumable": false }""")
            .Fails("RestoreSnapshotSlice", "The target is not empty."),
        new GoldenStory("verify-clean", "VerifyWorkflow", """{ "operation": "verify_1", "dataPercent": 10 }""").Answers("VerifyRepository", Verified("")),
        new GoldenStory("verify-in-slices", "VerifyWorkflow", """{ "operation": "verify_1", "dataPercent": 100 }""")
            .Answers("VerifyRepository", """{ "snapshots": 0, "packs": 9, "packsRead": 5, "bytesRead": 500, "chunks": 3, "findings": [], "damaged": [], "notes": [], "next": "0a" }""")
            .Answers("VerifyRepository", Verified("")),
        new GoldenStory("verify-damaged", "VerifyWorkflow", """{ "operation": "verify_1", "dataPercent": 100, "copy": "vault" }""")
            .Answers("VerifyRepository", Verified("""{ "name": "packs/00", "what": "damaged", "isLoss": true, "paths": [ "births/2026.csv" ], "pathCount": 1 }"""))
            .Answers("ReportRepository", Alert),
        new GoldenStory("prune", "PruneWorkflow", """{ "operation": "prune_1" }""")
            .Answers(
                "PruneRepository",
                """
                { "isDryRun": false, "markedPacks": 1, "markedBytes": 100, "deletedPacks": 0, "rewrittenPacks": 0, "freedBytes": 0, "waitingPacks": 1, "heldPacks": 0,
                  "notes": [] }
                """),
        new GoldenStory("copy", "CopyWorkflow", """{ "operation": "copy_1", "copy": "vault" }""").Fails("CopyRepository", "No route.").Answers("CopyRepository", Copied),
        new GoldenStory("retention", "RetentionWorkflow", """{ "operation": "retention_1", "policy": "nightly" }""").Answers("ApplyRetention", Kept),
        new GoldenStory("approval-approved", "PatchApprovalWorkflow", """{ "patch": "P-7" }""")
            .Answers("AnnouncePatch", """{ "expiresAt": "2026-11-25T10:00:00Z" }""")
            .Answers("ClosePatch", """{ "decision": { "outcome": "approved", "reason": "2 of 2 approved.", "at": "2026-11-22T02:30:00Z" } }""")
            .Raises("decided", TimeSpan.FromMinutes(30)),
        new GoldenStory("approval-woken-for-nothing-then-expired", "PatchApprovalWorkflow", """{ "patch": "P-8" }""")
            .Answers("AnnouncePatch", """{ "expiresAt": "2026-11-22T04:00:00Z" }""")
            .Answers("ClosePatch", "{}")
            .Answers("ClosePatch", """{ "decision": { "outcome": "expired", "reason": "Nobody decided.", "at": "2026-11-22T04:00:00Z" } }""")
            .Raises("decided", TimeSpan.FromMinutes(30)),
        new GoldenStory("rollout-completed", "RolloutWorkflow", """{ "patch": "P-9" }""")
            .Answers("TakeRollout", """{ "until": "2026-11-22T03:00:00Z" }""")
            .Answers("TakeRollout", """{ "ring": "test", "work": "backup" }""")
            .Answers("TakeRollout", """{ "until": "2026-11-22T04:00:00Z" }""")
            .Answers("TakeRollout", """{ "ring": "test", "work": "apply" }""")
            .Answers("TakeRollout", """{ "ring": "test", "work": "probe" }""")
            .Answers("TakeRollout", "{}")
            .Fails("RunRollout", "The share is not there.")
            .Answers("RunRollout", """{ "patch": "P-9", "ring": "test", "work": "backup" }""")
            .Raises("decided", TimeSpan.FromMinutes(30)),
        new GoldenStory("rollout-rolled-back", "RolloutWorkflow", """{ "patch": "P-10" }""")
            .Answers("TakeRollout", """{ "ring": "test", "work": "apply" }""")
            .Answers("TakeRollout", """{ "ring": "test", "work": "probe" }""")
            .Answers("TakeRollout", """{ "ring": "test", "work": "undo" }""")
            .Answers("TakeRollout", "{}")
            .Answers("RunRollout", """{ "patch": "P-10", "ring": "test", "work": "apply" }""")
            .Fails("RunRollout", "It answered 503.")
            .Fails("RunRollout", "It answered 503.")
            .Fails("RunRollout", "It answered 503.")
            .Answers("RunRollout", """{ "patch": "P-10", "ring": "test", "work": "undo" }""")
            .Answers("FailRollout", """{ "patch": "P-10" }"""),
        new GoldenStory("recovery-with-a-check-tried-again-a-person-and-a-gate", "RecoveryWorkflow", """{ "recovery": "R-1001" }""")
            .Answers("BeginRecovery", """{ "workers": 1, "steps": [ { "id": "restore", "after": [] }, { "id": "check", "after": [ "restore" ] }, { "id": "look", "after": [ "check" ] }, { "id": "gate", "after": [ "look" ] } ] }""")
            .Answers("TakeRecoveryStep", TurnRun).Answers("TakeRecoveryStep", TurnDone)
            .Answers("TakeRecoveryStep", TurnRun).Answers("TakeRecoveryStep", TurnWait).Answers("TakeRecoveryStep", TurnRun).Answers("TakeRecoveryStep", TurnDone)
            .Answers("TakeRecoveryStep", TurnWait).Answers("TakeRecoveryStep", TurnWait).Answers("TakeRecoveryStep", TurnDone)
            .Answers("TakeRecoveryStep", TurnWait).Answers("TakeRecoveryStep", TurnRun).Answers("TakeRecoveryStep", TurnDone)
            .Answers("RunRecoveryStep", """{ "recovery": "R-1001", "step": "restore" }""")
            .Fails("RunRecoveryStep", "It is empty.").Fails("RunRecoveryStep", "It is empty.").Fails("RunRecoveryStep", "It is empty.")
            .Answers("RunRecoveryStep", """{ "recovery": "R-1001", "step": "check" }""")
            .Answers("FailRecoveryStep", """{ "recovery": "R-1001", "step": "check" }""")
            .Answers("SettleRecovery", TurnWait).Answers("SettleRecovery", TurnDone)
            .Answers("CloseRecovery", "\"completed\"")
            .Passes(TimeSpan.FromMinutes(3))
            .Raises("step-check", TimeSpan.FromMinutes(10))
            .Passes(TimeSpan.FromMinutes(70))
            .Raises("step-look", TimeSpan.FromMinutes(5))
            .Raises("step-gate", TimeSpan.FromMinutes(5))
            .Raises("settled", TimeSpan.FromMinutes(90)),
        new GoldenStory("recovery-of-two-at-a-time-that-is-aborted", "RecoveryWorkflow", """{ "recovery": "R-1002" }""")
            .Answers("BeginRecovery", """{ "workers": 2, "steps": [ { "id": "stop", "after": [] }, { "id": "restore", "after": [] }, { "id": "gate", "after": [ "stop", "restore" ] } ] }""")
            .Answers("TakeRecoveryStep", TurnWait).Answers("TakeRecoveryStep", TurnRun).Answers("TakeRecoveryStep", TurnDone).Answers("TakeRecoveryStep", """ "stop" """)
            .Answers("RunRecoveryStep", """{ "recovery": "R-1002", "step": "restore" }""")
            .Answers("SettleRecovery", TurnDone)
            .Answers("CloseRecovery", "\"aborted\"")
            .Raises("step-stop", TimeSpan.FromMinutes(10)),
        new GoldenStory("drill-whose-fault-is-noticed", "RecoveryWorkflow", """{ "recovery": "R-1003" }""")
            .Answers("BeginRecovery", """{ "workers": 1, "isFailureExpected": true, "steps": [ { "id": "restore", "after": [] }, { "id": "check", "after": [ "restore" ] } ] }""")
            .Answers("TakeRecoveryStep", TurnRun).Answers("TakeRecoveryStep", """ "stop" """)
            .Fails("RunRecoveryStep", "A pack is missing.")
            .Answers("FailRecoveryStep", """{ "recovery": "R-1003", "step": "restore" }""")
            .Answers("SettleRecovery", TurnDone)
            .Answers("CloseRecovery", "\"completed\""),
    ];

    private const string TurnRun = "\"run\"";
    private const string TurnWait = "\"wait\"";
    private const string TurnDone = "\"done\"";

    private const string Alert = """{ "key": "alert", "subject": "Something", "lines": [] }""";

    private static string Recorded(string state) =>
        $$"""{ "id": "2026-11-22T0200", "policy": "nightly", "occurrence": "2026-11-22T02:00:00Z", "trigger": "schedule", "state": "{{state}}", "claimedAt": "2026-11-22T02:00:00Z" }""";

    private static string Restored(string next) =>
        $$"""
        { {{next}}"report": { "snapshot": "a1b2c3", "target": "restored/1", "isDryRun": false, "files": 3, "folders": 1, "links": 0, "bytes": 1200, "kept": 0, "replaced": 0,
          "renamed": 0, "lossCount": 0, "losses": [], "warnings": [] } }
        """;

    private static string Verified(string finding) =>
        $$"""{ "snapshots": 14, "packs": 9, "packsRead": 1, "bytesRead": 100, "chunks": 3, "findings": [ {{finding}} ], "damaged": [], "notes": [] }""";
}
