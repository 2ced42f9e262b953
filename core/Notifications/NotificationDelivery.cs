using Maintenance.Plan;
using Maintenance.Storage;

namespace Maintenance.Notifications;

/// <summary>
/// Delivers what waits, one recipient at a time: at once from the queue, and from the timer what was held back, or what the queue lost. What happened is written down
/// after a message was taken, so that a crash in between tells one recipient twice, under the same message id; nobody is left out.
/// </summary>
public sealed class NotificationDelivery(IRecordStore records, INotifier notifier, ActivePlan plan, TimeProvider time) : IDisposable
{
    /// <summary>How many mailboxes, and how many webhooks, the timer tells at once: relays refuse who opens a connection for each of hundreds.</summary>
    public const int AtOnce = 8;

    /// <summary>How many mailboxes are told at once from the queue: fewer than a host handles messages, so that a relay that does not answer holds up no webhook.</summary>
    private const int MailsAtOnce = 6;

    private const string Unreachable = "It is no longer in the plan, or the plan has no way to reach it.";

    /// <summary>For a place among the mails; then the timer sees to it.</summary>
    private static readonly TimeSpan MailPatience = TimeSpan.FromSeconds(2);

    /// <summary>A delivery that takes longer leaves the rest to the next tick: timers that seem to stand still raise an alarm.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private readonly OutboxStore _store = new(records, time);
    private readonly OutboxContacts _contacts = new(records, new OutboxStore(records, time), time);
    private readonly SemaphoreSlim _mails = new(MailsAtOnce, MailsAtOnce);

    /// <summary>Delivers what is due for a recipient, from the queue. Where too many mails are under way it is left to the timer.</summary>
    public async Task DeliverSoonAsync(string recipient, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        if (OutboxReaders.IsWebhook(recipient))
        {
            await DeliverAsync(recipient, cancellation);
        }
        else if (await _mails.WaitAsync(MailPatience, cancellation))
        {
            try
            {
                await DeliverAsync(recipient, cancellation);
            }
            finally
            {
                _mails.Release();
            }
        }
    }

    /// <summary>Delivers everything that is due. Its cost follows that, and not what waits.</summary>
    /// <returns>How many recipients were looked at.</returns>
    /// <exception cref="AggregateException">Some could not be looked at; all others were, and those are looked at again by the next sweep.</exception>
    public async Task<int> SweepAsync(CancellationToken cancellation)
    {
        var started = time.GetUtcNow();
        var range = new RowRange("due_", "due_" + RecordKeys.Instant(started + TimeSpan.FromMilliseconds(1)));
        var due = await records.QueryAsync(Tables.NotificationIndex, OutboxStore.Index, range, cancellation).ToListAsync(cancellation);
        var rows = due.Select(static row => (row.RowKey, Pointer: MaintenanceJson.Read<OutboxPointer>(row.Json))).GroupBy(static row => row.Pointer.Recipient, StringComparer.Ordinal).ToList();
        var failures = await Task.WhenAll(
            EachAsync(rows.Where(static group => OutboxReaders.IsWebhook(group.Key))), EachAsync(rows.Where(static group => !OutboxReaders.IsWebhook(group.Key))));
        return failures.SelectMany(static failed => failed).ToList() is { Count: > 0 } all ? throw new AggregateException(all) : rows.Count;

        async Task<IReadOnlyList<Exception>> EachAsync(IEnumerable<IGrouping<string, (string RowKey, OutboxPointer Pointer)>> groups)
        {
            using var places = new SemaphoreSlim(AtOnce, AtOnce);
            var done = await Task.WhenAll(groups.Select(async group =>
            {
                await places.WaitAsync(cancellation);
                try
                {
                    if (time.GetUtcNow() - started < Longest)
                    {
                        await DeliverAsync(group.Key, cancellation);
                        await TidyAsync(group, cancellation);
                    }

                    return null;
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    return error;
                }
                finally
                {
                    places.Release();
                }
            }));
            return [.. done.OfType<Exception>()];
        }
    }

    /// <summary>Delivers what is due for a recipient.</summary>
    public async Task DeliverAsync(string recipient, CancellationToken cancellation)
    {
        if (await RecipientTurn.TakeAsync(records, time, recipient, cancellation) is not { } turn)
        {
            return;
        }

        try
        {
            var started = time.GetUtcNow();
            do
            {
                while (await StepAsync(recipient, turn, cancellation) && time.GetUtcNow() - started < Longest)
                {
                }
            }
            while (!await turn.TryLeaveAsync(cancellation));
        }
        catch (TurnLostException)
        {
            // Whoever has the turn now has looked at everything since.
        }
        catch
        {
            await LeaveAsync(turn);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _mails.Dispose();

    /// <summary>Does what is to be done now.</summary>
    /// <returns>True where there may be more.</returns>
    private async Task<bool> StepAsync(string recipient, RecipientTurn turn, CancellationToken cancellation)
    {
        var waiting = await _store.WaitingAsync(recipient, cancellation);
        if (waiting.Count == 0)
        {
            return false;
        }

        var now = time.GetUtcNow();
        if (await FindReaderAsync(recipient, waiting[^1].Value, cancellation) is not { } reader)
        {
            await GiveUpAsync(recipient, turn, waiting, now, cancellation);
            return false;
        }

        var byId = waiting.ToDictionary(static entry => entry.Value.Id, StringComparer.Ordinal);
        var step = OutboxRules.Next([.. waiting.Select(static entry => entry.Value)], turn.State, reader.Terms, now);
        await WaitAsync(turn, [.. step.Later.Select(one => new EntryChange(byId[one.Entry.Id], one.Entry with { DueAt = one.Until, Hold = one.Hold }))], cancellation);
        foreach (var message in step.Messages)
        {
            if (!await SendAsync(turn, reader, [.. message.Select(entry => byId[entry.Id])], cancellation))
            {
                break;
            }
        }

        return step.Messages.Count > 0;
    }

    private async Task<bool> SendAsync(RecipientTurn turn, OutboxReader reader, IReadOnlyList<Versioned<NotificationEntry>> entries, CancellationToken cancellation)
    {
        var values = entries.Select(static entry => entry.Value).ToList();
        var message = NotificationDigest.Of(plan.Current, values, reader.Words);
        try
        {
            await notifier.SendAsync(message, reader.Recipient, cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            await FailAsync(turn, entries, error, cancellation);
            return false;
        }

        // A crash right here tells one recipient twice: the price of never telling nobody.
        var now = time.GetUtcNow();
        var state = OutboxRules.Sent(turn.State, values, reader.Terms, now);
        await EndAsync(turn, state, [.. entries.Select(entry => new EntryChange(
            entry, entry.Value with { State = DeliveryState.Sent, SentAt = now, Mail = message.Id, Text = "", Error = null, Hold = DeliveryHold.None }))], cancellation);
        return true;
    }

    private async Task FailAsync(RecipientTurn turn, IReadOnlyList<Versioned<NotificationEntry>> entries, Exception error, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var state = OutboxRules.Failed(turn.State, (error as DeliveryPostponedException)?.After, now);
        var changes = entries.Select(entry => new EntryChange(entry, OutboxRules.Failed(entry.Value, state, DeliveryError.Of(error), now))).ToLookup(static change => change.After.State);
        await WaitAsync(turn, [.. changes[DeliveryState.Waiting]], cancellation, state);
        await EndAsync(turn, state, [.. changes[DeliveryState.Failed]], cancellation);
    }

    private async Task GiveUpAsync(string recipient, RecipientTurn turn, IReadOnlyList<Versioned<NotificationEntry>> entries, DateTimeOffset now, CancellationToken cancellation)
    {
        if (OutboxReaders.IsContact(recipient) && await _contacts.AddressOfAsync(recipient, cancellation) is null)
        {
            // Recorded in the moment in which the address was erased: nobody is to know of it any more.
            foreach (var entry in entries)
            {
                await _store.RemoveAsync(entry.Value, cancellation);
            }

            return;
        }

        await EndAsync(turn, turn.State, [.. entries.Select(entry => new EntryChange(
            entry, entry.Value with { State = DeliveryState.Failed, Error = Unreachable, TriedAt = now, Hold = DeliveryHold.None }))], cancellation);
    }

    /// <summary>Entries that wait on: where the timer finds them next is written first, where it found them until now is removed last.</summary>
    private async Task WaitAsync(RecipientTurn turn, IReadOnlyList<EntryChange> changes, CancellationToken cancellation, RecipientState? state = null)
    {
        foreach (var chunk in OutboxStore.Batches(changes))
        {
            await _store.WriteIndexAsync([.. chunk.Select(change => RecordWrite.Put(OutboxStore.DueRow(change.After), _store.Pointer(change.After)))], cancellation);
            await turn.SaveAsync(state ?? turn.State, chunk, static change => [Replace(change)], cancellation);
            await _store.WriteIndexAsync(
                [.. chunk.Where(static change => OutboxStore.DueRow(change.Before.Value) != OutboxStore.DueRow(change.After)).Select(static change => RecordWrite.Delete(OutboxStore.DueRow(change.Before.Value)))],
                cancellation);
        }
    }

    /// <summary>Entries that wait no longer.</summary>
    private async Task EndAsync(RecipientTurn turn, RecipientState state, IReadOnlyList<EntryChange> changes, CancellationToken cancellation)
    {
        foreach (var chunk in OutboxStore.Batches(changes))
        {
            var failed = chunk.Where(static change => change.After.State == DeliveryState.Failed);
            await _store.WriteIndexAsync([.. failed.Select(change => RecordWrite.Put(OutboxStore.FailedRow(change.After), _store.Pointer(change.After)))], cancellation);
            await turn.SaveAsync(state, chunk, static change => [Replace(change), RecordWrite.Delete(OutboxStore.WaitRow(change.After))], cancellation);
            await _store.WriteIndexAsync([.. chunk.Select(static change => RecordWrite.Delete(OutboxStore.DueRow(change.Before.Value)))], cancellation);
        }
    }

    /// <summary>Removes rows that the timer found and that name nothing that waits until then.</summary>
    private async Task TidyAsync(IEnumerable<(string RowKey, OutboxPointer Pointer)> rows, CancellationToken cancellation)
    {
        var idle = new List<RecordWrite>();
        foreach (var (row, pointer) in rows)
        {
            var found = await _store.FindAsync(pointer.Recipient, pointer.Entry, cancellation);
            var isOver = found is null ? time.GetUtcNow() - pointer.WrittenAt > OutboxStore.Orphaned : found.Value.State != DeliveryState.Waiting || OutboxStore.DueRow(found.Value) != row;
            if (isOver)
            {
                idle.Add(RecordWrite.Delete(row));
            }
        }

        await _store.WriteIndexAsync(idle, cancellation);
    }

    private async Task<OutboxReader?> FindReaderAsync(string recipient, NotificationEntry newest, CancellationToken cancellation) =>
        !OutboxReaders.IsContact(recipient) ? OutboxReaders.Find(plan.Current, recipient)
            : await _contacts.AddressOfAsync(recipient, cancellation) is { } address ? OutboxReaders.OfContact(plan.Current, recipient, address, newest.Language)
            : null;

    /// <summary>The delivery failed, and not the recipient (the store did, or the host stops): the next one need not wait until the turn ends by itself.</summary>
    private static async Task LeaveAsync(RecipientTurn turn)
    {
        try
        {
            await turn.TryLeaveAsync(CancellationToken.None);
        }
        catch (Exception)
        {
            // It ends by itself.
        }
    }

    private static RecordWrite Replace(EntryChange change) =>
        RecordWrite.Replace(OutboxStore.NoteRow(change.After.Id), MaintenanceJson.Write(change.After), change.Before.ETag);
}
