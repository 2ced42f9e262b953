namespace Maintenance.Web.Notifications;

/// <summary>
/// Where people reach the pages of this installation: as the host was told, or, where nobody said so, where it turns out to serve. Until it serves, a port that
/// the system chooses is not known.
/// </summary>
public sealed class PublicAddress
{
    private readonly TaskCompletionSource<Uri> _base = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The host was not told; it says so once it serves.</summary>
    public PublicAddress()
    {
    }

    /// <summary>The host was told.</summary>
    /// <param name="given">Such as <c>https://maintenance.registry.example/</c>.</param>
    public PublicAddress(Uri given)
    {
        ArgumentNullException.ThrowIfNull(given);
        IsGiven = true;
        _base.SetResult(given);
    }

    /// <summary>True where the host was told, so that it holds for people elsewhere too.</summary>
    public bool IsGiven { get; }

    /// <summary>The host serves here; counts where nothing was said before.</summary>
    public void Serves(Uri address) => _base.TrySetResult(address);

    /// <summary>The full address of a page.</summary>
    /// <exception cref="InvalidOperationException">The host does not serve yet.</exception>
    public Uri Of(string path) => _base.Task.IsCompletedSuccessfully ? new(_base.Task.Result, path) : throw new InvalidOperationException("The host does not serve yet.");

    /// <summary>The full address of a page, once it is known.</summary>
    /// <param name="path">The page's path.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public async Task<Uri> OfAsync(string path, CancellationToken cancellation) => new(await _base.Task.WaitAsync(cancellation), path);
}
