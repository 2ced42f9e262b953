using Maintenance.Backups.Repository;

namespace Maintenance.Backups.Sources;

/// <summary>
/// Gives what a restore wrote its owner, mode and time. The owner is root's to give, and comes first: giving it takes the set-user and set-group bits away. Those
/// bits are given only where the owner is as it was, since they lend its rights to whoever runs the file.
/// </summary>
internal sealed class LinuxAttributes
{
    private const int LendingBits = 0xC00;

    private readonly bool _isRoot = LinuxCalls.EffectiveUser() == 0;

    /// <summary>For what is open.</summary>
    /// <returns>What could not be given, in words; null where nothing is missing.</returns>
    public string? Give(int descriptor, TreeEntry entry)
    {
        string? missing = null;
        if (entry.Owner is { } owner && _isRoot && LinuxCalls.SetOwner(descriptor, owner.User, owner.Group) != 0)
        {
            Add(ref missing, $"its owner {owner.User}:{owner.Group} could not be set");
        }

        if (entry.Mode is { } mode)
        {
            var given = (mode & LendingBits) == 0 || HasOwner(descriptor, entry.Owner) ? mode : mode & ~LendingBits;
            if (LinuxCalls.SetMode(descriptor, (uint)given & 0xFFF) != 0)
            {
                Add(ref missing, "its mode could not be set");
            }
            else if (given != mode)
            {
                missing = With(missing, "its set-user and set-group bits were left out, because its owner is another now");
            }
        }

        if (entry.Modified is { } modified && LinuxCalls.SetModified(descriptor, modified) != 0)
        {
            Add(ref missing, "its time could not be set");
        }

        return missing;
    }

    /// <summary>For a symbolic link, which has no mode.</summary>
    /// <returns>What could not be given, in words; null where nothing is missing.</returns>
    public string? Give(int folder, ReadOnlySpan<byte> name, TreeEntry entry)
    {
        string? missing = null;
        if (entry.Owner is { } owner && _isRoot && LinuxCalls.SetOwner(folder, name, owner.User, owner.Group) != 0)
        {
            Add(ref missing, $"its owner {owner.User}:{owner.Group} could not be set");
        }

        if (entry.Modified is { } modified && LinuxCalls.SetModified(folder, name, modified) != 0)
        {
            Add(ref missing, "its time could not be set");
        }

        return missing;
    }

    private static bool HasOwner(int descriptor, EntryOwner? owner) =>
        LinuxCalls.Look(descriptor, out var status) == 0 && owner == new EntryOwner(status.User, status.Group);

    private static void Add(ref string? missing, string what) => missing = With(missing, $"{what} ({LinuxError.Text(LinuxError.Last)})");

    private static string With(string? missing, string what) => missing is null ? what : $"{missing}; {what}";
}
