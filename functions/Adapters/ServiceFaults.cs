using System.Runtime.CompilerServices;
using Azure;
using Azure.Identity;

namespace MaintenanceFunctions.Adapters;

/// <summary>How the failures of Azure's clients are told to the core, which knows no Azure: as <see cref="IOException"/> in words, with the client's own inside.</summary>
internal static class ServiceFaults
{
    /// <summary>True for what a client throws when the service, the network or the sign-in fails: not for a cancellation by the caller, nor for a fault of ours.</summary>
    public static bool Is(Exception error, CancellationToken cancellation) => error switch
    {
        RequestFailedException or AuthenticationFailedException => true,

        // What the client's retries came to, one inner exception for each; and its own time-out, which looks like a cancellation.
        AggregateException => true,
        OperationCanceledException => !cancellation.IsCancellationRequested,
        _ => false,
    };

    /// <summary>The failure in words.</summary>
    /// <param name="fault">What the client threw.</param>
    /// <param name="what">What was asked, as people are told: <c>container https://…</c>.</param>
    public static IOException Told(Exception fault, string what) => new($"{what}: {Words(fault)}", fault);

    /// <summary>The failure of a source in words: missing as a whole, not allowed, or any other.</summary>
    /// <param name="fault">What the client threw.</param>
    /// <param name="what">The source, as people are told.</param>
    /// <param name="role">The role that reading it takes.</param>
    public static Exception ToldOfSource(Exception fault, string what, string role) => fault switch
    {
        RequestFailedException { Status: 401 or 403 } => new UnauthorizedAccessException($"{what}: the app's identity may not read it; give it the role '{role}'. {Words(fault)}", fault),
        RequestFailedException { Status: 404, ErrorCode: "ContainerNotFound" or "TableNotFound" or "ResourceNotFound" } => new DirectoryNotFoundException($"{what}: it does not exist. {Words(fault)}", fault),
        _ => Told(fault, what),
    };

    /// <summary>The items, with the failures of the service in words.</summary>
    public static async IAsyncEnumerable<T> Telling<T>(IAsyncEnumerable<T> items, Func<Exception, Exception> tell, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var each = items.GetAsyncEnumerator(cancellation);
        while (true)
        {
            bool isThere;
            try
            {
                isThere = await each.MoveNextAsync();
            }
            catch (Exception fault) when (Is(fault, cancellation))
            {
                throw tell(fault);
            }

            if (!isThere)
            {
                yield break;
            }

            yield return each.Current;
        }
    }

    private static string Words(Exception fault) => fault switch
    {
        // The client's message goes on with every header of the answer.
        RequestFailedException { Status: > 0 } answer => $"the service answered {answer.Status} {answer.ErrorCode}: {FirstLine(answer.Message)}",
        AggregateException { InnerExceptions: [.., var last] } tries => $"the service could not be reached in {tries.InnerExceptions.Count} tries; at last: {Words(last)}",
        OperationCanceledException => "the service did not answer in time.",
        _ => FirstLine(fault.Message),
    };

    private static string FirstLine(string text) => text.Split('\n')[0].TrimEnd();
}
