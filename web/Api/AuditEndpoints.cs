using System.Globalization;
using Maintenance.Evidence;
using Maintenance.Plan;
using Maintenance.Tickets;
using Maintenance.Web.Http;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;
using NodaTime;
using NodaTime.Text;

namespace Maintenance.Web.Api;

/// <summary>Who did what over HTTP.</summary>
public sealed class AuditEndpoints(AuditLog audit, ActivePlan plan)
{
    private static readonly string[] Filters = ["by", "act", "outcome", "from", "to"];

    private const int MostOnPage = 100;

    /// <summary>The entries, newest first: <c>?by=ann&amp;act=vote&amp;outcome=refused&amp;from=2026-11-01&amp;to=2026-11-30&amp;take=100&amp;after=…</c>.</summary>
    public async Task<IResult> ListAsync(HttpContext http) =>
        Requests.Ok(await audit.ListAsync(Query(http), http.RequestAborted).Take(http.QueryNumber("take", 100, 1000)).ToListAsync(http.RequestAborted));

    /// <summary>The same as CSV, all of them.</summary>
    public Task<IResult> ExportAsync(HttpContext http)
    {
        // What is asked for is read before the answer begins.
        var query = Query(http);
        return Task.FromResult<IResult>(new CsvResult("audit.csv", Lines(audit.ListAsync(query, http.RequestAborted))));
    }

    /// <summary>The same as a page.</summary>
    public async Task<IResult> PageAsync(HttpContext http, Caller caller)
    {
        var (entries, problem) = ((List<AuditEntry>)[], (string?)null);
        try
        {
            entries = await audit.ListAsync(Query(http), http.RequestAborted).Take(MostOnPage + 1).ToListAsync(http.RequestAborted);
        }
        catch (HttpProblemException wrong)
        {
            problem = wrong.Message;
        }

        return new PageResult<AuditPage>(
            new(StringComparer.Ordinal)
            {
                ["Caller"] = caller,
                ["Plan"] = plan.Current,
                ["Entries"] = entries.Take(MostOnPage).ToList(),
                ["HasMore"] = entries.Count > MostOnPage,
                ["Asked"] = Filters.ToDictionary(static name => name, name => http.Request.Query[name].ToString(), StringComparer.Ordinal),
                ["Problem"] = problem,
            },
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
    }

    private AuditQuery Query(HttpContext http)
    {
        var outcome = (AuditOutcome?)null;
        if (Said(http, "outcome") is { } text)
        {
            outcome = Enum.GetNames<AuditOutcome>().FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } known
                ? Enum.Parse<AuditOutcome>(known)
                : throw HttpProblemException.BadRequest($"The outcome is one of {string.Join(", ", Enum.GetNames<AuditOutcome>().Select(static name => name.ToLowerInvariant()))}, not '{text}'.");
        }

        return new AuditQuery(Said(http, "by"), Said(http, "act"), outcome, Day(http, "from", 0), Day(http, "to", 1), Said(http, "after"));
    }

    /// <summary>A day of the plan's zone: its first instant, or the first one after it.</summary>
    private DateTimeOffset? Day(HttpContext http, string name, int later) =>
        Said(http, name) is not { } text ? null
            : LocalDatePattern.Iso.Parse(text) is { Success: true, Value: { Year: > 1 and < 9999 } day } ? plan.Current.System.TimeZone.AtStartOfDay(day + Period.FromDays(later)).ToDateTimeOffset().ToUniversalTime()
            : throw HttpProblemException.BadRequest($"The query's {name} is a day such as 2026-11-22, not '{text}'.");

    private static string? Said(HttpContext http, string name) =>
        http.Request.Query[name].ToString().Trim() is not { Length: > 0 } said ? null
            : said.Length <= 100 ? said
            : throw HttpProblemException.BadRequest($"The query's {name} has more than 100 characters.");

    private static async IAsyncEnumerable<string> Lines(IAsyncEnumerable<AuditEntry> entries)
    {
        yield return TicketCsv.Line(["at", "by", "name", "act", "path", "from", "outcome", "status"]);
        await foreach (var entry in entries)
        {
            yield return TicketCsv.Line(
            [
                entry.At.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), entry.By, entry.Name, entry.Act, entry.Path, entry.From,
                entry.Outcome.ToString().ToLowerInvariant(), entry.Status?.ToString(CultureInfo.InvariantCulture),
            ]);
        }
    }
}
