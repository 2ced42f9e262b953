using Maintenance.Backups;
using Maintenance.Backups.Repository;

namespace Maintenance.Tests.Services;

/// <summary>The steps of backups in the smallest pieces there are.</summary>
public sealed class BackupPiecesTests
{
    private static readonly BackupPieces Smallest = new(TimeSpan.Zero, 1);

    [Fact]
    public async Task A_folder_is_taken_file_by_file_and_proven_batch_by_batch()
    {
        await using var office = await Office.OpenAsync();
        Directory.CreateDirectory(Path.Join(office.Source, "births"));
        for (var i = 0; i < 9; i++)
        {
            await File.WriteAllTextAsync(Path.Join(office.Source, "births", $"{i}.csv"), new string((char)('a' + i), 400));
        }

        var run = Assert.Single(await office.Backups.TakeDueAsync(default));
        var reference = new BackupRunRef(run.Policy, run.Id);
        var activities = office.ActivitiesIn(Smallest, 900);
        Assert.Equal(1, (await activities.PlanSnapshotAsync(reference, default)).Parts);
        var slices = 0;
        for (var isLast = false; !isLast; slices++)
        {
            isLast = (await activities.TakeSliceAsync(new SnapshotSliceRef(reference, 0, slices), default)).IsLast;
        }

        var taken = await activities.FinishSnapshotAsync(reference, default);
        Assert.Equal((10, 9 * 400 + 14), (taken.Files, taken.Bytes));
        Assert.True(slices >= 10, $"{slices} slices.");
        Assert.Equal([0L], await activities.PlanProofAsync(reference, default));
        Assert.Empty(await activities.ProveSnapshotAsync(reference, default));

        // Through other pieces it is the same snapshot.
        Assert.Empty(await office.Activities.ProveSnapshotAsync(reference, default));
        var ended = await activities.RecordBackupAsync(new BackupResult(reference, taken, [], null), default);
        Assert.Equal(BackupRunState.Proven, ended.State);
    }

    [Fact]
    public async Task What_the_proof_finds_is_found_in_pieces_too()
    {
        await using var office = await Office.OpenAsync();
        for (var i = 0; i < 6; i++)
        {
            await File.WriteAllBytesAsync(Path.Join(office.Source, $"{i}.bin"), System.Security.Cryptography.RandomNumberGenerator.GetBytes(700_000));
        }

        var run = Assert.Single(await office.Backups.TakeDueAsync(default));
        var reference = new BackupRunRef(run.Policy, run.Id);
        _ = await office.Activities.TakeSnapshotAsync(reference, default);
        var pack = Directory.GetFiles(Path.Join(office.Folder, "objects", "packs"), "*", SearchOption.AllDirectories).MaxBy(static file => new FileInfo(file).Length)!;
        var bytes = await File.ReadAllBytesAsync(pack);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(pack, bytes);
        var whole = await office.Activities.ProveSnapshotAsync(reference, default);
        foreach (var scratch in new[] { 1000, 800_000, 2_000_000 })
        {
            var pieces = await office.ActivitiesIn(Smallest, scratch).ProveSnapshotAsync(reference, default);
            Assert.NotEmpty(pieces);
            Assert.Equal(Named(whole), Named(pieces));
        }

        static IEnumerable<string> Named(IEnumerable<string> differences) => differences.Select(static difference => difference.Split(':')[0]).Distinct().Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_backup_that_was_given_up_half_way_is_removed_and_the_next_one_is_whole()
    {
        await using var office = await Office.OpenAsync();
        await File.WriteAllTextAsync(Path.Join(office.Source, "second.txt"), "died 2011-07-30");
        var run = Assert.Single(await office.Backups.TakeDueAsync(default));
        var reference = new BackupRunRef(run.Policy, run.Id);
        var activities = office.ActivitiesIn(Smallest, long.MaxValue);
        _ = await activities.PlanSnapshotAsync(reference, default);
        _ = await activities.TakeSliceAsync(new SnapshotSliceRef(reference, 0, 0), default);
        await Assert.ThrowsAsync<IOException>(() => activities.FinishSnapshotAsync(reference, default));
        Assert.Equal(reference, await activities.AbandonSnapshotAsync(reference, default));
        Assert.False(Directory.Exists(Path.Join(office.Folder, "objects", "parts")) && Directory.EnumerateFiles(Path.Join(office.Folder, "objects", "parts"), "*", SearchOption.AllDirectories).Any());
        await Assert.ThrowsAsync<InvalidOperationException>(() => activities.TakeSliceAsync(new SnapshotSliceRef(reference, 0, 1), default));
        Assert.Equal(2, (await activities.TakeSnapshotAsync(reference, default)).Files);
    }

    [Fact]
    public async Task Checks_of_a_snapshot_that_is_too_large_for_the_scratch_folder_go_by_its_list()
    {
        var snapshot = new Snapshot("a_1", "a", "memory", default, default, null, [], new SnapshotStatistics(3, 2, 0, 1000, 0, 0, 0, 0, null), [], []);
        List<TreeEntry> entries =
        [
            new() { Path = "births", Kind = TreeEntryKind.Folder },
            new() { Path = "births/2026.csv", Kind = TreeEntryKind.File, Length = 12 },
            new() { Path = "empty", Kind = TreeEntryKind.Folder },
            new() { Path = "nothing.csv", Kind = TreeEntryKind.File, Length = 0 },
        ];
        Assert.Empty(await CheckAsync(ProofRules.Plain with { MinimumFiles = 3, MinimumBytes = 1000, Contains = ["births", "births/2026.csv", "births/"] }));
        Assert.Equal(2, (await CheckAsync(ProofRules.Plain with { MinimumFiles = 4, MinimumBytes = 1001 })).Count);
        Assert.Equal(["empty", "nothing.csv", "gone"], (await CheckAsync(ProofRules.Plain with { Contains = ["empty", "births", "nothing.csv", "gone"] })).Select(static failure => failure.Split(':')[0]));
        Assert.Contains("needs all of the snapshot at once", Assert.Single(await CheckAsync(ProofRules.Plain with { Command = ["check-it"] })), StringComparison.Ordinal);

        Task<IReadOnlyList<string>> CheckAsync(ProofRules rules) => ProofChecks.RunWithoutFolderAsync(rules, snapshot, entries.ToAsyncEnumerable(), 100);
    }
}
