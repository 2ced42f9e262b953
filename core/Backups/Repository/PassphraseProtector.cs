using System.Security.Cryptography;
using System.Text;

namespace Maintenance.Backups.Repository;

/// <summary>Wraps with a passphrase: PBKDF2 with HMAC-SHA256, then AES-256-GCM.</summary>
/// <param name="passphrase">The passphrase, of 12 characters at least.</param>
/// <param name="description">What it is, as people are told.</param>
public sealed class PassphraseProtector(string passphrase, string description = "passphrase") : IKeyProtector
{
    /// <summary>Rounds of PBKDF2 for new wrappings: what OWASP recommended for HMAC-SHA256 in 2023.</summary>
    public const int Iterations = 600_000;

    /// <summary>Shorter ones are not taken.</summary>
    public const int LeastLength = 12;

    private const string Algorithm = "PBKDF2-SHA256+AES-256-GCM";
    private const int NonceSize = 12;
    private const int TagSize = 16;

    /// <summary>A wrapping that asks for more would only keep whoever opens it busy: it did not come from here.</summary>
    private const int MostIterations = 10_000_000;

    private readonly string _passphrase = passphrase is { Length: >= LeastLength }
        ? passphrase
        : throw new ArgumentException($"A passphrase has {LeastLength} characters at least.", nameof(passphrase));

    /// <inheritdoc/>
    public string Description { get; } = description;

    /// <inheritdoc/>
    public Task<KeyWrapping> WrapAsync(ReadOnlyMemory<byte> key, CancellationToken cancellation)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var wrapped = new byte[NonceSize + key.Length + TagSize];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, NonceSize));
        using var cipher = new AesGcm(Stretch(salt, Iterations), TagSize);
        cipher.Encrypt(wrapped.AsSpan(0, NonceSize), key.Span, wrapped.AsSpan(NonceSize, key.Length), wrapped.AsSpan(NonceSize + key.Length));
        return Task.FromResult(new KeyWrapping("passphrase", Convert.ToBase64String(wrapped), Iterations, Convert.ToBase64String(salt), null, Algorithm));
    }

    /// <inheritdoc/>
    public Task<byte[]?> UnwrapAsync(KeyWrapping wrapping, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(wrapping);
        return Task.FromResult(wrapping is { Kind: "passphrase", Iterations: { } iterations, Salt: { } salt, Algorithm: Algorithm } && iterations is > 0 and <= MostIterations
            ? Unwrap(wrapping.Wrapped, salt, iterations)
            : null);
    }

    private byte[]? Unwrap(string base64, string salt, int iterations)
    {
        try
        {
            var wrapped = Convert.FromBase64String(base64);
            if (wrapped.Length < NonceSize + TagSize)
            {
                return null;
            }

            var key = new byte[wrapped.Length - NonceSize - TagSize];
            using var cipher = new AesGcm(Stretch(Convert.FromBase64String(salt), iterations), TagSize);
            cipher.Decrypt(wrapped.AsSpan(0, NonceSize), wrapped.AsSpan(NonceSize, key.Length), wrapped.AsSpan(NonceSize + key.Length), key);
            return key;
        }
        catch (Exception error) when (error is AuthenticationTagMismatchException or FormatException)
        {
            // Another passphrase, or damage: either way this one does not open it.
            return null;
        }
    }

    private byte[] Stretch(byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(_passphrase), salt, iterations, HashAlgorithmName.SHA256, RepositoryKeys.KeySize);
}
