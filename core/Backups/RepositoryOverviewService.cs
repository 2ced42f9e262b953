using Maintenance.Backups.Repository;
using Maintenance.Plan;

namespace Maintenance.Backups;

/// <summary>The repository at a glance.</summary>
/// <param name="Statistics">What it holds and what it takes.</param>
/// <param name="Media">What it is kept on.</param>
/// <param name="IsOffSite">True where it is away from the site that it protects.</param>
/// <param name="IsKeyBesideData">True where its only key lies in the data folder.</param>
/// <param name="Care">When it and its copies were last verified, pruned and copied to.</param>
/// <param name="Copies">Its copies and what they lack.</param>
/// <param name="NextVerification">When it is verified next (UTC); null for on request only.</param>
/// <param name="NextPrune">When it is pruned next (UTC); null for on request only.</param>
public sealed record RepositoryOverview(
    RepositoryStatistics Statistics,
    string Media,
    bool IsOffSite,
    bool IsKeyBesideData,
    IReadOnlyList<RepositoryCareEntry> Care,
    IReadOnlyList<CopyLine> Copies,
    DateTimeOffset? NextVerification,
    DateTimeOffset? NextPrune);

/// <summary>A copy at a glance.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Location">Where it is.</param>
/// <param name="Media">What it is kept on.</param>
/// <param name="IsOffSite">True where it is away from the site.</param>
/// <param name="Snapshots">How many snapshots it has; null where it cannot be reached.</param>
/// <param name="LackingCount">How many snapshots it ought to have and does not.</param>
/// <param name="Lacking">The newest of them, at most twenty.</param>
/// <param name="Problem">Why it cannot be reached; null where it can.</param>
public sealed record CopyLine(string Id, string Location, string Media, bool IsOffSite, int? Snapshots, int LackingCount, IReadOnlyList<string> Lacking, string? Problem);

/// <summary>What a copy has of a policy.</summary>
/// <param name="Id">The copy's id.</param>
/// <param name="Snapshots">The ids of the policy's snapshots that it has; null where it cannot be reached.</param>
/// <param name="Problem">Why it cannot be reached; null where it can.</param>
public sealed record PolicyCopy(string Id, IReadOnlySet<string>? Snapshots, string? Problem);

/// <summary>Something that a person should do about the repository.</summary>
/// <param name="IsAlarm">True where something is broken; false where it will be missed one day.</param>
/// <param name="Text">What, in words.</param>
public sealed record RepositoryConcern(bool IsAlarm, string Text);

/// <summary>Says how the repository and its copies are.</summary>
public sealed class RepositoryOverviewService(
    BackupRepositories repositories, RepositoryCareLog care, RepositoryKeyPlace key, ActivePlan plan, TimeProvider time)
{
    private const int MostLacking = 20;

    /// <summary>How the repository and its copies are. Reads the indexes and every manifest: as long as that takes.</summary>
    public async Task<RepositoryOverview> ReadAsync(CancellationToken cancellation)
    {
        var repository = await repositories.OpenAsync(cancellation);
        var (rules, zone, now) = (plan.Current.Repository, plan.Current.System.TimeZone, time.GetUtcNow());
        return new RepositoryOverview(
            await repository.StatisticsAsync(cancellation),
            rules.Media,
            rules.IsOffSite,
            await IsKeyBesideDataAsync(cancellation),
            await care.ListAsync(cancellation),
            await CopiesAsync(repository, cancellation),
            rules.Verify?.Next(now, zone),
            rules.Prune?.Next(now, zone));
    }

    /// <summary>
    /// What a person should do about the repository; empty for nothing. Costs a listing of the keys where the host's key lies beside the data, and nothing elsewhere.
    /// </summary>
    public async Task<IReadOnlyList<RepositoryConcern>> ConcernsAsync(CancellationToken cancellation)
    {
        var concerns = new List<RepositoryConcern>();
        try
        {
            if (await IsKeyBesideDataAsync(cancellation))
            {
                concerns.Add(new(
                    false,
                    "The repository's only key lies in the data folder: with that lost, nothing opens a copy. Add a passphrase that is kept elsewhere (backup keys add), or give MAINTENANCE_PASSPHRASE."));
            }
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // The overview must be there above all when something is broken.
            concerns.Add(new(true, $"The backup repository cannot be opened: {error.Message}"));
        }

        foreach (var entry in (await care.ListAsync(cancellation)).Where(static entry => !entry.IsGood))
        {
            var where = entry.Copy is null ? "The repository" : $"The copy {entry.Copy}";
            var what = entry.Task == "copy" ? ": the last copying could not take everything there." : $" is damaged. {entry.Text}";
            concerns.Add(new(true, $"{where}{what} {entry.Problems.FirstOrDefault()}".TrimEnd()));
        }

        return concerns;
    }

    private async Task<bool> IsKeyBesideDataAsync(CancellationToken cancellation) =>
        key.IsBesideData && (await (await repositories.OpenAsync(cancellation)).KeysAsync(cancellation)).Count == 1;

    /// <summary>What the next prune would find to delete.</summary>
    /// <returns>How many packs are marked as unneeded, and when the repository is pruned next (UTC); null for on request only.</returns>
    public async Task<(int Packs, DateTimeOffset? Next)> NextPruneAsync(CancellationToken cancellation) =>
        (await (await repositories.OpenAsync(cancellation)).UnneededPacksAsync(cancellation), plan.Current.Repository.Prune?.Next(time.GetUtcNow(), plan.Current.System.TimeZone));

    /// <summary>Which snapshots of a policy each of its copies has.</summary>
    public async Task<IReadOnlyList<PolicyCopy>> CopiesAsync(BackupPolicy policy, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var repository = await repositories.OpenAsync(cancellation);
        var copies = new List<PolicyCopy>();
        foreach (var copy in policy.Copies)
        {
            var (there, problem) = await ListAsync(repository, copy, policy.Id, cancellation);
            copies.Add(new PolicyCopy(copy, there, problem));
        }

        return copies;
    }

    private async Task<IReadOnlyList<CopyLine>> CopiesAsync(BackupRepository repository, CancellationToken cancellation)
    {
        var all = await repository.ListAsync(null, cancellation);
        var lines = new List<CopyLine>();
        foreach (var copy in plan.Current.Repository.Copies)
        {
            // What policies want there; others' snapshots may be there, too, since a copying takes the repository as it is.
            var policies = plan.Current.Backups.Where(policy => policy.Copies.Contains(copy.Id)).Select(static policy => policy.Id).ToHashSet(StringComparer.Ordinal);
            var (there, problem) = await ListAsync(repository, copy.Id, null, cancellation);
            var lacking = there is null ? [] : all.Where(id => !there.Contains(id) && policies.Contains(Snapshot.PolicyOf(id) ?? "")).OrderByDescending(static id => id[(id.LastIndexOf('_') + 1)..], StringComparer.Ordinal).ToList();
            lines.Add(new CopyLine(copy.Id, copy.Location, copy.Media, copy.IsOffSite, there?.Count, lacking.Count, [.. lacking.Take(MostLacking)], problem));
        }

        return lines;
    }

    private async Task<(IReadOnlySet<string>? Ids, string? Problem)> ListAsync(BackupRepository repository, string copy, string? policy, CancellationToken cancellation)
    {
        try
        {
            return ((await repository.At(repositories.StoreOf(copy)).ListAsync(policy, cancellation)).ToHashSet(StringComparer.Ordinal), null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or KeyNotFoundException)
        {
            return (null, error.Message);
        }
    }
}
