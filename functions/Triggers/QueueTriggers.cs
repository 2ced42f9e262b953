using Azure.Messaging.ServiceBus;
using Maintenance.Messaging;
using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Hosting;
using Microsoft.Azure.Functions.Worker;

namespace MaintenanceFunctions.Triggers;

/// <summary>A function for each queue. The delivery settles every message itself, so the platform must not.</summary>
public sealed class QueueTriggers(ServiceBusDelivery delivery, QueueHandlers handlers)
{
    /// <summary>Makes tickets of what the public sent.</summary>
    [Function("HandleFeedback")]
    public Task HandleFeedback(
        [ServiceBusTrigger(Queues.Feedback, Connection = AppSettings.ServiceBusConnection, AutoCompleteMessages = false)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) => delivery.DeliverAsync(message, actions, handlers.For(Queues.Feedback), cancellation);

    /// <summary>Takes breaches along the escalation chain.</summary>
    [Function("HandleSlaBreaches")]
    public Task HandleSlaBreaches(
        [ServiceBusTrigger(Queues.SlaBreaches, Connection = AppSettings.ServiceBusConnection, AutoCompleteMessages = false)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) => delivery.DeliverAsync(message, actions, handlers.For(Queues.SlaBreaches), cancellation);

    /// <summary>Tells whoever follows a ticket what happened to it.</summary>
    [Function("HandleTicketEvents")]
    public Task HandleTicketEvents(
        [ServiceBusTrigger(Queues.TicketEvents, Connection = AppSettings.ServiceBusConnection, AutoCompleteMessages = false)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) => delivery.DeliverAsync(message, actions, handlers.For(Queues.TicketEvents), cancellation);

    /// <summary>Delivers notifications.</summary>
    [Function("HandleNotifications")]
    public Task HandleNotifications(
        [ServiceBusTrigger(Queues.Notifications, Connection = AppSettings.ServiceBusConnection, AutoCompleteMessages = false)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) => delivery.DeliverAsync(message, actions, handlers.For(Queues.Notifications), cancellation);
}
