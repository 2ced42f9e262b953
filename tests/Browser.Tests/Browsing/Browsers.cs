using System.Net;
using Maintenance.Tests.EndToEnd;
using Microsoft.Playwright;

namespace Maintenance.BrowserTests.Browsing;

/// <summary>One browser for the tests of a collection. Each test has windows of its own in it, which share nothing.</summary>
public sealed class Browsers : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        // Where tests are skipped, each says why.
        if (Chromium.SkipReason is null)
        {
            Assert.True(Chromium.Path is not null, Chromium.Missing);
            await LaunchAsync();
        }
    }

    public Task DisposeAsync() => EndAsync();

    /// <summary>A window of somebody who is not signed in.</summary>
    internal async Task<Visit> OpenAsync(ServerProcess server, Look? look = null, string? storage = null)
    {
        look ??= new Look();
        var options = new BrowserNewContextOptions
        {
            BaseURL = server.Address.ToString(),
            JavaScriptEnabled = look.HasScript,
            ColorScheme = look.IsDark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = look.HasLessMotion ? ReducedMotion.Reduce : ReducedMotion.NoPreference,
            ViewportSize = new() { Width = look.Width, Height = look.Height },
            IsMobile = look.IsPhone,
            HasTouch = look.IsPhone,
            Locale = "en-GB",
            TimezoneId = look.TimeZone,
            BypassCSP = look.IsExamined,
            StorageState = storage,
        };
        try
        {
            return await OpenAsync(options);
        }
        catch (Exception error) when (error is TimeoutException or PlaywrightException)
        {
            // The browser hangs or is gone. The test that saw that has failed; those after it get another browser instead of waiting for this one, each as long as it may.
            await EndAsync();
            await LaunchAsync();
            return await OpenAsync(options);
        }
    }

    /// <summary>A window of a person, who signs in by a link that works once, as people do.</summary>
    internal async Task<Visit> SignInAsync(ServerProcess server, string person, Look? look = null)
    {
        var visit = await OpenAsync(server, look);
        await visit.Page.GotoAsync(await LinkAsync(server, person));
        await visit.FollowAsync(visit.Button("^Sign in$"));
        await Assertions.Expect(visit.Page).ToHaveURLAsync(server.Address.ToString());
        return visit;
    }

    /// <summary>A link that signs a person in once.</summary>
    internal static async Task<string> LinkAsync(ServerProcess server, string person) =>
        (await server.Operator.PostAsync($"/api/people/{person}/credentials", new { kind = "signIn" })).Expect(HttpStatusCode.Created).Json.GetProperty("link").GetString()!;

    private async Task<Visit> OpenAsync(BrowserNewContextOptions options)
    {
        var context = await (_browser ?? throw new PlaywrightException("There is no browser.")).NewContextAsync(options).WithinAsync(Patience.Usual, "a new window");
        context.SetDefaultTimeout((float)Patience.Usual.TotalMilliseconds);
        return new Visit(context, await context.NewPageAsync().WithinAsync(Patience.Usual, "a new page"));
    }

    private async Task LaunchAsync()
    {
        _playwright = await Playwright.CreateAsync().WithinAsync(Patience.Long, "the start of its driver");
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium.Path,

            // Root may have no sandbox on Linux. No name but this machine's own leads anywhere.
            Args = [.. OperatingSystem.IsLinux() && Environment.UserName == "root" ? ["--no-sandbox"] : Array.Empty<string>(), "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
            Timeout = (float)Patience.Long.TotalMilliseconds,
        }).WithinAsync(2 * Patience.Long, "its start");
    }

    private async Task EndAsync()
    {
        var (browser, playwright) = (_browser, _playwright);
        (_browser, _playwright) = (null, null);
        if (browser is not null)
        {
            try
            {
                await browser.CloseAsync().WithinAsync(Patience.Usual, "its end");
            }
            catch (Exception error) when (error is TimeoutException or PlaywrightException)
            {
                // It has gone already, or hangs: a driver that goes kills it.
            }
        }

        if (playwright is not null)
        {
            // This waits for the driver's end, and has no bound of its own.
            await Task.Run(playwright.Dispose).WithinAsync(Patience.Long, "the end of its driver");
        }
    }
}

/// <summary>How somebody looks at pages.</summary>
internal sealed record Look
{
    public bool HasScript { get; init; } = true;

    public bool IsDark { get; init; }

    public bool HasLessMotion { get; init; }

    /// <summary>In CSS pixels.</summary>
    public int Width { get; init; } = 1280;

    public int Height { get; init; } = 800;

    public bool IsPhone { get; init; }

    /// <summary>Where the reader is.</summary>
    public string TimeZone { get; init; } = "Etc/UTC";

    /// <summary>True where a test brings a script of its own into pages, whose policy would refuse it.</summary>
    public bool IsExamined { get; init; }

    /// <summary>The narrowest phone that pages are made for.</summary>
    public static Look Phone { get; } = new() { Width = 360, Height = 740, IsPhone = true };
}
