using System.Net;
using System.Text.Json;
using Maintenance.Handover;

namespace Maintenance.Tests.EndToEnd;

/// <summary>A handover on a started host, from its beginning to two signatures; and after its process was killed.</summary>
[Collection("End to end: help desk")]
public sealed class HandoverTests
{
    internal const string Section = """

        teams:
          - { id: operations, name: Operations, lead: ada, members: [sam] }
        handover:
          id: first
          name: the register & all
          manager: ada
          team: operations
          planned: 2027-03-31
          signatories: [kim, ada]
          checklist:
            - { id: manuals, name: Manuals are there, owner: ada, confirm: The list of annex 3 }
          control:
            - { id: domain, kind: domain, name: registry.example, from: kim, to: sam }
          outstanding:
            - { id: slow, title: The search is slow, criteria: Ten searches in three seconds., owner: kim, due: 2027-06-30, impact: all, urgency: later }

        """;

    [Fact]
    public async Task A_handover_is_begun_shown_and_signed_by_two_who_read_the_same()
    {
        await using var here = new Installation(new QuickPlan { More = Section }.Yaml);
        var server = await here.ServeAsync();
        using var ada = server.As(await here.TokenAsync("ada"));
        using var sam = server.As(await here.TokenAsync("sam"));
        using var kim = server.As(await here.TokenAsync("kim"));
        Assert.Contains("not ready", (await here.RunAsync(1, "handover", "show")).Output, StringComparison.Ordinal);
        (await kim.PostAsync("/api/handover/checklist/manuals/confirmation", new { text = "All" })).Expect(HttpStatusCode.Conflict);

        // Begun twice it has begun once, and each outstanding issue has one ticket.
        (await sam.PostAsync("/api/handover/beginning", new { })).Expect(HttpStatusCode.Forbidden);
        Assert.Contains("nobody of the plan", (await server.Operator.PostAsync("/api/handover/beginning", new { })).Expect(HttpStatusCode.Forbidden).Detail, StringComparison.Ordinal);
        (await ada.PostAsync("/api/handover/beginning", new { })).Expect(HttpStatusCode.OK);
        (await ada.FormAsync("/handover/beginning", [])).Expect(HttpStatusCode.Found);
        var ticket = Assert.Single((await server.Operator.GetAsync("/api/tickets")).Json.EnumerateArray());
        Assert.Contains("Done when: Ten searches in three seconds. Owner: Kim Kamau, until 2027-06-30.", ticket.GetProperty("description").GetString(), StringComparison.Ordinal);

        // Who may say what.
        (await kim.PostAsync("/api/handover/checklist/manuals/confirmation", new { text = "All" })).Expect(HttpStatusCode.Forbidden);
        (await ada.PostAsync("/api/handover/checklist/nothing/confirmation", new { text = "All" })).Expect(HttpStatusCode.NotFound);
        (await ada.PostAsync("/api/handover/checklist/manuals/confirmation", new { text = " " })).Expect(HttpStatusCode.UnprocessableEntity);
        (await ada.PostAsync("/api/handover/checklist/manuals/confirmation", new { text = "All <14> are on the shelf" })).Expect(HttpStatusCode.OK);
        (await sam.PostAsync("/api/handover/control/domain/transfer", new { side = "taken", text = "Ours" })).Expect(HttpStatusCode.Conflict);
        (await kim.FormAsync("/handover/control/domain/transfer", [("side", "given"), ("text", "The code is sent")])).Expect(HttpStatusCode.Found);
        var missing = (await kim.GetAsync("/api/handover")).Json;
        Assert.False(missing.GetProperty("isReady").GetBoolean());
        (await ada.PostAsync("/api/handover/signatures", new { document = missing.GetProperty("document").GetString() })).Expect(HttpStatusCode.Conflict);
        Assert.DoesNotContain("Sign the document", (await ada.GetAsync("/handover")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        (await sam.PostAsync("/api/handover/control/domain/transfer", new { side = "taken", text = "It is ours" })).Expect(HttpStatusCode.OK);

        // Signed: by those who sign, what they have read.
        var page = (await ada.GetAsync("/handover")).Expect(HttpStatusCode.OK).Body;
        Assert.Contains("All &lt;14&gt; are on the shelf", page, StringComparison.Ordinal);
        Assert.Contains("Sign the document", page, StringComparison.Ordinal);
        var hash = (await ada.GetAsync("/api/handover")).Json.GetProperty("document").GetString()!;
        var text = (await ada.GetAsync("/api/handover/document")).Expect(HttpStatusCode.OK).Body;
        var read = Signed(text);
        Assert.Equal(hash, HandoverDocument.Hash(read));
        Assert.Contains("Draft, not signed.", text, StringComparison.Ordinal);
        (await sam.PostAsync("/api/handover/signatures", new { document = hash })).Expect(HttpStatusCode.Forbidden);
        (await ada.PostAsync("/api/handover/signatures", new { document = new string('0', 64) })).Expect(HttpStatusCode.Conflict);
        (await ada.FormAsync("/handover/signatures", [("document", hash)])).Expect(HttpStatusCode.Found);
        (await ada.PostAsync("/api/handover/signatures", new { document = hash })).Expect(HttpStatusCode.Conflict);
        Assert.Contains("take the document back", (await ada.PostAsync("/api/handover/checklist/manuals/confirmation", new { text = "Other words" })).Expect(HttpStatusCode.Conflict).Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("Say it otherwise", (await ada.GetAsync("/handover")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        (await kim.PostAsync("/api/handover/revocations", new { })).Expect(HttpStatusCode.OK);
        (await kim.PostAsync("/api/handover/signatures", new { document = hash })).Expect(HttpStatusCode.OK);

        // What was signed stays what it was, whatever becomes of the process.
        await server.KillAsync();
        server = await here.ServeAsync();
        using var again = server.As(await here.TokenAsync("ada"));
        var accepted = (await again.PostAsync("/api/handover/signatures", new { document = hash })).Expect(HttpStatusCode.OK).Json;
        Assert.True(accepted.TryGetProperty("acceptedAt", out _));
        (await again.PostAsync("/api/handover/checklist/manuals/confirmation", new { text = "Other words" })).Expect(HttpStatusCode.Conflict);
        (await again.PostAsync("/api/handover/beginning", new { })).Expect(HttpStatusCode.Conflict);
        var whole = (await again.GetAsync("/api/handover/document")).Body;
        Assert.Equal(read, Signed(whole));
        Assert.Matches($@"- \*\*Kim Kamau:\*\* signed 2\d{{3}}-\d\d-\d\d \d\d:\d\d:\d\dZ, SHA-256 {hash}\n", whole);
        Assert.Matches(@"Accepted on 2\d{3}-\d\d-\d\d ", whole);
        Assert.Contains("Accepted and signed on", (await again.GetAsync("/handover")).Body, StringComparison.Ordinal);
        Assert.Contains("signed by kim, ada", (await here.RunAsync(0, "handover", "show")).Output, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Object, (await here.RunAsync(0, "handover", "show", "--json")).As<JsonElement>().ValueKind);
    }

    /// <summary>All lines above the heading of the signatures.</summary>
    private static string Signed(string document) => document[..document.IndexOf("## Signatures", StringComparison.Ordinal)];
}
