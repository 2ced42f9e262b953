using System.Globalization;
using System.Security.Cryptography;
using Maintenance.Plan;
using Maintenance.Resources;
using Maintenance.Web.Http;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <content>The pages of the same, and their forms.</content>
public sealed partial class ResourceEndpoints
{
    private static readonly IReadOnlyDictionary<string, string> Untouched = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Who has which hours, who is away, what hangs on one person.</summary>
    public Task<IResult> PageAsync(HttpContext http, Caller caller) => PageAsync(http, caller, Untouched, null);

    /// <summary>Records an absence by the page's form.</summary>
    public async Task<IResult> RecordAbsenceFormAsync(HttpContext http, Caller caller)
    {
        var form = await RequestBody.ReadFormAsync(http);
        try
        {
            var text = new AbsenceText(
                Date(form, "from"), form.GetValueOrDefault("to") is { Length: > 0 } ? Date(form, "to") : Date(form, "from"), Choice<AbsenceKind>(form, "kind") ?? throw new ResourceException("kind", "Choose why."),
                Choice<DayPart>(form, "part") ?? DayPart.Whole, form.GetValueOrDefault("deputy"), form.GetValueOrDefault("person"));
            _ = await RecordAsync(http, caller, text, Key(form));
            return TypedResults.Redirect("/resources#absences");
        }
        catch (ResourceException wrong)
        {
            return await PageAsync(http, caller, form, wrong.Message);
        }
        catch (HttpProblemException wrong) when (wrong.Errors is not null)
        {
            return await PageAsync(http, caller, form, wrong.Errors.Values.First()[0]);
        }
    }

    /// <summary>Withdraws an absence, or ends it, by the page's form.</summary>
    public async Task<IResult> WithdrawAbsenceFormAsync(HttpContext http, Caller caller)
    {
        var form = await RequestBody.ReadFormAsync(http);
        try
        {
            DateOnly? last = form.GetValueOrDefault("lastDay") is { Length: > 0 } ? Date(form, "lastDay") : null;
            _ = await WithdrawAsync(http, caller, new AbsenceWithdrawalText(form.GetValueOrDefault("reason") ?? "", last));
            return TypedResults.Redirect("/resources#absences");
        }
        catch (ResourceException wrong)
        {
            return await PageAsync(http, caller, Untouched, wrong.Message);
        }
    }

    /// <summary>What was booked in a month, or on a ticket or duty, and the form to book more.</summary>
    public Task<IResult> HoursPageAsync(HttpContext http, Caller caller)
    {
        var query = http.Request.Query;
        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["ticket"] = query["ticket"].ToString(), ["duty"] = query["duty"].ToString() };
        return HoursPageAsync(http, caller, fields, null);
    }

    /// <summary>Books hours by the page's form.</summary>
    public async Task<IResult> BookFormAsync(HttpContext http, Caller caller)
    {
        var form = await RequestBody.ReadFormAsync(http);
        try
        {
            if (!decimal.TryParse(form.GetValueOrDefault("hours"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                throw new ResourceException("hours", "Write the hours as digits, in quarters: 1.5, say.");
            }

            var text = new HoursText(
                number, Date(form, "on"), Choice<WorkKind>(form, "kind"), form.GetValueOrDefault("service"), form.GetValueOrDefault("ticket"), form.GetValueOrDefault("duty"), form.GetValueOrDefault("note"), form.GetValueOrDefault("person"));
            var booking = await BookAsync(http, caller, text, Key(form));
            return TypedResults.Redirect("/resources/hours?month=" + booking.Month);
        }
        catch (ResourceException wrong)
        {
            return await HoursPageAsync(http, caller, form, wrong.Message);
        }
        catch (HttpProblemException wrong) when (wrong.Errors is not null)
        {
            return await HoursPageAsync(http, caller, form, wrong.Errors.Values.First()[0]);
        }
    }

    /// <summary>Reverses a booking by the page's form.</summary>
    public async Task<IResult> ReverseFormAsync(HttpContext http, Caller caller)
    {
        var form = await RequestBody.ReadFormAsync(http);
        try
        {
            var booking = await ReverseAsync(http, caller, form.GetValueOrDefault("reason") ?? "");
            return TypedResults.Redirect("/resources/hours?month=" + booking.Month);
        }
        catch (ResourceException wrong)
        {
            return await HoursPageAsync(http, caller, Untouched, wrong.Message);
        }
    }

    /// <summary>The page of the report.</summary>
    public async Task<IResult> ReportPageAsync(HttpContext http, Caller caller)
    {
        StaffReport? report = null;
        string? problem = null;
        try
        {
            report = await ReportOfAsync(http, caller);
        }
        catch (HttpProblemException wrong) when (wrong.Errors is not null)
        {
            problem = wrong.Errors.Values.First()[0];
        }

        var query = http.Request.Query;
        return new PageResult<StaffReportPage>(
            new(StringComparer.Ordinal)
            {
                ["Caller"] = caller,
                ["Plan"] = plan.Current,
                ["Report"] = report,
                ["Problem"] = problem,
                ["Month"] = report?.Month ?? query["month"].ToString(),
                ["Person"] = query["person"].ToString(),
                ["Team"] = query["team"].ToString(),
            },
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    private async Task<IResult> PageAsync(HttpContext http, Caller caller, IReadOnlyDictionary<string, string> fields, string? error)
    {
        var current = HourBooking.MonthOf(Today.ToDateOnly());
        var overview = await OverviewAsync(caller, http.RequestAborted);
        return new PageResult<ResourcesPage>(
            new(StringComparer.Ordinal)
            {
                ["Caller"] = caller,
                ["Plan"] = plan.Current,
                ["Today"] = Today,
                ["Overview"] = overview,
                ["Others"] = await OthersAsync(caller, overview, http.RequestAborted),
                ["Report"] = await staff.ReadAsync(current, caller.Id, StaffScope.Everybody, http.RequestAborted),
                ["People"] = Writable(caller),
                ["Key"] = NewKey(),
                ["Fields"] = fields,
                ["Error"] = error,
            },
            error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    private async Task<IResult> HoursPageAsync(HttpContext http, Caller caller, IReadOnlyDictionary<string, string> fields, string? error)
    {
        var (month, problem) = (HourBooking.MonthOf(Today.ToDateOnly()), error);
        var subject = fields.GetValueOrDefault("ticket") is { Length: > 0 } ticket ? ticket : fields.GetValueOrDefault("duty") ?? "";
        try
        {
            month = Month(http);
        }
        catch (HttpProblemException wrong)
        {
            problem ??= wrong.Errors!.Values.First()[0];
        }

        var list = HourService.IsSubject(subject) ? await OnSubjectAsync(caller, subject, http.RequestAborted) : await OfMonthAsync(caller, month, "", http.RequestAborted);
        return new PageResult<HoursPage>(
            new(StringComparer.Ordinal)
            {
                ["Caller"] = caller,
                ["Plan"] = plan.Current,
                ["Today"] = Today,
                ["Month"] = month,
                ["Subject"] = HourService.IsSubject(subject) ? subject : null,
                ["IsClosed"] = BookingRules.IsClosed(plan.Current, month, time.GetUtcNow()),
                ["List"] = list,
                ["People"] = Writable(caller),
                ["Key"] = NewKey(),
                ["Fields"] = fields,
                ["Error"] = problem,
            },
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    /// <summary>What was recorded and is not among the next thirty days, where somebody may still put it right: of open months and of times to come.</summary>
    private async Task<IReadOnlyList<AbsenceLine>> OthersAsync(Caller caller, ResourceOverview overview, CancellationToken cancellation)
    {
        var shown = overview.Absences.Select(static line => line.Id).ToHashSet();
        var first = BookingRules.FirstOpen(plan.Current, time.GetUtcNow());
        return [.. (await AwayAsync(caller, first, Today.PlusDays(BookingRules.MostAhead), cancellation)).Where(line => line.Id is not null && !shown.Contains(line.Id) && MayWrite(caller, line.Person))];
    }

    /// <summary>For whom somebody may write; themselves first.</summary>
    private IReadOnlyList<Person> Writable(Caller caller) => [.. plan.Current.People.Where(person => MayWrite(caller, person.Id)).OrderByDescending(person => person.Id == caller.Id)];

    private static DateOnly Date(IReadOnlyDictionary<string, string> form, string name) =>
        DateOnly.TryParseExact(form.GetValueOrDefault(name), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is >= 2000 and < 2200
            ? date
            : throw new ResourceException(name, "Write a date such as 2026-11-22.");

    private static TEnum? Choice<TEnum>(IReadOnlyDictionary<string, string> form, string name)
        where TEnum : struct, Enum =>
        form.GetValueOrDefault(name) is not { Length: > 0 } said ? null
            : Enum.TryParse<TEnum>(said, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(said[0]) ? value
            : throw new ResourceException(name, "Choose one of those that are offered.");

    /// <summary>A form that is sent twice has the same key twice.</summary>
    private static string? Key(IReadOnlyDictionary<string, string> form) => form.GetValueOrDefault("key") is { Length: > 0 and <= 100 } said ? said : null;

    private static string NewKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
