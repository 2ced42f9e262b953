using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Maintenance.BrowserTests.Browsing;

/// <summary>A window, and all that went wrong or out of it. A test ends with <see cref="EndAsync"/>, which says so.</summary>
internal sealed class Visit : IAsyncDisposable
{
    /// <summary>So many looks in a row, of ten seconds and more each, that see nothing: the page hangs.</summary>
    private const int MostUnseen = 4;

    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentDictionary<int, bool> _expected = new();
    private readonly IBrowserContext _context;

    public Visit(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        context.Request += (_, request) => _requests.Enqueue(request.Url);
        context.RequestFailed += (_, request) => Note(request);
        context.Response += (_, response) => Note(response);
        context.Console += (_, message) => Note(message);
        context.WebError += (_, error) => _faults.Enqueue($"A script failed: {error.Error}");
        page.Crash += (_, _) => _faults.Enqueue("The tab crashed.");
        context.SetDefaultNavigationTimeout((float)Patience.Usual.TotalMilliseconds);
    }

    public IPage Page { get; }

    /// <summary>The answer that the window shows: the last document.</summary>
    public IResponse? Shown { get; private set; }

    /// <summary>What the page says: all of its main part.</summary>
    public Task<string> TextAsync() => Page.GetByRole(AriaRole.Main).InnerTextAsync();

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { NameRegex = Name(name) });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new() { NameRegex = Name(name) });

    /// <summary>The field with this label.</summary>
    public ILocator Field(string label) => Page.GetByLabel(Name(label));

    /// <summary>An answer with this status is no fault in this test.</summary>
    public void Expect(int status) => _expected[status] = true;

    /// <summary>Does something that leads to another page, and waits until that is there. A page that only loads itself again is not that page.</summary>
    public async Task FollowAsync(Func<Task> act)
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (before, hasLeft) = (Page.Url, false);
        void Leave(object? sender, IRequest request) => hasLeft |= request.IsNavigationRequest && (request.Method == "POST" || request.Url != before);
        void Arrive(object? sender, IFrame frame) => _ = hasLeft && frame.ParentFrame is null && arrived.TrySetResult();
        Page.Request += Leave;
        Page.FrameNavigated += Arrive;
        try
        {
            await act().WithinAsync(Patience.Long, $"{before}: what leads on from it");
            await arrived.Task.WithinAsync(Patience.Usual, $"another page after {before}");
            await LoadedAsync();
        }
        finally
        {
            Page.Request -= Leave;
            Page.FrameNavigated -= Arrive;
        }
    }

    /// <summary>Presses the button or follows the link, and waits for the page to which that leads.</summary>
    public Task FollowAsync(ILocator way) => FollowAsync(() => way.ClickAsync());

#pragma warning disable RS0030 // Here is what bounds them.
    /// <summary>What a script of the test's own finds on the page.</summary>
    public Task<T> AskAsync<T>(string script, object? argument = null) => Page.EvaluateAsync<T>(script, argument).WithinAsync(Patience.Usual, $"{Page.Url}: {script}");

    /// <summary>What a script of the test's own finds at an element.</summary>
    public Task<T> AskAsync<T>(ILocator element, string script) => element.EvaluateAsync<T>(script).WithinAsync(Patience.Usual, $"{Page.Url}, at an element: {script}");

    /// <summary>Presses a key, and lets it go.</summary>
    public Task PressAsync(string key) => Page.Keyboard.PressAsync(key).WithinAsync(Patience.Usual, $"{Page.Url}: the key {key}");

    /// <summary>Types a text where the focus is.</summary>
    public Task TypeAsync(string text) => Page.Keyboard.TypeAsync(text).WithinAsync(Patience.Usual, $"{Page.Url}: the keys of '{text}'");

    /// <summary>What the page looks like to the rules of axe.</summary>
    public Task<AxeResult> ExamineAsync(AxeRunOptions options) => Page.RunAxe(options).WithinAsync(Patience.Long, $"{Page.Url}: the rules of axe");
#pragma warning restore RS0030

    /// <summary>Whether an element shows at this moment.</summary>
    public Task<bool> ShowsAsync(ILocator element) => element.IsVisibleAsync().WithinAsync(Patience.Usual, $"{Page.Url}: whether an element shows");

    /// <summary>The window's cookies and stores, for another.</summary>
    public Task<string> StorageAsync() => _context.StorageStateAsync().WithinAsync(Patience.Usual, "cookies and stores");

    /// <summary>Takes the session's cookie back in, as a browser that was told to forget it and did not.</summary>
    public async Task RestoreCookiesAsync(IEnumerable<BrowserContextCookiesResult> cookies) =>
        await _context.AddCookiesAsync(cookies.Select(static cookie => new Cookie { Name = cookie.Name, Value = cookie.Value, Domain = cookie.Domain, Path = cookie.Path }))
            .WithinAsync(Patience.Usual, "taking cookies in");

    public Task<IReadOnlyList<BrowserContextCookiesResult>> CookiesAsync() => _context.CookiesAsync().WithinAsync(Patience.Usual, "its cookies");

    /// <summary>Loads the page again until a text is on it: what timers bring about needs no script to be seen.</summary>
    public Task UntilAsync(string pattern, int seconds = 120) =>
        UntilAsync(async () => Regex.IsMatch(await TextAsync(), pattern, RegexOptions.IgnoreCase), pattern, seconds);

    /// <summary>Loads the page again until something is there.</summary>
    public Task UntilAsync(ILocator there, int seconds = 120, [CallerArgumentExpression(nameof(there))] string what = "") => UntilAsync(async () => await there.CountAsync() > 0, what, seconds);

    /// <summary>No script failed, nothing was refused by the policy, no answer was unexpected, and no request left this machine. The window is closed.</summary>
    public async Task EndAsync()
    {
        // What the window still has to tell comes before the answer to this.
        _ = await Page.SettledAsync(async () => await Page.TitleAsync() is not null);
        var away = _requests.Where(static url => new Uri(url) is not { Host: "127.0.0.1" } and not { Scheme: "about" or "data" or "blob" });
        var faults = _faults.Concat(away.Select(static url => "A request left this machine: " + url)).ToList();
        Assert.True(faults.Count == 0, $"{Page.Url}:\n{string.Join('\n', faults)}");
        await _context.CloseAsync().WithinAsync(Patience.Usual, $"the end of the window of {Page.Url}");
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            // Nothing more where the window was closed.
            await _context.CloseAsync().WithinAsync(Patience.Usual, "the end of a window");
        }
        catch (Exception error) when (error is TimeoutException or PlaywrightException)
        {
            // Only a test that has failed already comes here with an open window, and why it failed is what is to be read.
        }
    }

    private static Regex Name(string pattern) => new(pattern, RegexOptions.IgnoreCase);

    private async Task UntilAsync(Func<Task<bool>> isThere, string what, int seconds)
    {
        var end = DateTime.UtcNow.AddSeconds(seconds);
        var unseen = 0;
        while (await Page.SettledAsync(isThere) is not true and var seen)
        {
            // A page that loads itself again cannot be seen for a moment; one that never can hangs, and all that is asked of it after this would take its full time too.
            unseen = seen is null ? unseen + 1 : 0;
            Assert.True(unseen < MostUnseen, $"{Page.Url} does not answer; waiting for: {what}");
            if (DateTime.UtcNow >= end)
            {
                Assert.Fail($"Not within {seconds} s at {Page.Url}: {what}\n{await TextAsync()}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500));
            _ = await Page.SettledAsync(async () => await Page.ReloadAsync() is not null);
        }
    }

    /// <summary>
    /// Waits until the page has loaded. Playwright asks whether that has happened and then begins to listen; where it happens between the two, it listens for ever. So it is asked
    /// again every two seconds.
    /// </summary>
    private async Task LoadedAsync()
    {
        for (var end = DateTime.UtcNow + Patience.Usual; ;)
        {
            try
            {
#pragma warning disable RS0030 // Bounded, and off Playwright's thread.
                await Page.WaitForLoadStateAsync(LoadState.Load, new() { Timeout = 2000 }).WithinAsync(Patience.Usual, $"the end of loading {Page.Url}");
#pragma warning restore RS0030
                return;
            }
            catch (TimeoutException) when (DateTime.UtcNow < end)
            {
                // It may have loaded just as it was asked.
            }
        }
    }

    private void Note(IRequest failed)
    {
        // The browser itself gives up what a page was still asking for when it went on to the next.
        if (failed.Failure != "net::ERR_ABORTED")
        {
            _faults.Enqueue($"{failed.Method} {failed.Url} failed: {failed.Failure}");
        }
    }

    private void Note(IResponse response)
    {
        if (response.Request.IsNavigationRequest && response.Frame.ParentFrame is null)
        {
            Shown = response;
        }

        if (response.Status >= 400 && !_expected.ContainsKey(response.Status))
        {
            _faults.Enqueue($"{response.Request.Method} {response.Url}: {response.Status}");
        }
    }

    private void Note(IConsoleMessage message)
    {
        // Every answer of 400 and more is told here as well; those are judged by their status.
        if ((message.Type == "error" && !message.Text.StartsWith("Failed to load resource: the server responded with", StringComparison.Ordinal))
            || message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
        {
            _faults.Enqueue($"Console: {message.Text}");
        }
    }
}
