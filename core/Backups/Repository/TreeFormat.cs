using System.Text;

namespace Maintenance.Backups.Repository;

/// <summary>
/// The list of entries of a snapshot, as one stream of bytes that is itself cut into chunks. An entry: how many bytes its path shares with the one before, the rest
/// of the path as text, a byte of kind (the lowest three bits) and flags, then whatever the flags say is there, in this order: length (files), modified (8 bytes),
/// mode, owner (two numbers), target (text), change mark (8 bytes); files end with the number of their chunks and the ids.
/// </summary>
internal static class TreeFormat
{
    private const int KindMask = 0x07;
    private const int HasModified = 0x08;
    private const int HasMode = 0x10;
    private const int HasOwner = 0x20;
    private const int HasChangeMark = 0x40;
    private const int IsSparse = 0x80;

    /// <summary>An entry takes at most this many bytes besides its chunk ids and texts.</summary>
    private const int MostTextBytes = 1024 * 1024;

    public static void Write(FieldWriter fields, TreeEntry entry, ReadOnlySpan<byte> path, ReadOnlySpan<byte> former)
    {
        var shared = path.CommonPrefixLength(former);
        fields.Number((ulong)shared);
        fields.Text(path[shared..]);
        var flags = (int)entry.Kind
            | (entry.Modified is null ? 0 : HasModified)
            | (entry.Mode is null ? 0 : HasMode)
            | (entry.Owner is null ? 0 : HasOwner)
            | (entry.ChangeMark == 0 ? 0 : HasChangeMark)
            | (entry.IsSparse ? IsSparse : 0);
        fields.Byte((byte)flags);
        if (entry.Kind == TreeEntryKind.File)
        {
            fields.Number((ulong)entry.Length);
        }

        if (entry.Modified is { } modified)
        {
            fields.Fixed64((ulong)modified);
        }

        if (entry.Mode is { } mode)
        {
            fields.Number((ulong)mode);
        }

        if (entry.Owner is { } owner)
        {
            fields.Number(owner.User);
            fields.Number(owner.Group);
        }

        if (entry.Kind is TreeEntryKind.SymbolicLink or TreeEntryKind.HardLink)
        {
            fields.Text(entry.Target ?? "");
        }

        if (entry.ChangeMark != 0)
        {
            fields.Fixed64(entry.ChangeMark);
        }

        if (entry.Kind == TreeEntryKind.File)
        {
            fields.Number((ulong)entry.Chunks.Count);
            foreach (var chunk in entry.Chunks)
            {
                fields.Chunk(chunk);
            }
        }
    }

    /// <summary>Reads one entry.</summary>
    /// <param name="fields">From the entry on; throws <see cref="InvalidDataException"/> where they end within it.</param>
    /// <param name="path">The path of the entry before; becomes this one's.</param>
    /// <exception cref="InvalidDataException">It is no entry, or there is more of it to come.</exception>
    public static TreeEntry Read(ref FieldReader fields, ref byte[] path)
    {
        var shared = fields.Count(path.Length);
        var rest = Text(ref fields);
        byte[] own = [.. path.AsSpan(0, shared), .. rest];
        var flags = fields.Byte();
        var kind = (TreeEntryKind)(flags & KindMask);
        if (kind is < TreeEntryKind.Folder or > TreeEntryKind.HardLink)
        {
            throw new InvalidDataException($"An entry is of a kind that this version does not know: {flags & KindMask}.");
        }

        var length = kind == TreeEntryKind.File ? (long)fields.Number() : 0;
        long? modified = (flags & HasModified) != 0 ? (long)fields.Fixed64() : null;
        int? mode = (flags & HasMode) != 0 ? fields.Count(0xFFFF) : null;
        EntryOwner? owner = (flags & HasOwner) != 0 ? new EntryOwner((uint)fields.Number(), (uint)fields.Number()) : null;
        var target = kind is TreeEntryKind.SymbolicLink or TreeEntryKind.HardLink ? Encoding.UTF8.GetString(Text(ref fields)) : null;
        var mark = (flags & HasChangeMark) != 0 ? fields.Fixed64() : 0;
        var chunks = Array.Empty<ChunkId>();
        if (kind == TreeEntryKind.File && fields.Count() is var count and > 0)
        {
            if (count > fields.Left / ChunkId.Size)
            {
                throw new InvalidDataException("The entries end too early.");
            }

            chunks = new ChunkId[count];
            for (var i = 0; i < count; i++)
            {
                chunks[i] = fields.Chunk();
            }
        }

        path = own;
        return new TreeEntry
        {
            Path = Encoding.UTF8.GetString(own),
            Kind = kind,
            Length = length,
            Modified = modified,
            Mode = mode,
            Owner = owner,
            Target = target,
            ChangeMark = mark,
            IsSparse = (flags & IsSparse) != 0,
            Chunks = chunks,
        };
    }

    private static ReadOnlySpan<byte> Text(ref FieldReader fields) => fields.Take(fields.Count(MostTextBytes));
}
