using System.Globalization;
using System.Runtime.CompilerServices;
using Maintenance.Storage;
using Microsoft.Data.Sqlite;

namespace Maintenance.Local.Storage;

/// <summary>
/// Records in one SQLite table. The ETag is the number of a write, counted through the whole store: it never comes back, not even for a row that was deleted
/// and inserted again. A query reads pages; a row that changes meanwhile is seen as it was or as it is.
/// </summary>
public sealed class SqliteRecordStore : IRecordStore
{
    private const int PageRows = 500;

    /// <summary>A page of large documents ends earlier, so that a query holds a few megabytes, never hundreds.</summary>
    private const int PageCharacters = 2 * 1024 * 1024;

    private readonly SqliteDatabase _database;

    /// <summary>Makes the tables where they are missing.</summary>
    public SqliteRecordStore(SqliteDatabase database)
    {
        ArgumentNullException.ThrowIfNull(database);
        _database = database;
        database.EnsureSchema("the record store", """
            CREATE TABLE IF NOT EXISTS records (
                tbl     TEXT    NOT NULL,
                pk      BLOB    NOT NULL,
                rk      BLOB    NOT NULL,
                version INTEGER NOT NULL,
                json    TEXT    NOT NULL,
                PRIMARY KEY (tbl, pk, rk)
            ) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS record_writes (only INTEGER PRIMARY KEY CHECK (only = 1), counted INTEGER NOT NULL);
            INSERT OR IGNORE INTO record_writes (only, counted) VALUES (1, 0);
            """);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A key breaks a limit.</exception>
    public Task<StoredRecord?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellation)
    {
        RecordKeys.CheckTable(table);
        RecordKeys.Check(partitionKey);
        RecordKeys.Check(rowKey);
        return _database.ReadAsync(
            connection => connection.First(
                "SELECT json, version FROM records WHERE tbl = ?1 AND pk = ?2 AND rk = ?3",
                row => new StoredRecord(partitionKey, rowKey, row.GetString(0), ETag(row.GetInt64(1))),
                table,
                OrdinalKeys.ToBytes(partitionKey),
                OrdinalKeys.ToBytes(rowKey)),
            cancellation);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A key breaks a limit.</exception>
    public async IAsyncEnumerable<StoredRecord> QueryAsync(
        string table, string partitionKey, RowRange range, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(range);
        RecordKeys.CheckTable(table);
        RecordKeys.Check(partitionKey);
        var left = range.Take ?? int.MaxValue;
        var to = range.To is null ? null : OrdinalKeys.ToBytes(range.To);

        // Every key is greater than the empty one, and above the last of a page is where the next one starts.
        var from = OrdinalKeys.ToBytes(range.From ?? "");
        var above = false;
        while (left > 0)
        {
            var page = await _database.ReadAsync(connection => ReadPage(connection, table, partitionKey, from, above, to, Math.Min(left, PageRows)), cancellation);
            foreach (var record in page.Records)
            {
                yield return record;
            }

            if (page.IsLast)
            {
                yield break;
            }

            left -= page.Records.Count;
            from = OrdinalKeys.ToBytes(page.Records[^1].RowKey);
            above = true;
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> WriteAsync(string table, string partitionKey, IReadOnlyList<RecordWrite> writes, CancellationToken cancellation)
    {
        RecordKeys.CheckBatch(table, partitionKey, writes);
        return _database.WriteAsync<IReadOnlyList<string>>(connection => Apply(connection, table, partitionKey, writes), cancellation);
    }

    private static string[] Apply(SqliteConnection connection, string table, string partitionKey, IReadOnlyList<RecordWrite> writes)
    {
        var partition = OrdinalKeys.ToBytes(partitionKey);
        var version = connection.Scalar<long>("UPDATE record_writes SET counted = counted + ?1 RETURNING counted", writes.Count) - writes.Count;
        var eTags = new string[writes.Count];
        for (var i = 0; i < writes.Count; i++)
        {
            var write = writes[i];
            version++;
            if (!Apply(connection, table, partition, write, version))
            {
                throw new RecordConflictException(table, partitionKey, write.RowKey);
            }

            eTags[i] = write.Kind == RecordWriteKind.Delete ? "" : ETag(version);
        }

        return eTags;
    }

    private static bool Apply(SqliteConnection connection, string table, byte[] partition, RecordWrite write, long version)
    {
        var row = OrdinalKeys.ToBytes(write.RowKey);
        switch (write.Kind)
        {
            case RecordWriteKind.Insert:
                return connection.Execute(
                    "INSERT INTO records (tbl, pk, rk, version, json) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
                    table, partition, row, version, write.Json) == 1;
            case RecordWriteKind.Replace:
                return connection.Execute(
                    "UPDATE records SET version = ?4, json = ?5 WHERE tbl = ?1 AND pk = ?2 AND rk = ?3 AND version = ?6",
                    table, partition, row, version, write.Json, Version(write.ETag)) == 1;
            case RecordWriteKind.Put:
                return connection.Execute(
                    """
                    INSERT INTO records (tbl, pk, rk, version, json) VALUES (?1, ?2, ?3, ?4, ?5)
                    ON CONFLICT DO UPDATE SET version = excluded.version, json = excluded.json
                    """,
                    table, partition, row, version, write.Json) == 1;
            case RecordWriteKind.Delete when write.ETag is null:
                connection.Execute("DELETE FROM records WHERE tbl = ?1 AND pk = ?2 AND rk = ?3", table, partition, row);
                return true;
            case RecordWriteKind.Delete:
                return connection.Execute(
                    "DELETE FROM records WHERE tbl = ?1 AND pk = ?2 AND rk = ?3 AND version = ?4", table, partition, row, Version(write.ETag)) == 1;
            default:
                throw new ArgumentException($"There is no write of kind {write.Kind}.", nameof(write));
        }
    }

    private static Page ReadPage(SqliteConnection connection, string table, string partitionKey, byte[] from, bool above, byte[]? to, int rows)
    {
        var records = new List<StoredRecord>();
        var characters = 0L;
        var stopped = connection.Scan(
            (above, to is not null) switch
            {
                (false, false) => "SELECT rk, json, version FROM records WHERE tbl = ?1 AND pk = ?2 AND rk >= ?3 ORDER BY rk LIMIT ?4",
                (true, false) => "SELECT rk, json, version FROM records WHERE tbl = ?1 AND pk = ?2 AND rk > ?3 ORDER BY rk LIMIT ?4",
                (false, true) => "SELECT rk, json, version FROM records WHERE tbl = ?1 AND pk = ?2 AND rk >= ?3 AND rk < ?5 ORDER BY rk LIMIT ?4",
                (true, true) => "SELECT rk, json, version FROM records WHERE tbl = ?1 AND pk = ?2 AND rk > ?3 AND rk < ?5 ORDER BY rk LIMIT ?4",
            },
            row =>
            {
                var json = row.GetString(1);
                records.Add(new StoredRecord(partitionKey, OrdinalKeys.ToText(row.GetFieldValue<byte[]>(0)), json, ETag(row.GetInt64(2))));
                characters += json.Length;
                return characters < PageCharacters;
            },
            to is null ? [table, OrdinalKeys.ToBytes(partitionKey), from, rows] : [table, OrdinalKeys.ToBytes(partitionKey), from, rows, to]);
        return new Page(records, IsLast: !stopped && records.Count < rows);
    }

    private static string ETag(long version) => version.ToString(CultureInfo.InvariantCulture);

    /// <summary>The version that an ETag stands for; text that is no ETag of ours stands for none, and so never matches.</summary>
    private static long Version(string? eTag) =>
        long.TryParse(eTag, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && ETag(version) == eTag ? version : -1;

    private sealed record Page(List<StoredRecord> Records, bool IsLast);
}
