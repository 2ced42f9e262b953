namespace Maintenance.Web.Notifications;

/// <summary>The host's settings by name, for secrets that no plan holds.</summary>
/// <param name="Find">The value, or null.</param>
public sealed record HostSettings(Func<string, string?> Find)
{
    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public string Required(string name) => Find(name) is { Length: > 0 } value ? value : throw new InvalidOperationException($"the setting '{name}' is not set");
}
