using System.Net;

namespace Maintenance.Tests.EndToEnd;

/// <summary>Supplies on a started host: by command, by program, on the page; and after its process was killed.</summary>
[Collection("End to end: help desk")]
public sealed class SupplyTests
{
    internal const string Section = """

        supplies:
          tickets: { impact: all, urgency: later }
          items:
            - { id: paper, name: Paper & card, unit: sheets, minimum: 100, target: 500, leadTime: 10d, place: Store, owner: kim }

        """;

    [Fact]
    public async Task What_moves_is_entered_by_command_program_and_form_and_what_runs_low_is_asked_for()
    {
        await using var here = new Installation(new QuickPlan { More = Section }.Yaml);
        var server = await here.ServeAsync();
        using var kim = server.As(await here.TokenAsync("kim"));
        using var sam = server.As(await here.TokenAsync("sam"));

        // By command, as the operator of the machine.
        Assert.Contains("never counted", (await here.RunAsync(0, "supplies", "list")).Output, StringComparison.Ordinal);
        Assert.Contains("Entered as number 1: 300 are there.", (await here.RunAsync(0, "supplies", "count", "paper", "300", "--note", "With Ben")).Output, StringComparison.Ordinal);
        Assert.Contains("cannot be taken out", (await here.RunAsync("supplies", "issue", "paper", "301")).Errors, StringComparison.Ordinal);

        // By program: once for a key, refused to whom it is not, wrong where it is wrong.
        foreach (var _ in new[] { 1, 2 })
        {
            var entered = (await kim.PostAsync("/api/supplies/paper/movements", new { kind = "issue", quantity = 50 }, ("Idempotency-Key", "delivery-7"))).Expect(HttpStatusCode.Created);
            Assert.Equal((2, 250), (entered.Json.GetProperty("number").GetInt32(), entered.Json.GetProperty("after").GetInt32()));
        }

        Assert.Contains("Kim Kamau", (await sam.PostAsync("/api/supplies/paper/movements", new { kind = "issue", quantity = 1 })).Expect(HttpStatusCode.Forbidden).Detail, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'paper'?", (await kim.GetAsync("/api/supplies/papr")).Expect(HttpStatusCode.NotFound).Detail, StringComparison.Ordinal);
        foreach (var quantity in new object[] { 0, -1, 1.2345, 1e10 })
        {
            (await kim.PostAsync("/api/supplies/paper/movements", new { kind = "receipt", quantity })).Expect(HttpStatusCode.UnprocessableEntity);
        }

        (await kim.PostAsync("/api/supplies/paper/movements", new { kind = "stolen", quantity = 1 })).Expect(HttpStatusCode.BadRequest);
        (await kim.PostAsync("/api/supplies/paper/movements", new { kind = "issue", quantity = "all" })).Expect(HttpStatusCode.BadRequest);

        // By form: sent twice it is entered once, and what was typed is there again where it is wrong.
        Assert.DoesNotContain("name=\"quantity\"", (await sam.GetAsync("/supplies/paper")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        (await sam.FormAsync("/supplies/paper/movements", [("kind", "issue"), ("quantity", "1")])).Expect(HttpStatusCode.Forbidden);
        foreach (var _ in new[] { 1, 2 })
        {
            (await kim.FormAsync("/supplies/paper/movements", [("kind", "issue"), ("quantity", "160"), ("note", "<Districts>"), ("key", "0123")])).Expect(HttpStatusCode.Found);
        }

        var wrong = (await kim.FormAsync("/supplies/paper/movements", [("kind", "issue"), ("quantity", "a lot")])).Expect(HttpStatusCode.UnprocessableEntity).Body;
        Assert.Contains("value=\"a lot\"", wrong, StringComparison.Ordinal);
        Assert.Contains("as digits such as 250", wrong, StringComparison.Ordinal);
        var page = (await kim.GetAsync("/supplies/paper")).Expect(HttpStatusCode.OK).Body;
        Assert.Contains("&lt;Districts&gt;", page, StringComparison.Ordinal);
        Assert.Contains("90 sheets are there (Store); the minimum is 100.", page, StringComparison.Ordinal);

        // Once it was acknowledged it is there, whatever becomes of the process; and the purchase is asked for once.
        await server.KillAsync();
        server = await here.ServeAsync();
        var item = await Eventually.HoldsAsync(
            async () => (await server.Operator.GetAsync("/api/supplies")).Expect(HttpStatusCode.OK).Json[0], static line => line.GetProperty("onHand").GetInt32() == 90 && line.GetProperty("request").TryGetProperty("ticket", out _));
        var ticket = item.GetProperty("request").GetProperty("ticket").GetString()!;
        Assert.Contains("Order 410 sheets", (await server.Operator.GetAsync("/api/tickets/" + ticket)).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        Assert.Contains($"BELOW MINIMUM {ticket}", (await here.RunAsync(1, "supplies", "list")).Output, StringComparison.Ordinal);
        Assert.Contains("1 of 1 are to be ordered", (await server.Operator.GetAsync("/supplies")).Body, StringComparison.Ordinal);
        await here.RunAsync(0, "supplies", "receive", "paper", "400");
        Assert.Contains("Nothing is to be ordered.", (await server.Operator.GetAsync("/supplies")).Body, StringComparison.Ordinal);
        Assert.Equal(4, (await here.RunAsync(0, "supplies", "show", "paper", "--json")).As<System.Text.Json.JsonElement>().GetProperty("movements").GetArrayLength());
        Assert.Equal(1, (await server.Operator.GetAsync("/api/tickets")).Json.GetArrayLength());
    }
}
