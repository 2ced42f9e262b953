using Maintenance.Plan;
using Maintenance.Recovery;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Recovery;

/// <summary>What was watched, what it was made of and what is due: by the book, where the system cannot say it any more.</summary>
public sealed class BreakGlassWatchTests
{
    private const string Sections = """

        monitoring:
          tickets: { impact: all, urgency: now }
          deadMan: { urlSetting: DEAD_MAN_URL, every: 10m }
          probes:
            - { id: page, service: register, name: The page, every: 1m, http: { url: "https://register.example/health?key=PROBESECRET", contains: ok }, failAfter: 3, parentService: network }
            - { id: line, service: network, name: The line, every: 30s, timeout: 5s, tcp: { host: 192.0.2.1, port: 22 } }
            - { id: batch, service: register, name: The night batch, every: 5m, heartbeat: { within: 1d, keySetting: BATCH_KEY } }
        assets:
          components:
            - { id: machine, name: The machine, service: network, version: "24.04", endOfLife: 2029-05-31, supplier: Example Ltd }
            - { id: server, name: The server, service: register, version: "15.2", runsOn: machine, owner: ben }
            - { id: driver, name: The driver, service: register, package: pkg:nuget/Driver }
        duties:
          - { id: keys, kind: keyRotation, name: New keys, owner: ann, deputy: cat, every: { weeks: 1, from: 2026-11-26, at: "09:00" } }
          - { id: audit, kind: securityAudit, name: The audit, owner: approver, every: { years: 1, from: 2027-03-01 } }
          - { id: media, kind: backupMediaCheck, name: Look at the tapes, owner: ben, every: { months: 1, from: 2026-10-31 } }
        """;

    private static readonly OperationsPlan Plan = WithProcedure(Load(BookPlan.Yaml + Sections));

    private static readonly string Book = Write(Plan);

    [Fact]
    public void Every_probe_is_in_it_with_its_service_and_what_it_looks_at_but_no_secret_of_an_address()
    {
        Says(
            "7. What watched over it",
            "Register (register)", "The page: GET https://register.example/health, every 1m, down after 3 of 3",
            "The line: connection to 192.0.2.1:22, every 30s",
            "The night batch: a call within 1d, every 5m");
        Assert.DoesNotContain("PROBESECRET", Book[..Book.IndexOf("## 11.", StringComparison.Ordinal)], StringComparison.Ordinal);
    }

    [Fact]
    public void Jobs_know_where_to_call_and_whoever_is_on_duty_why_the_watcher_outside_alarms() => Says(
        "POST /api/heartbeats/batch", "the key of the setting BATCH_KEY as X-Heartbeat-Key",
        "A watcher outside was called every 10m (the address is in the setting DEAD_MAN_URL): it alarms while this system is down.");

    [Fact]
    public void Every_component_is_in_it_with_its_version_its_end_and_who_owns_it() => Says(
        "8. What the services are made of",
        "The machine 24.04; supported until 2029-05-31; of Example Ltd",
        "The server 15.2; runs on The machine; ask Ben, ben@registry.example",
        "The driver, version by its bill of materials");

    [Fact]
    public void What_is_due_in_the_next_thirty_days_is_in_it_in_order_with_who_does_it_and_how()
    {
        Says(
            "9. What is due in the next 30 days",
            "2026-11-26 09:00 UTC: New keys - Ann, ann@registry.example; in absence Cat, cat@registry.example; by sops/keys.md",
            "2026-11-30", "Look at the tapes", "2026-12-17 09:00 UTC: New keys");
        var duties = Flat(Book)[Flat(Book).IndexOf("9. What is due", StringComparison.Ordinal)..Flat(Book).IndexOf("10. The procedures", StringComparison.Ordinal)];
        Assert.DoesNotContain("The audit", duties, StringComparison.Ordinal);
        Assert.DoesNotContain("2026-12-24", duties, StringComparison.Ordinal);
        Assert.True(duties.IndexOf("Look at the tapes", StringComparison.Ordinal) > duties.IndexOf("2026-11-26", StringComparison.Ordinal));
        Assert.True(duties.IndexOf("Look at the tapes", StringComparison.Ordinal) < duties.IndexOf("2026-12-03", StringComparison.Ordinal));
    }

    [Fact]
    public void A_plan_without_them_says_so_in_a_line_each()
    {
        var text = Flat(Write(Load(BookPlan.Yaml)));
        Assert.Contains("7. What watched over it The plan has no probes.", text, StringComparison.Ordinal);
        Assert.Contains("8. What the services are made of The plan names no components.", text, StringComparison.Ordinal);
        Assert.Contains("9. What is due in the next 30 days Nothing.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_very_much_the_book_has_the_first_and_says_that_there_is_more()
    {
        var duties = Plan with { Duties = [.. Enumerable.Range(0, 20).Select(at => Plan.Duties[0] with { Id = $"d{at}", Rhythm = Plan.Duties[0].Rhythm with { Every = Plan.Duties[0].Rhythm.Every! with { Count = 1, Unit = Maintenance.Duties.DutyUnit.Days } } })] };
        Assert.Contains("and more: the plan has all of them.", Flat(Write(duties)), StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_fit_on_a_page()
    {
        var own = Book[Book.IndexOf("## 7.", StringComparison.Ordinal)..Book.IndexOf("## 10.", StringComparison.Ordinal)];
        Assert.All(own.Split('\n'), static line => Assert.InRange(line.Length, 0, 120));
    }

    /// <summary>A plan is only good while the file of a procedure is there; the book names it by its path.</summary>
    private static OperationsPlan WithProcedure(OperationsPlan plan) => plan with { Duties = [plan.Duties[0] with { Procedure = "sops/keys.md" }, .. plan.Duties.Skip(1)] };

    private static OperationsPlan Load(string text)
    {
        var load = PlanFile.Load("plan.yaml", text, "/srv/plan");
        Assert.True(load.Plan is not null, string.Join('\n', load.Problems));
        return load.Plan;
    }

    private static string Write(OperationsPlan plan) => BreakGlassBook.Write(new BreakGlassContents(
        plan, "the plan's text", "/srv/plan", "break-glass/20261122T020100Z-0123456789ab.md", Utc("2026-11-22T02:01:00Z"), "f1f2f3f4", new BreakGlassPlaces("/srv/objects", "a file"), new BreakGlassProgram("1.2.3", "10.0", null)));

    private static string Flat(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static void Says(params string[] words) => Assert.All(words, static word => Assert.Contains(word, Flat(Book), StringComparison.Ordinal));
}
