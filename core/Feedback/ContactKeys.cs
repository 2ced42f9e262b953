using System.Text;

namespace Maintenance.Feedback;

/// <summary>
/// What a contact is found by: keyed hashes of the addresses and numbers in it, whatever their case and spaces. So what is held on a person is found without reading what
/// is held on others, and the index tells nobody who they are.
/// </summary>
public sealed class ContactKeys(TrackingCodes codes)
{
    private const int Most = 8;
    private const int FewestDigits = 6;

    /// <summary>The keys of a contact; none where it says nothing by which somebody could be found.</summary>
    public IReadOnlyList<string> Of(string? contact) => [.. Parts(contact).Distinct(StringComparer.Ordinal).Take(Most).Select(part => codes.PseudonymOf("contact", part))];

    /// <summary>The mail address that a contact is; null where it is none, or not only one.</summary>
    public static string? MailAddress(string? contact) => contact?.Trim() is { } text && IsMailAddress(text) ? text : null;

    private static IEnumerable<string> Parts(string? contact)
    {
        var folded = FoldedText.Of(contact ?? "");
        var whole = string.Concat(folded.EnumerateRunes().Where(static rune => Rune.IsLetterOrDigit(rune) || rune.Value is '@' or '.' or '_' or '-').Select(static rune => rune.ToString()));
        if (whole.Any(char.IsLetterOrDigit))
        {
            yield return whole;
        }

        foreach (var word in folded.Split([' ', '\t', '\n', ',', ';', '<', '>', '(', ')', '[', ']', '"', ':', '|', '/'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (word.Trim('.', '!', '?', '\'') is var address && IsMailAddress(address))
            {
                yield return "mail " + address;
            }
        }

        foreach (var number in Numbers(folded))
        {
            yield return "number " + number;
        }
    }

    /// <summary>Runs of digits, with what people write between them.</summary>
    private static IEnumerable<string> Numbers(string text)
    {
        var digits = new StringBuilder();
        foreach (var c in text + "\n")
        {
            if (char.IsAsciiDigit(c))
            {
                _ = digits.Append(c);
            }
            else if (digits.Length > 0 && c is not (' ' or '-' or '.' or '/' or '(' or ')' or '+'))
            {
                if (digits.Length >= FewestDigits)
                {
                    yield return digits.ToString();
                }

                _ = digits.Clear();
            }
        }
    }

    private static bool IsMailAddress(string text) =>
        text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at
        && text.IndexOf('@', at + 1) < 0
        && at < text.Length - 1
        && text.Length <= FeedbackRules.MaxShort
        && !text.Any(static c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '<' or '>' or '"' or ',' or ';' or ':' or '(' or ')' or '[' or ']' or '\\');
}
