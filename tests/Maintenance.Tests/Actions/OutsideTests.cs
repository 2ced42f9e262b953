using System.Text.Json;
using Maintenance.Actions;
using Maintenance.Tests.Web;
using Maintenance.Web.Actions;
using Maintenance.Web.Notifications;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Maintenance.Tests.Actions;

/// <summary>Webhooks and probes over a real socket, by the client that both hosts use.</summary>
public sealed class OutsideTests : IAsyncLifetime
{
    private static readonly ActionOrder Order = new("recovery/7/open", 3, new Dictionary<string, string> { ["snapshotId"] = "nightly_1", ["text"] = "\"quoted\" ü" });

    private readonly Dictionary<string, string> _settings = [];
    private WebRig _rig = null!;

    public async Task InitializeAsync() => _rig = await WebRig.StartAsync((_, services) => services.AddSingleton(new HostSettings(_settings.GetValueOrDefault)));

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_webhook_gets_the_facts_with_the_key_and_the_attempt()
    {
        await using var end = await FarEnd.StartAsync(202, " taken \n");
        Assert.Equal(new ActionReport(true, "it answered 202: taken"), await PostAsync(end.Of("open?with=query")));
        var (request, key, type, body) = Assert.Single(end.Asked);
        Assert.Equal(("POST /open", "recovery/7/open", "application/json; charset=utf-8"), (request, key, type));
        var json = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(body)!;
        Assert.Equal(["attempt", "key", "snapshotId", "text"], json.Keys.Order());
        Assert.Equal((3, "recovery/7/open", "nightly_1", "\"quoted\" ü"), (json["attempt"].GetInt32(), json["key"].GetString(), json["snapshotId"].GetString(), json["text"].GetString()));
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(204, true)]
    [InlineData(299, true)]
    [InlineData(302, false)]
    [InlineData(400, false)]
    [InlineData(404, false)]
    [InlineData(500, false)]
    [InlineData(503, false)]
    public async Task Any_answer_of_two_hundred_and_something_is_good_and_no_other(int status, bool isGood)
    {
        await using var end = await FarEnd.StartAsync(status);
        Assert.Equal(new ActionReport(isGood, $"it answered {status}"), await PostAsync(end.Of("open")));
    }

    [Fact]
    public async Task What_it_says_is_told_with_bounds()
    {
        await using var end = await FarEnd.StartAsync(500, new string('x', 3_000_000));
        var said = (await PostAsync(end.Of("open"))).Said;
        Assert.StartsWith("it answered 500: xxx", said, StringComparison.Ordinal);
        Assert.InRange(said.Length, 2000, 2100);
    }

    [Fact]
    public async Task A_redirect_is_followed_by_neither()
    {
        await using var elsewhere = await FarEnd.StartAsync(200);
        await using var end = await FarEnd.StartAsync(http =>
        {
            http.Response.Redirect(elsewhere.Of("secret").ToString(), permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        });
        Assert.Equal(new ActionReport(false, "it answered 307"), await PostAsync(end.Of("open")));
        Assert.Equal(307, (await ProbeAsync(end.Of("open"))).Status);
        Assert.Empty(elsewhere.Asked);
    }

    [Fact]
    public async Task An_address_that_is_a_secret_comes_from_a_setting()
    {
        await using var end = await FarEnd.StartAsync(200);
        _settings["GATEWAY"] = end.Of("hidden").ToString();
        Assert.True((await PostSettingAsync("GATEWAY")).IsGood);
        Assert.Equal("POST /hidden", Assert.Single(end.Asked).Request);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no address")]
    [InlineData("ftp://127.0.0.1/open")]
    public async Task A_setting_that_is_missing_or_no_address_is_told_in_words(string? value)
    {
        if (value is not null)
        {
            _settings["GATEWAY"] = value;
        }

        var report = await PostSettingAsync("GATEWAY");
        Assert.False(report.IsGood);
        Assert.NotEmpty(report.Said);
        Assert.Equal(string.IsNullOrEmpty(value), report.Said.Contains("'GATEWAY' is not set", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_far_end_that_does_not_answer_is_waited_for_as_long_as_the_plan_says()
    {
        await using var end = await SilentAsync();
        Assert.Equal(new ActionReport(false, "no answer within 1s"), await PostAsync(end.Of("open"), TimeSpan.FromSeconds(1)));
        Assert.Equal(new Observation(false, "no answer within 1s"), await ProbeAsync(end.Of("open"), timeout: TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task The_clients_own_patience_does_not_end_before_the_plans()
    {
        await using var end = await FarEnd.StartAsync(static http => Task.Delay(600, http.RequestAborted));
        var outside = new Outside(new ImpatientClients(), new HostSettings(_settings.GetValueOrDefault));
        Assert.Equal(new ActionReport(true, "it answered 200"), await outside.PostAsync(new PlanAction([], end.Of("open"), null, TimeSpan.FromSeconds(30)), Order, default));
        Assert.Equal(200, (await outside.ProbeAsync(new Check(CheckKind.Http, end.Of("open").ToString()), default)).Status);
    }

    [Fact]
    public async Task Whoever_gives_up_is_not_told_that_it_failed()
    {
        await using var end = await SilentAsync();
        using var giveUp = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Outside.PostAsync(new PlanAction([], end.Of("open"), null, TimeSpan.FromMinutes(1)), Order, giveUp.Token));
    }

    [Fact]
    public async Task A_far_end_that_is_not_there_is_told_in_words()
    {
        var address = new Uri("http://127.0.0.1:1/");
        Assert.Contains("refused", (await PostAsync(address)).Said, StringComparison.Ordinal);
        var seen = await ProbeAsync(address);
        Assert.False(seen.IsThere);
        Assert.Contains("refused", seen.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, "all is well", "is well", true)]
    [InlineData(503, "is well? no", "is well", true)]
    [InlineData(200, "all is ill", "is well", false)]
    [InlineData(200, "", "is well", false)]
    [InlineData(418, "anything", null, true)]
    public async Task A_probe_sees_the_status_and_whether_the_text_is_there(int status, string text, string? contains, bool hasText)
    {
        await using var end = await FarEnd.StartAsync(status, text);
        Assert.Equal(new Observation(true) { Status = status, HasText = hasText }, await ProbeAsync(end.Of("health?deep=1"), contains));
        Assert.Equal("GET /health", Assert.Single(end.Asked).Request);
    }

    private IOutside Outside => _rig.Get<IOutside>();

    private Task<ActionReport> PostAsync(Uri address, TimeSpan? timeout = null) => Outside.PostAsync(new PlanAction([], address, null, timeout ?? TimeSpan.FromSeconds(30)), Order, default);

    private Task<ActionReport> PostSettingAsync(string name) => Outside.PostAsync(new PlanAction([], null, name, TimeSpan.FromSeconds(30)), Order, default);

    private Task<Observation> ProbeAsync(Uri address, string? contains = null, TimeSpan? timeout = null) =>
        Outside.ProbeAsync(new Check(CheckKind.Http, address.ToString()) { Contains = contains, Timeout = timeout ?? TimeSpan.FromSeconds(30) }, default);

    private static Task<FarEnd> SilentAsync() => FarEnd.StartAsync(static async http =>
    {
        try
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The caller has gone, as it should.
        }
    });

    private sealed class ImpatientClients : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new() { Timeout = TimeSpan.FromMilliseconds(200) };
    }
}
