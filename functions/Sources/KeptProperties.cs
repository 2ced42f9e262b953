using System.Text.Json;
using System.Text.Json.Serialization;
using Azure.Storage.Blobs.Models;
using Maintenance;

namespace MaintenanceFunctions.Sources;

/// <summary>
/// What a snapshot keeps of a blob besides its contents, as JSON: what its readers would miss. Not kept: tags (reading them takes a role of its own), tier,
/// versions, snapshots, leases and policies, which are the container's or the account's affair.
/// </summary>
/// <param name="ContentType">The media type; null for <c>application/octet-stream</c>, which a blob has unless told otherwise.</param>
/// <param name="ContentEncoding">Such as <c>gzip</c>.</param>
/// <param name="ContentLanguage">Such as <c>sw-KE</c>.</param>
/// <param name="ContentDisposition">Such as <c>attachment</c>.</param>
/// <param name="CacheControl">Such as <c>no-cache</c>.</param>
/// <param name="Metadata">The blob's own names and values, in order of the names; null for none.</param>
internal sealed record KeptProperties(
    string? ContentType, string? ContentEncoding, string? ContentLanguage, string? ContentDisposition, string? CacheControl, SortedDictionary<string, string>? Metadata)
{
    /// <summary>The most bytes that the JSON may have: metadata are 8 KiB at most.</summary>
    public const int MaxBytes = 64 * 1024;

    // How Data Lake accounts and tools that imitate folders mark a blob that stands for one.
    private const string FolderMark = "hdi_isfolder";
    private const string UsualType = "application/octet-stream";

    /// <summary>True where nothing need be kept.</summary>
    [JsonIgnore]
    public bool IsUsual => this is { ContentType: null, ContentEncoding: null, ContentLanguage: null, ContentDisposition: null, CacheControl: null, Metadata: null };

    /// <summary>True where both would be written the same way; null stands for nothing to keep.</summary>
    public bool IsSameAs(KeptProperties? other) => other is null ? IsUsual : ToJson().AsSpan().SequenceEqual(other.ToJson());

    /// <summary>True for a blob that stands for a folder.</summary>
    public static bool IsFolder(long length, IDictionary<string, string>? metadata) =>
        length == 0 && metadata is not null
        && metadata.Any(static pair => string.Equals(pair.Key, FolderMark, StringComparison.OrdinalIgnoreCase) && string.Equals(pair.Value, "true", StringComparison.OrdinalIgnoreCase));

    /// <summary>What a listing says.</summary>
    public static KeptProperties Of(BlobItem blob, bool isFolder) => Make(
        blob.Properties.ContentType, blob.Properties.ContentEncoding, blob.Properties.ContentLanguage, blob.Properties.ContentDisposition, blob.Properties.CacheControl,
        blob.Metadata, isFolder);

    /// <summary>What the blob itself says.</summary>
    public static KeptProperties Of(BlobProperties blob, bool isFolder) => Make(
        blob.ContentType, blob.ContentEncoding, blob.ContentLanguage, blob.ContentDisposition, blob.CacheControl, blob.Metadata, isFolder);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">It did not.</exception>
    public static KeptProperties Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<KeptProperties>(json, MaintenanceJson.Options) ?? throw new JsonException("There are no properties.");

    /// <summary>The properties as JSON in UTF-8.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, MaintenanceJson.Options);

    /// <summary>What a put takes of them; null for the service's own.</summary>
    public BlobHttpHeaders? ToHeaders() => this is { ContentType: null, ContentEncoding: null, ContentLanguage: null, ContentDisposition: null, CacheControl: null }
        ? null
        : new BlobHttpHeaders
        {
            ContentType = ContentType ?? UsualType,
            ContentEncoding = ContentEncoding,
            ContentLanguage = ContentLanguage,
            ContentDisposition = ContentDisposition,
            CacheControl = CacheControl,
        };

    /// <summary>The metadata that a put takes.</summary>
    public static IDictionary<string, string>? ToMetadata(KeptProperties? kept, bool isFolder)
    {
        if (!isFolder)
        {
            return kept?.Metadata;
        }

        return new Dictionary<string, string>(kept?.Metadata ?? [], StringComparer.OrdinalIgnoreCase) { [FolderMark] = "true" };
    }

    private static KeptProperties Make(
        string? type, string? encoding, string? language, string? disposition, string? cache, IDictionary<string, string>? metadata, bool isFolder)
    {
        var kept = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in metadata ?? new Dictionary<string, string>())
        {
            if (!isFolder || !string.Equals(name, FolderMark, StringComparison.OrdinalIgnoreCase))
            {
                kept[name] = value;
            }
        }

        return new(
            string.Equals(type, UsualType, StringComparison.OrdinalIgnoreCase) ? null : Given(type), Given(encoding), Given(language), Given(disposition), Given(cache),
            kept.Count == 0 ? null : kept);
    }

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
