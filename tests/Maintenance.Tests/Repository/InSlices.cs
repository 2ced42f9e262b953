using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;

namespace Maintenance.Tests.Repository;

/// <summary>Budgets that are spent after so many looks at the time, and snapshots that are taken with them.</summary>
internal static class InSlices
{
    /// <summary>A budget that is spent at the given look.</summary>
    public static WorkBudget Budget(int looks) => WorkBudget.Begin(new LookedAtClock(), TimeSpan.FromTicks(looks));

    /// <summary>Takes a snapshot in up to three parts, in slices of so many looks.</summary>
    public static async Task<Snapshot> TakeAsync(BackupRepository repository, SnapshotOrder order, Func<ISnapshotSource> source, int looks)
    {
        SnapshotOutline outline;
        await using (var planned = source())
        {
            outline = await repository.PlanAsync(order, planned, new SliceSizing(3, 200_000), WorkBudget.Unlimited, default);
        }

        for (var part = 0; part < outline.Parts; part++)
        {
            for (var number = 0; ; number++)
            {
                await using var slice = source();
                if ((await repository.TakeSliceAsync(order, slice, part, number, Budget(looks), null, default)).IsLast)
                {
                    break;
                }
            }
        }

        return await repository.FinishAsync(order, default);
    }

    /// <summary>Moves on with every look.</summary>
    private sealed class LookedAtClock : TimeProvider
    {
        private long _looks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _looks++;
    }
}
