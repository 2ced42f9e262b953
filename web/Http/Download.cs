using Maintenance.Backups.Repository;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Maintenance.Web.Http;

/// <summary>
/// A file of a snapshot, sent piece by piece while each is checked. The first piece is read before anything is said, so that a file that is damaged from the beginning
/// is an answer of its own; damage that is met later cuts the connection, short of the length that was announced, so that half a file is never taken for a whole one.
/// </summary>
internal sealed class Download : IResult
{
    private readonly SnapshotFile _file;
    private readonly string _snapshot;
    private readonly string _path;
    private readonly IAsyncEnumerator<ReadOnlyMemory<byte>> _pieces;
    private readonly ILogger _log;
    private bool _hasPiece;

    private Download(SnapshotFile file, string snapshot, string path, IAsyncEnumerator<ReadOnlyMemory<byte>> pieces, ILogger log) =>
        (_file, _snapshot, _path, _pieces, _log) = (file, snapshot, path, pieces, log);

    /// <summary>Begins a download, which disposes of the file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="snapshot">The id of its snapshot.</param>
    /// <param name="path">The path that it was asked for by.</param>
    /// <param name="log">Is told of damage.</param>
    /// <param name="cancellation">Nobody waits any more.</param>
    /// <exception cref="InvalidDataException">Its beginning is damaged.</exception>
    /// <exception cref="IOException">The store failed.</exception>
    public static async Task<Download> BeginAsync(SnapshotFile file, string snapshot, string path, ILogger log, CancellationToken cancellation)
    {
        var download = new Download(file, snapshot, path, file.ReadAsync(cancellation).GetAsyncEnumerator(cancellation), log);
        try
        {
            download._hasPiece = await download._pieces.MoveNextAsync();
            return download;
        }
        catch (Exception error)
        {
            if (error is not OperationCanceledException)
            {
                log.LogError(error, "The file {Path} of the snapshot {Snapshot} cannot be read", ShownName.Of(path), snapshot);
            }

            await download.EndAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        try
        {
            var answer = httpContext.Response;
            var disposition = new ContentDispositionHeaderValue("attachment");
            disposition.SetHttpFileName(ShownName.ToSave(_path));
            answer.ContentType = "application/octet-stream";
            answer.ContentLength = _file.Entry.Length;
            answer.Headers.ContentDisposition = disposition.ToString();
            answer.Headers.XContentTypeOptions = "nosniff";
            answer.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
            for (long sent = 0; _hasPiece && !HttpMethods.IsHead(httpContext.Request.Method); _hasPiece = await NextAsync(httpContext, sent))
            {
                await answer.Body.WriteAsync(_pieces.Current, httpContext.RequestAborted);
                sent += _pieces.Current.Length;
            }
        }
        finally
        {
            await EndAsync();
        }
    }

    private async Task<bool> NextAsync(HttpContext http, long sent)
    {
        try
        {
            return await _pieces.MoveNextAsync();
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            _log.LogError(
                error, "The download of {Path} of the snapshot {Snapshot} was cut off after {Sent} of {Bytes} bytes: the rest is damaged", ShownName.Of(_path), _snapshot, sent, _file.Entry.Length);
            http.Abort();
            return false;
        }
    }

    private async ValueTask EndAsync()
    {
        await _pieces.DisposeAsync();
        await _file.DisposeAsync();
    }
}
