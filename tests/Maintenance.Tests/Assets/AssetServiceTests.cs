using System.Text;
using Maintenance.Assets;
using Maintenance.Assets.Components;
using Maintenance.Assets.Debt;
using Maintenance.Assets.Vulnerabilities;
using Maintenance.Tests.Services;
using Maintenance.Tickets;

namespace Maintenance.Tests.Assets;

/// <summary>Components reviewed on real records, files and objects.</summary>
public sealed class AssetServiceTests
{
    [Fact]
    public async Task A_component_that_is_affected_has_one_finding_and_one_ticket_however_often_it_is_reviewed()
    {
        await using var bench = await AssetBench.OpenAsync();
        for (var i = 0; i < 3; i++)
        {
            bench.Restart();
            await bench.ReviewAsync();
            bench.Office.Clock.Advance(TimeSpan.FromDays(1));
        }

        var finding = await bench.OnlyAsync();
        Assert.Equal(("V-1001", "driver", "CVE-2026-1", "2026-12-22", Severity.High, 8.1m), (finding.Id, finding.Seen.Component, finding.Seen.Title, finding.DueOn, finding.Seen.Severity, finding.Seen.Score));
        Assert.Equal(["1.0.0", "1.0.2"], [.. finding.Seen.Versions, .. finding.Seen.FixedIn]);
        Assert.Single(finding.History);
        var ticket = Assert.Single(await bench.TicketsAsync());
        Assert.Equal((finding.Ticket, "CVE-2026-1 in Driver 1.0.0", "p1", TicketType.Problem), (ticket.Id, ticket.Title, ticket.Priority, ticket.Type));
        Assert.Contains("Fixed in 1.0.2.", ticket.Description, StringComparison.Ordinal);
        Assert.Single(await bench.HistoryAsync(ticket.Id));

        var lines = await bench.Lines.ListAsync(null, null, default).ToListAsync();
        Assert.Equal(["driver Urgent V-1001", "server Note "], lines.Select(static line => $"{line.Id} {line.Concern} {string.Join(',', line.Findings)}"));
        Assert.Equal(("15.2", "17.1", "2 major versions"), (lines[1].Behind!.Version, lines[1].Behind!.Newest, lines[1].Behind!.By));
        Assert.Equal(["15", "16", "17"], lines[1].Upgrade);
        Assert.Equal(("2028-01-01", false), (lines[1].SupportEnds, lines[1].HasEnded));
    }

    [Fact]
    public async Task A_review_that_is_cut_off_before_any_write_ends_the_same_when_it_is_done_again()
    {
        var cuts = 0;
        for (; ; cuts++)
        {
            await using var bench = await AssetBench.OpenAsync();
            bench.Office.Records.CutAfter(cuts);
            try
            {
                await bench.Service.ReviewAsync(default);
                break;
            }
            catch (Exception error) when (error is CutOffException or AggregateException)
            {
                bench.Office.Records.Mend();
            }

            bench.Restart();
            await bench.ReviewAsync();
            bench.Restart();
            await bench.ReviewAsync();
            var finding = await bench.OnlyAsync();
            Assert.Equal((finding.Ticket, 1), (Assert.Single(await bench.TicketsAsync()).Id, finding.History.Count));
            Assert.Single(await bench.HistoryAsync(finding.Ticket!));
            Assert.Equal([finding.Id], (await bench.Findings.ListOwedAsync(default).ToListAsync()).Select(static one => one.Id));
            Assert.Equal(2, (await bench.Lines.ListAsync(null, null, default).ToListAsync()).Count);
        }

        Assert.True(cuts >= 10, $"Only {cuts} writes.");
    }

    [Fact]
    public async Task It_is_fixed_when_the_inventory_says_so_and_back_with_another_ticket_when_that_is_undone()
    {
        await using var bench = await AssetBench.OpenAsync();
        await bench.ReviewAsync();
        bench.Driver("1.0.2");
        await bench.ReviewAsync();
        var fixedOne = await bench.OnlyAsync();
        Assert.Equal((FindingState.Fixed, "The inventory has 1.0.2, which is not affected."), (fixedOne.State, fixedOne.History[^1].What));
        Assert.Equal(TicketState.Resolved, Assert.Single(await bench.TicketsAsync()).State);
        Assert.Empty(await bench.Findings.ListOwedAsync(default).ToListAsync());
        Assert.Single(await bench.Findings.ListFixedAsync(default).ToListAsync());

        bench.Office.Clock.Advance(TimeSpan.FromDays(10));
        bench.Driver("1.0.2", "1.0.1");
        await bench.ReviewAsync();
        var back = await bench.OnlyAsync();
        Assert.Equal((FindingState.Open, 2, "2027-01-01", "V-1001"), (back.State, back.Times, back.DueOn, back.Id));
        Assert.Equal(2, (await bench.TicketsAsync()).Count);
        Assert.Equal(["1.0.1"], back.Seen.Versions);
    }

    [Fact]
    public async Task An_alias_that_joins_keeps_the_finding_and_tells_its_ticket_once()
    {
        await using var bench = await AssetBench.OpenAsync();
        bench.Advisory("a", "GHSA-aaaa", null, "1.0.2");
        await bench.ReviewAsync();
        bench.Advisory("b", "DSA-1", "GHSA-aaaa", "1.0.2");
        bench.Advisory("c", "CVE-2026-1", "DSA-1", "1.0.3");
        bench.Exploited("CVE-2026-1", "2026-11-30");
        for (var i = 0; i < 2; i++)
        {
            bench.Restart();
            await bench.ReviewAsync();
        }

        var finding = await bench.OnlyAsync();
        Assert.Equal(("V-1001", "GHSA-aaaa", "CVE-2026-1", "2026-11-30", true), (finding.Id, finding.Seen.Group, finding.Seen.Title, finding.DueOn, finding.Seen.IsUsedByRansomware));
        Assert.Equal(["CVE-2026-1", "DSA-1", "GHSA-aaaa"], finding.Seen.Names);
        var ticket = Assert.Single(await bench.TicketsAsync());
        var told = Assert.Single(await bench.HistoryAsync(ticket.Id), static entry => entry.Kind == TicketEventKind.Commented);
        Assert.Contains("It is due earlier: by 2026-11-30.", told.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_that_turn_out_to_be_one_are_followed_as_the_older()
    {
        await using var bench = await AssetBench.OpenAsync();
        bench.Advisory("a", "GHSA-aaaa", null, "1.0.2");
        bench.Advisory("b", "GHSA-bbbb", null, "1.0.2");
        await bench.ReviewAsync();
        Assert.Equal(2, (await bench.AllAsync()).Count);
        bench.Advisory("c", "CVE-2026-1", "GHSA-aaaa", "1.0.2", more: "");
        bench.Write("advisories/d.json", """{"id":"X-1","modified":"2026-11-01T00:00:00Z","aliases":["GHSA-aaaa","GHSA-bbbb"]}""");
        await bench.ReviewAsync();
        var all = await bench.AllAsync();
        Assert.Equal([FindingState.Open, FindingState.Fixed], all.Select(static one => one.State));
        Assert.Equal("It is the same as CVE-2026-1, which is followed on its own.", all[1].History[^1].What);
        Assert.Equal([TicketState.New, TicketState.Resolved], (await bench.TicketsAsync()).Select(static one => one.State));
    }

    [Fact]
    public async Task A_broken_file_takes_nothing_away_and_says_what_is_wrong_until_it_is_good_again()
    {
        await using var bench = await AssetBench.OpenAsync();
        await bench.ReviewAsync();
        foreach (var (file, broken) in new[] { ("app.cdx.json", "{"), ("advisories/a.json", "nonsense"), ("server.json", """[{"cycle":"15","eol":3}]"""), ("kev.json", "[]") })
        {
            var before = await File.ReadAllTextAsync(Path.Join(bench.Office.Folder, file));
            bench.Write(file, broken);
            bench.Restart();
            await bench.ReviewAsync();
            var state = Assert.Single(await bench.Shelf.StatesAsync(default), static one => one.Problem is not null);
            Assert.Equal((file, true), (state.Name, state.Hash is not null));
            Assert.Equal(FindingState.Open, (await bench.OnlyAsync()).State);
            Assert.Equal("2028-01-01", (await bench.Lines.FindAsync("server", default))!.SupportEnds);
            bench.Write(file, before);
            await bench.ReviewAsync();
            Assert.DoesNotContain(await bench.Shelf.StatesAsync(default), static one => one.Problem is not null);
        }

        File.Delete(Path.Join(bench.Office.Folder, "app.cdx.json"));
        bench.Restart();
        await bench.ReviewAsync();
        Assert.Equal("there is no such file.", Assert.Single(await bench.Shelf.StatesAsync(default), static one => one.Problem is not null).Problem);
        Assert.Equal(FindingState.Open, (await bench.OnlyAsync()).State);
        Assert.Single(await bench.TicketsAsync());
    }

    [Fact]
    public async Task What_the_plan_names_no_more_is_forgotten_with_its_bytes()
    {
        await using var bench = await AssetBench.OpenAsync();
        await bench.ReviewAsync();
        Assert.Equal(4, await bench.Objects.ListAsync("assets/", default).CountAsync());
        bench.Office.PlanText = bench.Office.PlanText.Replace("sboms: [{ service: register, file: app.cdx.json }]", "sboms: []", StringComparison.Ordinal);
        await bench.ReviewAsync();
        Assert.Equal(3, await bench.Objects.ListAsync("assets/", default).CountAsync());
        Assert.DoesNotContain(await bench.Shelf.StatesAsync(default), static one => one.Kind == AssetInputKind.Bom);
    }

    [Fact]
    public async Task A_source_whose_kept_bytes_are_gone_is_read_anew_whatever_it_says_of_change()
    {
        await using var bench = await AssetBench.OpenAsync(static text => text.Replace("kev: { file: kev.json }", "kev: { url: \"https://feeds.example/kev.json\" }", StringComparison.Ordinal));
        var good = new AssetDownload(Encoding.UTF8.GetBytes("""{"vulnerabilities":[{"cveID":"CVE-2026-1","dateAdded":"2026-11-01","dueDate":"2026-11-30"}]}"""), "\"one\"", null);
        bench.Web.Answer = eTag => eTag is null ? good : new AssetDownload(null, eTag, null);
        await bench.ReviewAsync();
        var before = await bench.OnlyAsync();
        Assert.True(before.Seen.IsExploited);

        // Records that were restored without the files, and a host that starts on them: its next look is due in half a day only.
        foreach (var kept in await bench.Objects.ListAsync("assets/", default).ToListAsync())
        {
            Assert.True(await bench.Objects.DeleteAsync(kept.Name, default));
        }

        bench.Restart();
        await bench.ReviewAsync();

        Assert.Equal([null, null], bench.Web.Asked);
        Assert.Equal(4, await bench.Objects.ListAsync("assets/", default).CountAsync());
        Assert.DoesNotContain(await bench.Shelf.StatesAsync(default), static one => one.Problem is not null);
        Assert.Equal((FindingState.Open, before.DueOn, true), (await bench.OnlyAsync() is var after ? (after.State, after.DueOn, after.Seen.IsExploited) : default));
    }

    [Fact]
    public async Task An_address_is_asked_in_its_rhythm_with_its_mark_and_what_was_read_stays_while_it_is_away()
    {
        await using var bench = await AssetBench.OpenAsync(static text => text.Replace("kev: { file: kev.json }", "kev: { url: \"https://feeds.example/kev.json\" }", StringComparison.Ordinal));
        var good = new AssetDownload(Encoding.UTF8.GetBytes("""{"vulnerabilities":[{"cveID":"CVE-2026-1","dateAdded":"2026-11-01","dueDate":"2026-11-30"}]}"""), "\"one\"", null);
        bench.Web.Answer = _ => good;
        await bench.ReviewAsync();
        await bench.ReviewAsync();
        Assert.Equal([null], bench.Web.Asked);
        Assert.Equal("2026-11-30", (await bench.OnlyAsync()).DueOn);

        bench.Office.Clock.Advance(TimeSpan.FromHours(12));
        bench.Web.Answer = static eTag => eTag == "\"one\"" ? new AssetDownload(null, eTag, null) : throw new InvalidOperationException();
        bench.Restart();
        await bench.ReviewAsync();
        bench.Office.Clock.Advance(TimeSpan.FromHours(12));
        bench.Web.Answer = static _ => new AssetDownload(null, null, "it answered 503.");
        await bench.ReviewAsync();
        Assert.Equal(("it answered 503.", 1), Assert.Single(await bench.Shelf.StatesAsync(default), static one => one.Problem is not null) is var state ? (state.Problem, state.Count) : default);
        Assert.True((await bench.OnlyAsync()).Seen.IsExploited);

        // In trouble it is asked sooner again, but not each minute.
        bench.Office.Clock.Advance(TimeSpan.FromMinutes(14));
        await bench.ReviewAsync();
        Assert.Equal(3, bench.Web.Asked.Count);
        bench.Office.Clock.Advance(TimeSpan.FromMinutes(1));
        await bench.ReviewAsync();
        Assert.Equal([null, "\"one\"", "\"one\"", "\"one\""], bench.Web.Asked);
    }

    [Fact]
    public async Task A_waiver_takes_it_from_the_list_and_its_end_puts_it_back_and_wakes_its_ticket()
    {
        await using var bench = await AssetBench.OpenAsync();
        await bench.ReviewAsync();
        var (ben, cat) = (bench.Office.Plan.Current.FindPerson("ben")!, bench.Office.Plan.Current.FindPerson("cat")!);
        var until = bench.Office.Clock.Now.AddDays(20);
        _ = await bench.Service.AskWaiverAsync("V-1001", "ann", "Not reachable", until, default);
        Assert.Equal(["V-1001"], (await bench.Findings.ListWaitingAsync(default).ToListAsync()).Select(static one => one.Id));
        var item = Assert.Single(AssetAttention.Waivers(ben, await bench.Findings.ListWaitingAsync(default).ToListAsync(), bench.Office.Plan.Current.Lifecycle.Waivers, bench.Office.Clock.Now));
        Assert.Equal("/vulnerabilities/V-1001", item.Path);
        Assert.Empty(AssetAttention.Waivers(bench.Office.Plan.Current.FindPerson("ann")!, await bench.Findings.ListWaitingAsync(default).ToListAsync(), bench.Office.Plan.Current.Lifecycle.Waivers, bench.Office.Clock.Now));
        await Assert.ThrowsAsync<WaiverRefusedException>(() => bench.Service.VoteAsync("V-1001", bench.Office.Plan.Current.FindPerson("ann")!, true, "", bench.Office.Clock.Now, default));
        _ = await bench.Service.VoteAsync("V-1001", ben, true, "", bench.Office.Clock.Now, default);
        _ = await bench.Service.VoteAsync("V-1001", cat, true, "", bench.Office.Clock.Now, default);
        await bench.ReviewAsync();
        Assert.Empty(await bench.Findings.ListOwedAsync(default).ToListAsync());
        Assert.Equal(AssetConcern.Note, (await bench.Lines.FindAsync("driver", default))!.Concern);
        var ticket = Assert.Single(await bench.TicketsAsync());
        Assert.Equal(3, (await bench.HistoryAsync(ticket.Id)).Count(static entry => entry.Kind == TicketEventKind.Commented));
        _ = await bench.Office.Tickets.ResolveAsync(ticket.Id, "ben", "Accepted.", null, null, default);

        bench.Office.Clock.Advance(TimeSpan.FromDays(20));
        await bench.ReviewAsync();
        await bench.ReviewAsync();
        var back = Assert.Single(await bench.Findings.ListOwedAsync(default).ToListAsync());
        Assert.Equal((WaiverState.Expired, ticket.Id), (back.Waiver!.State, back.Ticket));
        Assert.True((await bench.Office.Tickets.FindAsync(ticket.Id, default))!.Value.IsOpen);
        Assert.Equal(AssetConcern.Urgent, (await bench.Lines.FindAsync("driver", default))!.Concern);
    }

    [Fact]
    public async Task Each_warning_of_an_end_of_support_is_told_once_and_the_last_opens_a_ticket()
    {
        await using var bench = await AssetBench.OpenAsync(static text => text.Replace("product: server, owner: ben", "endOfLife: 2027-05-21, owner: ben", StringComparison.Ordinal).Replace("advisories: [{ folder: advisories }]", "advisories: []", StringComparison.Ordinal));
        var told = new List<int>();
        for (var day = 0; day < 200; day++)
        {
            bench.Restart();
            await bench.ReviewAsync();
            told.Add(await bench.Office.Outbox.ListAsync(null, "ben", default).CountAsync(static entry => entry.Category == "endOfSupport"));
            if (day == 149)
            {
                Assert.Empty(await bench.TicketsAsync());
            }

            bench.Office.Clock.Advance(TimeSpan.FromDays(1));
        }

        // 22 November is 180 days before the end, and no day is before it.
        Assert.Equal([0, 90, 150], Enumerable.Range(1, 3).Select(count => told.IndexOf(count)));
        Assert.Equal(3, told[^1]);
        Assert.Equal("The support of Server 15.2 ends on 2027-05-21", Assert.Single(await bench.TicketsAsync()).Title);
        Assert.Equal((AssetConcern.Over, true), (await bench.Lines.FindAsync("server", default))! is var line ? (line.Concern, line.HasEnded) : default);
    }

    [Fact]
    public async Task An_end_of_support_without_a_date_is_told_once_with_a_ticket_and_anew_for_another_cycle()
    {
        await using var bench = await AssetBench.OpenAsync(static text => text.Replace("advisories: [{ folder: advisories }]", "advisories: []", StringComparison.Ordinal));
        bench.Write("server.json", """[{"cycle":"15","eol":true},{"cycle":"16","eol":true}]""");
        for (var day = 0; day < 4; day++)
        {
            bench.Restart();
            await bench.ReviewAsync();
            bench.Office.Clock.Advance(TimeSpan.FromDays(1));
        }

        var told = Assert.Single(await bench.Office.Outbox.ListAsync(null, "ben", default).Where(static entry => entry.Category == "endOfSupport").ToListAsync());
        Assert.Equal("Server: its support is over", told.Subject);
        Assert.Equal("The support of Server 15.2 is over", Assert.Single(await bench.TicketsAsync()).Title);
        var ending = await bench.Lines.ListEndingAsync("2026-11-22", default).ToListAsync();
        Assert.Equal(["Server 15.2 has no support any more."], AssetAttention.Of([], ending, new NodaTime.LocalDate(2026, 11, 22)).Select(static item => item.Text));

        // The record learns the date: nobody needs to hear of it twice.
        bench.Write("server.json", """[{"cycle":"15","eol":"2026-10-01"},{"cycle":"16","eol":true}]""");
        await bench.ReviewAsync();
        Assert.Single(await bench.TicketsAsync());

        bench.Office.PlanText = bench.Office.PlanText.Replace("version: \"15.2\"", "version: \"16.0\"", StringComparison.Ordinal);
        await bench.ReviewAsync();
        Assert.Equal(["The support of Server 15.2 is over", "The support of Server 16.0 is over"], (await bench.TicketsAsync()).Select(static one => one.Title).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_register_of_debt_keeps_what_is_added_and_worked_once_for_each_key()
    {
        await using var bench = await AssetBench.OpenAsync();
        var fields = new DebtFields("Old forms", "register", 80, 12);
        var item = await bench.Debt.AddAsync("key", fields, "ann", default);
        Assert.Equal(("D-1001", "D-1001", "D-1002"), (item.Id, (await bench.Debt.AddAsync("key", fields, "ann", default)).Id, (await bench.Debt.AddAsync("other", fields, "ann", default)).Id));
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => bench.Debt.BookAsync("D-1001", new DebtBooking("2026-11-22", 1.5, "ben", ""), default)));
        bench.Restart();
        Assert.Equal((15.0, 20.0, 145.0, 2), (await bench.Debt.StandAsync(default)) is var standing ? (standing.Spent, standing.Reserved, standing.Principal, standing.Open) : default);
        Assert.Null(await bench.Debt.BookAsync("D-9", new DebtBooking("2026-11-22", 1.5, "ben", ""), default));
        foreach (var id in new[] { "", "D-", "D--1", "D-x", "D-99999999999", "T-1001", "D-1001/.." })
        {
            Assert.Null(await bench.Debt.FindAsync(id, default));
        }
    }

    [Fact]
    public async Task A_plan_without_components_reads_and_writes_nothing()
    {
        await using var bench = await AssetBench.OpenAsync(static _ => Office.QuickPlan);
        bench.Office.Records.CutAfter(0);
        await bench.Service.ReviewAsync(default);
    }

    [Fact]
    public void Attention_names_the_first_few_and_says_that_there_are_more()
    {
        var overdue = Enumerable.Range(1, 7).Select(static i => new Finding($"V-{i}", new Sighting("c", "g") { Title = $"CVE-{i}", Name = "n" }, FindingState.Open, default) { DueOn = "2026-11-01" }).ToList();
        AssetLine[] ending = [new("a", "A", "s") { SupportEnds = "2026-11-21" }, new("b", "B", "s") { SupportEnds = "2026-11-22" }, new("c", "C", "s") { SupportEnds = "2026-11-23" }];
        Assert.Equal(
            [
                "CVE-1 in n was to be gone by 2026-11-01.", "CVE-2 in n was to be gone by 2026-11-01.", "CVE-3 in n was to be gone by 2026-11-01.", "CVE-4 in n was to be gone by 2026-11-01.", "CVE-5 in n was to be gone by 2026-11-01.",
                "More vulnerabilities are overdue.", "A unknown has had no support since 2026-11-21.", "The support of B unknown ends today.", "The support of C unknown ends in 1 day.",
            ],
            AssetAttention.Of(overdue, ending, new NodaTime.LocalDate(2026, 11, 22)).Select(static item => item.Text));
    }
}
