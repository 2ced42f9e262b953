using Maintenance.Recovery;

namespace Maintenance.Web.Pages.Charts;

/// <summary>A step's place in the picture, in the picture's own units.</summary>
/// <param name="Step">Its id.</param>
/// <param name="X">Its left side.</param>
/// <param name="Y">Its upper side.</param>
public sealed record DiagramNode(string Step, double X, double Y);

/// <summary>A line from a step to one that comes after it.</summary>
/// <param name="From">The id of the one.</param>
/// <param name="To">The id of the other.</param>
/// <param name="Lanes">The points that it passes straight through: from the right side of the one, along a lane of each column between, to the left side of the other.</param>
public sealed record DiagramEdge(string From, string To, IReadOnlyList<DiagramPoint> Lanes);

/// <summary>A point of a line.</summary>
public sealed record DiagramPoint(double X, double Y);

/// <summary>
/// Where steps and the lines between them are drawn: a column for each wave, from left to right, so that each line goes forward; a line that passes a column has a lane of
/// its own there, so that it never runs behind a step. Pure.
/// </summary>
/// <param name="Width">Of the picture.</param>
/// <param name="Height">Of the picture.</param>
/// <param name="Nodes">The steps, column by column.</param>
/// <param name="Edges">The lines.</param>
public sealed record StepDiagram(double Width, double Height, IReadOnlyList<DiagramNode> Nodes, IReadOnlyList<DiagramEdge> Edges)
{
    /// <summary>How wide a step is drawn.</summary>
    public const double NodeWidth = 160;

    /// <summary>How high a step is drawn.</summary>
    public const double NodeHeight = 104;

    /// <summary>Room between two columns.</summary>
    public const double ColumnGap = 34;

    private const double RowGap = 16;
    private const double LaneHeight = 10;
    private const double Margin = 6;

    /// <summary>The picture of steps, which have no cycle and come after known ones only.</summary>
    public static StepDiagram Of(IReadOnlyList<RecoveryStep> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        var waves = StepGraph.Waves(steps);
        var column = waves.SelectMany(static (wave, at) => wave.Select(id => (id, at))).ToDictionary(static one => one.id, static one => one.at, StringComparer.Ordinal);
        var links = steps.SelectMany(static step => step.After.Distinct().Select(before => (From: before, To: step.Id))).ToList();

        // In each column its steps, and a lane for each line that passes it.
        var columns = waves.Select(static wave => wave.Select(static id => new Slot(id, null)).ToList()).ToList();
        foreach (var (from, to) in links)
        {
            for (var at = column[from] + 1; at < column[to]; at++)
            {
                columns[at].Add(new Slot(null, (from, to)));
            }
        }

        // Near to what they come from: by the mean place of that in the columns before, so that few lines cross.
        var place = new Dictionary<Slot, double>();
        foreach (var slots in columns)
        {
            var ordered = slots.Select((slot, at) => (slot, at, wish: Wish(slot, at))).OrderBy(static one => one.wish).ThenBy(static one => one.at).Select(static one => one.slot).ToList();
            slots.Clear();
            slots.AddRange(ordered);
            var middle = (slots.Count - 1) / 2.0;
            for (var at = 0; at < slots.Count; at++)
            {
                place[slots[at]] = at - middle;
            }
        }

        var height = columns.Select(HeightOf).DefaultIfEmpty(0).Max() + (2 * Margin);
        var (nodes, lanes) = (new List<DiagramNode>(), new Dictionary<(string From, string To, int Column), double>());
        for (var at = 0; at < columns.Count; at++)
        {
            var y = (height - HeightOf(columns[at])) / 2;
            foreach (var slot in columns[at])
            {
                if (slot.Step is { } step)
                {
                    nodes.Add(new DiagramNode(step, XOf(at), y));
                }
                else
                {
                    lanes[(slot.Link!.Value.From, slot.Link.Value.To, at)] = y + (LaneHeight / 2);
                }

                y += (slot.Step is null ? LaneHeight : NodeHeight) + RowGap;
            }
        }

        var byId = nodes.ToDictionary(static node => node.Step, StringComparer.Ordinal);
        return new StepDiagram(Math.Max(0, (waves.Count * (NodeWidth + ColumnGap)) - ColumnGap) + (2 * Margin), height, nodes, [.. links.Select(Edge)]);

        double Wish(Slot slot, int at)
        {
            // A line that passes goes on in the lane that it had in the column before.
            IEnumerable<Slot> before = slot.Link is { } passing
                ? [place.ContainsKey(slot) ? slot : new Slot(passing.From, null)]
                : links.Where(link => link.To == slot.Step).Select(link => column[link.To] - column[link.From] > 1 ? new Slot(null, link) : new Slot(link.From, null));
            var known = before.Where(place.ContainsKey).Select(one => place[one]).ToList();
            return known.Count == 0 ? at : known.Average();
        }

        DiagramEdge Edge((string From, string To) link)
        {
            var (from, to) = (byId[link.From], byId[link.To]);
            var points = new List<DiagramPoint> { new(from.X + NodeWidth, from.Y + (NodeHeight / 2)) };
            for (var at = column[link.From] + 1; at < column[link.To]; at++)
            {
                var y = lanes[(link.From, link.To, at)];
                points.Add(new DiagramPoint(XOf(at), y));
                points.Add(new DiagramPoint(XOf(at) + NodeWidth, y));
            }

            points.Add(new DiagramPoint(to.X, to.Y + (NodeHeight / 2)));
            return new DiagramEdge(link.From, link.To, points);
        }
    }

    private static double XOf(int column) => Margin + (column * (NodeWidth + ColumnGap));

    private static double HeightOf(List<Slot> slots) => slots.Sum(static slot => slot.Step is null ? LaneHeight : NodeHeight) + (Math.Max(0, slots.Count - 1) * RowGap);

    /// <summary>A step, or a line that passes: in every column the same of that line.</summary>
    private sealed record Slot(string? Step, (string From, string To)? Link);
}
