using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace MaintenanceFunctions.Tests.Azurite;

/// <summary>
/// Plain HTTP requests to the emulator, signed with the key of its one account ("Authorize with Shared Key", REST API of Azure Storage). No client library stands in
/// between, so that what is sent is what the test says.
/// </summary>
internal sealed class AzuriteClient : IDisposable
{
    /// <summary>The variable with the address of the Blob service; that of the Table service is two ports above, as with the emulator's usual ports.</summary>
    public const string Variable = "AZURITE_ENDPOINT";

    // Published with the emulator, and the same everywhere: a key that keeps nothing safe ("Use the Azurite emulator").
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly HttpClient _http = new();

    public static Uri? Endpoint { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } address ? new Uri(address) : null;

    public static string Blobs => $"{Endpoint!.GetLeftPart(UriPartial.Authority)}/{Account}";

    public static string Tables => $"{Endpoint!.Scheme}://{Endpoint.Host}:{Endpoint.Port + 2}/{Account}";

    /// <summary>Asks the Blob service.</summary>
    public Task<AzuriteAnswer> BlobAsync(HttpMethod method, string path, byte[]? content = null, params (string Name, string Value)[] headers)
    {
        var request = Request(method, Blobs + path, content, headers);
        var lines = request.Headers.Where(static header => header.Key.StartsWith("x-ms-", StringComparison.OrdinalIgnoreCase)).OrderBy(static header => header.Key, StringComparer.Ordinal)
            .Select(static header => $"{header.Key.ToLowerInvariant()}:{string.Join(',', header.Value)}\n");
        var toSign = string.Join(
            '\n', method.Method, "", "", content is { Length: > 0 } ? content.Length.ToString(CultureInfo.InvariantCulture) : "", "", request.Content?.Headers.ContentType?.ToString() ?? "", "", "",
            Header("If-Match"), Header("If-None-Match"), "", Header("Range")) + "\n" + string.Concat(lines) + Resource(request.RequestUri!, isTable: false);
        return SendAsync(request, "SharedKey", toSign);

        string Header(string name) => headers.FirstOrDefault(header => header.Name == name).Value ?? "";
    }

    /// <summary>Asks the Table service.</summary>
    public Task<AzuriteAnswer> TableAsync(HttpMethod method, string path, string? content = null, string type = "application/json", params (string Name, string Value)[] headers)
    {
        var request = Request(method, Tables + path, content is null ? null : Encoding.UTF8.GetBytes(content), [("Accept", "application/json;odata=minimalmetadata"), ("DataServiceVersion", "3.0"), .. headers]);
        if (request.Content is not null)
        {
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        return SendAsync(request, "SharedKeyLite", $"{request.Headers.GetValues("x-ms-date").Single()}\n{Resource(request.RequestUri!, isTable: true)}");
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Request(HttpMethod method, string address, byte[]? content, (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, new Uri(address)) { Content = content is null ? null : new ByteArrayContent(content) };
        request.Headers.Add("x-ms-date", DateTimeOffset.UtcNow.ToString("R", CultureInfo.InvariantCulture));
        request.Headers.Add("x-ms-version", "2021-12-02");
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value), name);
        }

        return request;
    }

    // The account stands twice: once as that of the signature, once as the first part of the emulator's path.
    private static string Resource(Uri address, bool isTable)
    {
        var query = address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(static pair => pair.Split('=', 2)).Select(static pair => (Name: pair[0].ToLowerInvariant(), Value: Uri.UnescapeDataString(pair.ElementAtOrDefault(1) ?? ""))).OrderBy(static pair => pair.Name, StringComparer.Ordinal).ToList();
        var resource = $"/{Account}{address.AbsolutePath}";
        return isTable ? resource + (query.Find(static pair => pair.Name == "comp") is { Name: not null } comp ? "?comp=" + comp.Value : "")
            : resource + string.Concat(query.Select(static pair => $"\n{pair.Name}:{pair.Value}"));
    }

    private async Task<AzuriteAnswer> SendAsync(HttpRequestMessage request, string scheme, string toSign)
    {
        using (request)
        {
            var signature = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Key), Encoding.UTF8.GetBytes(toSign)));
            request.Headers.Authorization = new AuthenticationHeaderValue(scheme, $"{Account}:{signature}");
            using var answer = await _http.SendAsync(request);
            var code = answer.Headers.TryGetValues("x-ms-error-code", out var codes) ? codes.First() : "";
            return new AzuriteAnswer((int)answer.StatusCode, code, await answer.Content.ReadAsByteArrayAsync(), answer.Headers.ToDictionary(static header => header.Key, static header => header.Value.First(), StringComparer.OrdinalIgnoreCase));
        }
    }
}

/// <summary>What the emulator answered.</summary>
internal sealed record AzuriteAnswer(int Status, string Code, byte[] Content, IReadOnlyDictionary<string, string> Headers)
{
    public string Text => Encoding.UTF8.GetString(Content);

    public bool IsGood => Status is >= 200 and < 300;
}
