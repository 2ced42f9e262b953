using System.Security.Cryptography;
using Azure;
using Azure.Core;
using Azure.Security.KeyVault.Keys.Cryptography;
using Maintenance.Backups.Repository;

namespace MaintenanceFunctions.Adapters;

/// <summary>
/// Wraps the repository's key with an RSA key of a vault, which never leaves it: RSA-OAEP with SHA-256. A wrapping tells the version of the key that made it, so
/// that the key can be rotated in the vault, and a repository opened as long as that version is enabled there.
/// </summary>
/// <remarks>
/// <para>
/// Guarantees: the private key stays in the vault; the app's token goes to that vault alone, whatever address a repository names; what the vault did not wrap is told apart from a vault
/// that cannot be asked.
/// </para>
/// <para>
/// Limits: 4,000 operations in ten seconds with a software key of 2,048 bits, 2,000 with one in hardware, a quarter and an eighth of that with 3,072 and 4,096 bits; then the vault answers 429.
/// The key is asked for once when a process opens a repository, not for each object. RSA-OAEP with SHA-256 under 2,048 bits wraps 190 bytes; ours has 32.
/// Source: "Azure Key Vault service limits" in Microsoft's documentation; RFC 8017, section 7.1.1.
/// </para>
/// </remarks>
public sealed class KeyVaultProtector : IKeyProtector
{
    /// <summary>What the wrappings are called.</summary>
    public const string Kind = "key-vault";

    private const string Algorithm = "RSA-OAEP-256";
    private const string Role = "Key Vault Crypto User";

    private readonly Uri _key;
    private readonly Func<Uri, CryptographyClient> _clients;

    /// <summary>For a key of a vault; nobody is asked yet.</summary>
    /// <param name="key">Its address, with or without a version. Without one, the newest wraps.</param>
    /// <param name="credential">The identity of the app, which needs the role "Key Vault Crypto User" for it.</param>
    public KeyVaultProtector(Uri key, TokenCredential credential)
        : this(key, address => new CryptographyClient(address, credential))
    {
    }

    /// <summary>For a key of a vault, with clients made by somebody else.</summary>
    /// <exception cref="ArgumentException">It is no address of a key.</exception>
    public KeyVaultProtector(Uri key, Func<Uri, CryptographyClient> clients)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!IsKey(key))
        {
            throw new ArgumentException($"'{key}' is no address of a key, such as https://myvault.vault.azure.net/keys/repository.", nameof(key));
        }

        (_key, _clients) = (key, clients);
    }

    /// <inheritdoc/>
    public string Description => _key.ToString();

    /// <summary>True for <c>https://VAULT/keys/NAME</c>, with a version after it or without.</summary>
    public static bool IsKey(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.IsAbsoluteUri && address.Scheme == Uri.UriSchemeHttps && address.Query.Length == 0 && address.Fragment.Length == 0 && address.UserInfo.Length == 0
            && address.AbsolutePath.TrimEnd('/').Split('/') is ["", "keys", { Length: > 0 }] or ["", "keys", { Length: > 0 }, { Length: > 0 }];
    }

    /// <inheritdoc/>
    public async Task<KeyWrapping> WrapAsync(ReadOnlyMemory<byte> key, CancellationToken cancellation)
    {
        var bytes = key.ToArray();
        WrapResult wrapped;
        try
        {
            wrapped = await AskAsync(() => _clients(_key).WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, bytes, cancellation), cancellation);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }

        if (!Uri.TryCreate(wrapped.KeyId, UriKind.Absolute, out var version) || !IsVersionOfOurs(version))
        {
            // Without it nobody could tell later which version to ask.
            throw new IOException($"The vault did not tell which version of {_key} has wrapped the key.");
        }

        return new KeyWrapping(Kind, Convert.ToBase64String(wrapped.EncryptedKey), Key: wrapped.KeyId, Algorithm: Algorithm);
    }

    /// <inheritdoc/>
    public async Task<byte[]?> UnwrapAsync(KeyWrapping wrapping, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(wrapping);
        if (wrapping is not { Kind: Kind, Algorithm: Algorithm, Key: { } key }
            || !Uri.TryCreate(key, UriKind.Absolute, out var version) || !IsVersionOfOurs(version)
            || Bytes(wrapping.Wrapped) is not { } wrapped)
        {
            return null;
        }

        try
        {
            return (await AskAsync(() => _clients(version).UnwrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, wrapped, cancellation), cancellation)).Key;
        }
        catch (IOException told) when (told.InnerException is RequestFailedException { Status: 400 })
        {
            // The vault has tried: these bytes are nothing that its key wrapped.
            return null;
        }
    }

    private static byte[]? Bytes(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var count) && count > 0 ? bytes[..count] : null;
    }

    /// <summary>True for a version of the same key in the same vault: an address from a repository must not send the app's token anywhere else.</summary>
    private bool IsVersionOfOurs(Uri version)
    {
        var ours = _key.AbsolutePath.Split('/');
        return IsKey(version)
            && string.Equals(version.Authority, _key.Authority, StringComparison.OrdinalIgnoreCase)
            && version.AbsolutePath.TrimEnd('/').Split('/') is ["", "keys", var name, _]
            && string.Equals(name, ours[2], StringComparison.OrdinalIgnoreCase);
    }

    private async Task<T> AskAsync<T>(Func<Task<T>> request, CancellationToken cancellation)
    {
        try
        {
            return await request();
        }
        catch (RequestFailedException refusal) when (refusal.Status is 401 or 403)
        {
            throw new IOException(
                $"The vault does not let the app use {_key}. Give the app's identity the role '{Role}' for the key or its vault, and see that the key is enabled and allows wrapKey and unwrapKey."
                + $" (The vault answered {refusal.Status} {refusal.ErrorCode}.)",
                refusal);
        }
        catch (RequestFailedException refusal) when (refusal.Status == 404)
        {
            throw new IOException($"The vault has no key {_key}, or not the version that is asked for. A key that was deleted can be recovered while the vault still keeps it.", refusal);
        }
        catch (NotSupportedException wrongKind)
        {
            // What the client throws where the key's own operations leave this one out.
            throw new IOException($"{_key} cannot wrap keys: an RSA key that allows wrapKey and unwrapKey is needed.", wrongKind);
        }
        catch (Exception fault) when (ServiceFaults.Is(fault, cancellation))
        {
            throw ServiceFaults.Told(fault, $"key {_key}");
        }
    }
}
