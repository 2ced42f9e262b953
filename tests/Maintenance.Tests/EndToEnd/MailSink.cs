using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Maintenance.Tests.EndToEnd;

/// <summary>The far end of an SMTP relay (RFC 5321, the least of it): keeps what arrives.</summary>
internal sealed class MailSink : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly ConcurrentQueue<Mail> _mails = new();
    private readonly ConcurrentQueue<Mail> _held = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    /// <param name="port">Where it listens; 0 for where the system chooses.</param>
    public MailSink(int port = 0)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public IReadOnlyList<Mail> Mails => [.. _mails];

    /// <summary>While set, it takes whole mails and never says so.</summary>
    public bool IsHolding { get; set; }

    /// <summary>What it took without saying so.</summary>
    public IReadOnlyList<Mail> Held => [.. _held];

    /// <summary>What it answers to recipients instead of taking them; null to take them.</summary>
    public string? Refusal { get; set; }

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
                        await SayAsync(stream, Refusal ?? "250 ok");
                        break;
                    case "DATA":
                        await SayAsync(stream, "354 go on");
                        var text = new StringBuilder();
                        while (await reader.ReadLineAsync(_stop.Token) is { } part && part != ".")
                        {
                            text.AppendLine(part);
                        }

                        if (IsHolding)
                        {
                            _held.Enqueue(new Mail([.. recipients], text.ToString()));
                            break;
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
internal sealed record Mail(IReadOnlyList<string> Recipients, string Text)
{
    /// <summary>A header with its continued lines; empty where it is not there.</summary>
    public string Header(string name)
    {
        var head = Text.ReplaceLineEndings("\n").Split("\n\n", 2)[0].Replace("\n ", " ", StringComparison.Ordinal).Replace("\n\t", " ", StringComparison.Ordinal);
        return head.Split('\n').Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 1)..].Trim()).SingleOrDefault("");
    }

    /// <summary>The body, where it is quoted-printable in UTF-8 (RFC 2045, section 6.7).</summary>
    public string Body
    {
        get
        {
            var body = Text.ReplaceLineEndings("\n").Split("\n\n", 2)[1].Replace("=\n", "", StringComparison.Ordinal);
            var bytes = new List<byte>();
            for (var i = 0; i < body.Length; i++)
            {
                if (body[i] == '=')
                {
                    bytes.Add(Convert.ToByte(body.Substring(i + 1, 2), 16));
                    i += 2;
                }
                else
                {
                    bytes.Add((byte)body[i]);
                }
            }

            return Encoding.UTF8.GetString([.. bytes]).ReplaceLineEndings("\n");
        }
    }

    /// <summary>The subject, where it is encoded words of base64 in UTF-8 (RFC 2047), or as it is.</summary>
    public string Subject => string.Concat(
        Header("Subject").Split(' ').Select(static (word, i) => word.StartsWith("=?utf-8?B?", StringComparison.OrdinalIgnoreCase) ? Encoding.UTF8.GetString(Convert.FromBase64String(word[10..^2])) : (i == 0 ? "" : " ") + word));
}
