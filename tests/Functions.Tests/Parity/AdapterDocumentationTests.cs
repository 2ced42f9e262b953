using MaintenanceFunctions.Tests.App;

namespace MaintenanceFunctions.Tests.Parity;

/// <summary>Who reads an adapter learns what it promises, where the service ends, and where that is written.</summary>
public sealed class AdapterDocumentationTests
{
    [Theory]
    [InlineData("BlobObjectStore")]
    [InlineData("TableRecordStore")]
    [InlineData("ServiceBusMessageSender")]
    [InlineData("ServiceBusDelivery")]
    [InlineData("ServiceBusDeadLetters")]
    [InlineData("DurableWorkflows")]
    [InlineData("DurableWorkflowContext")]
    [InlineData("KeyVaultProtector")]
    [InlineData("AttemptLedger")]
    public void An_adapter_says_what_it_guarantees_what_the_services_limits_are_and_where_they_are_from(string adapter)
    {
        var source = Repository.Read($"functions/Adapters/{adapter}.cs");
        var documentation = source[..source.IndexOf("public sealed class", StringComparison.Ordinal)];

        Assert.All(["Guarantees: ", "Limits: ", "Source"], word => Assert.Contains(word, documentation, StringComparison.Ordinal));
    }
}
