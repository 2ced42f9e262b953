using System.Text;
using System.Text.Json;
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

    // What is left of a transaction's 4 MiB is for what the client writes around a hundred documents.
    private const int MaxWireBytes = 3584 * 1024;

    // A quote, or a character beyond ASCII, in JSON as the client writes it; base64 is less.
    private const int MaxWireBytesPerCharacter = 6;

    // A hundred such documents at six bytes a character, and the rest of IRecordStore.MaxBatchBytes as base64, are less than 4 MiB.
    private const int FewTextCharacters = 1024;

    private const string Text = "Json";

    /// <summary>
    /// The most characters that a document may have as text where all of these are written in one transaction. The client writes a text property as JSON in which every
    /// quote and every character beyond ASCII takes six bytes, so that documents that the port allows together could be more than the service does; as bytes they never are.
    /// </summary>
    public static int MostText(IEnumerable<string> documents)
    {
        var all = documents.ToList();
        return all.Sum(static json => (long)json.Length) * MaxWireBytesPerCharacter <= MaxWireBytes || all.Sum(WireBytes) <= MaxWireBytes ? MaxTextCharacters : FewTextCharacters;
    }

    /// <summary>The entity that holds <paramref name="json"/>.</summary>
    /// <param name="partitionKey">Its partition.</param>
    /// <param name="rowKey">Its row.</param>
    /// <param name="json">The document.</param>
    /// <param name="mostText">A longer document becomes bytes; see <see cref="MostText"/>.</param>
    public static TableEntity Write(string partitionKey, string rowKey, string json, int mostText = MaxTextCharacters)
    {
        ArgumentNullException.ThrowIfNull(json);
        var entity = new TableEntity(partitionKey, rowKey);
        if (json.Length <= mostText)
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

    private static long WireBytes(string json) =>
        json.Length <= MaxTextCharacters ? JsonEncodedText.Encode(json).EncodedUtf8Bytes.Length : Encoding.UTF8.GetByteCount(json) / 3L * 4;

    private static string ChunkName(int chunk) => $"Json{chunk:00}";
}
