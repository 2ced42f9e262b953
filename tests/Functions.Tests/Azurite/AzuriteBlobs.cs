using System.Text;
using System.Xml.Linq;

namespace MaintenanceFunctions.Tests.Azurite;

/// <summary>One container of the emulator, new for each test, and the requests that the Blob adapter's client makes of it.</summary>
internal sealed class AzuriteBlobs(AzuriteClient client, string container)
{
    public static async Task<AzuriteBlobs> MakeAsync(AzuriteClient client)
    {
        var container = "t-" + Guid.NewGuid().ToString("N");
        var made = await client.BlobAsync(HttpMethod.Put, $"/{container}?restype=container");
        Assert.True(made.IsGood, made.Text);
        return new AzuriteBlobs(client, container);
    }

    public Task<AzuriteAnswer> PutAsync(string name, byte[] content) => client.BlobAsync(HttpMethod.Put, Path(name), content, ("If-None-Match", "*"), ("x-ms-blob-type", "BlockBlob"));

    public Task<AzuriteAnswer> StageAsync(string name, string block, byte[] content) =>
        client.BlobAsync(HttpMethod.Put, $"{Path(name)}?comp=block&blockid={Uri.EscapeDataString(block)}", content);

    public Task<AzuriteAnswer> CommitAsync(string name, params string[] blocks) => client.BlobAsync(
        HttpMethod.Put,
        Path(name) + "?comp=blocklist",
        Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>{string.Concat(blocks.Select(static block => $"<Latest>{block}</Latest>"))}</BlockList>"),
        ("If-None-Match", "*"));

    public Task<AzuriteAnswer> GetAsync(string name, string? range = null) => client.BlobAsync(HttpMethod.Get, Path(name), null, range is null ? [] : [("Range", range)]);

    public Task<AzuriteAnswer> DeleteAsync(string name) => client.BlobAsync(HttpMethod.Delete, Path(name));

    /// <summary>The names that begin so, page by page.</summary>
    public async Task<(List<string> Names, int Pages)> ListAsync(string prefix, int page = 5000)
    {
        var names = new List<string>();
        var pages = 0;
        for (string? marker = ""; marker is not null; pages++)
        {
            var answer = await client.BlobAsync(HttpMethod.Get, $"/{container}?restype=container&comp=list&maxresults={page}&prefix={Uri.EscapeDataString(prefix)}&marker={Uri.EscapeDataString(marker)}");
            Assert.True(answer.IsGood, answer.Text);
            var list = XDocument.Parse(answer.Text.TrimStart('\ufeff')).Root!;
            names.AddRange(list.Descendants("Name").Select(static name => name.Value));
            marker = list.Element("NextMarker")?.Value is { Length: > 0 } next ? next : null;
        }

        return (names, pages);
    }

    // The client escapes a blob's name as one text and leaves its slashes (BlobUriBuilder of Azure.Storage.Blobs).
    private string Path(string name) => $"/{container}/{Uri.EscapeDataString(name).Replace("%2F", "/", StringComparison.Ordinal)}";
}
