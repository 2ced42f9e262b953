using System.Text;
using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Local.Storage;
using Maintenance.Recovery;
using Maintenance.Storage;
using Maintenance.Tests.Repository;
using Maintenance.Tests.Services;

namespace Maintenance.Tests.Recovery;

/// <summary>The book follows the plan, the backups, the keys, the copies and the program, and lies beside all of them.</summary>
public sealed class BreakGlassServiceTests : IAsyncLifetime
{
    private const string WithCopy = "\nrepository: { copies: [{ id: away, folder: away, media: tape, offSite: true }] }\n";

    private Office _office = null!;

    public async Task InitializeAsync() => _office = await Office.OpenAsync();

    public async Task DisposeAsync() => await _office.DisposeAsync();

    [Fact]
    public async Task A_plan_with_backups_has_its_book_at_once_and_one_only()
    {
        var (book, store) = Book();
        var first = await book.WriteIfChangedAsync(default);
        _office.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(first!.Name, (await book.WriteIfChangedAsync(default))!.Name);
        Assert.Equal([first.Name], Books(store));
        Assert.Matches("^break-glass/20261122T020000Z-[0-9a-f]{12}\\.md$", first.Name);
        Assert.Equal(Encoding.UTF8.GetString(store[first.Name]), await book.ReadAsync(default));
        Assert.Empty(await book.ConcernsAsync(default));
    }

    /// <summary>Whoever has nothing but the store takes the last name for the newest.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(900, 0)]
    [InlineData(0, 1)]
    public async Task The_newest_book_has_the_last_name_also_within_a_second_and_after_the_clock_was_set_back(int milliseconds, int hoursBack)
    {
        var (book, store) = Book();
        await book.WriteIfChangedAsync(default);
        for (var change = 0; change < 8; change++)
        {
            _office.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
            _office.Clock.SetBack(TimeSpan.FromHours(hoursBack));
            await ChangePlanAsync(Office.QuickPlan + $"\n# Change {change}.\n");
            var next = await book.WriteIfChangedAsync(default);
            Assert.Equal(Books(store).Max(StringComparer.Ordinal), next!.Name);
            Assert.Contains($"# Change {change}.\n", Encoding.UTF8.GetString(store[next.Name]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_plan_without_backups_has_none_and_needs_none()
    {
        await ChangePlanAsync(Office.QuickPlan.Replace("  - { id: nightly, service: register, source: { folder: source }, schedule: \"0 0 3 * * *\", notify: [administrator] }", "  []", StringComparison.Ordinal));
        var (book, store) = Book();
        Assert.Null(await book.WriteIfChangedAsync(default));
        Assert.Empty(store.Names);
        _office.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Empty(await book.ConcernsAsync(default));
    }

    [Fact]
    public async Task It_is_written_again_after_a_change_of_the_plan_and_has_the_new_plans_text()
    {
        var (book, store) = Book();
        await book.WriteIfChangedAsync(default);
        await ChangePlanAsync(Office.QuickPlan + "\n# Ring the bell.\n");
        var second = await book.WriteIfChangedAsync(default);
        Assert.Equal(2, Books(store).Count);
        Assert.Contains("# Ring the bell.\n", Encoding.UTF8.GetString(store[second!.Name]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_duties_it_is_written_again_each_Monday_and_names_those_that_come_next()
    {
        await ChangePlanAsync(Office.QuickPlan + "\nduties: [{ id: keys, kind: keyRotation, name: New keys, owner: ann, every: { weeks: 1, from: 2026-11-26 } }]\n");
        var (book, store) = Book();
        var sunday = (await book.WriteIfChangedAsync(default))!.Name;
        _office.Clock.Advance(TimeSpan.FromHours(21));
        Assert.Equal(sunday, (await book.WriteIfChangedAsync(default))!.Name); // At eleven at night it is still Sunday.
        _office.Clock.Advance(TimeSpan.FromHours(1));
        var monday = (await book.WriteIfChangedAsync(default))!.Name;
        Assert.NotEqual(sunday, monday);
        _office.Clock.Advance(TimeSpan.FromDays(6));
        Assert.Equal(monday, (await book.WriteIfChangedAsync(default))!.Name);
        _office.Clock.Advance(TimeSpan.FromDays(1));
        var next = (await book.WriteIfChangedAsync(default))!.Name;
        Assert.DoesNotContain("2026-12-24", Encoding.UTF8.GetString(store[monday]), StringComparison.Ordinal);
        Assert.Contains("2026-12-24", Encoding.UTF8.GetString(store[next]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_plan_leaves_the_book_of_the_good_one()
    {
        var (book, store) = Book();
        var first = await book.WriteIfChangedAsync(default);
        await ChangePlanAsync("system: no");
        Assert.True(_office.Plan.State.IsStale);
        Assert.Equal(first!.Name, (await book.WriteIfChangedAsync(default))!.Name);
        Assert.Single(Books(store));
    }

    [Fact]
    public async Task It_is_written_again_after_a_proven_backup_and_names_it()
    {
        var (book, store) = Book();
        await book.WriteIfChangedAsync(default);
        var run = await BackUpAsync();
        var second = await book.WriteIfChangedAsync(default);
        Assert.Equal(2, Books(store).Count);
        Assert.Contains($"repository restore {run.Id} ", Encoding.UTF8.GetString(store[second!.Name]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_that_is_not_proven_changes_nothing()
    {
        var (book, store) = Book();
        await BackUpAsync();
        await book.WriteIfChangedAsync(default);
        await BackUpAsync("a difference");
        await book.WriteIfChangedAsync(default);
        Assert.Single(Books(store));
    }

    [Fact]
    public async Task It_is_written_again_after_a_change_of_the_keys_of_the_program_and_of_a_procedure()
    {
        await ChangePlanAsync(BookPlan.Yaml);
        var (book, store) = Book();
        Directory.CreateDirectory(Path.Join(_office.Folder, "sops"));
        await book.WriteIfChangedAsync(default);
        _ = await (await _office.Repositories.OpenAsync(default)).AddKeyAsync(new PassphraseProtector("a further passphrase"), "envelope", default);
        await TickAsync(book);
        Assert.Equal(2, Books(store).Count);
        File.WriteAllText(Path.Join(_office.Folder, "sops/call.md"), "Ring thrice.");
        var third = await TickAsync(book);
        Assert.Contains("\nRing thrice.\n", Encoding.UTF8.GetString(store[third.Name]), StringComparison.Ordinal);
        var (next, _) = Book(store, new Program("b"));
        await TickAsync(next);
        Assert.Equal(4, Books(store).Count);
    }

    [Fact]
    public async Task The_newest_five_books_are_kept_and_what_the_store_holds()
    {
        var (book, store) = Book();
        var first = (await book.WriteIfChangedAsync(default))!.Name;
        store.IsHeld = name => name == first;
        for (var i = 0; i < 8; i++)
        {
            await ChangePlanAsync(Office.QuickPlan + $"\n# {i}\n");
            await TickAsync(book);
        }

        var books = Books(store);
        Assert.Equal(6, books.Count);
        Assert.Equal(first, books[0]);
        store.IsHeld = static _ => false;
        await ChangePlanAsync(Office.QuickPlan + "\n# last\n");
        var last = await TickAsync(book);
        Assert.Equal([.. books.Skip(2), last.Name], Books(store));
    }

    [Fact]
    public async Task The_program_is_stored_once_before_the_book_that_names_it_and_for_as_long_as_one_does()
    {
        var store = new MemoryObjectStore { Writing = static name => Assert.False(name.EndsWith(".md", StringComparison.Ordinal), "cut off before the book") };
        var a = new Program("a");
        await Assert.ThrowsAnyAsync<Exception>(() => Book(store, a).Book.WriteIfChangedAsync(default));
        Assert.Equal(["break-glass/program-aaaaaaaaaaaa.tar.gz"], store.Names);
        store.Writing = static _ => { };
        var (book, _) = Book(store, a);
        await book.WriteIfChangedAsync(default);
        await ChangePlanAsync(Office.QuickPlan + "\n# changed\n");
        var named = await TickAsync(book);
        Assert.Equal(1, a.Written);
        Assert.Equal("program a", Encoding.UTF8.GetString(store["break-glass/program-aaaaaaaaaaaa.tar.gz"]));
        Assert.Contains("tar -xzf \"$STORE/break-glass/program-aaaaaaaaaaaa.tar.gz\"", Encoding.UTF8.GetString(store[named.Name]), StringComparison.Ordinal);

        var (next, _) = Book(store, new Program("b"));
        await TickAsync(next);
        Assert.Equal(["break-glass/program-aaaaaaaaaaaa.tar.gz", "break-glass/program-bbbbbbbbbbbb.tar.gz"], store.Below("break-glass/program"));
        for (var i = 0; i < 5; i++)
        {
            await ChangePlanAsync(Office.QuickPlan + $"\n# {i}\n");
            await TickAsync(next);
        }

        Assert.Equal(["break-glass/program-bbbbbbbbbbbb.tar.gz"], store.Below("break-glass/program"));
    }

    [Fact]
    public async Task Cut_off_between_the_book_and_its_record_the_next_call_records_the_same_book()
    {
        var (book, store) = Book();
        await book.WriteIfChangedAsync(default);
        await ChangePlanAsync(Office.QuickPlan + "\n# changed\n");
        _office.Records.CutAfter(0);
        await Assert.ThrowsAsync<CutOffException>(() => TickAsync(book));
        _office.Records.Mend();
        var names = Books(store);
        Assert.Equal(2, names.Count);
        Assert.Equal(names[1], (await TickAsync(book)).Name);
        Assert.Equal(names, Books(store));
    }

    [Fact]
    public async Task A_plan_that_is_taken_back_has_a_book_of_its_own_that_is_the_newest()
    {
        var (book, store) = Book();
        var first = await book.WriteIfChangedAsync(default);
        await ChangePlanAsync(Office.QuickPlan + "\n# changed\n");
        await TickAsync(book);
        await ChangePlanAsync(Office.QuickPlan);
        var third = await TickAsync(book);
        Assert.Equal(first!.Fingerprint, third.Fingerprint);
        Assert.Equal(third.Name, Books(store)[^1]);
        Assert.Equal(3, Books(store).Count);
    }

    [Fact]
    public async Task A_book_that_is_gone_from_the_store_is_written_again()
    {
        var (book, store) = Book();
        var first = await book.WriteIfChangedAsync(default);
        store.Remove(first!.Name);
        await TickAsync(book);
        Assert.Single(Books(store));
    }

    [Fact]
    public async Task A_store_that_cannot_be_written_fails_the_call_and_a_book_that_never_was_is_somebodys_concern()
    {
        var (book, store) = Book();
        store.Writing = static _ => throw new IOException("disk full");
        await Assert.ThrowsAsync<IOException>(() => book.WriteIfChangedAsync(default));
        Assert.Empty(await book.ConcernsAsync(default));
        _office.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Contains("No break-glass book", Assert.Single(await book.ConcernsAsync(default)).Text, StringComparison.Ordinal);
        Assert.Null(await book.ReadAsync(default));
    }

    [Fact]
    public async Task A_copy_has_the_book_and_the_program_once_it_is_one_and_until_then_somebody_is_told()
    {
        await ChangePlanAsync(Office.QuickPlan + WithCopy);
        var store = FolderObjectStore.Open(Path.Join(_office.Folder, "objects"));
        var book = Over(store, new Program("a"));
        await BackUpAsync();
        var first = await TickAsync(book);
        Assert.Contains("no copy of this repository", Assert.Single(first.Copies).Problem, StringComparison.Ordinal);
        Assert.StartsWith("The copy away does not have the newest break-glass book", Assert.Single(await book.ConcernsAsync(default)).Text, StringComparison.Ordinal);

        _ = await _office.RepositoryActivities.CopyRepositoryAsync(new CopyRepositoryRequest("copy_away_1", "away"), default);
        var second = await TickAsync(book);
        Assert.Null(Assert.Single(second.Copies).Problem);
        Assert.Empty(await book.ConcernsAsync(default));
        Assert.NotEqual(first.Name, second.Name);
        var copy = _office.Repositories.StoreOf("away");
        Assert.Equal(await store.GetAsync(second.Name, default), await copy.GetAsync(second.Name, default));
        Assert.True(await copy.ExistsAsync("break-glass/program-aaaaaaaaaaaa.tar.gz", default));
        Assert.Contains("in the repository and the copy away", (await book.ReadAsync(default))!.ReplaceLineEndings(" ").Replace("     ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(second.Name, (await TickAsync(book)).Name);
    }

    [Fact]
    public async Task A_copy_that_was_out_of_reach_gets_the_same_book_later()
    {
        await ChangePlanAsync(Office.QuickPlan + WithCopy);
        var store = FolderObjectStore.Open(Path.Join(_office.Folder, "objects"));
        var book = Over(store, new Program("a"));
        await BackUpAsync();
        _ = await _office.RepositoryActivities.CopyRepositoryAsync(new CopyRepositoryRequest("copy_away_1", "away"), default);
        Directory.Move(Path.Join(_office.Folder, "away"), Path.Join(_office.Folder, "unplugged"));
        File.WriteAllText(Path.Join(_office.Folder, "away"), "no folder");
        var first = await TickAsync(book);
        Assert.NotNull(Assert.Single(first.Copies).Problem);
        File.Delete(Path.Join(_office.Folder, "away"));
        Directory.Move(Path.Join(_office.Folder, "unplugged"), Path.Join(_office.Folder, "away"));
        var second = await TickAsync(book);
        Assert.Equal((first.Name, null), (second.Name, Assert.Single(second.Copies).Problem));
        Assert.Equal(await store.GetAsync(first.Name, default), await _office.Repositories.StoreOf("away").GetAsync(first.Name, default));
    }

    [Fact]
    public async Task No_secret_of_the_host_is_in_it()
    {
        await BackUpAsync();
        var (book, _) = Book();
        await book.WriteIfChangedAsync(default);
        var text = await book.ReadAsync(default);
        Assert.Contains("the variable MAINTENANCE_PASSPHRASE", text, StringComparison.Ordinal);
        Assert.DoesNotContain("the office's passphrase", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prune_verification_and_copying_leave_the_books_alone_and_say_nothing_of_them()
    {
        var bench = await RepositoryBench.CreateAsync();
        var source = new MemorySource().File("a", RepositoryBench.Noise(300_000)).File("b", RepositoryBench.Noise(300_000, 2));
        var first = await bench.TakeAsync(source);
        string[] books = ["break-glass/20261122T020000Z-0123456789ab.md", "break-glass/program-0123456789ab.tar.gz"];
        foreach (var name in books)
        {
            Assert.True(await bench.Store.PutAsync(name, new byte[10], default));
        }

        var plain = await RepositoryBench.CreateAsync();
        await plain.TakeAsync(source);
        Assert.Equal(MaintenanceJson.Write((await plain.VerifyAsync()).Notes), MaintenanceJson.Write((await bench.VerifyAsync()).Notes));
        Assert.True((await bench.VerifyAsync()).IsClean);
        _ = await bench.TakeAsync(new MemorySource().File("c", RepositoryBench.Noise(100_000, 3)), "other");
        Assert.True(await bench.Repository.DropAsync(first.Id, default));
        _ = await bench.PruneAsync();
        var pruned = await bench.PruneAsync();
        Assert.True(pruned.DeletedPacks > 0);
        Assert.Empty(pruned.Notes);
        Assert.Equal(books, bench.Memory.Below("break-glass/"));

        var copy = new MemoryObjectStore();
        Assert.True(await copy.PutAsync(books[0], new byte[3], default));
        var report = await bench.Repository.CopyAsync(copy, null, default);
        Assert.Empty(report.Problems);
        Assert.Equal([books[0]], copy.Below("break-glass/"));
        Assert.Equal(3, copy[books[0]].Length);
    }

    [Fact]
    public async Task A_plan_record_of_before_the_book_still_loads_and_has_its_text()
    {
        await ChangePlanAsync("system: no");
        await using var later = new Office("system: no");
        var json = (await _office.Records.GetAsync(Tables.Plan, "plan", "active", default))!.Json;
        await later.Records.WriteAsync(Tables.Plan, "plan", RecordWrite.Put("active", json), default);
        var state = await later.Plan.RefreshAsync(default);
        Assert.Equal((true, Office.QuickPlan, _office.Folder), (state.IsStale, state.Text, state.Folder));
    }

    private (BreakGlassService Book, MemoryObjectStore Store) Book(MemoryObjectStore? store = null, Program? program = null)
    {
        store ??= new MemoryObjectStore();
        return (Over(store, program ?? new Program(null)), store);
    }

    private BreakGlassService Over(IObjectStore store, Program program)
    {
        var care = new RepositoryCareLog(_office.Records, _office.Clock);
        var overview = new RepositoryOverviewService(_office.Repositories, care, new RepositoryKeyPlace(false), _office.Plan, _office.Clock);
        return new BreakGlassService(
            _office.Repositories, _office.Backups, overview, care, store, _office.Records, _office.Plan, program, new BreakGlassPlaces("/srv/objects", "the variable MAINTENANCE_PASSPHRASE"), _office.Clock);
    }

    private static IReadOnlyList<string> Books(MemoryObjectStore store) => [.. store.Below(BreakGlassBook.Prefix).Where(static name => name.EndsWith(".md", StringComparison.Ordinal))];

    private async Task ChangePlanAsync(string yaml)
    {
        _office.PlanText = yaml;
        _ = await _office.Plan.RefreshAsync(default);
    }

    private async Task<BreakGlassRecord> TickAsync(BreakGlassService book)
    {
        _office.Clock.Advance(TimeSpan.FromMinutes(1));
        return (await book.WriteIfChangedAsync(default))!;
    }

    private async Task<BackupRun> BackUpAsync(params string[] differences)
    {
        _office.Clock.Advance(TimeSpan.FromMinutes(1));
        var run = await _office.Backups.StartAsync("nightly", default);
        var reference = new BackupRunRef(run.Policy, run.Id);
        var taken = await _office.Activities.TakeSnapshotAsync(reference, default);
        return await _office.Activities.RecordBackupAsync(new BackupResult(reference, taken, differences, null), default);
    }

    /// <summary>A program of one letter; null for none.</summary>
    private sealed class Program(string? letter) : IProgramBundle
    {
        public int Written { get; private set; }

        public Task<string?> HashAsync(CancellationToken cancellation) => Task.FromResult(letter is null ? null : string.Concat(Enumerable.Repeat(letter, 64)));

        public async Task WriteAsync(Stream destination, CancellationToken cancellation)
        {
            Written++;
            await destination.WriteAsync(Encoding.UTF8.GetBytes($"program {letter}"), cancellation);
        }
    }
}
