using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace MaintenanceFunctions.Tests.Fakes;

/// <summary>The trigger's settlement of one queue's messages.</summary>
internal sealed class FakeMessageActions(FakeQueue queue) : ServiceBusMessageActions
{
    /// <summary>Every settlement that was asked for.</summary>
    public List<FakeSettlement> Asked { get; } = [];

    public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        SettleAsync(message, FakeSettlement.Complete, null, null, cancellationToken);

    public override Task AbandonMessageAsync(
        ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null, CancellationToken cancellationToken = default) =>
        SettleAsync(message, FakeSettlement.Abandon, null, propertiesToModify, cancellationToken);

    public override Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        Dictionary<string, object>? propertiesToModify = null,
        string? deadLetterReason = null,
        string? deadLetterErrorDescription = null,
        CancellationToken cancellationToken = default) =>
        SettleAsync(message, FakeSettlement.DeadLetter, deadLetterReason, propertiesToModify, cancellationToken);

    private async Task SettleAsync(
        ServiceBusReceivedMessage message, FakeSettlement settlement, string? reason, IDictionary<string, object>? properties, CancellationToken cancellation)
    {
        await Task.Yield();
        cancellation.ThrowIfCancellationRequested();
        Asked.Add(settlement);
        queue.Settle(message, settlement, reason, properties);
    }
}
