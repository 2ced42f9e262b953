using System.Globalization;
using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.Tickets;

namespace Maintenance.Knowledge;

/// <summary>
/// Looks after documents: notes new versions, asks their audience to acknowledge them, and tells the owner once of who has not and of what is to be reviewed. Each is told
/// before it is noted as told, under an id that names document and version or date: cut off in between, nobody hears of it twice.
/// </summary>
public sealed class DocumentSweep(KnowledgeBook book, NotificationService notifications, TicketService tickets, ActivePlan plan, TimeProvider time)
{
    /// <summary>Does what is due. One document that cannot be looked after holds up no other.</summary>
    public async Task SweepAsync(CancellationToken cancellation)
    {
        var current = plan.Current;
        if (current.Knowledge.Documents.Count == 0)
        {
            return;
        }

        var known = await book.AllAsync(cancellation);
        await EachAsync.RunAsync(current.Knowledge.Documents, document => LookAfterAsync(current, document, known.GetValueOrDefault(document.Id), cancellation));
    }

    private async Task LookAfterAsync(OperationsPlan current, KnowledgeDocument document, DocumentRecord? known, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var record = await NoteVersionAsync(document, known, now, cancellation);
        var standing = DocumentStanding.Of(current, document, record, now);
        await AskAsync(current, standing, record, cancellation);
        await TellLateAsync(current, standing, record, cancellation);
        await TellStaleAsync(current, standing, record, now, cancellation);
    }

    private async Task<DocumentRecord> NoteVersionAsync(KnowledgeDocument document, DocumentRecord? known, DateTimeOffset now, CancellationToken cancellation)
    {
        if (known?.Versions.LastOrDefault() is { } last && last.Version == document.Version && last.IsEditorial == document.IsEditorial)
        {
            return known;
        }

        // The text first: whoever sees the version may compare it.
        await book.KeepTextAsync(document, cancellation);
        return await book.ChangeAsync(document.Id, record => Noted(record, document, now), cancellation);
    }

    /// <summary>The record with the version in force as its last one. That it is editorial may be said after it was seen.</summary>
    public static DocumentRecord Noted(DocumentRecord record, KnowledgeDocument document, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(document);
        var last = record.Versions.LastOrDefault();
        return last?.Version != document.Version
                ? record with { Versions = [.. record.Versions.Append(new DocumentVersion(document.Version, now, document.Title, document.IsEditorial)).TakeLast(DocumentRecord.MostRemembered)] }
            : last.IsEditorial != document.IsEditorial ? record with { Versions = [.. record.Versions.SkipLast(1), last with { IsEditorial = document.IsEditorial }] }
            : record;
    }

    private async Task AskAsync(OperationsPlan current, DocumentStanding standing, DocumentRecord record, CancellationToken cancellation)
    {
        var document = standing.Document;
        if (!document.IsAcknowledged || record.AskedFor == document.Version)
        {
            return;
        }

        // Of an editorial change nobody hears: whoever has not acknowledged what it changed was asked then.
        var wasAsked = record.AskedFor is { } before && document.IsEditorial && DocumentStanding.Covering(document, record).Versions.Contains(before);
        if (standing.Missing.Count > 0 && !wasAsked)
        {
            var values = new TemplateValues
            {
                ["title"] = TemplateValue.In($"please read and acknowledge: {document.Title}", $"à lire et à confirmer : {document.Title}"),
                ["text"] = TemplateValue.In(
                    record.Versions.Count > 1 ? "This procedure has changed. Please read it again, and confirm on its page that you work by it." : "Please read this procedure, and confirm on its page that you work by it.",
                    record.Versions.Count > 1 ? "Cette procédure a changé. Merci de la relire et de confirmer sur sa page que vous l'appliquez." : "Merci de lire cette procédure et de confirmer sur sa page que vous l'appliquez."),
            };
            if (standing.AcknowledgeBy is { } by)
            {
                values["due"] = by;
            }

            await TellAsync(current, document, $"ask/{document.Version}", values, standing.Missing.Select(static person => person.Id), cancellation);
        }

        _ = await book.ChangeAsync(document.Id, known => known.AskedFor == document.Version ? known : known with { AskedFor = document.Version }, cancellation);
    }

    private async Task TellLateAsync(OperationsPlan current, DocumentStanding standing, DocumentRecord record, CancellationToken cancellation)
    {
        var document = standing.Document;
        if (!standing.IsLate || (record.LateFor is { } told && DocumentStanding.Covering(document, record).Versions.Contains(told)))
        {
            return;
        }

        var names = string.Join(", ", standing.Missing.Select(static person => person.Name));
        var values = new TemplateValues
        {
            ["title"] = TemplateValue.In($"not acknowledged by all: {document.Title}", $"pas encore confirmé par tous : {document.Title}"),
            ["text"] = TemplateValue.In($"These people have not acknowledged it in time: {names}.", $"Ces personnes ne l'ont pas confirmé à temps : {names}."),
            ["due"] = standing.AcknowledgeBy!.Value,
        };
        await TellAsync(current, document, $"late/{document.Version}", values, [DocumentAudience.Keeper(current, document)], cancellation);
        _ = await book.ChangeAsync(document.Id, known => known.LateFor == document.Version ? known : known with { LateFor = document.Version }, cancellation);
    }

    private async Task TellStaleAsync(OperationsPlan current, DocumentStanding standing, DocumentRecord record, DateTimeOffset now, CancellationToken cancellation)
    {
        var document = standing.Document;
        if (standing is not { IsStale: true, ReviewDue: { } due })
        {
            return;
        }

        var day = due.ToUniversalTime().ToString("yyyyMMdd'T'HHmm", CultureInfo.InvariantCulture);
        if (record.StaleFor != due)
        {
            var values = new TemplateValues
            {
                ["title"] = TemplateValue.In($"due for review: {document.Title}", $"à réviser : {document.Title}"),
                ["text"] = TemplateValue.In("Is it still right? Confirm it on its page, or change it.", "Est-il toujours juste ? Confirmez-le sur sa page, ou modifiez-le."),
                ["due"] = due,
            };
            await TellAsync(current, document, $"review/{day}", values, [DocumentAudience.Keeper(current, document)], cancellation);
            _ = await book.ChangeAsync(document.Id, known => known.StaleFor == due ? known : known with { StaleFor = due }, cancellation);
        }

        if (current.Knowledge.Ticket is { } kind && now >= due + current.Knowledge.ReviewGrace && record.TicketFor != due)
        {
            _ = await tickets.OpenAsync(
                $"document-review/{document.Id}/{day}",
                new NewTicket(
                    TicketType.ServiceRequest, Cut($"The review of '{document.Title}' is overdue"), $"It was due on {due.ToString("u", CultureInfo.InvariantCulture)}. Confirm it at /documents/{document.Id}, or change {document.File}. Its owner: {document.Owner ?? "nobody"}.",
                    document.Services.Count > 0 ? document.Services[0] : null, kind.Impact, kind.Urgency, null, null, now),
                cancellation);
            _ = await book.ChangeAsync(document.Id, known => known.TicketFor == due ? known : known with { TicketFor = due }, cancellation);
        }
    }

    private Task TellAsync(OperationsPlan current, KnowledgeDocument document, string what, TemplateValues values, IEnumerable<string> whom, CancellationToken cancellation) =>
        notifications.NotifyAsync(current, Notification.From($"document/{document.Id}/{what}", NotificationTemplates.Document, values, "/documents/" + document.Id), whom, [], cancellation);

    private static string Cut(string title) => title.Length > TicketRules.MaxTitle ? title[..TicketRules.MaxTitle] : title;
}
