using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Maintenance.Local.Storage;

/// <summary>Wakes the receiver of a queue inside this process. A signal without a waiter is kept for the next one; several count as one.</summary>
internal sealed class MessageSignals(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Channel<bool>> _queues = new(StringComparer.Ordinal);

    public void Raise(string queue) => Of(queue).Writer.TryWrite(true);

    public async Task WaitAsync(string queue, TimeSpan atMost, CancellationToken cancellation)
    {
        if (atMost <= TimeSpan.Zero)
        {
            return;
        }

        using var timeout = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            await Of(queue).Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The time is up.
        }
    }

    private Channel<bool> Of(string queue) =>
        _queues.GetOrAdd(queue, _ => Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }));
}
