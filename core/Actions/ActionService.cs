using System.Security.Cryptography;
using System.Text;

namespace Maintenance.Actions;

/// <summary>Does what the plan's actions and checks say, by whatever the host has for it.</summary>
public sealed class ActionService(IProgramRunner programs, IOutside outside)
{
    private const int BlockBytes = 128 * 1024;

    /// <summary>Does an action.</summary>
    public Task<ActionReport> RunAsync(PlanAction action, ActionOrder order, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(action);
        ArgumentNullException.ThrowIfNull(order);
        return action.Command.Count > 0
            ? programs.RunAsync(new ProgramOrder(action.Command, order.Folder) { Variables = order.Variables(), Timeout = action.Timeout }, cancellation)
            : outside.PostAsync(action, order, cancellation);
    }

    /// <summary>Makes a check.</summary>
    /// <param name="check">The check.</param>
    /// <param name="folder">The restored folder that its path is below; null where there is none.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Everything that is wrong, in words; empty where it passes.</returns>
    public async Task<IReadOnlyList<string>> CheckAsync(Check check, string? folder, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(check);
        var seen = check.Kind switch
        {
            CheckKind.Http => await outside.ProbeAsync(check, cancellation),
            CheckKind.Query => await outside.QueryAsync(check, cancellation),
            _ when folder is null => new Observation(false, "nothing was restored that it could look at."),
            _ when LeadsOut(folder, check.Subject) => new Observation(false, "a link leads out of what was restored, to the live data perhaps."),
            _ => await LookAsync(check, Path.Join(folder, check.Subject), cancellation),
        };
        return CheckRules.Judge(check, seen);
    }

    /// <summary>True where a name of the path is a link whose end lies elsewhere: a check of what was restored must not look at what is live.</summary>
    private static bool LeadsOut(string folder, string path)
    {
        var root = Path.GetFullPath(folder);
        var at = root;
        foreach (var name in path.Split('/'))
        {
            at = Path.Join(at, name);
            if (new FileInfo(at).LinkTarget is null)
            {
                continue;
            }

            try
            {
                if (File.ResolveLinkTarget(at, returnFinalTarget: true)?.FullName is { } end && end != root && !end.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                {
                    return true;
                }
            }
            catch (IOException)
            {
                // A circle of links, which reading it will tell.
                return false;
            }
        }

        return false;
    }

    private static async Task<Observation> LookAsync(Check check, string path, CancellationToken cancellation)
    {
        if (Directory.Exists(path))
        {
            return new Observation(Directory.EnumerateFileSystemEntries(path).Any(), "the folder is empty.");
        }

        try
        {
            return await ReadAsync(check, path, cancellation);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return new Observation(false, "it is missing.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new Observation(false, error.Message);
        }
    }

    /// <summary>One pass over the file, whatever its size.</summary>
    private static async Task<Observation> ReadAsync(Check check, string path, CancellationToken cancellation)
    {
        await using var file = new FileStream(path, new FileStreamOptions { Access = FileAccess.Read, BufferSize = 0, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var wanted = check.Contains is { } text ? Encoding.UTF8.GetBytes(text) : [];
        var overlap = Math.Max(0, wanted.Length - 1);
        var buffer = new byte[overlap + BlockBytes];
        var (kept, bytes, lines, last, hasText) = (0, 0L, 0L, (byte)'\n', wanted.Length == 0);
        for (int read; (read = await file.ReadAsync(buffer.AsMemory(kept, BlockBytes), cancellation)) > 0;)
        {
            var block = buffer.AsSpan(kept, read);
            hash.AppendData(block);
            bytes += read;
            lines += block.Count((byte)'\n');
            last = block[^1];

            // Text may lie across two blocks: the end of this one stays in front of the next.
            var seen = buffer.AsSpan(0, kept + read);
            hasText = hasText || seen.IndexOf(wanted) >= 0;
            kept = Math.Min(overlap, seen.Length);
            seen[^kept..].CopyTo(buffer);
        }

        return bytes == 0
            ? new Observation(false, "it is empty.")
            : new Observation(true) { Bytes = bytes, Lines = lines + (last == '\n' ? 0 : 1), Hash = Convert.ToHexStringLower(hash.GetHashAndReset()), HasText = hasText };
    }
}
