using Maintenance.Evidence;
using Maintenance.Storage;

namespace Maintenance.Tests.Services;

public sealed class AuditLogTests
{
    [Fact]
    public async Task Entries_come_newest_first_over_the_months_and_go_on_where_a_page_ended()
    {
        await using var office = new Office();
        var log = new AuditLog(office.Records, office.Clock);
        for (var day = 0; day < 100; day++)
        {
            await log.EndAsync(await log.BeginAsync("ann", "Ann", "VotePatch", $"/patches/P-{day}", "10.0.0.1", default), 200);
            office.Clock.Advance(TimeSpan.FromDays(1));
        }

        var all = await log.ListAsync(new AuditQuery(), default).ToListAsync();
        Assert.Equal(Enumerable.Range(0, 100).Reverse().Select(static day => $"/patches/P-{day}"), all.Select(static entry => entry.Path));
        var pages = new List<AuditEntry>();
        for (string? after = null; ;)
        {
            var page = await log.ListAsync(new AuditQuery(After: after), default).Take(7).ToListAsync();
            if (page.Count == 0)
            {
                break;
            }

            pages.AddRange(page);
            after = page[^1].Id;
        }

        Assert.Equal(all, pages);
        var some = await log.ListAsync(new AuditQuery(From: all[40].At, To: all[30].At), default).ToListAsync();
        Assert.Equal(all[31..41], some);
        Assert.Equal(all[40], await log.FindAsync(all[40].Id, default));
        Assert.Null(await log.FindAsync(all[40].Id + "0", default));
        Assert.Null(await log.FindAsync("none", default));
    }

    [Fact]
    public async Task What_was_cut_off_is_there_as_begun_and_what_ended_with_its_outcome()
    {
        await using var office = new Office();
        var log = new AuditLog(office.Records, office.Clock);
        _ = await log.BeginAsync("ann", "Ann", "PruneRepository", "/api/repository/prunes", "10.0.0.1", default);
        foreach (var status in new[] { 202, 302, 404, 500 })
        {
            office.Clock.Advance(TimeSpan.FromSeconds(1));
            await log.EndAsync(await log.BeginAsync("ben", "Ben", "VotePatch", "/x", "10.0.0.1", default), status);
        }

        Assert.Equal(
            [(AuditOutcome.Failed, 500), (AuditOutcome.Refused, 404), (AuditOutcome.Done, 302), (AuditOutcome.Done, 202), (AuditOutcome.Begun, (int?)null)],
            (await log.ListAsync(new AuditQuery(), default).ToListAsync()).Select(static entry => (entry.Outcome, entry.Status)));
        Assert.Single(await log.ListAsync(new AuditQuery(Outcome: AuditOutcome.Begun), default).ToListAsync());
        Assert.Equal(4, (await log.ListAsync(new AuditQuery(By: "ben"), default).ToListAsync()).Count);
        Assert.Single(await log.ListAsync(new AuditQuery(Act: "PRUNE"), default).ToListAsync());
    }

    [Fact]
    public async Task A_long_path_is_cut_and_two_acts_of_the_same_instant_are_two_entries()
    {
        await using var office = new Office();
        var log = new AuditLog(office.Records, office.Clock);
        for (var act = 0; act < 50; act++)
        {
            _ = await log.BeginAsync("ann", null, "A", "/" + new string('x', 5000), "10.0.0.1", default);
        }

        var all = await log.ListAsync(new AuditQuery(), default).ToListAsync();
        Assert.Equal(50, all.Count);
        Assert.All(all, static entry => Assert.Equal(AuditLog.MostText, entry.Path.Length));
        Assert.Equal(50, await office.Records.QueryAsync(Tables.Audit, all[0].At.ToString("yyyy-MM"), RowRange.All, default).CountAsync());
    }
}
