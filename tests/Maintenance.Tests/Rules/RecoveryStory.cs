using Maintenance.Actions;
using Maintenance.Plan;
using Maintenance.Recovery;

namespace Maintenance.Tests.Rules;

/// <summary>Recoveries in a few words, for tests of their rules.</summary>
internal static class RecoveryStory
{
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 2, 0, 0, TimeSpan.Zero);

    public static RecoveryStep Step(string id, RecoveryStepKind kind, params string[] after) => new(id, "The step " + id, kind, "support", TimeSpan.FromMinutes(5), after)
    {
        Restore = kind == RecoveryStepKind.Restore ? new RestoreStep("nightly", "/srv/register", null) : null,
        Action = kind == RecoveryStepKind.Action ? new PlanAction(["true"], null, null, PlanAction.UsualTimeout) : null,
        Check = kind == RecoveryStepKind.Check ? new Check(CheckKind.File, id + ".txt") : null,
        Gate = kind == RecoveryStepKind.Gate ? new GateRule(["approver"], 2) : null,
        RunsInDrill = kind is RecoveryStepKind.Restore or RecoveryStepKind.Check,
    };

    /// <summary>restore → check → look (manual) → gate → open (manual).</summary>
    public static IReadOnlyList<RecoveryStep> Usual { get; } =
    [
        Step("restore", RecoveryStepKind.Restore), Step("check", RecoveryStepKind.Check, "restore"), Step("look", RecoveryStepKind.Manual, "check"),
        Step("gate", RecoveryStepKind.Gate, "look"), Step("open", RecoveryStepKind.Manual, "gate"),
    ];

    public static RecoveryRun Run(RecoveryKind kind = RecoveryKind.Recovery, IReadOnlyList<RecoveryStep>? steps = null, DrillFault? fault = null) => new(
        "R-1001",
        kind,
        "register",
        new RecoveryScript("register", steps ?? Usual, 2, ["administrator"]),
        new RecoveryObjectives(TimeSpan.FromHours(1), TimeSpan.FromHours(4), TimeSpan.FromHours(2), TimeSpan.FromHours(8)),
        RecoveryState.Running,
        "ann",
        "Lost.",
        Start,
        Start,
        null,
        [.. (steps ?? Usual).Select(static step => new RecoveryStepRun(step.Id, RecoveryStepState.Pending) { Source = step.Restore is null ? null : new RecoverySource("nightly_1", Start.AddMinutes(-30), Start.AddMinutes(-20)) })],
        [new TimelineEntry(Start, "ann", "Recovery activated: Lost.")])
    {
        Fault = fault,
    };

    /// <summary>A machine's step, from its beginning to its end.</summary>
    public static RecoveryRun Do(this RecoveryRun run, string step, DateTimeOffset at) => RecoveryMoves.Finish(RecoveryMoves.Begin(RecoveryMoves.Take(run, step, at).Run, step), step, "done.", at);

    /// <summary>The usual recovery, so far that its gate is open.</summary>
    public static RecoveryRun AtGate(DateTimeOffset at)
    {
        var run = RecoveryMoves.Take(Run().Do("restore", at).Do("check", at), "look", at).Run;
        run = RecoveryMoves.Take(RecoveryMoves.Confirm(run, "look", "ben", null, at), "look", at).Run;
        return RecoveryMoves.Take(run, "gate", at).Run;
    }

    public static Person Person(string id, params string[] roles) => new(id, id, null, null, roles, [], null);
}
