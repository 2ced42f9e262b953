namespace Maintenance.Web.Http;

/// <summary>What a browser calls itself, in a few words by which its owner knows it again.</summary>
public static class BrowserName
{
    // The more particular first: Edge calls itself Chrome too, and Chrome Safari.
    private static readonly (string Mark, string Name)[] Browsers =
        [("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari")];

    private static readonly (string Mark, string Name)[] Systems =
        [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];

    /// <summary>Such as <c>Firefox on Windows</c>; "a browser" where it says nothing that is known.</summary>
    /// <param name="userAgent">The header User-Agent, or empty.</param>
    public static string Of(string userAgent)
    {
        ArgumentNullException.ThrowIfNull(userAgent);
        var (browser, system) = (Find(Browsers, userAgent), Find(Systems, userAgent));
        return (browser ?? "a browser") + (system is null ? "" : " on " + system);
    }

    private static string? Find((string Mark, string Name)[] all, string text) => Array.Find(all, one => text.Contains(one.Mark, StringComparison.Ordinal)).Name;
}
