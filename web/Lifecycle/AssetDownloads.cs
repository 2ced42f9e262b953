using System.Globalization;
using System.Net;
using Maintenance.Assets.Components;

namespace Maintenance.Web.Lifecycle;

/// <summary>Reads advisories and records from the addresses that the plan names. Both hosts use it.</summary>
/// <param name="http">Makes the client named <see cref="ClientName"/>.</param>
public sealed class AssetDownloads(IHttpClientFactory http) : IAssetDownloads
{
    /// <summary>The name of the HTTP client: it follows no redirect, since where one leads is not what the plan named.</summary>
    public const string ClientName = "assets";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public async Task<AssetDownload> GetAsync(Uri url, string? eTag, int mostBytes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(url);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            using var client = http.CreateClient(ClientName);
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.Accept.ParseAdd("application/json, application/zip;q=0.9, */*;q=0.1");
            if (eTag is not null)
            {
                request.Headers.TryAddWithoutValidation("If-None-Match", eTag);
            }

            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            return answer.StatusCode == HttpStatusCode.NotModified && eTag is not null ? new AssetDownload(null, eTag, null)
                : !answer.IsSuccessStatusCode ? new AssetDownload(null, null, $"it answered {(int)answer.StatusCode}{((int)answer.StatusCode is >= 300 and < 400 ? $" and leads elsewhere; name the address itself" : "")}.")
                : answer.Content.Headers.ContentLength > mostBytes ? TooLarge(mostBytes)
                : await ReadAsync(answer, mostBytes, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new AssetDownload(null, null, $"no answer within {Patience.TotalSeconds.ToString(CultureInfo.InvariantCulture)} seconds.");
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return new AssetDownload(null, null, $"it cannot be reached: {error.Message}");
        }
    }

    /// <summary>What is sent compressed, or without saying how long it is, is counted as it comes.</summary>
    private static async Task<AssetDownload> ReadAsync(HttpResponseMessage answer, int mostBytes, CancellationToken cancellation)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellation);
        using var content = new MemoryStream();
        var buffer = new byte[81920];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellation)) > 0)
        {
            if (content.Length + read > mostBytes)
            {
                return TooLarge(mostBytes);
            }

            content.Write(buffer, 0, read);
        }

        return new AssetDownload(content.ToArray(), answer.Headers.ETag?.ToString(), null);
    }

    private static AssetDownload TooLarge(int mostBytes) => new(null, null, $"it has more than {mostBytes.ToString(CultureInfo.InvariantCulture)} bytes.");
}
