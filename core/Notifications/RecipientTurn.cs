using System.Security.Cryptography;
using Maintenance.Storage;

namespace Maintenance.Notifications;

/// <summary>Somebody else has taken over: this one was away for longer than its turn.</summary>
internal sealed class TurnLostException : Exception;

/// <summary>
/// The right to deliver to one recipient: of several who try, one does, so that nobody is told twice at the same time and several entries become one message. It ends by
/// itself, where its holder was cut off. Whoever comes meanwhile knocks, and the holder looks again before it leaves.
/// </summary>
internal sealed class RecipientTurn
{
    /// <summary>Longer than any try may take, so that a turn that ends by itself has no holder any more.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(45);

    private const int Tries = 50;

    private readonly IRecordStore _records;
    private readonly TimeProvider _time;
    private readonly string _partition;
    private readonly string _holder;
    private string _eTag;

    private RecipientTurn(IRecordStore records, TimeProvider time, string partition, string holder, RecipientState state, string eTag)
    {
        (_records, _time, _partition, _holder, State, _eTag) = (records, time, partition, holder, state, eTag);
    }

    /// <summary>How deliveries to the recipient go.</summary>
    public RecipientState State { get; private set; }

    /// <summary>Takes the turn.</summary>
    /// <returns>Null where somebody else has it, who knows now that there is more to do.</returns>
    /// <exception cref="RecordConflictException">Fifty others came first, one after the other.</exception>
    public static async Task<RecipientTurn?> TakeAsync(IRecordStore records, TimeProvider time, string recipient, CancellationToken cancellation)
    {
        var partition = OutboxStore.Partition(recipient);
        var holder = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        for (var attempt = 1; ; attempt++)
        {
            var now = time.GetUtcNow();
            var found = await records.FindAsync<RecipientState>(Tables.Notifications, partition, OutboxStore.StateRow, cancellation);
            var isTaken = found?.Value.HeldUntil > now;
            var next = isTaken ? found!.Value with { Knocks = found.Value.Knocks + 1 } : (found?.Value ?? new RecipientState()) with { Holder = holder, HeldUntil = now + Length };
            var json = MaintenanceJson.Write(next);
            try
            {
                var eTag = await records.WriteAsync(
                    Tables.Notifications, partition, found is null ? RecordWrite.Insert(OutboxStore.StateRow, json) : RecordWrite.Replace(OutboxStore.StateRow, json, found.ETag), cancellation);
                return isTaken ? null : new RecipientTurn(records, time, partition, holder, next, eTag);
            }
            catch (RecordConflictException) when (attempt < Tries)
            {
                // Others come at the same moment: look again who has it.
            }
        }
    }

    /// <summary>Changes the recipient's state and some of its entries at once, and makes the turn last from now on.</summary>
    /// <param name="state">How deliveries go from now on.</param>
    /// <param name="entries">The entries as they were read, each with what it becomes.</param>
    /// <param name="write">The writes that an entry's change takes.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The entries that were changed: all but those that somebody removed or changed meanwhile.</returns>
    /// <exception cref="TurnLostException">The turn is somebody else's now; nothing was changed.</exception>
    public async Task<IReadOnlyList<EntryChange>> SaveAsync(
        RecipientState state, IReadOnlyList<EntryChange> entries, Func<EntryChange, IEnumerable<RecordWrite>> write, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var next = state with { Holder = _holder, HeldUntil = _time.GetUtcNow() + Length, Knocks = State.Knocks };
            try
            {
                var eTags = await _records.WriteAsync(
                    Tables.Notifications, _partition, [RecordWrite.Replace(OutboxStore.StateRow, MaintenanceJson.Write(next), _eTag), .. entries.SelectMany(write)], cancellation);
                (State, _eTag) = (next, eTags[0]);
                return entries;
            }
            catch (RecordConflictException) when (attempt < Tries)
            {
                await ReadAsync(cancellation);
                entries = await UnchangedAsync(entries, cancellation);
            }
        }
    }

    /// <summary>Gives the turn back.</summary>
    /// <returns>False where somebody knocked: there may be more to do, and the turn goes on.</returns>
    /// <exception cref="TurnLostException">The turn is somebody else's now.</exception>
    public async Task<bool> TryLeaveAsync(CancellationToken cancellation)
    {
        try
        {
            var left = State with { Holder = null, HeldUntil = null, Knocks = 0 };
            await _records.WriteAsync(Tables.Notifications, _partition, RecordWrite.Replace(OutboxStore.StateRow, MaintenanceJson.Write(left), _eTag), cancellation);
            return true;
        }
        catch (RecordConflictException)
        {
            await ReadAsync(cancellation);
            return false;
        }
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        var found = await _records.FindAsync<RecipientState>(Tables.Notifications, _partition, OutboxStore.StateRow, cancellation);
        if (found?.Value.Holder != _holder)
        {
            throw new TurnLostException();
        }

        (State, _eTag) = (found!.Value, found.ETag);
    }

    private async Task<IReadOnlyList<EntryChange>> UnchangedAsync(IReadOnlyList<EntryChange> entries, CancellationToken cancellation)
    {
        var unchanged = new List<EntryChange>();
        foreach (var entry in entries)
        {
            if (await _records.GetAsync(Tables.Notifications, _partition, OutboxStore.NoteRow(entry.Before.Value.Id), cancellation) is { } found && found.ETag == entry.Before.ETag)
            {
                unchanged.Add(entry);
            }
        }

        return unchanged;
    }
}

/// <summary>What becomes of an entry.</summary>
/// <param name="Before">As it was read.</param>
/// <param name="After">As it is to be.</param>
internal sealed record EntryChange(Versioned<NotificationEntry> Before, NotificationEntry After);
