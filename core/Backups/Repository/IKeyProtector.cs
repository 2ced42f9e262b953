namespace Maintenance.Backups.Repository;

/// <summary>
/// Wraps the repository's one random key, so that it can lie beside the data: with a passphrase on one machine, with a Key Vault key on Azure. A repository has
/// one wrapping or several, and any of them opens it.
/// </summary>
public interface IKeyProtector
{
    /// <summary>What this one protects with, as people are told: <c>passphrase of the data folder</c>, the URI of a vault's key. Never a secret.</summary>
    string Description { get; }

    /// <summary>Wraps a key of 32 bytes.</summary>
    /// <exception cref="IOException">The vault cannot be reached or refuses.</exception>
    Task<KeyWrapping> WrapAsync(ReadOnlyMemory<byte> key, CancellationToken cancellation);

    /// <summary>The key of a wrapping; null where this protector did not make it (another kind, another passphrase, another vault) or it is damaged.</summary>
    /// <exception cref="IOException">The vault cannot be reached or refuses.</exception>
    Task<byte[]?> UnwrapAsync(KeyWrapping wrapping, CancellationToken cancellation);
}

/// <summary>A wrapped key, as it lies in the repository. Which fields are there depends on the kind.</summary>
/// <param name="Kind"><c>passphrase</c> or <c>key-vault</c>.</param>
/// <param name="Wrapped">The wrapped key, Base64.</param>
/// <param name="Iterations">Rounds of PBKDF2 with HMAC-SHA256, of a passphrase.</param>
/// <param name="Salt">The salt of a passphrase, Base64.</param>
/// <param name="Key">The identifier of a vault's key with its version, a URI.</param>
/// <param name="Algorithm">How it is wrapped: <c>PBKDF2-SHA256+AES-256-GCM</c>, <c>RSA-OAEP-256</c>.</param>
public sealed record KeyWrapping(
    string Kind, string Wrapped, int? Iterations = null, string? Salt = null, string? Key = null, string? Algorithm = null);
