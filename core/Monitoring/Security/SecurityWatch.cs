using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Maintenance.Evidence;
using Maintenance.Monitoring.Probes;
using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.Storage;

namespace Maintenance.Monitoring.Security;

/// <summary>Finds what concerns security in the audit log and in changes of the plan, keeps it, and tells those whom the plan names.</summary>
public sealed class SecurityWatch(ActivePlan plan, AuditLog audit, NotificationService notifications, IRecordStore records, TimeProvider time)
{
    /// <summary>So many entries of the audit log are held at once at most.</summary>
    public const int MostEntries = 5000;

    /// <summary>So many times that many are looked through with one look at most; what is left has to wait for the next, and is lost to none.</summary>
    public const int MostPages = 4;

    /// <summary>So many acts that are under way are waited for.</summary>
    private const int MostBegun = 1000;

    private const string Signals = "signals";
    private const string Watch = "watch";
    private const string PeopleRow = "people";
    private const string CursorRow = "audit";

    /// <summary>An entry stands there a moment after its instant, and two machines' clocks never agree wholly: what is younger is left to the next look.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);

    /// <summary>An act that has not ended by then never will: its process was cut off.</summary>
    private static readonly TimeSpan LongestAct = TimeSpan.FromHours(1);

    /// <summary>What is written within this time of a log that is never sorted more finely is held at once, however much it is.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    /// <summary>Looks through what has come since the last look. Done twice, or cut off and done again, people are told once.</summary>
    public async Task WatchAsync(CancellationToken cancellation)
    {
        var (now, state) = (time.GetUtcNow(), plan.State);
        var known = await records.FindAsync<KnownRoles>(Tables.Security, Watch, PeopleRow, cancellation);
        var roles = KnownRoles.Of(state.Plan, state.Hash, (known?.Value.Turn ?? 0) + 1);
        if (state.Plan.Monitoring.Security is { } policy)
        {
            if (known is not null && known.Value.Plan != roles.Plan)
            {
                await EachAsync.RunAsync(SecurityRules.FromPlan(known.Value, roles, now), signal => TellAsync(state.Plan, signal, policy.Notify, cancellation));
            }

            await LookAsync(state.Plan, policy, now, cancellation);
        }
        else
        {
            await NoteAsync(new AuditCursor(now), cancellation);
        }

        if (known?.Value.Plan != roles.Plan)
        {
            _ = await records.WriteAsync(Tables.Security, Watch, RecordWrite.Put(PeopleRow, MaintenanceJson.Write(roles)), cancellation);
        }
    }

    /// <summary>The newest signals, the newest first.</summary>
    public Task<List<SecuritySignal>> ListAsync(int take, CancellationToken cancellation) =>
        records.ListAsync<SecuritySignal>(Tables.Security, Signals, new RowRange(Take: take), cancellation).Select(static row => row.Value).ToListAsync(cancellation).AsTask();

    /// <summary>Looks through the audit log from where the last look came to, the oldest first. How far it came is noted after each part, once all of it was told.</summary>
    private async Task LookAsync(OperationsPlan current, SecurityPolicy policy, DateTimeOffset now, CancellationToken cancellation)
    {
        if (await records.FindAsync<AuditCursor>(Tables.Security, Watch, CursorRow, cancellation) is not { Value: { } cursor })
        {
            await NoteAsync(new AuditCursor(now), cancellation);
            return;
        }

        // A cursor that lies ahead is of a clock that has been set right since: what was written about now is looked at again, and told once.
        cursor = cursor.At > now ? new AuditCursor(now - TimeSpan.FromMinutes(10)) : cursor;
        cursor = await EndedAsync(current, policy, cursor, now, cancellation);
        var until = now - Settled;
        for (var page = 0; page < MostPages && cursor.At < until; page++)
        {
            var (entries, to) = await PageAsync(cursor.At, until, cancellation);
            var (signals, refused) = SecurityRules.FromAudit(policy, new RefusedSignIns(cursor.Refused ?? RefusedSignIns.None.Addresses), entries);
            await EachAsync.RunAsync(signals, signal => TellAsync(current, signal, policy.Notify, cancellation));
            cursor = new AuditCursor(to)
            {
                Refused = refused.At(policy, to).Addresses,
                Begun = [.. cursor.Begun.Concat(entries.Where(static entry => entry.Outcome == AuditOutcome.Begun && SecurityRules.IsLookedAt(entry.Act)).OrderBy(static entry => entry.At).Select(static entry => entry.Id)).TakeLast(MostBegun)],
            };
            await NoteAsync(cursor, cancellation);
        }
    }

    /// <summary>Acts that were under way when they were looked at, and have ended since.</summary>
    private async Task<AuditCursor> EndedAsync(OperationsPlan current, SecurityPolicy policy, AuditCursor cursor, DateTimeOffset now, CancellationToken cancellation)
    {
        var (ended, left) = (new List<AuditEntry>(), new List<string>());
        foreach (var id in cursor.Begun)
        {
            var entry = await audit.FindAsync(id, cancellation);
            if (entry is { Outcome: AuditOutcome.Begun } && now - entry.At < LongestAct)
            {
                left.Add(id);
            }
            else if (entry is not null and not { Outcome: AuditOutcome.Begun })
            {
                ended.Add(entry);
            }
        }

        if (left.Count == cursor.Begun.Count)
        {
            return cursor;
        }

        var (signals, refused) = SecurityRules.FromAudit(policy, new RefusedSignIns(cursor.Refused ?? RefusedSignIns.None.Addresses), ended);
        await EachAsync.RunAsync(signals, signal => TellAsync(current, signal, policy.Notify, cancellation));
        var next = cursor with { Begun = left, Refused = refused.Addresses };
        await NoteAsync(next, cancellation);
        return next;
    }

    /// <summary>The entries from an instant on, up to where they are no more than may be held at once. The log is read newest first, so that its time is halved until they are few enough.</summary>
    private async Task<(List<AuditEntry> Entries, DateTimeOffset To)> PageAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation)
    {
        for (var to = until; ; to = from + ((to - from) / 2))
        {
            var log = audit.ListAsync(new AuditQuery(From: from, To: to), cancellation);
            var entries = await (to - from > Least ? log.Take(MostEntries + 1) : log).ToListAsync(cancellation);
            if (entries.Count <= MostEntries || to - from <= Least)
            {
                return (entries, to);
            }
        }
    }

    private async Task NoteAsync(AuditCursor cursor, CancellationToken cancellation) =>
        _ = await records.WriteAsync(Tables.Security, Watch, RecordWrite.Put(CursorRow, MaintenanceJson.Write(cursor)), cancellation);

    private async Task TellAsync(OperationsPlan current, SecuritySignal signal, IReadOnlyList<string> recipients, CancellationToken cancellation)
    {
        // A change of roles is found at another instant when it is found again; its key is the same, and the first record stays.
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(signal.Key)))[..24];
        var first = await records.ChangeAsync<SecuritySignal>(Tables.Security, "keys", hash, known => known is null ? signal : null, cancellation) ?? signal;
        var row = string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.MaxValue.UtcTicks - first.At.UtcTicks:D19}_{hash}");
        _ = await records.WriteAsync(Tables.Security, Signals, RecordWrite.Put(row, MaintenanceJson.Write(first)), cancellation);
        var values = new TemplateValues { ["title"] = Title(first.Kind), ["text"] = Notification.Unmarked(first.Text) };
        var notification = Notification.From(first.Key, NotificationTemplates.OperationsAlarm, values, "/security");
        await notifications.NotifyAsync(current, notification with { IsUrgent = first.Kind is SecuritySignalKind.FailedSignIns or SecuritySignalKind.NewAdministrator }, recipients, [], cancellation);
    }

    private static TemplateValue Title(SecuritySignalKind kind) => kind switch
    {
        SecuritySignalKind.FailedSignIns => TemplateValue.In("sign-ins are refused again and again", "des connexions sont refusées à répétition"),
        SecuritySignalKind.RolesChanged => TemplateValue.In("somebody's roles have changed", "les rôles d'une personne ont changé"),
        SecuritySignalKind.NewAdministrator => TemplateValue.In("there is a new administrator", "il y a un nouvel administrateur"),
        _ => TemplateValue.In("personal data was taken out", "des données personnelles ont été extraites"),
    };

    /// <summary>How far the audit log was looked through.</summary>
    /// <param name="At">The first instant that was not (UTC).</param>
    private sealed record AuditCursor(DateTimeOffset At)
    {
        /// <summary>Refused sign-ins before it that may still belong to a burst, by address.</summary>
        public IReadOnlyDictionary<string, RefusedRun>? Refused { get; init; }

        /// <summary>The ids of entries before it whose act had not ended.</summary>
        public IReadOnlyList<string> Begun { get; init; } = [];
    }
}
