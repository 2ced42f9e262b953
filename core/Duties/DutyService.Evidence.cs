using System.Text.RegularExpressions;
using Maintenance.Recovery;
using Maintenance.Reports;
using Maintenance.Storage;

namespace Maintenance.Duties;

/// <content>What shows that a duty was done.</content>
public sealed partial class DutyService
{
    /// <summary>The most characters of a reason.</summary>
    public const int MostReason = 2000;

    /// <summary>The most characters of a text.</summary>
    public const int MostText = 20_000;

    /// <summary>The reports that can be evidence, each by the name of its page.</summary>
    public static IReadOnlyList<string> Reports { get; } = ["overview", "service-levels", "availability", "backups", "drills", "workload", "duties"];

    /// <summary>The page of a report that is evidence.</summary>
    /// <param name="value">Such as <c>backups/2026-10</c>.</param>
    public static string ReportPath(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var (name, month) = (value[..value.IndexOf('/', StringComparison.Ordinal)], value[(value.IndexOf('/', StringComparison.Ordinal) + 1)..]);
        return $"/reports{(name == "overview" ? "" : "/" + name)}?from={month}&to={month}";
    }

    /// <summary>Checks that somebody may add a file.</summary>
    /// <exception cref="DutyRefusedException">They may not.</exception>
    /// <exception cref="DutyClosedException">It was done or skipped before.</exception>
    /// <exception cref="DutyActException">It has too many.</exception>
    internal void CheckFile(DutyOccurrence occurrence, DutyActor actor)
    {
        Refuse(DutyMoves.WhyNotDo(plan.Current, occurrence, actor));
        Closed(occurrence);
        if (occurrence.Evidence.Count(static one => one.Kind == EvidenceKind.File) >= DutyFiles.Most)
        {
            throw new DutyActException("file", $"It has {DutyFiles.Most} files already.");
        }
    }

    /// <summary>Adds a file that is stored.</summary>
    /// <inheritdoc cref="CheckFile"/>
    internal async Task<Versioned<DutyOccurrence>?> AttachAsync(string duty, string key, DutyEvidence file, DutyActor actor, CancellationToken cancellation) =>
        await FindAsync(duty, key, cancellation) is not { } found ? null : await ChangeAsync(
            found,
            current =>
            {
                if (current.Evidence.Any(one => one.File?.StoredAs == file.File!.StoredAs))
                {
                    return current;
                }

                CheckFile(current, actor);
                return current with { Evidence = [.. current.Evidence, file] };
            },
            cancellation);

    private static void Closed(DutyOccurrence occurrence)
    {
        if (occurrence.State != DutyState.Open)
        {
            throw new DutyClosedException($"It was {(occurrence.State == DutyState.Done ? "done" : "skipped")} by {occurrence.ClosedBy} before.");
        }
    }

    private async Task<IReadOnlyList<DutyEvidence>> EvidenceAsync(DutyOccurrence occurrence, DutyCompletion completion, DutyActor actor, CancellationToken cancellation)
    {
        var (now, given, errors) = (time.GetUtcNow(), new List<DutyEvidence>(), new Dictionary<string, string[]>(StringComparer.Ordinal));
        await AddAsync(EvidenceKind.Text, completion.Text, static text => Task.FromResult(text.Length > MostText ? $"At most {MostText} characters, please." : null));
        await AddAsync(EvidenceKind.Drill, completion.Drill, id => WhyNoDrillAsync(occurrence, id, now, cancellation));
        await AddAsync(EvidenceKind.Ticket, completion.Ticket, async id =>
            TicketId().IsMatch(id) && await tickets.FindAsync(id, cancellation) is not null ? null : "There is no such ticket.");
        await AddAsync(EvidenceKind.Report, completion.Report, value => Task.FromResult(WhyNoReport(value, now)));
        return errors.Count > 0 ? throw new DutyActException(errors) : given;

        async Task AddAsync(EvidenceKind kind, string? value, Func<string, Task<string?>> why)
        {
            if (value?.Trim() is not { Length: > 0 } text)
            {
                return;
            }

            if (await why(text) is { } wrong)
            {
                errors[kind.ToString().ToLowerInvariant()] = [wrong];
            }
            else
            {
                given.Add(new DutyEvidence(kind, text, actor.Id, now));
            }
        }
    }

    private async Task<string?> WhyNoDrillAsync(DutyOccurrence occurrence, string id, DateTimeOffset now, CancellationToken cancellation)
    {
        if (!RecoveryId().IsMatch(id) || await recoveries.FindAsync(id, cancellation) is not { Kind: RecoveryKind.Drill } drill)
        {
            return "There is no such drill.";
        }

        if (drill is not { State: RecoveryState.Completed, Fault: null } || drill.Measures?.IsPassed == false)
        {
            return $"The drill {id} has not passed.";
        }

        if (drill.ClosedAt is not { } closed || closed <= occurrence.PeriodFrom || closed > now)
        {
            return $"The drill {id} ended before the period that this is for, which began {occurrence.PeriodFrom:u}.";
        }

        // What was done late shows that one, and not the next one too.
        return await _records.ListAsync(occurrence.Terms.Id, null, cancellation).Take(MostAtOnce)
            .FirstOrDefaultAsync(other => other.Key != occurrence.Key && other.Evidence.Any(one => one.Kind == EvidenceKind.Drill && one.Value == id), cancellation) is { } used
            ? $"The drill {id} showed already that {used.Key} was done."
            : null;
    }

    private string? WhyNoReport(string value, DateTimeOffset now)
    {
        var parts = value.Split('/');
        if (parts.Length != 2 || !Reports.Contains(parts[0]) || Calendars.MonthGrid.Parse(parts[1]) is null)
        {
            return $"Name a report and its month, such as backups/2026-10. There are: {string.Join(", ", Reports)}.";
        }

        return string.CompareOrdinal(parts[1], TicketFact.MonthOf(plan.Current, now)) > 0 ? "That month has not begun." : null;
    }

    private static string Ask(EvidenceKind kind) => kind switch
    {
        EvidenceKind.Text => "Say what was found.",
        EvidenceKind.File => "Add the file first.",
        EvidenceKind.Drill => "Name the drill, such as R-1003: it must have passed, in the period that this is for.",
        EvidenceKind.Ticket => "Name the ticket, such as T-1042.",
        _ => "Name the report, such as backups/2026-10.",
    };

    [GeneratedRegex(@"^T-[0-9]{1,15}\z", RegexOptions.NonBacktracking)]
    private static partial Regex TicketId();

    [GeneratedRegex(@"^R-[0-9]{1,15}\z", RegexOptions.NonBacktracking)]
    private static partial Regex RecoveryId();
}
