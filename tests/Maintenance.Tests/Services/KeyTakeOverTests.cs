using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Storage;
using Maintenance.Tests.Repository;

namespace Maintenance.Tests.Services;

/// <summary>A repository that survived its vault: a passphrase opens it, and the new host's key is added.</summary>
public sealed class KeyTakeOverTests
{
    private static readonly PassphraseProtector Envelope = new("six words in an envelope");

    [Fact]
    public async Task What_a_lost_vault_closed_a_passphrase_opens_and_the_new_key_from_then_on()
    {
        await using var office = await Office.OpenAsync();
        var store = new MemoryObjectStore();
        var former = await BackupRepository.OpenAsync(store, new FixedKeyProtector(), office.Clock, create: true, default);
        _ = await former.AddKeyAsync(Envelope, "envelope", default);
        var own = new PassphraseProtector("the new host's own secret");

        await Assert.ThrowsAsync<RepositoryLockedException>(() => Open(null).OpenAsync(default));
        await Assert.ThrowsAsync<RepositoryLockedException>(() => Open(new KeyTakeOver(new PassphraseProtector("another passphrase"))).OpenAsync(default));
        Assert.Equal(2, (await former.KeysAsync(default)).Count);

        var taken = await Open(new KeyTakeOver(Envelope)).OpenAsync(default);
        Assert.Equal(former.Fingerprint, taken.Fingerprint);
        Assert.Equal("taken over", (await taken.KeysAsync(default)).Select(static key => key.Label).Single(static label => label.StartsWith("taken over", StringComparison.Ordinal))[..10]);

        // The setting may stay or go: nothing is added twice, and the envelope still opens it.
        Assert.Equal(taken.Fingerprint, (await Open(new KeyTakeOver(Envelope)).OpenAsync(default)).Fingerprint);
        Assert.Equal(taken.Fingerprint, (await Open(null).OpenAsync(default)).Fingerprint);
        Assert.Equal(3, (await taken.KeysAsync(default)).Count);
        Assert.Equal(taken.Fingerprint, (await BackupRepository.OpenAsync(store, Envelope, office.Clock, create: false, default)).Fingerprint);

        BackupRepositories Open(KeyTakeOver? takeOver) => new(store, own, new NoCopies(), office.Records, office.Plan, office.Clock, takeOver);
    }

    [Fact]
    public async Task Where_there_is_no_repository_the_hosts_own_is_made_and_the_passphrase_opens_nothing_of_it()
    {
        await using var office = await Office.OpenAsync();
        var store = new MemoryObjectStore();
        var made = await new BackupRepositories(store, new FixedKeyProtector(), new NoCopies(), office.Records, office.Plan, office.Clock, new KeyTakeOver(Envelope)).OpenAsync(default);
        Assert.Single(await made.KeysAsync(default));
        await Assert.ThrowsAsync<RepositoryLockedException>(() => BackupRepository.OpenAsync(store, Envelope, office.Clock, create: false, default));
    }

    private sealed class NoCopies : ICopyStores
    {
        public IObjectStore Open(string location) => throw new NotSupportedException();
    }
}
