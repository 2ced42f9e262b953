using Maintenance.Assets.Lifecycle;
using Maintenance.Assets.Vulnerabilities;
using Maintenance.Plan;
using Maintenance.Status;
using NodaTime;

namespace Maintenance.Assets;

/// <summary>What needs a person of components. Pure.</summary>
public static class AssetAttention
{
    /// <summary>So many of a kind are named; the page has the others.</summary>
    public const int Most = 5;

    /// <summary>So many days before its end a support is near.</summary>
    public const int Soon = 30;

    /// <summary>Overdue vulnerabilities and ends of support.</summary>
    /// <param name="overdue">Findings whose last day is over.</param>
    /// <param name="ending">Components whose support ends soon, or is over.</param>
    /// <param name="today">The local date of the plan's zone.</param>
    public static IEnumerable<AttentionItem> Of(IReadOnlyList<Finding> overdue, IReadOnlyList<AssetLine> ending, LocalDate today)
    {
        ArgumentNullException.ThrowIfNull(overdue);
        ArgumentNullException.ThrowIfNull(ending);
        foreach (var finding in overdue.Take(Most))
        {
            yield return new(AttentionSeverity.Alarm, $"{finding.Seen.Title} in {finding.Seen.Name} was to be gone by {finding.DueOn}{(finding.Seen.IsExploited ? ", and is exploited" : "")}.", "/vulnerabilities/" + finding.Id);
        }

        if (overdue.Count > Most)
        {
            yield return new(AttentionSeverity.Alarm, "More vulnerabilities are overdue.", "/vulnerabilities");
        }

        foreach (var line in ending.Take(Most))
        {
            var left = line.EndDate is { } end ? Period.DaysBetween(today, end) : -1;
            yield return line.EndDate is null ? new(AttentionSeverity.Alarm, $"{line.Name} {line.VersionText} has no support any more.", "/components/" + line.Id)
                : left < 0
                ? new(AttentionSeverity.Alarm, $"{line.Name} {line.VersionText} has had no support since {line.SupportEnds}.", "/components/" + line.Id)
                : new(AttentionSeverity.Warning, $"The support of {line.Name} {line.VersionText} ends {(left == 0 ? "today" : $"in {left} {(left == 1 ? "day" : "days")}")}.", "/components/" + line.Id);
        }

        if (ending.Count > Most)
        {
            yield return new(AttentionSeverity.Warning, "The support of more components ends soon, or is over.", "/assets");
        }
    }

    /// <summary>Waivers that wait for a person's vote.</summary>
    public static IEnumerable<AttentionItem> Waivers(Person person, IEnumerable<Finding> waiting, WaiverPolicy? policy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(waiting);
        return from finding in waiting
               where finding.Waiver is { State: WaiverState.Asked } waiver && now < waiver.Until && WaiverRules.MayVote(finding, policy, person) is null && waiver.Votes.All(vote => vote.Person != person.Id)
               select new AttentionItem(AttentionSeverity.Action, $"Your vote on accepting {finding.Seen.Title} in {finding.Seen.Name} ({finding.Waiver!.Approvals} of {WaiverPolicy.Quorum} approvals)", "/vulnerabilities/" + finding.Id);
    }
}
