using System.Diagnostics;
using System.Text;
using Maintenance.Plan;

namespace Maintenance.Tests.Plan;

/// <summary>Texts that are no plan at all, and texts made to hurt whoever reads them.</summary>
public sealed class PlanYamlTests
{
    private static readonly TimeSpan Quickly = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("# nothing yet\n")]
    public void An_empty_file_is_told_how_to_begin(string yaml) =>
        Assert.Equal(Error(1, 1, "the file is empty.", "Begin with system: and its keys."), Only(yaml));

    [Theory]
    [InlineData("- system\n- people\n")]
    [InlineData("just a text\n")]
    public void A_file_that_is_not_a_mapping_is_told_how_to_begin(string yaml) =>
        Assert.Equal(Error(1, 1, "the file is not a mapping (key: value lines).", "Begin with system: and its keys."), Only(yaml));

    [Fact]
    public void An_empty_mapping_lacks_every_required_section()
    {
        var problems = SmallPlan.Load("{}").Problems;

        Assert.Equal(
            ["system", "people", "calendars", "services", "priorities", "serviceLevels", "patching", "support"],
            problems.Select(static problem => problem.Path));
        Assert.All(problems, static problem => Assert.Equal((1, 1), (problem.Line, problem.Column)));
    }

    [Fact]
    public void A_second_document_is_reported_where_it_begins()
    {
        var yaml = SmallPlan.Yaml + "---\nsystem:\n  name: Another\n";
        var (line, column) = SmallPlan.Place(yaml, "|system:\n  name: Another");

        Assert.Equal(Error(line, column, "the file has 2 YAML documents.", "A plan is one document; remove the lines that are ---."), Only(yaml));
    }

    [Fact]
    public void A_key_that_stands_twice_is_reported_at_its_second_place()
    {
        var yaml = SmallPlan.With("    rto: 4h\n", "    rto: 4h\n    rto: 5h\n");
        var problem = Only(yaml);

        Assert.Equal(SmallPlan.Place(yaml, "    |rto: 5h"), (problem.Line, problem.Column));
        Assert.Contains("uplicate key", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_quote_that_is_never_closed_is_reported_as_bad_YAML()
    {
        var yaml = SmallPlan.With("name: Ann Adhola", "name: \"Ann Adhola");
        var problem = Only(yaml);

        Assert.StartsWith("the file is not YAML: ", problem.Message, StringComparison.Ordinal);
        Assert.InRange(problem.Line, 8, Lines(yaml));
    }

    [Fact]
    public void A_tab_as_indentation_is_reported_in_its_line()
    {
        var problem = Only(SmallPlan.With("    rto: 4h\n", "\trto: 4h\n"));

        Assert.StartsWith("the file is not YAML: ", problem.Message, StringComparison.Ordinal);
        Assert.Equal((27, 1), (problem.Line, problem.Column));
        Assert.Equal("Indent with spaces; YAML takes no tabs.", problem.Hint);
    }

    [Fact]
    public void An_alias_of_nothing_is_reported_where_it_stands()
    {
        var yaml = SmallPlan.With("impact: one, urgency", "impact: *one, urgency");
        var problem = Only(yaml);

        Assert.Equal(SmallPlan.Place(yaml, "impact: |*one"), (problem.Line, problem.Column));
        Assert.Equal("the alias '*one' stands for nothing.", problem.Message);
    }

    [Fact]
    public void Anchors_and_aliases_may_share_a_list_of_holidays()
    {
        var yaml = SmallPlan.Replace(
            SmallPlan.With("holidays:", "holidays: &closed"),
            "services:\n",
            "  - id: hotline\n    hours:\n      - { days: [sat], spans: [22:00-06:00] }\n    holidays: *closed\nservices:\n");
        var load = SmallPlan.Load(yaml);

        Assert.Empty(load.Problems);
        Assert.Equal(load.Plan!.Calendars[0].Holidays, load.Plan.Calendars[1].Holidays);
    }

    [Fact]
    public void A_byte_order_mark_and_line_ends_of_Windows_change_nothing() =>
        Assert.Empty(SmallPlan.Load("\uFEFF" + SmallPlan.Yaml.ReplaceLineEndings("\r\n")).Problems);

    [Theory]
    [InlineData('\u0000')]
    [InlineData('\u0007')]
    [InlineData('\u0085')]
    [InlineData('\u2028')]
    [InlineData('\uFEFF')]
    [InlineData('\uD83D')]
    [InlineData('\uDE00')]
    public void A_character_that_nobody_sees_is_reported_where_it_hides(char odd)
    {
        var yaml = SmallPlan.With("name: Ann Adhola", $"name: \U0001F600 Ann{odd}Adhola");

        Assert.Equal(Error(8, 17, $"the character U+{(int)odd:X4} has no place in a plan.", "It cannot be seen: delete it, or write the line again."), Only(yaml));
    }

    [Theory]
    [InlineData("[support,\ndba]")]
    [InlineData("!!]")]
    public void Text_at_which_the_YAML_reader_breaks_off_is_an_error_and_not_an_exception(string value)
    {
        var problem = Only(SmallPlan.With("roles: [support, dba]", $"roles: {value}"));

        Assert.Contains("not YAML", problem.Message, StringComparison.Ordinal);
        Assert.Equal(13, problem.Line);
    }

    [Fact]
    public void A_file_of_two_megabytes_is_refused_unread()
    {
        var yaml = SmallPlan.Yaml + new string('#', 2 * 1024 * 1024);

        Assert.Equal(Error(1, 1, $"the file has {yaml.Length} characters.", $"A plan has at most {PlanFile.MaxCharacters}."), Only(yaml));
    }

    [Fact]
    public void A_plan_of_the_greatest_size_is_read()
    {
        var yaml = SmallPlan.Yaml + "#" + new string('x', PlanFile.MaxCharacters - SmallPlan.Yaml.Length - 1);

        Assert.Empty(SmallPlan.Load(yaml).Problems);
    }

    [Fact]
    public void Aliases_that_stand_for_a_billion_values_are_refused_quickly()
    {
        var yaml = new StringBuilder("l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var level = 1; level <= 12; level++)
        {
            _ = yaml.Append(null, $"l{level}: &l{level} [{string.Join(", ", Enumerable.Repeat($"*l{level - 1}", 10))}]\n");
        }

        var problem = Within(yaml.ToString());

        Assert.Equal("the file has more than 100000 values, an alias counted as what it stands for.", problem.Message);
        Assert.Equal(5, problem.Line);
    }

    [Fact]
    public void Aliases_inside_the_shape_of_a_plan_cannot_multiply_its_work_either()
    {
        // 600 calendars, each of 600 lines of hours, each of 600 spans.
        var spans = "spans: [" + string.Join(", ", Enumerable.Repeat("08:00-09:00", 600)) + "]";
        var hours = $"hours: [&h {{ days: [mon], {spans} }}, {string.Join(", ", Enumerable.Repeat("*h", 599))}]";
        var yaml = $"calendars:\n  - &c\n    id: office\n    {hours}\n{string.Concat(Enumerable.Repeat("  - *c\n", 599))}";

        Assert.StartsWith("the file has more than 100000 values", Within(yaml).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("people: &a [*a]\n")]
    [InlineData("people: &a { x: [{ y: *a }] }\n")]
    public void An_alias_of_what_it_stands_in_is_refused(string yaml) =>
        Assert.Equal("the alias '*a' stands inside the value that it repeats.", Within(yaml).Message);

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    public void Nesting_that_would_overflow_the_stack_is_refused(string opening) =>
        Assert.Equal("the values are nested deeper than 32 levels.", Within("people: " + string.Concat(Enumerable.Repeat(opening, 50_000))).Message);

    [Theory]
    [InlineData("? [a, b]\n: c\n")]
    [InlineData("x: &x y\n*x : z\n")]
    [InlineData("system:\n  {a: b}: c\n")]
    public void A_key_that_is_not_plain_text_is_refused(string yaml) => Assert.Equal("a key is not a plain text.", Within(yaml).Message);

    [Fact]
    public void Thousands_of_faults_are_found_quickly()
    {
        var yaml = "people:\n" + string.Concat(Enumerable.Range(0, 8000).Select(static i => $"  - {{id: P{i}, nam: x}}\n"));
        var watch = Stopwatch.StartNew();

        var problems = SmallPlan.Load(yaml).Problems;

        Assert.True(problems.Count > 8000);
        Assert.True(watch.Elapsed < Quickly, $"It took {watch.Elapsed}.");
    }

    private static PlanProblem Within(string yaml)
    {
        var watch = Stopwatch.StartNew();
        var problem = Only(yaml);
        Assert.True(watch.Elapsed < Quickly, $"It took {watch.Elapsed}.");
        return problem;
    }

    private static PlanProblem Only(string yaml)
    {
        var load = SmallPlan.Load(yaml);
        Assert.Null(load.Plan);
        return Assert.Single(load.Problems);
    }

    private static int Lines(string yaml) => yaml.Count(static c => c == '\n') + 1;

    private static PlanProblem Error(long line, long column, string message, string hint) =>
        new(SmallPlan.File, line, column, "", message, hint, PlanProblemSeverity.Error);
}
