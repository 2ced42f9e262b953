namespace MaintenanceFunctions.Sources;

/// <summary>
/// The storage service of the cloud that the app's own account is in. A person may name any address to restore to, and the client sends it the app's token: to
/// anything but storage accounts that would be handing the token to a stranger.
/// </summary>
/// <param name="own">The address of the app's own container.</param>
public sealed class StorageCloud(Uri own)
{
    private readonly string _suffix = Suffix(own);

    /// <summary>The address, where it is in the same service.</summary>
    /// <exception cref="IOException">It is anywhere else.</exception>
    public Uri Check(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return string.Equals(Suffix(address), _suffix, StringComparison.OrdinalIgnoreCase)
            ? address
            : throw new IOException($"'{address.Host}' is no storage account of this cloud, whose accounts end in '{_suffix}': the app's token is sent nowhere else.");
    }

    /// <summary><c>core.windows.net</c> of <c>account.blob.core.windows.net</c>: without the account and the kind of storage.</summary>
    private static string Suffix(Uri address)
    {
        var parts = address.Host.Split('.', 3);
        return !address.IsLoopback && parts.Length == 3 && parts[1] is "blob" or "table" ? parts[2] : address.Host;
    }
}
