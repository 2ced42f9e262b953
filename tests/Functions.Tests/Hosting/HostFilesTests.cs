using System.Text.Json;
using System.Xml.Linq;
using MaintenanceFunctions.Tests.App;

namespace MaintenanceFunctions.Tests.Hosting;

/// <summary>The files that the platform and its tools read.</summary>
public sealed class HostFilesTests
{
    // Strict: the worker reads it for the route prefix without allowing comments.
    private static readonly JsonElement HostJson = JsonDocument.Parse(Repository.Read("host.json")).RootElement;

    [Fact]
    public void Pages_live_at_the_root() => Assert.Equal("", Extension("http").GetProperty("routePrefix").GetString());

    [Fact]
    public void The_task_hub_is_named_by_a_setting() => Assert.Equal("%TASKHUB_NAME%", Extension("durableTask").GetProperty("hubName").GetString());

    [Fact]
    public void An_instance_that_runs_is_never_replaced_and_one_of_a_newer_version_is_left_to_it()
    {
        var durable = Extension("durableTask");
        Assert.Equal("NonRunningStates", durable.GetProperty("overridableExistingInstanceStates").GetString());
        Assert.Equal(("CurrentOrOlder", "Reject"), (durable.GetProperty("versionMatchStrategy").GetString(), durable.GetProperty("versionFailureStrategy").GetString()));
    }

    [Fact]
    public void No_input_or_output_of_a_workflow_is_traced() => Assert.False(Extension("durableTask").GetProperty("tracing").GetProperty("traceInputsAndOutputs").GetBoolean());

    [Fact]
    public void Host_and_app_write_their_telemetry_in_one_way_and_no_other_is_configured()
    {
        Assert.Equal("OpenTelemetry", HostJson.GetProperty("telemetryMode").GetString());
        Assert.False(HostJson.GetProperty("logging").TryGetProperty("applicationInsights", out _));
    }

    [Fact]
    public void Messages_are_settled_by_the_app_and_none_waits_locked_in_memory()
    {
        var bus = Extension("serviceBus");
        Assert.Equal((false, 0), (bus.GetProperty("autoCompleteMessages").GetBoolean(), bus.GetProperty("prefetchCount").GetInt32()));
    }

    [Fact]
    public void The_app_is_deployed_with_host_json_and_the_plan_beside_its_binaries()
    {
        var files = XDocument.Parse(Repository.Read("functions/MaintenanceFunctions.csproj")).Descendants("None").ToDictionary(
            static item => (item.Attribute("Include") ?? item.Attribute("Update")!).Value, StringComparer.Ordinal);

        Assert.All(["../host.json", "../plan/**"], name => Assert.Equal(
            ("PreserveNewest", "PreserveNewest"),
            ((string?)files[name].Attribute("CopyToOutputDirectory"), (string?)files[name].Attribute("CopyToPublishDirectory"))));
        Assert.Equal(("host.json", "plan"), ((string?)files["../host.json"].Attribute("Link"), (string?)files["../plan/**"].Attribute("LinkBase")));
        Assert.Equal("Never", (string?)files["local.settings.json"].Attribute("CopyToPublishDirectory"));
    }

    private static JsonElement Extension(string name) => HostJson.GetProperty("extensions").GetProperty(name);
}
