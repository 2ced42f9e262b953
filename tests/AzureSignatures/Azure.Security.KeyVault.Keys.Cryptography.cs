#nullable disable
using Azure.Core;

namespace Azure.Security.KeyVault.Keys
{
    using Azure.Security.KeyVault.Keys.Cryptography;

    public static class CryptographyModelFactory
    {
        public static WrapResult WrapResult(string keyId = null, byte[] key = null, KeyWrapAlgorithm algorithm = default) =>
            new() { KeyId = keyId, EncryptedKey = key, Algorithm = algorithm };

        public static UnwrapResult UnwrapResult(string keyId = null, byte[] key = null, KeyWrapAlgorithm algorithm = default) =>
            new() { KeyId = keyId, Key = key, Algorithm = algorithm };
    }
}

namespace Azure.Security.KeyVault.Keys.Cryptography
{
    public class CryptographyClient
    {
        public CryptographyClient(Uri keyId, TokenCredential credential) => KeyId = keyId.ToString();

        protected CryptographyClient()
        {
        }

        public virtual string KeyId { get; }

        public virtual Task<WrapResult> WrapKeyAsync(KeyWrapAlgorithm algorithm, byte[] key, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public virtual Task<UnwrapResult> UnwrapKeyAsync(KeyWrapAlgorithm algorithm, byte[] encryptedKey, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }

    public readonly struct KeyWrapAlgorithm : IEquatable<KeyWrapAlgorithm>
    {
        private readonly string _value;

        public KeyWrapAlgorithm(string value) => _value = value;

        public static KeyWrapAlgorithm RsaOaep256 { get; } = new("RSA-OAEP-256");

        public static bool operator ==(KeyWrapAlgorithm left, KeyWrapAlgorithm right) => left.Equals(right);

        public static bool operator !=(KeyWrapAlgorithm left, KeyWrapAlgorithm right) => !left.Equals(right);

        public bool Equals(KeyWrapAlgorithm other) => string.Equals(_value, other._value, StringComparison.Ordinal);

        public override bool Equals(object obj) => obj is KeyWrapAlgorithm other && Equals(other);

        public override int GetHashCode() => _value?.GetHashCode(StringComparison.Ordinal) ?? 0;

        public override string ToString() => _value;
    }

    public class WrapResult
    {
        internal WrapResult()
        {
        }

        public string KeyId { get; internal set; }

        public byte[] EncryptedKey { get; internal set; }

        public KeyWrapAlgorithm Algorithm { get; internal set; }
    }

    public class UnwrapResult
    {
        internal UnwrapResult()
        {
        }

        public string KeyId { get; internal set; }

        public byte[] Key { get; internal set; }

        public KeyWrapAlgorithm Algorithm { get; internal set; }
    }
}
