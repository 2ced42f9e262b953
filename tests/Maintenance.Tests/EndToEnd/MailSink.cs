using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Maintenance.Tests.EndToEnd;

/// <summary>The far end of an SMTP relay (RFC 5321, the least of it): keeps what arrives.</summary>
internal sealed class MailSink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<Mail> _mails = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    public MailSink()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public IReadOnlyList<Mail> Mails => [.. _mails];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = ServeAsync(client);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var recipients = new List<string>();
        try
        {
            await SayAsync(stream, "220 sink ready");
            while (await reader.ReadLineAsync(_stop.Token) is { } line)
            {
                switch (line.Split(' ', ':')[0].ToUpperInvariant())
                {
                    case "QUIT":
                        await SayAsync(stream, "221 bye");
                        return;
                    case "RCPT":
                        recipients.Add(line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)]);
                        await SayAsync(stream, "250 ok");
                        break;
                    case "DATA":
                        await SayAsync(stream, "354 go on");
                        var text = new StringBuilder();
                        while (await reader.ReadLineAsync(_stop.Token) is { } part && part != ".")
                        {
                            text.AppendLine(part);
                        }

                        _mails.Enqueue(new Mail([.. recipients], text.ToString()));
                        recipients.Clear();
                        await SayAsync(stream, "250 taken");
                        break;
                    default:
                        await SayAsync(stream, "250 ok");
                        break;
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            // The sender is gone, or the test is over.
        }
    }

    private static Task SayAsync(NetworkStream stream, string line) => stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n")).AsTask();
}

/// <summary>A mail as it arrived.</summary>
internal sealed record Mail(IReadOnlyList<string> Recipients, string Text);
