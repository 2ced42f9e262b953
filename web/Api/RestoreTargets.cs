using Maintenance.Backups;
using Maintenance.Backups.Sources;
using Maintenance.Web.Http;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>Where callers may restore to.</summary>
public sealed class RestoreTargets(BackupFolders folders, ISnapshotPlaces places)
{
    private static readonly string[] Schemes = ["container:", "table:", "postgres:"];

    /// <summary>
    /// The target of a request. A restore into a folder writes wherever the host may, so only who holds the machine anyway chooses the folder freely; everybody else
    /// gets one of the host's own. A place that is no folder (a container, a table, a database) is open to whoever may restore at all: the host reaches only what its
    /// own identity may write, and nothing that holds anything is written over.
    /// </summary>
    /// <exception cref="HttpProblemException">It is refused; the message says what would be taken.</exception>
    public async Task<string> ResolveAsync(string target, Caller caller, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(caller);
        if (Array.Exists(Schemes, scheme => target.StartsWith(scheme, StringComparison.Ordinal)))
        {
            return await PlaceAsync(target, cancellation);
        }

        var isAnywhere = Path.IsPathFullyQualified(target) && !target.Contains('\0', StringComparison.Ordinal);
        if (isAnywhere && caller.Person is null)
        {
            return Path.GetFullPath(target);
        }

        if (folders.Restored is null)
        {
            throw new HttpProblemException(
                StatusCodes.Status409Conflict,
                "Nowhere to restore to",
                "This host has nowhere to restore to that anybody could reach. It can still verify the snapshot, or restore it to a place: container:https://…, table:https://… or postgres:SETTING.");
        }

        if (isAnywhere)
        {
            throw HttpProblemException.Forbidden("Only the operator, on the machine itself, restores to any folder. Send a plain name: it is made below the host's folder for restores.");
        }

        var root = Path.GetFullPath(folders.Restored);
        return target.Length is > 0 and <= 200 && target.AsSpan().IndexOfAny("/\\\0") < 0 && target.Trim('.').Length > 0
            && Path.GetFullPath(target, root) is var below && Path.GetDirectoryName(below) == root
            ? below
            : throw Invalid("Send a plain name without slashes, such as restored-register.");
    }

    /// <summary>True where this host has a folder for restores that people reach.</summary>
    public bool HasFolder => folders.Restored is not null;

    /// <summary>The name by which a caller names a target below the host's folder for restores; null for any other target.</summary>
    public string? NameOf(string target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return folders.Restored is { } root && Path.GetDirectoryName(target) == Path.GetFullPath(root) ? Path.GetFileName(target) : null;
    }

    private async Task<string> PlaceAsync(string target, CancellationToken cancellation)
    {
        try
        {
            // Nobody is asked yet: an address that is none is told at once, and not by an operation that fails.
            await using var place = await places.OpenTargetAsync(target, cancellation);
            return place is null ? throw Invalid("This host knows no such place.") : target;
        }
        catch (Exception error) when (error is IOException or NotSupportedException)
        {
            throw Invalid(error.Message);
        }
    }

    private static HttpProblemException Invalid(string message) =>
        HttpProblemException.Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { ["target"] = [message] });
}
