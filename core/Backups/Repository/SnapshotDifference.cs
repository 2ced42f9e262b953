using System.Runtime.CompilerServices;

namespace Maintenance.Backups.Repository;

/// <summary>How a path differs between two snapshots.</summary>
public enum DifferenceKind
{
    /// <summary>Only the newer has it.</summary>
    Added,

    /// <summary>Only the older has it.</summary>
    Removed,

    /// <summary>Contents, kind or target differ.</summary>
    Changed,

    /// <summary>Contents are equal; mode, owner or time differ.</summary>
    Metadata,
}

/// <summary>A path that differs between two snapshots.</summary>
/// <param name="Path">The path.</param>
/// <param name="Kind">How.</param>
/// <param name="OldBytes">The older one's size.</param>
/// <param name="NewBytes">The newer one's size.</param>
public sealed record SnapshotDifference(string Path, DifferenceKind Kind, long OldBytes, long NewBytes)
{
    /// <summary>Walks two lists of entries beside each other. Both come folder by folder, or both by name; memory does not follow them.</summary>
    internal static async IAsyncEnumerable<SnapshotDifference> BetweenAsync(
        IAsyncEnumerable<TreeEntry> older, IAsyncEnumerable<TreeEntry> newer, IComparer<string> by, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var left = older.GetAsyncEnumerator(cancellation);
        await using var right = newer.GetAsyncEnumerator(cancellation);
        var hasLeft = await left.MoveNextAsync();
        var hasRight = await right.MoveNextAsync();
        while (hasLeft || hasRight)
        {
            var order = !hasLeft ? 1 : !hasRight ? -1 : by.Compare(left.Current.Path, right.Current.Path);
            if (order == 0 && Compare(left.Current, right.Current) is { } difference)
            {
                yield return difference;
            }
            else if (order < 0)
            {
                yield return new SnapshotDifference(left.Current.Path, DifferenceKind.Removed, left.Current.Length, 0);
            }
            else if (order > 0)
            {
                yield return new SnapshotDifference(right.Current.Path, DifferenceKind.Added, 0, right.Current.Length);
            }

            hasLeft = order <= 0 ? await left.MoveNextAsync() : hasLeft;
            hasRight = order >= 0 ? await right.MoveNextAsync() : hasRight;
        }
    }

    private static SnapshotDifference? Compare(TreeEntry left, TreeEntry right)
    {
        if (left.Kind != right.Kind || left.Target != right.Target || left.Length != right.Length || !left.Chunks.SequenceEqual(right.Chunks))
        {
            return new SnapshotDifference(right.Path, DifferenceKind.Changed, left.Length, right.Length);
        }

        return left.Mode != right.Mode || left.Owner != right.Owner || left.Modified != right.Modified
            ? new SnapshotDifference(right.Path, DifferenceKind.Metadata, left.Length, right.Length)
            : null;
    }
}
