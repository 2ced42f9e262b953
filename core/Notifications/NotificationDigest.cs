using System.Text;
using System.Text.RegularExpressions;
using Maintenance.Plan;

namespace Maintenance.Notifications;

/// <summary>Makes the message that goes out of the entries that go out in it. Pure.</summary>
internal static partial class NotificationDigest
{
    private const int MostText = 300;
    private const int MostCharacters = 60_000;

    /// <summary>A single entry as it was written; of several, a list. The id comes from the entries, so that a digest that is sent twice has the same one.</summary>
    public static Notification Of(OperationsPlan plan, IReadOnlyList<NotificationEntry> entries, ReaderWords words)
    {
        if (entries is [var only])
        {
            return new Notification(only.Notification, only.Subject, only.Text, only.Path) { IsUrgent = only.IsUrgent, Category = only.Category };
        }

        var id = "digest/" + OutboxStore.Hash(string.Join('\n', entries.Select(static entry => entry.Id).Order(StringComparer.Ordinal)), 20);
        var path = entries.All(entry => entry.Path == entries[0].Path) ? entries[0].Path : "/";
        return NotificationTemplates.Render(plan, Notification.From(id, NotificationTemplates.Digest, new() { ["count"] = entries.Count }, path), words, List(entries, words));
    }

    private static string List(IReadOnlyList<NotificationEntry> entries, ReaderWords words)
    {
        var list = new StringBuilder();
        foreach (var entry in entries)
        {
            list.Append("* ").Append(ReaderTime.Format(entry.CreatedAt, words.Zone, words.Language)).Append("  ").Append(entry.Subject).Append('\n');

            // However many there are, each is named; once the list is long, no more than that.
            if (list.Length < MostCharacters)
            {
                var text = Shortened(Links().Replace(entry.Text, "").ReplaceLineEndings(" "));
                list.Append(text.Length == 0 ? "" : "  " + text + "\n").Append("  ").Append(Notification.LinkMark).Append(entry.Path).Append('\n');
            }

            list.Append('\n');
        }

        return list.ToString().TrimEnd();
    }

    private static string Shortened(string text)
    {
        text = Spaces().Replace(text, " ").Trim();
        return text.Length <= MostText ? text : text[..(char.IsHighSurrogate(text[MostText - 1]) ? MostText - 1 : MostText)] + "…";
    }

    [GeneratedRegex("\uFFFC\\S*", RegexOptions.NonBacktracking)]
    private static partial Regex Links();

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Spaces();
}
