using System.Globalization;
using Maintenance.Plan;
using Maintenance.Reports;
using Maintenance.Resources;
using Maintenance.Web.Http;
using Microsoft.AspNetCore.Http;
using NodaTime;
using NodaTime.Extensions;

namespace Maintenance.Web.Api;

/// <summary>Hours, as they are sent.</summary>
/// <param name="Hours">How many, in quarters.</param>
/// <param name="On">The local date of the plan's zone on which they were worked; today where left out.</param>
/// <param name="Kind">What they were for; where a ticket or duty is named it may be left out.</param>
/// <param name="Service">The id of the service, or left out.</param>
/// <param name="Ticket">The id of the ticket that was worked on, or left out.</param>
/// <param name="Duty">The duty that was done, as <c>{duty}/{occurrence}</c>, or left out.</param>
/// <param name="Note">What was done; at most 500 characters.</param>
/// <param name="Person">The id of who worked; whoever sends it where left out.</param>
public sealed record HoursText(
    decimal Hours, DateOnly? On = null, WorkKind? Kind = null, string? Service = null, string? Ticket = null, string? Duty = null, string? Note = null, string? Person = null);

/// <summary>An absence, as it is sent. Both dates are included.</summary>
/// <param name="From">The first local date.</param>
/// <param name="To">The last one.</param>
/// <param name="Kind">Why: for the person and the leads of their teams alone.</param>
/// <param name="Part">whole, or morning or afternoon of a single date.</param>
/// <param name="Deputy">The id of who stands in, or left out.</param>
/// <param name="Person">The id of who is away; whoever sends it where left out.</param>
public sealed record AbsenceText(DateOnly From, DateOnly To, AbsenceKind Kind, DayPart Part = DayPart.Whole, string? Deputy = null, string? Person = null);

/// <summary>Why something does not hold.</summary>
/// <param name="Reason">In 1 to 500 characters.</param>
public sealed record CorrectionText(string Reason);

/// <summary>That an absence does not hold, or no longer.</summary>
/// <param name="Reason">Why, in 1 to 500 characters.</param>
/// <param name="LastDay">The last local date that it took, included, where somebody came back early; left out where none of it holds.</param>
public sealed record AbsenceWithdrawalText(string Reason, DateOnly? LastDay = null);

/// <summary>Bookings.</summary>
/// <param name="Total">The hours that count of everybody's, on a ticket or duty; of those listed, in a month.</param>
/// <param name="Bookings">Those of people whose figures the reader may see.</param>
public sealed record HoursList(decimal Total, IReadOnlyList<HourBooking> Bookings)
{
    /// <summary>True where more was booked on a ticket or duty than is added up: the first thousand bookings are.</summary>
    public bool IsCut { get; init; }
}

/// <summary>An absence, of the plan or recorded.</summary>
/// <param name="Id">Its id; null for one of the plan.</param>
/// <param name="Person">The id of who is away.</param>
/// <param name="Name">Their name.</param>
/// <param name="From">The first local date.</param>
/// <param name="To">The last one that it takes, included.</param>
/// <param name="Part">Which part of the day.</param>
/// <param name="Deputy">The id of who stands in, or null.</param>
/// <param name="Kind">Why, where the reader may know and it is still kept; else null.</param>
/// <param name="Withdrawn">That it does not hold; null while it counts.</param>
public sealed record AbsenceLine(string? Id, string Person, string Name, DateOnly From, DateOnly To, DayPart Part, string? Deputy, AbsenceKind? Kind, Correction? Withdrawn)
{
    /// <summary>That it ended before its time, for those who may write for the person; null where it did not.</summary>
    public Correction? Ended { get; init; }
}

/// <summary>What stands out: what hangs on one person, and who is away in the next thirty days.</summary>
/// <param name="SinglePoints">What hangs on too few people, whoever is there.</param>
/// <param name="Coming">What will, since others are away.</param>
/// <param name="Absences">Who is away.</param>
public sealed record ResourceOverview(IReadOnlyList<SinglePoint> SinglePoints, IReadOnlyList<ComingSinglePoint> Coming, IReadOnlyList<AbsenceLine> Absences);

/// <summary>Hours, absences, and what hangs on one person.</summary>
public sealed partial class ResourceEndpoints(HourService hours, AbsenceService absences, StaffReportService staff, ActivePlan plan, TimeProvider time)
{
    /// <summary>What stands out.</summary>
    public async Task<IResult> GetAsync(HttpContext http, Caller caller) => Requests.Ok(await OverviewAsync(caller, http.RequestAborted));

    /// <summary>What was booked: in a month (<c>?month=2026-11&amp;person=</c>), or on a ticket or duty (<c>?ticket=</c>, <c>?duty=</c>).</summary>
    public async Task<IResult> ListHoursAsync(HttpContext http, Caller caller)
    {
        var query = http.Request.Query;
        return (query["ticket"].ToString() is { Length: > 0 } ticket ? ticket : query["duty"].ToString()) is { Length: > 0 } subject
            ? Requests.Ok(await OnSubjectAsync(caller, subject, http.RequestAborted))
            : Requests.Ok(await OfMonthAsync(caller, Month(http), query["person"].ToString(), http.RequestAborted));
    }

    /// <summary>Books hours: 201. The same Idempotency-Key books them once.</summary>
    public async Task<IResult> BookAsync(HttpContext http, Caller caller)
    {
        var text = await RequestBody.ReadJsonAsync<HoursText>(http);
        var booking = await TryAsync(() => BookAsync(http, caller, text, http.IdempotencyKey()));
        return Requests.Created(http, $"/api/resources/hours?month={booking.Month}", booking);
    }

    /// <summary>Says that a booking does not hold.</summary>
    public async Task<IResult> ReverseAsync(HttpContext http, Caller caller)
    {
        var text = await RequestBody.ReadJsonAsync<CorrectionText>(http);
        return Requests.Ok(await TryAsync(() => ReverseAsync(http, caller, text.Reason)));
    }

    /// <summary>Who is away (<c>?from=2026-11-01&amp;to=2026-11-30</c>; the next thirty days where left out).</summary>
    public async Task<IResult> ListAbsencesAsync(HttpContext http, Caller caller)
    {
        var (from, to) = (Date(http, "from", Today), Date(http, "to", Today.PlusDays(SinglePoints.Ahead - 1)));
        return to < from || Period.DaysBetween(from, to) > BookingRules.MostAhead
            ? throw Wrong("to", "Write a date that is not before the first, and at most two years after it.")
            : Requests.Ok(await AwayAsync(caller, from, to, http.RequestAborted));
    }

    /// <summary>Records an absence: 201. The same Idempotency-Key records it once.</summary>
    public async Task<IResult> RecordAbsenceAsync(HttpContext http, Caller caller)
    {
        var text = await RequestBody.ReadJsonAsync<AbsenceText>(http);
        return Requests.Created(http, "/api/resources/absences", Line(caller, await TryAsync(() => RecordAsync(http, caller, text, http.IdempotencyKey()))));
    }

    /// <summary>Says that an absence does not hold, or that it ended before its time.</summary>
    public async Task<IResult> WithdrawAbsenceAsync(HttpContext http, Caller caller)
    {
        var text = await RequestBody.ReadJsonAsync<AbsenceWithdrawalText>(http);
        return Requests.Ok(Line(caller, await TryAsync(() => WithdrawAsync(http, caller, text))));
    }

    /// <summary>What staff did in a month (<c>?month=2026-11&amp;person=&amp;team=</c>): everybody whose figures the reader may see, where neither is named.</summary>
    public async Task<IResult> ReportAsync(HttpContext http, Caller caller) => Requests.Ok(await ReportOfAsync(http, caller));

    /// <summary>The same as CSV.</summary>
    public async Task<IResult> ReportCsvAsync(HttpContext http, Caller caller) => new CsvResult("staff.csv", ReportCsv.Of(await ReportOfAsync(http, caller)).ToAsyncEnumerable());

    private LocalDate Today => BookingRules.Today(plan.Current, time.GetUtcNow());

    private async Task<ResourceOverview> OverviewAsync(Caller caller, CancellationToken cancellation)
    {
        var (always, coming) = await staff.SinglePointsAsync(cancellation);
        return new ResourceOverview(always, coming, await AwayAsync(caller, Today, Today.PlusDays(SinglePoints.Ahead - 1), cancellation));
    }

    private Task<StaffReport> ReportOfAsync(HttpContext http, Caller caller)
    {
        var (person, team) = (http.Request.Query["person"].ToString(), http.Request.Query["team"].ToString());
        if (person.Length > 0)
        {
            CheckMaySee(caller, person);
            return staff.ReadAsync(Month(http), caller.Id, new StaffScope(Person: person), http.RequestAborted);
        }

        if (team.Length > 0)
        {
            var found = plan.Current.FindTeam(team) ?? throw HttpProblemException.NotFound($"The plan has no team '{WindowQuery.Short(team)}'.");
            return found.Lead != caller.Id ? throw HttpProblemException.Forbidden("The figures of a team are for its lead.")
                : staff.ReadAsync(Month(http), caller.Id, new StaffScope(Team: team), http.RequestAborted);
        }

        return staff.ReadAsync(Month(http), caller.Id, StaffScope.Everybody, http.RequestAborted);
    }

    private async Task<HoursList> OfMonthAsync(Caller caller, string month, string person, CancellationToken cancellation)
    {
        if (person.Length > 0)
        {
            CheckMaySee(caller, person);
        }

        var bookings = await hours.ListAsync(month, id => MaySee(caller, id) && (person.Length == 0 || id == person), cancellation);
        return new HoursList(bookings.Where(static one => one.Counts).Sum(static one => one.Hours), bookings);
    }

    private async Task<HoursList> OnSubjectAsync(Caller caller, string subject, CancellationToken cancellation)
    {
        var (all, isCut) = HourService.IsSubject(subject) ? await hours.OnAsync(subject, cancellation) : throw Wrong("ticket", "Write the id of a ticket, such as T-1042, or a duty and its occurrence, such as access-review/2026-12-01.");
        return new HoursList(all.Where(static one => one.Counts).Sum(static one => one.Hours), [.. all.Where(one => MaySee(caller, one.Person))]) { IsCut = isCut };
    }

    private Task<HourBooking> BookAsync(HttpContext http, Caller caller, HoursText text, string? key)
    {
        var person = Whose(caller, text.Person);
        var booking = new NewBooking(person, text.On ?? Today.ToDateOnly(), text.Hours, text.Kind, Said(text.Service), Said(text.Ticket), Said(text.Duty), text.Note?.Trim() ?? "");
        return hours.BookAsync(booking, caller.Id, key, http.RequestAborted);
    }

    private async Task<HourBooking> ReverseAsync(HttpContext http, Caller caller, string reason)
    {
        var id = http.PathValue("booking");
        var found = await hours.FindAsync(id, http.RequestAborted) ?? throw Gone(id);
        CheckMayWrite(caller, found.Value.Person);
        return await hours.ReverseAsync(id, reason, caller.Id, http.RequestAborted) ?? throw Gone(id);

        static HttpProblemException Gone(string id) => HttpProblemException.NotFound($"There is no booking '{WindowQuery.Short(id)}'. Hours on technical debt are reversed on its piece of the register.");
    }

    private async Task<IReadOnlyList<AbsenceLine>> AwayAsync(Caller caller, LocalDate first, LocalDate last, CancellationToken cancellation)
    {
        var planned =
            from person in plan.Current.People
            from absence in person.Absences
            where !absence.IsRecorded && absence.From <= last && absence.To >= first
            select new AbsenceLine(null, person.Id, person.Name, absence.From.ToDateOnly(), absence.To.ToDateOnly(), absence.Part, absence.Deputy, null, null);

        // What was withdrawn is shown to whom it concerns: others planned by it for as long as it counted, and no longer.
        var recorded = (await absences.ListAsync(first, last, cancellation)).Where(one => one.Counts || MayWrite(caller, one.Person)).Select(one => Line(caller, one));
        return [.. planned.Concat(recorded).OrderBy(static line => line.From).ThenBy(static line => line.Name, StringComparer.Ordinal)];
    }

    private AbsenceLine Line(Caller caller, RecordedAbsence one) => new(
        one.Id, one.Person, plan.Current.FindPerson(one.Person)?.Name ?? one.Person, one.From, one.Last, one.Part, one.Deputy, MaySee(caller, one.Person) && one.ReasonsErasedAt is null ? one.Kind : null, Said(caller, one.Person, one.Withdrawn))
    {
        Ended = Said(caller, one.Person, one.Ended),
    };

    /// <summary>A correction, for whoever may write; its reason says why somebody was away, and is for whoever may know that.</summary>
    private Correction? Said(Caller caller, string person, Correction? correction) =>
        !MayWrite(caller, person) || correction is null ? null : MaySee(caller, person) ? correction : correction with { Reason = "" };

    private Task<RecordedAbsence> RecordAsync(HttpContext http, Caller caller, AbsenceText text, string? key)
    {
        var person = Whose(caller, text.Person);
        return absences.RecordAsync(new NewAbsence(person, text.From.ToLocalDate(), text.To.ToLocalDate(), text.Part, text.Kind, Said(text.Deputy)), caller.Id, key, http.RequestAborted);
    }

    private async Task<RecordedAbsence> WithdrawAsync(HttpContext http, Caller caller, AbsenceWithdrawalText text)
    {
        var id = http.PathValue("absence");
        var found = await absences.FindAsync(id, http.RequestAborted) ?? throw HttpProblemException.NotFound($"There is no recorded absence '{WindowQuery.Short(id)}'. Those of the plan are taken out of it.");
        CheckMayWrite(caller, found.Value.Person);
        return (text.LastDay is { } last
            ? await absences.EndAsync(id, last.ToLocalDate(), text.Reason, caller.Id, http.RequestAborted)
            : await absences.WithdrawAsync(id, text.Reason, caller.Id, http.RequestAborted)) ?? found.Value;
    }

    /// <summary>Whose hours or absence it is: whom the text names, else whoever sends it.</summary>
    private string Whose(Caller caller, string? named)
    {
        var person = Said(named) ?? caller.Person?.Id ?? throw Wrong("person", "Name a person of the plan: the operator of this machine is nobody of it.");
        if (plan.Current.FindPerson(person) is null)
        {
            throw Wrong("person", $"The plan has nobody with the id '{WindowQuery.Short(person)}'. {Nearest.Hint(person, plan.Current.People.Select(static one => one.Id))}".TrimEnd());
        }

        CheckMayWrite(caller, person);
        return person;
    }

    private void CheckMayWrite(Caller caller, string person)
    {
        if (!MayWrite(caller, person))
        {
            throw HttpProblemException.Forbidden("Hours and absences are written down by the person, the lead of their team and administrators.");
        }
    }

    private void CheckMaySee(Caller caller, string person)
    {
        if (plan.Current.FindPerson(person) is null)
        {
            throw HttpProblemException.NotFound($"The plan has nobody with the id '{WindowQuery.Short(person)}'.");
        }

        if (!MaySee(caller, person))
        {
            throw HttpProblemException.Forbidden("A person's figures are for that person and the lead of their team.");
        }
    }

    private bool MayWrite(Caller caller, string person) => caller.Person is not { } writer || BookingRules.MayWriteFor(plan.Current, writer, person);

    private bool MaySee(Caller caller, string person) => TicketReportService.MaySee(plan.Current, caller.Id, person);

    private string Month(HttpContext http) => http.Request.Query["month"].ToString() is { Length: > 0 } said ? Month(said) : HourBooking.MonthOf(Today.ToDateOnly());

    private string Month(string said)
    {
        try
        {
            return ReportMonths.Of(plan.Current, said, said)[0].Name;
        }
        catch (FormatException error)
        {
            throw Wrong("month", error.Message);
        }
    }

    private static LocalDate Date(HttpContext http, string name, LocalDate absent) =>
        http.Request.Query[name].ToString() is not { Length: > 0 } said ? absent
            : DateOnly.TryParseExact(said, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is >= 2000 and < 2200 ? date.ToLocalDate()
            : throw Wrong(name, "Write a date such as 2026-11-22.");

    private static string? Said(string? text) => text?.Trim() is { Length: > 0 } said ? said : null;

    private static async Task<T> TryAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (ResourceException wrong)
        {
            throw Wrong(wrong.Field, wrong.Message);
        }
    }

    private static HttpProblemException Wrong(string field, string message) =>
        HttpProblemException.Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [message] });
}
