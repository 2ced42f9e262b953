using Maintenance.Assets.Components;
using Maintenance.Assets.Vulnerabilities;

namespace Maintenance.Tests.Assets;

/// <summary>An inventory that somebody is writing, and one that has lost nearly all: neither says that a vulnerability is gone.</summary>
public sealed class InventoryDoubtTests
{
    private const string Bom = "app.cdx.json";

    /// <summary>A package that only the inventory lists: once that does not, nobody uses it.</summary>
    private static string Unplanned(string plan) => plan.Replace("    - { id: driver, name: Driver, service: register, package: pkg:nuget/Driver }\n", "", StringComparison.Ordinal);

    [Fact]
    public async Task A_file_counts_once_nobody_has_written_to_it_for_a_minute()
    {
        await using var bench = await AssetBench.OpenAsync();
        await bench.ReviewAsync();
        bench.Driver("1.0.2");
        bench.Written(Bom, bench.Office.Clock.Now.AddSeconds(-1));
        await bench.ReviewAsync();
        Assert.Equal(FindingState.Open, (await bench.OnlyAsync()).State);
        bench.Office.Clock.Advance(TimeSpan.FromSeconds(58));
        bench.Restart();
        await bench.ReviewAsync();
        Assert.Equal(FindingState.Open, (await bench.OnlyAsync()).State);
        Assert.DoesNotContain(await bench.Shelf.StatesAsync(default), static one => one.Problem is not null);

        bench.Office.Clock.Advance(TimeSpan.FromSeconds(1));
        await bench.ReviewAsync();
        Assert.Equal(FindingState.Fixed, (await bench.OnlyAsync()).State);
    }

    [Fact]
    public async Task A_file_from_a_clock_that_is_ahead_counts_once_it_has_lain_unchanged_for_a_minute()
    {
        await using var bench = await AssetBench.OpenAsync();
        await bench.ReviewAsync();
        bench.Driver("1.0.2");
        bench.Written(Bom, bench.Office.Clock.Now.AddDays(2));
        await bench.ReviewAsync();
        bench.Office.Clock.Advance(TimeSpan.FromSeconds(40));
        bench.Written(Bom, bench.Office.Clock.Now.AddDays(2));
        await bench.ReviewAsync();
        bench.Office.Clock.Advance(TimeSpan.FromSeconds(40));
        bench.Restart();
        await bench.ReviewAsync();
        Assert.Equal(FindingState.Open, (await bench.OnlyAsync()).State);
        bench.Office.Clock.Advance(TimeSpan.FromSeconds(20));
        await bench.ReviewAsync();
        Assert.Equal(FindingState.Fixed, (await bench.OnlyAsync()).State);
    }

    [Fact]
    public async Task A_first_file_that_is_being_written_is_told_as_such_and_closes_nothing()
    {
        await using var bench = await AssetBench.OpenAsync();
        bench.Written(Bom, bench.Office.Clock.Now);
        await bench.ReviewAsync();
        Assert.Equal("it was written within the last minute: it is read once it has rested.", Assert.Single(await bench.Shelf.StatesAsync(default), static one => one.Problem is not null).Problem);
        bench.Office.Clock.Advance(TimeSpan.FromMinutes(1));
        await bench.ReviewAsync();
        Assert.DoesNotContain(await bench.Shelf.StatesAsync(default), static one => one.Problem is not null);
        Assert.Equal(FindingState.Open, (await bench.OnlyAsync()).State);
    }

    [Theory]
    [InlineData(1, 0, true)]
    [InlineData(20, 1, false)]
    [InlineData(21, 3, false)]
    [InlineData(21, 2, true)]
    [InlineData(200, 19, true)]
    [InlineData(200, 20, false)]
    [InlineData(200, 0, true)]
    [InlineData(0, 0, false)]
    [InlineData(0, 5, false)]
    public void An_inventory_is_doubted_where_it_is_empty_or_less_than_a_tenth_of_more_than_twenty_is_left(int before, int after, bool isDoubted) =>
        Assert.Equal(isDoubted, InventoryDoubt.Has(AssetInputKind.Packages, before, after));

    [Fact]
    public void Only_what_lists_parts_is_doubted() =>
        Assert.Equal([AssetInputKind.Bom, AssetInputKind.Packages], Enum.GetValues<AssetInputKind>().Where(static kind => InventoryDoubt.Has(kind, 100, 0)));

    [Fact]
    public async Task An_inventory_that_is_suddenly_empty_is_told_and_fixes_nothing_until_the_next_good_one()
    {
        await using var bench = await AssetBench.OpenAsync(Unplanned);
        await bench.ReviewAsync();
        bench.Driver();
        for (var day = 0; day < 3; day++)
        {
            bench.Restart();
            await bench.ReviewAsync();
            bench.Office.Clock.Advance(TimeSpan.FromDays(1));
            var state = Assert.Single(await bench.Shelf.StatesAsync(default), static one => one.Problem is not null);
            Assert.Equal((Bom, "it lists 0 parts where it listed 1: what was read before goes on until somebody confirms it.", 1), (state.Name, state.Problem, state.Count));
            Assert.Equal((FindingState.Open, 1), ((await bench.OnlyAsync()).State, (await bench.OnlyAsync()).History.Count));
        }

        bench.Driver("1.0.2");
        await bench.ReviewAsync();
        Assert.Equal(FindingState.Fixed, (await bench.OnlyAsync()).State);
        Assert.DoesNotContain(await bench.Shelf.StatesAsync(default), static one => one.Problem is not null || one.Doubt is not null);
    }

    [Fact]
    public async Task Who_confirms_it_confirms_the_file_that_they_saw_and_no_other()
    {
        await using var bench = await AssetBench.OpenAsync(Unplanned);
        await bench.ReviewAsync();
        bench.Driver();
        await bench.ReviewAsync();
        var doubt = Assert.Single(await bench.Shelf.StatesAsync(default), static one => one.Doubt is not null).Doubt!;
        Assert.Equal(0, doubt.Count);
        Assert.Equal(AssetConfirmation.Stale, await bench.Shelf.ConfirmAsync(Bom, new string('0', 64), default));
        Assert.Equal(AssetConfirmation.Unknown, await bench.Shelf.ConfirmAsync("other.json", doubt.Hash, default));
        Assert.Equal(AssetConfirmation.Stale, await bench.Shelf.ConfirmAsync("server.json", doubt.Hash, default));
        await bench.ReviewAsync();
        Assert.Equal(FindingState.Open, (await bench.OnlyAsync()).State);

        Assert.Equal(AssetConfirmation.Done, await bench.Shelf.ConfirmAsync(Bom, doubt.Hash, default));
        bench.Restart();
        await bench.ReviewAsync();
        Assert.Equal(FindingState.Fixed, (await bench.OnlyAsync()).State);
        Assert.DoesNotContain(await bench.Shelf.StatesAsync(default), static one => one.Problem is not null || one.Doubt is not null);
        Assert.Equal(AssetConfirmation.Stale, await bench.Shelf.ConfirmAsync(Bom, doubt.Hash, default));

        // What was confirmed once is confirmed once: the next time that it is suddenly empty somebody looks again.
        bench.Driver("1.0.0");
        await bench.ReviewAsync();
        bench.Driver();
        await bench.ReviewAsync();
        Assert.Equal(FindingState.Open, (await bench.OnlyAsync()).State);
    }
}
