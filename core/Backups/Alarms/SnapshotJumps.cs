namespace Maintenance.Backups.Alarms;

/// <summary>Something that is measured of every snapshot.</summary>
internal enum SnapshotMeasure
{
    /// <summary>Bytes of its files.</summary>
    Size,

    /// <summary>Its number of files.</summary>
    Files,

    /// <summary>Mean entropy of its new contents, bits a byte.</summary>
    Entropy,
}

/// <summary>A snapshot that differs from its predecessors by more than it may.</summary>
/// <param name="Measure">In what.</param>
/// <param name="Value">What it has.</param>
/// <param name="Median">The median of its predecessors.</param>
/// <param name="Predecessors">How many they are.</param>
/// <param name="First">The first of the unbroken line of snapshots, up to the newest, that jumped the same way: where it began.</param>
/// <param name="Before">The last snapshot before that.</param>
internal sealed record SnapshotJump(SnapshotMeasure Measure, double Value, double Median, int Predecessors, BackupRun First, BackupRun Before);

/// <summary>Finds jumps. Pure.</summary>
internal static class SnapshotJumps
{
    /// <summary>Fewer predecessors say nothing of what is usual.</summary>
    public const int FewestPredecessors = 3;

    /// <summary>Older predecessors say little of what is usual now.</summary>
    public const int MostPredecessors = 10;

    /// <summary>The jumps of the newest snapshot.</summary>
    /// <param name="newestFirst">Snapshots, newest first.</param>
    /// <param name="limits">By how much they may differ.</param>
    public static IEnumerable<SnapshotJump> Find(IReadOnlyList<BackupRun> newestFirst, JumpLimits limits)
    {
        foreach (var measure in Enum.GetValues<SnapshotMeasure>())
        {
            // Where the newest was not measured (nothing was new), there is nothing to judge; predecessors that were not are passed over.
            if (newestFirst.Count == 0 || Value(newestFirst[0], measure) is not { } newest)
            {
                continue;
            }

            BackupRun[] measured = [.. newestFirst.Where(run => Value(run, measure) is not null)];
            double[] values = [.. measured.Select(run => Value(run, measure)!.Value)];
            var direction = Direction(values, 0, measure, limits);
            if (direction == 0)
            {
                continue;
            }

            // What stays as it jumped is one story until the median has followed: it is told once, from where it began.
            var first = 0;
            while (Direction(values, first + 1, measure, limits) == direction)
            {
                first++;
            }

            var predecessors = Predecessors(values, 0);
            yield return new SnapshotJump(measure, newest, Median(predecessors), predecessors.Length, measured[first], measured[first + 1]);
        }
    }

    /// <summary>1 where the value at a place is too far above the median of its predecessors, -1 where too far below, else 0.</summary>
    private static int Direction(double[] values, int at, SnapshotMeasure measure, JumpLimits limits)
    {
        var predecessors = Predecessors(values, at);
        if (predecessors.Length < FewestPredecessors)
        {
            return 0;
        }

        var median = Median(predecessors);
        var change = values[at] - median;
        if (change > 0 && limits.MayGrow)
        {
            return 0;
        }

        return measure switch
        {
            SnapshotMeasure.Entropy => change > limits.EntropyBits ? 1 : 0,
            SnapshotMeasure.Size => Math.Abs(change) * 100 > median * limits.SizePercent ? Math.Sign(change) : 0,
            _ => Math.Abs(change) * 100 > median * limits.FilesPercent ? Math.Sign(change) : 0,
        };
    }

    private static double[] Predecessors(double[] values, int at) => at >= values.Length ? [] : values[(at + 1)..Math.Min(values.Length, at + 1 + MostPredecessors)];

    private static double Median(double[] values)
    {
        double[] ordered = [.. values.Order()];
        var middle = ordered.Length / 2;
        return ordered.Length % 2 == 1 ? ordered[middle] : (ordered[middle - 1] + ordered[middle]) / 2;
    }

    private static double? Value(BackupRun run, SnapshotMeasure measure) => measure switch
    {
        SnapshotMeasure.Size => run.Bytes,
        SnapshotMeasure.Files => run.Files,
        _ => run.Entropy,
    };
}
