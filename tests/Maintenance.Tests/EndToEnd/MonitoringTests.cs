using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Maintenance.Tests.EndToEnd;

/// <summary>A started host that looks at real servers, over a real network stack.</summary>
public sealed class MonitoringTests
{
    [Fact]
    public async Task It_looks_at_real_servers_and_says_by_command_and_page_what_it_saw()
    {
        await using var site = await ProbeSite.StartAsync();
        using var port = new TcpListener(IPAddress.Loopback, 0);
        port.Start();
        await using var secured = TlsServer.Start(TimeSpan.FromDays(90));
        await using var ending = TlsServer.Start(TimeSpan.FromDays(5));
        await using var here = new Installation(new QuickPlan
        {
            More = $$"""
                monitoring:
                  tickets: { impact: all, urgency: now }
                  probes:
                    - { id: http, service: register, name: Page, every: 30s, http: { url: "{{site.Address}}", contains: ok } }
                    - { id: own, service: register, name: Own page, every: 30s, http: { url: /sign-in } }
                    - { id: tcp, service: register, name: Port, every: 30s, tcp: { host: 127.0.0.1, port: {{((IPEndPoint)port.LocalEndpoint).Port}} } }
                    - { id: tls, service: register, name: Certificate, every: 30s, tls: { host: localhost, port: {{secured.Port}}, before: 21d } }
                    - { id: ending, service: register, name: Certificate that ends, every: 30s, tls: { host: localhost, port: {{ending.Port}}, before: 21d } }
                    - { id: dns, service: register, name: Names, every: 30s, dns: { name: localhost, expects: [127.0.0.1] } }
                    - { id: disk, service: register, name: Disk, every: 30s, disk: { path: ".", freeBytes: 1 } }
                    - { id: full, service: register, name: Full disk, every: 30s, disk: { path: ".", freeBytes: 9007199254740992 } }
                    - { id: job, service: register, name: Job, every: 30s, heartbeat: { within: 1h } }

                """,
        }.Yaml);
        await using var server = await here.ServeAsync();
        foreach (var probe in new[] { "http", "own", "tcp", "tls", "dns", "disk", "job" })
        {
            await here.RunAsync(0, "monitor", "run", probe);
        }

        Assert.Contains("the certificate ends in", (await here.RunAsync(1, "monitor", "run", "ending")).Output, StringComparison.Ordinal);
        Assert.Contains("% free", (await here.RunAsync(1, "monitor", "run", "full")).Output, StringComparison.Ordinal);
        Assert.Contains("Noted at", (await here.RunAsync(0, "monitor", "beat", "job")).Output, StringComparison.Ordinal);
        site.Status = 500;
        Assert.Contains("it answered 500 instead of 200", (await here.RunAsync(1, "monitor", "run", "http")).Output, StringComparison.Ordinal);
        port.Stop();
        Assert.Contains("FAILS", (await here.RunAsync(1, "monitor", "run", "tcp")).Output, StringComparison.Ordinal);
        Assert.Contains("no probe 'nothing'", (await here.RunAsync(2, "monitor", "run", "nothing")).Errors, StringComparison.Ordinal);

        // The timer takes the samples of its own.
        await Eventually.HoldsAsync(async () => (await server.Operator.GetAsync("/api/monitoring")).Json.GetProperty("probes").EnumerateArray().Count(static line => line.TryGetProperty("lastAt", out _)), static taken => taken == 9);
        using var person = server.As(await here.TokenAsync("sam"));
        Assert.Contains("Certificate that ends", (await person.GetAsync("/monitoring")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        Assert.Contains("The last 24 hours", (await person.GetAsync("/monitoring/http")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        (await person.GetAsync("/monitoring/nothing")).Expect(HttpStatusCode.NotFound);
        using var nobody = server.As(null);
        (await nobody.PostAsync("/api/heartbeats/job", new { })).Expect(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_outage_outlives_a_crash_between_being_known_and_its_ticket()
    {
        await using var site = await ProbeSite.StartAsync();
        await using var here = new Installation(new QuickPlan
        {
            More = $$"""
                monitoring:
                  tickets: { impact: all, urgency: now }
                  probes:
                    - { id: page, service: register, name: Page, every: 30s, http: { url: "{{site.Address}}" }, failAfter: 1, recoverAfter: 1 }

                """,
        }.Yaml);
        var server = await here.ServeAsync();
        await Eventually.HoldsAsync(async () => await StateAsync(server), static state => state == "up");
        await server.KillAsync();

        // As a crash leaves it between the sample and the ticket: the state says down, and nobody has been told.
        site.Status = 500;
        Assert.Equal(1, here.Execute("""
            update records set json = json_set(json, '$.phase', 'down', '$.open', json_object('probe', 'page', 'service', 'register', 'from', json_extract(json, '$.lastAt'), 'confirmedAt', json_extract(json, '$.lastAt'), 'said', 'refused', 'isRecorded', json('false')),
                '$.unsettled', json_array(json_object('probe', 'page', 'service', 'register', 'from', json_extract(json, '$.lastAt'), 'confirmedAt', json_extract(json, '$.lastAt'), 'said', 'refused', 'isRecorded', json('false')))) where tbl = 'probes' and rk = cast('state' as blob)
            """));
        await using var again = await here.ServeAsync();
        var ticket = await Eventually.HoldsAsync(async () => (await again.Operator.GetAsync("/api/tickets")).Body, static body => body.Contains("The register is down: Page", StringComparison.Ordinal));
        Assert.Single(ticket.Split("The register is down: Page")[1..]);
        site.Status = 200;
        await Eventually.HoldsAsync(async () => (await again.Operator.GetAsync("/api/incidents")).Json.EnumerateArray().Single().TryGetProperty("to", out _), static isOver => isOver);
        await Eventually.HoldsAsync(async () => (await again.Operator.GetAsync("/api/tickets/T-1001")).Json.GetProperty("state").GetString(), static state => state == "resolved");
    }

    [Fact]
    public async Task Metrics_and_traces_reach_a_collector()
    {
        await using var collector = await Collector.StartAsync();
        await using var here = new Installation(new QuickPlan().Yaml);
        here.Settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address;
        here.Settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        here.Settings["OTEL_METRIC_EXPORT_INTERVAL"] = "500";
        here.Settings["OTEL_BSP_SCHEDULE_DELAY"] = "500";
        await using var server = await here.ServeAsync();

        await Eventually.HoldsAsync(() => collector.Has("/v1/metrics", "maintenance.timer.runs") && collector.Has("/v1/metrics", "WatchOperations"));
        await Eventually.HoldsAsync(() => collector.Has("/v1/traces", "RunProbes"));
        Assert.True(collector.Has("/v1/metrics", "service.name"));
    }

    private static async Task<string?> StateAsync(ServerProcess server) =>
        (await server.Operator.GetAsync("/api/monitoring")).Json.GetProperty("probes")[0].GetProperty("phase").GetString();

    /// <summary>Takes what is sent by OTLP over HTTP, as bytes: names stand in them as they are.</summary>
    private sealed class Collector : IAsyncDisposable
    {
        private readonly ConcurrentQueue<(string Path, byte[] Body)> _taken = new();
        private readonly WebApplication _app;

        private Collector(WebApplication app) => _app = app;

        public string Address => _app.Urls.First();

        public static async Task<Collector> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var collector = new Collector(builder.Build());
            collector._app.MapPost("/v1/{kind}", async (HttpContext http) =>
            {
                using var body = new MemoryStream();
                await http.Request.Body.CopyToAsync(body);
                collector._taken.Enqueue((http.Request.Path, body.ToArray()));
                return Results.Bytes([], "application/x-protobuf");
            });
            await collector._app.StartAsync();
            return collector;
        }

        public bool Has(string path, string name) => _taken.Any(one => one.Path == path && one.Body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(name)) >= 0);

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }

    /// <summary>Shows a certificate of its own making to whoever connects.</summary>
    private sealed class TlsServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _end = new();
        private readonly X509Certificate2 _certificate;
        private Task _serving = Task.CompletedTask;

        private TlsServer(X509Certificate2 certificate) => _certificate = certificate;

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public static TlsServer Start(TimeSpan valid)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
            using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow + valid);
            var server = new TlsServer(X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null));
            server._listener.Start();
            server._serving = server.ServeAsync();
            return server;
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            _listener.Stop();
            await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _listener.Dispose();
            _certificate.Dispose();
            _end.Dispose();
        }

        private async Task ServeAsync()
        {
            while (!_end.IsCancellationRequested)
            {
                using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                try
                {
                    await using var tls = new SslStream(client.GetStream());
                    await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _end.Token);
                }
                catch (IOException)
                {
                    // Whoever came went away.
                }
            }
        }
    }
}
