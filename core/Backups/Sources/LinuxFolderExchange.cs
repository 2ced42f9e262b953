namespace Maintenance.Backups.Sources;

/// <summary>Two folders beside one another change names in one step: at no instant is there none under either name.</summary>
internal static class LinuxFolderExchange
{
    /// <summary>Exchanges them, durably.</summary>
    /// <returns>False where this system or this file system does not know how; nothing was done then.</returns>
    /// <exception cref="IOException">It knows how, and could not.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be done.</exception>
    public static bool TryExchange(string parent, string one, string other)
    {
        if (!OperatingSystem.IsLinux() || !LinuxCalls.AreAvailable)
        {
            return false;
        }

        var folder = LinuxCalls.OpenRoot(LinuxPath.Terminated(parent));
        if (folder < 0)
        {
            throw LinuxError.Of($"'{parent}' cannot be opened", LinuxError.Last);
        }

        try
        {
            if (LinuxCalls.Exchange(folder, LinuxPath.Terminated(one), folder, LinuxPath.Terminated(other)) != 0)
            {
                var error = LinuxError.Last;
                return error is LinuxError.Invalid or LinuxError.NotImplemented
                    ? false
                    : throw LinuxError.Of($"'{one}' and '{other}' in '{parent}' cannot change places", error);
            }

            _ = LinuxCalls.FlushFileSystem(folder);
            return true;
        }
        finally
        {
            _ = LinuxCalls.Close(folder);
        }
    }

    /// <summary>Sees to it that what was renamed in a folder is on its disk.</summary>
    public static void Flush(string folder)
    {
        if (!OperatingSystem.IsLinux() || !LinuxCalls.AreAvailable || LinuxCalls.OpenRoot(LinuxPath.Terminated(folder)) is not (>= 0 and var descriptor))
        {
            return;
        }

        _ = LinuxCalls.FlushFileSystem(descriptor);
        _ = LinuxCalls.Close(descriptor);
    }
}
