using Maintenance.Actions;

namespace MaintenanceFunctions.Actions;

/// <summary>Programs of the plan, on a host that runs none: what would need one does not pass, and says why.</summary>
public sealed class NoPrograms : IProgramRunner
{
    /// <inheritdoc/>
    public Task<ActionReport> RunAsync(ProgramOrder order, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(order);

        // To pass it over would call done, or proven, what the plan says must happen first.
        return Task.FromResult(new ActionReport(
            false, $"the app on Azure runs no programs, so '{string.Join(' ', order.Command)}' was not run: let the embedded host do this part of the plan, or put a webhook in its place"));
    }
}
