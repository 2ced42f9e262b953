using System.Security.Cryptography;
using System.Text;
using Maintenance.Backups.Repository;

namespace Maintenance.Tests.Repository;

/// <summary>Wraps under a key that is made from a word, without the work of a passphrase.</summary>
internal sealed class FixedKeyProtector(string word = "test") : IKeyProtector
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly byte[] _key = SHA256.HashData(Encoding.UTF8.GetBytes(word));

    public string Description => $"key of {word}";

    public Task<KeyWrapping> WrapAsync(ReadOnlyMemory<byte> key, CancellationToken cancellation)
    {
        var wrapped = new byte[NonceSize + key.Length + TagSize];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, NonceSize));
        using var cipher = new AesGcm(_key, TagSize);
        cipher.Encrypt(wrapped.AsSpan(0, NonceSize), key.Span, wrapped.AsSpan(NonceSize, key.Length), wrapped.AsSpan(NonceSize + key.Length));
        return Task.FromResult(new KeyWrapping("fixed", Convert.ToBase64String(wrapped)));
    }

    public Task<byte[]?> UnwrapAsync(KeyWrapping wrapping, CancellationToken cancellation)
    {
        var wrapped = new byte[NonceSize + RepositoryKeys.KeySize + TagSize];
        if (!Convert.TryFromBase64String(wrapping.Wrapped, wrapped, out var written) || written != wrapped.Length)
        {
            return Task.FromResult<byte[]?>(null);
        }

        var key = new byte[RepositoryKeys.KeySize];
        using var cipher = new AesGcm(_key, TagSize);
        try
        {
            cipher.Decrypt(wrapped.AsSpan(0, NonceSize), wrapped.AsSpan(NonceSize, key.Length), wrapped.AsSpan(NonceSize + key.Length), key);
            return Task.FromResult<byte[]?>(key);
        }
        catch (AuthenticationTagMismatchException)
        {
            // Another word's.
            return Task.FromResult<byte[]?>(null);
        }
    }
}
