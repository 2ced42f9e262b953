using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Maintenance.Benchmarks;

/// <summary>Posts of feedback a second, each answered 202 only once it is durable; the sender runs on the same machine. Then every one must be a ticket.</summary>
internal static class FeedbackBenchmark
{
    private const int Senders = 64;

    public static async Task<int> RunAsync(TimeSpan length)
    {
        using var workplace = new Workplace();
        var (address, _) = await workplace.ServeAsync("data", timers: false);
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Senders }) { BaseAddress = address };
        _ = await SendAsync(client, TimeSpan.FromSeconds(1));
        var start = Stopwatch.GetTimestamp();
        var latencies = await SendAsync(client, length);
        var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        latencies.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"feedback: {latencies.Count / took:0} durable posts a second ({Senders} senders on the same machine), median {latencies[latencies.Count / 2]:0.0} ms, 99 % within {latencies[latencies.Count * 99 / 100]:0.0} ms"));

        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(Path.Join(workplace.Folder, "data", "operator.token"))).Trim());
        var drained = Stopwatch.GetTimestamp();
        var tickets = 0;
        var after = 0;
        while (tickets < Acknowledged)
        {
            var page = await client.GetFromJsonAsync<List<JsonElement>>($"api/tickets?state=all&take=1000&after={after}") ?? [];
            if (page.Count == 0)
            {
                if (Stopwatch.GetElapsedTime(drained) > TimeSpan.FromMinutes(5))
                {
                    break;
                }

                await Task.Delay(200);
                continue;
            }

            tickets += page.Count;
            after = int.Parse(page[^1].GetProperty("id").GetString().AsSpan(2), CultureInfo.InvariantCulture);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"all {Acknowledged} acknowledged: {tickets} tickets, the last {Stopwatch.GetElapsedTime(drained).TotalSeconds:0.0} s after the last post"));
        return tickets == Acknowledged ? 0 : 1;
    }

    private static int Acknowledged { get; set; }

    private static async Task<List<double>> SendAsync(HttpClient client, TimeSpan length)
    {
        var latencies = new List<double>[Senders];
        var end = Stopwatch.GetTimestamp() + (long)(length.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(async sender =>
        {
            latencies[sender] = [];
            while (Stopwatch.GetTimestamp() < end)
            {
                // Each says something of its own, from an address of its own: the same words would be one ticket, and one sender is held to the plan's limit.
                var number = latencies[sender].Count;
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("api/feedback", UriKind.Relative));
                request.Headers.Add("X-Forwarded-For", $"10.{sender}.{number >> 8 & 255}.{number & 255}");
                request.Content = new StringContent($$"""{"kind":"question","message":"When does office {{sender}}-{{number}} open on Saturdays?"}""", Encoding.UTF8, "application/json");
                var start = Stopwatch.GetTimestamp();
                using var answer = await client.SendAsync(request);
                _ = answer.EnsureSuccessStatusCode();
                latencies[sender].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }));
        var all = latencies.SelectMany(static l => l).ToList();
        Acknowledged += all.Count;
        return all;
    }
}
