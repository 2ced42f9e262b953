using Maintenance.Resources;
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
public sealed record PlanText(string File, string Folder, string Yaml)
{
    /// <summary>True where neither the text nor what it includes changes any more: a simulation runs one plan, and looks at its files once.</summary>
    public bool IsFixed { get; init; }
}

/// <summary>
/// The plan that runs. A new text replaces it only when it has no error; until then the last good one goes on, over restarts too, and the problems are shown. The
/// files that it includes are part of its text. Where a new text changes the hours of a calendar, the old ones are kept for the time until then.
/// </summary>
public sealed class ActivePlan(IPlanSource source, IRecordStore records, TimeProvider time, IPlanFollower? follower = null) : IDisposable
{
    private readonly PlanRecords _records = new(records);
    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private volatile PlanState? _state;
    private PlanState? _written;

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
            _written = await NextAsync(_written, cancellation);
            return _state = await WithAbsencesAsync(_written, _state, cancellation);
        }
        finally
        {
            _refreshing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _refreshing.Dispose();

    /// <summary>
    /// What the plan says with the absences that people recorded since: whoever asks whether somebody is there has both. While they cannot be read, those that were read last
    /// go on, since a plan that runs on yesterday's absences is better than none.
    /// </summary>
    private async Task<PlanState> WithAbsencesAsync(PlanState written, PlanState? before, CancellationToken cancellation)
    {
        IReadOnlyDictionary<string, IReadOnlyList<Absence>> recorded;
        try
        {
            recorded = await AbsenceBook.CurrentAsync(records, written.Plan, time.GetUtcNow(), cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException && before is not null)
        {
            recorded = AbsenceBook.RecordedIn(before.Plan);
        }

        return ReferenceEquals(before?.Written ?? before, written) && AbsenceBook.AreSame(recorded, AbsenceBook.RecordedIn(before!.Plan)) ? before
            : recorded.Count == 0 ? written
            : written with { Plan = AbsenceBook.With(written.Plan, recorded), Written = written };
    }

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

        if (before is { IsStale: false } && before.Text == text.Yaml && before.Folder == text.Folder && (text.IsFixed || PlanIncludes.AreStill(text.Folder, before.Files)))
        {
            return before;
        }

        var load = PlanFile.Load(text.File, text.Yaml, text.Folder);
        return load.Plan is null ? await KeepAsync(before, load.Problems, cancellation) : await TakeOverAsync(before, text, load.Plan, load, cancellation);
    }

    /// <summary>The state in which a good plan runs: it is stored as the active one, with what of the calendars before it still counts.</summary>
    private async Task<PlanState> TakeOverAsync(PlanState? before, PlanText text, OperationsPlan plan, PlanLoad load, CancellationToken cancellation)
    {
        var hash = PlanIncludes.Hash(text.Yaml, load.Files);
        for (var attempt = 1; ; attempt++)
        {
            // The active plan is read first: what is remembered later than that, somebody else stored with another one, and this one is then refused.
            var stored = await _records.FindAsync(cancellation);
            var history = await _records.HistoryAsync(cancellation);
            var since = stored?.Value.Hash == hash ? stored.Value.Since : time.GetUtcNow();
            if (stored?.Value.Hash != hash)
            {
                await (follower?.HearAsync(plan, cancellation) ?? Task.CompletedTask);
                var past = stored is null ? [] : await PastAsync(before, stored.Value, plan, history, since, cancellation);
                try
                {
                    await _records.ActivateAsync(new StoredPlan(hash, text.File, text.Folder, text.Yaml, since), load.Files, stored?.ETag, past, cancellation);
                }
                catch (RecordConflictException) when (attempt < 50)
                {
                    // Another host was first, with this plan or with another one.
                    continue;
                }

                history = [.. history, .. past];
            }

            return new PlanState(plan with { CalendarHistory = history }, hash, since, IsStale: false, load.Problems) { Text = text.Yaml, Folder = text.Folder, Files = load.Files };
        }
    }

    /// <summary>The calendars of the plan that ran, where they go on counting for the time until now.</summary>
    private async Task<IReadOnlyList<CalendarVersion>> PastAsync(
        PlanState? before, StoredPlan stored, OperationsPlan next, IReadOnlyList<CalendarVersion> history, DateTimeOffset now, CancellationToken cancellation)
    {
        var ran = before?.Hash == stored.Hash
            ? new PlanCalendars(before.Plan.System.TimeZone, before.Plan.Calendars)
            : PlanFile.Calendars(stored.File, stored.Yaml, stored.Folder, await _records.FilesAsync(stored, cancellation));

        // Instants of changes grow even where the clock stands still or is put back: what counted first must come first.
        var until = history.Count > 0 && history[^1].Until >= now ? history[^1].Until.AddTicks(1) : now;
        return ran is null ? [] : CalendarChanges.Find(ran, new PlanCalendars(next.System.TimeZone, next.Calendars), history, until);
    }

    private async Task<PlanState> KeepAsync(PlanState? before, IReadOnlyList<PlanProblem> problems, CancellationToken cancellation)
    {
        if (before is not null)
        {
            return before with { IsStale = true, Problems = problems };
        }

        if (await _records.FindAsync(cancellation) is not { Value: var last })
        {
            throw new PlanUnavailableException(problems);
        }

        var files = await _records.FilesAsync(last, cancellation);
        return PlanFile.Load(last.File, last.Yaml, last.Folder, files).Plan is { } plan
            ? new PlanState(plan with { CalendarHistory = await _records.HistoryAsync(cancellation) }, last.Hash, last.Since, IsStale: true, problems) { Text = last.Yaml, Folder = last.Folder, Files = files }
            : throw new PlanUnavailableException(problems);
    }
}

/// <summary>What runs.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Hash">SHA-256 of its text and of the files that it includes.</param>
/// <param name="Since">Since when it runs (UTC).</param>
/// <param name="IsStale">True when the current text has errors, so that an older plan goes on.</param>
/// <param name="Problems">The problems of the current text.</param>
public sealed record PlanState(OperationsPlan Plan, string Hash, DateTimeOffset Since, bool IsStale, IReadOnlyList<PlanProblem> Problems)
{
    /// <summary>The state as the plan's text alone makes it, where people recorded absences since; null where they did not.</summary>
    internal PlanState? Written { get; init; }

    /// <summary>The plan's text.</summary>
    public string Text { get; init; } = "";

    /// <summary>The absolute folder of its relative paths.</summary>
    public string Folder { get; init; } = "";

    /// <summary>The texts of the files that it includes, by path as it names them.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();
}

/// <summary>There is no plan to run.</summary>
public sealed class PlanUnavailableException(IReadOnlyList<PlanProblem> problems)
    : Exception("There is no usable plan." + string.Concat(problems.Select(static p => "\n" + p)))
{
    /// <summary>Why the current text cannot be used.</summary>
    public IReadOnlyList<PlanProblem> Problems { get; } = problems;
}
