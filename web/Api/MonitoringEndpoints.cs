using System.Security.Cryptography;
using System.Text;
using Maintenance.Monitoring;
using Maintenance.Monitoring.Probes;
using Maintenance.Monitoring.Security;
using Maintenance.Plan;
using Maintenance.Web.Http;
using Maintenance.Web.Notifications;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>What is watched, what was measured, and the calls that jobs make.</summary>
public sealed class MonitoringEndpoints(MonitoringService monitoring, ProbeRunner runner, ProbeBook book, SecurityWatch security, ActivePlan plan, HostSettings settings, TimeProvider time)
{
    /// <summary>The header in which a job sends its key.</summary>
    public const string KeyHeader = "X-Heartbeat-Key";

    private const int MostIncidents = 500;
    private const int MostSignals = 200;

    /// <summary>How everything stands, for people.</summary>
    public async Task<IResult> PageAsync(HttpContext http, Caller caller) =>
        new PageResult<MonitoringPage>(new(StringComparer.Ordinal)
        {
            ["Caller"] = caller,
            ["Plan"] = plan.Current,
            ["Report"] = await monitoring.ReadAsync(http.RequestAborted),
            ["Incidents"] = await monitoring.IncidentsAsync(time.GetUtcNow().AddDays(-30), 20, http.RequestAborted),
        });

    /// <summary>A probe with its history, for people.</summary>
    public async Task<IResult> ProbePageAsync(HttpContext http, Caller caller) =>
        new PageResult<ProbePage>(new(StringComparer.Ordinal) { ["Caller"] = caller, ["Plan"] = plan.Current, ["Report"] = await ReportAsync(http), ["Now"] = time.GetUtcNow() });

    /// <summary>Signals of security, for people.</summary>
    public async Task<IResult> SecurityPageAsync(HttpContext http, Caller caller) =>
        new PageResult<SecurityPage>(new(StringComparer.Ordinal) { ["Caller"] = caller, ["Plan"] = plan.Current, ["Signals"] = await security.ListAsync(MostSignals, http.RequestAborted) });

    /// <summary>How everything stands.</summary>
    public async Task<IResult> GetAsync(HttpContext http) => Requests.Ok(await monitoring.ReadAsync(http.RequestAborted));

    /// <summary>A probe with its history.</summary>
    public async Task<IResult> ProbeAsync(HttpContext http) => Requests.Ok(await ReportAsync(http));

    /// <summary>The outages of the last so many days (<c>?days=</c>, 30 where left out, 366 at most), the newest first (<c>?take=</c>, 100 where left out).</summary>
    public async Task<IResult> IncidentsAsync(HttpContext http) =>
        Requests.Ok(await monitoring.IncidentsAsync(time.GetUtcNow().AddDays(-http.QueryNumber("days", 30, 366)), http.QueryNumber("take", 100, MostIncidents), http.RequestAborted));

    /// <summary>Signals of security, the newest first (<c>?take=</c>, 50 where left out).</summary>
    public async Task<IResult> SignalsAsync(HttpContext http) => Requests.Ok(await security.ListAsync(http.QueryNumber("take", 50, MostSignals), http.RequestAborted));

    /// <summary>Takes a look now and says what was seen. It counts for nothing: samples come in the probe's own rhythm.</summary>
    public async Task<IResult> RunAsync(HttpContext http)
    {
        var sample = await runner.LookAsync(Find(http), http.RequestAborted);
        return Requests.Ok(sample);
    }

    /// <summary>Notes the call of a job: by the probe's key, or by whoever signs in. Who has neither learns nothing of which probes there are.</summary>
    public async Task<IResult> BeatAsync(HttpContext http, Caller? caller)
    {
        var probe = plan.Current.Monitoring.Find(http.PathValue("probe"));
        if (caller is null && !HasKey(http, probe?.Target as ProbeTarget.Heartbeat))
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            throw new HttpProblemException(StatusCodes.Status401Unauthorized, "Who are you?", $"Send the key of the probe as {KeyHeader}, or a token: Authorization: Bearer mf_…");
        }

        return probe?.Target is ProbeTarget.Heartbeat
            ? Requests.Ok(await book.NoteBeatAsync(probe, caller?.Id ?? "key", http.RequestAborted))
            : throw HttpProblemException.NotFound($"There is no probe '{Shown(http.PathValue("probe"))}' that waits for calls.");
    }

    private bool HasKey(HttpContext http, ProbeTarget.Heartbeat? heartbeat)
    {
        var sent = http.Request.Headers[KeyHeader].ToString();
        var known = heartbeat?.KeySetting is { } setting ? settings.Find(setting) : null;

        // Compared by their hashes, in the same time wherever they differ; and also where there is nothing to compare with.
        var isEqual = CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(sent)), SHA256.HashData(Encoding.UTF8.GetBytes(known ?? "")));
        return isEqual && known is { Length: > 0 };
    }

    private async Task<ProbeReport> ReportAsync(HttpContext http) => (await monitoring.ProbeAsync(Find(http).Id, http.RequestAborted))!;

    private Probe Find(HttpContext http) =>
        plan.Current.Monitoring.Find(http.PathValue("probe")) ?? throw HttpProblemException.NotFound($"There is no probe '{Shown(http.PathValue("probe"))}'.");

    private static string Shown(string id) => id.Length > 40 ? id[..40] + "…" : id;
}
