using System.Diagnostics;
using System.Security.Cryptography;
using Maintenance.Backups.Repository;
using Maintenance.Tests.Contracts;

namespace Maintenance.Tests.Repository;

/// <summary>A passphrase wraps the key of a repository, and nothing but it opens the wrapping.</summary>
public sealed class PassphraseProtectorTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly PassphraseProtector Protector = new("correct horse battery staple");
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(RepositoryKeys.KeySize);

    [Fact]
    public async Task What_a_passphrase_wraps_it_opens_with_the_rounds_that_are_recorded()
    {
        var wrapping = await Protector.WrapAsync(Key, None);
        var other = await Protector.WrapAsync(Key, None);

        Assert.Equal(("passphrase", 600_000, "PBKDF2-SHA256+AES-256-GCM"), (wrapping.Kind, wrapping.Iterations, wrapping.Algorithm));
        Assert.Equal(Key, await Protector.UnwrapAsync(wrapping, None));
        Assert.NotEqual(wrapping.Salt, other.Salt);
        Assert.NotEqual(wrapping.Wrapped, other.Wrapped);
        Assert.Null(await new PassphraseProtector("correct horse battery stapler").UnwrapAsync(wrapping, None));
    }

    [Fact]
    public async Task A_wrapping_that_was_tampered_with_does_not_open()
    {
        var wrapping = await Protector.WrapAsync(Key, None);
        var wrapped = Convert.FromBase64String(wrapping.Wrapped);
        wrapped[20] ^= 1;
        foreach (var tampered in new[]
        {
            wrapping with { Iterations = 599_999 },
            wrapping with { Iterations = 1 },
            wrapping with { Iterations = 0 },
            wrapping with { Iterations = -1 },
            wrapping with { Iterations = null },
            wrapping with { Salt = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)) },
            wrapping with { Salt = "" },
            wrapping with { Salt = "no base 64" },
            wrapping with { Salt = null },
            wrapping with { Wrapped = Convert.ToBase64String(wrapped) },
            wrapping with { Wrapped = Convert.ToBase64String(wrapped[..^1]) },
            wrapping with { Wrapped = Convert.ToBase64String(wrapped[..12]) },
            wrapping with { Wrapped = "" },
            wrapping with { Wrapped = "***" },
            wrapping with { Kind = "key-vault" },
            wrapping with { Algorithm = "ROT13" },
        })
        {
            Assert.Null(await Protector.UnwrapAsync(tampered, None));
        }
    }

    [Theory]
    [InlineData(50_000_001)]
    [InlineData(int.MaxValue)]
    public async Task A_wrapping_that_asks_for_absurdly_many_rounds_is_refused_at_once(int iterations)
    {
        var wrapping = await Protector.WrapAsync(Key, None);
        var started = Stopwatch.GetTimestamp();

        Assert.Null(await Protector.UnwrapAsync(wrapping with { Iterations = iterations }, None));

        // The rounds asked for would take this machine minutes at least.
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 20);
    }

    [Theory]
    [InlineData("")]
    [InlineData("elevenchars")]
    public void A_short_passphrase_is_not_taken(string passphrase) => Assert.Throws<ArgumentException>(() => new PassphraseProtector(passphrase));

    [Fact]
    public async Task A_wrong_passphrase_is_refused_in_words_that_do_not_tell_it()
    {
        var store = new MemoryObjectStore();
        _ = await BackupRepository.OpenAsync(store, Protector, new FakeClock(), create: true, None);

        var error = await Assert.ThrowsAsync<RepositoryLockedException>(() => BackupRepository.OpenAsync(store, new PassphraseProtector("wrong wrong wrong", "passphrase of the data folder"), new FakeClock(), create: true, None));

        Assert.Contains("passphrase of the data folder", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong wrong", error.ToString(), StringComparison.Ordinal);
        _ = await BackupRepository.OpenAsync(store, Protector, new FakeClock(), create: false, None);
    }
}
