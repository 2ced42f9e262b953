using Maintenance.Backups.Repository;

namespace Maintenance.Backups.Sources;

/// <summary>How a folder is read on one kind of system. See <see cref="ISnapshotSource"/> for what its members promise.</summary>
internal interface IFolderWalk : IDisposable
{
    /// <summary>The folder itself; null where it is not there.</summary>
    TreeEntry? Root { get; }

    /// <summary>Everything below, in the order of <see cref="SourceOrder.ByFolder"/>.</summary>
    IEnumerable<TreeEntry> Scan(SourceFindings findings);

    /// <summary>Opens a file at an offset. The one that was named last is found at once, others by their path.</summary>
    Stream Open(TreeEntry entry, long offset);

    /// <summary>A file as it is now; null where it is gone or something else.</summary>
    TreeEntry? LookAgain(TreeEntry entry);
}
