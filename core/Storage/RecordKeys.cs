using System.Globalization;
using System.Text;

namespace Maintenance.Storage;

/// <summary>Which keys and documents an <see cref="IRecordStore"/> takes, and how other text becomes a key.</summary>
public static class RecordKeys
{
    /// <summary>Throws unless the table name is allowed everywhere: 3 to 63 ASCII letters and digits, a letter first.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static void CheckTable(string table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.Length is < 3 or > 63 || !char.IsAsciiLetter(table[0]) || !table.All(char.IsAsciiLetterOrDigit))
        {
            throw new ArgumentException($"'{table}' is not a table name: 3 to 63 ASCII letters and digits, a letter first.", nameof(table));
        }
    }

    /// <summary>Throws unless the key is allowed everywhere: 1 to 512 characters, none of <c>/ \ # ?</c>, no control character and no half of a surrogate pair.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static void Check(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length is 0 or > 512)
        {
            throw new ArgumentException($"A record key has 1 to 512 characters, this one {key.Length}.", nameof(key));
        }

        for (var i = 0; i < key.Length; i++)
        {
            var c = key[i];
            if (c is '/' or '\\' or '#' or '?' || char.IsControl(c) || SurrogatePairs.IsHalf(key, i))
            {
                throw new ArgumentException($"The record key '{key}' has a character that keys may not have: U+{(int)c:X4}.", nameof(key));
            }
        }
    }

    /// <summary>Throws unless every write of the batch keeps the port's limits.</summary>
    /// <exception cref="ArgumentException">Says which write breaks which limit.</exception>
    public static void CheckBatch(string table, string partitionKey, IReadOnlyList<RecordWrite> writes)
    {
        ArgumentNullException.ThrowIfNull(writes);
        CheckTable(table);
        Check(partitionKey);
        if (writes.Count is 0 or > IRecordStore.MaxBatch)
        {
            throw new ArgumentException($"A batch has 1 to {IRecordStore.MaxBatch} writes, this one {writes.Count}.", nameof(writes));
        }

        var rows = new HashSet<string>(StringComparer.Ordinal);
        var total = 0;
        foreach (var write in writes)
        {
            Check(write.RowKey);
            if (!rows.Add(write.RowKey))
            {
                throw new ArgumentException($"The batch writes the row '{write.RowKey}' twice.", nameof(writes));
            }

            var bytes = Encoding.UTF8.GetByteCount(write.Json);
            if (bytes > IRecordStore.MaxDocumentBytes)
            {
                throw new ArgumentException($"The document {table}/{partitionKey}/{write.RowKey} has {bytes} bytes; {IRecordStore.MaxDocumentBytes} are allowed.", nameof(writes));
            }

            total += bytes;
        }

        if (total > IRecordStore.MaxBatchBytes)
        {
            throw new ArgumentException($"The documents of the batch for {table}/{partitionKey} have {total} bytes together; {IRecordStore.MaxBatchBytes} are allowed.", nameof(writes));
        }
    }

    /// <summary>
    /// Any text as a key, one to one: letters, digits and <c>- . _ :</c> stand for themselves, every other UTF-8 byte becomes <c>~XX</c>.
    /// </summary>
    public static string Encode(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        var key = new StringBuilder(text.Length + 8);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            var c = (char)b;
            _ = char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or ':'
                ? key.Append(c)
                : key.Append('~').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }

        return key.ToString();
    }

    /// <summary>An instant as text whose ordinal order is the order of time: <c>20261122T020000.000Z</c>, UTC, milliseconds, cut not rounded.</summary>
    public static string Instant(DateTimeOffset instant) =>
        instant.ToUniversalTime().ToString("yyyyMMdd'T'HHmmss.fff'Z'", CultureInfo.InvariantCulture);
}
