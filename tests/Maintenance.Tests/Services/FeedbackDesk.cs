using Maintenance.Feedback;
using Maintenance.Tickets;

namespace Maintenance.Tests.Services;

/// <summary>The part of an <see cref="Office"/> that is about feedback; mail to people outside is noted.</summary>
internal sealed class FeedbackDesk
{
    public FeedbackDesk(Office office)
    {
        Book = new FeedbackBook(office.Records, new ContactKeys(Codes));
        Links = new TicketLinkBook(office.Records, office.Tickets);
        Satisfaction = new SatisfactionBook(office.Records, office.Plan);
        Reports = new SatisfactionService(Satisfaction, office.Plan, office.Clock);
        Expiry = new FeedbackExpiry(office.Records);
        Erasure = new FeedbackErasure(Book, office.Tickets, office.Records, Mail, office.Queue, Expiry, office.Plan, office.Clock);
        Export = new FeedbackExport(Book, Satisfaction, office.Tickets, office.Plan, office.Clock);
        Senders = new FeedbackSenders(office.Records, Codes, office.Plan, office.Clock);
        var mails = new ReporterMails(Codes);
        Teller = new ReporterTeller(Book, mails, Mail, office.Plan);
        Surveys = new SurveyService(office.Records, Book, Satisfaction, mails, Mail, Codes, office.Plan, office.Clock);
        Upkeep = new FeedbackUpkeep(Senders, Erasure, Surveys);
        Service = new FeedbackService(office.Queue, Book, office.Tickets, Links, Satisfaction, office.Plan, Codes, office.Clock);
        Handler = new FeedbackHandler(office.Tickets, new FeedbackGroupBook(office.Records, office.Tickets, office.Plan), Book, Erasure, Teller, office.Plan, office.Clock);
        Follower = new FeedbackFollower(Teller, Links, Expiry);
        Events = new TicketEventDelivery(office.Tickets, [Follower]);
    }

    public TrackingCodes Codes { get; } = new(new byte[32]);

    public NotedReporterMail Mail { get; } = new();

    public FeedbackBook Book { get; }

    public TicketLinkBook Links { get; }

    public SatisfactionBook Satisfaction { get; }

    public SatisfactionService Reports { get; }

    public FeedbackExpiry Expiry { get; }

    public FeedbackErasure Erasure { get; }

    public FeedbackExport Export { get; }

    public FeedbackSenders Senders { get; }

    public ReporterTeller Teller { get; }

    public SurveyService Surveys { get; }

    public FeedbackUpkeep Upkeep { get; }

    public FeedbackService Service { get; }

    public FeedbackHandler Handler { get; }

    public FeedbackFollower Follower { get; }

    public TicketEventDelivery Events { get; }
}

/// <summary>Mail to people outside that goes nowhere: what was handed over, each id once.</summary>
internal sealed class NotedReporterMail : IReporterMail
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ReporterMail> _sent = new(StringComparer.Ordinal);

    /// <summary>What was handed over, in order of ids.</summary>
    public IReadOnlyList<ReporterMail> Sent
    {
        get
        {
            lock (_gate)
            {
                return [.. _sent.Values.OrderBy(static mail => mail.Id, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>The addresses that were erased.</summary>
    public List<string> Erased { get; } = [];

    public Task SendAsync(ReporterMail mail, CancellationToken cancellation)
    {
        lock (_gate)
        {
            _ = _sent.TryAdd(mail.Id, mail);
        }

        return Task.CompletedTask;
    }

    public Task<int> EraseAsync(string address, CancellationToken cancellation)
    {
        lock (_gate)
        {
            Erased.Add(address);
            var gone = _sent.Values.Where(mail => string.Equals(mail.Address, address, StringComparison.OrdinalIgnoreCase)).Select(static mail => mail.Id).ToList();
            gone.ForEach(id => _sent.Remove(id));
            return Task.FromResult(gone.Count);
        }
    }
}
