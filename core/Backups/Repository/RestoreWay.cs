using System.Text;
using Maintenance.Backups.Sources;

namespace Maintenance.Backups.Repository;

/// <summary>Makes way in a folder for what is restored into it, as the order says of what is there already. Used by the one who plans.</summary>
/// <param name="target">The folder; null for a dry run.</param>
/// <param name="order">What was asked for.</param>
/// <param name="hasFolders">True where every folder comes as an entry before what is in it.</param>
internal sealed class RestoreWay(FolderWriter? target, RestoreOrder order, bool hasFolders)
{
    private const string RestoringSuffix = ".~restoring";

    /// <summary>Entries left out because something was there.</summary>
    public long Kept { get; private set; }

    /// <summary>Entries that take the place of something.</summary>
    public long Replaced { get; private set; }

    /// <summary>Things that got another name.</summary>
    public long Renamed { get; private set; }

    /// <summary>Does what was asked for with what is there.</summary>
    /// <returns>Where to write; null where the entry is to be left out.</returns>
    public string? MakeFor(TreeEntry entry)
    {
        EnsureParents(entry.Path);
        if (order.Existing == ExistingFiles.Refuse)
        {
            return entry.Path;
        }

        var existing = target is not null ? target.Look(entry.Path) : LookWithout(entry.Path);
        if (existing is null || (existing == ExistingKind.Folder && entry.Kind == TreeEntryKind.Folder))
        {
            return entry.Path;
        }

        switch (order.Existing)
        {
            case ExistingFiles.Keep:
                Kept++;
                return null;
            case ExistingFiles.Replace when existing == ExistingKind.Folder:
                throw new IOException("a folder is in its place; a restore replaces files, never whole folders. Move it away, or restore with existing files renamed.");
            case ExistingFiles.Replace when entry.Kind == TreeEntryKind.Folder:
                target?.Delete(entry.Path);
                Replaced++;
                return entry.Path;
            case ExistingFiles.Replace:
                Replaced++;
                return target is null ? entry.Path : FreeName(entry.Path, RestoringSuffix);
            default:
                Renamed++;
                target?.Rename(entry.Path, FreeName(entry.Path, ".before-restore"));
                return entry.Path;
        }
    }

    /// <summary>Gives what was written beside its place its own name, in one step.</summary>
    public void Settle(TreeEntry entry, string written)
    {
        if (written != entry.Path)
        {
            target?.Rename(written, entry.Path, replace: true);
        }
    }

    /// <summary>A name beside the path that nothing has: what another restore left when it was cut off stays as it is. A long name gives way to the suffix.</summary>
    private string FreeName(string path, string suffix)
    {
        const int LongestName = 255;
        var slash = path.LastIndexOf('/') + 1;
        for (var number = 1; ; number++)
        {
            var end = number == 1 ? suffix : $"{suffix}-{number}";
            var name = path[slash..];
            while (Encoding.UTF8.GetByteCount(name) + end.Length > LongestName)
            {
                name = name[..^(char.IsLowSurrogate(name[^1]) ? 2 : 1)];
            }

            if (target!.Look(path[..slash] + name + end) is null)
            {
                return path[..slash] + name + end;
            }
        }
    }

    private void EnsureParents(string path)
    {
        if (target is not null && !hasFolders && path.LastIndexOf('/') is > 0 and var slash && target.Look(path[..slash]) is null)
        {
            EnsureParents(path[..slash]);
            target.CreateFolder(path[..slash]);
        }
    }

    private ExistingKind? LookWithout(string path)
    {
        var full = Path.Join(order.Target, path);
        return Directory.Exists(full) ? ExistingKind.Folder : File.Exists(full) ? ExistingKind.File : null;
    }
}
