using System.Text.RegularExpressions;

namespace Maintenance.Notifications;

/// <summary>Why a delivery failed, such that it may be stored, shown and logged: one line, and no address in it. Relays like to repeat whom they refuse.</summary>
public static partial class DeliveryError
{
    private const int Most = 300;

    /// <summary>The messages of an error and of what caused it.</summary>
    public static string Of(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var said = new List<string>();
        for (var at = error; at is not null && said.Count < 4; at = at.InnerException)
        {
            var line = at.Message.ReplaceLineEndings(" ").Trim();
            if (!said.Exists(before => before.Contains(line, StringComparison.Ordinal)))
            {
                said.Add(line);
            }
        }

        var text = WithoutAddresses(string.Join(" ", said));
        return text.Length <= Most ? text : text[..(char.IsHighSurrogate(text[Most - 1]) ? Most - 1 : Most)] + "…";
    }

    /// <summary>A text with every mail address in it blanked, for a log.</summary>
    public static string WithoutAddresses(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Address().Replace(text, "(address)");
    }

    [GeneratedRegex(@"[^\s@<>""'(),:;]+@[^\s@<>""'(),:;]+", RegexOptions.NonBacktracking)]
    private static partial Regex Address();
}
