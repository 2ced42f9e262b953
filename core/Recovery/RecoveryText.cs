using Maintenance.Time;

namespace Maintenance.Recovery;

/// <summary>What a recovery achieved, in words.</summary>
public static class RecoveryText
{
    /// <summary>A line for each measure.</summary>
    public static string Measures(RecoveryMeasures measures)
    {
        ArgumentNullException.ThrowIfNull(measures);
        return string.Join('\n', Lines(measures).Select(static line => $"{line.Name}: {Durations.Format(line.Measure.Achieved)} of {Durations.Format(line.Measure.Objective)}, {(line.Measure.IsMet ? "kept" : "MISSED")}"));
    }

    /// <summary>The measures that there are, each with its name.</summary>
    public static IEnumerable<(string Name, Measure Measure)> Lines(RecoveryMeasures measures)
    {
        ArgumentNullException.ThrowIfNull(measures);
        (string, Measure?)[] all =
            [("Data loss (RPO)", measures.RecoveryPoint), ("Time to recover (RTO)", measures.RecoveryTime), ("Work recovery", measures.WorkRecovery), ("Downtime (MTD)", measures.Downtime)];
        return all.Where(static line => line.Item2 is not null).Select(static line => (line.Item1, line.Item2!));
    }
}
