using System.Collections.Concurrent;

namespace MaintenanceFunctions.Tests.Limits;

/// <summary>All names and sizes that went through the ports, and what a service would have refused of it.</summary>
internal sealed class ServiceTraffic
{
    private readonly ConcurrentDictionary<string, byte> _blobs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Table, string Partition, string Row), byte> _rows = new();
    private readonly ConcurrentDictionary<string, byte> _workflows = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _instances = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Queue, string Id), byte> _messages = new();
    private readonly ConcurrentQueue<string> _refused = new();

    /// <summary>What a service would have refused, in words.</summary>
    public IReadOnlyCollection<string> Refused => _refused;

    /// <summary>The names of the blobs that were written.</summary>
    public IEnumerable<string> Blobs => _blobs.Keys.Order(StringComparer.Ordinal);

    /// <summary>The rows that were written.</summary>
    public IEnumerable<(string Table, string Partition, string Row)> Rows => _rows.Keys.Order();

    /// <summary>The workflows that were started.</summary>
    public IEnumerable<string> Workflows => _workflows.Keys.Order(StringComparer.Ordinal);

    /// <summary>The instances that were started.</summary>
    public IEnumerable<string> Instances => _instances.Keys.Order(StringComparer.Ordinal);

    /// <summary>The messages that were sent.</summary>
    public IEnumerable<(string Queue, string Id)> Messages => _messages.Keys.Order();

    /// <summary>Notes a name or size that a service refuses; null is none.</summary>
    public void Check(string what, string? problem)
    {
        if (problem is not null)
        {
            _refused.Enqueue($"{what}: {problem}");
        }
    }

    public void Wrote(string table, string partition, string row) => _rows.TryAdd((table, partition, row), 0);

    public void Wrote(string blob)
    {
        // ObjectNames promises that no two names differ in case alone, and that none is also the folder of another: folders and Windows know no such names.
        foreach (var other in _blobs.Keys)
        {
            if (other != blob && string.Equals(other, blob, StringComparison.OrdinalIgnoreCase)
                || other.StartsWith(blob + "/", StringComparison.Ordinal) || blob.StartsWith(other + "/", StringComparison.Ordinal))
            {
                _refused.Enqueue($"blob {blob}: stands beside {other}");
            }
        }

        _ = _blobs.TryAdd(blob, 0);
    }

    public void Sent(string queue, string id) => _messages.TryAdd((queue, id), 0);

    public void Started(string workflow, string instance)
    {
        _ = _workflows.TryAdd(workflow, 0);
        _ = _instances.TryAdd(instance, 0);
    }

    /// <summary>Does what is asked of a service; a refusal of ours is noted like one of the service.</summary>
    public async Task<T> AskAsync<T>(string what, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (ArgumentException refused)
        {
            Check(what, refused.Message);
            throw;
        }
    }
}
