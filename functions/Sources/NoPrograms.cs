using Maintenance.Backups.Sources;

namespace MaintenanceFunctions.Sources;

/// <summary>A plan's own check of a restored snapshot, on a host that runs no programs: it does not pass, and says why.</summary>
public sealed class NoPrograms : IProofCommand
{
    /// <inheritdoc/>
    public Task<string?> RunAsync(IReadOnlyList<string> command, string folder, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);

        // To pass it over would call proven what the plan says must be checked first.
        return Task.FromResult<string?>($"the app on Azure runs no programs, so '{string.Join(' ', command)}' was not run: let the embedded host prove this policy, or take the command out of the plan");
    }
}
