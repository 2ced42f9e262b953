using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Maintenance.BrowserTests.Browsing;

/// <summary>What people do on the public pages, in each of their languages, by what fields and buttons are called.</summary>
internal static partial class VisitActs
{
    /// <summary>Fills the feedback form in and sends it.</summary>
    /// <returns>The reference and the code of the page that thanks.</returns>
    public static async Task<(string Reference, string Code)> SendFeedbackAsync(this Visit visit, string kind, string message, string? contact = null)
    {
        await visit.Page.GetByRole(AriaRole.Radio, new() { Name = kind }).CheckAsync();
        await visit.Page.Locator("textarea[name=message]").FillAsync(message);
        if (contact is not null)
        {
            await visit.Page.Locator("input[name=contact]").FillAsync(contact);
        }

        await visit.FollowAsync(visit.Button("^(send|envoyer)"));
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1, NameRegex = new("thank|merci", RegexOptions.IgnoreCase) })).ToBeVisibleAsync();
        var text = await visit.TextAsync();
        var (reference, code) = (Reference().Match(text), Code().Match(Reference().Replace(text, "")));
        Assert.True(reference.Success && code.Success, $"A reference and a code are to be written down from:\n{text}");
        return (reference.Value, code.Value);
    }

    /// <summary>Fills the tracking form in and sends it.</summary>
    public static async Task TrackAsync(this Visit visit, string reference, string code)
    {
        await visit.Page.Locator("input[name=reference]").FillAsync(reference);
        await visit.Page.Locator("input[name=code]").FillAsync(code);
        await visit.FollowAsync(visit.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button).First);
    }

    /// <summary>Looks at a page that may be loading itself again at this moment: null where it cannot be seen just then.</summary>
    public static async Task<bool?> SettledAsync(this IPage page, Func<Task<bool>> look)
    {
        try
        {
#pragma warning disable RS0030 // Bounded, and off Playwright's thread.
            await page.WaitForLoadStateAsync(LoadState.DOMContentLoaded, new() { Timeout = 10_000 }).WithinAsync(Patience.Usual, "a page that has loaded");
#pragma warning restore RS0030
            return await look().WithinAsync(TimeSpan.FromSeconds(10), "what is on it");
        }
        catch (Exception error) when (error is TimeoutException or PlaywrightException)
        {
            // What was looked at is gone; the next look sees what came instead.
            return null;
        }
    }

    /// <summary>Opens what is folded away below a summary, where a field does not show already.</summary>
    public static async Task UnfoldAsync(this Visit visit, string summary, ILocator field)
    {
        if (!await visit.ShowsAsync(field.First))
        {
            await visit.Page.Locator("summary").Filter(new() { HasTextRegex = new(summary, RegexOptions.IgnoreCase) }).First.ClickAsync();
            await Assertions.Expect(field.First).ToBeVisibleAsync();
        }
    }

    /// <summary>Sends the form that leads to an address as it stands there, past what the browser itself would say: the answer names what is wrong.</summary>
    public static async Task PostNothingAsync(this Visit visit, string action)
    {
        visit.Expect(422);
        var form = visit.Page.GetByRole(AriaRole.Main).Locator($"form[method=post][action^='{action}']");
        await visit.FollowAsync(() => visit.AskAsync<object?>(form, "form => form.submit()"));
        Assert.Equal(422, visit.Shown!.Status);
    }

    // A word of its own: a group of a code may end in F too, and is followed by others.
    [GeneratedRegex(@"\bF(-[0-9A-Z]{4})+")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\b[0-9A-Z]{4}(-[0-9A-Z]{4})+")]
    private static partial Regex Code();
}
