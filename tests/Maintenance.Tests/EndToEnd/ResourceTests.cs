using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Maintenance.Tests.EndToEnd;

/// <summary>Hours and absences on a started host: by command, by program, on the page; and after its process was killed.</summary>
[Collection("End to end: help desk")]
public sealed class ResourceTests
{
    internal const string Section = """

        resources:
          closesAfter: 5d
          allocations:
            - { person: sam, hours: 7, service: register, kind: operations }

        """;

    private const string Team = """

        teams:
          - { id: desk, name: Desk, lead: kim, members: [sam, ada] }

        """;

    private static string Today => DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Tomorrow => DateTime.UtcNow.AddDays(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Hours_are_booked_by_command_program_and_form_reversed_and_there_after_the_process_was_killed()
    {
        await using var here = new Installation(PlanText);
        var server = await here.ServeAsync();
        using var sam = server.As(await here.TokenAsync("sam"));
        using var lee = server.As(await here.TokenAsync("lee"));
        var ticket = (await sam.PostAsync("/api/tickets", new { title = "Printer", description = "It is out.", type = "incident", service = "register" })).Expect(HttpStatusCode.Created).Json.GetProperty("id").GetString()!;

        // By program: once for a key, of one's own, in quarters, not of a time to come.
        string id = "";
        foreach (var _ in new[] { 1, 2 })
        {
            var booked = (await sam.PostAsync("/api/resources/hours", new { hours = 1.5, on = Today, ticket, note = "<Toner>" }, ("Idempotency-Key", "visit-7"))).Expect(HttpStatusCode.Created).Json;
            Assert.Equal(("support", "register", 1.5m), (booked.GetProperty("kind").GetString()!, booked.GetProperty("service").GetString()!, booked.GetProperty("hours").GetDecimal()));
            id = booked.GetProperty("id").GetString()!;
        }

        (await lee.PostAsync("/api/resources/hours", new { hours = 1, kind = "operations", person = "sam" })).Expect(HttpStatusCode.Forbidden);
        Assert.Contains("Did you mean 'sam'?", (await lee.PostAsync("/api/resources/hours", new { hours = 1, kind = "operations", person = "sm" })).Expect(HttpStatusCode.UnprocessableEntity).Detail, StringComparison.Ordinal);
        foreach (var body in new object[] { new { hours = 0, kind = "operations" }, new { hours = 1.1, kind = "operations" }, new { hours = 25, kind = "operations" }, new { hours = 1 }, new { hours = 1, kind = "debt" }, new { hours = 1, ticket = "T-999999" }, new { hours = 1, kind = "other", on = Tomorrow } })
        {
            (await sam.PostAsync("/api/resources/hours", body)).Expect(HttpStatusCode.UnprocessableEntity);
        }

        // By command and by form.
        Assert.Contains("2 hours of sam", (await here.RunAsync(0, "resources", "book", "2", "--person", "sam", "--kind", "operations", "--service", "register")).Output, StringComparison.Ordinal);
        foreach (var _ in new[] { 1, 2 })
        {
            (await sam.FormAsync("/resources/hours", [("on", Today), ("hours", "0.25"), ("kind", "training"), ("person", "sam"), ("key", "0123")])).Expect(HttpStatusCode.Found);
        }

        var wrong = (await sam.FormAsync("/resources/hours", [("on", Today), ("hours", "a lot"), ("kind", "training"), ("note", "A \"word\"")])).Expect(HttpStatusCode.UnprocessableEntity).Body;
        Assert.Contains("Write the hours as digits", wrong, StringComparison.Ordinal);
        Assert.Contains("A &quot;word&quot;", wrong, StringComparison.Ordinal);

        // Killed right after it was acknowledged.
        var last = (await sam.PostAsync("/api/resources/hours", new { hours = 3, kind = "project" })).Expect(HttpStatusCode.Created).Json.GetProperty("id").GetString()!;
        await server.KillAsync();
        server = await here.ServeAsync();
        using var again = server.As(await here.TokenAsync("sam"));
        using var lead = server.As(await here.TokenAsync("kim"));
        using var other = server.As(await here.TokenAsync("lee"));
        var list = (await again.GetAsync("/api/resources/hours")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal((6.75m, 4), (list.GetProperty("total").GetDecimal(), list.GetProperty("bookings").GetArrayLength()));
        Assert.Equal(1.5m, (await other.GetAsync("/api/resources/hours?ticket=" + ticket)).Expect(HttpStatusCode.OK).Json.GetProperty("total").GetDecimal());
        Assert.Equal(0, (await other.GetAsync("/api/resources/hours?ticket=" + ticket)).Json.GetProperty("bookings").GetArrayLength());
        Assert.Equal(0, (await other.GetAsync("/api/resources/hours")).Json.GetProperty("bookings").GetArrayLength());
        (await other.GetAsync("/api/resources/hours?person=sam")).Expect(HttpStatusCode.Forbidden);

        // Reversed, by the person or their lead, with a reason; and still there.
        (await other.PostAsync($"/api/resources/hours/{last}/reversal", new { reason = "Not mine" })).Expect(HttpStatusCode.Forbidden);
        (await again.PostAsync("/api/resources/hours/2026-01-000000000000/reversal", new { reason = "None" })).Expect(HttpStatusCode.NotFound);
        (await again.PostAsync($"/api/resources/hours/{last}/reversal", new { reason = "" })).Expect(HttpStatusCode.UnprocessableEntity);
        (await lead.PostAsync($"/api/resources/hours/{last}/reversal", new { reason = "Booked twice" })).Expect(HttpStatusCode.OK);
        (await again.FormAsync($"/resources/hours/{id}/reversal", [("reason", "Another ticket")])).Expect(HttpStatusCode.Found);
        list = (await again.GetAsync("/api/resources/hours")).Json;
        Assert.Equal((2.25m, 4), (list.GetProperty("total").GetDecimal(), list.GetProperty("bookings").GetArrayLength()));
        var page = (await again.GetAsync("/resources/hours?ticket=" + ticket)).Expect(HttpStatusCode.OK).Body;
        Assert.Contains("&lt;Toner&gt;", page, StringComparison.Ordinal);
        Assert.Contains("reversed: Another ticket", page, StringComparison.Ordinal);
        Assert.Contains($"/resources/hours?ticket={ticket}", (await again.GetAsync("/tickets/" + ticket)).Body, StringComparison.Ordinal);

        // The report: own figures, the team's for its lead, nothing for others; the same as CSV and by command.
        var month = (await lead.GetAsync("/api/reports/staff")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(("Desk", 2.25m), (month.GetProperty("teams")[0].GetProperty("name").GetString()!, month.GetProperty("teams")[0].GetProperty("booked").GetDecimal()));
        Assert.Equal("sam", Assert.Single((await again.GetAsync("/api/reports/staff")).Json.GetProperty("people").EnumerateArray()).GetProperty("person").GetString());
        (await other.GetAsync("/api/reports/staff?person=sam")).Expect(HttpStatusCode.Forbidden);
        (await other.GetAsync("/api/reports/staff?team=desk")).Expect(HttpStatusCode.Forbidden);
        (await other.GetAsync("/api/reports/staff?team=none")).Expect(HttpStatusCode.NotFound);
        (await other.GetAsync("/api/reports/staff?month=2026-13")).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Contains(",person,sam,Sam Sorell,kind,operations,,", (await lead.GetAsync("/api/reports/staff.csv?team=desk")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        Assert.Contains("<svg", (await lead.GetAsync("/reports/staff?team=desk")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        Assert.Contains("Sam Sorell", (await here.RunAsync(0, "report", "staff", "--token", await here.TokenAsync("sam"))).Output, StringComparison.Ordinal);
        Assert.Contains("REVERSED: Booked twice", (await here.RunAsync(0, "resources", "hours", "--token", await here.TokenAsync("sam"))).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_away_is_not_given_tickets_why_is_theirs_and_what_hangs_on_one_then_is_told()
    {
        await using var here = new Installation(PlanText);
        var server = await here.ServeAsync();
        using var sam = server.As(await here.TokenAsync("sam"));
        using var lee = server.As(await here.TokenAsync("lee"));
        using var kim = server.As(await here.TokenAsync("kim"));
        string id = "";
        foreach (var _ in new[] { 1, 2 })
        {
            var recorded = (await sam.PostAsync("/api/resources/absences", new { from = Today, to = Tomorrow, kind = "sickness", deputy = "ada" }, ("Idempotency-Key", "flu"))).Expect(HttpStatusCode.Created).Json;
            Assert.Equal("sickness", recorded.GetProperty("kind").GetString());
            id = recorded.GetProperty("id").GetString()!;
        }

        (await lee.PostAsync("/api/resources/absences", new { from = Today, to = Today, kind = "leave", person = "sam" })).Expect(HttpStatusCode.Forbidden);
        (await sam.PostAsync("/api/resources/absences", new { from = Tomorrow, to = Tomorrow, kind = "leave" })).Expect(HttpStatusCode.UnprocessableEntity);
        (await sam.PostAsync("/api/resources/absences", new { from = "2026-02-30", to = Tomorrow, kind = "leave" })).Expect(HttpStatusCode.BadRequest);

        // Why: for themselves and their lead, and in no list, page or calendar of others.
        Assert.Equal("sickness", Away(await kim.GetAsync("/api/resources/absences")).GetProperty("kind").GetString());
        Assert.False(Away(await lee.GetAsync("/api/resources/absences")).TryGetProperty("kind", out _));
        Assert.False(Away(await server.Operator.GetAsync("/api/resources/absences")).TryGetProperty("kind", out _));
        foreach (var path in new[] { "/resources", "/plan/on-duty", "/plan/calendar", "/api/resources", "/api/plan/on-duty", "/plan" })
        {
            // The form offers every kind by its name; what is recorded would be said in a cell.
            Assert.DoesNotContain("<td>sickness", (await lee.GetAsync(path)).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
            Assert.DoesNotContain("\"sickness\"}", (await lee.GetAsync(path)).Body, StringComparison.Ordinal);
        }

        Assert.Contains("<td>sickness", (await sam.GetAsync("/resources")).Body, StringComparison.Ordinal);
        Assert.Contains("Ada Adler stands in", (await lee.GetAsync("/plan/on-duty")).Body, StringComparison.Ordinal);

        // Sam alone hears of escalations, and is away: that is told; and no ticket goes to Sam.
        Assert.Contains("Nobody whom it would reach is there, since Sam Sorell is away.", (await here.RunAsync(1, "resources", "show")).Output, StringComparison.Ordinal);
        var ticket = (await lee.PostAsync("/api/tickets", new { title = "Printer", description = "It is out.", type = "incident", service = "register" })).Expect(HttpStatusCode.Created).Json.GetProperty("id").GetString()!;
        var given = await Eventually.HoldsAsync(async () => (await server.Operator.GetAsync("/api/tickets/" + ticket)).Expect(HttpStatusCode.OK).Json, static one => Ticket(one).TryGetProperty("assignee", out _));
        Assert.Equal("ada", Ticket(given).GetProperty("assignee").GetString());

        // Killed, it is still known; withdrawn, it no longer counts, and the book keeps it for whom it concerns.
        await server.KillAsync();
        server = await here.ServeAsync();
        using var again = server.As(await here.TokenAsync("sam"));
        Assert.Contains("Ada Adler stands in", (await again.GetAsync("/plan/on-duty")).Body, StringComparison.Ordinal);
        (await again.FormAsync($"/resources/absences/{id}/withdrawal", [("reason", "Well again")])).Expect(HttpStatusCode.Found);
        Assert.DoesNotContain("stands in", (await again.GetAsync("/plan/on-duty")).Body, StringComparison.Ordinal);
        Assert.Contains("withdrawn: Well again", (await again.GetAsync("/resources")).Body, StringComparison.Ordinal);
        Assert.Contains("Recorded as ", (await here.RunAsync(0, "resources", "away", Tomorrow, "--part", "morning", "--person", "sam", "--kind", "training")).Output, StringComparison.Ordinal);
        foreach (var _ in new[] { 1, 2 })
        {
            (await again.FormAsync("/resources/absences", [("person", "sam"), ("from", Today), ("to", ""), ("kind", "leave"), ("part", "afternoon"), ("key", "45")])).Expect(HttpStatusCode.Found);
        }

        Assert.Contains("Both days are included", (await again.FormAsync("/resources/absences", [("from", Tomorrow), ("to", Today), ("kind", "leave")])).Expect(HttpStatusCode.UnprocessableEntity).Body, StringComparison.Ordinal);
        Assert.Equal(3, (await again.GetAsync("/api/resources/absences")).Json.GetArrayLength());
        (await again.PostAsync("/api/resources/absences/2026-01-01-000000000000/withdrawal", new { reason = "None" })).Expect(HttpStatusCode.NotFound);

        // Back early, by command and by form; a day that it cannot end on is refused on the page itself.
        static string Day(int days) => DateTime.UtcNow.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var leave = (await again.PostAsync("/api/resources/absences", new { from = Day(3), to = Day(20), kind = "leave" })).Expect(HttpStatusCode.Created).Json.GetProperty("id").GetString()!;
        Assert.Contains($"ended on {Day(9)}", (await here.RunAsync(0, "resources", "withdraw", leave, "--last-day", Day(9), "--reason", "Came home")).Output, StringComparison.Ordinal);
        (await again.FormAsync($"/resources/absences/{leave}/withdrawal", [("reason", "Earlier"), ("lastDay", Day(12))])).Expect(HttpStatusCode.UnprocessableEntity);
        (await again.FormAsync($"/resources/absences/{leave}/withdrawal", [("reason", "Earlier"), ("lastDay", Day(7))])).Expect(HttpStatusCode.Found);
        Assert.Contains("ended early: Earlier", (await again.GetAsync("/resources")).Body, StringComparison.Ordinal);

        // What lies beyond the thirty days is listed, with its form, for whom it concerns.
        using var other = server.As(await here.TokenAsync("lee"));
        var far = (await again.PostAsync("/api/resources/absences", new { from = Day(100), to = Day(110), kind = "leave" })).Expect(HttpStatusCode.Created).Json.GetProperty("id").GetString()!;
        Assert.Contains($"/resources/absences/{far}/withdrawal", (await again.GetAsync("/resources")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        Assert.DoesNotContain(far, (await other.GetAsync("/resources")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);

        // What has long been over is on the roster and in the calendar of its days.
        (await again.PostAsync("/api/resources/absences", new { from = Day(-60), to = Day(-50), kind = "leave" })).Expect(HttpStatusCode.Created);
        Assert.Equal(Day(-50), (await other.GetAsync($"/api/plan/on-duty?at={Day(-55)}T12:00:00Z")).Expect(HttpStatusCode.OK).Json.GetProperty("people").EnumerateArray().Single(static one => one.GetProperty("id").GetString() == "sam").GetProperty("awayUntil").GetString());
        Assert.Contains("Away: Sam Sorell", (await other.GetAsync($"/api/plan/calendar?from={Day(-55)}&to={Day(-55)}")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);

        // Why it ended is as private as why it began: an administrator learns that it did, not why.
        var kept = (await server.Operator.GetAsync($"/api/resources/absences?from={Day(3)}&to={Day(9)}")).Expect(HttpStatusCode.OK).Json.EnumerateArray().Single(one => one.GetProperty("id").GetString() == leave);
        Assert.Equal((Day(7), ""), (kept.GetProperty("to").GetString()!, kept.GetProperty("ended").GetProperty("reason").GetString()!));
        Assert.DoesNotContain("Well again", (await server.Operator.GetAsync("/api/resources")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
    }

    private static string PlanText => new QuickPlan { More = Section.Replace("closesAfter: 5d", "closesAfter: 100d", StringComparison.Ordinal) + Team }.Yaml;

    private static JsonElement Away(Answer answer) => Assert.Single(answer.Expect(HttpStatusCode.OK).Json.EnumerateArray());

    private static JsonElement Ticket(JsonElement answer) => answer.TryGetProperty("ticket", out var ticket) ? ticket : answer;
}
