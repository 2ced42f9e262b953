using System.Globalization;
using Maintenance.Plan;
using Maintenance.Storage;
using NodaTime;

namespace Maintenance.Assets.Debt;

/// <summary>The register of technical debt.</summary>
public sealed class DebtService(IRecordStore records, NumberSeries numbers, ActivePlan plan, TimeProvider time)
{
    private const string Partition = "debt";
    private const string Heads = "d_";

    /// <summary>Adds a piece; the same key is the same piece.</summary>
    public async Task<DebtItem> AddAsync(string key, DebtFields fields, string by, CancellationToken cancellation)
    {
        var number = await numbers.ClaimAsync("debt", key, cancellation);
        var item = DebtRules.Add($"D-{number.ToString(CultureInfo.InvariantCulture)}", fields, by, time.GetUtcNow());
        return await records.TryInsertAsync(Tables.Assets, Partition, RowOf(item.Id), item, cancellation) ? item : (await FindAsync(item.Id, cancellation))!.Value;
    }

    /// <summary>A piece, or null.</summary>
    public async Task<Versioned<DebtItem>?> FindAsync(string id, CancellationToken cancellation) =>
        IsId(id) ? await records.FindAsync<DebtItem>(Tables.Assets, Partition, RowOf(id), cancellation) : null;

    /// <summary>All of it, in the order in which it was added.</summary>
    public IAsyncEnumerable<DebtItem> ListAsync(CancellationToken cancellation) =>
        records.ListAsync<DebtItem>(Tables.Assets, Partition, RowRange.Prefix(Heads), cancellation).Select(static row => row.Value);

    /// <summary>Changes what is said of a piece.</summary>
    /// <exception cref="DebtStateException">It is closed.</exception>
    public Task<DebtItem?> EditAsync(string id, DebtFields fields, string by, CancellationToken cancellation) =>
        ChangeAsync(id, item => DebtRules.Edit(item, fields, by, time.GetUtcNow()), cancellation);

    /// <summary>Books hours on a piece.</summary>
    /// <exception cref="DebtStateException">It is closed.</exception>
    public Task<DebtItem?> BookAsync(string id, DebtBooking booking, CancellationToken cancellation) => ChangeAsync(id, item => DebtRules.Book(item, booking, time.GetUtcNow()), cancellation);

    /// <summary>Says that a booking does not hold.</summary>
    /// <exception cref="DebtStateException">There is no such booking.</exception>
    public Task<DebtItem?> ReverseAsync(string id, int number, string reason, string by, CancellationToken cancellation) =>
        ChangeAsync(id, item => DebtRules.Reverse(item, number, reason, by, time.GetUtcNow()), cancellation);

    /// <summary>Closes a piece, or opens it again.</summary>
    /// <exception cref="DebtStateException">It stands so already.</exception>
    public Task<DebtItem?> MoveAsync(string id, DebtState to, string reason, string by, CancellationToken cancellation) =>
        ChangeAsync(id, item => DebtRules.Move(item, to, reason, by, time.GetUtcNow()), cancellation);

    /// <summary>The register at a glance.</summary>
    public async Task<DebtStanding> StandAsync(CancellationToken cancellation) => DebtRules.Stand(await ListAsync(cancellation).ToListAsync(cancellation), plan.Current.Debt, Today());

    /// <summary>The local date of the plan's zone.</summary>
    public LocalDate Today() => Instant.FromDateTimeOffset(time.GetUtcNow()).InZone(plan.Current.System.TimeZone).Date;

    private async Task<DebtItem?> ChangeAsync(string id, Func<DebtItem, DebtItem> change, CancellationToken cancellation) =>
        IsId(id) ? await records.ChangeAsync<DebtItem>(Tables.Assets, Partition, RowOf(id), item => item is null ? null : change(item), cancellation) : null;

    private static bool IsId(string id) => id.Length is > 2 and <= 12 && id.StartsWith("D-", StringComparison.Ordinal) && int.TryParse(id.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static string RowOf(string id) => Heads + int.Parse(id.AsSpan(2), CultureInfo.InvariantCulture).ToString("D10", CultureInfo.InvariantCulture);
}
