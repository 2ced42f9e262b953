namespace Maintenance.Storage;

/// <summary>
/// JSON documents by table, partition key and row key. What every adapter guarantees, and the contract tests check:
/// <list type="bullet">
/// <item>a completed write is durable; a read after it sees it;</item>
/// <item>each write gives the record a new ETag; a conditional write fails when the ETag is another;</item>
/// <item>a batch is atomic inside one partition of one table, at most <see cref="MaxBatch"/> writes, each row once;</item>
/// <item>a range query returns rows in ordinal order of their row keys;</item>
/// <item>there is no transaction across partitions or tables.</item>
/// </list>
/// </summary>
public interface IRecordStore
{
    /// <summary>The most writes that one batch may hold (Azure Tables' limit).</summary>
    const int MaxBatch = 100;

    /// <summary>The most bytes of UTF-8 JSON that one document may have. Azure stores at most 1 MiB with keys and overhead.</summary>
    const int MaxDocumentBytes = 900 * 1024;

    /// <summary>The most bytes of UTF-8 JSON that the documents of one batch may have together. Azure takes 4 MiB with its own wrapping.</summary>
    const int MaxBatchBytes = 2500 * 1024;

    /// <summary>The record, or null.</summary>
    Task<StoredRecord?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellation);

    /// <summary>The rows of one partition inside <paramref name="range"/>, in ordinal order of their row keys. Pages are read as the caller goes on.</summary>
    IAsyncEnumerable<StoredRecord> QueryAsync(string table, string partitionKey, RowRange range, CancellationToken cancellation);

    /// <summary>Applies all of <paramref name="writes"/> to one partition, or none of them.</summary>
    /// <returns>The new ETag of each write, in order; empty text for a delete.</returns>
    /// <exception cref="RecordConflictException">A condition did not hold; nothing was written.</exception>
    /// <exception cref="ArgumentException">A key, a document or the batch breaks a limit.</exception>
    Task<IReadOnlyList<string>> WriteAsync(string table, string partitionKey, IReadOnlyList<RecordWrite> writes, CancellationToken cancellation);
}

/// <summary>A document as stored.</summary>
/// <param name="PartitionKey">The partition.</param>
/// <param name="RowKey">The row.</param>
/// <param name="Json">The document: one JSON object.</param>
/// <param name="ETag">Opaque; changes with every write.</param>
public sealed record StoredRecord(string PartitionKey, string RowKey, string Json, string ETag);

/// <summary>A half-open range of row keys: <c>From ≤ key &lt; To</c>, compared ordinally. Null means open.</summary>
/// <param name="From">The first key that is in the range, or null.</param>
/// <param name="To">The first key that no longer is, or null.</param>
/// <param name="Take">The most rows to return, or null for all.</param>
public sealed record RowRange(string? From = null, string? To = null, int? Take = null)
{
    /// <summary>Every row.</summary>
    public static RowRange All { get; } = new();

    /// <summary>Every row whose key starts with <paramref name="prefix"/>, which is not empty.</summary>
    public static RowRange Prefix(string prefix)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);

        // No character comes after U+FFFF, so the first key past the prefix is past what stands before it.
        var stem = prefix.TrimEnd('\uffff');
        return new(prefix, stem.Length == 0 ? null : stem[..^1] + (char)(stem[^1] + 1));
    }
}

/// <summary>What a write does to its row.</summary>
public enum RecordWriteKind
{
    /// <summary>The row must not exist.</summary>
    Insert,

    /// <summary>The row must exist with the given ETag.</summary>
    Replace,

    /// <summary>Insert or replace, unconditionally.</summary>
    Put,

    /// <summary>With an ETag: the row must exist with it. Without: gone afterwards, whether it existed or not.</summary>
    Delete,
}

/// <summary>One write of a batch; make it with the factory methods.</summary>
public sealed record RecordWrite
{
    private RecordWrite(RecordWriteKind kind, string rowKey, string json, string? eTag)
    {
        Kind = kind;
        RowKey = rowKey;
        Json = json;
        ETag = eTag;
    }

    /// <summary>What is done.</summary>
    public RecordWriteKind Kind { get; }

    /// <summary>The row.</summary>
    public string RowKey { get; }

    /// <summary>The new document; empty for a delete.</summary>
    public string Json { get; }

    /// <summary>The expected ETag of a <see cref="RecordWriteKind.Replace"/> or conditional delete.</summary>
    public string? ETag { get; }

    /// <summary>Adds a row that must not exist.</summary>
    public static RecordWrite Insert(string rowKey, string json) => new(RecordWriteKind.Insert, rowKey, json, null);

    /// <summary>Replaces a row that must still have <paramref name="eTag"/>.</summary>
    public static RecordWrite Replace(string rowKey, string json, string eTag) => new(RecordWriteKind.Replace, rowKey, json, eTag);

    /// <summary>Adds or replaces a row, whatever is there.</summary>
    public static RecordWrite Put(string rowKey, string json) => new(RecordWriteKind.Put, rowKey, json, null);

    /// <summary>Deletes a row; with an ETag only if it still has it.</summary>
    public static RecordWrite Delete(string rowKey, string? eTag = null) => new(RecordWriteKind.Delete, rowKey, "", eTag);
}

/// <summary>A condition of a write did not hold: the row exists already, is gone, or was changed by someone else. Nothing was written.</summary>
public sealed class RecordConflictException : Exception
{
    /// <summary>For the row that failed.</summary>
    public RecordConflictException(string table, string partitionKey, string rowKey, Exception? inner = null)
        : base($"The record {table}/{partitionKey}/{rowKey} was changed meanwhile, or exists already.", inner)
    {
        Table = table;
        PartitionKey = partitionKey;
        RowKey = rowKey;
    }

    /// <summary>The table.</summary>
    public string Table { get; }

    /// <summary>The partition.</summary>
    public string PartitionKey { get; }

    /// <summary>The row whose condition failed.</summary>
    public string RowKey { get; }
}
