using System.Security.Cryptography;
using System.Text;
using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.Recovery;
using Maintenance.Reports;
using Maintenance.Storage;
using Maintenance.Tickets;
using Maintenance.Time;

namespace Maintenance.Duties;

/// <summary>The plan's duties: opens what comes due, tells of it, chases what is overdue, and keeps the evidence of what was done.</summary>
public sealed partial class DutyService(IRecordStore records, NotificationService notifications, TicketService tickets, RecoveryService recoveries, ActivePlan plan, TimeProvider time)
{
    /// <summary>So many occurrences of a duty are opened in a tick: after a long downtime the next tick goes on.</summary>
    public const int MostAtOnce = 400;

    private const int MostTries = 50;

    private readonly DutyRecords _records = new(records);
    private readonly DutyTeller _teller = new(notifications, tickets, plan, time);

    /// <summary>Opens what is to be opened, and says what is to be said. One that fails holds up no other.</summary>
    public async Task SweepAsync(CancellationToken cancellation)
    {
        var (state, now) = (plan.State, time.GetUtcNow());
        var known = await _records.ProgressAsync(cancellation);
        var duties = state.Plan.Duties.ToDictionary(static duty => duty.Id, StringComparer.Ordinal);
        var looked = duties.Keys.Union(known.Keys).Where(id => !known.TryGetValue(id, out var progress) || !DutyCourse.IsQuiet(progress.Value, duties.ContainsKey(id), state.Hash, now)).ToList();
        await EachAsync.RunAsync(looked, id => LookAsync(state, duties.GetValueOrDefault(id), known.GetValueOrDefault(id), now, cancellation));
        await EachAsync.RunAsync(await _records.WatchedAsync(cancellation).Where(fact => fact.State != DutyState.Open || fact.NextAt <= now).ToListAsync(cancellation), fact => FollowAsync(fact, cancellation));
    }

    /// <summary>An occurrence, or null.</summary>
    public async Task<Versioned<DutyOccurrence>?> FindAsync(string duty, string key, CancellationToken cancellation) =>
        IsId(duty) && IsKey(key) ? await _records.FindAsync(duty, key, cancellation) : null;

    /// <summary>Says that it is done, with what shows it.</summary>
    /// <param name="duty">The duty.</param>
    /// <param name="key">The occurrence.</param>
    /// <param name="completion">What shows it, besides the files that it has.</param>
    /// <param name="actor">Who did it.</param>
    /// <param name="eTag">The version that the person saw, or null for whatever it is.</param>
    /// <param name="act">The same text from the same person is the same act, sent again; null where the sender has none.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The occurrence afterwards; null where there is none.</returns>
    /// <exception cref="DutyRefusedException">They may not.</exception>
    /// <exception cref="DutyClosedException">It was done or skipped before.</exception>
    /// <exception cref="DutyActException">Evidence is missing, or is none.</exception>
    /// <exception cref="RecordConflictException">It was changed since the person saw it.</exception>
    public Task<Versioned<DutyOccurrence>?> DoAsync(string duty, string key, DutyCompletion completion, DutyActor actor, string? eTag, string? act, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(completion);
        ArgumentNullException.ThrowIfNull(actor);
        return CloseAsync(duty, key, actor, eTag, act, DoneAsync, cancellation);

        async Task<DutyOccurrence> DoneAsync(DutyOccurrence occurrence)
        {
            Refuse(DutyMoves.WhyNotDo(plan.Current, occurrence, actor));
            var given = await EvidenceAsync(occurrence, completion, actor, cancellation);
            var missing = DutyMoves.Missing(occurrence, given);
            if (missing.Count > 0)
            {
                throw new DutyActException(missing.ToDictionary(static kind => kind.ToString().ToLowerInvariant(), static kind => new[] { Ask(kind) }, StringComparer.Ordinal));
            }

            return occurrence with { State = DutyState.Done, Evidence = [.. occurrence.Evidence, .. given] };
        }
    }

    /// <summary>Says that it need not be done; see <see cref="DoAsync"/>.</summary>
    /// <param name="duty">The duty.</param>
    /// <param name="key">The occurrence.</param>
    /// <param name="reason">Why.</param>
    /// <param name="actor">Who says so.</param>
    /// <param name="eTag">The version that the person saw, or null.</param>
    /// <param name="act">Names the act, or null.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<Versioned<DutyOccurrence>?> SkipAsync(string duty, string key, string reason, DutyActor actor, string? eTag, string? act, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(reason);
        ArgumentNullException.ThrowIfNull(actor);
        return CloseAsync(duty, key, actor, eTag, act, Skipped, cancellation);

        Task<DutyOccurrence> Skipped(DutyOccurrence occurrence)
        {
            Refuse(DutyMoves.WhyNotSkip(plan.Current, occurrence, actor));
            return reason.Trim() is { Length: > 0 and <= MostReason } why
                ? Task.FromResult(occurrence with { State = DutyState.Skipped, Reason = why })
                : throw new DutyActException("reason", $"Say why, in at most {MostReason} characters: it stands in the report.");
        }
    }

    private async Task LookAsync(PlanState state, Duty? duty, Versioned<DutyProgress>? known, DateTimeOffset now, CancellationToken cancellation)
    {
        var step = DutyCourse.Look(known?.Value, duty, Reckoning(state.Plan), state.Hash, state.Since, now, MostAtOnce);
        foreach (var opening in step.Openings)
        {
            var occurrence = new DutyOccurrence(opening.Terms, opening.Key, opening.DueAt, opening.PeriodFrom, now);
            await _records.AddAsync(occurrence, Month(occurrence), now, cancellation);
        }

        try
        {
            await _records.NoteAsync(step.State!, known?.ETag, cancellation);
        }
        catch (RecordConflictException)
        {
            // Another host looked at the same time, and opened the same.
        }
    }

    /// <summary>Says what is to be said of an occurrence, and puts away what is over.</summary>
    private async Task FollowAsync(DutyFact fact, CancellationToken cancellation)
    {
        if (await _records.FindAsync(fact.Duty, fact.Key, cancellation) is { } found)
        {
            await FollowAsync(found, cancellation);
        }
    }

    private async Task FollowAsync(Versioned<DutyOccurrence> found, CancellationToken cancellation)
    {
        var told = new HashSet<DutyNoticeKind>();
        for (var now = time.GetUtcNow(); DutyMoves.Due(found.Value, now).Select(static kind => (DutyNoticeKind?)kind).FirstOrDefault(kind => !told.Contains(kind!.Value)) is { } due;)
        {
            var ticket = await _teller.TellAsync(found.Value, due, cancellation);
            told.Add(due);
            found = await ChangeAsync(found, current => current with { Ticket = current.Ticket ?? ticket, Notices = [.. current.Notices, new DutyNotice(due, now)] }, cancellation);
        }

        await SettleAsync(found, cancellation);
    }

    /// <summary>
    /// Brings the index rows up to the occurrence. Somebody may change it meanwhile and have written its rows already, over which these would be written: so whoever writes
    /// rows looks afterwards whether the occurrence is still the one that they tell of.
    /// </summary>
    private async Task SettleAsync(Versioned<DutyOccurrence> found, CancellationToken cancellation)
    {
        for (var attempt = 1; attempt <= MostTries; attempt++)
        {
            var occurrence = found.Value;
            var fact = DutyFact.Of(occurrence, time.GetUtcNow());
            await _records.CountAsync(fact, Month(occurrence), cancellation);
            await (occurrence.State == DutyState.Open ? _records.WatchAsync(fact, cancellation) : _records.ForgetAsync(fact, cancellation));
            if (await _records.FindAsync(occurrence.Terms.Id, occurrence.Key, cancellation) is not { } current || current.ETag == found.ETag)
            {
                return;
            }

            found = current;
        }
    }

    /// <summary>Adds to an occurrence; again where somebody else was faster.</summary>
    private async Task<Versioned<DutyOccurrence>> ChangeAsync(Versioned<DutyOccurrence> found, Func<DutyOccurrence, DutyOccurrence> change, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await _records.ReplaceAsync(change(found.Value), found.ETag, cancellation);
            }
            catch (RecordConflictException) when (attempt < MostTries)
            {
                found = (await _records.FindAsync(found.Value.Terms.Id, found.Value.Key, cancellation))!;
            }
        }
    }

    private async Task<Versioned<DutyOccurrence>?> CloseAsync(
        string duty, string key, DutyActor actor, string? eTag, string? act, Func<DutyOccurrence, Task<DutyOccurrence>> close, CancellationToken cancellation)
    {
        var name = act is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{actor.Id}\n{act}")))[..32];
        for (var attempt = 1; ; attempt++)
        {
            if (await FindAsync(duty, key, cancellation) is not { } found)
            {
                return null;
            }

            var occurrence = found.Value;
            if (name is not null && occurrence.Acts.Contains(name))
            {
                // Cut off before it was put away, perhaps: the sweep finds it too.
                await FollowAsync(found, cancellation);
                return await FindAsync(duty, key, cancellation);
            }

            if (eTag is not null && eTag != found.ETag)
            {
                throw new RecordConflictException(Tables.Duties, duty, key);
            }

            Closed(occurrence);

            var now = time.GetUtcNow();
            var next = await close(occurrence) with { ClosedAt = now, ClosedBy = actor.Id, Acts = name is null ? occurrence.Acts : [.. occurrence.Acts, name] };

            // Watched from now on: should this end here, the next sweep puts it away.
            await _records.WatchAsync(DutyFact.Of(occurrence, now) with { NextAt = now }, cancellation);
            try
            {
                await FollowAsync(await _records.ReplaceAsync(next, found.ETag, cancellation), cancellation);
                return await FindAsync(duty, key, cancellation);
            }
            catch (RecordConflictException)
            {
                // The row that was written for it may stand where whoever was faster has removed it.
                if (await FindAsync(duty, key, cancellation) is { } newest)
                {
                    await SettleAsync(newest, cancellation);
                }

                // Whoever names no version does it to the newest one.
                if (eTag is not null || attempt >= MostTries)
                {
                    throw;
                }
            }
        }
    }

    private static void Refuse(string? why)
    {
        if (why is not null)
        {
            throw new DutyRefusedException(why);
        }
    }

    private string Month(DutyOccurrence occurrence) => TicketFact.MonthOf(plan.Current, occurrence.DueAt);

    private static DutyReckoning Reckoning(OperationsPlan current) => new(current.System.TimeZone, id => Calendar(current, id));

    /// <summary>A calendar that is gone still says when what was owed before is due.</summary>
    private static ServiceCalendar? Calendar(OperationsPlan current, string id) =>
        current.Calendars.Any(calendar => calendar.Id == id) ? current.Calendar(id)
            : current.CalendarHistory.LastOrDefault(version => version.Definition.Id == id) is { } version ? version.Definition.Build(version.Zone)
            : null;
}
