namespace Maintenance.Notifications;

/// <summary>Something that people are told: in words of its own, or by a template in the words of each reader (<see cref="From"/>).</summary>
/// <param name="Id">Names what it is about; each recipient gets one notification of an id once.</param>
/// <param name="Subject">One line.</param>
/// <param name="Text">Plain text.</param>
/// <param name="Path">The page that shows more, such as <c>/tickets/T-1042</c>.</param>
public sealed record Notification(string Id, string Subject, string Text, string Path)
{
    /// <summary>The category where nothing else is said.</summary>
    public const string UsualCategory = "general";

    /// <summary>
    /// Stands in a text before the path of a page, up to the next space; whoever delivers it puts the page's full address in its place. No text of anybody else's may
    /// hold it, see <see cref="Unmarked"/>.
    /// </summary>
    public const char LinkMark = '\uFFFC';

    /// <summary>True for what passes quiet hours and is never put into a digest.</summary>
    public bool IsUrgent { get; init; }

    /// <summary>What kind of news it is, for lists and for programs: the id of its template, as a rule.</summary>
    public string Category { get; init; } = UsualCategory;

    /// <summary>The template that it is written by; null where subject and text are given.</summary>
    public string? Template { get; init; }

    /// <summary>What the template's placeholders stand for.</summary>
    public TemplateValues Values { get; init; } = [];

    /// <summary>A notification that is written for each reader in their language, with instants in their zone.</summary>
    /// <param name="id">Names what it is about.</param>
    /// <param name="template">One of <see cref="NotificationTemplates.Ids"/>.</param>
    /// <param name="values">What its placeholders stand for; what is missing is left out, with its line where that says nothing else.</param>
    /// <param name="path">The page that shows more.</param>
    /// <exception cref="ArgumentException">There is no such template.</exception>
    public static Notification From(string id, string template, TemplateValues values, string path)
    {
        ArgumentNullException.ThrowIfNull(values);
        return NotificationTemplates.Ids.Contains(template)
            ? new Notification(id, "", "", path) { Template = template, Values = values, Category = template }
            : throw new ArgumentException($"There is no template '{template}'.", nameof(template));
    }

    /// <summary>Text that somebody else wrote, without the mark of links: a page's address is never theirs to choose.</summary>
    public static string Unmarked(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Replace(LinkMark, ' ');
    }
}
