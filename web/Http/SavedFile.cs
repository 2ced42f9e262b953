using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Maintenance.Web.Http;

/// <summary>
/// A file that somebody sent, for saving only, piece by piece. Whatever is in it, a browser neither shows it as a page of this site nor runs anything of it: it is an
/// attachment, of the type that was checked, in a sandbox.
/// </summary>
/// <param name="name">As it is saved.</param>
/// <param name="mediaType">What it is.</param>
/// <param name="bytes">Its size.</param>
/// <param name="read">Reads it.</param>
internal sealed class SavedFile(string name, string mediaType, long bytes, Func<CancellationToken, IAsyncEnumerable<ReadOnlyMemory<byte>>> read) : IResult
{
    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var answer = httpContext.Response;
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(name);
        answer.ContentType = mediaType;
        answer.ContentLength = bytes;
        answer.Headers.ContentDisposition = disposition.ToString();
        answer.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        if (HttpMethods.IsHead(httpContext.Request.Method))
        {
            return;
        }

        await foreach (var piece in read(httpContext.RequestAborted))
        {
            await answer.Body.WriteAsync(piece, httpContext.RequestAborted);
        }
    }
}
