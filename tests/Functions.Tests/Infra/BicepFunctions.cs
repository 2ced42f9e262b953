namespace MaintenanceFunctions.Tests.Infra;

/// <summary>Bicep's own functions, as far as they are used: with stand-ins for what only Azure knows.</summary>
internal static class BicepFunctions
{
    /// <summary>What uniqueString makes: 13 characters.</summary>
    public const string Unique = "abcdefghijklm";

    public const string Subscription = "/subscriptions/00000000-0000-0000-0000-000000000001";

    public const string Tenant = "11111111-1111-1111-1111-111111111111";

    public static IReadOnlyCollection<string> Known { get; } =
    [
        "toLower", "uniqueString", "subscription", "tenant", "environment", "replace", "take", "empty", "map", "split", "trim", "toObject", "union", "concat", "utcNow",
        "guid", "subscriptionResourceId", "resourceId", "max",
    ];

    /// <summary>The value of a call.</summary>
    /// <exception cref="NotSupportedException">This reader does not know the function.</exception>
    public static object? Call(string function, IReadOnlyList<object?> arguments)
    {
        return function switch
        {
            "toLower" => Text(0).ToLowerInvariant(),
            "trim" => Text(0).Trim(),
            "uniqueString" => Unique,
            "subscription" => Of(("id", Subscription)),
            "tenant" => Of(("tenantId", Tenant)),
            "environment" => Of(("suffixes", Of(("storage", "core.windows.net"))), ("authentication", Of(("loginEndpoint", "https://login.microsoftonline.com/")))),
            "utcNow" => "2026-11-01",
            "replace" => Text(0).Replace(Text(1), Text(2), StringComparison.Ordinal),
            "take" => Text(0) is var text && (long)arguments[1]! is var count && text.Length > count ? text[..(int)count] : Text(0),
            "split" => Text(0).Split(Text(1)).Cast<object?>().ToList(),
            "empty" => arguments[0] switch
            {
                null => true,
                string value => value.Length == 0,
                List<object?> list => list.Count == 0,
                IReadOnlyDictionary<string, object?> map => map.Count == 0,
                _ => false,
            },
            "max" => arguments.Max(static one => (long)one!),
            "map" => ((List<object?>)arguments[0]!).ConvertAll(item => Lambda(1)([item])),
            "toObject" => ((List<object?>)arguments[0]!).ToDictionary(item => (string)Lambda(1)([item])!, item => Lambda(2)([item]), StringComparer.Ordinal),
            "concat" => arguments.SelectMany(static one => (List<object?>)one!).ToList(),
            "union" when arguments[0] is List<object?> => arguments.SelectMany(static one => (List<object?>)one!).Distinct().ToList(),
            "union" => arguments.SelectMany(static one => (IReadOnlyDictionary<string, object?>)one!)
                .GroupBy(static pair => pair.Key, StringComparer.Ordinal).ToDictionary(static group => group.Key, static group => group.Last().Value, StringComparer.Ordinal),
            "guid" => "guid(" + string.Join(',', arguments) + ")",
            "subscriptionResourceId" => $"{Subscription}/providers/{Text(0)}/{Text(1)}",
            "resourceId" => $"<{Text(0)}/{Text(1)}>",
            _ => throw new NotSupportedException($"The function {function} is not known here."),
        };

        string Text(int index) => (string)arguments[index]!;

        Func<object?[], object?> Lambda(int index) => (Func<object?[], object?>)arguments[index]!;
    }

    public static Dictionary<string, object?> Of(params (string Name, object? Value)[] members) =>
        members.ToDictionary(static member => member.Name, static member => member.Value, StringComparer.Ordinal);
}
