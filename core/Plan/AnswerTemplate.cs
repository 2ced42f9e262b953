using System.Text.RegularExpressions;

namespace Maintenance.Plan;

/// <summary>An answer that support gives often. Whoever answers chooses it, and changes it before it is sent.</summary>
/// <param name="Id">Short and stable.</param>
/// <param name="Name">What support chooses by.</param>
/// <param name="Text">The answer, with placeholders.</param>
/// <param name="Language">Its language; null for the system's first.</param>
public sealed partial record AnswerTemplate(string Id, string Name, string Text, Language? Language)
{
    /// <summary>What an answer may name.</summary>
    public static IReadOnlyList<string> Placeholders { get; } = ["requester", "ticket", "title", "service", "me", "organisation"];

    /// <summary>The placeholders that a text names, in order.</summary>
    public static IEnumerable<string> PlaceholdersOf(string text) => Placeholder().Matches(text).Select(static match => match.Groups["name"].Value);

    /// <summary>The answer with its placeholders filled in; one that stands for nothing leaves nothing behind.</summary>
    /// <param name="values">What they stand for.</param>
    public string Fill(IReadOnlyDictionary<string, string?> values) => Placeholder().Replace(Text, match => values.GetValueOrDefault(match.Groups["name"].Value) ?? "");

    [GeneratedRegex(@"\{(?<name>[a-z]+)\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Placeholder();
}
