using Azure;
using Azure.Storage.Blobs.Models;

namespace MaintenanceFunctions.Tests.Fakes;

/// <summary>A blob as the service keeps it.</summary>
internal sealed record StoredBlob(byte[] Content)
{
    private static long Versions;

    /// <summary>Of this state of the blob and no other, without the quotes that answers put around it and listings do not.</summary>
    public string Tag { get; } = $"0x8D{Interlocked.Increment(ref Versions):X13}";

    public DateTimeOffset LastModified { get; init; } = new(2026, 11, 22, 2, 0, 0, TimeSpan.Zero);

    public BlobHttpHeaders Headers { get; init; } = new() { ContentType = "application/octet-stream" };

    public IDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    public BlobType Type { get; init; } = BlobType.Block;

    /// <summary>As answers have it.</summary>
    public ETag Quoted => new($"\"{Tag}\"");

    /// <summary>As listings have it.</summary>
    public ETag Bare => new(Tag);

    public bool Has(ETag? condition) => condition is null || condition.Value.ToString().Trim('"') == Tag;
}
