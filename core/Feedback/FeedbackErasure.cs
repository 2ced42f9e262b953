using System.Text.Json;
using Maintenance.Messaging;
using Maintenance.Plan;
using Maintenance.Storage;
using Maintenance.Tickets;

namespace Maintenance.Feedback;

/// <summary>What an erasure came to.</summary>
/// <param name="References">The feedback whose sender is no longer known.</param>
/// <param name="Tickets">The tickets that held something of it.</param>
/// <param name="Mails">So many mails that waited were forgotten.</param>
public sealed record ErasureReport(IReadOnlyList<string> References, IReadOnlyList<string> Tickets, int Mails);

/// <summary>
/// Erases who sent feedback: name and contact, as the ticket names them, what they have added to it, and mail that waits for them. What they sent stays, as do the ticket
/// and its figures. What is still in the queue, or was given up there, is handled without them when its turn comes. Erasing again finishes what was cut off.
/// </summary>
public sealed class FeedbackErasure(
    FeedbackBook book, TicketService tickets, IRecordStore records, IReporterMail mail, IDeadLetters deadLetters, FeedbackExpiry expiry, ActivePlan plan, TimeProvider time)
{
    private const int MostDeadLetters = 1000;

    /// <summary>So many tickets are seen to in one tick.</summary>
    private const int MostExpired = 200;

    /// <summary>Erases the sender of a feedback.</summary>
    public async Task<ErasureReport> EraseReferenceAsync(string reference, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        FeedbackReport? known = null;
        _ = await book.ChangeAsync(reference, before => { known = before; return before is null ? new FeedbackReport(reference, now, null) { ErasedAt = now } : null; }, cancellation);
        var report = known ?? new FeedbackReport(reference, now, null);
        await ResendAsync(message => message.Reference == reference, cancellation);
        return await EraseAsync(report, cancellation);
    }

    /// <summary>Erases everything that is held on a contact.</summary>
    public async Task<ErasureReport> EraseContactAsync(string contact, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(contact);

        // First of all: what comes from the queue in the same moment is in the index, or sees this.
        await book.EntombAsync(contact, time.GetUtcNow(), cancellation);
        var (references, seen) = (await book.FindByContactAsync(contact, cancellation), new List<string>());
        var addresses = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var written in new[] { contact }.Concat(await ContactsAsync(references, cancellation)))
        {
            _ = ContactKeys.MailAddress(written) is { } address && addresses.Add(address);
        }

        // Before the addresses go with what they were found in; and after, for what was written to them meanwhile.
        var mails = await ForgetMailAsync(addresses, cancellation);
        foreach (var reference in references)
        {
            var report = await EraseReferenceAsync(reference, cancellation);
            seen.AddRange(report.Tickets);
            mails += report.Mails;
        }

        mails += await ForgetMailAsync(addresses, cancellation);

        await ResendAsync(message => message.Submission.Contact is { } other && string.Equals(FoldedText.Of(other.Trim()), FoldedText.Of(contact.Trim()), StringComparison.Ordinal), cancellation);
        return new ErasureReport(references, [.. seen.Distinct(StringComparer.Ordinal)], mails);
    }

    /// <summary>Erases who sent feedback whose ticket was closed long enough ago. Reads only what is due.</summary>
    /// <exception cref="AggregateException">Some could not be erased; all others were, and those are tried again by the next tick.</exception>
    public async Task EraseExpiredAsync(CancellationToken cancellation)
    {
        var before = time.GetUtcNow() - plan.Current.Support.Feedback.Retention;
        await EachAsync.RunAsync(
            await expiry.ListAsync(before, MostExpired, cancellation),
            async closed =>
            {
                // One that was reopened, and perhaps closed again, has another row when it is.
                if (await tickets.FindAsync(closed.Ticket, cancellation) is { Value: var ticket } && ticket.ClosedAt == closed.ClosedAt)
                {
                    await foreach (var report in book.ListAsync(ticket.Id, ticket.FeedbackReference, cancellation))
                    {
                        _ = await EraseAsync(report, cancellation);
                    }
                }

                await expiry.ForgetAsync(closed, cancellation);
            });
    }

    /// <summary>Erases what is known of a sender.</summary>
    /// <param name="report">As it was before: with the name and contact by which the rest is found.</param>
    /// <param name="cancellation">Gives up; erasing again goes on.</param>
    internal async Task<ErasureReport> EraseAsync(FeedbackReport report, CancellationToken cancellation)
    {
        var ticket = report.Ticket;
        if (ticket is not null)
        {
            await EraseFromTicketAsync(ticket, report, cancellation);
        }

        // Somebody who has sent something else as well is still to hear of that.
        var mails = ContactKeys.MailAddress(report.Contact) is { } address && !await book.IsKnownOtherwiseAsync(report, cancellation) ? await mail.EraseAsync(address, cancellation) : 0;
        FeedbackReport? missed = null;
        _ = await book.ChangeAsync(
            report.Reference,
            current =>
            {
                // A message that was handled in between has written what this erasure did not know.
                missed = current is { Ticket: not null } && ticket is null ? current : null;
                return current is null or { ErasedAt: not null, Name: null, Contact: null, Comments.Count: 0 } ? null : current with { Name = null, Contact = null, Comments = [], ErasedAt = current.ErasedAt ?? time.GetUtcNow() };
            },
            cancellation);
        if (missed is not null)
        {
            return await EraseAsync(missed, cancellation);
        }

        // The index goes last: until everything else is done, it is by the index that it is found again.
        await book.ForgetContactAsync(report, cancellation);
        _ = await book.ChangeAsync(report.Reference, static current => current is null or { Keys.Count: 0 } ? null : current with { Keys = [] }, cancellation);
        return new ErasureReport([report.Reference], ticket is null ? [] : [ticket], mails);
    }

    private async Task EraseFromTicketAsync(string id, FeedbackReport report, CancellationToken cancellation)
    {
        if (await tickets.ReadAsync(id, cancellation) is not { Value: var ticket })
        {
            return;
        }

        var own = (ticket.History ?? []).Where(entry => FeedbackRules.IsOwn(report, entry)).ToList();
        foreach (var entry in own)
        {
            _ = await records.ChangeAsync<TicketEvent>(
                Tables.Tickets, id, TicketIndex.EventKey(entry.Number), current => current?.Said == entry.Said ? current! with { Said = FeedbackRules.Erased } : null, cancellation);
        }

        var requester = FeedbackRules.Requester(plan.Current, report.Name, report.Contact);
        if (own.Count > 0 || (requester is not null && ticket.Requester == requester))
        {
            // An event lets everybody who keeps an index of tickets read it anew.
            _ = await tickets.ChangeAsync(
                id, null, null, current => Forget(current, requester, own.Count > 0, time.GetUtcNow()), cancellation);
        }
    }

    private static TicketChange Forget(Ticket ticket, string? requester, bool hasComments, DateTimeOffset now)
    {
        var isNamed = requester is not null && ticket.Requester == requester;
        return !isNamed && !hasComments
            ? TicketChange.None(ticket)
            : new TicketChange(
                ticket with { Requester = isNamed ? FeedbackRules.Erased : ticket.Requester, Events = ticket.Events + 1 },
                [new TicketEvent(ticket.Events + 1, now, TicketActor.System.Id, TicketEventKind.Edited, "Erased who sent feedback.")]);
    }

    private async Task<List<string?>> ContactsAsync(IEnumerable<string> references, CancellationToken cancellation)
    {
        var contacts = new List<string?>();
        foreach (var reference in references)
        {
            contacts.Add((await book.FindAsync(reference, cancellation))?.Value.Contact);
        }

        return contacts;
    }

    private async Task<int> ForgetMailAsync(IEnumerable<string> addresses, CancellationToken cancellation)
    {
        var mails = 0;
        foreach (var address in addresses)
        {
            mails += await mail.EraseAsync(address, cancellation);
        }

        return mails;
    }

    /// <summary>What was given up on its way holds a sender too: sent again, it is handled without them.</summary>
    private async Task ResendAsync(Func<FeedbackMessage, bool> isMeant, CancellationToken cancellation)
    {
        foreach (var letter in await deadLetters.ListAsync(Queues.Feedback, MostDeadLetters, cancellation))
        {
            if (Read(letter.Body) is { } message && isMeant(message))
            {
                _ = await deadLetters.ResendAsync(letter.Queue, letter.Id, cancellation);
            }
        }
    }

    private static FeedbackMessage? Read(string body)
    {
        try
        {
            return MaintenanceJson.Read<FeedbackMessage>(body);
        }
        catch (JsonException)
        {
            // No submission: nobody's.
            return null;
        }
    }
}
