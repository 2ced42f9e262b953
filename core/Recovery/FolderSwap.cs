using Maintenance.Backups.Sources;

namespace Maintenance.Recovery;

/// <summary>
/// A restored folder takes the place of a live one beside it. Where the file system can exchange two names, in one step: whoever opens the live path finds the old
/// folder or the new one, never none and never half of either. Elsewhere there are two renames, between which the path is missing for an instant.
/// Every member may be cut off anywhere and called again: it then finds how far it came, and goes on.
/// </summary>
/// <param name="live">The absolute path of the live folder.</param>
/// <param name="isolated">That of the restored one, beside it.</param>
/// <param name="aside">Where the old one is kept, beside them; it is not there yet.</param>
/// <param name="mark">The name of an empty file that marks the restored folder meanwhile, so that the two can be told apart after a crash.</param>
internal sealed class FolderSwap(string live, string isolated, string aside, string mark)
{
    private readonly string _parent = Path.GetDirectoryName(live)!;

    /// <summary>True where the restored folder has begun to take the live one's place, and somebody must see it to its end.</summary>
    public bool IsBegun => IsMarked(live) || (!Directory.Exists(live) && Directory.Exists(aside));

    /// <summary>The restored folder becomes the live one; the old one is kept aside. <see cref="RemoveMark"/> follows once that is recorded.</summary>
    /// <returns>True where there was a live folder, which is now aside.</returns>
    /// <exception cref="IOException">It cannot be done, a mount point for example; the live folder is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be done; the live folder is as it was.</exception>
    public bool CutOver()
    {
        if (!IsMarked(live))
        {
            Exchange();
        }

        if (Directory.Exists(isolated))
        {
            // After the exchange the old one has the restored one's name.
            Directory.Move(isolated, aside);
        }

        LinuxFolderExchange.Flush(_parent);
        return Directory.Exists(aside);
    }

    /// <summary>The live folder is like any other from now on.</summary>
    public void RemoveMark() => File.Delete(Path.Join(live, mark));

    /// <summary>The old folder becomes the live one again; what was restored, and what was written to it since, is kept under another name.</summary>
    /// <param name="reverted">That name: an absolute path beside the others.</param>
    /// <param name="hadLive">False where there was no old folder: the live path is then empty again.</param>
    public void Revert(string reverted, bool hadLive)
    {
        if (!hadLive)
        {
            if (!Directory.Exists(reverted))
            {
                Directory.Move(live, reverted);
            }

            File.Delete(Path.Join(reverted, mark));
            LinuxFolderExchange.Flush(_parent);
            return;
        }

        // Aside gone and the other name there: an earlier call came to the end.
        if (Directory.Exists(aside) && !IsMarked(aside))
        {
            if (!Directory.Exists(live))
            {
                Directory.Move(aside, live);
            }
            else
            {
                Mark(live);
                if (!LinuxFolderExchange.TryExchange(_parent, Path.GetFileName(live), Path.GetFileName(aside)))
                {
                    Directory.Move(live, reverted);
                    Directory.Move(aside, live);
                }
            }
        }

        if (Directory.Exists(aside))
        {
            Directory.Move(aside, reverted);
        }

        File.Delete(Path.Join(reverted, mark));
        LinuxFolderExchange.Flush(_parent);
    }

    private void Exchange()
    {
        if (!Directory.Exists(isolated))
        {
            throw new IOException($"What was restored is no longer at '{isolated}': restore it again.");
        }

        Mark(isolated);
        if (!Directory.Exists(live))
        {
            Directory.Move(isolated, live);
        }
        else if (!LinuxFolderExchange.TryExchange(_parent, Path.GetFileName(live), Path.GetFileName(isolated)))
        {
            Directory.Move(live, aside);
            Directory.Move(isolated, live);
        }
    }

    private bool IsMarked(string folder) => File.Exists(Path.Join(folder, mark));

    private void Mark(string folder)
    {
        // Its name is all that it says; it must be there before the names change places, also after a power cut.
        using (new FileStream(Path.Join(folder, mark), FileMode.OpenOrCreate, FileAccess.Write))
        {
        }

        LinuxFolderExchange.Flush(folder);
    }
}
