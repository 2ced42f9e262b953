using System.Text;
using Azure.Data.Tables;

namespace MaintenanceFunctions.Adapters;

/// <summary>
/// How a JSON document lies in a table entity. Up to 32 Ki characters it is one string property, readable in any storage browser. A longer one is UTF-8 in binary
/// properties of 64 KiB each: the service counts a string as two bytes a character, so that text alone would reach the entity's limit of 1 MiB at half of what
/// <see cref="Maintenance.Storage.IRecordStore.MaxDocumentBytes"/> promises.
/// </summary>
public static class TableDocument
{
    /// <summary>The most UTF-16 characters that a string property holds.</summary>
    public const int MaxTextCharacters = 32 * 1024;

    /// <summary>The most bytes that a binary property holds.</summary>
    public const int MaxChunkBytes = 64 * 1024;

    private const string Text = "Json";

    /// <summary>The entity that holds <paramref name="json"/>.</summary>
    public static TableEntity Write(string partitionKey, string rowKey, string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        var entity = new TableEntity(partitionKey, rowKey);
        if (json.Length <= MaxTextCharacters)
        {
            entity[Text] = json;
            return entity;
        }

        var bytes = Encoding.UTF8.GetBytes(json);
        for (int chunk = 0, start = 0; start < bytes.Length; chunk++, start += MaxChunkBytes)
        {
            entity[ChunkName(chunk)] = bytes[start..Math.Min(start + MaxChunkBytes, bytes.Length)];
        }

        return entity;
    }

    /// <summary>The document that an entity holds.</summary>
    /// <exception cref="InvalidDataException">The entity holds none: something else wrote it.</exception>
    public static string Read(TableEntity entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        if (entity.GetString(Text) is { } text)
        {
            return text;
        }

        using var bytes = new MemoryStream();
        for (var chunk = 0; entity.GetBinary(ChunkName(chunk)) is { } part; chunk++)
        {
            bytes.Write(part);
        }

        return bytes.Length > 0
            ? Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length)
            : throw new InvalidDataException($"The entity {entity.PartitionKey}/{entity.RowKey} holds no document.");
    }

    private static string ChunkName(int chunk) => $"Json{chunk:00}";
}
