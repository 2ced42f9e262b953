namespace Maintenance.Backups.Repository;

/// <summary>What becomes of files that are in the target already.</summary>
public enum ExistingFiles
{
    /// <summary>The target must be empty, or not exist.</summary>
    Refuse,

    /// <summary>They stay; what the snapshot has of the same path is left out.</summary>
    Keep,

    /// <summary>The snapshot's take their place, each in one step once it is whole.</summary>
    Replace,

    /// <summary>They get another name, <c>{name}.before-restore</c>, and the snapshot's take their place.</summary>
    Rename,
}

/// <summary>What is to be restored, and how.</summary>
/// <param name="Target">The absolute folder.</param>
public sealed record RestoreOrder(string Target)
{
    /// <summary>Paths or globs of the snapshot, each with all that is in it; empty for everything.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>What becomes of files that are in the target already.</summary>
    public ExistingFiles Existing { get; init; } = ExistingFiles.Refuse;

    /// <summary>True to say what would be done, and read and write nothing.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>How many threads read and write.</summary>
    public int Workers { get; init; } = 1;
}

/// <summary>What a restore did. Of long lists the first <see cref="SourceLimit"/> are there in words.</summary>
/// <param name="Snapshot">The snapshot's id.</param>
/// <param name="Target">Where to.</param>
/// <param name="IsDryRun">True where nothing was written.</param>
/// <param name="Files">Files restored, hard links among them not counted.</param>
/// <param name="Folders">Folders.</param>
/// <param name="Links">Symbolic and hard links.</param>
/// <param name="Bytes">Bytes of the files.</param>
/// <param name="Kept">Entries left out because something was there.</param>
/// <param name="Replaced">Entries that took the place of something.</param>
/// <param name="Renamed">Things that got another name.</param>
/// <param name="LossCount">Entries that could not be restored.</param>
/// <param name="Losses">The first of them, path and reason.</param>
/// <param name="Warnings">What is there but not in every respect as it was (an owner that could not be set): the first of them.</param>
public sealed record RestoreReport(
    string Snapshot,
    string Target,
    bool IsDryRun,
    long Files,
    long Folders,
    long Links,
    long Bytes,
    long Kept,
    long Replaced,
    long Renamed,
    long LossCount,
    IReadOnlyList<string> Losses,
    IReadOnlyList<string> Warnings)
{
    /// <summary>How many losses and warnings are kept in words.</summary>
    public const int SourceLimit = 1000;

    /// <summary>What was asked for: paths and globs; empty for everything.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>What was to become of files that were in the target already.</summary>
    public ExistingFiles Existing { get; init; }

    /// <summary>The id of the copy that was read; null for the repository itself.</summary>
    public string? Copy { get; init; }

    /// <summary>What this piece of a restore and another did together.</summary>
    public RestoreReport Plus(RestoreReport other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var lossCount = LossCount + other.LossCount;
        return this with
        {
            Files = Files + other.Files,
            Folders = Folders + other.Folders,
            Links = Links + other.Links,
            Bytes = Bytes + other.Bytes,
            Kept = Kept + other.Kept,
            Replaced = Replaced + other.Replaced,
            Renamed = Renamed + other.Renamed,
            LossCount = lossCount,
            Losses = HistoryText.First([.. Losses, .. other.Losses], lossCount),
            Warnings = HistoryText.First([.. Warnings, .. other.Warnings], Warnings.Count + other.Warnings.Count),
        };
    }
}

/// <summary>Which entries of a snapshot are asked for.</summary>
internal sealed class PathSelection
{
    private readonly string[] _paths;
    private readonly PathGlob? _globs;

    /// <param name="paths">Paths and globs; empty for everything.</param>
    public PathSelection(IReadOnlyList<string> paths)
    {
        _paths = [.. paths.Select(static path => path.Trim('/'))];
        var globs = _paths.Where(static path => path.AsSpan().IndexOfAny("*?") >= 0).ToArray();
        _globs = globs.Length == 0 ? null : new PathGlob(globs);
    }

    /// <summary>True where the entry, or a folder that it is in, was asked for.</summary>
    public bool Has(string path)
    {
        if (_paths.Length == 0 || _paths.Contains(""))
        {
            // The root was asked for, or nothing in particular.
            return true;
        }

        for (var part = path; ; part = part[..part.LastIndexOf('/')])
        {
            if (_paths.Contains(part) || _globs?.Matches(part) == true)
            {
                return true;
            }

            if (!part.Contains('/', StringComparison.Ordinal))
            {
                return false;
            }
        }
    }

    /// <summary>True where the folder leads to something that was asked for by its path.</summary>
    public bool LeadsTo(string folder) => Array.Exists(_paths, path => path.StartsWith(folder + "/", StringComparison.Ordinal));
}

/// <summary>A restore would write over something, and was not told how.</summary>
public sealed class TargetNotEmptyException(string target)
    : IOException($"The target '{target}' is not empty. Name a folder that is empty or does not exist, or say what becomes of existing files: keep, replace or rename.");
