using Maintenance.Duties;
using Maintenance.Storage;

using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Services;

/// <summary>Somebody does a duty while the sweep writes about it: whatever comes between, the rows say in the end what the duty says.</summary>
public sealed class DutyRaceTests
{
    [Theory]
    [InlineData("_month_2026-12", 1)]
    [InlineData("_open", 1)]
    [InlineData("it", 1)]
    public async Task What_is_done_while_the_sweep_writes_its_rows_is_owed_no_more(string partition, int time)
    {
        await using var desk = await DutyDesk.OpenAsync(DutyDesk.Duty("it"));
        await desk.UntilAsync("2026-12-17T12:00Z");
        desk.Office.Clock.Advance(Utc("2026-12-18T12:00Z") - desk.Now);
        var writes = 0;
        desk.Office.Records.Before = async (table, at) =>
        {
            if (table == Tables.Duties && at == partition && ++writes == time)
            {
                desk.Office.Records.Before = null;
                _ = await desk.DoAsync("it", "2026-12-15", new DutyCompletion("Done in between."));
            }
        };
        await desk.Duties.SweepAsync(default);
        Assert.Null(desk.Office.Records.Before);
        Assert.Equal(DutyState.Done, (await desk.FindAsync("it", "2026-12-15"))!.State);
        Assert.Empty(await desk.Duties.OpenAsync(default));
        Assert.Equal(new DutyLine("all", 0, 1, 0, 0, 0), (await desk.Duties.ReportAsync("2026-12", "2026-12", default)).Total);
    }

    [Fact]
    public async Task Who_comes_second_with_the_same_duty_leaves_no_row_of_it()
    {
        await using var desk = await DutyDesk.OpenAsync(DutyDesk.Duty("it"));
        await desk.UntilAsync("2026-12-10T00:00Z");
        desk.Office.Records.Before = async (table, at) =>
        {
            if (table == Tables.Duties && at == "_open")
            {
                desk.Office.Records.Before = null;
                _ = await desk.DoAsync("it", "2026-12-15", new DutyCompletion("The first."));
            }
        };
        _ = await Assert.ThrowsAsync<DutyClosedException>(() => desk.DoAsync("it", "2026-12-15", new DutyCompletion("The second.")));
        Assert.Empty(await desk.Duties.OpenAsync(default));
        Assert.Equal(["The first."], (await desk.FindAsync("it", "2026-12-15"))!.Evidence.Select(static one => one.Value));
    }
}
