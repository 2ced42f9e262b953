using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Web.Http;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>One answer for each way in which a repository says no.</summary>
internal static class RepositoryAnswers
{
    /// <summary>Asks the repository.</summary>
    /// <exception cref="HttpProblemException">It says no.</exception>
    public static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (KeyNotFoundException error)
        {
            throw HttpProblemException.NotFound(error.Message);
        }
        catch (NoRecoveryPointException error)
        {
            throw new HttpProblemException(StatusCodes.Status404NotFound, "No such recovery point", error.Message);
        }
        catch (InvalidDataException error)
        {
            throw new HttpProblemException(StatusCodes.Status409Conflict, "It is damaged", error.Message);
        }
        catch (NotSupportedException error)
        {
            throw new HttpProblemException(StatusCodes.Status409Conflict, "This host cannot do it", error.Message);
        }
        catch (RepositoryLockedException error)
        {
            throw new HttpProblemException(StatusCodes.Status503ServiceUnavailable, "The repository does not open", error.Message);
        }
        catch (IOException error)
        {
            throw new HttpProblemException(StatusCodes.Status503ServiceUnavailable, "The store cannot be reached", error.Message);
        }
    }

    /// <summary>Starts long work: 202 with its operation.</summary>
    public static async Task<IResult> OperateAsync(HttpContext http, Func<Task<string>> start)
    {
        var id = await AskAsync(start);
        return Requests.Accepted(http, "/api/operations/" + id, new OperationRef(id));
    }

    /// <summary>Starts long work by a button: its page.</summary>
    public static async Task<IResult> ShowAsync(Func<Task<string>> start) => TypedResults.Redirect("/operations/" + await AskAsync(start));
}

/// <summary>Long work that was started.</summary>
/// <param name="Operation">Its id, for <c>GET /api/operations/{id}</c>.</param>
public sealed record OperationRef(string Operation);
