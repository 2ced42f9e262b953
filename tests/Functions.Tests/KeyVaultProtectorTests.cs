using System.Security.Cryptography;
using Azure;
using Azure.Identity;
using Maintenance;
using Maintenance.Backups.Repository;
using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Tests.Fakes;

namespace MaintenanceFunctions.Tests;

public sealed class KeyVaultProtectorTests : IDisposable
{
    private const string Address = "https://vault.vault.azure.net/keys/repository";
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FakeVaultKey _vault = new(Address);
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    public KeyVaultProtectorTests() => _vault.Rotate();

    public void Dispose() => _vault.Dispose();

    [Fact]
    public async Task What_was_wrapped_is_unwrapped_by_another_process()
    {
        var wrapping = MaintenanceJson.Read<KeyWrapping>(MaintenanceJson.Write(await Protector().WrapAsync(_key, None)));

        Assert.Equal(("key-vault", "RSA-OAEP-256", $"{Address}/{1:x32}"), (wrapping.Kind, wrapping.Algorithm, wrapping.Key));
        Assert.Equal(_key, await Protector().UnwrapAsync(wrapping, None));
        Assert.DoesNotContain(Convert.ToBase64String(_key), MaintenanceJson.Write(wrapping), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_was_rotated_in_the_vault_opens_what_its_older_version_wrapped()
    {
        var old = await Protector().WrapAsync(_key, None);
        var version = _vault.Rotate();
        var now = await Protector().WrapAsync(_key, None);

        Assert.EndsWith(version, now.Key, StringComparison.Ordinal);
        Assert.Equal(_key, await Protector().UnwrapAsync(old, None));
        Assert.Equal(_key, await Protector().UnwrapAsync(now, None));
        Assert.Equal(_key, await Protector($"{Address}/{version}").UnwrapAsync(old, None));
    }

    [Fact]
    public async Task A_wrapping_that_is_not_of_this_key_is_not_sent_anywhere()
    {
        var wrapping = await Protector().WrapAsync(_key, None);
        _vault.Asked.Clear();

        foreach (var other in new[]
        {
            wrapping with { Kind = "passphrase" },
            wrapping with { Algorithm = "RSA1_5" },
            wrapping with { Key = null },
            wrapping with { Key = "repository" },
            wrapping with { Key = Address },
            wrapping with { Key = "https://other.vault.azure.net/keys/repository/1" },
            wrapping with { Key = "https://vault.vault.azure.net.evil.example/keys/repository/1" },
            wrapping with { Key = "https://vault.vault.azure.net@evil.example/keys/repository/1" },
            wrapping with { Key = "https://vault.vault.azure.net/keys/another/1" },
            wrapping with { Key = "http://vault.vault.azure.net/keys/repository/1" },
            wrapping with { Wrapped = "no Base64!" },
            wrapping with { Wrapped = "" },
        })
        {
            Assert.Null(await Protector().UnwrapAsync(other, None));
        }

        Assert.Empty(_vault.Asked);
    }

    [Fact]
    public async Task A_damaged_wrapping_is_not_of_this_key()
    {
        var wrapping = await Protector().WrapAsync(_key, None);
        var bytes = Convert.FromBase64String(wrapping.Wrapped);
        bytes[7] ^= 1;

        Assert.Null(await Protector().UnwrapAsync(wrapping with { Wrapped = Convert.ToBase64String(bytes) }, None));
    }

    [Fact]
    public async Task A_refusal_names_the_role_that_is_missing()
    {
        var wrapping = await Protector().WrapAsync(_key, None);
        _vault.Failure = new RequestFailedException(403, "Caller is not authorized.", "Forbidden", null);

        Assert.Contains("Key Vault Crypto User", (await Assert.ThrowsAsync<IOException>(() => Protector().UnwrapAsync(wrapping, None))).Message, StringComparison.Ordinal);
        Assert.Contains("Key Vault Crypto User", (await Assert.ThrowsAsync<IOException>(() => Protector().WrapAsync(_key, None))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_that_was_deleted_is_told_and_not_taken_for_anothers_wrapping()
    {
        var wrapping = await Protector().WrapAsync(_key, None);
        _vault.Remove($"{1:x32}");

        Assert.Contains("can be recovered", (await Assert.ThrowsAsync<IOException>(() => Protector().UnwrapAsync(wrapping, None))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_failure_of_the_vault_is_an_IOException()
    {
        var wrapping = await Protector().WrapAsync(_key, None);
        foreach (var fault in new Exception[]
        {
            new RequestFailedException(429, "Too many requests.", "Throttled", null),
            new RequestFailedException(503, "Busy.", "ServerBusy", null),
            new AuthenticationFailedException("No token."),
            new AggregateException("Retry failed after 4 tries.", new RequestFailedException(0, "No such host.")),
            new NotSupportedException("The key is not an RSA key."),
        })
        {
            _vault.Failure = fault;
            Assert.Same(fault, (await Assert.ThrowsAsync<IOException>(() => Protector().WrapAsync(_key, None))).InnerException);
            Assert.Same(fault, (await Assert.ThrowsAsync<IOException>(() => Protector().UnwrapAsync(wrapping, None))).InnerException);
        }
    }

    [Theory]
    [InlineData("http://vault.vault.azure.net/keys/repository")]
    [InlineData("https://vault.vault.azure.net/secrets/repository")]
    [InlineData("https://vault.vault.azure.net/keys/repository?version=1")]
    public void What_is_no_address_of_a_key_is_refused(string address) => Assert.Throws<ArgumentException>(() => Protector(address));

    private KeyVaultProtector Protector(string address = Address) => new(new Uri(address), _vault.Client);
}
