using System.Collections.Concurrent;
using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.Tests.Services;

namespace Maintenance.Tests.Web;

public sealed class NotificationServiceTests
{
    private static readonly Notification News = new("T-1/response/breach", "Missed", "Nobody answered", "/tickets/T-1");
    private static readonly string[] Mailboxes = [.. Enumerable.Range(0, 20).Select(static i => $"mail:p{i}@registry.example")];
    private static readonly string[] Webhooks = [.. Enumerable.Range(0, 20).Select(static i => $"webhook:w{i}")];

    [Fact]
    public async Task A_relay_that_swallows_every_mail_holds_up_no_webhook_and_the_log_hears_of_it_first()
    {
        var notifier = new GatedNotifier { Held = static key => key.StartsWith("mail:", StringComparison.Ordinal) };
        await using var office = await Office.OpenAsync();
        var telling = TellAsync(office, notifier);
        await notifier.HasToldAsync(Webhooks.Length + 1);
        Assert.Equal("log", notifier.Told.First());
        Assert.Equal(Webhooks.Order(), notifier.Told.Skip(1).Order());
        Assert.False(telling.IsCompleted);
        notifier.Open();
        await telling;
        Assert.Equal(["log", .. Mailboxes.Order(), .. Webhooks.Order()], notifier.Told.Order());
    }

    [Fact]
    public async Task A_few_mailboxes_and_a_few_webhooks_are_told_at_once_and_no_more()
    {
        var notifier = new GatedNotifier { Held = static key => key != "log" };
        await using var office = await Office.OpenAsync();
        var telling = TellAsync(office, notifier);
        await notifier.IsHoldingAsync(2 * NotificationService.AtOnce);
        notifier.Open();
        await telling;
        Assert.Equal(2 * NotificationService.AtOnce, notifier.MostHeld);
        Assert.Equal(1 + Mailboxes.Length + Webhooks.Length, notifier.Told.Distinct().Count());
        Assert.Equal(1 + Mailboxes.Length + Webhooks.Length, notifier.Told.Count);
    }

    [Fact]
    public async Task Each_is_told_once_and_a_retry_reaches_only_those_who_could_not_be_reached()
    {
        string[] failing = [Mailboxes[3], Mailboxes[17], Webhooks[0]];
        var notifier = new GatedNotifier { Failing = [.. failing] };
        await using var office = await Office.OpenAsync();
        var failure = await Assert.ThrowsAsync<NotificationFailedException>(() => TellAsync(office, notifier));
        Assert.All(failing, key => Assert.Contains(key + " (no route)", failure.Message, StringComparison.Ordinal));
        Assert.Equal(41 - failing.Length, notifier.Told.Distinct().Count());
        Assert.Equal(41 - failing.Length, notifier.Told.Count);

        notifier.Told.Clear();
        notifier.Failing = [];
        await TellAsync(office, notifier);
        Assert.Equal(failing.Order(), notifier.Told.Order());

        notifier.Told.Clear();
        await TellAsync(office, notifier);
        Assert.Empty(notifier.Told);
    }

    [Fact]
    public async Task Cancelling_ends_the_telling_as_cancelled_and_not_as_failed()
    {
        var notifier = new GatedNotifier { Held = static key => key != "log" };
        await using var office = await Office.OpenAsync();
        using var stop = new CancellationTokenSource();
        var telling = TellAsync(office, notifier, stop.Token);
        await notifier.IsHoldingAsync(2 * NotificationService.AtOnce);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => telling);
        Assert.Equal(["log"], notifier.Told);
    }

    private static Task TellAsync(Office office, INotifier notifier, CancellationToken cancellation = default)
    {
        var plan = office.Plan.Current;
        var person = plan.People[0];
        plan = plan with
        {
            People = [.. Mailboxes.Select((key, i) => person with { Id = $"p{i}", Email = key["mail:".Length..] })],
            Notifications = plan.Notifications with { Channels = [.. Webhooks.Select(static key => new WebhookChannel(key["webhook:".Length..], WebhookKind.Generic, new Uri("http://localhost/"), null))] },
        };
        return new NotificationService(office.Records, notifier, office.Clock).NotifyAsync(
            plan, News, plan.People.Select(static p => p.Id), plan.Notifications.Channels.Select(static channel => channel.Id), cancellation);
    }

    /// <summary>Holds some deliveries until the gate is opened.</summary>
    private sealed class GatedNotifier : INotifier
    {
        private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _lock = new();
        private int _held;

        public Func<string, bool> Held { get; init; } = static _ => false;

        public HashSet<string> Failing { get; set; } = [];

        public ConcurrentQueue<string> Told { get; } = new();

        public int MostHeld { get; private set; }

        public void Open() => _gate.SetResult();

        public Task HasToldAsync(int count) => EndToEnd.Eventually.HoldsAsync(() => Told.Count >= count);

        public Task IsHoldingAsync(int count) => EndToEnd.Eventually.HoldsAsync(() => Volatile.Read(ref _held) >= count);

        public async Task SendAsync(Notification notification, Recipient recipient, CancellationToken cancellation)
        {
            if (Failing.Contains(recipient.Key))
            {
                throw new HttpRequestException("no route");
            }

            if (Held(recipient.Key))
            {
                lock (_lock)
                {
                    MostHeld = Math.Max(MostHeld, ++_held);
                }

                try
                {
                    await _gate.Task.WaitAsync(cancellation);
                }
                finally
                {
                    lock (_lock)
                    {
                        _held--;
                    }
                }
            }

            Told.Enqueue(recipient.Key);
        }
    }
}
