using System.Security.Cryptography;
using System.Text;
using Maintenance.Plan;
using Maintenance.Time;

namespace Maintenance.Calendars;

/// <summary>
/// The maintenance calendar as an iCalendar feed. A feed lies in calendar programs, and on the servers of whoever makes them: it never says who is away, or why. Pure.
/// </summary>
public static class CalendarFeed
{
    /// <summary>Programs are asked to look again after this time.</summary>
    public static readonly TimeSpan Refresh = TimeSpan.FromHours(4);

    /// <summary>The feed.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="work">What is planned.</param>
    /// <param name="stamp">When the feed is made (UTC).</param>
    /// <param name="link">Makes a whole address of a path; null for a feed without addresses.</param>
    public static string Write(OperationsPlan plan, PlannedWork work, DateTimeOffset stamp, Func<string, Uri>? link)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(work);
        var host = Host(plan.System.Name);
        return IcsWriter.Write(
            $"{plan.System.Name}: maintenance",
            Refresh,
            stamp,
            work.Entries.Select(entry => entry.Kind == CalendarEntryKind.Absence ? Anonymous(plan, entry) : entry).Select(entry => new IcsEntry($"{entry.Key}@{host}", entry.Title)
            {
                From = entry.From,
                To = entry.To,
                Start = entry.Start,
                End = entry.End,
                Description = entry.Detail,
                Category = entry.Kind.ToString(),
                Link = entry.Link is { } path ? link?.Invoke(path) : null,
                IsBusy = entry.Kind == CalendarEntryKind.Rollout,
            }));
    }

    /// <summary>That somebody of a team is away is what planning needs; who it is stays in the plan. Not even the id can be read back by whoever does not know it.</summary>
    private static CalendarEntry Anonymous(OperationsPlan plan, CalendarEntry entry)
    {
        var teams = plan.Teams.Where(team => team.Members.Contains(entry.Person!)).Select(static team => team.Name).ToList();
        return entry with
        {
            Key = "absence-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(entry.Key)))[..24],
            Title = teams.Count == 0 ? "One person is away" : $"One person is away: {string.Join(", ", teams)}",
            Detail = null,
            Person = null,
        };
    }

    /// <summary>Two systems' feeds in one program must not share a UID.</summary>
    private static string Host(string system)
    {
        var name = string.Concat(system.Select(static letter => char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '-')).Trim('-');
        return (name.Length == 0 ? "system" : name) + ".maintenance.invalid";
    }
}
