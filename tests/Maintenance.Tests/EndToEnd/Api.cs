using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Maintenance.Tests.EndToEnd;

/// <summary>A client that follows no redirect, keeps no cookie and takes every answer as it is.</summary>
public sealed class Api : IDisposable
{
    private readonly HttpClient _client;

    public Api(Uri address, string? token)
    {
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromSeconds(60),
        };
        if (token is not null)
        {
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    /// <summary>Posts a value as JSON.</summary>
    public Task<Answer> PostAsync(string path, object body, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, Json(JsonSerializer.Serialize(body, MaintenanceJson.Options)), headers);

    /// <summary>Posts an HTML form.</summary>
    public Task<Answer> FormAsync(string path, IEnumerable<(string Name, string Value)> fields, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, new FormUrlEncodedContent(fields.Select(static field => KeyValuePair.Create(field.Name, field.Value))), headers);

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        using var answer = await _client.SendAsync(request);
        return new Answer(
            answer.StatusCode,
            answer.Content.Headers.ContentType?.MediaType,
            await answer.Content.ReadAsStringAsync(),
            answer.Headers.Concat(answer.Content.Headers).ToDictionary(static header => header.Key, static header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
    }

    public static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    public void Dispose() => _client.Dispose();
}

/// <summary>An answer.</summary>
public sealed record Answer(HttpStatusCode Status, string? Type, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    /// <summary>What a problem says.</summary>
    public string Detail => Json.GetProperty("detail").GetString()!;

    public T As<T>() => MaintenanceJson.Read<T>(Body);

    /// <summary>The answer, where it has this status.</summary>
    public Answer Expect(HttpStatusCode status)
    {
        Assert.True(Status == status, $"Expected {status}: {this}");
        return this;
    }

    public override string ToString() => $"{(int)Status} {Type} {Body}";
}
