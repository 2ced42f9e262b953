using Maintenance.Backups;
using Maintenance.Backups.Retention;
using Maintenance.Plan;
using NodaTime;

namespace Maintenance.Tests.Plan;

/// <summary>What a backup policy may say besides source and schedule: how it is read, what it is where nothing is said, and the faults of its fields.</summary>
public sealed class BackupSectionTests
{
    private const string DurationHint = "Write one such as 15m, 4h, 1d 12h (units w d h m s, above zero).";

    public static TheoryData<Fault> Faults => new(
        new("compression: fast", "compression: fsat", "compression: |fsat", "backups[0].compression", "'fsat' is none of the choices.", "Did you mean 'fast'?"),
        new("compression: fast", "paused: { since: 2026-11-31, reason: Full. }", "since: |2026-11-31", "backups[0].paused.since", "'2026-11-31' is not a date.", "Write one such as 2026-12-25."),
        new("compression: fast", "paused: { since: 2026-11-20 }", "paused: |{", "backups[0].paused.reason", "the key 'reason' is missing.", "Why, for whoever reads the plan next."),
        new("compression: fast", "paused: true", "paused: |true", "backups[0].paused", "it is not a mapping (key: value lines).", "Indent its keys below it."),
        new("last: 3,", "last: -3,", "last: |-3", "backups[0].retention.last", "'-3' is not a whole number from 0 to 100000.", "Write one such as 0."),
        new("last: 3,", "within: 0d,", "within: |0d", "backups[0].retention.within", "'0d' is not a duration.", DurationHint),
        new("daily: 14,", "dayly: 14,", "|dayly", "backups[0].retention.dayly", "the key 'dayly' is not known here.", "Did you mean 'daily'?"),
        new("minimumFiles: 1,", "expires: soon,", "expires: |soon", "backups[0].proof.expires", "'soon' is not a duration.", DurationHint),
        new("minimumFiles: 1,", "minimumBytes: 1 GB,", "minimumBytes: |1 GB", "backups[0].proof.minimumBytes", "'1 GB' is not a whole number from 0 to 9007199254740992.", "Write one such as 1000."),
        new("minimumFiles: 1,", "minimumFiles: 9007199254740993,", "minimumFiles: |9007", "backups[0].proof.minimumFiles", "'9007199254740993' is not a whole number from 0 to 9007199254740992.", "Write one such as 1000."),
        new("contains: [births.csv]", "contains: [/births.csv]", "contains: [|/births", "backups[0].proof.contains[0]", "'/births.csv' is not a path below the source.", "Write one with / between its names and none in front, such as births/2026.csv."),
        new("contains: [births.csv]", "contains: [a/../b]", "contains: [|a/", "backups[0].proof.contains[0]", "'a/../b' is not a path below the source.", "Write one with / between its names and none in front, such as births/2026.csv."),
        new("contains: [births.csv]", "command: []", "command: |[]", "backups[0].proof.command", "the list has 0 items; at least 1 is needed.", null),
        new("contains: [births.csv]", "command: [\"\"]", "command: [|\"\"", "backups[0].proof.command[0]", "it is empty.", "Write the program first, then each argument as an item of its own."),
        new("contains: [births.csv]", "command: [\"a\\0\"]", "command: [|\"a", "backups[0].proof.command[0]", "it has a null character.", "No program takes one."),
        new("contains: [births.csv]", "command: ./check.sh", "command: |./", "backups[0].proof.command", "it is not a list.", "Write one item a line, each after a hyphen, or [a, b]."),
        new("immutableFor: 7d", "immutableFor: 0d", "immutableFor: |0d", "backups[0].immutableFor", "'0d' is not a duration.", DurationHint),
        new("sizePercent: 40", "sizePercent: 40%", "sizePercent: |40%", "backups[0].jumps.sizePercent", "'40%' is not a whole number from 1 to 100000.", "Write one such as 1."),
        new("sizePercent: 40", "entropyBits: 9", "entropyBits: |9", "backups[0].jumps.entropyBits", "'9' is not a number from 0.1 to 8.", "Write one such as 1.5."),
        new("sizePercent: 40", "entropyBits: NaN", "entropyBits: |NaN", "backups[0].jumps.entropyBits", "'NaN' is not a number from 0.1 to 8.", "Write one such as 1.5."));

    public static TheoryData<Fault> Warnings => new(
        new("daily: 14, minimum: 2 }", "daily: 14 }", "retention: |{", "backups[0].retention", "it does not say how many proven snapshots stay whatever its rules say.", "Add minimum, such as minimum: 2: so many are then left even where all that came after them are bad."),
        new("minimumFiles: 1,", "expires: 47h,", "expires: |47h", "backups[0].proof.expires", "a proof ends after 1d 23h, and backups are up to 1d apart: one that fails may leave none that counts.", "Give it two of these intervals at least: 2d."),
        new("source: { folder: register }", "source: { records: all }", "exclude: |[", "backups[0].exclude", "it has no effect: records and their files are always taken as a whole.", "Remove it."),
        new("source: { folder: register }", "source: { postgres: CIVREG }", "exclude: |[", "backups[0].exclude", "it has no effect: a source of postgres has no paths.", "Remove it."),
        new("source: { folder: register }", "source: { command: [pg_dump] }", "exclude: |[", "backups[0].exclude", "it has no effect: a source of command has no paths.", "Remove it."));

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_value_that_is_none_of_its_kind_is_reported_with_what_would_be_right(Fault fault) => fault.AssertReported(PlanProblemSeverity.Error);

    [Theory]
    [MemberData(nameof(Warnings))]
    public void What_is_doubtful_is_a_warning_and_the_plan_is_used(Fault fault) => fault.AssertReported(PlanProblemSeverity.Warning);

    [Fact]
    public void Every_field_is_read_into_the_policy()
    {
        var policy = Policy("""
                compression: none
                paused: { since: 2026-11-20, reason: The store is being moved. }
                retention: { last: 3, hourly: 24, daily: 14, weekly: 8, monthly: 12, yearly: 7, within: 2d, minimum: 2 }
                proof: { expires: 7d, minimumFiles: 1, minimumBytes: 5000000000, contains: [births.csv, a/b], command: [./check.sh, "two words"] }
                immutableFor: 1d 12h
                copies: [away]
                jumps: { sizePercent: 60, filesPercent: 70, entropyBits: 1.5 }
            """);

        Assert.Equal(BackupCompression.None, policy.Compression);
        Assert.Equal(new BackupPause(new LocalDate(2026, 11, 20), "The store is being moved."), policy.Paused);
        Assert.Equal(new RetentionRules(3, 24, 14, 8, 12, 7, TimeSpan.FromDays(2), 2), policy.Retention);
        Assert.Equal((TimeSpan.FromDays(7), 1, 5_000_000_000), (policy.Proof.ExpiresAfter, policy.Proof.MinimumFiles, policy.Proof.MinimumBytes));
        Assert.Equal(["births.csv", "a/b"], policy.Proof.Contains);
        Assert.Equal(["./check.sh", "two words"], policy.Proof.Command);
        Assert.Equal(TimeSpan.FromHours(36), policy.ImmutableFor);
        Assert.Equal(["away"], policy.Copies);
        Assert.Equal(new JumpLimits(60, 70, 1.5), policy.Jumps);
    }

    [Fact]
    public void What_is_left_out_is_what_the_records_say()
    {
        var policy = Policy("    copies: [away]\n");

        Assert.Equal(BackupCompression.Balanced, policy.Compression);
        Assert.Null(policy.Paused);
        Assert.Equal(RetentionRules.KeepEverything, policy.Retention);
        Assert.Equal(ProofRules.Plain, policy.Proof);
        Assert.Equal(TimeSpan.Zero, policy.ImmutableFor);
        Assert.Equal(JumpLimits.Usual, policy.Jumps);
        Assert.False(policy.Source.IsOneFileSystem);
    }

    [Theory]
    [InlineData("retention: { minimum: 3 }")]
    [InlineData("retention: {}")]
    [InlineData("retention: { last: 0, within: 2d, minimum: 1 }")]
    [InlineData("retention: { last: 1, minimum: 50 }")]
    [InlineData("proof: { expires: 2d }")]
    [InlineData("paused: { since: 2126-01-01, reason: The building is moved then. }")]
    public void What_is_unusual_but_means_something_is_no_problem(string line) => _ = Policy($"    {line}\n    copies: [away]\n");

    /// <summary>The small plan's policy with these lines instead of its own optional ones.</summary>
    private static BackupPolicy Policy(string lines)
    {
        var from = SmallPlan.Yaml.IndexOf("    compression: fast\n", StringComparison.Ordinal);
        var schedule = SmallPlan.Yaml.IndexOf("    retention: {", StringComparison.Ordinal);
        var to = SmallPlan.Yaml.IndexOf("    notify: [dba]\n", StringComparison.Ordinal);
        Assert.True(from > 0 && schedule > from && to > schedule);
        var indented = string.Concat(lines.TrimEnd('\n').Split('\n').Select(static line => $"    {line.Trim()}\n"));
        var load = SmallPlan.Load(string.Concat(SmallPlan.Yaml.AsSpan(0, from), "    schedule: 0 0 2 * * *\n", indented, SmallPlan.Yaml.AsSpan(to)));
        Assert.Empty(load.Problems);
        return Assert.Single(load.Plan!.Backups);
    }
}
