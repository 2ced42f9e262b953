using System.Globalization;
using Maintenance.Tickets;

namespace Maintenance.Duties;

/// <summary>What reports count of an occurrence, and the sweep looks for. Instants are UTC.</summary>
/// <param name="Duty">The id of the duty.</param>
/// <param name="Key">The occurrence.</param>
/// <param name="Name">What the duty was called.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Owner">Who owed it.</param>
/// <param name="DueAt">When it was due.</param>
/// <param name="OverdueAfter">When its grace had passed.</param>
/// <param name="State">Whether it is owed.</param>
/// <param name="ClosedAt">When it was done or skipped.</param>
public sealed record DutyFact(
    string Duty, string Key, string Name, DutyKind Kind, string Owner, DateTimeOffset DueAt, DateTimeOffset OverdueAfter, DutyState State, DateTimeOffset? ClosedAt = null)
{
    /// <summary>When something is next to be said of it; null where nothing is.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>Who does it while the owner is away, or null.</summary>
    public string? Deputy { get; init; }

    /// <summary>Of an occurrence, at an instant.</summary>
    public static DutyFact Of(DutyOccurrence occurrence, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(occurrence);
        var terms = occurrence.Terms;
        return new DutyFact(terms.Id, occurrence.Key, terms.Name, terms.Kind, terms.Owner, occurrence.DueAt, occurrence.OverdueAfter, occurrence.State, occurrence.ClosedAt)
        {
            NextAt = DutyMoves.Next(occurrence, now),
            Deputy = terms.Deputy,
        };
    }

    /// <summary>How it stands at an instant; as <see cref="DutyOccurrence.At"/>.</summary>
    public DutyStanding At(DateTimeOffset now) => State switch
    {
        DutyState.Done => ClosedAt <= OverdueAfter ? DutyStanding.InTime : DutyStanding.Late,
        DutyState.Skipped => DutyStanding.Skipped,
        _ => now > OverdueAfter ? DutyStanding.Overdue : now >= DueAt ? DutyStanding.Due : DutyStanding.Coming,
    };
}

/// <summary>How often duties were done, by what they have in common.</summary>
/// <param name="Name">A month, an owner or a kind; <c>all</c> for the whole.</param>
/// <param name="InTime">Done before their grace had passed.</param>
/// <param name="Late">Done after that.</param>
/// <param name="Skipped">Skipped for a reason.</param>
/// <param name="Missed">Overdue and not done.</param>
/// <param name="Open">Not done, and not overdue yet.</param>
public sealed record DutyLine(string Name, int InTime, int Late, int Skipped, int Missed, int Open)
{
    /// <summary>The share that was in time of what had to be done: what was skipped for a reason did not, and what is open can still be. Null where nothing had to be.</summary>
    public double? Compliance => InTime + Late + Missed is var owed && owed > 0 ? (double)InTime / owed : null;

    /// <summary>Of some occurrences.</summary>
    public static DutyLine Of(string name, IEnumerable<DutyFact> facts, DateTimeOffset now)
    {
        var counts = facts.CountBy(fact => fact.At(now)).ToDictionary();
        int Count(DutyStanding standing) => counts.GetValueOrDefault(standing);
        return new DutyLine(
            name, Count(DutyStanding.InTime), Count(DutyStanding.Late), Count(DutyStanding.Skipped), Count(DutyStanding.Overdue), Count(DutyStanding.Due) + Count(DutyStanding.Coming));
    }
}

/// <summary>How duties were kept that were due in some months.</summary>
/// <param name="From">The first month, such as <c>2026-06</c>.</param>
/// <param name="To">The last one.</param>
/// <param name="Total">All of them.</param>
/// <param name="Months">By the month in which they were due, each month once.</param>
/// <param name="Owners">By who owed them, the worst first.</param>
/// <param name="Kinds">By what they are, the worst first.</param>
/// <param name="Missed">Those that are overdue and not done, the longest due first; at most <see cref="MostMissed"/>.</param>
/// <param name="Formulas">What the figures mean.</param>
public sealed record DutyReport(
    string From, string To, DutyLine Total, IReadOnlyList<DutyLine> Months, IReadOnlyList<DutyLine> Owners, IReadOnlyList<DutyLine> Kinds, IReadOnlyList<DutyFact> Missed, IReadOnlyList<string> Formulas)
{
    /// <summary>So many of those that were missed are listed.</summary>
    public const int MostMissed = 100;

    private static readonly string[] Meaning =
    [
        "A duty counts in the month in which it was due.",
        "In time: done no later than its due date and its grace. Late: done after that. Missed: not done, and past it.",
        "Compliance: in time of in time, late and missed. What was skipped for a reason, and what can still be done in time, is left out.",
    ];

    /// <summary>The report of some months.</summary>
    /// <param name="from">The first month.</param>
    /// <param name="to">The last one.</param>
    /// <param name="facts">What was due in each month.</param>
    /// <param name="now">The instant (UTC).</param>
    public static DutyReport Of(string from, string to, IReadOnlyList<(string Month, IReadOnlyList<DutyFact> Facts)> facts, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var all = facts.SelectMany(static month => month.Facts).ToList();
        return new DutyReport(
            from,
            to,
            DutyLine.Of("all", all, now),
            [.. facts.Select(month => DutyLine.Of(month.Month, month.Facts, now))],
            By(all, static fact => fact.Owner, now),
            By(all, static fact => MaintenanceJson.Write(fact.Kind).Trim('"'), now),
            [.. all.Where(fact => fact.At(now) == DutyStanding.Overdue).OrderBy(static fact => fact.DueAt).ThenBy(static fact => fact.Duty, StringComparer.Ordinal).Take(MostMissed)],
            Meaning);
    }

    private static List<DutyLine> By(IEnumerable<DutyFact> facts, Func<DutyFact, string> by, DateTimeOffset now) =>
        [.. facts.GroupBy(by).Select(group => DutyLine.Of(group.Key, group, now)).OrderByDescending(static line => line.Missed).ThenBy(static line => line.Compliance ?? 2).ThenBy(static line => line.Name, StringComparer.Ordinal)];

    /// <summary>The report as lines of CSV (RFC 4180), safe from formulas: what is counted by, its name, the counts, and the share as a number from 0 to 1.</summary>
    public IEnumerable<string> Csv()
    {
        return Lines("month", Months).Concat(Lines("owner", Owners)).Concat(Lines("kind", Kinds)).Prepend(TicketCsv.Line(["by", "name", "inTime", "late", "skipped", "missed", "open", "compliance"]));

        static IEnumerable<string> Lines(string by, IEnumerable<DutyLine> lines) =>
            lines.Select(line => TicketCsv.Line([by, line.Name, N(line.InTime), N(line.Late), N(line.Skipped), N(line.Missed), N(line.Open), line.Compliance?.ToString("0.######", CultureInfo.InvariantCulture) ?? ""]));

        static string N(int number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
