using System.Security.Cryptography;
using System.Text;
using Maintenance.Storage;

namespace Maintenance.Tickets;

/// <summary>A list of tickets that somebody comes back to.</summary>
/// <param name="Name">What they call it.</param>
/// <param name="Query">Which tickets: a query as of the page's address, without its question mark.</param>
public sealed record SavedView(string Name, string Query);

/// <summary>A view cannot be kept.</summary>
/// <param name="field">Which field is wrong: name or query.</param>
/// <param name="message">What is wrong, and what would be right.</param>
public sealed class SavedViewException(string field, string message) : Exception(message)
{
    /// <summary>Which field is wrong: name or query.</summary>
    public string Field { get; } = field;
}

/// <summary>Keeps each person's views of tickets.</summary>
public sealed class SavedViews(IRecordStore records)
{
    /// <summary>So many a person may have.</summary>
    public const int Most = 30;

    private const int MostName = 60;
    private const int MostQuery = 1000;

    /// <summary>A person's views, by name.</summary>
    public async Task<IReadOnlyList<SavedView>> ListAsync(string person, CancellationToken cancellation) =>
        (await records.ListAsync<SavedView>(Tables.SavedViews, RecordKeys.Encode(person), RowRange.All, cancellation).Select(static one => one.Value).ToListAsync(cancellation))
            .OrderBy(static view => view.Name, StringComparer.OrdinalIgnoreCase).ToList();

    /// <summary>Keeps a view, in place of the one that was called the same.</summary>
    /// <exception cref="SavedViewException">It has no name, asks for nothing, is too long, or is one too many.</exception>
    public async Task<SavedView> KeepAsync(string person, SavedView view, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(view);
        var kept = new SavedView(view.Name.Trim(), view.Query.Trim().TrimStart('?'));
        if (kept.Name.Length is 0 or > MostName || kept.Name.Any(char.IsControl))
        {
            throw new SavedViewException("name", $"Give it a name of 1 to {MostName} characters.");
        }

        if (kept.Query.Length is 0 or > MostQuery || kept.Query.Any(char.IsControl))
        {
            throw new SavedViewException("query", $"Filter the list first: a view is its address, of 1 to {MostQuery} characters.");
        }

        var others = await ListAsync(person, cancellation);
        if (others.Count >= Most && others.All(other => RowOf(other.Name) != RowOf(kept.Name)))
        {
            throw new SavedViewException("name", $"You have {Most} views already; forget one first.");
        }

        _ = await records.WriteAsync(Tables.SavedViews, RecordKeys.Encode(person), RecordWrite.Put(RowOf(kept.Name), MaintenanceJson.Write(kept)), cancellation);
        return kept;
    }

    /// <summary>Forgets a view; one that is not there is forgotten already.</summary>
    public Task ForgetAsync(string person, string name, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(name);
        return records.WriteAsync(Tables.SavedViews, RecordKeys.Encode(person), RecordWrite.Delete(RowOf(name.Trim())), cancellation);
    }

    /// <summary>Names that differ in case alone are one.</summary>
    private static string RowOf(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name.ToUpperInvariant())))[..32];
}
