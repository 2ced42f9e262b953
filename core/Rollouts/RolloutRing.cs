using Maintenance.Actions;

namespace Maintenance.Rollouts;

/// <summary>A ring of targets that get a change together, before the next ring does: test, pilot, production.</summary>
/// <param name="Id">Short; unique.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Windows">The ids of the maintenance windows in which it is changed; empty for at any time.</param>
/// <param name="Duration">How long backup, change and probes take: a window must hold so much whole.</param>
/// <param name="Targets">What is changed where a request names nothing else; empty for the ring as one.</param>
/// <param name="Backups">The ids of the backup policies that are taken afresh and proven before.</param>
/// <param name="Apply">What applies the change.</param>
/// <param name="Probes">What must pass afterwards, and again after the soak time.</param>
/// <param name="Soak">How long it is watched before the next ring; zero for not at all.</param>
/// <param name="Notify">People or roles that hear of it, besides those of the request.</param>
public sealed record RolloutRing(
    string Id,
    string Name,
    IReadOnlyList<string> Windows,
    TimeSpan Duration,
    IReadOnlyList<string> Targets,
    IReadOnlyList<string> Backups,
    PlanAction Apply,
    IReadOnlyList<Check> Probes,
    TimeSpan Soak,
    IReadOnlyList<string> Notify)
{
    /// <summary>What takes the change back, before the backups are restored; null for nothing but these.</summary>
    public PlanAction? Undo { get; init; }

    /// <summary>True where a rollback restores the backups too; the data that were written since are then kept aside.</summary>
    public bool RestoresBackups { get; init; } = true;
}
