using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Maintenance.Actions;
using Maintenance.Time;
using Maintenance.Web.Notifications;
using Maintenance.Web.Sources;
using Npgsql;

namespace Maintenance.Web.Actions;

/// <summary>Webhooks, probes and queries of the plan. Both hosts use it.</summary>
/// <param name="http">Makes the client named <see cref="ClientName"/>.</param>
/// <param name="settings">Reads a host's setting, for secrets that no plan holds.</param>
public sealed class Outside(IHttpClientFactory http, HostSettings settings) : IOutside
{
    /// <summary>The name of the HTTP client: it follows no redirect, since where one leads is not what the plan named.</summary>
    public const string ClientName = "actions";

    /// <summary>So much of an answer is looked at.</summary>
    private const int MostText = 1024 * 1024;

    private const int MostSaid = 2000;

    /// <inheritdoc/>
    public async Task<ActionReport> PostAsync(PlanAction action, ActionOrder order, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(action);
        ArgumentNullException.ThrowIfNull(order);
        var body = new JsonObject { ["key"] = order.Key, ["attempt"] = order.Attempt };
        foreach (var (name, value) in order.Facts)
        {
            body[name] = value;
        }

        return await WithinAsync(
            action.Timeout,
            async patience =>
            {
                var address = action.Webhook ?? new Uri(settings.Required(action.WebhookSetting!));
                using var client = Client();
                using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
                request.Headers.TryAddWithoutValidation("Idempotency-Key", order.Key);
                using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience);
                var said = (await ReadAsync(answer, patience)).Trim();
                var text = $"it answered {(int)answer.StatusCode}{(said.Length == 0 ? "" : ": " + (said.Length > MostSaid ? said[..MostSaid] + "…" : said))}";
                return new ActionReport(answer.IsSuccessStatusCode, text);
            },
            static problem => new ActionReport(false, problem),
            cancellation);
    }

    /// <inheritdoc/>
    public Task<Observation> ProbeAsync(Check check, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(check);
        return WithinAsync(
            check.Timeout,
            async patience =>
            {
                using var client = Client();
                using var answer = await client.GetAsync(new Uri(check.Subject), HttpCompletionOption.ResponseHeadersRead, patience);
                var hasText = check.Contains is null || (await ReadAsync(answer, patience)).Contains(check.Contains, StringComparison.Ordinal);
                return new Observation(true) { Status = (int)answer.StatusCode, HasText = hasText };
            },
            static problem => new Observation(false, problem),
            cancellation);
    }

    /// <inheritdoc/>
    public Task<Observation> QueryAsync(Check check, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(check);
        return WithinAsync(
            check.Timeout,
            async patience =>
            {
                await using var connection = new NpgsqlConnection(PostgresPlaces.ConnectionString(settings, check.Database!));
                await connection.OpenAsync(patience);

                // A check looks; a plan in which somebody slipped a word must not change what it was to prove.
                await using var transaction = await connection.BeginTransactionAsync(patience);
                await using (var readOnly = new NpgsqlCommand("set transaction read only", connection, transaction))
                {
                    _ = await readOnly.ExecuteNonQueryAsync(patience);
                }

                // A batch takes one statement: "commit; delete …" would leave the transaction first. The plan's patience counts, not the connection's.
#pragma warning disable CA2100 // The text is the plan's own: whoever writes the plan says what is checked.
                await using var query = new NpgsqlBatch(connection, transaction) { BatchCommands = { new NpgsqlBatchCommand(check.Subject) }, Timeout = 0 };
#pragma warning restore CA2100
                await using var rows = await query.ExecuteReaderAsync(patience);
                return await rows.ReadAsync(patience) && rows.FieldCount > 0
                    ? new Observation(true) { Value = await rows.IsDBNullAsync(0, patience) ? null : Convert.ToString(rows.GetValue(0), CultureInfo.InvariantCulture) }
                    : new Observation(false, "it gave no row.");
            },
            static problem => new Observation(false, problem),
            cancellation);
    }

    /// <summary>A client without a patience of its own: the plan says how long anything may take.</summary>
    private HttpClient Client()
    {
        var client = http.CreateClient(ClientName);
        client.Timeout = Timeout.InfiniteTimeSpan;
        return client;
    }

    /// <summary>Does something in time; what keeps it from being done is told in words.</summary>
    private static async Task<T> WithinAsync<T>(TimeSpan most, Func<CancellationToken, Task<T>> work, Func<string, T> failed, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(most);
        try
        {
            return await work(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return failed($"no answer within {Durations.Format(most)}");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or InvalidOperationException or UriFormatException or NpgsqlException or ArgumentException or NotSupportedException or InvalidCastException)
        {
            return failed(error.InnerException is { } inner && error is HttpRequestException ? inner.Message : error.Message);
        }
    }

    private static async Task<string> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellation);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = new char[MostText];
        return new string(text, 0, await reader.ReadBlockAsync(text.AsMemory(), cancellation));
    }
}
