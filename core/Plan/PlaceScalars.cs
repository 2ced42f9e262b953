using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Maintenance.Plan;

/// <summary>
/// The kinds of scalar that say where something is, or how it is reached. What could hold a secret is never repeated in a problem: problems are logged and shown.
/// </summary>
internal static partial class PlaceScalars
{
    private const string AddressPattern = @"^(https://|http://(127\.0\.0\.1|localhost)(:\d+)?/)";
    private const string SettingPattern = "^[A-Za-z_][A-Za-z0-9_.:-]{0,127}";

    /// <summary>A folder of this machine, or of a mount.</summary>
    public static ScalarKind<string?> Folder { get; } = new(
        static text => text.Trim().Length == 0 ? Parsed<string?>.Wrong("it is empty.", "Name a folder; . is the plan's own.")
            : text.Any(char.IsControl) ? Parsed<string?>.Wrong("it has control characters.", "Name a folder such as register; . is the plan's own.")
            : text.Contains("://", StringComparison.Ordinal) ? Parsed<string?>.Wrong("it is an address, not a folder.", "A Blob container goes under container: instead.")
            : Parsed<string?>.Ok(text.Trim()),
        static () => new JsonObject { ["type"] = "string", ["minLength"] = 1 });

    /// <summary>The only choice there is: parts of the records would not restore to anything that runs.</summary>
    public static ScalarKind<string?> AllRecords { get; } = new(
        static text => text == "all" ? Parsed<string?>.Ok(text) : Parsed<string?>.Wrong($"'{text}' is not what can be read.", "Write all."),
        static () => new JsonObject { ["enum"] = new JsonArray("all") });

    /// <summary>A Blob container's address.</summary>
    public static ScalarKind<string?> ContainerAddress { get; } = Address("container", "https://account.blob.core.windows.net/scans");

    /// <summary>An Azure table's address.</summary>
    public static ScalarKind<string?> TableAddress { get; } = Address("table", "https://account.table.core.windows.net/Births");

    /// <summary>The name of a setting of the host.</summary>
    public static ScalarKind<string?> SettingName { get; } = new(
        static text => SettingRegex().IsMatch(text) ? Parsed<string?>.Ok(text)
            : Parsed<string?>.Wrong(
                text.AsSpan().ContainsAny('=', ';') || text.Contains("://", StringComparison.Ordinal)
                    ? "it looks like a connection string, and a plan is no place for secrets."
                    : "it is not the name of a setting.",
                "Write the name of the host's setting that holds the connection string, such as CIVREG_DATABASE."),
        static () => new JsonObject { ["type"] = "string", ["pattern"] = SettingPattern + "$", ["examples"] = new JsonArray("CIVREG_DATABASE") });

    /// <summary>A program or one of its arguments, as it is.</summary>
    public static ScalarKind<string> Argument { get; } = new(
        static text => text.Trim().Length == 0 ? Parsed<string>.Wrong("it is empty.", "Write the program first, then each argument as an item of its own.")
            : text.Contains('\0', StringComparison.Ordinal) ? Parsed<string>.Wrong("it has a null character.", "No program takes one.")
            : Parsed<string>.Ok(text),
        static () => new JsonObject { ["type"] = "string", ["minLength"] = 1 });

    /// <summary>The name of one file, without a folder.</summary>
    public static ScalarKind<string?> FileName { get; } = new(
        static text => IsName(text) && !text.Contains('/', StringComparison.Ordinal)
            ? Parsed<string?>.Ok(text)
            : Parsed<string?>.Wrong($"'{text}' is not the name of a file.", "Write one without a folder, such as all.sql."),
        static () => new JsonObject { ["type"] = "string", ["minLength"] = 1, ["examples"] = new JsonArray("all.sql") });

    /// <summary>A path inside a snapshot.</summary>
    public static ScalarKind<string> InnerPath { get; } = new(
        static text => text.Split('/').All(IsName)
            ? Parsed<string>.Ok(text)
            : Parsed<string>.Wrong($"'{text}' is not a path below the source.", "Write one with / between its names and none in front, such as births/2026.csv."),
        static () => new JsonObject { ["type"] = "string", ["minLength"] = 1 });

    /// <summary>A path below something else than a source, which may be left out.</summary>
    /// <param name="what">Below what: <c>the plan's folder</c>.</param>
    /// <param name="example">Such as <c>sops/call-in.md</c>.</param>
    public static ScalarKind<string?> PathBelow(string what, string example) => new(
        text => text.Split('/').All(IsName)
            ? Parsed<string?>.Ok(text)
            : Parsed<string?>.Wrong($"'{text}' is not a path below {what}.", $"Write one with / between its names and none in front, such as {example}."),
        InnerPath.Schema);

    /// <summary>A place to restore to that is no folder.</summary>
    public static ScalarKind<string?> RestorePlace { get; } = new(
        static text => text.Split(':', 2) switch
        {
            ["postgres", var setting] => Within(SettingName, setting, text),
            ["container", var address] => Within(ContainerAddress, address, text),
            ["table", var address] => Within(TableAddress, address, text),
            _ => Parsed<string?>.Wrong("it is no place that is restored to.", "Write postgres:SETTING, container:https://… or table:https://…; a folder goes under live: instead."),
        },
        static () => new JsonObject { ["type"] = "string", ["pattern"] = "^(postgres|container|table):", ["examples"] = new JsonArray("postgres:CIVREG_RESTORED") });

    private static Parsed<string?> Within(ScalarKind<string?> kind, string part, string whole) =>
        kind.Parse(part) is { Problem: { } problem, Hint: { } hint } ? Parsed<string?>.Wrong(problem, hint) : Parsed<string?>.Ok(whole);

    private static ScalarKind<string?> Address(string what, string example) => new(
        text => !AddressRegex().IsMatch(text) && text.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
                ? Parsed<string?>.Wrong("everybody on the way could read what goes there.", "Write https://; http:// is for a storage emulator on 127.0.0.1 or localhost.")
            : !AddressRegex().IsMatch(text) || !Uri.TryCreate(text, UriKind.Absolute, out var address) ? Parsed<string?>.Wrong($"it is not the address of a {what}.", $"Write one such as {example}.")
            : address.UserInfo.Length + address.Query.Length + address.Fragment.Length > 0
                ? Parsed<string?>.Wrong("it says more than where, a signature perhaps, and a plan is no place for secrets.", $"End it after the name of the {what}: the host signs in by its own identity.")
            : !HasName(address) ? Parsed<string?>.Wrong($"it does not name one {what}.", $"Write one such as {example}.")
            : Parsed<string?>.Ok(text),
        () => new JsonObject { ["type"] = "string", ["format"] = "uri", ["pattern"] = AddressPattern, ["examples"] = new JsonArray(example) });

    /// <summary>One name, after that of the account where an emulator is meant.</summary>
    private static bool HasName(Uri address) =>
        address.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries).Length is var names && (names == 1 || (names == 2 && address.IsLoopback));

    private static bool IsName(string text) => text.Trim().Length > 0 && text is not ("." or "..") && !text.Any(char.IsControl);

    [GeneratedRegex(AddressPattern, RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex AddressRegex();

    [GeneratedRegex(SettingPattern + @"\z", RegexOptions.NonBacktracking)]
    private static partial Regex SettingRegex();
}
