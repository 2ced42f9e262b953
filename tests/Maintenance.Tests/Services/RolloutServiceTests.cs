using Maintenance.Backups;
using Maintenance.Rollouts;
using Maintenance.Workflows;

namespace Maintenance.Tests.Services;

/// <summary>Rollouts on the real engine, over real records, a real repository and real files.</summary>
public sealed class RolloutServiceTests
{
    private const string Two = """
            - id: test
              name: Test
              duration: 1h
              targets: [t]
              apply: { command: [./apply.sh] }
              probes: [{ http: "http://localhost/health" }]
            - id: production
              name: Production
              duration: 1h
              targets: [a, b]
              backups: [nightly]
              apply: { command: [./apply.sh] }
              undo: { command: [./undo.sh] }
              probes: [{ http: "http://localhost/health" }]
              soak: 1h
              notify: [eve]

        """;

    private const string Night = """
        windows:
          horizon: 10d
          maintenance:
            - { id: night, name: Night, days: [mon, tue, wed, thu, fri, sat, sun], start: "20:00", end: "23:00" }

        """;

    private static readonly string Windowed = Two.Replace("      name: Production\n", "      name: Production\n      windows: [night]\n", StringComparison.Ordinal);

    [Fact]
    public async Task An_approved_change_goes_through_every_ring_with_a_fresh_proven_backup_and_everybody_hears_of_it_once()
    {
        await using var rig = await ReadyAsync(Two);
        var patch = await rig.ApproveAsync();
        var run = await rig.EndAsync(patch);

        Assert.Equal((RolloutState.Completed, null), (run.State, run.Problem));
        Assert.Equal(["apply t 1", "apply a 1", "apply b 1"], rig.Programs.Acts);
        Assert.Equal(["t", "a", "b"], await File.ReadAllLinesAsync(Path.Join(rig.Source, "version.txt")));

        // Once in the ring without soak; before and after it in the other.
        Assert.Equal(3, rig.Outside.Probes);
        var production = run.Ring("production");
        Assert.Equal(production.AppliedAt!.Value.AddHours(1), production.SoakUntil!.Value, TimeSpan.FromMinutes(2));
        Assert.True(production.EndedAt >= production.SoakUntil);
        var backup = Assert.Single(production.Backups);
        var stored = (await rig.Web.Get<BackupService>().FindRunAsync(backup.Run, default))!;
        Assert.Equal(BackupRunState.Proven, stored.State);
        Assert.True(stored.ClaimedAt >= production.StartedAt && stored.EndedAt <= production.AppliedAt);
        Assert.True(run.Ring("test").EndedAt <= production.StartedAt);

        var order = rig.Programs.Orders[1].Variables;
        Assert.Equal($"{patch}/production/apply/a", order["MAINTENANCE_KEY"]);
        Assert.Equal((patch, "production", "register", backup.Run), (order["MAINTENANCE_PATCH"], order["MAINTENANCE_RING"], order["MAINTENANCE_SERVICE"], order["MAINTENANCE_SNAPSHOTS"]));

        foreach (var person in new[] { "ann", "ben", "cat", "dan", "eve" })
        {
            Assert.Single(rig.Notifier.Sent, line => line.StartsWith($"rollout/{patch}/ended", StringComparison.Ordinal) && line.EndsWith($":{person}@registry.example", StringComparison.Ordinal));
        }

        Assert.Equal(rig.Notifier.Sent.Distinct().Count(), rig.Notifier.Sent.Count);
        Assert.Contains(rig.Notifier.Sent, static line => line.Contains("/line-", StringComparison.Ordinal));
        Assert.Empty(await rig.Rollouts.ListOpenAsync(default).ToListAsync());
        Assert.Equal(WorkflowState.Completed, (await rig.Engine.GetAsync(run.Workflow, default))!.State);
    }

    [Fact]
    public async Task One_rollout_at_a_time_is_in_a_ring_and_the_next_waits_until_it_is_through()
    {
        await using var rig = await ReadyAsync(Two);
        var first = await rig.ApproveAsync();
        var soaking = await rig.UntilAsync(first, static run => run.Ring("production").State == RingState.Soaking);
        var second = await rig.ApproveAsync();
        var waiting = await rig.UntilAsync(second, static run => run.Ring("production").WaitsFor is not null);

        Assert.Equal((first, RingState.Soaking), (waiting.Ring("production").WaitsFor, (await rig.RunAsync(first)).Ring("production").State));
        Assert.True(waiting.Ring("test").State == RingState.Done && soaking.IsOpen);
        var (one, two) = (await rig.EndAsync(first), await rig.EndAsync(second));
        Assert.Equal((RolloutState.Completed, RolloutState.Completed), (one.State, two.State));
        Assert.True(two.Ring("production").StartedAt >= one.Ring("production").EndedAt);
        Assert.Single(two.Timeline, entry => entry.What.Contains($"waits until {first} is through", StringComparison.Ordinal));
        Assert.Null(two.Ring("production").WaitsFor);
    }

    [Fact]
    public async Task A_backup_that_was_under_way_before_the_ring_began_is_no_fresh_one()
    {
        await using var rig = await ReadyAsync(Two);
        var backups = rig.Web.Get<BackupService>();

        // Claimed a moment before: its snapshot may lack what was written just then.
        BackupRun? early = null;
        rig.Programs.During = async order =>
        {
            if (early is null)
            {
                early = await backups.StartAsync("nightly", default);
                rig.Web.Clock.Advance(TimeSpan.FromMilliseconds(1));
            }
        };
        var patch = await rig.ApproveAsync();
        var run = await rig.EndAsync(patch);

        Assert.NotNull(early);
        var used = Assert.Single(run.Ring("production").Backups);
        Assert.NotEqual(early.Id, used.Run);
        Assert.True((await backups.FindRunAsync(used.Run, default))!.ClaimedAt >= run.Ring("production").StartedAt);
    }

    [Fact]
    public async Task A_change_that_fails_at_its_second_target_is_taken_back_at_both_and_the_folder_is_again_what_the_backup_holds()
    {
        await using var rig = await ReadyAsync(Two);
        rig.Script("apply.sh", "echo $MAINTENANCE_TARGET >> source/version.txt; echo new > source/entry.txt; [ $MAINTENANCE_TARGET != b ]");
        var before = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        rig.Programs.During = order =>
        {
            if (order.Variables.GetValueOrDefault("MAINTENANCE_TARGET") == "a" && before.Count == 0)
            {
                before = Files(rig.Source);
            }

            return Task.CompletedTask;
        };
        var patch = await rig.ApproveAsync();
        var run = await rig.EndAsync(patch);

        Assert.Equal(RolloutState.RolledBack, run.State);
        Assert.Contains("for b", run.Problem, StringComparison.Ordinal);
        Assert.Equal(["apply t 1", "apply a 1", "apply b 1", "apply b 2", "apply b 3", "undo b 1", "undo a 1"], rig.Programs.Acts);
        Assert.Single(rig.Programs.Orders.Where(static order => order.Variables["MAINTENANCE_KEY"].EndsWith("/apply/b", StringComparison.Ordinal)).Select(static order => order.Variables["MAINTENANCE_KEY"]).Distinct());
        Assert.Equal((RingState.Done, RingState.RolledBack), (run.Ring("test").State, run.Ring("production").State));
        AssertSame(before, Files(rig.Source));

        // What was written since is not lost.
        var aside = $"{rig.Source}.patched-{patch}-production";
        Assert.Equal("new\n", await File.ReadAllTextAsync(Path.Join(aside, "entry.txt")));
        Assert.Equal(["source", $"source.patched-{patch}-production"], Directory.GetDirectories(rig.Web.PathOf(""), "source*").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var person in new[] { "ann", "ben", "cat", "dan", "eve" })
        {
            Assert.Single(rig.Notifier.Sent, line => line.StartsWith($"rollout/{patch}/ended", StringComparison.Ordinal) && line.EndsWith($":{person}@registry.example", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_probe_that_fails_after_the_soak_time_takes_the_change_back_and_the_snapshot_was_held_until_then()
    {
        await using var rig = await ReadyAsync(Two);
        var before = Files(rig.Source);
        var patch = await rig.ApproveAsync();
        var soaking = await rig.UntilAsync(patch, static run => run.Ring("production").State == RingState.Soaking);
        var snapshot = Assert.Single(soaking.Ring("production").Backups).Run;
        var retention = rig.Web.Get<RetentionService>();
        Assert.Contains(patch, (await retention.FindHoldAsync(snapshot, default))!.Reason, StringComparison.Ordinal);
        rig.Outside.Status = 503;
        var run = await rig.EndAsync(patch);

        Assert.Equal(RolloutState.RolledBack, run.State);
        Assert.Contains("503", run.Problem, StringComparison.Ordinal);
        Assert.Equal(["undo b 1", "undo a 1"], rig.Programs.Acts.TakeLast(2));

        // The first ring had written its line before the backup.
        before["version.txt"] = "t\n"u8.ToArray();
        AssertSame(before, Files(rig.Source));
        Assert.Null(await retention.FindHoldAsync(snapshot, default));
    }

    [Fact]
    public async Task A_rollback_that_fails_waits_for_a_person_who_may_have_it_tried_again()
    {
        await using var rig = await ReadyAsync(Two);
        rig.Script("apply.sh", "[ $MAINTENANCE_TARGET != b ]");
        rig.Script("undo.sh", "exit 1");
        var patch = await rig.ApproveAsync();
        var stuck = await rig.UntilAsync(patch, static run => run.State == RolloutState.Stuck);
        Assert.Equal((RingState.Undoing, 3), (stuck.Ring("production").State, stuck.Ring("production").UndoAttempts));

        // It stays so, whatever time passes.
        rig.Web.Clock.Advance(TimeSpan.FromDays(3));
        await rig.Engine.WaitUntilIdleAsync();
        Assert.Equal(RolloutState.Stuck, (await rig.RunAsync(patch)).State);

        rig.Script("undo.sh", "exit 0");
        await Assert.ThrowsAsync<RolloutStateException>(() => rig.DecideAsync(patch, RolloutDecision.Resume));
        _ = await rig.DecideAsync(patch, RolloutDecision.Retry);
        var run = await rig.EndAsync(patch);
        Assert.Equal((RolloutState.RolledBack, 4), (run.State, run.Ring("production").UndoAttempts));
    }

    [Fact]
    public async Task Where_no_backup_is_proven_nothing_is_changed_and_a_retry_takes_others()
    {
        await using var rig = await ReadyAsync(Two);
        Directory.Move(rig.Source, rig.Source + ".away");
        rig.Script("apply.sh", "exit 0");
        var patch = await rig.ApproveAsync();
        var stuck = await rig.UntilAsync(patch, static run => run.State == RolloutState.Stuck);
        Assert.Equal((RingState.BackingUp, 0), (stuck.Ring("production").State, stuck.Ring("production").Touched.Count));
        Assert.Equal(["apply t 1"], rig.Programs.Acts);

        Directory.Move(rig.Source + ".away", rig.Source);
        _ = await rig.DecideAsync(patch, RolloutDecision.Retry);
        Assert.Equal(RolloutState.Completed, (await rig.EndAsync(patch)).State);
    }

    [Fact]
    public async Task Who_implements_it_and_administrators_pause_resume_and_abort_and_nobody_else()
    {
        await using var rig = await ReadyAsync(Two);
        var patch = await rig.ApproveAsync();
        _ = await rig.UntilAsync(patch, static run => run.Ring("production").State == RingState.Soaking);
        foreach (var person in new[] { "cat", "dan", "eve" })
        {
            foreach (var decision in Enum.GetValues<RolloutDecision>())
            {
                await Assert.ThrowsAsync<RolloutForbiddenException>(() => rig.DecideAsync(patch, decision, person));
            }
        }

        var paused = await rig.DecideAsync(patch, RolloutDecision.Pause, "ben", "A call came in.");
        rig.Web.Clock.Advance(TimeSpan.FromDays(2));
        await rig.Engine.WaitUntilIdleAsync();
        Assert.Equal((RolloutState.Paused, RingState.Soaking), ((await rig.RunAsync(patch)).State, (await rig.RunAsync(patch)).Ring("production").State));
        Assert.Contains(rig.Notifier.Sent, line => line == $"rollout/{patch}/line-{paused.ToTell} → mail:ann@registry.example");

        _ = await rig.DecideAsync(patch, RolloutDecision.Resume, "ann");
        Assert.Equal(RolloutState.Completed, (await rig.EndAsync(patch)).State);
        await Assert.ThrowsAsync<RolloutStateException>(() => rig.DecideAsync(patch, RolloutDecision.Abort));
        Assert.Null(await rig.Rollouts.DecideAsync("P-9", RolloutDecision.Abort, null, "None", default));
    }

    [Theory]
    [InlineData(RolloutDecision.Abort)]
    [InlineData(RolloutDecision.Pause)]
    public async Task What_a_person_stops_while_a_target_is_changed_goes_to_no_further_target(RolloutDecision decision)
    {
        await using var rig = await ReadyAsync(Two);
        var patch = "";
        rig.Programs.During = async order =>
        {
            if (order.Variables.GetValueOrDefault("MAINTENANCE_TARGET") == "a" && order.Variables["MAINTENANCE_ACT"] == "apply")
            {
                _ = await rig.Rollouts.DecideAsync(order.Variables["MAINTENANCE_PATCH"], decision, rig.Person("ben"), "Stop.", default);
            }
        };
        patch = await rig.ApproveAsync();
        var run = await rig.UntilAsync(patch, run => decision == RolloutDecision.Abort ? !run.IsOpen : run.State == RolloutState.Paused);
        await rig.Engine.WaitUntilIdleAsync();

        Assert.DoesNotContain(rig.Programs.Acts, static act => act.StartsWith("apply b", StringComparison.Ordinal));
        if (decision == RolloutDecision.Abort)
        {
            Assert.Equal((RolloutState.Aborted, "Stop."), (run.State, run.Problem));
            Assert.Equal("undo a 1", rig.Programs.Acts.Last());
            return;
        }

        // Resumed, it goes on where it was: what has the change does not get it again.
        _ = await rig.DecideAsync(patch, RolloutDecision.Resume);
        Assert.Equal(RolloutState.Completed, (await rig.EndAsync(patch)).State);
        Assert.Equal(["apply t 1", "apply a 1", "apply b 2"], rig.Programs.Acts);
    }

    [Fact]
    public async Task A_relay_that_is_down_holds_up_nothing()
    {
        await using var rig = await ReadyAsync(Two);
        rig.Notifier.OutOfReach.UnionWith(new[] { "ann", "ben", "cat", "dan", "eve" }.Select(static person => $"mail:{person}@registry.example"));
        var patch = await rig.ApproveAsync();
        Assert.Equal(RolloutState.Completed, (await rig.EndAsync(patch)).State);
    }

    [Fact]
    public async Task A_ring_waits_for_its_window_and_a_freeze_that_comes_meanwhile_moves_it()
    {
        await using var rig = await ReadyAsync(Windowed, Night);
        var patch = await rig.ApproveAsync();

        // It is 02:00: the window opens at 20:00.
        var run = await rig.UntilAsync(patch, static run => run.Ring("production").State == RingState.Scheduled);
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 20, 0, 0, TimeSpan.Zero), run.Ring("production").SlotStart);
        await rig.ChangePlanAsync(static yaml => yaml + "  freezes: [{ id: busy, from: 2026-11-22T20:30, to: 2026-11-23T21:00, reason: Busy }]\n");
        run = await rig.UntilAsync(patch, static run => run.Ring("production").SlotStart > new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero), 19 * 60);
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 21, 0, 0, TimeSpan.Zero), run.Ring("production").SlotStart);
        Assert.Equal(["apply t 1"], rig.Programs.Acts);

        run = await rig.EndAsync(patch, 48 * 60);
        Assert.Equal(RolloutState.Completed, run.State);
        Assert.InRange(run.Ring("production").AppliedAt!.Value, new DateTimeOffset(2026, 11, 23, 21, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 11, 23, 22, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_window_that_closes_between_two_targets_leaves_none_of_them_changed()
    {
        await using var rig = await ReadyAsync(Windowed, Night);
        rig.Programs.During = order =>
        {
            if (order.Variables.GetValueOrDefault("MAINTENANCE_TARGET") == "a" && order.Variables["MAINTENANCE_ACT"] == "apply")
            {
                rig.Web.Clock.Advance(TimeSpan.FromHours(2));
            }

            return Task.CompletedTask;
        };
        var patch = await rig.ApproveAsync();
        var run = await rig.EndAsync(patch, 48 * 60);

        Assert.Equal(RolloutState.RolledBack, run.State);
        Assert.Contains("window was over", run.Problem, StringComparison.Ordinal);
        Assert.Equal(["apply t 1", "apply a 1", "undo a 1"], rig.Programs.Acts);
    }

    [Fact]
    public async Task A_ring_that_was_paused_before_its_change_takes_a_new_backup_in_another_window()
    {
        await using var rig = await ReadyAsync(Windowed, Night);
        var patch = await rig.ApproveAsync();
        var first = await rig.UntilAsync(patch, static run => run.Ring("production").State == RingState.BackingUp, 19 * 60);
        _ = await rig.DecideAsync(patch, RolloutDecision.Pause);
        rig.Web.Clock.Advance(TimeSpan.FromHours(12));
        await rig.Engine.WaitUntilIdleAsync();
        _ = await rig.DecideAsync(patch, RolloutDecision.Resume);
        var run = await rig.EndAsync(patch, 48 * 60);

        Assert.Equal(RolloutState.Completed, run.State);
        Assert.True(run.Ring("production").AppliedAt > first.Ring("production").SlotEnd);
        var backup = (await rig.Web.Get<BackupService>().FindRunAsync(Assert.Single(run.Ring("production").Backups).Run, default))!;
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 20, 0, 0, TimeSpan.Zero), backup.ClaimedAt, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_window_that_the_plan_no_longer_has_is_told_once_and_the_ring_goes_on_when_it_is_back()
    {
        await using var rig = await ReadyAsync(Windowed, Night);
        var patch = await rig.ApproveAsync();
        _ = await rig.UntilAsync(patch, static run => run.Ring("production").State == RingState.Scheduled);
        var before = rig.PlanFile.Text;
        await rig.ChangePlanAsync(static yaml => yaml.Replace("id: night,", "id: day,", StringComparison.Ordinal).Replace("windows: [night]", "windows: [day]", StringComparison.Ordinal));
        var run = await rig.UntilAsync(patch, static run => run.Ring("production").IsWithoutWindow, 19 * 60);
        rig.Web.Clock.Advance(TimeSpan.FromHours(10));
        await rig.Engine.WaitUntilIdleAsync();
        Assert.Single((await rig.RunAsync(patch)).Timeline, static entry => entry.What.Contains("no window of night", StringComparison.Ordinal));
        Assert.Contains(rig.Notifier.Sent, line => line == $"rollout/{patch}/line-{run.Timeline.Count} → mail:ann@registry.example");

        await rig.ChangePlanAsync(_ => before);
        Assert.Equal(RolloutState.Completed, (await rig.EndAsync(patch, 48 * 60)).State);
    }

    [Fact]
    public async Task A_rollback_whose_policy_the_plan_no_longer_has_waits_for_a_person_instead_of_passing_for_done()
    {
        await using var rig = await ReadyAsync(Two);
        var patch = await rig.ApproveAsync();
        _ = await rig.UntilAsync(patch, static run => run.Ring("production").State == RingState.Soaking);
        await rig.ChangePlanAsync(static yaml => yaml.Replace("id: nightly", "id: other", StringComparison.Ordinal).Replace("backups: [nightly]", "backups: [other]", StringComparison.Ordinal));
        _ = await rig.DecideAsync(patch, RolloutDecision.Abort);

        var stuck = await rig.UntilAsync(patch, static run => run.State == RolloutState.Stuck);
        Assert.Contains("nightly", stuck.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_mark_of_a_restored_folder_goes_though_the_process_ended_right_before_it_was_removed()
    {
        await using var rig = await ReadyAsync(Two);
        rig.Script("undo.sh", "[ -f done ] && exit 0; exit 1");
        var patch = await rig.ApproveAsync();
        _ = await rig.UntilAsync(patch, static run => run.Ring("production").State == RingState.Soaking);
        _ = await rig.DecideAsync(patch, RolloutDecision.Abort);
        _ = await rig.UntilAsync(patch, static run => run.State == RolloutState.Stuck);

        // As a crash leaves it: the record says restored, the mark is still there.
        await File.WriteAllTextAsync(Path.Join(rig.Source, $".rollback-{patch}-production"), "");
        _ = await rig.Rollouts.MoveAsync(patch, static run => RolloutMoves.RestoredFrom(run, "production", "nightly", "Restored.", run.StartedAt), default);
        rig.Script("undo.sh", "exit 0");
        _ = await rig.DecideAsync(patch, RolloutDecision.Retry);
        _ = await rig.EndAsync(patch);

        Assert.False(File.Exists(Path.Join(rig.Source, $".rollback-{patch}-production")));
    }

    private static async Task<RolloutRig> ReadyAsync(string rings, string windows = "")
    {
        var rig = await RolloutRig.StartAsync(rings, windows);
        rig.Script("apply.sh", "echo $MAINTENANCE_TARGET >> source/version.txt");
        rig.Script("undo.sh", "exit 0");
        return rig;
    }

    private static Dictionary<string, byte[]> Files(string folder) =>
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(file => Path.GetRelativePath(folder, file), File.ReadAllBytes, StringComparer.Ordinal);

    private static void AssertSame(Dictionary<string, byte[]> expected, Dictionary<string, byte[]> actual)
    {
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected, file => Assert.Equal(file.Value, actual[file.Key]));
    }
}
