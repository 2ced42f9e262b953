using Maintenance.Duties;
using Maintenance.Plan;
using Maintenance.Web.Http;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>Why a duty need not be done, as it is sent.</summary>
/// <param name="Reason">Why; at most 2,000 characters.</param>
public sealed record DutySkip(string Reason);

/// <summary>An occurrence, and what whoever asks may do.</summary>
/// <param name="Occurrence">The occurrence.</param>
/// <param name="Standing">How it stands now.</param>
/// <param name="IsInPlan">False where its duty was taken out of the plan.</param>
/// <param name="MayDo">True where they may say that it is done.</param>
/// <param name="MaySkip">True where they may skip it.</param>
public sealed record DutyView(DutyOccurrence Occurrence, DutyStanding Standing, bool IsInPlan, bool MayDo, bool MaySkip);

/// <summary>Duties: for programs here, for browsers in the other part.</summary>
public sealed partial class DutyEndpoints(DutyService duties, DutyFiles files, ActivePlan plan, TimeProvider time)
{
    private const int UsualOccurrences = 25;
    private const int MostOccurrences = 200;

    /// <summary>What is overdue, due, coming and done lately (<c>?owner=dba&amp;kind=accessReview</c>).</summary>
    public async Task<IResult> ListAsync(HttpContext http) => Requests.Ok(await OverviewAsync(http));

    /// <summary>A duty with its occurrences, the latest first (<c>?before=KEY&amp;take=25</c>).</summary>
    public async Task<IResult> GetAsync(HttpContext http) => Requests.Ok(await HistoryAsync(http, Math.Max(1, http.QueryNumber("take", UsualOccurrences, MostOccurrences))));

    /// <summary>An occurrence, with its version.</summary>
    public async Task<IResult> GetOccurrenceAsync(HttpContext http, Caller caller)
    {
        var found = await FindAsync(http);
        return Requests.Ok(http, View(found.Value, caller), found.ETag);
    }

    /// <summary>Says that it is done. Honours If-Match and Idempotency-Key.</summary>
    public async Task<IResult> CompleteAsync(HttpContext http, Caller caller)
    {
        var completion = await RequestBody.ReadJsonAsync<DutyCompletion>(http);
        return await DidAsync(http, caller, () => duties.DoAsync(http.PathValue("duty"), http.PathValue("occurrence"), completion, Actor(caller), http.ExpectedVersion(), http.IdempotencyKey(), http.RequestAborted));
    }

    /// <summary>Says that it need not be done. Honours If-Match and Idempotency-Key.</summary>
    public async Task<IResult> SkipAsync(HttpContext http, Caller caller)
    {
        var skip = await RequestBody.ReadJsonAsync<DutySkip>(http);
        return await DidAsync(http, caller, () => duties.SkipAsync(http.PathValue("duty"), http.PathValue("occurrence"), skip.Reason, Actor(caller), http.ExpectedVersion(), http.IdempotencyKey(), http.RequestAborted));
    }

    /// <summary>How duties were kept (<c>?from=2026-06&amp;to=2026-11</c>).</summary>
    public async Task<IResult> ReportAsync(HttpContext http) => Requests.Ok(await ReadReportAsync(http));

    /// <summary>The same as CSV.</summary>
    public async Task<IResult> ReportCsvAsync(HttpContext http) => new CsvResult("duties.csv", (await ReadReportAsync(http)).Csv().ToAsyncEnumerable());

    private static DutyActor Actor(Caller caller) => new(caller.Id, caller.Person, caller.Is(Roles.Administrator));

    private async Task<IResult> DidAsync(HttpContext http, Caller caller, Func<Task<Storage.Versioned<DutyOccurrence>?>> act)
    {
        var done = await AskAsync(act) ?? throw Missing(http);
        return Requests.Ok(http, View(done.Value, caller), done.ETag);
    }

    private DutyView View(DutyOccurrence occurrence, Caller caller)
    {
        var (actor, isOpen) = (Actor(caller), occurrence.State == DutyState.Open);
        return new DutyView(
            occurrence, occurrence.At(time.GetUtcNow()), plan.Current.Duties.Any(duty => duty.Id == occurrence.Terms.Id), isOpen && DutyMoves.WhyNotDo(plan.Current, occurrence, actor) is null, isOpen && DutyMoves.WhyNotSkip(plan.Current, occurrence, actor) is null);
    }

    private Task<DutyOverview> OverviewAsync(HttpContext http)
    {
        var (owner, text) = (http.Request.Query["owner"].ToString(), http.Request.Query["kind"].ToString());
        DutyKind? kind = text.Length == 0 ? null
            : Enum.TryParse<DutyKind>(text, ignoreCase: true, out var read) && Enum.IsDefined(read) && !char.IsAsciiDigit(text[0]) ? read
            : throw HttpProblemException.BadRequest($"The query's kind may be one of {string.Join(", ", Enum.GetNames<DutyKind>().Select(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName))}.");
        return duties.OverviewAsync(fact => (owner.Length == 0 || fact.Owner == owner || fact.Deputy == owner) && (kind is null || fact.Kind == kind), http.RequestAborted);
    }

    private async Task<DutyHistory> HistoryAsync(HttpContext http, int take)
    {
        var (id, before) = (http.PathValue("duty"), http.Request.Query["before"].ToString());
        return before.Length > 0 && !DutyService.IsKey(before)
            ? throw HttpProblemException.BadRequest("The query's before is no occurrence, such as 2026-11-30.")
            : await duties.HistoryAsync(id, before.Length > 0 ? before : null, take, http.RequestAborted) ?? throw HttpProblemException.NotFound($"There is no duty '{WindowQuery.Short(id)}'.");
    }

    private async Task<Storage.Versioned<DutyOccurrence>> FindAsync(HttpContext http) =>
        await duties.FindAsync(http.PathValue("duty"), http.PathValue("occurrence"), http.RequestAborted) ?? throw Missing(http);

    private async Task<DutyReport> ReadReportAsync(HttpContext http)
    {
        var (from, to) = Period(http);
        try
        {
            return await duties.ReportAsync(from, to, http.RequestAborted);
        }
        catch (FormatException error)
        {
            throw HttpProblemException.Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { ["from"] = [error.Message] });
        }
    }

    private (string From, string To) Period(HttpContext http)
    {
        var (from, to) = (http.Request.Query["from"].ToString(), http.Request.Query["to"].ToString());
        var last = to.Length > 0 ? to : Reports.TicketFact.MonthOf(plan.Current, time.GetUtcNow());
        return (from.Length > 0 ? from : Calendars.MonthGrid.Parse(last) is null ? last : Reports.ReportMonths.Later(last, -5), last);
    }

    private static HttpProblemException Missing(HttpContext http) =>
        HttpProblemException.NotFound($"There is no occurrence '{WindowQuery.Short(http.PathValue("occurrence"))}' of a duty '{WindowQuery.Short(http.PathValue("duty"))}'.");

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (DutyActException error)
        {
            throw HttpProblemException.Invalid(error.Errors);
        }
        catch (DutyRefusedException error)
        {
            throw HttpProblemException.Forbidden(error.Message);
        }
        catch (DutyClosedException error)
        {
            throw new HttpProblemException(StatusCodes.Status409Conflict, "It is not owed any more", error.Message);
        }
    }
}
