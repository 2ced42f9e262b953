using System.Globalization;
using System.Text;
using Maintenance.Storage;

namespace Maintenance.Recovery;

/// <summary>The books and programs of one store.</summary>
/// <param name="store">The store: the host's own, or a copy's.</param>
internal sealed class BreakGlassShelf(IObjectStore store)
{
    /// <summary>So many books are kept: what the newest says wrong, an older one may say right.</summary>
    public const int Kept = 5;

    private const string BookEnding = ".md";
    private const string ProgramBeginning = BreakGlassBook.Prefix + "program-";

    /// <summary>The object of a program.</summary>
    /// <param name="hash">Its hash.</param>
    public static string ProgramName(string hash) => $"{ProgramBeginning}{hash[..12]}.tar.gz";

    /// <summary>The object of a book.</summary>
    public static string BookName(DateTimeOffset at, string fingerprint) => $"{BreakGlassBook.Prefix}{at.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{fingerprint[..12]}{BookEnding}";

    /// <summary>
    /// The object of the book that follows <paramref name="newest"/>. Whoever has nothing but the store takes the last name for the newest book: so a second book within
    /// a second, or one after the clock was set back, is named by the second after the newest. (Its text has the instant itself.)
    /// </summary>
    public static string NextName(string? newest, DateTimeOffset at, string fingerprint) =>
        BookName(newest is not null && InstantOf(newest).AddSeconds(1) is var next && next > at ? next : at, fingerprint);

    /// <summary>The instant in a book's name; that of no book's where it has none.</summary>
    public static DateTimeOffset InstantOf(string name) =>
        DateTimeOffset.TryParseExact(
            name[BreakGlassBook.Prefix.Length..].Split('-')[0], "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            ? at
            : DateTimeOffset.MinValue;

    /// <summary>The name of the newest book; null where there is none.</summary>
    public async Task<string?> NewestAsync(CancellationToken cancellation) => (await NamesAsync(cancellation)).Where(IsBook).Max(StringComparer.Ordinal);

    /// <summary>The text of a book; null where there is none of this name.</summary>
    public async Task<string?> ReadAsync(string book, CancellationToken cancellation) =>
        await store.GetAsync(book, cancellation) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>True where a book is there.</summary>
    public Task<bool> HasAsync(string book, CancellationToken cancellation) => store.ExistsAsync(book, cancellation);

    /// <summary>Stores the program, then the book that names it, and removes what is too old. Done again, it does what is left of it.</summary>
    public async Task PutAsync(string book, string text, string? programName, IProgramBundle program, CancellationToken cancellation)
    {
        if (programName is not null && !await store.ExistsAsync(programName, cancellation))
        {
            await using var writer = await store.CreateAsync(programName, cancellation);
            await using (var stream = new ObjectStream(writer))
            {
                await program.WriteAsync(stream, cancellation);
            }

            _ = await writer.CompleteAsync(cancellation);
        }

        _ = await store.PutAsync(book, Encoding.UTF8.GetBytes(text), cancellation);
        await RemoveOldAsync(cancellation);
    }

    private static bool IsBook(string name) => name.EndsWith(BookEnding, StringComparison.Ordinal);

    private async Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancellation) =>
        await store.ListAsync(BreakGlassBook.Prefix, cancellation).Select(static item => item.Name).ToListAsync(cancellation);

    private async Task RemoveOldAsync(CancellationToken cancellation)
    {
        var names = await NamesAsync(cancellation);
        var books = names.Where(IsBook).OrderDescending(StringComparer.Ordinal).ToList();
        foreach (var old in books.Skip(Kept))
        {
            await DeleteAsync(old, cancellation);
        }

        var programs = names.Where(static name => name.StartsWith(ProgramBeginning, StringComparison.Ordinal)).ToList();
        if (programs.Count < 2)
        {
            return;
        }

        // A program stays for as long as a book names it.
        var texts = new List<string>();
        foreach (var book in books.Take(Kept))
        {
            texts.Add(await ReadAsync(book, cancellation) ?? "");
        }

        foreach (var unnamed in programs.Where(name => texts.TrueForAll(text => !text.Contains(name, StringComparison.Ordinal))))
        {
            await DeleteAsync(unnamed, cancellation);
        }
    }

    private async Task DeleteAsync(string name, CancellationToken cancellation)
    {
        try
        {
            _ = await store.DeleteAsync(name, cancellation);
        }
        catch (ObjectHeldException)
        {
            // The store keeps it for a while; a later book asks again. One too many does no harm.
        }
    }

    /// <summary>An object that is written piece by piece, as a stream.</summary>
    private sealed class ObjectStream(IObjectWriter writer) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => writer.WriteAsync(buffer, cancellationToken);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => writer.WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is written asynchronously only.");
    }
}
