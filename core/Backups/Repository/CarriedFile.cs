namespace Maintenance.Backups.Repository;

/// <summary>A file of which earlier slices stored the beginning.</summary>
/// <param name="File">As the last of them left it; null for none.</param>
/// <param name="Chunks">All of its chunks so far.</param>
internal sealed record CarriedFile(OpenFile? File, IReadOnlyList<ChunkId> Chunks)
{
    /// <summary>No file.</summary>
    public static CarriedFile None { get; } = new(null, []);

    /// <summary>What the slices of a part, in order, have left open.</summary>
    public static CarriedFile Of(IEnumerable<SnapshotSlice> slices)
    {
        var chunks = new List<ChunkId>();
        OpenFile? file = null;
        foreach (var slice in slices)
        {
            if (slice.Open is null || slice.Open.From == 0)
            {
                chunks.Clear();
            }

            file = slice.Open;
            chunks.AddRange(file?.Chunks.Select(ChunkId.Parse) ?? []);
        }

        return file is null ? None : new CarriedFile(file, chunks);
    }

    /// <summary>
    /// How much of the file need not be read again: what is stored of it, where it is in the same state, and all of that can still be relied on; otherwise 0.
    /// </summary>
    public long LengthFor(TreeEntry now, ChunkStorer storer) => File is { } file && file.IsSame(now) && Chunks.All(storer.IsUsable) ? file.To : 0;
}
