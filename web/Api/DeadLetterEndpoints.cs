using Maintenance.Messaging;
using Maintenance.Web.Http;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>Which dead letter to send again.</summary>
public sealed record ResendRequest(string Queue, string Id);

/// <summary>Messages that were given up.</summary>
public sealed class DeadLetterEndpoints(IDeadLetters deadLetters)
{
    /// <summary>The dead letters of all queues, or of one (<c>?queue=feedback</c>).</summary>
    public async Task<IResult> ListAsync(HttpContext http)
    {
        var only = http.Request.Query["queue"].ToString();
        var letters = new List<DeadLetter>();
        foreach (var queue in only.Length > 0 ? [Known(only)] : Queues.All)
        {
            letters.AddRange(await deadLetters.ListAsync(queue, http.QueryNumber("take", 100, 1000), http.RequestAborted));
        }

        return Requests.Ok(letters);
    }

    /// <summary>Sends one again: 202.</summary>
    public async Task<IResult> ResendAsync(HttpContext http)
    {
        var request = await RequestBody.ReadJsonAsync<ResendRequest>(http);
        await ResendAsync(request, http.RequestAborted);
        return Requests.Accepted(http, "/api/dead-letters", request);
    }

    /// <summary>The same by a button.</summary>
    public async Task<IResult> ResendFormAsync(HttpContext http)
    {
        var form = await RequestBody.ReadFormAsync(http);
        await ResendAsync(new ResendRequest(form.GetValueOrDefault("queue", ""), form.GetValueOrDefault("id", "")), http.RequestAborted);
        return TypedResults.Redirect("/");
    }

    private async Task ResendAsync(ResendRequest request, CancellationToken cancellation)
    {
        try
        {
            if (!await deadLetters.ResendAsync(Known(request.Queue), request.Id, cancellation))
            {
                throw HttpProblemException.NotFound($"The queue {request.Queue} has no dead letter '{request.Id}'.");
            }
        }
        catch (TimeoutException error)
        {
            throw new HttpProblemException(StatusCodes.Status409Conflict, "Somebody else has it", error.Message);
        }
    }

    private static string Known(string queue) =>
        Queues.All.Contains(queue) ? queue : throw HttpProblemException.NotFound($"There is no queue '{queue}'. The queues are: {string.Join(", ", Queues.All)}.");
}
