using Maintenance.Backups;
using Maintenance.Time;

namespace Maintenance.Tests.Rules;

/// <summary>How much of a proof lies in the scratch folder at once.</summary>
public sealed class BackupFoldersTests
{
    private const long Most = 1L << 30;

    private static readonly BackupPolicy Folder = new("register", "register", new BackupSource(BackupSourceKind.Folder, "/srv"), [], Schedule.Parse("0 0 2 * * *"), []);

    private static readonly BackupPolicy Records = Folder with { Source = new BackupSource(BackupSourceKind.Records, "all") };

    [Fact]
    public void The_own_records_never_fill_the_disk_on_which_they_are_written()
    {
        var folders = new BackupFolders("/scratch", null);
        Assert.Equal((Most, long.MaxValue, long.MaxValue), (folders.BytesFor(Records), folders.BytesFor(Folder), folders.BytesFor(null)));
        Assert.Equal(7, (folders with { ScratchBytes = 7 }).BytesFor(Records));

        // A program of the plan's looks at the whole.
        Assert.Equal(long.MaxValue, folders.BytesFor(Records with { Proof = ProofRules.Plain with { Command = ["check"] } }));
    }
}
