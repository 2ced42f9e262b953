using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Tests.Fakes;

namespace MaintenanceFunctions.Tests;

public sealed class DurableClientScopeTests
{
    private readonly DurableClientScope _scope = new();

    [Fact]
    public void Outside_an_invocation_there_is_no_client() => Assert.Throws<InvalidOperationException>(() => _scope.Client);

    [Fact]
    public async Task Invocations_side_by_side_each_see_their_own_client()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var invocations = Enumerable.Range(0, 8).Select(_ => InvokeAsync(gate.Task)).ToList();
        gate.SetResult();

        Assert.All(await Task.WhenAll(invocations), Assert.True);
        Assert.Throws<InvalidOperationException>(() => _scope.Client);
    }

    [Fact]
    public async Task Leaving_brings_back_what_was_before()
    {
        await using var outer = new FakeDurableClient();
        await using var inner = new FakeDurableClient();
        using (_scope.Enter(outer))
        {
            using (_scope.Enter(inner))
            {
                Assert.Same(inner, _scope.Client);
            }

            Assert.Same(outer, _scope.Client);
        }

        Assert.Throws<InvalidOperationException>(() => _scope.Client);
    }

    private async Task<bool> InvokeAsync(Task gate)
    {
        await using var client = new FakeDurableClient();
        using var entered = _scope.Enter(client);
        await gate;
        await Task.Yield();
        return _scope.Client == client;
    }
}
