namespace Maintenance.Assets.Components;

/// <summary>What an address gave.</summary>
/// <param name="Bytes">What lies there; null where it is as it was, or could not be read.</param>
/// <param name="ETag">What the address calls this state of it, or null.</param>
/// <param name="Problem">Why it could not be read; null where nothing went wrong.</param>
public sealed record AssetDownload(byte[]? Bytes, string? ETag, string? Problem)
{
    /// <summary>It is as it was.</summary>
    public bool IsUnchanged => Bytes is null && Problem is null;
}

/// <summary>Reads what lies at an address.</summary>
public interface IAssetDownloads
{
    /// <summary>Asks for it, unless it is as it was. Whatever goes wrong outside is told and not thrown.</summary>
    /// <param name="url">The address.</param>
    /// <param name="eTag">What the address called the state that is known, or null for none.</param>
    /// <param name="mostBytes">More than so many are not taken in.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<AssetDownload> GetAsync(Uri url, string? eTag, int mostBytes, CancellationToken cancellation);
}
