namespace Maintenance.Tickets;

/// <summary>What tickets must be, and when they close.</summary>
/// <param name="ClosesAfter">A resolved ticket closes by itself after this much time.</param>
/// <param name="AttachmentBytes">The most bytes of an attachment.</param>
/// <param name="AttachmentTypes">What may be attached, by the ends of file names, without the dot and in lower case.</param>
public sealed record TicketPolicy(TimeSpan ClosesAfter, long AttachmentBytes, IReadOnlyList<string> AttachmentTypes)
{
    /// <summary>What holds where the plan says nothing.</summary>
    public static TicketPolicy Usual { get; } = new(
        TimeSpan.FromDays(7), 10 * 1024 * 1024, ["png", "jpg", "jpeg", "gif", "webp", "txt", "log", "csv", "json", "xml", "pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "eml", "zip"]);
}
