using Maintenance.Evidence;
using Maintenance.Monitoring.Probes;
using Maintenance.Plan;
using Maintenance.Storage;

namespace Maintenance.Monitoring.Security;

/// <summary>What concerns security.</summary>
public enum SecuritySignalKind
{
    /// <summary>Sign-ins from one address are refused again and again.</summary>
    FailedSignIns,

    /// <summary>Somebody has other roles than before.</summary>
    RolesChanged,

    /// <summary>Somebody is an administrator who was none.</summary>
    NewAdministrator,

    /// <summary>Personal data left the system.</summary>
    PersonalData,
}

/// <summary>Something that concerns security.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Subject">Who or what it is about: a person, or an address.</param>
/// <param name="Text">One sentence.</param>
/// <param name="Key">Names it: found again, it is the same.</param>
public sealed record SecuritySignal(SecuritySignalKind Kind, DateTimeOffset At, string Subject, string Text, string Key);

/// <summary>The roles of the people of a plan, as they were looked at last.</summary>
/// <param name="Plan">The hash of the plan's text.</param>
/// <param name="Roles">The roles of each person, by id.</param>
/// <param name="Turn">So many plans were looked at before: a change that is made again after it was taken back is another.</param>
public sealed record KnownRoles(string Plan, IReadOnlyDictionary<string, IReadOnlyList<string>> Roles, int Turn)
{
    /// <summary>Those of a plan.</summary>
    public static KnownRoles Of(OperationsPlan plan, string hash, int turn)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new(hash, plan.People.ToDictionary(static person => person.Id, static person => (IReadOnlyList<string>)[.. person.Roles.Order(StringComparer.Ordinal)], StringComparer.Ordinal), turn);
    }
}

/// <summary>Signals of security from what is on record. Pure.</summary>
public static class SecurityRules
{
    /// <summary>Acts that take personal data out of the system, each with what it takes.</summary>
    public static IReadOnlyDictionary<string, string> Exports { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["ExportFeedback"] = "what is held on a person",
        ["ExportAudit"] = "the audit log",
        ["ExportTickets"] = "tickets",
        ["ExportWorkloadReport"] = "who had how much to do",
        ["ExportStaffReport"] = "who worked how much, and was away how long",
        ["GetBreakGlassBook"] = "the break-glass book, with everybody's numbers",
        ["SnapshotContent"] = "a file of a backup",
        ["GetSnapshotContent"] = "a file of a backup",
    };

    private static readonly HashSet<string> SignIns = new(["SignIn", "AskSignInLink"], StringComparer.Ordinal);

    /// <summary>True for acts that may be a signal once they have ended.</summary>
    public static bool IsLookedAt(string act) => Exports.ContainsKey(act) || SignIns.Contains(act);

    /// <summary>Refused sign-ins that come too often, and exports of personal data, among entries of the audit log.</summary>
    /// <param name="policy">How often is too often.</param>
    /// <param name="entries">The entries, in any order.</param>
    public static IReadOnlyList<SecuritySignal> FromAudit(SecurityPolicy policy, IEnumerable<AuditEntry> entries) => FromAudit(policy, RefusedSignIns.None, entries).Signals;

    /// <summary>The same of a part of the log, and what the next part has to know of it.</summary>
    /// <param name="policy">How often is too often.</param>
    /// <param name="before">What was left of the parts before.</param>
    /// <param name="entries">The entries of this part, in any order; none of them older than those of the parts before.</param>
    public static (IReadOnlyList<SecuritySignal> Signals, RefusedSignIns Left) FromAudit(SecurityPolicy policy, RefusedSignIns before, IEnumerable<AuditEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(before);
        var all = entries.OrderBy(static entry => entry.At).ThenBy(static entry => entry.Id, StringComparer.Ordinal).ToList();
        var signals = all
            .Where(static entry => entry.Outcome == AuditOutcome.Done && Exports.ContainsKey(entry.Act))
            .Select(static entry => new SecuritySignal(SecuritySignalKind.PersonalData, entry.At, entry.By, $"{entry.Name ?? entry.By} took out {Exports[entry.Act]} ({entry.Path}) from {entry.From}.", $"security/export/{entry.Id}"))
            .ToList();
        var left = before.Addresses.ToDictionary(static one => one.Key, static one => one.Value, StringComparer.Ordinal);
        foreach (var entry in all.Where(static entry => entry.Outcome == AuditOutcome.Refused && SignIns.Contains(entry.Act)))
        {
            var (run, isTold) = left.GetValueOrDefault(entry.From, RefusedRun.None).With(policy, entry.At);
            left[entry.From] = run;
            if (isTold)
            {
                signals.Add(new SecuritySignal(
                    SecuritySignalKind.FailedSignIns, entry.At, entry.From, $"{policy.FailedSignIns} sign-ins from {entry.From} were refused within {Time.Durations.Format(policy.Within)}.", $"security/sign-ins/{RecordKeys.Encode(entry.From)}/{entry.At.UtcDateTime.ToString("yyyyMMddHH", System.Globalization.CultureInfo.InvariantCulture)}"));
            }
        }

        return ([.. signals.OrderBy(static signal => signal.At).ThenBy(static signal => signal.Key, StringComparer.Ordinal)], new RefusedSignIns(left));
    }

    /// <summary>Who has other roles in a plan than when it was looked at last. A person that is new has roles that were not there before; one that is gone has lost theirs.</summary>
    public static IReadOnlyList<SecuritySignal> FromPlan(KnownRoles before, KnownRoles after, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var signals = new List<SecuritySignal>();
        foreach (var person in before.Roles.Keys.Union(after.Roles.Keys).Order(StringComparer.Ordinal))
        {
            var (had, has) = (before.Roles.GetValueOrDefault(person, []), after.Roles.GetValueOrDefault(person, []));
            var (won, lost) = (has.Except(had).ToList(), had.Except(has).ToList());
            if (won.Count + lost.Count > 0)
            {
                var text = string.Join("; ", new[] { won.Count > 0 ? "now has " + string.Join(", ", won) : "", lost.Count > 0 ? "no longer has " + string.Join(", ", lost) : "" }.Where(static part => part.Length > 0));
                var kind = won.Contains(Roles.Administrator) ? SecuritySignalKind.NewAdministrator : SecuritySignalKind.RolesChanged;
                signals.Add(new SecuritySignal(kind, now, person, $"By a change of the plan '{person}' {text}.", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"security/roles/{after.Turn}/{after.Plan[..Math.Min(12, after.Plan.Length)]}/{person}")));
            }
        }

        return signals;
    }
}
