using System.Net.Sockets;
using System.Text;

namespace Maintenance.Tests.EndToEnd;

/// <summary>Requests byte by byte as they are given: what no well-behaved client would send.</summary>
internal static class RawHttp
{
    /// <summary>Sends, and reads what comes until the server closes or ten seconds have passed.</summary>
    public static async Task<RawAnswer> SendAsync(Uri address, string request)
    {
        using var client = new TcpClient();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await client.ConnectAsync(address.Host, address.Port, limit.Token);
        await using var stream = client.GetStream();
        var text = new StringBuilder();
        var sending = SendAsync(stream, request, limit.Token);
        try
        {
            var buffer = new byte[16 * 1024];
            int count;
            while ((count = await stream.ReadAsync(buffer, limit.Token)) > 0)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, count));
                if (text.ToString().Contains("\r\n0\r\n\r\n", StringComparison.Ordinal))
                {
                    break;
                }
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // Cut off in the middle of a request that is refused: what has been read counts.
        }

        await limit.CancelAsync();
        await sending;
        return RawAnswer.Parse(text.ToString());
    }

    private static async Task SendAsync(NetworkStream stream, string request, CancellationToken cancellation)
    {
        try
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(request), cancellation);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // The server had enough.
        }
    }
}

/// <summary>An answer as it came; status 0 where the server just closed.</summary>
internal sealed record RawAnswer(int Status, string Head, string? Type, string Body)
{
    public static RawAnswer Parse(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return new RawAnswer(0, text, null, "");
        }

        var head = text[..end];
        var lines = head.Split("\r\n");
        var type = lines.FirstOrDefault(static line => line.StartsWith("Content-Type:", StringComparison.OrdinalIgnoreCase))?.Split(':')[1].Split(';')[0].Trim();
        var body = text[(end + 4)..];

        // Small answers come in one chunk.
        if (head.Contains("chunked", StringComparison.OrdinalIgnoreCase))
        {
            var parts = body.Split("\r\n");
            body = string.Concat(parts.Where(static (_, i) => i % 2 == 1));
        }

        return new RawAnswer(int.Parse(lines[0].Split(' ')[1]), head, type, body);
    }

    public override string ToString() => $"{Status} {Type} {Body}";
}
