using Maintenance.Recovery;
using Maintenance.Tests.Rules;
using Maintenance.Web.Pages;
using Maintenance.Web.Pages.Charts;

namespace Maintenance.Tests.Web;

/// <summary>Where the steps of a recovery are drawn.</summary>
public sealed class StepDiagramTests
{
    [Fact]
    public void No_two_steps_overlap_all_lie_in_the_picture_and_each_is_there_once() => Law.Holds(RandomSteps.Graphs, 1500, static steps =>
    {
        var diagram = StepDiagram.Of(steps);
        Assert.Equal(steps.Select(static step => step.Id).Order(), diagram.Nodes.Select(static node => node.Step).Order());
        Assert.All(diagram.Nodes, node =>
        {
            Assert.InRange(node.X, 0, diagram.Width - StepDiagram.NodeWidth);
            Assert.InRange(node.Y, 0, diagram.Height - StepDiagram.NodeHeight);
        });
        foreach (var (one, at) in diagram.Nodes.Select(static (node, at) => (node, at)))
        {
            Assert.DoesNotContain(diagram.Nodes.Skip(at + 1), other => Math.Abs(one.X - other.X) < StepDiagram.NodeWidth && Math.Abs(one.Y - other.Y) < StepDiagram.NodeHeight);
        }
    });

    [Fact]
    public void Every_line_is_there_goes_forward_and_runs_behind_no_step() => Law.Holds(RandomSteps.Graphs, 1500, static steps =>
    {
        var diagram = StepDiagram.Of(steps);
        Assert.Equal(steps.SelectMany(static step => step.After.Select(before => $"{before}>{step.Id}")).Order(), diagram.Edges.Select(static edge => $"{edge.From}>{edge.To}").Order());
        foreach (var edge in diagram.Edges)
        {
            var (from, to) = (diagram.Nodes.Single(node => node.Step == edge.From), diagram.Nodes.Single(node => node.Step == edge.To));
            Assert.Equal((from.X + StepDiagram.NodeWidth, from.Y + (StepDiagram.NodeHeight / 2)), (edge.Lanes[0].X, edge.Lanes[0].Y));
            Assert.Equal((to.X, to.Y + (StepDiagram.NodeHeight / 2)), (edge.Lanes[^1].X, edge.Lanes[^1].Y));
            for (var at = 1; at < edge.Lanes.Count; at++)
            {
                var (left, right) = (edge.Lanes[at - 1], edge.Lanes[at]);
                Assert.True(right.X > left.X, $"{edge.From}>{edge.To} goes back");

                // Bows lie in the gaps between columns; within a column a line is straight, and beside the steps.
                Assert.True(right.X - left.X <= StepDiagram.ColumnGap || right.Y == left.Y, "a bow over a column");
                Assert.DoesNotContain(
                    diagram.Nodes, node => right.X - left.X > StepDiagram.ColumnGap && node.X < right.X && node.X + StepDiagram.NodeWidth > left.X && node.Y < left.Y && node.Y + StepDiagram.NodeHeight > left.Y);
            }
        }

        // Two lines that pass the same column do not lie on one another.
        var lanes = diagram.Edges.SelectMany(static edge => edge.Lanes.Skip(1).SkipLast(1).Select(point => (point.X, point.Y))).ToList();
        Assert.Equal(lanes.Count, lanes.Distinct().Count());
    });

    [Fact]
    public void A_chain_is_a_row_and_what_may_run_together_stands_in_one_column()
    {
        var chain = StepDiagram.Of([RandomSteps.Step("a", 1), RandomSteps.Step("b", 1, "a"), RandomSteps.Step("c", 1, "b")]);
        Assert.Single(chain.Nodes.Select(static node => node.Y).Distinct());
        Assert.Equal(["a", "b", "c"], chain.Nodes.OrderBy(static node => node.X).Select(static node => node.Step));
        var side = StepDiagram.Of([RandomSteps.Step("a", 1), RandomSteps.Step("b", 1), RandomSteps.Step("c", 1, "a", "b")]);
        Assert.Equal(2, side.Nodes.Select(static node => node.X).Distinct().Count());
        Assert.Equal((0, 0), (StepDiagram.Of([]).Nodes.Count, StepDiagram.Of([]).Edges.Count));
    }

    [Theory]
    [InlineData("Restore it", 20, 2, "Restore it")]
    [InlineData("Compare the last entries with the paper forms", 20, 2, "Compare the last|entries with the pa…")]
    [InlineData("Antidisestablishmentarianism", 20, 2, "Antidisestablishment|arianism")]
    [InlineData("one two", 3, 2, "one|two")]
    [InlineData("one two three", 3, 2, "one|tw…")]
    [InlineData("   ", 20, 2, "")]
    [InlineData("long owner", 5, 1, "long…")]
    public void A_name_is_cut_at_blanks_where_it_can_be(string text, int width, int most, string lines)
    {
        var wrapped = StepWords.Wrap(text, width, most);
        Assert.Equal(lines, string.Join('|', wrapped));
        Assert.All(wrapped, line => Assert.InRange(line.Length, 1, width));
    }

    [Fact]
    public void Every_state_has_a_mark_of_its_own_and_a_word_of_its_own()
    {
        var states = Enum.GetValues<RecoveryStepState>();
        Assert.Equal(states.Length, states.Select(StepWords.Mark).Distinct().Count());
        Assert.Equal(states.Length, states.Select(StepWords.Word).Distinct().Count());
    }
}
