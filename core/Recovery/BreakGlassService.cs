using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Duties;
using Maintenance.Knowledge;
using Maintenance.Plan;
using Maintenance.Storage;

namespace Maintenance.Recovery;

/// <summary>The book that was written last.</summary>
/// <param name="Fingerprint">Of all that it says: another one means another book.</param>
/// <param name="Name">The name of its object.</param>
/// <param name="At">When it was written (UTC).</param>
/// <param name="Copies">What became of it in each copy of the repository.</param>
public sealed record BreakGlassRecord(string Fingerprint, string Name, DateTimeOffset At, IReadOnlyList<BreakGlassCopy> Copies);

/// <summary>What became of a book in a copy.</summary>
/// <param name="Copy">The id of the copy.</param>
/// <param name="Problem">Why it is not there; null where it is.</param>
public sealed record BreakGlassCopy(string Copy, string? Problem);

/// <summary>
/// Keeps the break-glass book beside the backups as things are: looked at every minute, written anew when the plan, the newest proven snapshots, the keys, the copies
/// or the program have changed; and each week where the plan has duties, since the book says what is due next.
/// </summary>
public sealed class BreakGlassService(
    BackupRepositories repositories,
    BackupService backups,
    RepositoryOverviewService overview,
    RepositoryCareLog care,
    IObjectStore store,
    IRecordStore records,
    ActivePlan plan,
    IProgramBundle program,
    BreakGlassPlaces places,
    TimeProvider time)
{
    private const string Partition = "book";
    private const string Row = "latest";

    /// <summary>So many snapshots of each policy are named.</summary>
    private const int MostSnapshots = 3;

    /// <summary>A longer procedure is none that anybody reads at night; its beginning is.</summary>
    private const int MostProcedure = 256 * 1024;

    /// <summary>A plan that runs for less than this may still have its first book to come.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly string Version = typeof(BreakGlassService).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
    private static readonly string Runtime = typeof(object).Assembly.GetName().Version?.ToString(2) ?? "unknown";

    private string? _programHash;
    private bool _isHashed;

    /// <summary>
    /// Writes the book where what it says has changed, or where it is missing; and to each copy that does not have it. Cut off anywhere, the next call does the rest.
    /// </summary>
    /// <returns>The book that is there; null where the plan has no backups.</returns>
    /// <exception cref="IOException">The store cannot be written, or a part of what the book says cannot be read. A copy that cannot be written is only noted.</exception>
    public async Task<BreakGlassRecord?> WriteIfChangedAsync(CancellationToken cancellation)
    {
        var state = plan.State;
        if (state.Plan.Backups.Count == 0)
        {
            return null;
        }

        var repository = await repositories.OpenAsync(cancellation);
        var keys = (await repository.KeysAsync(cancellation)).Select(RepositoryKeyService.Line).ToList();
        var procedures = await ProceduresAsync(state.Plan, cancellation);
        var fingerprint = await FingerprintAsync(state, repository, keys, procedures, cancellation);
        var shelf = new BreakGlassShelf(store);
        var known = await FindAsync(cancellation);
        var isThere = known?.Fingerprint == fingerprint && await shelf.HasAsync(known.Name, cancellation);
        if (isThere && known!.Copies.All(static copy => copy.Problem is null))
        {
            return known;
        }

        var programName = _programHash is { } hash ? BreakGlassShelf.ProgramName(hash) : null;
        var at = time.GetUtcNow();
        string name, text;
        if (isThere)
        {
            (name, at, text) = (known!.Name, known.At, (await shelf.ReadAsync(known.Name, cancellation))!);
        }
        else if (await shelf.NewestAsync(cancellation) is { } newest && newest == BreakGlassShelf.BookName(BreakGlassShelf.InstantOf(newest), fingerprint))
        {
            // Written, and cut off before that was recorded.
            (name, at, text) = (newest, BreakGlassShelf.InstantOf(newest), (await shelf.ReadAsync(newest, cancellation))!);
        }
        else
        {
            name = BreakGlassShelf.NextName(await shelf.NewestAsync(cancellation), at, fingerprint);
            text = BreakGlassBook.Write(new BreakGlassContents(
                state.Plan, state.Text, state.Folder, name, at, repository.Fingerprint, places, new BreakGlassProgram(Version, Runtime, programName))
            {
                Snapshots = await SnapshotsAsync(state.Plan, cancellation),
                Keys = keys,
                Procedures = procedures,
                PlanFiles = state.Files.Where(static file => !PlanIncludes.IsList(file.Key)).ToDictionary(StringComparer.Ordinal),
            });
            await shelf.PutAsync(name, text, programName, program, cancellation);
        }

        var copies = new List<BreakGlassCopy>();
        foreach (var copy in state.Plan.Repository.Copies)
        {
            var isKnown = isThere && known!.Copies.Any(one => one.Copy == copy.Id && one.Problem is null);
            copies.Add(new BreakGlassCopy(copy.Id, isKnown ? null : await CopyAsync(copy.Id, name, text, programName, cancellation)));
        }

        var next = new BreakGlassRecord(fingerprint, name, at, copies);
        if (!isThere || !next.Copies.SequenceEqual(known!.Copies))
        {
            await records.WriteAsync(Tables.BreakGlass, Partition, RecordWrite.Put(Row, MaintenanceJson.Write(next)), cancellation);
        }

        return next;
    }

    /// <summary>The book that was written last; null where none was.</summary>
    public async Task<BreakGlassRecord?> FindAsync(CancellationToken cancellation) =>
        (await records.FindAsync<BreakGlassRecord>(Tables.BreakGlass, Partition, Row, cancellation))?.Value;

    /// <summary>The text of the book that was written last, as it lies in the store; null where there is none.</summary>
    /// <exception cref="IOException">The store cannot be read.</exception>
    public async Task<string?> ReadAsync(CancellationToken cancellation) =>
        await FindAsync(cancellation) is { } known ? await new BreakGlassShelf(store).ReadAsync(known.Name, cancellation) : null;

    /// <summary>What somebody should do about it; empty for nothing. Costs a record.</summary>
    public async Task<IReadOnlyList<RepositoryConcern>> ConcernsAsync(CancellationToken cancellation)
    {
        var state = plan.State;
        if (state.Plan.Backups.Count == 0)
        {
            return [];
        }

        return await FindAsync(cancellation) is { } known
            ? [.. known.Copies.Where(copy => copy.Problem is not null && state.Plan.Repository.FindCopy(copy.Copy) is not null).Select(static copy => new RepositoryConcern(false, $"The copy {copy.Copy} does not have the newest break-glass book: {copy.Problem}"))]
            : time.GetUtcNow() - state.Since > Patience ? [new RepositoryConcern(false, "No break-glass book has been written yet: whoever has nothing but the backups does not know what to do with them.")] : [];
    }

    /// <summary>Takes a book to a copy.</summary>
    /// <returns>Why that could not be done; null where it is there.</returns>
    private async Task<string?> CopyAsync(string copy, string name, string text, string? programName, CancellationToken cancellation)
    {
        try
        {
            var there = repositories.StoreOf(copy);

            // Where a mount is missing there is an empty folder: what is put there is lost, or in the way, once the mount is back.
            if (await there.GetAsync(RepositoryLayout.Config, cancellation) is not { } config || await store.GetAsync(RepositoryLayout.Config, cancellation) is not { } own || !config.AsSpan().SequenceEqual(own))
            {
                return "what is there is no copy of this repository yet.";
            }

            await new BreakGlassShelf(there).PutAsync(name, text, programName, program, cancellation);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return error.Message;
        }
    }

    private async Task<IReadOnlyList<BreakGlassSnapshot>> SnapshotsAsync(OperationsPlan current, CancellationToken cancellation)
    {
        var found = new List<BreakGlassSnapshot>();
        foreach (var policy in current.Backups)
        {
            if (await backups.StatusAsync(policy.Id, cancellation) is not { Proven: { } proven })
            {
                continue;
            }

            // A copying takes the repository as it is: a copy may have snapshots of policies that do not ask for it.
            var copies = await overview.CopiesAsync(policy with { Copies = [.. current.Repository.Copies.Select(static copy => copy.Id)] }, cancellation);
            var runs = (await backups.NewestAsync(policy.Id, 20, cancellation)).Where(static run => run is { State: BackupRunState.Proven, DamagedAt: null, DroppedAt: null, RecoveryPoint: not null });
            found.AddRange(runs.UnionBy([proven], static run => run.Id).Where(static run => run.RecoveryPoint is not null).Take(MostSnapshots).Select(run => new BreakGlassSnapshot(
                run.Id, policy.Id, run.RecoveryPoint!.Value, run.Files, run.Bytes, [.. copies.Where(copy => copy.Snapshots?.Contains(run.Id) == true).Select(static copy => copy.Id)])));
        }

        return found;
    }

    private static async Task<IReadOnlyList<BreakGlassProcedure>> ProceduresAsync(OperationsPlan current, CancellationToken cancellation)
    {
        var found = new List<BreakGlassProcedure>();
        foreach (var step in current.Recovery.Strategies.SelectMany(static strategy => strategy.Steps).Where(static step => step is { Sop: not null, SopFile: not null }).DistinctBy(static step => step.Sop))
        {
            if (current.Knowledge.FindFile(step.Sop!) is { } document)
            {
                found.Add(new BreakGlassProcedure(step.Sop!, document.Body.Length > MostProcedure ? document.Body[..MostProcedure] : document.Body));
                continue;
            }

            try
            {
                using var reader = new StreamReader(step.SopFile!, Encoding.UTF8);
                var text = new char[MostProcedure];
                found.Add(new BreakGlassProcedure(step.Sop!, FrontMatter.Split(new string(text, 0, await reader.ReadBlockAsync(text, cancellation))).Body));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // The rest of the book is worth having without it; the book says that it is missing.
                found.Add(new BreakGlassProcedure(step.Sop!, null));
            }
        }

        return found;
    }

    /// <summary>Of all that the book says and of nothing that changes without a reason: reading it every minute must not fill the store.</summary>
    private async Task<string> FingerprintAsync(
        PlanState state, BackupRepository repository, IReadOnlyList<RepositoryKeyLine> keys, IReadOnlyList<BreakGlassProcedure> procedures, CancellationToken cancellation)
    {
        if (!_isHashed)
        {
            (_programHash, _isHashed) = (await program.HashAsync(cancellation), true);
        }

        var facts = new List<string> { Version, Runtime, _programHash ?? "", state.Hash, state.Folder, places.Store, places.Secret, repository.Fingerprint };
        foreach (var policy in state.Plan.Backups)
        {
            facts.Add($"{policy.Id} {(await backups.StatusAsync(policy.Id, cancellation))?.Proven?.Id}");
        }

        if (state.Plan.Duties.Count > 0)
        {
            // The book names what is due next, so that it is written anew each week where nothing else changes.
            var day = DutyDates.Local(time.GetUtcNow(), state.Plan.System.TimeZone).Date;
            facts.Add(day.PlusDays(-((int)day.DayOfWeek - 1)).ToString("uuuu-MM-dd", CultureInfo.InvariantCulture));
        }

        facts.AddRange(keys.Select(static key => key.Id));
        facts.AddRange((await care.ListAsync(cancellation)).Where(static entry => entry is { Task: "copy", Copy: not null }).Select(static entry => $"{entry.Copy} {entry.At.UtcTicks}"));
        facts.AddRange(procedures.Select(static procedure => $"{procedure.File} {(procedure.Text is { } text ? Hash(text) : "")}"));
        return Hash(string.Join('\n', facts));
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
