using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Maintenance.Actions;
using Maintenance.Monitoring.Probes;
using Maintenance.Time;
using Maintenance.Web.Actions;
using Maintenance.Web.Notifications;

namespace Maintenance.Web.Monitoring;

/// <summary>Takes looks over the network and at the host's disks. Both hosts use it.</summary>
/// <param name="http">Makes the client named <see cref="Outside.ClientName"/>, which follows no redirect.</param>
/// <param name="outside">Runs queries.</param>
/// <param name="self">Where this system serves.</param>
/// <param name="disks">Looks at disks.</param>
/// <param name="time">Says when.</param>
public sealed class Probing(IHttpClientFactory http, IOutside outside, PublicAddress self, DiskLooks disks, TimeProvider time) : IProbing
{
    /// <summary>So much of an answer is looked at.</summary>
    private const int MostText = 1024 * 1024;

    private const int MostSaid = 300;

    /// <inheritdoc/>
    public async Task<ProbeSample> LookAsync(Probe probe, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(probe);
        var at = time.GetUtcNow();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(probe.Timeout);
        try
        {
            var seen = probe.Target switch
            {
                ProbeTarget.Http target => await HttpAsync(target, patience.Token),
                ProbeTarget.Tcp target => await TcpAsync(target, patience.Token),
                ProbeTarget.Tls target => await TlsAsync(target, at, patience.Token),
                ProbeTarget.Dns target => await DnsAsync(target, patience.Token),
                ProbeTarget.Disk target => await DiskAsync(target, patience.Token),
                ProbeTarget.Query target => await QueryAsync(target, probe.Timeout, patience.Token),
                _ => throw new ArgumentException($"Nobody looks for a {probe.Target.Kind}: it comes by itself.", nameof(probe)),
            };
            return new ProbeSample(at, seen.IsGood, seen.Latency, seen.Said.Length > MostSaid ? seen.Said[..MostSaid] + "…" : seen.Said);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ProbeSample(at, false, null, $"no answer within {Durations.Format(probe.Timeout)}");
        }
        catch (Exception error) when (error is HttpRequestException or SocketException or IOException or UnauthorizedAccessException or System.Security.Authentication.AuthenticationException or InvalidOperationException or ArgumentException or NotSupportedException)
        {
            var said = error is HttpRequestException { InnerException: { } inner } ? inner.Message : error.Message;
            return new ProbeSample(at, false, null, said.Length > MostSaid ? said[..MostSaid] + "…" : said);
        }
    }

    private async Task<Seen> HttpAsync(ProbeTarget.Http target, CancellationToken patience)
    {
        using var client = http.CreateClient(Outside.ClientName);
        client.Timeout = Timeout.InfiniteTimeSpan;
        using var request = new HttpRequestMessage(target.IsHead ? HttpMethod.Head : HttpMethod.Get, target.Address.IsAbsoluteUri ? target.Address : await self.OfAsync(target.Address.OriginalString, patience));
        var began = Stopwatch.GetTimestamp();
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience);
        var text = target.Contains is null ? null : await ReadAsync(answer, patience);
        var took = Stopwatch.GetElapsedTime(began);
        var status = (int)answer.StatusCode;
        return status != target.Status ? new(false, took, $"it answered {status} instead of {target.Status}")
            : text is not null && !text.Contains(target.Contains!, StringComparison.Ordinal) ? new(false, took, $"the answer does not contain '{target.Contains}'")
            : target.Latency is { } most && took > most ? new(false, took, $"it took {took.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)} ms, longer than {Durations.Format(most)}")
            : new(true, took, $"it answered {status}");
    }

    private async Task<Seen> TcpAsync(ProbeTarget.Tcp target, CancellationToken patience)
    {
        var own = target.Host == ProbeTarget.Tcp.Self ? await self.OfAsync("/", patience) : null;
        using var client = new TcpClient();
        var began = Stopwatch.GetTimestamp();
        await client.ConnectAsync(own?.IdnHost ?? target.Host, own?.Port ?? target.Port, patience);
        return new(true, Stopwatch.GetElapsedTime(began), "it takes connections");
    }

    private static async Task<Seen> TlsAsync(ProbeTarget.Tls target, DateTimeOffset at, CancellationToken patience)
    {
        using var client = new TcpClient();
        var began = Stopwatch.GetTimestamp();
        await client.ConnectAsync(target.Host, target.Port, patience);

        // Nothing is sent over it: what is looked at is when the certificate ends, also where this machine does not trust it.
#pragma warning disable CA5359 // Accepted on purpose: see above.
        await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, static (_, _, _, _) => true);
#pragma warning restore CA5359
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = target.Host }, patience);
        var took = Stopwatch.GetElapsedTime(began);
        using var certificate = new X509Certificate2(tls.RemoteCertificate!);
        var (from, to) = (new DateTimeOffset(certificate.NotBefore.ToUniversalTime()), new DateTimeOffset(certificate.NotAfter.ToUniversalTime()));
        var until = to.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        return at < from ? new(false, took, "the certificate is not valid yet")
            : at >= to ? new(false, took, $"the certificate ended {until}")
            : to - at < target.Before ? new(false, took, $"the certificate ends in {Durations.Rough(to - at)}, {until}")
            : new(true, took, $"the certificate is valid until {until}");
    }

    private static async Task<Seen> DnsAsync(ProbeTarget.Dns target, CancellationToken patience)
    {
        var began = Stopwatch.GetTimestamp();
        var found = await Dns.GetHostAddressesAsync(target.Name, patience);
        var took = Stopwatch.GetElapsedTime(began);
        var missing = target.Expects.Where(text => !found.Contains(IPAddress.Parse(text))).ToList();
        var said = found.Length == 0 ? "no address" : string.Join(", ", found.Take(4).Select(static address => address.ToString()));
        return new(found.Length > 0 && missing.Count == 0, took, missing.Count == 0 ? said : $"{string.Join(", ", missing)} is missing among {said}");
    }

    private async Task<Seen> DiskAsync(ProbeTarget.Disk target, CancellationToken patience)
    {
        if (await disks.LookAsync(target.Path, patience) is not { } space)
        {
            return new(false, null, $"there is no folder {target.Path}");
        }

        var percent = space.All > 0 ? 100.0 * space.Free / space.All : 0;
        var isGood = (target.FreePercent is not { } share || percent >= share) && (target.FreeBytes is not { } bytes || space.Free >= bytes);
        return new(isGood, null, string.Create(CultureInfo.InvariantCulture, $"{percent:0.#} % free: {space.Free / 1e9:0.#} of {space.All / 1e9:0.#} GB"));
    }

    private async Task<Seen> QueryAsync(ProbeTarget.Query target, TimeSpan timeout, CancellationToken patience)
    {
        var began = Stopwatch.GetTimestamp();
        var seen = await outside.QueryAsync(new Check(CheckKind.Query, target.Sql) { Database = target.Setting, Timeout = timeout }, patience);
        var took = Stopwatch.GetElapsedTime(began);
        return !seen.IsThere ? new(false, null, seen.Problem ?? "it gave nothing") : ProbeNumbers.Judge(target, seen.Value) switch
        {
            { } wrong => new(false, took, wrong),
            _ => new(true, took, $"it gave {seen.Value}"),
        };
    }

    private static async Task<string> ReadAsync(HttpResponseMessage answer, CancellationToken patience)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(patience);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = new char[MostText];
        return new string(text, 0, await reader.ReadBlockAsync(text.AsMemory(), patience));
    }

    private sealed record Seen(bool IsGood, TimeSpan? Latency, string Said);
}
