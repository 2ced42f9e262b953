using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using MaintenanceFunctions.Hosting;
using MaintenanceFunctions.Tests.App;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MaintenanceFunctions.Tests.Hosting;

public sealed class TelemetryTests
{
    private const string Capability = "WorkerOpenTelemetryEnabled";

    private const string Connection = "InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=https://westeurope-5.in.applicationinsights.azure.com/";

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public async Task Without_somewhere_to_send_it_the_host_goes_on_printing_what_the_app_logs(string? connection)
    {
        await using var provider = Build(connection);

        Assert.Null(provider.GetRequiredService<IOptions<AzureMonitorExporterOptions>>().Value.Credential);
        Assert.DoesNotContain(Capability, provider.GetRequiredService<IOptions<WorkerOptions>>().Value.Capabilities.Keys);
    }

    [Fact]
    public async Task Telemetry_is_sent_under_the_identity_of_the_app_by_the_app_itself()
    {
        await using var provider = Build(Connection);
        var options = provider.GetRequiredService<IOptions<AzureMonitorExporterOptions>>().Value;

        Assert.Equal(Connection, options.ConnectionString);
        Assert.IsType<ManagedIdentityCredential>(options.Credential);
        Assert.Equal(bool.TrueString, provider.GetRequiredService<IOptions<WorkerOptions>>().Value.Capabilities[Capability]);
    }

    [Fact]
    public async Task No_line_of_the_log_is_dropped_because_its_trace_is()
    {
        await using var provider = Build(Connection);

        Assert.False(provider.GetRequiredService<IOptions<AzureMonitorExporterOptions>>().Value.EnableTraceBasedLogsSampler);
    }

    [Fact]
    public async Task Requests_are_told_by_their_traces_and_not_by_lines_too()
    {
        await using var provider = Build(Connection);
        using var log = new LevelsLog();
        var factory = provider.GetRequiredService<ILoggerFactory>();
        factory.AddProvider(log);

        Assert.False(factory.CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics").IsEnabled(LogLevel.Information));
        Assert.True(factory.CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics").IsEnabled(LogLevel.Warning));
        Assert.True(factory.CreateLogger("Maintenance.Status").IsEnabled(LogLevel.Information));
    }

    private static ServiceProvider Build(string? connection)
    {
        var services = new ServiceCollection();
        services.AddLogging().AddAzureHost(TestApp.Settings((Telemetry.ConnectionName, connection)));
        return services.BuildServiceProvider(validateScopes: true);
    }

    private sealed class LevelsLog : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
        }

        public void Dispose()
        {
        }
    }
}
