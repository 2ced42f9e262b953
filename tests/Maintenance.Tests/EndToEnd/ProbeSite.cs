using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Maintenance.Tests.EndToEnd;

/// <summary>What a rollout's probes ask: answers as it is told to.</summary>
internal sealed class ProbeSite : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ProbeSite(WebApplication app) => _app = app;

    public Uri Address => new(new Uri(_app.Urls.First()), "health");

    /// <summary>What is answered from now on.</summary>
    public int Status { get; set; } = 200;

    public int Asked { get; private set; }

    public static async Task<ProbeSite> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var site = new ProbeSite(builder.Build());
        site._app.MapGet("/health", () =>
        {
            site.Asked++;
            return TypedResults.Text("ok", statusCode: site.Status);
        });
        await site._app.StartAsync();
        return site;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
