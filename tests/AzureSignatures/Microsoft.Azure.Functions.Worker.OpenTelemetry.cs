using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;

namespace Microsoft.Azure.Functions.Worker.OpenTelemetry;

public static class ConfigureFunctionsOpenTelemetry
{
    // The real one tells the host by this capability that the worker exports what it logs itself.
    public static IOpenTelemetryBuilder UseFunctionsWorkerDefaults(this IOpenTelemetryBuilder builder)
    {
        builder.Services.Configure<WorkerOptions>(static worker => worker.Capabilities["WorkerOpenTelemetryEnabled"] = bool.TrueString);
        return builder;
    }
}
