using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Plan;
using Maintenance.Web.Http;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Maintenance.Web.Api;

/// <summary>Looking around in snapshots: folders, versions of a file, one file to save, what differs; and a restore from the page.</summary>
public sealed class SnapshotBrowserEndpoints(
    SnapshotBrowser browser, SnapshotService snapshots, SnapshotEndpoints acts, RestoreTargets targets, ActivePlan plan, ILogger<SnapshotBrowserEndpoints> log)
{
    /// <summary>A page shows so many entries of a folder.</summary>
    private const int ShownEntries = 100;

    /// <summary>So many differences are named.</summary>
    private const int ShownDifferences = 60;

    /// <summary>So many older snapshots are there to be chosen from.</summary>
    private const int OlderSnapshots = 100;

    /// <summary>A page of a folder: <c>?path=births&amp;take=1000&amp;after=…</c>.</summary>
    public async Task<IResult> FolderAsync(HttpContext http)
    {
        var take = Math.Max(1, http.QueryNumber("take", 1000, 10_000));
        return Requests.Ok(await RepositoryAnswers.AskAsync(() => browser.FolderAsync(Id(http), Query(http, "path") ?? "", take, Query(http, "after"), http.RequestAborted)));
    }

    /// <summary>The versions of a path in the snapshots of the policy, newest first: <c>?path=births/2025.csv&amp;from=SNAPSHOT</c>.</summary>
    public async Task<IResult> VersionsAsync(HttpContext http)
    {
        var id = Id(http);
        _ = await RepositoryAnswers.AskAsync(() => browser.OlderAsync(id, 0, http.RequestAborted));
        var path = Query(http, "path") ?? throw HttpProblemException.BadRequest("Name a file of it: ?path=….");
        return Requests.Ok(await RepositoryAnswers.AskAsync(() => browser.VersionsAsync(Snapshot.PolicyOf(id)!, path, Query(http, "from"), http.RequestAborted)));
    }

    /// <summary>A file of a snapshot, for saving: <c>?path=births/2025.csv</c>. Each piece is checked as it is sent.</summary>
    public async Task<IResult> ContentAsync(HttpContext http, Caller caller)
    {
        var id = Id(http);
        _ = await RepositoryAnswers.AskAsync(() => snapshots.ShowAsync(id, http.RequestAborted));
        var path = Query(http, "path") ?? throw HttpProblemException.BadRequest("Name a file of it: ?path=….");
        try
        {
            var download = await RepositoryAnswers.AskAsync(async () => await Download.BeginAsync(await browser.OpenFileAsync(id, path, http.RequestAborted), id, path, log, http.RequestAborted));

            // Contents of backups are personal data: who took which is in the log.
            log.LogInformation("{Caller} downloads {Path} of the snapshot {Snapshot}", caller.Id, ShownName.Of(path), id);
            return download;
        }
        catch (NotAFileException none)
        {
            throw new HttpProblemException(StatusCodes.Status422UnprocessableEntity, "It is no file", none.Message);
        }
    }

    /// <summary>The page of a snapshot: <c>?path=FOLDER&amp;after=…</c>, or <c>?file=PATH&amp;from=SNAPSHOT</c>.</summary>
    public Task<IResult> PageAsync(HttpContext http, Caller caller) =>
        PageAsync(http, caller, Query(http, "path") ?? "", Query(http, "file"), null, new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>What differs from an older snapshot: <c>?from=OLDER</c>; from the one before where that is left out.</summary>
    public async Task<IResult> DifferencesPageAsync(HttpContext http, Caller caller)
    {
        var (id, cancellation) = (Id(http), http.RequestAborted);
        var older = await RepositoryAnswers.AskAsync(() => browser.OlderAsync(id, OlderSnapshots, cancellation));
        var from = Query(http, "from") ?? (older.Count > 0 ? older[0] : null);
        DifferenceReport? report = null;
        string? problem = null;
        if (from is not null)
        {
            try
            {
                report = await RepositoryAnswers.AskAsync(() => snapshots.CompareAsync(from, id, ShownDifferences, cancellation));
            }
            catch (HttpProblemException why) when (why.Status == StatusCodes.Status409Conflict)
            {
                // The page is there to choose another one.
                problem = why.Message;
            }
        }

        return new PageResult<DifferencesPage>(new(StringComparer.Ordinal)
        {
            ["Caller"] = caller,
            ["Plan"] = plan.Current,
            ["Id"] = id,
            ["From"] = from,
            ["Older"] = older,
            ["Report"] = report,
            ["Problem"] = problem,
        });
    }

    /// <summary>
    /// Starts a restore by the page's form, and leads to it. Without <c>sure</c> nothing is written: it is said what would be, and the page of that has the button for
    /// the real one.
    /// </summary>
    public async Task<IResult> RestoreFormAsync(HttpContext http, Caller caller)
    {
        var form = await RequestBody.ReadFormAsync(http);
        var request = new RestoreRequest(
            form.GetValueOrDefault("target", "").Trim(),
            PathsOf(form),
            Enum.GetNames<ExistingFiles>().FirstOrDefault(name => name.Equals(form.GetValueOrDefault("existing"), StringComparison.OrdinalIgnoreCase)) is { } existing ? Enum.Parse<ExistingFiles>(existing) : ExistingFiles.Refuse,
            form.GetValueOrDefault("sure") != "yes",
            form.GetValueOrDefault("copy") is { Length: > 0 } copy ? copy : null);
        try
        {
            _ = await RepositoryAnswers.AskAsync(() => browser.OlderAsync(Id(http), 0, http.RequestAborted));
            return TypedResults.Redirect("/operations/" + Uri.EscapeDataString(await acts.StartRestoreAsync(http, caller, Id(http), request)));
        }
        catch (HttpProblemException wrong) when (wrong.Errors is not null)
        {
            // Back to where it was typed, with all that was.
            var exact = request.Paths is [var only] && form.GetValueOrDefault("what") == "this" ? only : "";
            return await PageAsync(http, caller, exact, null, wrong, form);
        }
    }

    /// <summary>Paths as a form carries them: those of the page as one line each with everything escaped, since a name may have lines of its own; those that were typed, a line each.</summary>
    internal static IReadOnlyList<string> PathsOf(IReadOnlyDictionary<string, string> form)
    {
        ArgumentNullException.ThrowIfNull(form);
        var lines = form.GetValueOrDefault("what") switch
        {
            "this" => form.GetValueOrDefault("exact", "").Split('\n').Select(Uri.UnescapeDataString),
            "paths" => form.GetValueOrDefault("paths", "").Split('\n').Select(static line => line.Trim()),
            _ => [],
        };
        return [.. lines.Where(static line => line.Length > 0)];
    }

    /// <summary>The same, the other way.</summary>
    internal static string Exactly(IEnumerable<string> paths) => string.Join('\n', paths.Select(Uri.EscapeDataString));

    private async Task<IResult> PageAsync(HttpContext http, Caller caller, string path, string? file, HttpProblemException? wrong, IReadOnlyDictionary<string, string> sent)
    {
        var (id, cancellation) = (Id(http), http.RequestAborted);
        var older = await RepositoryAnswers.AskAsync(() => browser.OlderAsync(id, 1, cancellation));
        var detail = await RepositoryAnswers.AskAsync(() => snapshots.ShowAsync(id, cancellation));
        (FolderPage? folder, EntryLine? entry, VersionPage? versions, string? problem) = (null, null, null, null);
        try
        {
            if (file is not null)
            {
                entry = await RepositoryAnswers.AskAsync(() => browser.EntryAsync(id, file, cancellation));
                versions = await RepositoryAnswers.AskAsync(() => browser.VersionsAsync(Snapshot.PolicyOf(id)!, file, Query(http, "from"), cancellation));
            }
            else if (detail.Manifest is not null)
            {
                folder = await FolderOrRootAsync();
            }
        }
        catch (HttpProblemException why) when (why.Status == StatusCodes.Status409Conflict)
        {
            // What is known of a damaged snapshot is shown all the same.
            problem = why.Message;
        }

        return new PageResult<SnapshotPage>(
            new(StringComparer.Ordinal)
            {
                ["Caller"] = caller,
                ["Plan"] = plan.Current,
                ["Id"] = id,
                ["Detail"] = detail,
                ["Before"] = older.Count > 0 ? older[0] : null,
                ["Folder"] = folder,
                ["File"] = entry,
                ["Versions"] = versions,
                ["Problem"] = problem,
                ["CanRestore"] = targets.HasFolder,
                ["Wrong"] = wrong,
                ["Sent"] = sent,
            },
            wrong?.Status ?? StatusCodes.Status200OK);

        async Task<FolderPage> FolderOrRootAsync()
        {
            try
            {
                return await RepositoryAnswers.AskAsync(() => browser.FolderAsync(id, path, ShownEntries, Query(http, "after"), cancellation));
            }
            catch (HttpProblemException missing) when (wrong is not null && missing.Status == StatusCodes.Status404NotFound)
            {
                // The form was of a file, or somebody changed what it says: its faults are what is to be shown.
                return await RepositoryAnswers.AskAsync(() => browser.FolderAsync(id, "", ShownEntries, null, cancellation));
            }
        }
    }

    private static string? Query(HttpContext http, string name) => http.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    private static string Id(HttpContext http) => http.PathValue("id");
}
