using Maintenance.Knowledge;
using Maintenance.Plan;
using Maintenance.Tests.Services;

namespace Maintenance.Tests.Knowledge;

/// <summary>Who is asked to acknowledge what, and when, whatever becomes of the audience and of the versions.</summary>
public sealed class DocumentAskingTests
{
    [Fact]
    public async Task Whoever_comes_into_the_audience_later_is_asked_then_and_has_their_whole_time()
    {
        await using var desk = await DocumentDesk.OpenAsync();
        await desk.Sweep.SweepAsync(default);
        foreach (var person in new[] { "kim", "lee", "max" })
        {
            _ = await desk.Knowledge.AcknowledgeAsync("restart", desk.Person(person), desk.Current.Version, default);
        }

        desk.Office.Clock.Advance(TimeSpan.FromDays(200));
        await desk.JoinAsync();
        var before = (await desk.Knowledge.FindAsync("restart", default))!.Standing;
        Assert.Equal((null, false, "zoe"), (before.AcknowledgeBy, before.IsLate, Assert.Single(before.Missing).Id));
        await desk.Sweep.SweepAsync(default);
        await desk.Sweep.SweepAsync(default);
        Assert.Equal(["ask kim", "ask lee", "ask max", "ask zoe"], desk.Told("restart").Where(static one => !one.StartsWith("review", StringComparison.Ordinal)));
        Assert.Equal(desk.Office.Clock.Now.AddDays(10), (await desk.Knowledge.FindAsync("restart", default))!.Standing.AcknowledgeBy);
        desk.Office.Clock.Advance(TimeSpan.FromDays(10) - TimeSpan.FromMinutes(1));
        await desk.Sweep.SweepAsync(default);
        Assert.DoesNotContain("late ada", desk.Told("restart"));
        desk.Office.Clock.Advance(TimeSpan.FromMinutes(1));
        await desk.Sweep.SweepAsync(default);
        await desk.Sweep.SweepAsync(default);
        Assert.Single(desk.Told("restart"), "late ada");

        // Gone from the audience and back, their time is a new one.
        await desk.LeaveAsync();
        await desk.Sweep.SweepAsync(default);
        await desk.JoinAsync();
        await desk.Sweep.SweepAsync(default);
        Assert.Equal((2, false), (desk.Told("restart").Count(static one => one == "ask zoe"), (await desk.Knowledge.FindAsync("restart", default))!.Standing.IsLate));
    }

    [Fact]
    public async Task The_owner_hears_anew_where_somebody_else_is_late()
    {
        await using var desk = await DocumentDesk.OpenAsync();
        await desk.Sweep.SweepAsync(default);
        desk.Office.Clock.Advance(TimeSpan.FromDays(5));
        await desk.JoinAsync();
        await desk.Sweep.SweepAsync(default);
        desk.Office.Clock.Advance(TimeSpan.FromDays(5));
        await desk.Sweep.SweepAsync(default);
        Assert.Equal(1, Late());
        desk.Office.Clock.Advance(TimeSpan.FromDays(4));
        _ = await desk.Knowledge.AcknowledgeAsync("restart", desk.Person("kim"), desk.Current.Version, default);
        await desk.Sweep.SweepAsync(default);
        Assert.Equal(1, Late());
        desk.Office.Clock.Advance(TimeSpan.FromDays(1));
        await desk.Sweep.SweepAsync(default);
        await desk.Sweep.SweepAsync(default);
        Assert.Equal(2, Late());

        int Late() => desk.Told("restart").Count(static one => one == "late ada");
    }

    [Fact]
    public async Task An_editorial_mark_that_was_a_mistake_is_taken_back_and_everybody_is_asked()
    {
        await using var desk = await DocumentDesk.OpenAsync();
        await desk.Sweep.SweepAsync(default);
        _ = await desk.Knowledge.AcknowledgeAsync("restart", desk.Person("kim"), desk.Current.Version, default);
        desk.Office.Clock.Advance(TimeSpan.FromDays(20));
        const string Body = "Never stop it.";
        await desk.ChangeAsync(Body, "editorial: " + KnowledgeDocument.VersionOf("Restart the register", Body)[..10]);
        await desk.Sweep.SweepAsync(default);
        Assert.Equal(["lee", "max"], await desk.MissingAsync());
        await desk.ChangeAsync(Body);
        await desk.Sweep.SweepAsync(default);
        Assert.Equal(["kim", "lee", "max"], await desk.MissingAsync());
        Assert.Equal(6, desk.Told("restart").Count(static one => one.StartsWith("ask", StringComparison.Ordinal)));
        Assert.Equal(desk.Office.Clock.Now.AddDays(10), (await desk.Knowledge.FindAsync("restart", default))!.Standing.AcknowledgeBy);
    }

    [Fact]
    public async Task A_version_that_comes_back_is_put_anew_to_whoever_never_acknowledged_it()
    {
        await using var desk = await DocumentDesk.OpenAsync();
        await desk.ChangeAsync("Stop it.");
        await desk.Sweep.SweepAsync(default);
        _ = await desk.Knowledge.AcknowledgeAsync("restart", desk.Person("kim"), desk.Current.Version, default);
        foreach (var body in new[] { "Never stop it.", "Stop it." })
        {
            desk.Office.Clock.Advance(TimeSpan.FromDays(1));
            await desk.ChangeAsync(body);
            await desk.Sweep.SweepAsync(default);
        }

        Assert.Equal(["ask kim", "ask kim", "ask lee", "ask lee", "ask lee", "ask max", "ask max", "ask max"], desk.Told("restart"));
        Assert.Equal(desk.Office.Clock.Now.AddDays(10), (await desk.Knowledge.FindAsync("restart", default))!.Standing.AcknowledgeBy);
    }

    [Fact]
    public async Task A_real_change_that_an_editorial_one_follows_before_the_sweep_is_put_to_everybody()
    {
        await using var desk = await DocumentDesk.OpenAsync();
        await desk.Sweep.SweepAsync(default);
        foreach (var person in new[] { "kim", "lee", "max" })
        {
            _ = await desk.Knowledge.AcknowledgeAsync("restart", desk.Person(person), desk.Current.Version, default);
        }

        desk.Office.Clock.Advance(TimeSpan.FromMinutes(5));
        await desk.ChangeAsync("Never stop it.");
        var real = desk.Current.Version;
        const string Body = "Never stop it!";
        await desk.ChangeAsync(Body, "editorial: " + KnowledgeDocument.VersionOf("Restart the register", Body)[..10]);
        await desk.Sweep.SweepAsync(default);
        Assert.Equal(["kim", "lee", "max"], await desk.MissingAsync());
        Assert.Equal(6, desk.Told("restart").Count);
        Assert.Contains(real, (await desk.Book.FindAsync("restart", default))!.Versions.Select(static one => one.Version));
        Assert.Equal("Never stop it.", await desk.Book.TextAsync(real, default));
    }

    [Fact]
    public async Task Cut_off_anywhere_no_version_is_lost_where_a_plan_is_taken_over()
    {
        for (var writes = 0; writes < 12; writes++)
        {
            await using var desk = await DocumentDesk.OpenAsync();
            desk.Office.Records.CutAfter(writes);
            try
            {
                await desk.ChangeAsync("Never stop it.");
            }
            catch (CutOffException)
            {
                // The process ended here.
            }

            desk.Office.Records.Mend();
            using (var next = new ActivePlan(new PlanFileSource(desk.PlanFile()), desk.Office.Records, desk.Office.Clock, new DocumentVersions(desk.Book, desk.Office.Clock)))
            {
                _ = await next.RefreshAsync(default);
            }

            Assert.Equal(
                "# Restart\n\nStop it. Start it. | Never stop it.",
                string.Join(" | ", await Task.WhenAll((await desk.Book.FindAsync("restart", default))!.Versions.Select(one => desk.Book.TextAsync(one.Version, default)))));
        }
    }
}
