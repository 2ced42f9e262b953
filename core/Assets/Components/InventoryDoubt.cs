using System.Globalization;

namespace Maintenance.Assets.Components;

/// <summary>What came of somebody's word for an inventory.</summary>
public enum AssetConfirmation
{
    /// <summary>The next look takes it over.</summary>
    Done,

    /// <summary>The plan names no such file.</summary>
    Unknown,

    /// <summary>Nothing of it waits, or another file lies there by now.</summary>
    Stale,
}

/// <summary>
/// Whether an inventory has lost so much that it is rather the tool that failed than the software that shrank: what is gone from an inventory is not affected any more, and
/// an empty one would close every finding of its service. Pure.
/// </summary>
public static class InventoryDoubt
{
    /// <summary>With so many parts or fewer, losing nearly all of them is nothing unusual.</summary>
    public const int Few = 20;

    private const int Tenth = 10;

    /// <summary>True where nothing is left, or less than a tenth of more than <see cref="Few"/>.</summary>
    /// <param name="kind">What it was read as: only what lists parts can lose them.</param>
    /// <param name="before">So many parts it listed.</param>
    /// <param name="after">So many it lists.</param>
    public static bool Has(AssetInputKind kind, int before, int after) =>
        kind is AssetInputKind.Bom or AssetInputKind.Packages && before > 0 && (after == 0 || (before > Few && (long)after * Tenth < before));

    /// <summary>What is said of it.</summary>
    public static string Text(int before, int after) =>
        string.Create(CultureInfo.InvariantCulture, $"it lists {after} parts where it listed {before}: what was read before goes on until somebody confirms it.");
}

/// <summary>Whether a file has rested since it was written. Pure.</summary>
internal static class AssetRest
{
    /// <summary>So long nobody may have written to it: a tool that writes a list writes it within seconds.</summary>
    public static readonly TimeSpan Needed = TimeSpan.FromMinutes(1);

    /// <summary>Null where it has rested; else what to remember of it.</summary>
    /// <param name="before">What was remembered at the look before, or null.</param>
    /// <param name="stamp">Its size and time.</param>
    /// <param name="writtenAt">When it was last written (UTC), by a clock that may be another machine's: a time that is to come tells nothing but whether it changes.</param>
    /// <param name="now">The instant (UTC).</param>
    public static AssetUnrest? Of(AssetUnrest? before, string stamp, DateTimeOffset writtenAt, DateTimeOffset now)
    {
        var unrest = before is not null && before.Stamp == stamp && before.Since <= now ? before : new AssetUnrest(stamp, now);
        return now - writtenAt >= Needed || now - unrest.Since >= Needed ? null : unrest;
    }
}
