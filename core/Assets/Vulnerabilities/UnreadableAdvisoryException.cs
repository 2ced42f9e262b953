namespace Maintenance.Assets.Vulnerabilities;

/// <summary>An advisory that lacks something without which it would say something else. Caught where the file is read.</summary>
internal sealed class UnreadableAdvisoryException(string path, string what) : Exception(what)
{
    /// <summary>Where in the advisory; empty for the advisory as a whole.</summary>
    public string Path { get; } = path;

    /// <summary>The advisory's id, where that was read.</summary>
    public string? Id { get; init; }
}
