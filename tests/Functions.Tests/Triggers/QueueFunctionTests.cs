using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Azure;
using Azure.Messaging.ServiceBus;
using Maintenance.Messaging;
using MaintenanceFunctions.Tests.App;
using MaintenanceFunctions.Tests.Fakes;

namespace MaintenanceFunctions.Tests.Triggers;

public sealed class QueueFunctionTests : IAsyncLifetime
{
    private TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task What_the_public_sends_becomes_a_ticket_that_its_sender_can_follow()
    {
        using var sent = await _app.SendAsync("POST", "/api/feedback", json: new { kind = "broken", message = "The certificate prints wrong." });
        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        var receipt = await sent.Content.ReadFromJsonAsync<JsonElement>();

        await DeliverAsync("HandleFeedback", Queues.Feedback, FakeSettlement.Complete);

        var ticket = Assert.Single((await _app.GetAsync("/api/tickets")).EnumerateArray());
        Assert.Contains("certificate", ticket.GetRawText(), StringComparison.Ordinal);
        using var page = await _app.SendAsync(
            "POST", "/feedback/track", form: $"reference={receipt.GetProperty("reference").GetString()}&code={receipt.GetProperty("trackingCode").GetString()}");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task A_message_that_fails_is_tried_again_later_and_then_succeeds()
    {
        using var sent = await _app.SendAsync("POST", "/api/feedback", json: new { kind = "broken", message = "The tablet does not send." });
        _app.Tables["numbers"].Failure = new RequestFailedException(503, "The server is busy.", "ServerBusy", null);

        await DeliverAsync("HandleFeedback", Queues.Feedback, FakeSettlement.Complete);

        Assert.Null(_app.Bus[Queues.Feedback].Receive());
        _app.Clock.Advance(MessageLimits.Backoff(2));
        await DeliverAsync("HandleFeedback", Queues.Feedback, FakeSettlement.Complete);
        Assert.Single((await _app.GetAsync("/api/tickets")).EnumerateArray());
    }

    [Theory]
    [InlineData("HandleFeedback", Queues.Feedback)]
    [InlineData("HandleSlaBreaches", Queues.SlaBreaches)]
    [InlineData("HandleNotifications", Queues.Notifications)]
    public async Task A_message_that_nobody_can_use_is_given_up_and_can_be_sent_again(string function, string queue)
    {
        _app.Bus[queue].Send(new ServiceBusMessage("no JSON") { MessageId = "m-1" });

        await DeliverAsync(function, queue, FakeSettlement.DeadLetter);

        var letter = Assert.Single((await _app.GetAsync("/api/dead-letters?queue=" + queue)).EnumerateArray());
        Assert.Equal(("m-1", 1), (letter.GetProperty("id").GetString(), letter.GetProperty("deliveries").GetInt32()));
        using var resent = await _app.SendAsync("POST", "/api/dead-letters", "ann@registry.example", new { queue, id = "m-1" });
        Assert.Equal((HttpStatusCode.Accepted, (1, 0)), (resent.StatusCode, _app.Bus[queue].Free));
    }

    [Fact]
    public async Task Without_a_usable_plan_a_message_waits_for_one()
    {
        await using var broken = await TestApp.StartAsync(plan: "system: {}");
        broken.Bus[Queues.Feedback].Send(new ServiceBusMessage("{}") { MessageId = "m-1" });
        var actions = new FakeMessageActions(broken.Bus[Queues.Feedback]);

        await broken.CallAsync(FunctionCatalogue.Named("HandleFeedback"), broken.Bus[Queues.Feedback].Receive(), actions);

        Assert.Equal([FakeSettlement.Complete], actions.Asked);
        Assert.Equal((1, 0), broken.Bus[Queues.Feedback].Free);
    }

    private async Task DeliverAsync(string function, string queue, FakeSettlement outcome)
    {
        var message = _app.Bus[queue].Receive();
        Assert.NotNull(message);
        var actions = new FakeMessageActions(_app.Bus[queue]);
        await _app.CallAsync(FunctionCatalogue.Named(function), message, actions);
        Assert.Equal([outcome], actions.Asked);
    }
}
