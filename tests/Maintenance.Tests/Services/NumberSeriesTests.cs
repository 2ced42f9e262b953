using Maintenance.Storage;

namespace Maintenance.Tests.Services;

public sealed class NumberSeriesTests
{
    [Fact]
    public async Task Many_keys_at_once_get_numbers_without_a_double_and_a_key_keeps_its_own()
    {
        await using var office = new Office();
        using var other = new NumberSeries(office.Records); // Another process over the same store.
        var claims = await Task.WhenAll(Enumerable.Range(0, 600).Select(i => Task.Run(() => (i % 2 == 0 ? office.Numbers : other).ClaimAsync("tickets", $"key {i % 300}", default))));
        Assert.Equal(300, claims.Distinct().Count());
        for (var i = 0; i < 300; i++)
        {
            Assert.Equal(claims[i], claims[i + 300]);
        }

        Assert.Equal(Enumerable.Range(1001, 300), claims.Distinct().Order());
    }

    [Fact]
    public async Task A_claim_that_was_cut_off_leaves_the_next_ones_working()
    {
        await using var office = new Office();
        office.Records.CutAfter(0);
        await Assert.ThrowsAsync<CutOffException>(() => office.Numbers.ClaimAsync("tickets", "a", default));
        office.Records.Mend();
        Assert.Equal(1001, await office.Numbers.ClaimAsync("tickets", "b", default));
        Assert.Equal(1002, await office.Numbers.ClaimAsync("tickets", "a", default));
        Assert.Equal(1001, await office.Numbers.ClaimAsync("patches", "a", default));
    }

    [Fact]
    public async Task A_caller_who_gives_up_fails_nobody_else()
    {
        await using var office = new Office();
        using var gone = new CancellationTokenSource();
        var claims = Enumerable.Range(0, 50).Select(i => office.Numbers.ClaimAsync("tickets", $"key {i}", i % 5 == 0 ? gone.Token : default)).ToList();
        await gone.CancelAsync();
        for (var i = 0; i < 50; i++)
        {
            if (i % 5 != 0)
            {
                Assert.InRange(await claims[i], 1001, 1050);
            }
        }
    }
}
