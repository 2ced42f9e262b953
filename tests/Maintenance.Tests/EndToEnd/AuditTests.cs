using System.Net;
using Maintenance.Evidence;

namespace Maintenance.Tests.EndToEnd;

/// <summary>The audit log of a real host: what was done, what was refused, by whom, and that nobody reads it who may not.</summary>
[Collection("End to end: surface")]
public sealed class AuditTests(RunningRegister register) : IClassFixture<RunningRegister>
{
    [Fact]
    public async Task Each_act_is_there_with_who_did_it_and_what_it_came_to()
    {
        using var sam = register.Server.As(register.TokenOf("sam"));
        using var zoe = register.Server.As(register.TokenOf("zoe"));
        (await sam.PostAsync("/api/tickets/T-1001/acts", new { act = "comment", text = "Secret words" })).Expect(HttpStatusCode.OK);
        (await zoe.PostAsync("/api/repository/prunes", new { })).Expect(HttpStatusCode.Forbidden);
        (await zoe.PostAsync("/api/tickets/T-999999/acts", new { act = "comment", text = "x" })).Expect(HttpStatusCode.NotFound);

        var done = Assert.Single(await EntriesAsync("?by=sam&act=T-1001&take=1"));
        Assert.Equal(("sam", "Sam Sorell", "ActOnTicket", "/api/tickets/T-1001/acts", AuditOutcome.Done, 200), (done.By, done.Name, done.Act, done.Path, done.Outcome, done.Status));
        Assert.Equal("127.0.0.1", done.From);
        var refused = await EntriesAsync("?by=zoe&outcome=refused");
        Assert.Contains(refused, static entry => entry is { Act: "PruneRepositoryRequest", Status: 403 });
        Assert.Contains(refused, static entry => entry is { Act: "ActOnTicket", Status: 404 });
        Assert.All(refused, static entry => Assert.Equal(AuditOutcome.Refused, entry.Outcome));

        // What was sent is none of its business, and reading leaves no trace.
        var all = (await register.Server.Operator.GetAsync("/api/audit?take=1000")).Expect(HttpStatusCode.OK).Body;
        Assert.DoesNotContain("Secret words", all, StringComparison.Ordinal);
        Assert.DoesNotContain(register.TokenOf("sam"), all, StringComparison.Ordinal);
        Assert.DoesNotContain("ListTickets", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_in_and_out_is_there_with_the_person_and_a_link_that_opens_nothing_with_nobody()
    {
        using var browser = register.Server.As(null);
        var session = await register.SessionAsync("max");
        (await browser.FormAsync("/sign-out", [], ("Cookie", session))).Expect(HttpStatusCode.Found);
        (await browser.FormAsync("/sign-in", [("code", "mi_nonsense")])).Expect(HttpStatusCode.Forbidden);
        Assert.Equal(["SignOut", "SignIn"], (await EntriesAsync("?by=max")).Select(static entry => entry.Act));
        Assert.Contains(await EntriesAsync("?by=nobody&act=SignIn"), static entry => entry.Outcome == AuditOutcome.Refused);
    }

    [Fact]
    public async Task It_is_read_by_administrators_alone_as_a_page_and_as_CSV_and_asked_sensibly()
    {
        foreach (var person in new[] { "sam", "zoe" })
        {
            using var api = register.Server.As(register.TokenOf(person));
            (await api.GetAsync("/api/audit")).Expect(HttpStatusCode.Forbidden);
            (await api.GetAsync("/api/audit.csv")).Expect(HttpStatusCode.Forbidden);
            (await api.GetAsync("/audit")).Expect(HttpStatusCode.Forbidden);
        }

        using var ada = register.Server.As(register.TokenOf("ada"));
        Assert.Contains("Issue credential", (await ada.GetAsync("/audit")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        var csv = (await ada.GetAsync("/api/audit.csv")).Expect(HttpStatusCode.OK);
        Assert.Equal("text/csv", csv.Type);
        Assert.StartsWith("at,by,name,act,path,from,outcome,status\r\n", csv.Body, StringComparison.Ordinal);
        foreach (var bad in new[] { "?outcome=7", "?outcome=well", "?from=yesterday", "?to=2026-13-01", "?by=" + new string('x', 101) })
        {
            (await ada.GetAsync("/api/audit" + bad)).Expect(HttpStatusCode.BadRequest);
            Assert.Contains("role=\"alert\"", (await ada.GetAsync("/audit" + bad)).Expect(HttpStatusCode.BadRequest).Body, StringComparison.Ordinal);
        }

        Assert.Empty(await EntriesAsync("?to=2020-01-01"));
        Assert.Equal(0, (await register.Here.RunAsync("audit", "list", "--by", "operator")).ExitCode);
    }

    private async Task<List<AuditEntry>> EntriesAsync(string query) => (await register.Server.Operator.GetAsync("/api/audit" + query)).Expect(HttpStatusCode.OK).As<List<AuditEntry>>();
}
