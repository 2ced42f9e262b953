using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.Rollouts;
using Maintenance.Storage;
using Maintenance.Workflows;

namespace Maintenance.Patches;

/// <summary>Patch requests: how they are made and found here, what is done to them while they are open and afterwards in the other parts.</summary>
public sealed partial class PatchService(
    IRecordStore records, IWorkflows workflows, ActivePlan plan, NumberSeries numbers, NotificationService notifications, RolloutService rollouts, TimeProvider time)
{
    private const string Index = "patches";
    private const string OpenRows = "open_";
    private const string NumberRows = "id_";

    private readonly PatchLog _log = new(records);

    /// <summary>Makes a request and starts its approval.</summary>
    /// <param name="patch">What is asked for, checked by <see cref="PatchRules.Check"/>.</param>
    /// <param name="requestedBy">The id of the person who asks.</param>
    /// <param name="key">The same key is the same request, sent again.</param>
    /// <param name="cancellation">Stops between two writes; calling again with the same key goes on.</param>
    /// <exception cref="ArgumentException">It does not keep the rules.</exception>
    public async Task<PatchRequest> RequestAsync(NewPatch patch, string requestedBy, string key, CancellationToken cancellation) =>
        (await MakeAsync(patch, requestedBy, key, cancellation)).Request;

    /// <summary>Makes a request for each package update of reports that the .NET command line wrote. Imported again, by whomever, it makes no second one.</summary>
    /// <param name="updates">From <see cref="PackageUpdates.Read"/>.</param>
    /// <param name="service">The id of the service that the packages belong to.</param>
    /// <param name="requestedBy">The id of the person who imports.</param>
    /// <param name="cancellation">Stops between two requests; importing again goes on.</param>
    /// <exception cref="ArgumentException">The plan knows no such service.</exception>
    public async Task<IReadOnlyList<ImportedPatch>> ImportAsync(IReadOnlyList<PackageUpdate> updates, string service, string requestedBy, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(updates);
        var imported = new List<ImportedPatch>(updates.Count);
        foreach (var update in updates)
        {
            var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(update.Key(service))));
            var (request, isNew) = await MakeAsync(update.ToPatch(service), requestedBy, key, cancellation);
            imported.Add(new ImportedPatch(request.Id, request.Title, request.Type, request.Severity, isNew));
        }

        return imported;
    }

    /// <summary>A request with its events, or null.</summary>
    public async Task<PatchCase?> FindAsync(string id, CancellationToken cancellation) => (await _log.FindAsync(id, cancellation))?.Value;

    /// <summary>The requests that wait for votes.</summary>
    public IAsyncEnumerable<PatchCase> ListOpenAsync(CancellationToken cancellation) => ListAsync(OpenRows, cancellation);

    /// <summary>All requests, oldest first.</summary>
    public IAsyncEnumerable<PatchCase> ListAsync(CancellationToken cancellation) => ListAsync(NumberRows, cancellation);

    /// <summary>The newest requests, newest first.</summary>
    /// <param name="most">At most so many.</param>
    /// <param name="cancellation">Stops between two of them.</param>
    public IAsyncEnumerable<PatchCase> ListRecentAsync(int most, CancellationToken cancellation) => ListRecentAsync(most, null, cancellation);

    /// <summary>The newest requests before a number, newest first.</summary>
    /// <param name="most">At most so many.</param>
    /// <param name="before">Only those with a lower number than this; null for all.</param>
    /// <param name="cancellation">Stops between two of them.</param>
    public async IAsyncEnumerable<PatchCase> ListRecentAsync(int most, int? before, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (await numbers.NewestAsync(Index, cancellation) is not { } newest)
        {
            yield break;
        }

        newest = before is { } below && below <= newest ? below - 1 : newest;
        for (var number = newest; number > newest - most && number > 0; number--)
        {
            if (await FindAsync($"P-{number}", cancellation) is { } found)
            {
                yield return found;
            }
        }
    }

    private async Task<(PatchRequest Request, bool IsNew)> MakeAsync(NewPatch patch, string requestedBy, string key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(patch);
        var current = plan.Current;
        if (PatchRules.Check(current, patch, requestedBy) is { Count: > 0 } errors)
        {
            throw new ArgumentException(string.Join(' ', errors.SelectMany(static e => e.Value)), nameof(patch));
        }

        var number = await numbers.ClaimAsync(Index, key, cancellation);
        var id = $"P-{number}";
        if (await FindAsync(id, cancellation) is { } earlier)
        {
            if (earlier.Request.Decision is null)
            {
                await StartAsync(earlier, cancellation);
            }

            return (earlier.Request, false);
        }

        // The index first: a crash before the request is stored leaves rows that point at nothing, not a request that nobody sees.
        var pointer = MaintenanceJson.Write(new PatchRef(id));
        await records.WriteAsync(Tables.PatchIndex, Index, [RecordWrite.Put(OpenRows + id, pointer), RecordWrite.Put(NumberRows + NumberSeries.Key(number), pointer)], cancellation);
        var request = Make(current, patch, requestedBy, id);
        var isNew = await _log.TryInsertAsync(request, cancellation);
        var made = isNew ? new PatchCase(request, []) : (await FindAsync(id, cancellation))!;
        await StartAsync(made, cancellation);
        return (made.Request, isNew);
    }

    /// <summary>The request under the terms of the rule that is in force now.</summary>
    private PatchRequest Make(OperationsPlan current, NewPatch patch, string requestedBy, string id)
    {
        var now = time.GetUtcNow();
        var artifact = patch.Artifact is null ? null : PatchRules.NormaliseArtifact(patch.Artifact);
        var rule = current.Patching.For(patch.Type, patch.Severity)!;
        var terms = rule.TermsFor(requestedBy, patch.Implementer, now, current.Calendar(current.Patching.Calendar), artifact);
        return new PatchRequest(id, patch.Title.Trim(), patch.Description.Trim(), patch.Type, patch.Severity, patch.Service, requestedBy, now, terms.Approvers, terms.Quorum, terms.ExpiresAt)
        {
            Components = [.. patch.Components.Select(static component => component.Trim())],
            Versions = [.. patch.Versions.Select(static change => new VersionChange(change.Component.Trim(), change.From?.Trim(), change.To?.Trim()))],
            Artifact = artifact,
            Targets = patch.Targets,
            Rollback = patch.Rollback?.Trim(),
            Window = patch.Window?.Trim(),
            Implementer = patch.Implementer,
            Excluded = terms.Excluded,
            Rejections = terms.Rejections,
            Decides = terms.Decides,
            ReviewWithin = rule.Review,
            IsExpedited = rule.IsExpedited,
        };
    }

    /// <summary>Starts the workflow unless it runs, and wakes it where there is nothing to wait for: a pre-authorised change is approved as it is made.</summary>
    private async Task StartAsync(PatchCase made, CancellationToken cancellation)
    {
        _ = await workflows.StartAsync(PatchWorkflows.Approval, made.Request.Workflow, new PatchRef(made.Request.Id), cancellation);
        if (made.DecisionAt(time.GetUtcNow()) is not null)
        {
            await workflows.RaiseAsync(made.Request.Workflow, PatchWorkflows.Decided, cancellation);
        }
    }

    private async IAsyncEnumerable<PatchCase> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var row in records.ListAsync<PatchRef>(Tables.PatchIndex, Index, RowRange.Prefix(prefix), cancellation))
        {
            if (await FindAsync(row.Value.Patch, cancellation) is { } found)
            {
                yield return found;
            }
        }
    }
}

/// <summary>What an import made of one update.</summary>
/// <param name="Id">The id of the request.</param>
/// <param name="Title">Its title.</param>
/// <param name="Type">Its type.</param>
/// <param name="Severity">Its severity.</param>
/// <param name="IsNew">False where an earlier import made it.</param>
public sealed record ImportedPatch(string Id, string Title, PatchType Type, PatchSeverity Severity, bool IsNew);
