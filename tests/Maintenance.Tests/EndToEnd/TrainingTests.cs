using System.Net;
using System.Text.Json;

namespace Maintenance.Tests.EndToEnd;

/// <summary>Training on a started host: by command, by program, on the page; and after its process was killed.</summary>
[Collection("End to end: help desk")]
public sealed class TrainingTests
{
    internal const string Section = """

        training:
          programmes:
            - { id: basics, name: Basics & more, audience: [support], valid: 365d, within: 60d, owner: kim, trainer: kim, delivery: classroom, passMark: 80, gates: { services: [register] } }

        """;

    [Fact]
    public async Task A_session_is_planned_held_and_recorded_and_whoever_was_there_is_offered_for_what_it_gates()
    {
        await using var here = new Installation(new QuickPlan { More = Section }.Yaml);
        var server = await here.ServeAsync();
        using var kim = server.As(await here.TokenAsync("kim"));
        using var sam = server.As(await here.TokenAsync("sam"));
        var ticket = (await server.Operator.PostAsync("/api/tickets", new { title = "A", description = "B", type = "incident", service = "register" })).Expect(HttpStatusCode.Created).Json.GetProperty("id").GetString()!;
        async Task<string> OfferedAsync() => (await server.Operator.GetAsync($"/api/tickets/{ticket}/assignment")).Expect(HttpStatusCode.OK).Body;
        Assert.Contains("has no valid training 'Basics & more'", await OfferedAsync(), StringComparison.Ordinal);

        // Planned by command, by program once for a key, and by form; by nobody else.
        Assert.Contains("TS-1001", (await here.RunAsync(0, "training", "plan", "basics", "--at", "2020-01-02T09:00Z", "--trainer", "Kim", "--place", "Room 2")).Output, StringComparison.Ordinal);
        foreach (var _ in new[] { 1, 2 })
        {
            var planned = (await kim.PostAsync("/api/training/basics/sessions", new { at = DateTimeOffset.UtcNow.AddDays(-1), trainer = "Kim", place = "Room 2" }, ("Idempotency-Key", "a"))).Expect(HttpStatusCode.Created);
            Assert.Equal("TS-1002", planned.Json.GetProperty("id").GetString());
        }

        var later = DateTime.UtcNow.AddDays(9).ToString("yyyy-MM-dd'T'09:00");
        foreach (var _ in new[] { 1, 2 })
        {
            (await kim.FormAsync("/training/basics/sessions", [("at", later), ("trainer", "<Kim>"), ("place", "Room 3"), ("key", "0123")])).Expect(HttpStatusCode.Found);
        }

        var wrong = (await kim.FormAsync("/training/basics/sessions", [("at", "soon"), ("trainer", "Kim"), ("place", "Attic")])).Expect(HttpStatusCode.UnprocessableEntity).Body;
        Assert.Contains("such as 2026-12-04T09:00", wrong, StringComparison.Ordinal);
        Assert.Contains("value=\"Attic\"", wrong, StringComparison.Ordinal);
        Assert.Contains("Kim Kamau", (await sam.PostAsync("/api/training/basics/sessions", new { at = DateTimeOffset.UtcNow, trainer = "Sam", place = "Here" })).Expect(HttpStatusCode.Forbidden).Detail, StringComparison.Ordinal);
        (await kim.GetAsync("/api/training/dancing")).Expect(HttpStatusCode.NotFound);
        var page = (await kim.GetAsync("/training/basics")).Expect(HttpStatusCode.OK).Body;
        Assert.Contains("&lt;Kim&gt;", page, StringComparison.Ordinal);
        Assert.Contains("name=\"score-sam\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"score-sam\"", (await sam.GetAsync("/training/basics")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);

        // Recorded: what cannot be is said, and what failed is not passed.
        var attendance = "/api/training/basics/sessions/TS-1002/attendance";
        foreach (var said in new object[] { new { person = "sam" }, new { person = "sam", score = 101 }, new { person = "nobody", score = 90 } })
        {
            (await kim.PostAsync(attendance, new { attendance = new[] { said } })).Expect(HttpStatusCode.UnprocessableEntity);
        }

        (await kim.PostAsync(attendance, new { attendance = new object?[] { null } })).Expect(HttpStatusCode.BadRequest);
        (await kim.PostAsync("/api/training/basics/sessions/TS-1003/attendance", new { attendance = new[] { new { person = "sam", score = 90 } } })).Expect(HttpStatusCode.UnprocessableEntity);
        (await kim.PostAsync("/api/training/basics/sessions/TS-9/attendance", new { attendance = new[] { new { person = "sam", score = 90 } } })).Expect(HttpStatusCode.NotFound);
        await here.RunAsync(0, "training", "record", "basics", "TS-1002", "sam=79");
        Assert.Contains("has no valid training", await OfferedAsync(), StringComparison.Ordinal);
        (await kim.FormAsync("/training/basics/sessions/TS-1002/attendance", [("was-sam", "yes"), ("score-sam", "lots")])).Expect(HttpStatusCode.UnprocessableEntity);
        (await kim.FormAsync("/training/basics/sessions/TS-1002/attendance", [("was-sam", "yes"), ("score-sam", "80"), ("score-ada", "")])).Expect(HttpStatusCode.Found);
        await here.RunAsync(0, "training", "cancel", "basics", "TS-1003", "--reason", "The room is taken");

        // Once acknowledged it is there, whatever becomes of the process.
        await server.KillAsync();
        server = await here.ServeAsync();
        Assert.DoesNotContain("has no valid training", await OfferedAsync(), StringComparison.Ordinal);
        var listed = (await here.RunAsync(0, "training", "list", "--json")).As<JsonElement>()[0];
        Assert.Equal(("valid", 0, false), (listed.GetProperty("people")[0].GetProperty("state").GetString(), listed.GetProperty("outOfDate").GetInt32(), listed.TryGetProperty("next", out _)));
        var shown = (await here.RunAsync(0, "training", "show", "basics")).Output;
        Assert.Contains("cancelled: The room is taken", shown, StringComparison.Ordinal);
        Assert.Contains("Everybody is trained, or has time.", (await server.Operator.GetAsync("/training")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
    }
}
