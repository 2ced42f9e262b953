using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using Maintenance.Assets.Components;
using Maintenance.Tests.Actions;
using Maintenance.Tests.Web;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Tests.Assets;

/// <summary>What lies at an address, over a real socket, by the client that both hosts use.</summary>
public sealed class AssetDownloadsTests : IAsyncLifetime
{
    private const string Json = "{\"vulnerabilities\":[]}";
    private WebRig _rig = null!;

    public async Task InitializeAsync() => _rig = await WebRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task What_lies_there_comes_once_and_then_only_where_it_has_changed()
    {
        var mark = "\"one\"";
        await using var site = await FarEnd.StartAsync(http =>
        {
            http.Response.Headers.ETag = mark;
            if (http.Request.Headers.IfNoneMatch == mark)
            {
                http.Response.StatusCode = 304;
                return Task.CompletedTask;
            }

            return http.Response.WriteAsync(Json + mark);
        });

        var first = await GetAsync(site.Of("kev.json"), null);
        Assert.Equal((Json + "\"one\"", "\"one\"", null), (Encoding.UTF8.GetString(first.Bytes!), first.ETag, first.Problem));
        var same = await GetAsync(site.Of("kev.json"), first.ETag);
        Assert.True(same.IsUnchanged);
        Assert.Equal("\"one\"", same.ETag);
        mark = "\"two\"";
        Assert.Equal(Json + "\"two\"", Encoding.UTF8.GetString((await GetAsync(site.Of("kev.json"), first.ETag)).Bytes!));
        Assert.All(site.Asked, static asked => Assert.Equal("GET /kev.json", asked.Request));
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_no_error_is_taken_for_content()
    {
        await using var other = await FarEnd.StartAsync(200, Json);
        await using var site = await FarEnd.StartAsync(http =>
        {
            http.Response.StatusCode = http.Request.Path == "/moved" ? 302 : int.Parse(http.Request.Path.Value![1..], System.Globalization.CultureInfo.InvariantCulture);
            http.Response.Headers.Location = other.Of("kev.json").ToString();
            return http.Response.WriteAsync("an error's page");
        });

        Assert.Contains("answered 302 and leads elsewhere", (await GetAsync(site.Of("moved"), null)).Problem, StringComparison.Ordinal);
        Assert.Empty(other.Asked);
        foreach (var status in new[] { 404, 500 })
        {
            var answer = await GetAsync(site.Of($"{status}"), null);
            Assert.Equal((null, $"it answered {status}."), (answer.Bytes, answer.Problem));
        }

        // Not changed since what nobody has: no answer at all.
        Assert.False(new AssetDownload(null, null, "x").IsUnchanged);
    }

    [Theory]
    [InlineData("said", 1000, true)]
    [InlineData("said", 1001, false)]
    [InlineData("unsaid", 1000, true)]
    [InlineData("unsaid", 1001, false)]
    [InlineData("packed", 1000, true)]
    [InlineData("packed", 1001, false)] // Sent small, and large once it is unpacked.
    public async Task More_than_is_allowed_is_not_taken_in_however_it_is_sent(string how, int bytes, bool isTaken)
    {
        var content = new byte[bytes];
        await using var site = await FarEnd.StartAsync(async http =>
        {
            if (how == "packed")
            {
                http.Response.Headers.ContentEncoding = "gzip";
                using var packed = new MemoryStream();
                await using (var zip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
                {
                    await zip.WriteAsync(content);
                }

                http.Response.ContentLength = packed.Length;
                await http.Response.Body.WriteAsync(packed.ToArray());
                return;
            }

            http.Response.ContentLength = how == "said" ? bytes : null;
            await http.Response.Body.WriteAsync(content);
        });

        var answer = await GetAsync(site.Of("large"), null, 1000);
        Assert.Equal(isTaken ? bytes : null, answer.Bytes?.Length);
        Assert.Equal(isTaken ? null : "it has more than 1000 bytes.", answer.Problem);
    }

    [Fact]
    public async Task Where_nobody_listens_or_the_line_breaks_it_is_told_in_words()
    {
        using var free = new TcpListener(System.Net.IPAddress.Loopback, 0);
        free.Start();
        var port = ((System.Net.IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        Assert.Contains("it cannot be reached", (await GetAsync(new Uri($"http://127.0.0.1:{port}/kev.json"), null)).Problem, StringComparison.Ordinal);

        await using var site = await FarEnd.StartAsync(static async http =>
        {
            http.Response.ContentLength = 500;
            await http.Response.Body.WriteAsync(new byte[100]);
            await http.Response.Body.FlushAsync();
            http.Abort();
        });
        var cut = await GetAsync(site.Of("cut"), null);
        Assert.Null(cut.Bytes);
        Assert.Contains("it cannot be reached", cut.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_gives_up_is_not_told_a_problem_of_the_address()
    {
        using var patience = new CancellationTokenSource();
        await using var site = await FarEnd.StartAsync(async http =>
        {
            await patience.CancelAsync();
            await Task.Delay(TimeSpan.FromSeconds(20), http.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _rig.Get<IAssetDownloads>().GetAsync(site.Of("slow"), null, 1000, patience.Token));
    }

    private Task<AssetDownload> GetAsync(Uri url, string? eTag, int mostBytes = 100_000) => _rig.Get<IAssetDownloads>().GetAsync(url, eTag, mostBytes, default);
}
