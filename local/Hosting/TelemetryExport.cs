using Maintenance.Monitoring;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Maintenance.Local.Hosting;

/// <summary>
/// Sends metrics and traces to a collector by OTLP, as the variables of the OpenTelemetry specification say: <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> (without it nothing is sent),
/// <c>OTEL_EXPORTER_OTLP_PROTOCOL</c> (<c>grpc</c> or <c>http/protobuf</c>), <c>OTEL_EXPORTER_OTLP_HEADERS</c>. A collector that is away costs nothing but its data.
/// </summary>
internal sealed class TelemetryExport : IHostedService, IDisposable
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private MeterProvider? _meters;
    private TracerProvider? _traces;

    /// <summary>Adds it where a collector is named.</summary>
    public static void AddTo(IServiceCollection services, Func<string, string?> setting)
    {
        if (!string.IsNullOrWhiteSpace(setting(Endpoint)))
        {
            services.AddHostedService<TelemetryExport>();
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _meters = Sdk.CreateMeterProviderBuilder().ConfigureResource(Named).AddMeter(Telemetry.Name).AddOtlpExporter().Build();
        _traces = Sdk.CreateTracerProviderBuilder().ConfigureResource(Named).AddSource(Telemetry.Name).AddOtlpExporter().Build();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What was measured last is sent before it ends.</summary>
    public void Dispose()
    {
        _meters?.Dispose();
        _traces?.Dispose();
    }

    private static void Named(ResourceBuilder resource) => resource.AddService("maintenance");
}
