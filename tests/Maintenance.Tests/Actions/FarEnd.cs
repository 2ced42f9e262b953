using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Maintenance.Tests.Actions;

/// <summary>What a webhook or a probe reaches: answers as it is told to, and remembers who asked.</summary>
internal sealed class FarEnd : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FarEnd(WebApplication app) => _app = app;

    /// <summary>Method and path, the key, the body.</summary>
    public ConcurrentQueue<(string Request, string Key, string Type, string Body)> Asked { get; } = [];

    public static async Task<FarEnd> StartAsync(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var end = new FarEnd(builder.Build());
        end._app.MapFallback("{*path}", async http =>
        {
            using var body = new StreamReader(http.Request.Body);
            end.Asked.Enqueue(($"{http.Request.Method} {http.Request.Path}", http.Request.Headers["Idempotency-Key"].ToString(), http.Request.ContentType ?? "", await body.ReadToEndAsync()));
            await answer(http);
        });
        await end._app.StartAsync();
        return end;
    }

    /// <summary>Answers every request with a status and a text.</summary>
    public static Task<FarEnd> StartAsync(int status, string text = "") => StartAsync(http =>
    {
        http.Response.StatusCode = status;
        return text.Length > 0 ? http.Response.WriteAsync(text) : Task.CompletedTask;
    });

    public Uri Of(string path) => new(new Uri(_app.Urls.First()), path);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
