using Maintenance.Recovery;

namespace MaintenanceFunctions.Actions;

/// <summary>The app on Azure is no program that a bare machine could run: the book says where to get one that is.</summary>
public sealed class NoProgramBundle : IProgramBundle
{
    /// <inheritdoc/>
    public Task<string?> HashAsync(CancellationToken cancellation) => Task.FromResult<string?>(null);

    /// <inheritdoc/>
    public Task WriteAsync(Stream destination, CancellationToken cancellation) => throw new NotSupportedException("The app on Azure has no program to give.");
}
