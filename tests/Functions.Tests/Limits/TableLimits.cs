using System.Text;
using System.Text.Json;
using Azure.Data.Tables;

namespace MaintenanceFunctions.Tests.Limits;

/// <summary>
/// What Azure Table Storage takes, as Microsoft's documentation says it: "Understanding the Table service data model" (names, keys, properties, sizes) and "Performing entity
/// group transactions" (REST API of the Table service). Written apart from core's own rules, so that one is checked by the other.
/// </summary>
internal static class TableLimits
{
    /// <summary>The most bytes of the body of a transaction.</summary>
    public const int MaxTransactionBytes = 4 * 1024 * 1024;

    private const int MaxKeyBytes = 1024;
    private const int MaxPropertyBytes = 64 * 1024;
    private const int MaxEntityBytes = 1024 * 1024;
    private const int MaxProperties = 252;
    private const int MaxActions = 100;

    // Of a part of the body that holds one action: boundary, MIME headers, request line with the address of the entity, its own headers.
    private const int PartBytes = 700;

    /// <summary>Why a table may not be called so, or null.</summary>
    public static string? Table(string name) =>
        name.Length is < 3 or > 63 ? $"a table's name has 3 to 63 characters, '{name}' has {name.Length}"
        : !char.IsAsciiLetter(name[0]) || !name.All(char.IsAsciiLetterOrDigit) ? $"'{name}' is not letters and digits, a letter first"
        : string.Equals(name, "tables", StringComparison.OrdinalIgnoreCase) ? "'tables' is reserved"
        : null;

    /// <summary>Why a partition or row key may not be this one, or null. The empty key is allowed by the service, and is none of ours.</summary>
    public static string? Key(string key)
    {
        if (key.Length == 0 || 2 * key.Length > MaxKeyBytes)
        {
            return $"a key has 1 to {MaxKeyBytes} bytes of UTF-16, this one {2 * key.Length}";
        }

        if (key.IndexOfAny(['/', '\\', '#', '?']) is >= 0 and var at)
        {
            return $"the key '{key}' has '{key[at]}'";
        }

        return Text.Odd(key) is { } odd ? $"the key '{key}' has {odd}" : null;
    }

    /// <summary>Why an entity is refused, or null.</summary>
    public static string? Entity(TableEntity entity)
    {
        if ((Key(entity.PartitionKey) ?? Key(entity.RowKey)) is { } key)
        {
            return key;
        }

        var own = entity.Where(static property => property.Key is not ("PartitionKey" or "RowKey" or "Timestamp" or "odata.etag")).ToList();
        if (own.Count > MaxProperties)
        {
            return $"an entity has at most {MaxProperties} properties, this one {own.Count}";
        }

        // The documented formula: 4 bytes, the keys as UTF-16, and for each property 8 bytes, its name as UTF-16 and its value.
        var size = 4 + (2 * (entity.PartitionKey.Length + entity.RowKey.Length));
        foreach (var (name, value) in own)
        {
            if (name.Length > 255 || !char.IsLetter(name[0]) || !name.All(char.IsLetterOrDigit))
            {
                return $"'{name}' is no name of a property";
            }

            var bytes = value switch { string text => 2 * text.Length, byte[] binary => binary.Length, _ => 16 };
            if (bytes > MaxPropertyBytes)
            {
                return $"the property {name} has {bytes} bytes, {MaxPropertyBytes} are allowed";
            }

            size += 8 + (2 * name.Length) + 4 + bytes;
        }

        return size > MaxEntityBytes ? $"the entity has {size} bytes, {MaxEntityBytes} are allowed" : null;
    }

    /// <summary>Why a transaction is refused, or null.</summary>
    public static string? Transaction(IReadOnlyList<TableTransactionAction> actions) =>
        actions.Count is 0 or > MaxActions ? $"a transaction has 1 to {MaxActions} actions, this one {actions.Count}"
        : actions.Select(static action => action.Entity.PartitionKey).Distinct(StringComparer.Ordinal).Count() > 1 ? "a transaction stays in one partition"
        : actions.GroupBy(static action => action.Entity.RowKey, StringComparer.Ordinal).FirstOrDefault(static group => group.Count() > 1) is { Key: var twice } ? $"the row '{twice}' is written twice"
        : actions.Sum(Bytes) is var bytes && bytes > MaxTransactionBytes ? $"the transaction has about {bytes} bytes, {MaxTransactionBytes} are allowed"
        : actions.Select(static action => Entity((TableEntity)action.Entity)).FirstOrDefault(static problem => problem is not null);

    /// <summary>How many bytes an action is in the body, as Azure.Data.Tables writes it: JSON of System.Text.Json's default encoder, binary as base64.</summary>
    public static long Bytes(TableTransactionAction action)
    {
        var entity = (TableEntity)action.Entity;
        var keys = Uri.EscapeDataString(entity.PartitionKey).Length + Uri.EscapeDataString(entity.RowKey).Length;
        return action.ActionType == TableTransactionActionType.Delete ? PartBytes + keys
            : PartBytes + keys + entity.Sum(static property => (2L * Encoding.UTF8.GetByteCount(property.Key)) + 32 + property.Value switch
            {
                string text => JsonEncodedText.Encode(text).EncodedUtf8Bytes.Length,
                byte[] bytes => (bytes.Length + 2) / 3 * 4,
                _ => 40,
            });
    }
}
