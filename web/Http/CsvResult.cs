using System.Text;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Http;

/// <summary>CSV that is sent while it is made, so that it may be longer than memory. With the mark by which spreadsheets know UTF-8.</summary>
/// <param name="name">What it is saved as: ASCII without quotes.</param>
/// <param name="lines">Whole lines with their ends.</param>
public sealed class CsvResult(string name, IAsyncEnumerable<string> lines) : IResult
{
    private const int PieceCharacters = 32 * 1024;

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var (answer, cancellation) = (httpContext.Response, httpContext.RequestAborted);
        answer.ContentType = "text/csv; charset=utf-8; header=present";
        answer.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
        if (HttpMethods.IsHead(httpContext.Request.Method))
        {
            return;
        }

        var piece = new StringBuilder("\uFEFF");
        await foreach (var line in lines.WithCancellation(cancellation))
        {
            if (piece.Append(line).Length >= PieceCharacters)
            {
                await SendAsync();
            }
        }

        await SendAsync();

        async Task SendAsync()
        {
            await answer.Body.WriteAsync(Encoding.UTF8.GetBytes(piece.ToString()), cancellation);
            _ = piece.Clear();
        }
    }
}
