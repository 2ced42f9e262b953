using System.Globalization;

namespace Maintenance.Assets.Vulnerabilities;

/// <summary>What must be done about a finding's ticket.</summary>
public abstract record FindingAct
{
    private FindingAct()
    {
    }

    /// <summary>A ticket is opened for it, or the one of this time is found.</summary>
    public sealed record Open : FindingAct;

    /// <summary>Its ticket says something more.</summary>
    /// <param name="Text">What.</param>
    /// <param name="IsWorse">True where it must be worked on again, whoever laid it aside.</param>
    public sealed record Tell(string Text, bool IsWorse = false) : FindingAct;

    /// <summary>Its ticket is solved.</summary>
    /// <param name="Text">Why.</param>
    public sealed record Solve(string Text) : FindingAct;
}

/// <summary>A finding after a review, and what its ticket must hear.</summary>
/// <param name="Finding">The finding.</param>
/// <param name="Acts">In order; none where nothing changed that anybody need hear of.</param>
public sealed record FindingChange(Finding Finding, IReadOnlyList<FindingAct> Acts);

/// <summary>What becomes of findings as advisories and the inventory change. Pure.</summary>
public static class FindingRules
{
    /// <summary>A vulnerability that is seen for the first time.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="seen">What the review saw.</param>
    /// <param name="due">Until when it is to be gone, or null.</param>
    /// <param name="now">The instant (UTC).</param>
    public static FindingChange First(string id, Sighting seen, RemediationDue? due, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(seen);
        var finding = Due(new Finding(id, seen, FindingState.Open, now), due);
        return new(finding.Noted(now, Finding.Nobody, $"{seen.Title} affects {seen.Name} {List(seen.Versions)}.{DueText(finding)}"), [new FindingAct.Open()]);
    }

    /// <summary>One that is known is seen again.</summary>
    /// <param name="before">As it was.</param>
    /// <param name="seen">What the review saw.</param>
    /// <param name="due">Until when it is to be gone, counted from <see cref="CountsFrom"/>; or null.</param>
    /// <param name="now">The instant (UTC).</param>
    public static FindingChange Again(Finding before, Sighting seen, RemediationDue? due, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(seen);
        if (before.State == FindingState.Fixed)
        {
            var back = Due(before with { Seen = seen, State = FindingState.Open, KnownAt = now, FixedAt = null, Times = before.Times + 1, Ticket = null, Waiver = null }, due);
            return new(back.Noted(now, Finding.Nobody, $"It is back: {seen.Name} {List(seen.Versions)} is affected again.{DueText(back)}"), [new FindingAct.Open()]);
        }

        var after = Due(before with { Seen = seen }, due);
        List<string> news = [];
        var joined = seen.Names.Except(before.Seen.Names, StringComparer.OrdinalIgnoreCase).ToList();
        if (joined.Count > 0)
        {
            news.Add($"It is also known as {List(joined)}.");
        }

        if (seen.IsExploited && !before.Seen.IsExploited)
        {
            news.Add($"CISA knows that it is exploited{(seen.IsUsedByRansomware ? ", by ransomware too" : "")}.");
        }
        else if (seen.IsUsedByRansomware && !before.Seen.IsUsedByRansomware)
        {
            news.Add("CISA knows that ransomware uses it.");
        }

        var isWorse = Rank(seen.Severity) > Rank(before.Seen.Severity);
        if (seen.Severity != before.Seen.Severity)
        {
            news.Add($"Its severity is {Word(seen.Severity)} now; it was {Word(before.Seen.Severity)}.");
        }

        if (!seen.Versions.SequenceEqual(before.Seen.Versions, StringComparer.Ordinal))
        {
            news.Add($"In use and affected now: {List(seen.Versions)}.");
        }

        if (!seen.FixedIn.SequenceEqual(before.Seen.FixedIn, StringComparer.Ordinal) && seen.FixedIn.Count > 0)
        {
            news.Add($"Fixed in {List(seen.FixedIn)}.");
        }

        if (after.DueAt != before.DueAt)
        {
            news.Add(after.DueAt is null ? "It is not due any more." : before.DueAt is null || after.DueAt < before.DueAt ? $"It is due earlier: by {after.DueOn}." : $"It is due later: by {after.DueOn}.");
        }

        // What was accepted was a smaller evil: people who approved it must see it again.
        isWorse |= seen.IsExploited && !before.Seen.IsExploited;
        if (isWorse && after.Waiver is { State: WaiverState.Asked or WaiverState.Granted } waiver)
        {
            after = after with { Waiver = waiver with { State = WaiverState.Void } };
            news.Add("Its waiver is void: it is worse than what was accepted.");
        }

        if (news.Count == 0)
        {
            // The plan may have begun to ask for tickets since.
            return new(after, after.Ticket is null ? [new FindingAct.Open()] : []);
        }

        var text = string.Join(' ', news);
        return new(after.Noted(now, Finding.Nobody, text), [new FindingAct.Open(), new FindingAct.Tell(text, isWorse)]);
    }

    /// <summary>One that is known is not seen any more.</summary>
    /// <param name="before">As it was.</param>
    /// <param name="why">What made it so.</param>
    /// <param name="now">The instant (UTC).</param>
    public static FindingChange Gone(Finding before, string why, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(before);
        if (before.State == FindingState.Fixed)
        {
            return new(before, []);
        }

        var waiver = before.Waiver is { State: WaiverState.Asked or WaiverState.Granted } held ? held with { State = WaiverState.Void } : before.Waiver;
        return new((before with { State = FindingState.Fixed, FixedAt = now, Waiver = waiver }).Noted(now, Finding.Nobody, why), [new FindingAct.Solve(why)]);
    }

    /// <summary>From when the days of the policy count: since it is known, or now where it was fixed and is back.</summary>
    public static DateTimeOffset CountsFrom(Finding? before, DateTimeOffset now) => before is { State: FindingState.Open } ? before.KnownAt : now;

    /// <summary>The severity in a word.</summary>
    public static string Word(Severity? severity) => severity?.ToString().ToLowerInvariant() ?? "unknown";

    /// <summary>Which is worse: what nobody knows counts as medium.</summary>
    public static int Rank(Severity? severity) => (int)(severity ?? Severity.Medium);

    private static Finding Due(Finding finding, RemediationDue? due) => finding with
    {
        DueAt = due?.At,
        DueOn = due?.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DueBy = due?.Basis,
    };

    private static string DueText(Finding finding) =>
        finding.DueOn is null ? "" : $" It is to be gone by {finding.DueOn}{(finding.DueBy == RemediationBasis.KnownExploited ? ", as CISA asks" : "")}.";

    private static string List(IReadOnlyCollection<string> items) => items.Count <= 10 ? string.Join(", ", items) : $"{string.Join(", ", items.Take(10))} and {items.Count - 10} more";
}
