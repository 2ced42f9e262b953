using Microsoft.Extensions.DependencyInjection;

namespace OpenTelemetry;

public interface IOpenTelemetryBuilder
{
    IServiceCollection Services { get; }
}

public sealed class OpenTelemetryBuilder : IOpenTelemetryBuilder
{
    internal OpenTelemetryBuilder(IServiceCollection services) => Services = services;

    public IServiceCollection Services { get; }
}
