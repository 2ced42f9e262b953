using System.Globalization;
using Maintenance;
using Maintenance.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace MaintenanceFunctions.Adapters;

/// <summary>
/// Stops a step that ends its worker (out of memory, out of disk, out of the platform's time) from being given to the next worker for ever. Durable Functions
/// counts only the failures that a step lives to report; a step whose worker died is simply delivered again. So every start is counted before the work and taken
/// back at any end, good or bad: what stays counted are the starts whose worker did not live to the end. A row is removed with its count; that of a step that was
/// given up stays, so that the workflow's own retries meet it too.
/// </summary>
/// <remarks>
/// Guarantees: a step that ended its worker six times is refused from then on, on every instance. Limits: those of <see cref="TableRecordStore"/>; an instance of a workflow is a partition, and a step two
/// small writes, so that nothing here is hot. Source: issue 687 of Azure/azure-functions-durable-extension, on activities that end their process.
/// </remarks>
/// <param name="records">Holds the counts: partition = workflow instance, row = step.</param>
/// <param name="log">Told when an end could not be noted.</param>
public sealed class AttemptLedger(IRecordStore records, ILogger<AttemptLedger> log)
{
    /// <summary>The table of the counts.</summary>
    public const string Table = "attempts";

    /// <summary>How many starts may lack an end; a step with so many is not started again.</summary>
    public const int MostUnended = 6;

    /// <summary>Does the work of a step unless it ended its worker too often.</summary>
    /// <param name="invocation">The step's invocation, which names its workflow instance and itself.</param>
    /// <param name="work">The work.</param>
    /// <param name="cancellation">Gives up before the work is begun.</param>
    /// <exception cref="StepGivenUpException">It ended its worker too often.</exception>
    public Task<T> RunAsync<T>(FunctionContext invocation, Func<Task<T>> work, CancellationToken cancellation) => RunAsync(invocation, 0, isPiece: false, work, cancellation);

    /// <summary>
    /// Does the next piece of a part of a step, unless it ended its worker too often. A piece that is done takes back every start of its part: over days of work workers
    /// end for reasons of their own, and only pieces that never come to an end are to be given up.
    /// </summary>
    /// <param name="invocation">The step's invocation, which names its workflow instance and itself.</param>
    /// <param name="part">Which part: several run beside each other, and each is counted by itself.</param>
    /// <param name="work">The work.</param>
    /// <param name="cancellation">Gives up before the work is begun.</param>
    /// <exception cref="StepGivenUpException">It ended its worker too often.</exception>
    public Task<T> RunPieceAsync<T>(FunctionContext invocation, int part, Func<Task<T>> work, CancellationToken cancellation) => RunAsync(invocation, part, isPiece: true, work, cancellation);

    private async Task<T> RunAsync<T>(FunctionContext invocation, int part, bool isPiece, Func<Task<T>> work, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        ArgumentNullException.ThrowIfNull(work);
        var name = invocation.FunctionDefinition.Name;
        var (instance, step) = (InstanceOf(invocation), part == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{part}"));
        await NoteStartAsync(instance, step, cancellation);
        var isDone = false;
        try
        {
            var result = await work();
            isDone = true;
            return result;
        }
        finally
        {
            await NoteEndAsync(instance, step, takesAll: isPiece && isDone);
        }
    }

    // The activity trigger gives it under this name (ActivityTriggerAttributeBindingProvider of the host's extension).
    private static string InstanceOf(FunctionContext invocation) =>
        invocation.BindingContext.BindingData.TryGetValue("instanceId", out var value) && value?.ToString() is { Length: > 0 } instance
            ? instance
            : throw new InvalidOperationException($"The invocation of {invocation.FunctionDefinition.Name} names no workflow instance.");

    private async Task NoteStartAsync(string instance, string step, CancellationToken cancellation)
    {
        var isGivenUp = false;
        _ = await records.ChangeAsync<UnendedStarts>(
            Table,
            instance,
            step,
            before =>
            {
                isGivenUp = before is { Count: >= MostUnended };
                return isGivenUp ? null : new UnendedStarts((before?.Count ?? 0) + 1);
            },
            cancellation);
        if (isGivenUp)
        {
            throw new StepGivenUpException(step, MostUnended);
        }
    }

    /// <summary>Not cancelled with the invocation: a worker that is asked to stop ends its steps in order, and must not look like one that died.</summary>
    private async Task NoteEndAsync(string instance, string step, bool takesAll)
    {
        try
        {
            for (var attempt = 1; await records.FindAsync<UnendedStarts>(Table, instance, step, CancellationToken.None) is { } starts; attempt++)
            {
                var left = takesAll ? 0 : starts.Value.Count - 1;
                try
                {
                    await records.WriteAsync(
                        Table,
                        instance,
                        left > 0 ? RecordWrite.Replace(step, MaintenanceJson.Write(new UnendedStarts(left)), starts.ETag) : RecordWrite.Delete(step, starts.ETag),
                        CancellationToken.None);
                    return;
                }
                catch (RecordConflictException) when (attempt < 10)
                {
                    // The same step runs on another worker too, and was noted there.
                }
            }
        }
        catch (Exception error)
        {
            // The step has ended, and its own result or error is what counts. At worst one start too many stays counted.
            log.LogWarning(error, "The end of {Step} of {Instance} could not be noted.", step, instance);
        }
    }

    private sealed record UnendedStarts(int Count);
}

/// <summary>A step ended its worker too often and is not started again.</summary>
/// <param name="step">The step.</param>
/// <param name="times">How often.</param>
public sealed class StepGivenUpException(string step, int times)
    : Exception($"{step} ended its worker {times} times before it could end itself, and is not started again. Look for its need of memory, disk and time.");
