using Maintenance.Plan;
using NodaTime;

namespace Maintenance.Notifications;

/// <summary>How a recipient wants to be told.</summary>
/// <param name="QuietHours">When only what is urgent is sent, every day.</param>
/// <param name="Zone">Whose clock the quiet hours are on.</param>
/// <param name="Digest">When several messages become one; null for never (a program that reads each).</param>
public sealed record DeliveryTerms(IReadOnlyList<ClockSpan> QuietHours, DateTimeZone Zone, DigestPolicy? Digest);

/// <summary>Entries that wait for something.</summary>
/// <param name="Entry">Which.</param>
/// <param name="Until">Until when (UTC).</param>
/// <param name="Hold">For what.</param>
public sealed record Postponement(NotificationEntry Entry, DateTimeOffset Until, DeliveryHold Hold);

/// <summary>What to do for one recipient now.</summary>
/// <param name="Messages">What to send, in this order; several entries in one are a digest.</param>
/// <param name="Later">What to hold back.</param>
public sealed record OutboxStep(IReadOnlyList<IReadOnlyList<NotificationEntry>> Messages, IReadOnlyList<Postponement> Later);

/// <summary>What becomes of the entries that wait for one recipient. Pure; instants are UTC.</summary>
public static class OutboxRules
{
    /// <summary>
    /// What is urgent goes at once, each by itself. The rest waits while the recipient has quiet hours, cannot be reached, or has just had many; then it goes out
    /// together: as one message where anything of it had to wait, or where it is more than the digest's policy sends one by one.
    /// </summary>
    /// <param name="waiting">The entries that wait, in the order in which they came.</param>
    /// <param name="state">How deliveries to the recipient go.</param>
    /// <param name="terms">How the recipient wants to be told.</param>
    /// <param name="now">The instant.</param>
    public static OutboxStep Next(IReadOnlyList<NotificationEntry> waiting, RecipientState state, DeliveryTerms terms, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(waiting);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(terms);
        var messages = new List<IReadOnlyList<NotificationEntry>>();
        var later = new List<Postponement>();
        foreach (var entry in waiting.Where(static entry => entry.IsUrgent))
        {
            SendOrRetry(entry);
        }

        var usual = waiting.Where(static entry => !entry.IsUrgent).ToList();
        if (Delivery.QuietUntil(terms.QuietHours, terms.Zone, now) is { } morning)
        {
            later.AddRange(usual.Select(entry => new Postponement(entry, morning, DeliveryHold.QuietHours)));
        }
        else if (terms.Digest is null)
        {
            usual.ForEach(SendOrRetry);
        }
        else if (Delivery.RetryAt(state, null) is { } retry && retry > now)
        {
            later.AddRange(usual.Select(entry => new Postponement(entry, retry, DeliveryHold.Retry)));
        }
        else if (Delivery.HeldUntil(state.Recent, terms.Digest, now) is { } pause)
        {
            later.AddRange(usual.Select(entry => new Postponement(entry, pause, DeliveryHold.Digest)));
        }
        else if (usual.Count > 1 && (usual.Exists(static entry => entry.Hold != DeliveryHold.None) || Delivery.Recent(state.Recent, terms.Digest, now).Count + usual.Count > terms.Digest.After))
        {
            messages.Add(usual);
        }
        else
        {
            messages.AddRange(usual.Select(static entry => new[] { entry }));
        }

        return new OutboxStep(messages, [.. later.Where(static one => one.Entry.DueAt != one.Until || one.Entry.Hold != one.Hold)]);

        void SendOrRetry(NotificationEntry entry)
        {
            if (Delivery.RetryAt(state, entry) is { } retry && retry > now)
            {
                later.Add(new Postponement(entry, retry, DeliveryHold.Retry));
            }
            else
            {
                messages.Add([entry]);
            }
        }
    }

    /// <summary>The recipient after a message was taken.</summary>
    public static RecipientState Sent(RecipientState state, IReadOnlyList<NotificationEntry> message, DeliveryTerms terms, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(terms);
        var counts = terms.Digest is not null && !message[0].IsUrgent;
        return state with
        {
            Failures = 0,
            FailedAt = null,
            BusyUntil = null,
            Recent = terms.Digest is null ? [] : [.. Delivery.Recent(state.Recent, terms.Digest, now), .. counts ? new[] { now } : []],
        };
    }

    /// <summary>The recipient after a message was not taken.</summary>
    public static RecipientState Failed(RecipientState state, TimeSpan? busyFor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        var busy = busyFor is { } asked && asked > TimeSpan.Zero ? now + (asked < Delivery.Patience ? asked : Delivery.Patience) : (DateTimeOffset?)null;
        return state with { Failures = state.Failures + 1, FailedAt = now, BusyUntil = busy };
    }

    /// <summary>An entry after a try that failed: it waits for the next one, or it is given up.</summary>
    /// <param name="entry">As it was.</param>
    /// <param name="state">The recipient's, after the failure.</param>
    /// <param name="error">Why, in one line.</param>
    /// <param name="now">The instant.</param>
    public static NotificationEntry Failed(NotificationEntry entry, RecipientState state, string error, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var tried = entry with { Attempts = entry.Attempts + 1, FirstTriedAt = entry.FirstTriedAt ?? now, TriedAt = now, Error = error };
        return Delivery.IsGivenUp(tried, now)
            ? tried with { State = DeliveryState.Failed, Hold = DeliveryHold.None }
            : tried with { Hold = DeliveryHold.Retry, DueAt = Delivery.RetryAt(state, tried)!.Value };
    }
}
