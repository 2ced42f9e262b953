using System.Security.Cryptography;
using System.Text;
using Maintenance.Storage;

namespace Maintenance.Plan;

/// <summary>Where the plan's text comes from: a file beside the host, as a rule.</summary>
public interface IPlanSource
{
    /// <summary>Reads the current text.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    Task<PlanText> ReadAsync(CancellationToken cancellation);
}

/// <summary>A plan's text and where it came from.</summary>
/// <param name="File">The file's name, for problems.</param>
/// <param name="Folder">The absolute folder of its relative paths.</param>
/// <param name="Yaml">The text.</param>
public sealed record PlanText(string File, string Folder, string Yaml);

/// <summary>
/// The plan that runs. A new text replaces it only when it has no error; until then the last good one goes on, over restarts too, and the problems are shown.
/// </summary>
public sealed class ActivePlan(IPlanSource source, IRecordStore records, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private volatile PlanState? _state;

    /// <summary>The plan that runs.</summary>
    /// <exception cref="PlanUnavailableException">There has never been a good one.</exception>
    public OperationsPlan Current => (_state ?? throw new PlanUnavailableException([])).Plan;

    /// <summary>What runs, and how the current text differs from it.</summary>
    /// <exception cref="PlanUnavailableException">There has never been a good one.</exception>
    public PlanState State => _state ?? throw new PlanUnavailableException([]);

    /// <summary>The same, or null where there has never been a good one.</summary>
    public PlanState? StateOrNull => _state;

    /// <summary>Reads the text again and takes it over if it is good.</summary>
    /// <exception cref="PlanUnavailableException">It is not, and no good one is stored either.</exception>
    public async Task<PlanState> RefreshAsync(CancellationToken cancellation)
    {
        await _refreshing.WaitAsync(cancellation);
        try
        {
            return _state = await NextAsync(_state, cancellation);
        }
        finally
        {
            _refreshing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _refreshing.Dispose();

    private async Task<PlanState> NextAsync(PlanState? before, CancellationToken cancellation)
    {
        PlanText text;
        try
        {
            text = await source.ReadAsync(cancellation);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return await KeepAsync(before, [new PlanProblem("plan", 1, 1, "", $"the plan cannot be read: {error.Message}", null, PlanProblemSeverity.Error)], cancellation);
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.Yaml)));
        if (before is { IsStale: false } && before.Hash == hash)
        {
            return before;
        }

        var load = PlanFile.Load(text.File, text.Yaml, text.Folder);
        if (load.Plan is null)
        {
            return await KeepAsync(before, load.Problems, cancellation);
        }

        var stored = await records.FindAsync<StoredPlan>(Tables.Plan, "plan", "active", cancellation);
        var since = stored?.Value.Hash == hash ? stored.Value.Since : time.GetUtcNow();
        if (stored?.Value.Hash != hash)
        {
            await records.WriteAsync(Tables.Plan, "plan", RecordWrite.Put("active", MaintenanceJson.Write(new StoredPlan(hash, text.File, text.Folder, text.Yaml, since))), cancellation);
        }

        return new PlanState(load.Plan, hash, since, IsStale: false, load.Problems) { Text = text.Yaml, Folder = text.Folder };
    }

    private async Task<PlanState> KeepAsync(PlanState? before, IReadOnlyList<PlanProblem> problems, CancellationToken cancellation)
    {
        if (before is not null)
        {
            return before with { IsStale = true, Problems = problems };
        }

        var stored = await records.FindAsync<StoredPlan>(Tables.Plan, "plan", "active", cancellation);
        return stored is { Value: var last } && PlanFile.Load(last.File, last.Yaml, last.Folder).Plan is { } plan
            ? new PlanState(plan, last.Hash, last.Since, IsStale: true, problems) { Text = last.Yaml, Folder = last.Folder }
            : throw new PlanUnavailableException(problems);
    }

    private sealed record StoredPlan(string Hash, string File, string Folder, string Yaml, DateTimeOffset Since);
}

/// <summary>What runs.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Hash">SHA-256 of its text.</param>
/// <param name="Since">Since when it runs (UTC).</param>
/// <param name="IsStale">True when the current text has errors, so that an older plan goes on.</param>
/// <param name="Problems">The problems of the current text.</param>
public sealed record PlanState(OperationsPlan Plan, string Hash, DateTimeOffset Since, bool IsStale, IReadOnlyList<PlanProblem> Problems)
{
    /// <summary>The plan's text.</summary>
    public string Text { get; init; } = "";

    /// <summary>The absolute folder of its relative paths.</summary>
    public string Folder { get; init; } = "";
}

/// <summary>There is no plan to run.</summary>
public sealed class PlanUnavailableException(IReadOnlyList<PlanProblem> problems)
    : Exception("There is no usable plan." + string.Concat(problems.Select(static p => "\n" + p)))
{
    /// <summary>Why the current text cannot be used.</summary>
    public IReadOnlyList<PlanProblem> Problems { get; } = problems;
}
