using Maintenance.Backups.Retention;
using Maintenance.Time;

namespace Maintenance.Backups;

/// <summary>What is backed up, when, how long it is kept, and who hears of a failure.</summary>
/// <param name="Id">Short and stable: part of every snapshot's id.</param>
/// <param name="Service">The id of the service whose RPO the backups must keep.</param>
/// <param name="Source">What is read.</param>
/// <param name="Exclude">Globs of paths of the source that are left out.</param>
/// <param name="Schedule">When a backup is taken.</param>
/// <param name="Notify">People or roles that hear when a backup or its proof fails, and of alarms.</param>
public sealed record BackupPolicy(
    string Id, string Service, BackupSource Source, IReadOnlyList<string> Exclude, Schedule Schedule, IReadOnlyList<string> Notify)
{
    /// <summary>How hard contents are compressed.</summary>
    public BackupCompression Compression { get; init; } = BackupCompression.Balanced;

    /// <summary>Since when, and why, its schedule rests; null where it does not.</summary>
    public BackupPause? Paused { get; init; }

    /// <summary>What is kept. No rules keep everything.</summary>
    public RetentionRules Retention { get; init; } = RetentionRules.KeepEverything;

    /// <summary>What a proof asks of a restored snapshot, and how long it counts.</summary>
    public ProofRules Proof { get; init; } = ProofRules.Plain;

    /// <summary>How long after its recovery point nobody may drop a snapshot, whatever the rules say; zero for not at all.</summary>
    public TimeSpan ImmutableFor { get; init; }

    /// <summary>The ids of the copies (in the plan's <c>repository</c> section) that each snapshot is taken to.</summary>
    public IReadOnlyList<string> Copies { get; init; } = [];

    /// <summary>By how much a snapshot may differ from its predecessors before somebody should look.</summary>
    public JumpLimits Jumps { get; init; } = JumpLimits.Usual;
}

/// <summary>Kinds of source.</summary>
public enum BackupSourceKind
{
    /// <summary>A folder of files.</summary>
    Folder,

    /// <summary>The system's own records, at one instant, and the files that they name.</summary>
    Records,

    /// <summary>A Blob container.</summary>
    Container,

    /// <summary>An Azure table.</summary>
    Table,

    /// <summary>A PostgreSQL database.</summary>
    Postgres,

    /// <summary>What a command writes to its standard output.</summary>
    Command,
}

/// <summary>What is read.</summary>
/// <param name="Kind">Which kind.</param>
/// <param name="Location">
/// An absolute folder; the URI of a container or table; the name of the host's setting that holds a PostgreSQL connection string (a plan is no place for secrets);
/// the program of a command; <c>all</c> for records.
/// </param>
public sealed record BackupSource(BackupSourceKind Kind, string Location)
{
    /// <summary>The arguments of a command.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>What a command's output is called in the snapshot.</summary>
    public string OutputName { get; init; } = "output";

    /// <summary>True where a folder's backup stays on the folder's own file system.</summary>
    public bool IsOneFileSystem { get; init; }

    /// <summary>As people are told: <c>folder /srv/register</c>.</summary>
    public override string ToString() =>
        $"{Kind.ToString().ToLowerInvariant()} {string.Join(' ', [Location, .. Arguments])}";
}

/// <summary>How hard contents are compressed. What does not shrink is stored as it is, always.</summary>
public enum BackupCompression
{
    /// <summary>Brotli 2: about as small as zstd 3.</summary>
    Balanced,

    /// <summary>Brotli 1: about a third less work, about 5 % larger.</summary>
    Fast,

    /// <summary>Not at all.</summary>
    None,
}

/// <summary>A schedule that rests.</summary>
/// <param name="Since">The first local date without backups.</param>
/// <param name="Reason">Why, for whoever reads the plan next.</param>
public sealed record BackupPause(NodaTime.LocalDate Since, string Reason);

/// <summary>What a proof asks of a restored snapshot besides being equal to what was read.</summary>
/// <param name="ExpiresAfter">How long a proof counts; null for as long as the snapshot is there.</param>
/// <param name="MinimumFiles">How many files it must have at least.</param>
/// <param name="MinimumBytes">How many bytes its files must have at least.</param>
/// <param name="Contains">Paths that must be there and not be empty.</param>
/// <param name="Command">A program and its arguments, run in the restored folder; exit code 0 passes. Embedded host only; empty for none.</param>
public sealed record ProofRules(TimeSpan? ExpiresAfter, long MinimumFiles, long MinimumBytes, IReadOnlyList<string> Contains, IReadOnlyList<string> Command)
{
    /// <summary>Nothing but equality, for ever.</summary>
    public static ProofRules Plain { get; } = new(null, 0, 0, [], []);
}

/// <summary>By how much a snapshot may differ from the median of its predecessors before somebody should look (signs of ransomware or of a lost source).</summary>
/// <param name="SizePercent">Its bytes, up or down.</param>
/// <param name="FilesPercent">Its number of files, up or down.</param>
/// <param name="EntropyBits">The mean entropy of its new contents, up, in bits a byte: encrypted data have nearly 8.</param>
public sealed record JumpLimits(int SizePercent, int FilesPercent, double EntropyBits)
{
    /// <summary>Half as much again or half as much; one bit a byte.</summary>
    public static JumpLimits Usual { get; } = new(50, 50, 1.0);

    /// <summary>Of the system's own records: with what people attach they grow as they like, and a photograph is as dense as encrypted data. That they shrink is what nobody expects.</summary>
    public static JumpLimits OfRecords { get; } = Usual with { MayGrow = true };

    /// <summary>True where only less than before is a sign of anything.</summary>
    public bool MayGrow { get; init; }
}

/// <summary>How the repository is looked after: the plan's <c>repository</c> section.</summary>
/// <param name="Media">What the host's own store is kept on, in the organisation's words: <c>disk</c>, <c>object storage</c>.</param>
/// <param name="IsOffSite">True where the host's own store is away from the site that it protects.</param>
/// <param name="Prune">When what no snapshot needs is removed; null for on request only.</param>
/// <param name="Grace">How long an unneeded pack is kept after it was found unneeded.</param>
/// <param name="Verify">When stored data are read and checked; null for on request only.</param>
/// <param name="VerifyPercent">How much of them each time: all is read once in 100 / this many times.</param>
/// <param name="Copies">Further stores that snapshots are taken to.</param>
public sealed record RepositoryCare(
    string Media, bool IsOffSite, Schedule? Prune, TimeSpan Grace, Schedule? Verify, int VerifyPercent, IReadOnlyList<RepositoryCopy> Copies)
{
    /// <summary>Where the plan says nothing.</summary>
    public static RepositoryCare Usual { get; } = new("disk", false, null, TimeSpan.FromDays(2), null, 10, []);

    /// <summary>The copy of an id, or null.</summary>
    public RepositoryCopy? FindCopy(string id) => Copies.FirstOrDefault(copy => copy.Id == id);
}

/// <summary>A further store that snapshots are taken to as they are.</summary>
/// <param name="Id">Short and stable.</param>
/// <param name="Location">An absolute folder (a mount), or the URI of a Blob container.</param>
/// <param name="Media">What it is kept on.</param>
/// <param name="IsOffSite">True where it is away from the site.</param>
/// <param name="Verify">When it is read and checked; null for on request only.</param>
/// <param name="VerifyPercent">How much each time.</param>
public sealed record RepositoryCopy(string Id, string Location, string Media, bool IsOffSite, Schedule? Verify, int VerifyPercent);
