using Microsoft.DurableTask.Client;

namespace MaintenanceFunctions.Adapters;

/// <summary>
/// Carries the durable client of one invocation to the services that need it. The isolated worker gives the client to a function's <c>[DurableClient]</c> parameter
/// only and registers none for injection, while services take <see cref="Maintenance.Workflows.IWorkflows"/> by injection. One instance for the whole process;
/// what it carries belongs to the asynchronous flow that entered, so that invocations side by side never see each other's.
/// </summary>
public sealed class DurableClientScope
{
    private readonly AsyncLocal<DurableTaskClient?> _client = new();

    /// <summary>The client of the invocation that is running.</summary>
    /// <exception cref="InvalidOperationException">The function did not enter the scope.</exception>
    public DurableTaskClient Client => _client.Value
        ?? throw new InvalidOperationException("No durable client here: the function needs a [DurableClient] parameter and enters the scope with it.");

    /// <summary>Makes <paramref name="client"/> the one of this invocation until the result is disposed. Call it in the function itself, not in a callee.</summary>
    public IDisposable Enter(DurableTaskClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        var before = _client.Value;
        _client.Value = client;
        return new Exit(this, before);
    }

    private sealed class Exit(DurableClientScope scope, DurableTaskClient? before) : IDisposable
    {
        public void Dispose() => scope._client.Value = before;
    }
}
