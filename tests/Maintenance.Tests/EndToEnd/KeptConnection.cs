using System.Net.Sockets;
using System.Text;

namespace Maintenance.Tests.EndToEnd;

/// <summary>A connection that is kept for as many requests as the server takes, and opened anew after that.</summary>
internal sealed class KeptConnection(Uri address) : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private TcpClient? _client;
    private int _start;
    private int _end;

    /// <summary>Sends a request, and reads its answer.</summary>
    /// <returns>Status and body; 0 where the server just closed.</returns>
    public async Task<(int Status, string Body)> SendAsync(byte[] request, bool isLast)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            if (_client is null)
            {
                _client = new TcpClient { NoDelay = true };
                await _client.ConnectAsync(address.Host, address.Port, limit.Token);
                (_start, _end) = (0, 0);
            }

            var stream = _client.GetStream();
            await stream.WriteAsync(request, limit.Token);
            if (isLast)
            {
                _client.Client.Shutdown(SocketShutdown.Send);
            }

            var answer = await ReadAsync(stream, limit.Token);
            if (isLast || answer.IsClosing)
            {
                Dispose();
            }

            return (answer.Status, answer.Body);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            // Refused in the middle of it.
            Dispose();
            return (0, "");
        }
    }

    public void Dispose()
    {
        _client?.Dispose();
        _client = null;
    }

    private async Task<(int Status, string Body, bool IsClosing)> ReadAsync(NetworkStream stream, CancellationToken cancellation)
    {
        var status = await LineAsync(stream, cancellation);
        if (status is null)
        {
            return (0, "", true);
        }

        var (length, isChunked, isClosing) = (0, false, false);
        while (await LineAsync(stream, cancellation) is { Length: > 0 } line)
        {
            length = line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase) ? int.Parse(line.AsSpan(15)) : length;
            isChunked |= line.StartsWith("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase);
            isClosing |= line.StartsWith("Connection: close", StringComparison.OrdinalIgnoreCase);
        }

        var body = new StringBuilder();
        if (!isChunked)
        {
            await ReadAsync(stream, length, body, cancellation);
        }
        else
        {
            while (await LineAsync(stream, cancellation) is { } size)
            {
                length = Convert.ToInt32(size, 16);
                await ReadAsync(stream, length, body, cancellation);
                _ = await LineAsync(stream, cancellation);
                if (length == 0)
                {
                    break;
                }
            }
        }

        var code = int.Parse(status.AsSpan(9, 3));
        return code == 100 ? await ReadAsync(stream, cancellation) : (code, body.ToString(), isClosing);
    }

    private async Task<string?> LineAsync(NetworkStream stream, CancellationToken cancellation)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_start == _end && !await FillAsync(stream, cancellation))
            {
                return null;
            }

            var c = (char)_buffer[_start++];
            if (c == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            _ = line.Append(c);
        }
    }

    private async Task ReadAsync(NetworkStream stream, int length, StringBuilder body, CancellationToken cancellation)
    {
        var bytes = new byte[length];
        for (var read = 0; read < length;)
        {
            if (_start == _end && !await FillAsync(stream, cancellation))
            {
                return;
            }

            var count = Math.Min(length - read, _end - _start);
            Array.Copy(_buffer, _start, bytes, read, count);
            (_start, read) = (_start + count, read + count);
        }

        _ = body.Append(Encoding.UTF8.GetString(bytes));
    }

    private async Task<bool> FillAsync(NetworkStream stream, CancellationToken cancellation)
    {
        (_start, _end) = (0, await stream.ReadAsync(_buffer, cancellation));
        return _end > 0;
    }
}
