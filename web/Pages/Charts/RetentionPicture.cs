using System.Globalization;
using Maintenance.Backups.Retention;
using NodaTime;
using NodaTime.Extensions;

namespace Maintenance.Web.Pages.Charts;

/// <summary>A mark in a lane: a snapshot, or several that would lie on one another.</summary>
/// <param name="X">Where, in units of the picture.</param>
/// <param name="Count">How many snapshots.</param>
/// <param name="Text">Which, and for what.</param>
public sealed record RetentionMark(double X, int Count, string Text);

/// <summary>A row of marks: all that one rule keeps, or all that goes.</summary>
/// <param name="Name">The rule, in a word.</param>
/// <param name="IsDropped">True for what nothing keeps.</param>
/// <param name="IsHeld">True for what somebody holds.</param>
/// <param name="Marks">The newest first.</param>
public sealed record RetentionLane(string Name, bool IsDropped, bool IsHeld, IReadOnlyList<RetentionMark> Marks);

/// <summary>A line across all lanes.</summary>
/// <param name="X">Where.</param>
/// <param name="Text">How long ago that is.</param>
public sealed record RetentionTick(double X, string Text);

/// <summary>
/// Snapshots placed on time, now at the right, a lane for each reason to keep one and one for what goes. Rules keep many young snapshots and few old ones over years:
/// the further back, the closer together is the scale (the logarithm of the age).
/// </summary>
/// <param name="Lanes">Those with a mark, in the order of the rules.</param>
/// <param name="Ticks">From now back.</param>
public sealed record RetentionPicture(IReadOnlyList<RetentionLane> Lanes, IReadOnlyList<RetentionTick> Ticks)
{
    /// <summary>Marks that are nearer than this would lie on one another.</summary>
    private const double Apart = 9;

    private static readonly (double Hours, string Text)[] Marked =
        [(0, "now"), (1, "1 h"), (6, "6 h"), (24, "1 d"), (72, "3 d"), (168, "1 w"), (720, "1 mo"), (2190, "3 mo"), (8766, "1 y"), (26_298, "3 y"), (87_660, "10 y")];

    /// <summary>The picture of a decision.</summary>
    /// <param name="decision">What stays and what goes.</param>
    /// <param name="now">The instant of the decision (UTC).</param>
    /// <param name="zone">The plan's zone, for the texts.</param>
    /// <param name="left">Where the oldest lies.</param>
    /// <param name="right">Where now is.</param>
    public static RetentionPicture Of(RetentionDecision decision, DateTimeOffset now, DateTimeZone zone, double left, double right)
    {
        ArgumentNullException.ThrowIfNull(decision);
        ArgumentNullException.ThrowIfNull(zone);
        var oldest = decision.Kept.Select(static one => one.At).Concat(decision.Dropped.Select(static one => one.At)).DefaultIfEmpty(now).Min();
        var most = Math.Max(Scale(Hours(oldest)), Scale(1));
        var kept = decision.Kept
            .SelectMany(static one => one.Reasons.Select(reason => (one.At, Lane: NameOf(reason.Rule), Order: (int)reason.Rule, Text: reason.Text)))
            .GroupBy(static mark => mark.Lane, StringComparer.Ordinal)
            .OrderBy(static lane => lane.Min(static mark => mark.Order))
            .Select(lane => new RetentionLane(lane.Key, false, lane.Key == NameOf(KeepRule.Held), Marks(lane.Select(static mark => (mark.At, mark.Text)))));
        var dropped = Marks(decision.Dropped.Select(static one => (one.At, string.Join("; ", one.Reasons.Select(static reason => reason.Text)))));
        return new RetentionPicture(
            [.. kept, .. dropped.Count > 0 ? [new RetentionLane("goes", true, false, dropped)] : Array.Empty<RetentionLane>()],
            [.. Marked.Where(tick => Scale(tick.Hours) <= most).Select(tick => new RetentionTick(X(tick.Hours), tick.Text))]);

        double Hours(DateTimeOffset at) => Math.Max(0, (now - at).TotalHours);
        double X(double hours) => right - ((right - left) * Scale(hours) / most);

        List<RetentionMark> Marks(IEnumerable<(DateTimeOffset At, string Text)> all)
        {
            var marks = new List<RetentionMark>();
            foreach (var (at, text) in all.OrderByDescending(static one => one.At))
            {
                var x = X(Hours(at));
                if (marks.Count > 0 && marks[^1].X - x < Apart)
                {
                    marks[^1] = marks[^1] with { Count = marks[^1].Count + 1 };
                }
                else
                {
                    marks.Add(new RetentionMark(x, 1, $"{at.ToInstant().InZone(zone).ToString("ddd d MMM uuuu HH:mm", CultureInfo.InvariantCulture)}: {text}"));
                }
            }

            return [.. marks.Select(static mark => mark.Count == 1 ? mark : mark with { Text = $"{mark.Count} snapshots, the newest {mark.Text}" })];
        }
    }

    /// <summary>A rule in a word or two.</summary>
    public static string NameOf(KeepRule rule) => rule switch
    {
        KeepRule.Last => "newest",
        KeepRule.Minimum => "minimum",
        KeepRule.NewestProven or KeepRule.NewerThanProven or KeepRule.NothingProven => "safety",
        KeepRule.Held => "held",
        KeepRule.InFuture => "future",
        KeepRule.NoRules => "no rules",
        _ => rule.ToString().ToLowerInvariant(),
    };

    private static double Scale(double hours) => Math.Log2(1 + hours);
}
