namespace Maintenance.Actions;

/// <summary>Something that the plan has a machine do: a program on the host's machine, or a webhook elsewhere. Exactly one of the two.</summary>
/// <param name="Command">A program and its arguments; empty where it is a webhook.</param>
/// <param name="Webhook">The address to post to, or null.</param>
/// <param name="WebhookSetting">The name of the host's setting that holds that address, where it is a secret; or null.</param>
/// <param name="Timeout">How long it may take.</param>
public sealed record PlanAction(IReadOnlyList<string> Command, Uri? Webhook, string? WebhookSetting, TimeSpan Timeout)
{
    /// <summary>How long an action may take where the plan says nothing.</summary>
    public static TimeSpan UsualTimeout { get; } = TimeSpan.FromMinutes(10);

    /// <summary>What people are told that it is. Never a secret.</summary>
    public override string ToString() =>
        Command.Count > 0 ? $"command {string.Join(' ', Command)}" : $"webhook {Webhook?.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) ?? "of the setting " + WebhookSetting}";
}

/// <summary>What an action is done for.</summary>
/// <param name="Key">Names the act: the same key is the same act, done again after a crash. Sent as <c>Idempotency-Key</c>.</param>
/// <param name="Attempt">How often it was begun, this time included: stored before the work.</param>
/// <param name="Facts">
/// What it may need to know, by camelCase names: a program finds <c>snapshotId</c> in its variable <c>MAINTENANCE_SNAPSHOT_ID</c>, a webhook as a member of its body.
/// </param>
/// <param name="Folder">The folder that a program works in; null for the plan's own.</param>
public sealed record ActionOrder(string Key, int Attempt, IReadOnlyDictionary<string, string> Facts, string? Folder = null)
{
    /// <summary>The facts as variables of an environment.</summary>
    public IReadOnlyDictionary<string, string> Variables()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["MAINTENANCE_KEY"] = Key,
            ["MAINTENANCE_ATTEMPT"] = Attempt.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        foreach (var (name, value) in Facts)
        {
            variables["MAINTENANCE_" + string.Concat(name.Select(static c => char.IsUpper(c) ? "_" + c : char.ToUpperInvariant(c).ToString()))] = value;
        }

        return variables;
    }
}
