using Maintenance.Backups.Sources;
using Maintenance.Recovery;
using Maintenance.Tests.Storage;

namespace Maintenance.Tests.Services;

/// <summary>The swap of a restored folder and a live one, on the file system that the tests run on.</summary>
public sealed class FolderSwapTests : IDisposable
{
    private const string Mark = ".recovery-R-1-restore";

    private readonly ScratchFolder _scratch = new();

    private string Live => _scratch.PathOf("live");

    private string Isolated => _scratch.PathOf("live.recovery-R-1-restore");

    private string Aside => _scratch.PathOf("live.before-R-1");

    private string Reverted => _scratch.PathOf("live.reverted-R-1");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void The_restored_folder_becomes_the_live_one_and_the_old_one_is_kept()
    {
        Make(Live, "old");
        Make(Isolated, "new");
        Assert.False(Swap().IsBegun);
        Assert.True(Swap().CutOver());
        Assert.True(Swap().IsBegun);
        Swap().RemoveMark();
        AssertAre((Live, "new"), (Aside, "old"));
        Assert.False(Swap().IsBegun);
    }

    [Fact]
    public void Where_nothing_is_live_the_restored_folder_becomes_it_and_reverting_leaves_nothing_again()
    {
        Make(Isolated, "new");
        Assert.False(Swap().CutOver());
        Assert.False(Swap().CutOver());
        Assert.Equal([Live], Directory.GetFileSystemEntries(_scratch.Root));
        Swap().Revert(Reverted, hadLive: false);
        Swap().Revert(Reverted, hadLive: false);
        AssertAre((Reverted, "new"));
    }

    [Fact]
    public void Reverting_brings_the_old_folder_back_and_keeps_what_was_written_meanwhile()
    {
        Make(Live, "old");
        Make(Isolated, "new");
        _ = Swap().CutOver();
        Swap().RemoveMark();
        File.WriteAllText(Path.Join(Live, "later"), "typed in since");
        Swap().Revert(Reverted, hadLive: true);
        Swap().Revert(Reverted, hadLive: true);
        AssertAre((Live, "old"), (Reverted, "new"));
        Assert.Equal("typed in since", File.ReadAllText(Path.Join(Reverted, "later")));
    }

    /// <summary>Every state that a crash can leave during the cut-over, by the exchange and by two renames: called again it comes to the same end.</summary>
    [Theory]
    [InlineData("live=old isolated=new+mark")]
    [InlineData("live=new+mark isolated=old")]
    [InlineData("live=new+mark aside=old")]
    [InlineData("aside=old isolated=new+mark")]
    [InlineData("aside=old isolated=new")]
    public void A_cut_over_that_was_cut_off_anywhere_comes_to_its_end_when_it_is_called_again(string state)
    {
        Make(state);
        Assert.True(Swap().CutOver());
        Swap().RemoveMark();
        AssertAre((Live, "new"), (Aside, "old"));
    }

    [Theory]
    [InlineData("isolated=new", false)]
    [InlineData("isolated=new+mark", false)]
    [InlineData("live=new+mark", true)]
    public void One_into_nothing_too(string state, bool isBegun)
    {
        Make(state);
        Assert.Equal(isBegun, Swap().IsBegun);
        Assert.False(Swap().CutOver());
        Swap().RemoveMark();
        AssertAre((Live, "new"));
    }

    /// <summary>Every state that a crash can leave while it is taken back.</summary>
    [Theory]
    [InlineData("live=new aside=old")]
    [InlineData("live=new+mark aside=old")]
    [InlineData("live=old aside=new+mark")]
    [InlineData("live=old reverted=new+mark")]
    [InlineData("live=old reverted=new")]
    [InlineData("reverted=new+mark aside=old")]
    [InlineData("live=old reverted=new+mark aside=none")]
    public void One_that_is_taken_back_and_cut_off_anywhere_comes_to_its_end_too(string state)
    {
        Make(state);
        Swap().Revert(Reverted, hadLive: true);
        AssertAre((Live, "old"), (Reverted, "new"));
    }

    [Fact]
    public void What_is_in_the_way_of_the_old_folder_stops_it_before_anything_is_touched_or_in_a_state_that_goes_on()
    {
        Make(Live, "old");
        Make(Isolated, "new");
        Make(Aside, "somebody's");
        Assert.ThrowsAny<IOException>(() => Swap().CutOver());
        Directory.Move(Aside, _scratch.PathOf("elsewhere"));
        Assert.True(Swap().CutOver());
        Swap().RemoveMark();
        Directory.Delete(_scratch.PathOf("elsewhere"), recursive: true);
        AssertAre((Live, "new"), (Aside, "old"));
    }

    [Fact]
    public void Without_what_was_restored_the_live_folder_stays_as_it_is()
    {
        Make(Live, "old");
        Assert.Contains("restore it again", Assert.Throws<IOException>(() => Swap().CutOver()).Message, StringComparison.Ordinal);
        AssertAre((Live, "old"));
    }

    [Fact]
    public void A_live_folder_that_is_a_link_is_replaced_and_comes_back_as_a_link()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Make(_scratch.PathOf("releases-5"), "old");
        _ = Directory.CreateSymbolicLink(Live, "releases-5");
        Make(Isolated, "new");
        Assert.True(Swap().CutOver());
        Swap().RemoveMark();
        Assert.Equal(("new", "old", "old"), (Read(Live), Read(Aside), Read(_scratch.PathOf("releases-5"))));
        Swap().Revert(Reverted, hadLive: true);
        Assert.Equal(("old", "new", "releases-5"), (Read(Live), Read(Reverted), new DirectoryInfo(Live).LinkTarget));
        Assert.Equal(["file"], Directory.GetFileSystemEntries(_scratch.PathOf("releases-5")).Select(Path.GetFileName));
    }

    [Fact]
    public void A_folder_whose_parent_may_not_be_written_to_stays_as_it_is()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            return;
        }

        Make(Live, "old");
        Make(Isolated, "new");
        File.SetUnixFileMode(_scratch.Root, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            Assert.ThrowsAny<SystemException>(() => Swap().CutOver());
            Assert.Equal("old", Read(Live));
        }
        finally
        {
            File.SetUnixFileMode(_scratch.Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public async Task Whoever_opens_a_live_file_meanwhile_finds_the_old_one_or_the_new_one_and_never_none()
    {
        Make(_scratch.PathOf("a"), "a");
        Make(_scratch.PathOf("b"), "b");
        if (!LinuxFolderExchange.TryExchange(_scratch.Root, "a", "b"))
        {
            // Elsewhere there are two renames, and an instant between them.
            return;
        }

        Directory.Delete(_scratch.PathOf("a"), recursive: true);
        Directory.Delete(_scratch.PathOf("b"), recursive: true);
        Make(Live, "0");
        var seen = new HashSet<string>();
        var swaps = 0;
        var isOver = 0;
        var reader = Task.Factory.StartNew(
            () =>
            {
                for (var reads = 0; Volatile.Read(ref isOver) == 0; reads++)
                {
                    var from = Volatile.Read(ref swaps);
                    var text = File.ReadAllText(Path.Join(Live, "file"));
                    var number = int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
                    Assert.InRange(number, Math.Max(0, from - 1), Volatile.Read(ref swaps) + 1);
                    _ = seen.Add(text);
                }
            },
            TaskCreationOptions.LongRunning);
        for (var i = 1; i <= 200 && !reader.IsCompleted; i++)
        {
            Make(Isolated, i.ToString(System.Globalization.CultureInfo.InvariantCulture));
            Assert.True(Swap().CutOver());
            Swap().RemoveMark();
            Directory.Delete(Aside, recursive: true);
            Volatile.Write(ref swaps, i);
        }

        Volatile.Write(ref isOver, 1);
        await reader;
        Assert.True(seen.Count > 2, $"Only {seen.Count} were seen.");
    }

    /// <summary>What lies beside a live folder and begins with its name.</summary>
    internal static string[] Beside(string live) =>
        [.. Directory.GetFileSystemEntries(Path.GetDirectoryName(live)!).Select(static path => Path.GetFileName(path)).Where(name => name.StartsWith(Path.GetFileName(live) + ".", StringComparison.Ordinal)).Order()];

    private FolderSwap Swap() => new(Live, Isolated, Aside, Mark);

    private static string Read(string folder) => File.ReadAllText(Path.Join(folder, "file"));

    private static void Make(string folder, string content)
    {
        _ = Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Join(folder, "file"), content);
    }

    private void Make(string state)
    {
        foreach (var (name, content) in state.Split(' ').Select(static part => part.Split('=')).Select(static part => (part[0], part[1])).Where(static part => part.Item2 != "none"))
        {
            var folder = name switch { "live" => Live, "isolated" => Isolated, "aside" => Aside, _ => Reverted };
            Make(folder, content.Split('+')[0]);
            if (content.EndsWith("+mark", StringComparison.Ordinal))
            {
                File.WriteAllText(Path.Join(folder, Mark), "");
            }
        }
    }

    /// <summary>These folders are there, with this content and no mark, and no others.</summary>
    private void AssertAre(params (string Folder, string Content)[] folders)
    {
        Assert.Equal(folders.Select(static folder => folder.Folder).Order(), Directory.GetFileSystemEntries(_scratch.Root).Order());
        foreach (var (folder, content) in folders)
        {
            Assert.Equal(content, Read(folder));
            Assert.False(File.Exists(Path.Join(folder, Mark)), $"The mark was left in {folder}.");
        }
    }
}
