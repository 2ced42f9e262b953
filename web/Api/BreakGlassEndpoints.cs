using System.Text;
using Maintenance.Recovery;
using Maintenance.Web.Http;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>The break-glass book.</summary>
public sealed class BreakGlassEndpoints(BreakGlassService book)
{
    /// <summary>The newest book, as it lies beside the backups.</summary>
    public async Task<IResult> GetAsync(HttpContext http)
    {
        var text = await RepositoryAnswers.AskAsync(() => book.ReadAsync(http.RequestAborted));
        return text is null
            ? throw HttpProblemException.NotFound("No break-glass book has been written yet: that is done within a minute (on Azure a quarter of an hour) of the first start with a plan that has backups.")
            : TypedResults.Text(text, "text/markdown", Encoding.UTF8);
    }
}
