namespace Maintenance.Backups.Sources;

/// <summary>Paths of entries come from a store, and a store may hold what somebody put there: none may lead out of the target.</summary>
internal static class RestoredPath
{
    /// <summary>Throws unless the path is one of names below the target.</summary>
    /// <exception cref="InvalidDataException">Names the path and says what is wrong with it.</exception>
    public static void Check(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        for (int start = 0, end; start <= path.Length; start = end + 1)
        {
            end = path.IndexOf('/', start) is var slash and >= 0 ? slash : path.Length;
            if (path.AsSpan(start, end - start) is "" or "." or "..")
            {
                throw new InvalidDataException($"'{path}': the path has an empty or a dotted name and could lead out of the target.");
            }
        }

        if (path.Contains('\0', StringComparison.Ordinal) || !IsText(path))
        {
            throw new InvalidDataException($"'{path}': the path has characters that no name can have.");
        }

        if (OperatingSystem.IsWindows() && (path.AsSpan().ContainsAny('\\', ':') || path.Split('/').Any(static name => name[^1] is '.' or ' ')))
        {
            throw new InvalidDataException($"'{path}': Windows gives such a path another meaning.");
        }
    }

    /// <summary>Half a surrogate pair would come back as another character.</summary>
    private static bool IsText(ReadOnlySpan<char> path)
    {
        for (var i = 0; i < path.Length; i++)
        {
            if (char.IsSurrogate(path[i]) && !(char.IsHighSurrogate(path[i]) && i + 1 < path.Length && char.IsLowSurrogate(path[++i])))
            {
                return false;
            }
        }

        return true;
    }
}
