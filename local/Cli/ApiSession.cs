using System.CommandLine;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Maintenance.Backups.Repository;
using Maintenance.Local.Hosting;

namespace Maintenance.Local.Cli;

/// <summary>The API answered with a problem.</summary>
internal sealed class ApiException(int status, string message) : Exception(message)
{
    /// <summary>True where the request was at fault, not what it met.</summary>
    public bool IsUsage => status is 400 or 401 or 403 or 404 or 413 or 415 or 422;

    public int Status => status;
}

/// <summary>
/// A connection to the API: of the process that serves the data folder, or, where none does, of one that this command runs for as long as it lasts (without
/// timers, on a port of its own).
/// </summary>
internal sealed class ApiSession : IAsyncDisposable
{
    private readonly HttpClient _client;
    private readonly LocalHost? _own;

    private ApiSession(Uri address, string token, LocalHost? own)
    {
        _own = own;
        _client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>True where a process serves that lives on after this command.</summary>
    public bool IsServed => _own is null;

    public static async Task<ApiSession> OpenAsync(ParseResult parsed, CommonOptions common, CancellationToken cancellation)
    {
        var data = parsed.GetRequiredValue(common.Data);
        var personal = parsed.GetValue(common.Token) ?? Environment.GetEnvironmentVariable("MAINTENANCE_TOKEN");
        var folder = new DataFolder(data);
        for (var attempt = 1; ; attempt++)
        {
            var free = folder.TryOwn();
            if (free is null && folder.FindServer() is var (address, token))
            {
                return new ApiSession(address, personal ?? token, null);
            }

            if (free is not null)
            {
                free.Dispose();
                try
                {
                    var own = await LocalHost.StartAsync(
                        new LocalHostOptions(parsed.GetRequiredValue(common.Plan), data, "http://127.0.0.1:0", null, null, LogLevel.Error), cancellation);
                    return new ApiSession(own.Address, personal ?? own.OperatorToken, own);
                }
                catch (DataFolderInUseException) when (attempt < 50)
                {
                    // Another command was quicker: use its process, or wait for its end.
                }
            }

            if (attempt == 50)
            {
                throw new DataFolderInUseException(data);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellation);
        }
    }

    public Task<JsonElement> GetAsync(string path, CancellationToken cancellation) => SendAsync(HttpMethod.Get, path, null, [], cancellation);

    public Task<JsonElement> PostAsync<T>(string path, T body, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, path, MaintenanceJson.Write(body), [], cancellation);

    /// <summary>What is no JSON, as it is.</summary>
    public async Task<string> GetTextAsync(string path, CancellationToken cancellation)
    {
        using var answer = await _client.GetAsync(new Uri(path, UriKind.Relative), cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        return answer.IsSuccessStatusCode ? text : throw Problem(answer, ReadJson(answer, text));
    }

    /// <summary>A page of a list, and the path of the next one where the answer names it.</summary>
    public async Task<(JsonElement Page, string? Next)> GetPageAsync(string path, CancellationToken cancellation)
    {
        using var answer = await _client.GetAsync(new Uri(path, UriKind.Relative), cancellation);
        var json = ReadJson(answer, await answer.Content.ReadAsStringAsync(cancellation));
        var next = answer.Headers.TryGetValues("Link", out var links) && links.First().Split('>') is [var first, ..] ? first.TrimStart('<') : null;
        return answer.IsSuccessStatusCode ? (json, next) : throw Problem(answer, json);
    }

    /// <summary>Writes an answer that is no JSON to a stream, as it comes.</summary>
    public async Task DownloadAsync(string path, Stream to, CancellationToken cancellation)
    {
        using var answer = await _client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            throw Problem(answer, ReadJson(answer, await answer.Content.ReadAsStringAsync(cancellation)));
        }

        await answer.Content.CopyToAsync(to, cancellation);
    }

    /// <summary>Posts a stream as it is.</summary>
    public async Task<JsonElement> UploadAsync(string path, Stream content, string? key, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StreamContent(content) };
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        using var answer = await _client.SendAsync(request, cancellation);
        var json = ReadJson(answer, await answer.Content.ReadAsStringAsync(cancellation));
        return answer.IsSuccessStatusCode ? json : throw Problem(answer, json);
    }

    public async Task<JsonElement> SendAsync(HttpMethod method, string path, string? body, IEnumerable<(string Name, string Value)> headers, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await _client.SendAsync(request, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        var json = ReadJson(answer, text);
        return answer.IsSuccessStatusCode ? json : throw Problem(answer, json);
    }

    private static JsonElement ReadJson(HttpResponseMessage answer, string text) =>
        text.Length > 0 && answer.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true ? JsonSerializer.Deserialize<JsonElement>(text) : default;

    private static ApiException Problem(HttpResponseMessage answer, JsonElement json) => new(
        (int)answer.StatusCode, json.ValueKind == JsonValueKind.Object && json.TryGetProperty("detail", out var detail) ? detail.GetString()! : $"The server answered {(int)answer.StatusCode}.");

    /// <summary>Waits until long work has ended, and shows how far it is.</summary>
    /// <param name="operation">Its id.</param>
    /// <param name="line">Where to show it; null for nowhere.</param>
    /// <param name="cancellation">Gives up waiting; the work goes on where a process serves.</param>
    /// <returns>The operation.</returns>
    public async Task<JsonElement> WaitAsync(string operation, ProgressLine? line, CancellationToken cancellation)
    {
        while (true)
        {
            var status = await GetAsync("/api/operations/" + Uri.EscapeDataString(operation), cancellation);
            if (status.GetProperty("state").GetString() != "running")
            {
                line?.Clear();
                return status;
            }

            if (status.TryGetProperty("progress", out var progress) && progress.Deserialize<BackupProgress>(MaintenanceJson.Options) is { } far)
            {
                line?.Report(far);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_own is not null)
        {
            await _own.DisposeAsync();
        }
    }
}
