using System.Text;
using Maintenance.Local.Storage;
using Maintenance.Storage;
using Maintenance.Tests.Repository;
using Maintenance.Tests.Services;
using Maintenance.Tickets;
using Maintenance.Tickets.Attachments;

namespace Maintenance.Tests.Tickets;

/// <summary>Files of tickets: let in by what they are, kept apart, never left behind.</summary>
public sealed class AttachmentTests : IAsyncLifetime
{
    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. "the rest of a picture"u8];
    private static readonly byte[] Zip = [.. "PK\x03\x04"u8, .. new byte[40]];

    private readonly TicketActor _ben = new("ben", true);
    private Desk _desk = null!;
    private FolderObjectStore _objects = null!;
    private FailingStore _store = null!;
    private AttachmentService _files = null!;
    private Ticket _ticket = null!;

    public async Task InitializeAsync()
    {
        _desk = await Desk.OpenAsync();
        _objects = FolderObjectStore.Open(Path.Join(_desk.Office.Folder, "objects"));
        _store = new FailingStore(_objects);
        _files = new AttachmentService(_store, _desk.Office.Records, _desk.Office.Tickets, _desk.Office.Plan, _desk.Office.Clock);
        _ticket = await _desk.OpenAsync("Printer");
    }

    public async Task DisposeAsync() => await _desk.DisposeAsync();

    [Theory]
    [InlineData("screen.PNG", "screen.PNG", "png")]
    [InlineData("../../etc/passwd.txt", "passwd.txt", "txt")]
    [InlineData("..\\..\\windows\\win.ini.txt", "win.ini.txt", "txt")]
    [InlineData("C:\\fakepath\\a.pdf", "a.pdf", "pdf")]
    [InlineData("invoice\u202Efdp.exe", "invoicefdp.exe", "exe")]
    [InlineData("a\u0000b\r\nc\t.txt", "abc.txt", "txt")]
    [InlineData("  .htaccess. . ", "htaccess", "")]
    [InlineData("a:b|c?*\"<d>.txt", "a_b_c____d_.txt", "txt")]
    [InlineData("naïve 東京.csv", "naïve 東京.csv", "csv")]
    [InlineData("file.png. ", "file.png", "png")]
    [InlineData("a\u200b\u2066.txt", "a.txt", "txt")]
    public void A_name_is_made_harmless_and_its_ending_is_the_real_one(string sent, string kept, string ending)
    {
        var clean = AttachmentName.Clean(sent);
        Assert.Equal((kept, ending), (clean, AttachmentName.EndingOf(clean)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("..")]
    [InlineData("a/")]
    [InlineData("\u202E \u0007")]
    public void A_name_of_which_nothing_is_left_is_refused(string? sent) => Assert.Equal("name", Assert.Throws<TicketActException>(() => AttachmentName.Clean(sent)).Field);

    [Fact]
    public void A_long_name_keeps_its_ending()
    {
        var clean = AttachmentName.Clean(new string('x', 115) + "😀😀😀😀.txt");
        Assert.True(clean.Length <= AttachmentName.Longest);
        Assert.EndsWith(".txt", clean, StringComparison.Ordinal);

        // No half of a character is left where it was cut.
        Assert.Equal(clean, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(clean)));
    }

    public static TheoryData<string, byte[], bool> Contents => new()
    {
        { "a.png", Png, true },
        { "a.png", Zip, false },
        { "a.png", "GIF89a............"u8.ToArray(), false },
        { "a.png", [0x89, 0x50], false },
        { "a.jpg", [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3], true },
        { "a.jpeg", Png, false },
        { "a.gif", "GIF89a............"u8.ToArray(), true },
        { "a.webp", [.. "RIFF"u8, 1, 2, 3, 4, .. "WEBPVP8 "u8], true },
        { "a.webp", [.. "RIFF"u8, 1, 2, 3, 4, .. "WAVEfmt "u8], false },
        { "a.pdf", "%PDF-1.7\n%..."u8.ToArray(), true },
        { "a.pdf", "<html>%PDF-1.7"u8.ToArray(), false },
        { "a.zip", Zip, true },
        { "a.zip", Png, false },
        { "a.docx", Zip, true },
        { "a.docx", "%PDF-1.7"u8.ToArray(), false },
        { "a.odt", "PK\x05\x06"u8.ToArray(), false },
        { "a.txt", "plain\r\n\ttext\f \u001b[0m é"u8.ToArray(), true },
        { "a.txt", Encoding.Latin1.GetBytes("Été 1999"), true },
        { "a.txt", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("Été\r\n")], true },
        { "a.txt", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes("Été\r\n")], true },
        { "a.txt", Encoding.Unicode.GetBytes("no mark"), false },
        { "a.csv", Zip, false },
        { "a.log", [65, 0, 66], false },
        { "a.json", [.. "{}"u8, 7], false },
        { "a.eml", "Subject: x\r\n\r\nHello"u8.ToArray(), true },
        { "a.txt", [], false },
        { "a.exe", "MZ......"u8.ToArray(), false },
        { "a.html", "<p>"u8.ToArray(), false },
        { "a.svg", "<svg/>"u8.ToArray(), false },
        { "png", Png, false },
    };

    [Theory]
    [MemberData(nameof(Contents))]
    public async Task A_file_is_let_in_where_its_kind_is_allowed_and_it_begins_as_it_must_and_else_nothing_is_left(string name, byte[] content, bool isGood)
    {
        if (isGood)
        {
            var ticket = await AddAsync(name, content);
            var file = Assert.Single(ticket.Attachments);
            Assert.Equal((name, content.Length, "ben", true), (file.Name, (int)file.Bytes, file.By, file.IsPublic));
            Assert.Equal(content, await ReadAsync(file));
            Assert.Equal(2, ticket.Events);
        }
        else
        {
            _ = await Assert.ThrowsAsync<TicketActException>(() => AddAsync(name, content));
            Assert.Empty(await ObjectsAsync());
        }

        Assert.Empty(await UploadsAsync());
    }

    [Fact]
    public async Task What_is_wrong_far_behind_the_beginning_is_found_and_nothing_is_left()
    {
        var text = Encoding.ASCII.GetBytes(new string('x', 300_000));
        Assert.Equal(text, await ReadAsync((await AddAsync("long.txt", text)).Attachments[0]));
        text[250_001] = 0;
        _ = await Assert.ThrowsAsync<TicketActException>(() => AddAsync("long.txt", text));

        // Of UTF-16 a zero byte is half of a letter, wherever a piece ends.
        byte[] wide = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(new string('x', 100_000))];
        Assert.Equal(wide, await ReadAsync((await AddAsync("wide.txt", new Trickle(wide))).Attachments[1]));
        wide[100_001] = 0;
        wide[100_000] = 1;
        _ = await Assert.ThrowsAsync<TicketActException>(() => AddAsync("wide.txt", new Trickle(wide)));
        Assert.Equal(2, (await ObjectsAsync()).Count);
        Assert.Empty(await UploadsAsync());
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_refused_before_it_is_read_or_while_it_is()
    {
        var endless = new Endless();
        var refused = await Assert.ThrowsAsync<AttachmentTooLargeException>(() => AddAsync("a.txt", endless, 10L * 1024 * 1024 * 1024));
        Assert.Equal((10 * 1024 * 1024, 0), (refused.Most, endless.Taken));

        _ = await Assert.ThrowsAsync<AttachmentTooLargeException>(() => AddAsync("a.txt", endless));
        Assert.InRange(endless.Taken, 10 * 1024 * 1024, (10 * 1024 * 1024) + (256 * 1024));
        Assert.Empty(await ObjectsAsync());
        Assert.Empty(Directory.EnumerateFiles(Path.Join(_desk.Office.Folder, "objects"), "*", SearchOption.AllDirectories));
        Assert.Empty(await UploadsAsync());
    }

    [Fact]
    public async Task Who_may_not_add_one_is_refused_and_an_internal_one_is_seen_by_staff_only()
    {
        var (cat, dan) = (new TicketActor("cat", false), new TicketActor("dan", false));
        var mine = (await _files.AddAsync(_ticket.Id, new("mine.txt", true), new MemoryStream([65]), cat, null, null, default))!.Value;
        _ = await Assert.ThrowsAsync<TicketRefusedException>(() => _files.AddAsync(_ticket.Id, new("a.txt", false), new MemoryStream([65]), cat, null, null, default));
        _ = await Assert.ThrowsAsync<TicketRefusedException>(() => _files.AddAsync(_ticket.Id, new("a.txt", true), new MemoryStream([65]), dan, null, null, default));
        var internalOne = (await _files.AddAsync(_ticket.Id, new("salaries.txt", false), new MemoryStream([65]), _ben, null, null, default))!.Value.Attachments[^1];

        Assert.NotNull(await _files.FindAsync(_ticket.Id, AttachmentService.FileOf(internalOne), isStaff: true, default));
        Assert.Null(await _files.FindAsync(_ticket.Id, AttachmentService.FileOf(internalOne), isStaff: false, default));
        Assert.NotNull(await _files.FindAsync(_ticket.Id, AttachmentService.FileOf(mine.Attachments[0]), isStaff: false, default));
        Assert.Null(await _files.FindAsync(_ticket.Id, "nonsense", isStaff: true, default));
        Assert.Null(await _files.FindAsync("T-9", AttachmentService.FileOf(internalOne), isStaff: true, default));
        Assert.Null(await _files.AddAsync("T-9", new("a.txt", true), new MemoryStream([65]), _ben, null, null, default));

        // Not even its name is public.
        var seen = TicketSight.For(_desk.Office.Plan.Current, (await _desk.Office.Tickets.ReadAsync(_ticket.Id, default))!.Value, isStaff: false);
        Assert.DoesNotContain("salaries", MaintenanceJson.Write(seen), StringComparison.Ordinal);
        Assert.Contains("mine.txt", MaintenanceJson.Write(seen), StringComparison.Ordinal);
        await _desk.HearAsync();
        Assert.Empty(await _desk.FindAsync(new() { Text = "salaries" }, isStaff: false));
        Assert.Single(await _desk.FindAsync(new() { Text = "salaries" }));
        Assert.Single(await _desk.FindAsync(new() { Text = "mine" }, isStaff: false));
    }

    [Fact]
    public async Task The_same_file_sent_again_under_its_key_is_added_once()
    {
        var first = (await _files.AddAsync(_ticket.Id, new("a.txt", true), new MemoryStream([65]), _ben, null, "k", default))!.Value;
        var again = (await _files.AddAsync(_ticket.Id, new("a.txt", true), new MemoryStream([65]), _ben, null, "k", default))!.Value;
        Assert.Equal((first.Attachments.Single(), first.Events), (again.Attachments.Single(), again.Events));
        Assert.Single(await ObjectsAsync());

        // Somebody else's key is another one.
        _ = await _files.AddAsync(_ticket.Id, new("a.txt", true), new MemoryStream([65]), new("ann", true), null, "k", default);
        Assert.Equal(2, (await ObjectsAsync()).Count);
    }

    [Fact]
    public async Task A_version_that_is_no_longer_the_newest_leaves_nothing_behind()
    {
        var seen = (await _desk.Office.Tickets.FindAsync(_ticket.Id, default))!.ETag;
        await _desk.ActAsync(_ticket.Id, new TicketAct.Start());

        _ = await Assert.ThrowsAsync<RecordConflictException>(() => _files.AddAsync(_ticket.Id, new("a.txt", true), new MemoryStream([65]), _ben, seen, null, default));

        Assert.Empty(await ObjectsAsync());
        Assert.Empty(await UploadsAsync());
    }

    [Fact]
    public async Task A_file_whose_stores_answer_was_lost_and_that_is_refused_then_is_cleared_away_in_the_end()
    {
        // The client of the store sends again what got no answer, and is told that the name is taken: by itself.
        _store.LosesAnswers = true;
        var seen = (await _desk.Office.Tickets.FindAsync(_ticket.Id, default))!.ETag;
        await _desk.ActAsync(_ticket.Id, new TicketAct.Start());

        _ = await Assert.ThrowsAsync<RecordConflictException>(() => _files.AddAsync(_ticket.Id, new("a.txt", true), new MemoryStream([65]), _ben, seen, null, default));
        Assert.Single(await ObjectsAsync());

        _desk.Office.Clock.Advance(TimeSpan.FromHours(37));
        await _files.PurgeAsync(default);
        Assert.Empty(await ObjectsAsync());
        Assert.Empty(await UploadsAsync());
    }

    [Fact]
    public async Task A_ticket_takes_fifty_files()
    {
        for (var i = 0; i < 50; i++)
        {
            _ = await AddAsync($"{i}.txt", [65]);
        }

        Assert.Equal("file", (await Assert.ThrowsAsync<TicketActException>(() => AddAsync("one-too-many.txt", [65]))).Field);
        Assert.Equal(50, (await ObjectsAsync()).Count);
    }

    [Fact]
    public async Task An_upload_that_is_cut_off_anywhere_is_cleared_away_after_a_day_and_a_half_and_a_file_that_is_there_is_not()
    {
        for (var writes = 0; writes < 6; writes++)
        {
            var before = (await _desk.Office.Tickets.FindAsync(_ticket.Id, default))!.Value.Attachments.Count;
            _desk.Office.Records.CutAfter(writes);
            await CutAsync(() => AddAsync("a.txt", [65]));
            _desk.Office.Records.Mend();
            _desk.Office.Clock.Advance(TimeSpan.FromHours(35));
            await _files.PurgeAsync(default);
            var early = (await ObjectsAsync()).Count;
            _desk.Office.Clock.Advance(TimeSpan.FromHours(2));
            await _files.PurgeAsync(default);

            var attached = (await _desk.Office.Tickets.FindAsync(_ticket.Id, default))!.Value.Attachments;
            Assert.Equal(attached.Select(static file => file.StoredAs).Order(), await ObjectsAsync());
            Assert.Empty(await UploadsAsync());
            Assert.True(early >= attached.Count, "was cleared away early");
            Assert.InRange(attached.Count, before, before + 1);
        }

        // Between the object and its ticket: the store took it, and then the machine stopped.
        _store.FailsAfterPut = true;
        await CutAsync(() => AddAsync("a.txt", [65]));
        _store.FailsAfterPut = false;
        var there = await ObjectsAsync();
        _desk.Office.Clock.Advance(TimeSpan.FromHours(37));
        await _files.PurgeAsync(default);
        Assert.Equal(there.Count - 1, (await ObjectsAsync()).Count);
    }

    [Fact]
    public async Task A_file_that_the_store_holds_is_cleared_away_when_it_no_longer_does()
    {
        _store.FailsAfterPut = true;
        await CutAsync(() => AddAsync("a.txt", [65]));
        _store.IsHeld = true;
        _desk.Office.Clock.Advance(TimeSpan.FromHours(37));
        await _files.PurgeAsync(default);
        Assert.Single(await UploadsAsync());

        _store.IsHeld = false;
        await _files.PurgeAsync(default);
        Assert.Empty(await UploadsAsync());
        Assert.Empty(await ObjectsAsync());
    }

    [Fact]
    public async Task The_backup_repository_in_the_same_store_leaves_files_of_tickets_alone()
    {
        var bench = await RepositoryBench.CreateAsync();
        var files = new AttachmentService(bench.Store, _desk.Office.Records, _desk.Office.Tickets, _desk.Office.Plan, _desk.Office.Clock);
        var attached = (await files.AddAsync(_ticket.Id, new("a.txt", true), new MemoryStream([65, 66]), _ben, null, null, default))!.Value.Attachments.Single();
        var source = new MemorySource().File("kept", RepositoryBench.Noise(600_000));
        var first = await bench.TakeAsync(source);
        _ = await bench.TakeAsync(new MemorySource().File("other", RepositoryBench.Noise(700_000, 2)));
        Assert.True(await bench.Repository.DropAsync(first.Id, default));
        var copy = new MemoryObjectStore();
        _ = await bench.Repository.CopyAsync(copy, null, default);

        for (var i = 0; i < 3; i++)
        {
            _ = await bench.PruneAsync();
            Assert.True((await bench.VerifyAsync()).IsClean);
        }

        Assert.Equal([65, 66], await bench.Store.GetAsync(attached.StoredAs, default));
        Assert.Empty(copy.Below(AttachmentService.Prefix));
    }

    private Task<Ticket> AddAsync(string name, byte[] content) => AddAsync(name, new MemoryStream(content));

    private async Task<Ticket> AddAsync(string name, Stream content, long? bytes = null) =>
        (await _files.AddAsync(_ticket.Id, new AttachmentUpload(name, true, bytes), content, _ben, null, null, default))!.Value;

    private async Task<byte[]> ReadAsync(TicketAttachment file)
    {
        var content = new MemoryStream();
        await foreach (var piece in _files.ReadAsync(file, default))
        {
            await content.WriteAsync(piece);
        }

        return content.ToArray();
    }

    private async Task<List<string>> ObjectsAsync() => await _objects.ListAsync("tickets/", default).Select(static found => found.Name).Order().ToListAsync();

    private async Task<List<StoredRecord>> UploadsAsync() => await _desk.Office.Records.QueryAsync(Tables.Uploads, "uploads", RowRange.All, default).ToListAsync();

    private static async Task CutAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (CutOffException)
        {
            // As the test asked.
        }
    }

    /// <summary>Text without an end.</summary>
    private sealed class Endless : MemoryStream
    {
        public long Taken { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            buffer.Span.Fill((byte)'x');
            Taken += buffer.Length;
            return ValueTask.FromResult(buffer.Length);
        }
    }

    /// <summary>Comes in odd pieces, as from a network.</summary>
    private sealed class Trickle(byte[] content) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 3 + (int)(Position % 1777))], cancellationToken);
    }

    /// <summary>A store that can stop after it has taken an object, can lose its answer, and can hold what it has.</summary>
    private sealed class FailingStore(IObjectStore inner) : IObjectStore
    {
        public bool FailsAfterPut { get; set; }

        public bool IsHeld { get; set; }

        public bool LosesAnswers { get; set; }

        public Task<bool> PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation) => inner.PutAsync(name, content, cancellation);

        public Task<byte[]?> GetAsync(string name, CancellationToken cancellation) => inner.GetAsync(name, cancellation);

        public Task<byte[]?> GetRangeAsync(string name, long offset, int length, CancellationToken cancellation) => inner.GetRangeAsync(name, offset, length, cancellation);

        public Task<bool> ExistsAsync(string name, CancellationToken cancellation) => inner.ExistsAsync(name, cancellation);

        public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellation) => inner.ListAsync(prefix, cancellation);

        public Task<bool> DeleteAsync(string name, CancellationToken cancellation) => IsHeld ? throw new ObjectHeldException(name) : inner.DeleteAsync(name, cancellation);

        public async ValueTask<IObjectWriter> CreateAsync(string name, CancellationToken cancellation) => new Writer(this, await inner.CreateAsync(name, cancellation));

        private sealed class Writer(FailingStore store, IObjectWriter inner) : IObjectWriter
        {
            public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellation) => inner.WriteAsync(piece, cancellation);

            public async Task<bool> CompleteAsync(CancellationToken cancellation)
            {
                var isMine = await inner.CompleteAsync(cancellation);
                return store.FailsAfterPut ? throw new CutOffException() : isMine && !store.LosesAnswers;
            }

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }
}
