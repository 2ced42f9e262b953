using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Maintenance.Evidence;
using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.Storage;

namespace Maintenance.Monitoring.Security;

/// <summary>Finds what concerns security in the audit log and in changes of the plan, keeps it, and tells those whom the plan names.</summary>
public sealed class SecurityWatch(ActivePlan plan, AuditLog audit, NotificationService notifications, IRecordStore records, TimeProvider time)
{
    /// <summary>So many entries of the audit log are looked through at once at most.</summary>
    public const int MostEntries = 5000;

    private const string Signals = "signals";
    private const string Watch = "watch";
    private const string PeopleRow = "people";
    private const string CursorRow = "audit";

    /// <summary>How far a look reaches back at most: after a long silence what is older is history.</summary>
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(7);

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

            // A burst may have begun before the last look, and an act that was under way then may have ended since.
            var cursor = (await records.FindAsync<AuditCursor>(Tables.Security, Watch, CursorRow, cancellation))?.Value.At ?? now;
            var from = cursor - (2 * policy.Within) - TimeSpan.FromMinutes(10);
            var entries = await audit.ListAsync(new AuditQuery(From: from < now - Furthest ? now - Furthest : from), cancellation).Take(MostEntries).ToListAsync(cancellation);
            await EachAsync.RunAsync(SecurityRules.FromAudit(policy, entries), signal => TellAsync(state.Plan, signal, policy.Notify, cancellation));
        }

        _ = await records.WriteAsync(Tables.Security, Watch, RecordWrite.Put(CursorRow, MaintenanceJson.Write(new AuditCursor(now))), cancellation);
        if (known?.Value.Plan != roles.Plan)
        {
            _ = await records.WriteAsync(Tables.Security, Watch, RecordWrite.Put(PeopleRow, MaintenanceJson.Write(roles)), cancellation);
        }
    }

    /// <summary>The newest signals, the newest first.</summary>
    public Task<List<SecuritySignal>> ListAsync(int take, CancellationToken cancellation) =>
        records.ListAsync<SecuritySignal>(Tables.Security, Signals, new RowRange(Take: take), cancellation).Select(static row => row.Value).ToListAsync(cancellation).AsTask();

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

    private sealed record AuditCursor(DateTimeOffset At);
}
