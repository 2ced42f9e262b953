using Maintenance.Monitoring.Probes;

namespace Maintenance.Monitoring.Security;

/// <summary>The refused sign-ins of an address that may still become a burst, or belong to one.</summary>
/// <param name="Recent">The last ones, in order: one fewer than a burst takes at most. In ticks (UTC), since there may be very many.</param>
/// <param name="Told">The last one of a burst that is told, in ticks (UTC); null where none is.</param>
public sealed record RefusedRun(IReadOnlyList<long> Recent, long? Told)
{
    /// <summary>Of an address from which none came.</summary>
    public static RefusedRun None { get; } = new([], null);

    /// <summary>The last one of all, in ticks (UTC).</summary>
    internal long Newest => Recent.Count > 0 ? Math.Max(Recent[^1], Told ?? 0) : Told ?? 0;

    /// <summary>
    /// With one more. One signal for each burst, so that one which lasts is not told with every look: from the sample that makes it one, until none has come for as long as a
    /// burst may take.
    /// </summary>
    /// <param name="policy">How often is too often.</param>
    /// <param name="at">When it was refused (UTC).</param>
    /// <returns>The run with it, and true where it makes a burst that is to be told.</returns>
    public (RefusedRun Run, bool IsTold) With(SecurityPolicy policy, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var ticks = at.UtcTicks;

        // One whose act took long may come after younger ones.
        List<long> all = [.. Recent.Append(ticks).Order()];
        var isMore = Told is { } last && ticks - last <= policy.Within.Ticks;
        var isBurst = all.Count >= policy.FailedSignIns && all[^1] - all[^policy.FailedSignIns] <= policy.Within.Ticks;
        return (new RefusedRun([.. all.TakeLast(policy.FailedSignIns - 1)], isMore || isBurst ? Math.Max(ticks, Told ?? 0) : null), isBurst && !isMore);
    }
}

/// <summary>What a look through the audit log has to know of the part before: a burst may lie on both sides.</summary>
/// <param name="Addresses">The runs, by address.</param>
public sealed record RefusedSignIns(IReadOnlyDictionary<string, RefusedRun> Addresses)
{
    /// <summary>So many instants are kept at most, those of the addresses that were refused last: what fits into a document of the store many times over.</summary>
    public const int Most = 10_000;

    /// <summary>Nothing.</summary>
    public static RefusedSignIns None { get; } = new(new Dictionary<string, RefusedRun>());

    /// <summary>Without what is too old to belong to any burst at an instant, and no more than <see cref="Most"/>.</summary>
    public RefusedSignIns At(SecurityPolicy policy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var kept = new Dictionary<string, RefusedRun>(StringComparer.Ordinal);
        var count = 0;
        foreach (var (address, run) in Addresses.Where(one => now.UtcTicks - one.Value.Newest <= policy.Within.Ticks).OrderByDescending(static one => one.Value.Newest).ThenBy(static one => one.Key, StringComparer.Ordinal))
        {
            count += run.Recent.Count + 1;
            if (count > Most)
            {
                break;
            }

            kept[address] = run;
        }

        return new RefusedSignIns(kept);
    }
}
