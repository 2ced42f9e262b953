using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Maintenance.Tests.EndToEnd;

/// <summary>A webhook's far end: keeps what arrives, in order, and answers as it is told to.</summary>
internal sealed class WebhookSink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<WebhookCall> _calls = new();
    private readonly ConcurrentDictionary<string, int> _failures = new();

    private WebhookSink(WebApplication app) => _app = app;

    public static async Task<WebhookSink> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var sink = new WebhookSink(builder.Build());
        sink._app.MapPost("/{channel}", sink.ReceiveAsync);
        await sink._app.StartAsync();
        return sink;
    }

    /// <summary>The address of a channel.</summary>
    public Uri Of(string channel) => new(new Uri(_app.Urls.First()), channel);

    /// <summary>Has the next deliveries to a channel answered with 500.</summary>
    public void Fail(string channel, int times) => _failures[channel] = times;

    /// <summary>What arrived at a channel and was taken.</summary>
    public IReadOnlyList<JsonElement> Taken(string channel) => [.. _calls.Where(call => call.Channel == channel && call.Taken).Select(static call => call.Body)];

    /// <summary>How many deliveries to a channel were answered with 500.</summary>
    public int Refused(string channel) => _calls.Count(call => call.Channel == channel && !call.Taken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> ReceiveAsync(string channel, HttpContext http)
    {
        var body = await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body);
        var fails = _failures.GetValueOrDefault(channel);
        if (fails > 0)
        {
            _failures[channel] = fails - 1;
        }

        _calls.Enqueue(new WebhookCall(channel, body, fails == 0));
        return TypedResults.StatusCode(fails > 0 ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK);
    }

    private sealed record WebhookCall(string Channel, JsonElement Body, bool Taken);
}
