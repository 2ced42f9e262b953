using Maintenance.Backups;
using Maintenance.Backups.Retention;
using Maintenance.Time;

using static Maintenance.Plan.PlaceScalars;
using static Maintenance.Plan.Scalars;

namespace Maintenance.Plan;

/// <summary>What the sections <c>backups</c> and <c>repository</c> look like; a part of <see cref="PlanShape"/>.</summary>
internal static class BackupShape
{
    /// <summary>Sources, of which a policy has exactly one.</summary>
    private static readonly string[] Sources = ["folder", "records", "container", "table", "postgres", "command"];

    public static BackupPolicy Policy(PlanMap m)
    {
        var policy = new BackupPolicy(
            m.Value("id", "Short and stable: part of every snapshot's id.", Id(PlanEntity.Backup), ""),
            m.Value("service", "The id of the service whose RPO the backups must keep.", Reference(PlanEntity.Service), ""),
            m.Map("source", "What is read: exactly one of folder, records, container, table, postgres, command.", Source),
            m.Values("exclude", "Globs of paths below the source that are left out: * within a name, ** across folders.", Text, least: 0),
            m.Value("schedule", "When: six NCRONTAB fields (second minute hour day month weekday) in the system's time zone.", Scalars.Schedule, Time.Schedule.Parse("0 0 0 * * *")),
            m.Values("notify", "People or roles that hear when a backup or its proof fails, and of alarms.", Reference(PlanEntity.Recipient), least: 1))
        {
            Compression = m.Optional("compression", "How hard contents are compressed: balanced (where left out), fast (a third less work, about 5 % larger) or none.", Choice<BackupCompression>(), BackupCompression.Balanced),
            Paused = m.OptionalMap("paused", "The schedule rests, and says so.", Pause),
            Retention = m.OptionalMap("retention", "Which snapshots are kept. The rules add up: what any of them keeps is kept. Left out: all.", Retention) ?? RetentionRules.KeepEverything,
            Proof = m.OptionalMap("proof", "What a restored snapshot must show before it counts, besides being equal to what was read.", Proof) ?? ProofRules.Plain,
            ImmutableFor = m.Optional("immutableFor", "How long nobody may drop a snapshot, whatever the rules say.", Duration, TimeSpan.Zero),
            Copies = m.Values("copies", "The ids of the copies (under repository) that each snapshot is taken to.", Reference(PlanEntity.Copy), least: 0),
        };
        return policy with { Jumps = m.OptionalMap("jumps", "By how much a snapshot may differ from the median of those before it until somebody should look: signs of ransomware or of a lost source.", Jumps) ?? (policy.Source.Kind == BackupSourceKind.Records ? JumpLimits.OfRecords : JumpLimits.Usual) };
    }

    public static RepositoryCare Repository(PlanMap m)
    {
        var usual = RepositoryCare.Usual;
        var media = m.Optional("media", "What the host's own store is kept on, in your words, such as disk or object storage; disk where left out.", Text, usual.Media);
        var isOffSite = m.Optional("offSite", "True where the host's own store is away from the site that it protects; false where left out.", Flag, usual.IsOffSite);
        var prune = m.OptionalMap("prune", "When what no snapshot needs is removed. Left out: on request only.", static inside => new PruneCare(
            inside.Optional("schedule", "When: six NCRONTAB fields in the system's time zone; on request only where left out.", OptionalSchedule, null),
            inside.Optional("grace", "How long data are kept after no snapshot needed them any more, at least 1h; 2d where left out.", Duration, RepositoryCare.Usual.Grace)));
        var verify = m.OptionalMap("verify", "When stored data are read and checked. Left out: on request only.", Verify);
        var copies = m.List("copies", "Further stores that snapshots are taken to as they are: other mounts, other accounts, other places.", Copy, least: 0);
        return new RepositoryCare(
            media, isOffSite, prune?.Schedule, prune?.Grace ?? usual.Grace, verify?.Schedule, verify?.Percent ?? usual.VerifyPercent, copies);
    }

    private static BackupSource Source(PlanMap m)
    {
        var folder = m.Optional("folder", "A folder, absolute or relative to the plan's own folder.", Folder, null);
        var isOneFileSystem = m.Optional("oneFileSystem", "True to leave out what is mounted below the folder; false where left out.", Flag, false);
        var records = m.Optional("records", "The system's own records (tickets, votes, the audit trail) at one instant, and the files attached to them: all.", AllRecords, null);
        var container = m.Optional("container", "The address of a Blob container; the host reads it by its own identity.", ContainerAddress, null);
        var table = m.Optional("table", "The address of an Azure table; the host reads it by its own identity.", TableAddress, null);
        var postgres = m.Optional("postgres", "The name of the host's setting that holds a PostgreSQL connection string: no secret stands in a plan.", SettingName, null);
        var command = m.Values("command", "A program and its arguments; what it writes to its standard output is backed up. Not on Azure.", Argument, least: 1, absent: []);
        var output = m.Optional("output", "What the command's output is called in the snapshot; output where left out.", FileName, null);
        m.ExactlyOne(Sources);
        m.OnlyWith("oneFileSystem", "folder");
        m.OnlyWith("output", "command");
        return records is not null ? new BackupSource(BackupSourceKind.Records, records)
            : container is not null ? new BackupSource(BackupSourceKind.Container, container)
            : table is not null ? new BackupSource(BackupSourceKind.Table, table)
            : postgres is not null ? new BackupSource(BackupSourceKind.Postgres, postgres)
            : command.Count > 0 ? OfCommand(command, output)
            : new BackupSource(BackupSourceKind.Folder, folder ?? "") { IsOneFileSystem = isOneFileSystem };
    }

    private static BackupSource OfCommand(IReadOnlyList<string> command, string? output)
    {
        var source = new BackupSource(BackupSourceKind.Command, command[0]) { Arguments = [.. command.Skip(1)] };
        return output is null ? source : source with { OutputName = output };
    }

    private static BackupPause Pause(PlanMap m) => new(
        m.Value("since", "The first date without backups.", Date, default),
        m.Value("reason", "Why, for whoever reads the plan next.", Text, ""));

    private static RetentionRules Retention(PlanMap m) => new(
        m.Optional("last", "The newest so many.", Snapshots, 0),
        m.Optional("hourly", "The newest of each of so many hours that have any.", Snapshots, 0),
        m.Optional("daily", "The newest of each of so many days.", Snapshots, 0),
        m.Optional("weekly", "The newest of each of so many ISO weeks.", Snapshots, 0),
        m.Optional("monthly", "The newest of each of so many months.", Snapshots, 0),
        m.Optional("yearly", "The newest of each of so many years.", Snapshots, 0),
        m.Optional("within", "All that are younger than this.", OptionalDuration, null),
        m.Optional("minimum", "So many proven ones stay, the newest, whatever the other rules say.", Snapshots, 0));

    private static ProofRules Proof(PlanMap m) => new(
        m.Optional("expires", "How long a proof counts; for as long as the snapshot is there where left out.", OptionalDuration, null),
        m.Optional("minimumFiles", "How many files it must have at least.", Amount, 0),
        m.Optional("minimumBytes", "How many bytes its files must have at least.", Amount, 0),
        m.Values("contains", "Paths below the source that must be there and not be empty.", InnerPath, least: 0),
        m.Values("command", "A program and its arguments, run in the restored folder; exit code 0 passes. Not on Azure.", Argument, least: 1, absent: []));

    private static JumpLimits Jumps(PlanMap m) => new(
        m.Optional("sizePercent", "Its bytes, up or down; 50 where left out.", Number(1, 100_000), JumpLimits.Usual.SizePercent),
        m.Optional("filesPercent", "Its number of files, up or down; 50 where left out.", Number(1, 100_000), JumpLimits.Usual.FilesPercent),
        m.Optional("entropyBits", "The mean entropy of its new contents, up, in bits a byte (encrypted data have nearly 8); 1.0 where left out.", Real(0.1, 8), JumpLimits.Usual.EntropyBits));

    private static VerifyCare Verify(PlanMap m) => new(
        m.Optional("schedule", "When: six NCRONTAB fields in the system's time zone; on request only where left out.", OptionalSchedule, null),
        m.Optional("percent", "How much each time, so that all is read once in 100 / this many times; 10 where left out.", Number(1, 100), RepositoryCare.Usual.VerifyPercent));

    private static RepositoryCopy Copy(PlanMap m)
    {
        var id = m.Value("id", "Short and stable; the policies name it under copies.", Id(PlanEntity.Copy), "");
        var folder = m.Optional("folder", "A folder (a mount, as a rule), absolute or relative to the plan's own folder.", Folder, null);
        var container = m.Optional("container", "The address of a Blob container, in another account or region as a rule.", ContainerAddress, null);
        var media = m.Optional("media", "What it is kept on, in your words, such as tape or object storage; disk where left out.", Text, RepositoryCare.Usual.Media);
        var isOffSite = m.Optional("offSite", "True where it is away from the site; false where left out.", Flag, false);
        var verify = m.OptionalMap("verify", "When it is read and checked. Left out: on request only.", Verify);
        m.ExactlyOne("folder", "container");
        return new RepositoryCopy(id, folder ?? container ?? "", media, isOffSite, verify?.Schedule, verify?.Percent ?? RepositoryCare.Usual.VerifyPercent);
    }

    private sealed record PruneCare(Schedule? Schedule, TimeSpan Grace);

    private sealed record VerifyCare(Schedule? Schedule, int Percent);
}
