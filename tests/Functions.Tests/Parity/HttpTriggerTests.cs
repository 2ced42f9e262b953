using MaintenanceFunctions.Tests.App;
using Microsoft.Azure.Functions.Worker;

namespace MaintenanceFunctions.Tests.Parity;

/// <summary>Who may call what is said by our own roles alone.</summary>
public sealed class HttpTriggerTests
{
    [Fact]
    public void No_function_takes_a_key_of_the_platform() => Assert.All(
        FunctionCatalogue.With<HttpTriggerAttribute>(), static function => Assert.Equal(AuthorizationLevel.Anonymous, function.Trigger<HttpTriggerAttribute>()!.AuthLevel));

    // The helpers that make the platform's management addresses put its system key into them.
    [Fact]
    public void No_source_of_the_app_makes_a_management_address_of_the_platform()
    {
        var sources = Directory.GetFiles(Repository.Locate("functions"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText).ToList();

        Assert.NotEmpty(sources);
        Assert.All(["CreateCheckStatusResponse", "CreateHttpManagementPayload", "WaitForCompletionOrCreateCheckStatusResponse", "HttpManagementPayload"],
            name => Assert.DoesNotContain(sources, source => source.Contains(name, StringComparison.Ordinal)));
    }
}
