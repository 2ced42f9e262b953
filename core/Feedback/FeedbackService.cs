using Maintenance.Messaging;
using Maintenance.Plan;
using Maintenance.Tickets;

namespace Maintenance.Feedback;

/// <summary>Takes in what the public sends, shows the sender what became of it, and lets them go on with it.</summary>
public sealed class FeedbackService(
    IMessageSender messages, FeedbackBook book, TicketService tickets, TicketLinkBook links, SatisfactionBook satisfaction, ActivePlan plan, TrackingCodes codes, TimeProvider time)
{
    /// <summary>The reference of a submission: that of its key, where it may be sent again as the same one; else a new one.</summary>
    /// <param name="submission">What was sent.</param>
    /// <param name="idempotencyKey">The same text with the same key is the same submission, sent again; null where the sender has none.</param>
    public string ReferenceOf(FeedbackSubmission submission, string? idempotencyKey) =>

        // The form is public: who only guesses somebody's key, and not what they wrote, must not be given their reference and code.
        idempotencyKey is null ? TrackingCodes.NewReference() : codes.ReferenceOf($"{idempotencyKey}\n{MaintenanceJson.Write(submission)}");

    /// <summary>Puts a submission into the queue. It is durable there when the task completes; only then may the sender be told.</summary>
    /// <param name="submission">What was sent, checked by <see cref="FeedbackRules.Check"/>.</param>
    /// <param name="idempotencyKey">The same text with the same key is the same submission, sent again; null where the sender has none.</param>
    /// <param name="cancellation">Gives up waiting; the submission may have been taken in.</param>
    public async Task<FeedbackReceipt> ReceiveAsync(FeedbackSubmission submission, string? idempotencyKey, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(submission);
        if (FeedbackRules.Check(plan.Current, submission) is { Count: > 0 } errors)
        {
            throw new ArgumentException(string.Join(' ', errors.SelectMany(static e => e.Value)), nameof(submission));
        }

        var reference = ReferenceOf(submission, idempotencyKey);
        var body = MaintenanceJson.Write(new FeedbackMessage(reference, time.GetUtcNow(), FeedbackRules.Clean(submission)));
        await messages.SendAsync(new OutgoingMessage(Queues.Feedback, reference, body), cancellation);
        return new FeedbackReceipt(reference, codes.CodeOf(reference));
    }

    /// <summary>
    /// What a program that fills in what people do not see is given: a receipt that looks like any other. It leads nowhere, and says so as little as one that has just been
    /// given out.
    /// </summary>
    public FeedbackReceipt Pretend()
    {
        var reference = TrackingCodes.NewReference();
        return new FeedbackReceipt(reference, codes.CodeOf(reference));
    }

    /// <summary>True where a code is that of a reference.</summary>
    public bool IsValid(string reference, string code)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(code);
        return reference.Length <= 40 && code.Length <= 40 && codes.IsValid(reference, code);
    }

    /// <summary>What became of a submission; null where reference and code do not belong together.</summary>
    public async Task<FeedbackProgress?> TrackAsync(string reference, string code, CancellationToken cancellation)
    {
        if (!IsValid(reference, code))
        {
            return null;
        }

        reference = TrackingCodes.CleanReference(reference);
        if (await book.FindAsync(reference, cancellation) is not { Value: { Ticket: { } id } report } || await tickets.ReadAsync(id, cancellation) is not { Value: var ticket })
        {
            return new FeedbackProgress(reference, null, FeedbackState.Received, null, []);
        }

        var made = (await links.LedToAsync(id, cancellation)).Where(static item => item is { IsOpen: false, Resolution: TicketResolution.Solved }).Select(static item => item.ResolvedAt).OfType<DateTimeOffset>();
        return FeedbackRules.Progress(report, ticket) with { Improvements = [.. made.Order()] };
    }

    /// <summary>Adds something to a sender's ticket; where it waits for them, it goes on.</summary>
    /// <param name="reference">Whose code was checked.</param>
    /// <param name="text">What, checked by <see cref="FeedbackRules.CheckComment"/>.</param>
    /// <param name="key">The same key is the same comment, sent again; null where the sender has none.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="FeedbackRefusedException">The ticket is closed, or there is none yet.</exception>
    public async Task CommentAsync(string reference, string text, string? key, CancellationToken cancellation)
    {
        var (report, ticket) = await FindAsync(reference, cancellation);
        Refuse(ticket.State == TicketState.Closed, FeedbackRefusal.Closed);
        await SayAsync(report, new TicketAct.Comment(FeedbackRules.Clean(text).Trim(), IsPublic: true), key, cancellation);
    }

    /// <summary>A sender says that it is not solved. Said again while it is open, that is one thing more that they have to say.</summary>
    /// <param name="reference">Whose code was checked.</param>
    /// <param name="reason">What is still wrong, checked by <see cref="FeedbackRules.CheckComment"/>.</param>
    /// <param name="key">The same key is the same, sent again; null where the sender has none.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="FeedbackRefusedException">The ticket is closed, or there is none yet.</exception>
    public async Task ReopenAsync(string reference, string reason, string? key, CancellationToken cancellation)
    {
        var (report, ticket) = await FindAsync(reference, cancellation);
        Refuse(ticket.State == TicketState.Closed, FeedbackRefusal.Closed);
        var text = FeedbackRules.Clean(reason).Trim();
        await SayAsync(report, ticket.IsOpen ? new TicketAct.Comment(text, IsPublic: true) : new TicketAct.Reopen(text), key, cancellation);
    }

    /// <summary>A sender says how content they are. Of several times the last one counts; see <see cref="FeedbackRules.MayRate"/>.</summary>
    /// <param name="reference">Whose code was checked.</param>
    /// <param name="score">1 to 5.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="FeedbackRefusedException">It is not solved, or was closed after they had said so.</exception>
    public async Task RateAsync(string reference, int score, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(score, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(score, 5);
        var (report, ticket) = await FindAsync(reference, cancellation);
        Refuse(ticket.IsOpen, FeedbackRefusal.NotResolved);
        var now = time.GetUtcNow();
        var rated = await book.ChangeAsync(
            report.Reference,
            current =>
            {
                // Said again, it is what was said; anything else must still be allowed.
                Refuse(current?.Rating?.Score != score && !FeedbackRules.MayRate(current!, ticket), FeedbackRefusal.Closed);
                return current!.Rating?.Score == score ? null : current with { Rating = new FeedbackRating(score, current.Rating?.FirstAt ?? now, now, (current.Rating?.Count ?? 0) + 1) };
            },
            cancellation);
        await satisfaction.NoteRatingAsync(rated!, ticket, cancellation);
    }

    /// <summary>A sender answers the survey that they were asked to answer last. Of several answers the last one counts.</summary>
    /// <param name="reference">Whose code was checked.</param>
    /// <param name="score">0 to 10.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="FeedbackRefusedException">They were not asked.</exception>
    public async Task AnswerSurveyAsync(string reference, int score, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(score);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(score, 10);
        reference = TrackingCodes.CleanReference(reference);
        var survey = (await book.FindAsync(reference, cancellation))?.Value.Survey;
        Refuse(survey is null, FeedbackRefusal.NotAsked);
        await satisfaction.AnswerAsync(survey!.Value, reference, score, time.GetUtcNow(), cancellation);
    }

    private async Task SayAsync(FeedbackReport report, TicketAct act, string? key, CancellationToken cancellation)
    {
        var mark = FeedbackRules.Mark(act switch { TicketAct.Comment comment => comment.Text, TicketAct.Reopen reopen => reopen.Reason, _ => "" });

        // Before it is said: a sender who does not see their own words would say them again, and an erasure would miss them.
        _ = await book.ChangeAsync(
            report.Reference,
            current =>
            {
                Refuse(current!.Comments.Count >= FeedbackRules.MaxComments && !current.Comments.Contains(mark), FeedbackRefusal.TooMuch);
                return current.Comments.Contains(mark) ? null : current with { Comments = [.. current.Comments, mark] };
            },
            cancellation);
        _ = await tickets.ActAsync(report.Ticket!, act, TicketActor.Requester, null, key is null ? null : $"{report.Reference}\n{key}", cancellation);
    }

    private async Task<(FeedbackReport Report, Ticket Ticket)> FindAsync(string reference, CancellationToken cancellation)
    {
        var report = (await book.FindAsync(TrackingCodes.CleanReference(reference), cancellation))?.Value;
        var ticket = report?.Ticket is { } id ? (await tickets.FindAsync(id, cancellation))?.Value : null;
        Refuse(report is null || ticket is null, FeedbackRefusal.TooEarly);
        return (report!, ticket!);
    }

    private static void Refuse(bool isRefused, FeedbackRefusal refusal)
    {
        if (isRefused)
        {
            throw new FeedbackRefusedException(refusal);
        }
    }
}
