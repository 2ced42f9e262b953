using System.Globalization;
using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.Tickets;

namespace Maintenance.Knowledge;

/// <summary>
/// Looks after documents: notes new versions, asks their audience to acknowledge them, and tells the owner once of who has not and of what is to be reviewed. Each is told
/// before it is noted as told, under an id that names document, person or version, and date: cut off in between, nobody hears of it twice.
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
        var record = await book.NoteAsync(document, known, now, cancellation);
        if (document.IsAcknowledged)
        {
            record = await AskAsync(current, document, record, now, cancellation);
        }

        var standing = DocumentStanding.Of(current, document, record, now);
        await TellLateAsync(current, standing, record, cancellation);
        await TellStaleAsync(current, standing, record, now, cancellation);
    }

    /// <summary>Asks whoever is missing and was not asked yet, each by a notification of their own: who comes into the audience later is asked then.</summary>
    private async Task<DocumentRecord> AskAsync(OperationsPlan current, KnowledgeDocument document, DocumentRecord record, DateTimeOffset now, CancellationToken cancellation)
    {
        if (!ReferenceEquals(record.Asking(current, document, now), record))
        {
            record = await book.ChangeAsync(document.Id, known => known.Asking(current, document, now), cancellation);
        }

        if (record.Asked.All(static one => one.IsTold))
        {
            return record;
        }

        var standing = DocumentStanding.Of(current, document, record, now);
        foreach (var asked in record.Asked.Where(one => !one.IsTold && standing.Deadlines.ContainsKey(one.Person)))
        {
            var hasKnownIt = record.Acknowledgements.Any(one => one.Person == asked.Person);
            var values = new TemplateValues
            {
                ["title"] = TemplateValue.In($"please read and acknowledge: {document.Title}", $"à lire et à confirmer : {document.Title}"),
                ["text"] = TemplateValue.In(
                    hasKnownIt ? "This procedure has changed. Please read it again, and confirm on its page that you work by it." : "Please read this procedure, and confirm on its page that you work by it.",
                    hasKnownIt ? "Cette procédure a changé. Merci de la relire et de confirmer sur sa page que vous l'appliquez." : "Merci de lire cette procédure et de confirmer sur sa page que vous l'appliquez."),
                ["due"] = standing.Deadlines[asked.Person],
            };
            await TellAsync(current, document, $"ask/{KnowledgeDocument.Shortened(asked.Version)}/{asked.Person}/{Minute(asked.At)}", values, [asked.Person], cancellation);
        }

        var told = record.Asked;
        return await book.ChangeAsync(document.Id, known => Marked(known, told, static one => one with { IsTold = true }), cancellation);
    }

    /// <summary>Tells the owner who is late, anew where somebody else is since.</summary>
    private async Task TellLateAsync(OperationsPlan current, DocumentStanding standing, DocumentRecord record, CancellationToken cancellation)
    {
        var document = standing.Document;
        List<DocumentAsking> late = [.. record.Asked.Where(one => standing.Late.Any(person => person.Id == one.Person))];
        if (late.TrueForAll(static one => one.IsReportedLate))
        {
            return;
        }

        var names = string.Join(", ", standing.Late.Select(static person => person.Name));
        var values = new TemplateValues
        {
            ["title"] = TemplateValue.In($"not acknowledged by all: {document.Title}", $"pas encore confirmé par tous : {document.Title}"),
            ["text"] = TemplateValue.In($"These people have not acknowledged it in time: {names}.", $"Ces personnes ne l'ont pas confirmé à temps : {names}."),
            ["due"] = standing.AcknowledgeBy!.Value,
        };
        var newest = late.Where(static one => !one.IsReportedLate).MaxBy(static one => one.At)!;
        await TellAsync(current, document, $"late/{KnowledgeDocument.Shortened(newest.Version)}/{Minute(newest.At)}", values, [DocumentAudience.Keeper(current, document)], cancellation);
        _ = await book.ChangeAsync(document.Id, known => Marked(known, late, static one => one with { IsReportedLate = true }), cancellation);
    }

    /// <summary>The record with a mark on some of who was asked; whoever was asked again since has none.</summary>
    private static DocumentRecord Marked(DocumentRecord record, IReadOnlyList<DocumentAsking> which, Func<DocumentAsking, DocumentAsking> mark) =>
        record with { Asked = [.. record.Asked.Select(one => which.Any(marked => marked.Person == one.Person && marked.At == one.At) ? mark(one) : one)] };

    private async Task TellStaleAsync(OperationsPlan current, DocumentStanding standing, DocumentRecord record, DateTimeOffset now, CancellationToken cancellation)
    {
        var document = standing.Document;
        if (standing is not { IsStale: true, ReviewDue: { } due })
        {
            return;
        }

        var day = Minute(due);
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

    private static string Minute(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyyMMdd'T'HHmm", CultureInfo.InvariantCulture);

    private static string Cut(string title) => title.Length > TicketRules.MaxTitle ? title[..TicketRules.MaxTitle] : title;
}
