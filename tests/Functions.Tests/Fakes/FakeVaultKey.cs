using System.Security.Cryptography;
using Azure;
using Azure.Security.KeyVault.Keys;
using Azure.Security.KeyVault.Keys.Cryptography;

namespace MaintenanceFunctions.Tests.Fakes;

/// <summary>An RSA key of a vault with its versions, that answers as the service does.</summary>
internal sealed class FakeVaultKey(string address) : IDisposable
{
    private readonly Dictionary<string, RSA> _versions = new(StringComparer.Ordinal);

    public Uri Address => new(address);

    /// <summary>When set, every request fails so.</summary>
    public Exception? Failure { get; set; }

    /// <summary>What was asked for.</summary>
    public List<Uri> Asked { get; } = [];

    /// <summary>Makes a new version, which is the newest then.</summary>
    public string Rotate()
    {
        var version = $"{_versions.Count + 1:x32}";
        _versions[version] = RSA.Create(2048);
        return version;
    }

    public void Remove(string version) => _versions.Remove(version);

    public CryptographyClient Client(Uri key) => new FakeClient(this, key);

    public void Dispose()
    {
        foreach (var key in _versions.Values)
        {
            key.Dispose();
        }
    }

    private sealed class FakeClient(FakeVaultKey vault, Uri key) : CryptographyClient
    {
        public override string KeyId => key.ToString();

        public override async Task<WrapResult> WrapKeyAsync(KeyWrapAlgorithm algorithm, byte[] plain, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            var (version, rsa) = Find(algorithm);
            return CryptographyModelFactory.WrapResult(
                keyId: $"{vault.Address}/{version}", key: rsa.Encrypt(plain, RSAEncryptionPadding.OaepSHA256), algorithm: algorithm);
        }

        public override async Task<UnwrapResult> UnwrapKeyAsync(KeyWrapAlgorithm algorithm, byte[] encryptedKey, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            var (version, rsa) = Find(algorithm);
            try
            {
                return CryptographyModelFactory.UnwrapResult(
                    keyId: $"{vault.Address}/{version}", key: rsa.Decrypt(encryptedKey, RSAEncryptionPadding.OaepSHA256), algorithm: algorithm);
            }
            catch (CryptographicException)
            {
                throw new RequestFailedException(400, "The parameter is incorrect.", "BadParameter", null);
            }
        }

        private (string Version, RSA Key) Find(KeyWrapAlgorithm algorithm)
        {
            vault.Asked.Add(key);
            Assert.Equal(KeyWrapAlgorithm.RsaOaep256, algorithm);
            if (vault.Failure is { } failure)
            {
                throw failure;
            }

            var rest = key.ToString()[vault.Address.ToString().Length..].Trim('/');
            var version = rest.Length == 0 ? vault._versions.Keys.Max(StringComparer.Ordinal)! : rest;
            return vault._versions.TryGetValue(version, out var found)
                ? (version, found)
                : throw new RequestFailedException(404, "A key with this name and version was not found.", "KeyNotFound", null);
        }
    }
}
