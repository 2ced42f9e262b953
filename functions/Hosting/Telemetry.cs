using Azure.Core;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MaintenanceFunctions.Hosting;

/// <summary>
/// What the app writes and measures, sent to Application Insights as OpenTelemetry; host.json says <c>telemetryMode</c> for the host's own half. Where no
/// connection string is set (a developer's machine) nothing is registered: the host then prints what the app logs, as it does by itself.
/// </summary>
internal static class Telemetry
{
    /// <summary>Where the telemetry goes; the platform and its tools know it by this name.</summary>
    public const string ConnectionName = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>Registers the export, if there is somewhere to export to.</summary>
    /// <param name="services">Before the host is built: what is registered later is not started with it.</param>
    /// <param name="connection">The connection string, or null. It holds no secret that lets anybody in: the resource takes sign-ins only.</param>
    /// <param name="credential">The app's identity, with the role "Monitoring Metrics Publisher" at the resource.</param>
    public static void AddTelemetry(this IServiceCollection services, string? connection, Func<TokenCredential> credential)
    {
        if (string.IsNullOrWhiteSpace(connection))
        {
            return;
        }

        // Two lines for each request that say what its trace says already.
        services.AddLogging(static logging => logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning));
        services.AddOpenTelemetry().UseFunctionsWorkerDefaults().UseAzureMonitorExporter(options =>
        {
            options.ConnectionString = connection;
            options.Credential = credential();

            // On by default, and the exporter keeps five traces a second: a line that an alert rule waits for would be dropped with its trace on a busy day.
            options.EnableTraceBasedLogsSampler = false;
        });
    }
}
