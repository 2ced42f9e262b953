namespace Maintenance.BrowserTests.Browsing;

/// <summary>A test in a real browser; where this machine has none, it is skipped and says what to install.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    /// <summary>A browser that never answers fails its test, and the tests after it are run. In milliseconds.</summary>
    internal const int Longest = 5 * 60_000;

    public BrowserFactAttribute() => (Skip, Timeout) = (Chromium.SkipReason, Longest);
}

/// <summary>The same with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => (Skip, Timeout) = (Chromium.SkipReason, BrowserFactAttribute.Longest);
}
