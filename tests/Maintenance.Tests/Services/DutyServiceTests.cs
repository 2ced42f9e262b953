using Maintenance.Duties;
using Maintenance.Recovery;
using Maintenance.Storage;
using Maintenance.Tickets;

using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Services;

/// <summary>Duties over real records and a clock that is moved: from the plan to overdue, to evidence, to the report.</summary>
public sealed class DutyServiceTests
{
    public static TheoryData<DutyKind> Kinds => [.. Enum.GetValues<DutyKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Each_kind_goes_from_the_plan_to_overdue_to_evidence_to_the_report(DutyKind kind)
    {
        await using var desk = await DutyDesk.OpenAsync(DutyDesk.Duty("it", "kind: " + Camel(kind)));
        await desk.UntilAsync("2026-12-01T00:00Z");
        Assert.Empty(desk.Told);
        await desk.UntilAsync("2026-12-08T18:00Z");
        Assert.Equal(["duty/it/2026-12-15/opened → ben"], desk.Told);
        await desk.UntilAsync("2026-12-14T18:00Z");
        Assert.Equal(["duty/it/2026-12-15/opened → ben", "duty/it/2026-12-15/reminder → ben"], desk.Told);
        await desk.UntilAsync("2026-12-17T17:00Z");
        Assert.Equal(2, desk.Told.Count);
        await desk.UntilAsync("2026-12-18T00:00Z");
        var overdue = (await desk.FindAsync("it", "2026-12-15"))!;
        Assert.Equal((DutyStanding.Overdue, "T-1001", kind), (overdue.At(desk.Now), overdue.Ticket, overdue.Terms.Kind));
        Assert.Equal(["duty/it/2026-12-15/opened → ben", "duty/it/2026-12-15/overdue → ann", "duty/it/2026-12-15/overdue → ben", "duty/it/2026-12-15/reminder → ben"], desk.Told);
        await desk.UntilAsync("2026-12-21T00:00Z");
        Assert.Contains("duty/it/2026-12-15/escalated → cat", desk.Told);

        var refused = await Assert.ThrowsAsync<DutyActException>(() => desk.DoAsync("it", "2026-12-15", new DutyCompletion()));
        Assert.Equal(["text"], refused.Errors.Keys);
        var done = await desk.DoAsync("it", "2026-12-15", new DutyCompletion("All is well."));
        Assert.Equal((DutyState.Done, "ben", DutyStanding.Late), (done.State, done.ClosedBy, done.At(desk.Now)));
        Assert.Equal([(EvidenceKind.Text, "All is well.")], done.Evidence.Select(static one => (one.Kind, one.Value)));
        var ticket = (await desk.Office.Tickets.ReadAsync("T-1001", default))!.Value;
        Assert.Contains("Overdue: The duty it (2026-12-15)", ticket.Title, StringComparison.Ordinal);
        Assert.Single(ticket.History!, static entry => MaintenanceJson.Write(entry).Contains("Done by ben; the evidence is at /duties/it/2026-12-15", StringComparison.Ordinal));
        await desk.UntilAsync("2027-01-20T00:00Z");
        var report = await desk.Duties.ReportAsync("2026-12", "2027-01", default);
        Assert.Equal(new DutyLine("all", 0, 1, 0, 1, 0), report.Total);
        Assert.Equal([Camel(kind)], report.Kinds.Select(static line => line.Name));
        Assert.Equal([("2026-12", 0d), ("2027-01", 0d)], report.Months.Select(static month => (month.Name, month.Compliance!.Value)));
        Assert.Equal(2, await desk.Office.Tickets.ListAsync(0, default).CountAsync());
        Assert.DoesNotContain(await desk.Duties.OpenAsync(default), static fact => fact.Key == "2026-12-15");
    }

    [Fact]
    public async Task What_is_done_in_time_opens_no_ticket_and_is_told_no_more()
    {
        await using var desk = await DutyDesk.OpenAsync(DutyDesk.Duty("it"));
        await desk.UntilAsync("2026-12-10T00:00Z");
        _ = await desk.DoAsync("it", "2026-12-15", new DutyCompletion("Fine."));
        await desk.UntilAsync("2026-12-31T00:00Z");
        Assert.Equal(["duty/it/2026-12-15/opened → ben"], desk.Told);
        Assert.Equal(0, await desk.Office.Tickets.ListAsync(0, default).CountAsync());
        Assert.Equal(1d, (await desk.Duties.ReportAsync("2026-12", "2026-12", default)).Total.Compliance);
        Assert.Empty(await desk.Duties.OpenAsync(default));
        _ = await Assert.ThrowsAsync<DutyClosedException>(() => desk.DoAsync("it", "2026-12-15", new DutyCompletion("Again.")));
    }

    [Fact]
    public async Task The_ticket_leads_to_the_page_of_the_procedure_and_names_a_file_that_is_no_document()
    {
        await using var desk = await DutyDesk.OpenAsync("");
        Knowledge.Documents.Write(desk.Office.Folder, "sops/check.md", "---\ntitle: Checking the copies\nowner: ben\naudience: [support]\n---\n\nLook at it.\n");
        Knowledge.Documents.Write(desk.Office.Folder, "loose.md", "Look at it.\n");
        desk.Office.PlanText = Office.QuickPlan + DutyDesk.Section(DutyDesk.Duty("it", "procedure: sops/check.md") + DutyDesk.Duty("other", "procedure: loose.md")) + "\ndocuments:\n  folders:\n    - { path: sops, kind: sop }\n";
        await desk.UntilAsync("2026-12-18T00:00Z");
        var texts = await desk.Office.Tickets.ListAsync(0, default).Select(static ticket => ticket.Description).ToListAsync();
        Assert.Single(texts, static text => text.Contains("\nProcedure: Checking the copies, /documents/check\n", StringComparison.Ordinal));
        Assert.Single(texts, static text => text.Contains("\nProcedure: loose.md\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_a_downtime_every_missed_one_is_there_with_a_ticket_of_its_own()
    {
        await using var desk = await DutyDesk.OpenAsync(DutyDesk.Duty("it"));
        desk.Office.Clock.Advance(Utc("2027-04-20T00:00Z") - desk.Now);
        await desk.Duties.SweepAsync(default);
        Assert.Equal(["2026-12-15", "2027-01-15", "2027-02-15", "2027-03-15", "2027-04-15"], (await desk.Duties.OpenAsync(default)).Select(static fact => fact.Key));
        Assert.Equal(5, await desk.Office.Tickets.ListAsync(0, default).CountAsync());
        Assert.DoesNotContain(desk.Told, static line => line.Contains("reminder", StringComparison.Ordinal) || line.Contains("opened", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_duty_that_is_edited_or_removed_leaves_what_is_owed_under_its_old_terms()
    {
        await using var desk = await DutyDesk.OpenAsync(DutyDesk.Duty("it"));
        await desk.UntilAsync("2026-12-10T00:00Z");
        desk.Write(DutyDesk.Duty("it").Replace("owner: ben", "owner: cat", StringComparison.Ordinal).Replace("name: The duty it", "name: Renamed", StringComparison.Ordinal));
        await desk.UntilAsync("2027-01-10T00:00Z");
        Assert.Equal([("2026-12-15", "ben"), ("2027-01-15", "cat")], (await desk.Duties.OpenAsync(default)).Select(static fact => (fact.Key, fact.Owner)));
        desk.Write("");
        await desk.UntilAsync("2027-03-10T00:00Z");
        Assert.Equal(["2026-12-15", "2027-01-15"], (await desk.Duties.OpenAsync(default)).Select(static fact => fact.Key));
        var history = (await desk.Duties.HistoryAsync("it", null, 25, default))!;
        Assert.Equal((false, "Renamed"), (history.IsInPlan, history.Duty.Name));
        Assert.Equal(["2027-01-15", "2026-12-15"], history.Occurrences.Select(static one => one.Key));
        Assert.Equal(["2026-12-15"], (await desk.Duties.HistoryAsync("it", "2027-01-15", 25, default))!.Occurrences.Select(static one => one.Key));
        _ = await Assert.ThrowsAsync<DutyRefusedException>(() => desk.Duties.SkipAsync("it", "2026-12-15", "Gone.", desk.Actor("ben"), null, null, default));
        var skipped = (await desk.Duties.SkipAsync("it", "2026-12-15", "The office was closed.", desk.Actor("ann") with { IsAdministrator = true }, null, null, default))!.Value;
        Assert.Equal((DutyState.Skipped, "The office was closed."), (skipped.State, skipped.Reason));
        Assert.Equal(1, (await desk.Duties.ReportAsync("2026-12", "2026-12", default)).Total.Skipped);
    }

    [Fact]
    public async Task The_list_says_what_is_overdue_due_coming_and_done()
    {
        await using var desk = await DutyDesk.OpenAsync(DutyDesk.Duty("it") + DutyDesk.Duty("other", "kind: planReview", "owner: cat", "from: 2026-12-20"));
        await desk.UntilAsync("2026-12-18T00:00Z");
        var list = await desk.Duties.OverviewAsync(null, default);
        Assert.Equal(["it 2026-12-15"], list.Overdue.Select(Name));
        Assert.Equal(["other 2026-12-20"], list.Due.Select(Name));
        Assert.Equal(["it 2027-01-15", "other 2027-01-20", "it 2027-02-15", "other 2027-02-20", "it 2027-03-15"], list.Coming.Select(Name));
        _ = await desk.DoAsync("it", "2026-12-15", new DutyCompletion("Late."));
        list = await desk.Duties.OverviewAsync(static fact => fact.Owner == "ben", default);
        Assert.Equal((0, 0, 3), (list.Overdue.Count, list.Due.Count, list.Coming.Count));
        Assert.Equal(["it 2026-12-15"], list.Done.Select(Name));
        Assert.Equal(["other 2026-12-20"], (await desk.Duties.OpenOfAsync(desk.Office.Plan.Current.FindPerson("cat")!, default)).Select(Name));
    }

    [Fact]
    public async Task The_same_act_sent_again_is_done_once_and_another_version_is_refused()
    {
        await using var desk = await DutyDesk.OpenAsync(DutyDesk.Duty("it"));
        await desk.UntilAsync("2026-12-10T00:00Z");
        var seen = (await desk.Duties.FindAsync("it", "2026-12-15", default))!.ETag;
        _ = await Assert.ThrowsAsync<RecordConflictException>(() => desk.Duties.DoAsync("it", "2026-12-15", new DutyCompletion("Fine."), desk.Actor("ben"), "other", null, default));
        var first = (await desk.Duties.DoAsync("it", "2026-12-15", new DutyCompletion("Fine."), desk.Actor("ben"), seen, "key", default))!.Value;
        desk.Office.Clock.Advance(TimeSpan.FromHours(1));
        var again = (await desk.Duties.DoAsync("it", "2026-12-15", new DutyCompletion("Fine."), desk.Actor("ben"), seen, "key", default))!.Value;
        Assert.Equal((first.ClosedAt, 1), (again.ClosedAt, again.Evidence.Count));
        Assert.Null(await desk.Duties.DoAsync("it", "2026-12-16", new DutyCompletion("Fine."), desk.Actor("ben"), null, null, default));
        Assert.Null(await desk.Duties.FindAsync("_open", "2026-12-15", default));
    }

    [Fact]
    public async Task Evidence_must_exist_and_a_stranger_does_not_give_it()
    {
        await using var desk = await DutyDesk.OpenAsync(DutyDesk.Duty("it", "evidence: [ticket, report]"));
        await desk.UntilAsync("2026-12-10T00:00Z");
        async Task<string[]> WrongAsync(DutyCompletion completion) => [.. (await Assert.ThrowsAsync<DutyActException>(() => desk.DoAsync("it", "2026-12-15", completion))).Errors.Keys.Order()];
        Assert.Equal(["report", "ticket"], await WrongAsync(new DutyCompletion("Words alone.")));
        Assert.Equal(["report", "ticket"], await WrongAsync(new DutyCompletion(null, null, "T-9", "backups")));
        Assert.Equal(["report"], await WrongAsync(new DutyCompletion(null, null, null, "backups/2027-01")));
        Assert.Equal(["report"], await WrongAsync(new DutyCompletion(null, null, null, "nonsense/2026-11")));
        Assert.Equal(["drill"], await WrongAsync(new DutyCompletion(null, "R-1", null, null)));
        _ = await Assert.ThrowsAsync<DutyRefusedException>(() => desk.Duties.DoAsync("it", "2026-12-15", new DutyCompletion("x"), desk.Actor("cat"), null, null, default));
        var ticket = await desk.Office.Tickets.OpenAsync("x", new NewTicket(TicketType.Incident, "A", "B", null, "all", "later", null, null, desk.Now), default);
        var done = await desk.DoAsync("it", "2026-12-15", new DutyCompletion("And words.", null, ticket.Id, "backups/2026-11"));
        Assert.Equal([(EvidenceKind.Text, "And words."), (EvidenceKind.Ticket, ticket.Id), (EvidenceKind.Report, "backups/2026-11")], done.Evidence.Select(static one => (one.Kind, one.Value)));
        Assert.Equal("/reports/backups?from=2026-11&to=2026-11", DutyService.ReportPath("backups/2026-11"));
        Assert.Equal("/reports?from=2026-11&to=2026-11", DutyService.ReportPath("overview/2026-11"));
    }

    [Fact]
    public async Task A_drill_is_evidence_where_it_passed_in_the_period_and_only_once()
    {
        await using var bench = await RecoveryBench.OpenAsync(static plan => plan + DutyDesk.Section(DutyDesk.Duty("it", "every: { days: 1, from: 2026-11-22 }", "evidence: [drill]", "lead: 1h")));
        var office = bench.Office;
        var duties = new DutyService(office.Records, office.Notifications, office.Tickets, office.Recoveries, office.Plan, office.Clock);
        var ben = new DutyActor("ben", bench.Ben, false);
        var faulty = await bench.UntilClosedAsync((await bench.DrillAsync(DrillFault.MissingPack, "faulty")).Id);
        var passed = await bench.UntilClosedAsync((await bench.DrillAsync()).Id);
        office.Clock.Advance(Utc("2026-11-22T17:00Z") - office.Clock.GetUtcNow());
        await duties.SweepAsync(default);
        async Task<string> WrongAsync(string drill, string key) => (await Assert.ThrowsAsync<DutyActException>(() => duties.DoAsync("it", key, new DutyCompletion(null, drill), ben, null, null, default))).Errors["drill"][0];
        Assert.Contains("has not passed", await WrongAsync(faulty.Id, "2026-11-22"), StringComparison.Ordinal);
        Assert.Equal(DutyState.Done, (await duties.DoAsync("it", "2026-11-22", new DutyCompletion(null, passed.Id), ben, null, null, default))!.Value.State);
        office.Clock.Advance(TimeSpan.FromDays(1));
        await duties.SweepAsync(default);
        Assert.Contains("before the period", await WrongAsync(passed.Id, "2026-11-23"), StringComparison.Ordinal);

        // Done late, it lies in the next period too, and shows the late one only.
        office.Clock.Advance(TimeSpan.FromMinutes(1));
        _ = await bench.BackUpAsync();
        var late = await bench.UntilClosedAsync((await bench.DrillAsync(key: "late")).Id);
        office.Clock.Advance(TimeSpan.FromDays(1));
        await duties.SweepAsync(default);
        _ = await duties.DoAsync("it", "2026-11-23", new DutyCompletion(null, late.Id), ben, null, null, default);
        Assert.Contains("showed already that 2026-11-23", await WrongAsync(late.Id, "2026-11-24"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_kept_with_its_hash_and_what_was_cut_off_is_removed()
    {
        await using var desk = await DutyDesk.OpenAsync(DutyDesk.Duty("it", "evidence: [file]"));
        await desk.UntilAsync("2026-12-10T00:00Z");
        using var content = new MemoryStream("a,b\n1,2\n"u8.ToArray());
        var added = (await desk.Files.AddAsync("it", "2026-12-15", "../count.csv", content, desk.Actor("ben"), "key", default))!.Value;
        var file = Assert.Single(added.Evidence);
        Assert.Equal(("count.csv", 8L, "text/csv", Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("a,b\n1,2\n"u8))), (file.Value, file.File!.Bytes, file.File.MediaType, file.File.Sha256));
        content.Position = 0;
        Assert.Single((await desk.Files.AddAsync("it", "2026-12-15", "count.csv", content, desk.Actor("ben"), "key", default))!.Value.Evidence);
        using var read = new MemoryStream();
        await foreach (var piece in desk.Files.ReadAsync((await desk.Files.FindAsync("it", "2026-12-15", file.File.Id, default))!.File!, default))
        {
            read.Write(piece.Span);
        }

        Assert.Equal("a,b\n1,2\n"u8.ToArray(), read.ToArray());
        _ = await Assert.ThrowsAsync<TicketActException>(() => desk.Files.AddAsync("it", "2026-12-15", "count.exe", new MemoryStream([1]), desk.Actor("ben"), null, default));
        _ = await Assert.ThrowsAsync<DutyRefusedException>(() => desk.Files.AddAsync("it", "2026-12-15", "count.csv", new MemoryStream([65]), desk.Actor("cat"), null, default));

        // Cut off after the file and before its occurrence.
        desk.Office.Records.CutAfter(1);
        _ = await Assert.ThrowsAsync<CutOffException>(() => desk.Files.AddAsync("it", "2026-12-15", "lost.csv", new MemoryStream([65]), desk.Actor("ben"), null, default));
        desk.Office.Records.Mend();
        Assert.Equal(2, await desk.Objects.ListAsync(DutyFiles.Prefix, default).CountAsync());
        desk.Office.Clock.Advance(TimeSpan.FromDays(2));
        await desk.Files.PurgeAsync(default);
        Assert.Equal([file.File.StoredAs], await desk.Objects.ListAsync(DutyFiles.Prefix, default).Select(static one => one.Name).ToListAsync());
        Assert.Equal(DutyState.Done, (await desk.DoAsync("it", "2026-12-15", new DutyCompletion())).State);
    }

    /// <summary>The process is ended before each of its writes, one after the other, and started again: in the end everything is there once.</summary>
    [Fact]
    public async Task Wherever_a_sweep_or_an_act_is_cut_off_everything_is_there_once_in_the_end()
    {
        var (stories, cut) = (new List<string>(), 0);
        for (var isCut = true; isCut; cut++)
        {
            await using var desk = await DutyDesk.OpenAsync(DutyDesk.Duty("it"));
            desk.Office.Clock.Advance(Utc("2027-01-16T00:00Z") - desk.Now);
            desk.Office.Records.CutAfter(cut);
            isCut = await IsCutAsync(() => desk.Duties.SweepAsync(default));
            isCut = await IsCutAsync(() => desk.Duties.DoAsync("it", "2026-12-15", new DutyCompletion("Fine."), desk.Actor("ben"), null, "key", default)) || isCut;
            desk.Office.Records.Mend();
            await desk.Duties.SweepAsync(default);
            _ = await desk.Duties.DoAsync("it", "2026-12-15", new DutyCompletion("Fine."), desk.Actor("ben"), null, "key", default);
            await desk.UntilAsync("2027-01-20T00:00Z");
            var one = (await desk.FindAsync("it", "2026-12-15"))!;
            var report = await desk.Duties.ReportAsync("2026-12", "2027-01", default);
            var comments = (await desk.Office.Tickets.ReadAsync(one.Ticket!, default))!.Value.History!.Count(static entry => MaintenanceJson.Write(entry).Contains("Done by ben", StringComparison.Ordinal));
            stories.Add($"{one.State} {one.Evidence.Count} {string.Join(',', one.Notices.Select(static notice => notice.Kind).Order())} {comments} | {await desk.Office.Tickets.ListAsync(0, default).CountAsync()} | {report.Total} | {string.Join(',', (await desk.Duties.OpenAsync(default)).Select(Name))} | {string.Join(',', desk.Told.Distinct().Where(static line => !line.Contains("escalated", StringComparison.Ordinal)))}");
        }

        Assert.True(cut > 15, $"only {cut} writes");
        Assert.All(stories, story => Assert.Equal(stories[^1], story));
        Assert.StartsWith("Done 1 ", stories[0], StringComparison.Ordinal);
    }

    private static string Camel(DutyKind kind) => MaintenanceJson.Write(kind).Trim('"');

    private static string Name(DutyFact fact) => $"{fact.Duty} {fact.Key}";

    private static async Task<bool> IsCutAsync(Func<Task> act)
    {
        try
        {
            await act();
            return false;
        }
        catch (Exception error) when (error is CutOffException or AggregateException)
        {
            return true;
        }
    }
}
