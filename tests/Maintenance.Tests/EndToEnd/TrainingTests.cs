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
        foreach (var never in new[] { "0000-01-01 09:00", "-0001-01-01 09:00", "0001-01-01 00:00", "9999-12-31 23:59" })
        {
            Assert.Contains($"value=\"{never}\"", (await kim.FormAsync("/training/basics/sessions", [("at", never), ("trainer", "Kim"), ("place", "Attic")])).Expect(HttpStatusCode.UnprocessableEntity).Body, StringComparison.Ordinal);
        }

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
        (await kim.FormAsync("/training/basics/sessions/TS-1002/attendance", [("version", "1"), ("was-sam", "yes"), ("score-sam", "80"), ("score-ada", "")])).Expect(HttpStatusCode.Found);
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

    [Fact]
    public async Task What_two_record_of_a_session_is_not_lost_and_results_are_for_whom_they_are_of()
    {
        await using var here = new Installation(new QuickPlan { More = Section.Replace("audience: [support]", "audience: [sam, lee, kim]", StringComparison.Ordinal) }.Yaml);
        await using var server = await here.ServeAsync();
        using var kim = server.As(await here.TokenAsync("kim"));
        using var sam = server.As(await here.TokenAsync("sam"));
        (await kim.PostAsync("/api/training/basics/sessions", new { at = DateTimeOffset.UtcNow.AddDays(-1), trainer = "Kim", place = "Room 2" })).Expect(HttpStatusCode.Created);
        const string Form = "/training/basics/sessions/TS-1001/attendance";

        // A score without its tick is a slip, and somebody's name.
        var slip = (await kim.FormAsync(Form, [("version", "0"), ("was-lee", "yes"), ("score-lee", "71"), ("score-sam", "83")])).Expect(HttpStatusCode.UnprocessableEntity).Body;
        Assert.Contains("has a score, but no tick", slip, StringComparison.Ordinal);
        Assert.Contains("value=\"83\"", slip, StringComparison.Ordinal);
        (await kim.FormAsync("/training/basics/sessions/TS-9/attendance", [("score-sam", "83")])).Expect(HttpStatusCode.NotFound);

        // Recorded by command meanwhile: the page that was opened before is refused, with what was typed.
        Assert.DoesNotContain("Taken out", (await here.RunAsync(0, "training", "record", "basics", "TS-1001", "sam=84", "lee=71")).Output, StringComparison.Ordinal);
        var late = (await kim.FormAsync(Form, [("version", "0"), ("was-sam", "yes"), ("score-sam", "93")])).Expect(HttpStatusCode.PreconditionFailed).Body;
        Assert.Contains("(71 %)", late, StringComparison.Ordinal);
        Assert.Contains("value=\"93\"", late, StringComparison.Ordinal);
        Assert.Contains("name=\"version\" value=\"1\"", late, StringComparison.Ordinal);
        var attendance = new { attendance = new[] { new { person = "sam", score = 93 } } };
        (await kim.PostAsync("/api" + Form, attendance, ("If-Match", "\"0\""))).Expect(HttpStatusCode.PreconditionFailed);
        (await kim.FormAsync("/training/basics/sessions/TS-1001/cancellation", [("version", "0"), ("reason", "Ill")])).Expect(HttpStatusCode.PreconditionFailed);
        Assert.Contains("Taken out: lee.", (await here.RunAsync(0, "training", "record", "basics", "TS-1001", "sam=93", "kim=72")).Output, StringComparison.Ordinal);

        // Whoever records them sees all of it, and who said what; sam sees his own.
        var all = (await kim.GetAsync("/api/training/basics")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal([72, 93], all.GetProperty("sessions")[0].GetProperty("attendance").EnumerateArray().Select(static one => one.GetProperty("score").GetInt32()));
        Assert.Equal(["operator 2", "operator 2"], all.GetProperty("sessions")[0].GetProperty("recordings").EnumerateArray().Select(static one => $"{one.GetProperty("by").GetString()} {one.GetProperty("attendance").GetArrayLength()}"));
        var page = (await kim.GetAsync("/training/basics")).Expect(HttpStatusCode.OK).Body;
        Assert.Contains("72 %", page, StringComparison.Ordinal);
        Assert.Contains("not passed", page, StringComparison.Ordinal);
        Assert.Contains("Who said what (2)", page, StringComparison.Ordinal);
        var seen = (await sam.GetAsync("/api/training/basics")).Expect(HttpStatusCode.OK);
        Assert.DoesNotContain("72", seen.Json.GetProperty("sessions")[0].GetProperty("attendance").ToString(), StringComparison.Ordinal);
        Assert.Equal((2, 93), (seen.Json.GetProperty("sessions")[0].GetProperty("there").GetInt32(), Assert.Single(seen.Json.GetProperty("sessions")[0].GetProperty("attendance").EnumerateArray()).GetProperty("score").GetInt32()));
        Assert.False(seen.Json.GetProperty("sessions")[0].TryGetProperty("recordings", out _));
        Assert.Equal(["sam"], seen.Json.GetProperty("people").EnumerateArray().Where(static one => one.TryGetProperty("latest", out _)).Select(static one => one.GetProperty("person").GetString()));
        Assert.DoesNotContain((await sam.GetAsync("/api/training")).Expect(HttpStatusCode.OK).Json[0].GetProperty("people").EnumerateArray(), static one => one.GetProperty("person").GetString() == "kim" && one.TryGetProperty("latest", out _));
        var own = (await sam.GetAsync("/training/basics")).Expect(HttpStatusCode.OK).Body;
        Assert.Contains("93 %", own, StringComparison.Ordinal);
        Assert.DoesNotContain("72 %", own, StringComparison.Ordinal);
        Assert.DoesNotContain("not passed", own, StringComparison.Ordinal);
    }
}
