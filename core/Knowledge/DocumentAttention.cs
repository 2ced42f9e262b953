using Maintenance.Plan;
using Maintenance.Status;
using Maintenance.Time;

namespace Maintenance.Knowledge;

/// <summary>What documents want of one person. Pure.</summary>
public static class DocumentAttention
{
    /// <summary>So many are named one by one.</summary>
    private const int MostNamed = 5;

    /// <summary>SOPs to acknowledge, and of what they own what is to be reviewed and who is late.</summary>
    /// <param name="person">Who looks.</param>
    /// <param name="documents">All documents.</param>
    /// <param name="now">The instant (UTC).</param>
    public static IReadOnlyList<AttentionItem> Of(Person person, IReadOnlyList<DocumentLine> documents, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(documents);
        return
        [
            .. Few(documents.Where(line => line.Standing.Missing.Any(missing => missing.Id == person.Id)), line => Ask(line.Standing, person, now), "procedures to acknowledge", "/documents?state=mine"),
            .. Few(documents.Where(line => line.Standing.IsStale && DocumentAudience.IsOwner(line.Document, person)), line => Review(line.Standing, now), "documents of yours to review", "/documents?state=stale"),
            .. Few(documents.Where(line => line.Standing.IsLate && DocumentAudience.IsOwner(line.Document, person)), static line => Late(line.Standing), "procedures of yours that not all have acknowledged", "/documents?state=late"),
        ];
    }

    private static IEnumerable<AttentionItem> Few(IEnumerable<DocumentLine> lines, Func<DocumentLine, AttentionItem> say, string what, string path)
    {
        var all = lines.ToList();
        return all.Count <= MostNamed ? all.Select(say) : [.. all.Take(MostNamed - 1).Select(say), new AttentionItem(AttentionSeverity.Action, $"{all.Count - MostNamed + 1} more {what}", path)];
    }

    private static AttentionItem Ask(DocumentStanding standing, Person person, DateTimeOffset now) =>
        standing.Deadlines.TryGetValue(person.Id, out var by) && by <= now
            ? new(AttentionSeverity.Warning, $"Read and acknowledge, {Durations.Rough(now - by)} late: {standing.Document.Title}", "/documents/" + standing.Document.Id)
            : new(AttentionSeverity.Action, $"Read and acknowledge: {standing.Document.Title}", "/documents/" + standing.Document.Id);

    private static AttentionItem Review(DocumentStanding standing, DateTimeOffset now) =>
        new(AttentionSeverity.Action, $"Review {standing.Document.Title}, due {(now - standing.ReviewDue!.Value is var late && late < TimeSpan.FromDays(1) ? "today" : $"{(int)late.TotalDays}d ago")}", "/documents/" + standing.Document.Id);

    private static AttentionItem Late(DocumentStanding standing) =>
        new(AttentionSeverity.Action, $"{standing.Late.Count} of {standing.Missing.Count + standing.Acknowledged.Count} have not acknowledged {standing.Document.Title} in time", "/documents/" + standing.Document.Id);
}
