using Maintenance.Plan;
using NodaTime;

namespace Maintenance.Knowledge;

/// <summary>How a document stands at an instant. Pure.</summary>
/// <param name="Document">The document.</param>
/// <param name="Since">When its version came into force, as far as the system has seen it (UTC); null before it has.</param>
/// <param name="ReviewDue">When the next review is due: the beginning of that local day (UTC); null where none is owed, or nothing is known that it could count from.</param>
/// <param name="IsStale">True from that instant on.</param>
/// <param name="Acknowledged">Who of its audience has acknowledged what it says, and when.</param>
/// <param name="Missing">Who of its audience has not.</param>
/// <param name="Deadlines">Until when each of them should have (UTC), by the id of the person: so long after they were asked. Whoever was not asked yet has none.</param>
/// <param name="Late">Who of them should have by now.</param>
/// <param name="Orphaned">Why nobody keeps it up or finds it; none where all is well.</param>
public sealed record DocumentStanding(
    KnowledgeDocument Document,
    DateTimeOffset? Since,
    DateTimeOffset? ReviewDue,
    bool IsStale,
    IReadOnlyList<DocumentAcknowledgement> Acknowledged,
    IReadOnlyList<Person> Missing,
    IReadOnlyDictionary<string, DateTimeOffset> Deadlines,
    IReadOnlyList<Person> Late,
    IReadOnlyList<string> Orphaned)
{
    /// <summary>An article that nobody looked at and no ticket was linked to for so long is not found, or not needed.</summary>
    public static readonly TimeSpan Unused = TimeSpan.FromDays(365);

    /// <summary>Until when the first of the missing should have acknowledged it (UTC); null where nobody is missing, or was asked yet.</summary>
    public DateTimeOffset? AcknowledgeBy => Deadlines.Count == 0 ? null : Deadlines.Values.Min();

    /// <summary>True where somebody should have acknowledged it by now.</summary>
    public bool IsLate => Late.Count > 0;

    /// <summary>Reckons it.</summary>
    /// <param name="plan">For people, roles, the zone and the policy.</param>
    /// <param name="document">The document, as it is now.</param>
    /// <param name="record">What is known of it; null where the system has not seen it yet.</param>
    /// <param name="now">The instant (UTC).</param>
    public static DocumentStanding Of(OperationsPlan plan, KnowledgeDocument document, DocumentRecord? record, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(document);
        var due = ReviewOf(plan, document, record, now);
        var audience = document.IsAcknowledged ? DocumentAudience.People(plan, document) : [];
        var (covering, since) = Covering(document, record);
        var said = audience.Select(person => record?.Acknowledgements.LastOrDefault(one => one.Person == person.Id && covering.Contains(one.Version))).ToList();
        List<Person> missing = [.. audience.Where((_, index) => said[index] is null)];

        // Asked before the version came into force, they were asked for an earlier time at which the same text was.
        var deadlines = (record?.Asked ?? []).Where(one => covering.Contains(one.Version) && one.At >= since && missing.Exists(person => person.Id == one.Person))
            .ToDictionary(static one => one.Person, one => one.At + plan.Knowledge.AcknowledgeWithin, StringComparer.Ordinal);
        return new DocumentStanding(
            document,
            record?.Versions.LastOrDefault(version => version.Version == document.Version)?.SeenAt,
            due,
            due <= now,
            [.. said.OfType<DocumentAcknowledgement>()],
            missing,
            deadlines,
            [.. missing.Where(person => deadlines.TryGetValue(person.Id, out var by) && by <= now)],
            [.. OrphanedBy(plan, document, record, now)]);
    }

    /// <summary>
    /// The versions whose acknowledgement counts for the one in force: itself; and where it is editorial the one before it, and so on. With the instant at which the
    /// first of them, which people had to read, came into force; null where the system has not seen the version in force yet.
    /// </summary>
    public static (IReadOnlySet<string> Versions, DateTimeOffset? Since) Covering(KnowledgeDocument document, DocumentRecord? record)
    {
        ArgumentNullException.ThrowIfNull(document);
        var covering = new HashSet<string>(StringComparer.Ordinal) { document.Version };
        var versions = record?.Versions ?? [];
        var isSeen = versions.Count > 0 && versions[^1].Version == document.Version;
        DateTimeOffset? since = isSeen ? versions[^1].SeenAt : null;
        var isEditorial = document.IsEditorial;
        for (var i = versions.Count - (isSeen ? 2 : 1); i >= 0 && isEditorial; i--)
        {
            _ = covering.Add(versions[i].Version);
            (since, isEditorial) = (versions[i].SeenAt, versions[i].IsEditorial);
        }

        return (covering, since);
    }

    private static DateTimeOffset? ReviewOf(OperationsPlan plan, KnowledgeDocument document, DocumentRecord? record, DateTimeOffset now)
    {
        if (document.Review is not { } period)
        {
            return null;
        }

        var zone = plan.System.TimeZone;
        var written = IsToCome(document, zone, now) ? null : document.Reviewed;
        var confirmed = record?.Reviews.Where(static review => review.Outcome == ReviewOutcome.Confirmed).MaxBy(static review => review.At);
        var confirmedOn = confirmed is null ? null : (LocalDate?)Date(confirmed.At, zone);
        var last = written is { } day && !(confirmedOn > day) ? day : confirmedOn;

        // What nobody has reviewed yet was looked at by whoever wrote it.
        last ??= record?.Versions.Count > 0 ? Date(record.Versions[0].SeenAt, zone) : null;
        var due = last is { } from ? (LocalDate?)period.After(from) : null;

        // That it must be changed makes it due at once, until it is confirmed, or the file says that it was reviewed since: on the same day only where it says something else by now.
        var found = record?.Reviews.FirstOrDefault(review => review.Outcome == ReviewOutcome.ChangeNeeded && !(review.At <= confirmed?.At)
            && !(Date(review.At, zone) is var on && (on < written || (on == written && review.Version != document.Version))));
        var wanted = found is null ? null : (LocalDate?)Date(found.At, zone);
        return (wanted < due || due is null ? wanted ?? due : due) is { } date ? zone.AtStartOfDay(date).ToInstant().ToDateTimeOffset() : null;
    }

    /// <summary>True where the file dates its last review after today: that is a slip, and would end the reviews without a word.</summary>
    private static bool IsToCome(KnowledgeDocument document, DateTimeZone zone, DateTimeOffset now) => document.Reviewed > Date(now, zone);

    private static IEnumerable<string> OrphanedBy(OperationsPlan plan, KnowledgeDocument document, DocumentRecord? record, DateTimeOffset now)
    {
        if (document.Owner is null)
        {
            yield return "Nobody owns it.";
        }
        else if (DocumentAudience.IsUnknown(plan, document.Owner))
        {
            yield return $"Its owner '{document.Owner}' is nobody of the plan.";
        }

        if (IsToCome(document, plan.System.TimeZone, now))
        {
            yield return $"Its last review is dated {document.Reviewed!.Value.ToString("uuuu-MM-dd", System.Globalization.CultureInfo.InvariantCulture)}, which is to come: it does not count.";
        }

        if (document is { Kind: DocumentKind.Article, Services.Count: 0, Keywords.Count: 0 })
        {
            yield return "It names no service and no keyword.";
        }

        if (document.Kind == DocumentKind.Article && record?.Versions.Count > 0 && now - record.Versions[0].SeenAt > Unused
            && !(now - record.ShownAt <= Unused) && !(now - record.LinkedAt <= Unused))
        {
            yield return "Nobody has read it or linked a ticket to it for a year.";
        }
    }

    private static LocalDate Date(DateTimeOffset at, DateTimeZone zone) => Instant.FromDateTimeOffset(at).InZone(zone).Date;
}
