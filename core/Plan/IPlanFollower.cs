namespace Maintenance.Plan;

/// <summary>Hears of each plan before it runs: of what it says that may be gone with the next one.</summary>
public interface IPlanFollower
{
    /// <summary>Takes note of a plan. Called before it becomes the active one, so that a crash in between calls it again; what fails leaves the plan before it active, until the next try.</summary>
    Task HearAsync(OperationsPlan plan, CancellationToken cancellation);
}
