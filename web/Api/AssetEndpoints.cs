using System.Security.Cryptography;
using System.Text;
using Maintenance.Assets;
using Maintenance.Assets.Components;
using Maintenance.Assets.Debt;
using Maintenance.Assets.Vulnerabilities;
using Maintenance.Plan;
using Maintenance.Resources;
using Maintenance.Web.Http;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Maintenance.Web.Api;

/// <summary>A request for a waiver, as it is sent.</summary>
/// <param name="Reason">Why it can be borne, and what is done meanwhile; at most 2,000 characters.</param>
/// <param name="Until">The last local date on which it is accepted, as <c>2026-12-31</c>.</param>
public sealed record WaiverText(string Reason, string Until);

/// <summary>What somebody decides on a waiver.</summary>
public enum WaiverDecision
{
    /// <summary>It is accepted.</summary>
    Approve,

    /// <summary>It is not.</summary>
    Reject,

    /// <summary>Whoever asked takes it back.</summary>
    Withdraw,
}

/// <summary>A decision on a waiver, as it is sent.</summary>
/// <param name="Decision">approve, reject or withdraw.</param>
/// <param name="Comment">Why: a rejection needs it; at most 2,000 characters.</param>
public sealed record WaiverDecisionText(WaiverDecision Decision, string? Comment = null);

/// <summary>Something that is done to a piece of debt, as it is sent.</summary>
/// <param name="Act">book, reverse, edit, pay, accept or reopen.</param>
/// <param name="Fields">What is said of it from now on; for edit.</param>
/// <param name="Hours">The hours that were worked; for book.</param>
/// <param name="On">The local date on which they were, as <c>2026-11-22</c>; today where left out.</param>
/// <param name="Text">What was done, or why; accept and reverse need it.</param>
/// <param name="Booking">Which of its bookings, from 1 in the order of <c>bookings</c>; for reverse.</param>
public sealed record DebtActText(string Act, DebtFields? Fields = null, double? Hours = null, string? On = null, string? Text = null, int? Booking = null);

/// <summary>A page of components.</summary>
/// <param name="Components">Those that need somebody first.</param>
/// <param name="Next">What to send as <c>after</c> for those that follow; null where none do.</param>
/// <param name="Review">What the last review was made of; null before the first.</param>
public sealed record ComponentList(IReadOnlyList<AssetLine> Components, string? Next, AssetReviewState? Review);

/// <summary>The register of debt.</summary>
/// <param name="Standing">At a glance.</param>
/// <param name="Items">The pieces, the one whose payback is quickest first.</param>
public sealed record DebtRegister(DebtStanding Standing, IReadOnlyList<DebtItem> Items);

/// <summary>Components, vulnerabilities and debt: for programs here, for browsers in the other part.</summary>
public sealed partial class AssetEndpoints(AssetService assets, AssetShelf shelf, LineStore lines, FindingStore findings, DebtService debt, HourService hours, ActivePlan plan, TimeProvider time)
{
    private const int Usual = 100;
    private const int Most = 1000;
    private static readonly string[] Acts = ["book", "reverse", "edit", "pay", "accept", "reopen"];

    /// <summary>The components (<c>?service=ID&amp;take=100&amp;after=KEY</c>), or those whose support ends (<c>?endsBy=2026-12-31</c>).</summary>
    public async Task<IResult> ListAsync(HttpContext http) => Requests.Ok(await ListAsync(http, http.QueryNumber("take", Usual, Most)));

    /// <summary>A component.</summary>
    public async Task<IResult> GetAsync(HttpContext http) => Requests.Ok(await FindLineAsync(http));

    /// <summary>The files and addresses, and what is wrong with them.</summary>
    public async Task<IResult> SourcesAsync(HttpContext http) => Requests.Ok(await shelf.StatesAsync(http.RequestAborted));

    /// <summary>Looks at all files and addresses now, and reviews what has changed.</summary>
    public async Task<IResult> ReviewAsync(HttpContext http)
    {
        await assets.ReviewAsync(http.RequestAborted);
        return Requests.Ok(await shelf.StatesAsync(http.RequestAborted));
    }

    /// <summary>The vulnerabilities (<c>?state=open|overdue|waived|waiting|fixed&amp;take=100</c>), what is due first in front.</summary>
    public async Task<IResult> FindingsAsync(HttpContext http)
    {
        var list = http.Request.Query["state"].ToString() switch
        {
            "" or "open" => findings.ListOwedAsync(http.RequestAborted),
            "overdue" => findings.ListOverdueAsync(time.GetUtcNow(), http.RequestAborted),
            "waived" => findings.ListWaivedAsync(http.RequestAborted),
            "waiting" => findings.ListWaitingAsync(http.RequestAborted),
            "fixed" => findings.ListFixedAsync(http.RequestAborted),
            _ => throw HttpProblemException.BadRequest("The query's state may be open, overdue, waived, waiting or fixed."),
        };
        return Requests.Ok(await list.Take(http.QueryNumber("take", Usual, Most)).ToListAsync(http.RequestAborted));
    }

    /// <summary>A vulnerability of a component, with its history.</summary>
    public async Task<IResult> FindingAsync(HttpContext http) => Requests.Ok(await FindFindingAsync(http));

    /// <summary>Asks for a waiver.</summary>
    public async Task<IResult> AskWaiverAsync(HttpContext http, Caller caller)
    {
        var request = await RequestBody.ReadJsonAsync<WaiverText>(http);
        var finding = await FindFindingAsync(http);
        return Requests.Ok(await AskWaiverAsync(http, caller, finding, request));
    }

    /// <summary>Decides on a waiver.</summary>
    public async Task<IResult> VoteWaiverAsync(HttpContext http, Caller caller)
    {
        var decision = await RequestBody.ReadJsonAsync<WaiverDecisionText>(http);
        var finding = await FindFindingAsync(http);
        return Requests.Ok(await DecideAsync(http, caller, finding, decision));
    }

    /// <summary>The register of debt.</summary>
    public async Task<IResult> DebtAsync(HttpContext http) => Requests.Ok(await RegisterAsync(http.RequestAborted));

    /// <summary>A piece of debt.</summary>
    public async Task<IResult> DebtItemAsync(HttpContext http) => Requests.Ok(await FindDebtAsync(http));

    /// <summary>Adds a piece of debt: 201. The same Idempotency-Key gives the same piece.</summary>
    public async Task<IResult> AddDebtAsync(HttpContext http, Caller caller)
    {
        var fields = await RequestBody.ReadJsonAsync<DebtFields>(http);
        var key = Convert.ToHexStringLower(
            http.IdempotencyKey() is { } given ? SHA256.HashData(Encoding.UTF8.GetBytes($"{caller.Id}:{given}\n{MaintenanceJson.Write(fields)}")) : RandomNumberGenerator.GetBytes(16));
        var item = await AddDebtAsync(fields, key, caller, http.RequestAborted);
        return Requests.Created(http, "/api/debt/" + item.Id, item);
    }

    /// <summary>Does something to a piece of debt.</summary>
    public async Task<IResult> ActOnDebtAsync(HttpContext http, Caller caller)
    {
        var act = await RequestBody.ReadJsonAsync<DebtActText>(http);
        var item = await FindDebtAsync(http);
        return Requests.Ok(await ActAsync(http, caller, item, act));
    }

    private async Task<ComponentList> ListAsync(HttpContext http, int take)
    {
        var query = http.Request.Query;
        var (service, after, endsBy) = (query["service"].ToString(), query["after"].ToString(), query["endsBy"].ToString());
        if (service.Length > 0 && plan.Current.FindService(service) is null)
        {
            throw HttpProblemException.NotFound($"The plan has no service '{WindowQuery.Short(service)}'.");
        }

        if (after.Length > 400 || after.Any(static c => c is < ' ' or > '~' or '/' or '\\' or '#' or '?'))
        {
            throw HttpProblemException.BadRequest("The query's after is none that a list gave.");
        }

        if (endsBy.Length > 0)
        {
            if (DebtRules.Date(endsBy) is null)
            {
                throw HttpProblemException.Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { ["endsBy"] = ["Write a date such as 2026-12-31."] });
            }

            return new([.. await lines.ListEndingAsync(endsBy, http.RequestAborted).Where(line => service.Length == 0 || line.Service == service).Take(Math.Max(1, take)).ToListAsync(http.RequestAborted)], null, await assets.StateAsync(http.RequestAborted));
        }

        take = Math.Max(1, take);
        var found = await lines.ListAsync(service.Length > 0 ? service : null, after.Length > 0 ? after : null, http.RequestAborted).Take(take + 1).ToListAsync(http.RequestAborted);
        return new([.. found.Take(take)], found.Count > take ? LineStore.KeyOf(found[take - 1]) : null, await assets.StateAsync(http.RequestAborted));
    }

    private async Task<AssetLine> FindLineAsync(HttpContext http) =>
        await lines.FindAsync(http.PathValue("id"), http.RequestAborted) ?? throw HttpProblemException.NotFound($"There is no component '{WindowQuery.Short(http.PathValue("id"))}'.");

    private async Task<Finding> FindFindingAsync(HttpContext http) =>
        (await findings.FindAsync(http.PathValue("id"), http.RequestAborted))?.Value ?? throw HttpProblemException.NotFound($"There is no vulnerability '{WindowQuery.Short(http.PathValue("id"))}'.");

    private async Task<DebtItem> FindDebtAsync(HttpContext http) =>
        (await debt.FindAsync(http.PathValue("id"), http.RequestAborted))?.Value ?? throw HttpProblemException.NotFound($"There is no debt '{WindowQuery.Short(http.PathValue("id"))}'.");

    private async Task<DebtRegister> RegisterAsync(CancellationToken cancellation)
    {
        var items = await debt.ListAsync(cancellation).ToListAsync(cancellation);
        return new(DebtRules.Stand(items, plan.Current.Debt, debt.Today()), DebtRules.Ranked(items));
    }

    private async Task<Finding> AskWaiverAsync(HttpContext http, Caller caller, Finding finding, WaiverText request)
    {
        var (zone, now) = (plan.Current.System.TimeZone, time.GetUtcNow());
        if (DebtRules.Date(request.Until) is not { } date)
        {
            throw Wrong("until", "Write a date such as 2026-12-31.");
        }

        // It holds to the end of that day.
        var until = Time.WallClock.ToInstant(date.PlusDays(1).AtMidnight(), zone).ToDateTimeOffset();
        var errors = WaiverRules.Check(plan.Current.Lifecycle.Waivers, request.Reason, until, now);
        return errors.Count > 0 ? throw HttpProblemException.Invalid(errors)
            : caller.GuestRefusal is { } refusal ? throw HttpProblemException.Forbidden($"Whoever asks for a waiver is a person of the plan. {refusal}")
            : await TryAsync(() => assets.AskWaiverAsync(finding.Id, caller.Id, request.Reason.Trim(), until, http.RequestAborted));
    }

    private async Task<Finding> DecideAsync(HttpContext http, Caller caller, Finding finding, WaiverDecisionText decision)
    {
        var comment = decision.Comment?.Trim() ?? "";
        if (comment.Length > WaiverRules.MostText || (comment.Length == 0 && decision.Decision == WaiverDecision.Reject))
        {
            throw Wrong("comment", comment.Length == 0 ? "Say why: whoever asked must know." : $"Write at most {WaiverRules.MostText} characters.");
        }

        return decision.Decision == WaiverDecision.Withdraw ? await TryAsync(() => assets.WithdrawWaiverAsync(finding.Id, caller.Id, http.RequestAborted))
            : caller.Person is not { } person || caller.GuestRefusal is not null ? throw HttpProblemException.Forbidden($"A vote is a person's own act. {caller.GuestRefusal}".TrimEnd())
            : await TryAsync(() => assets.VoteAsync(finding.Id, person, decision.Decision == WaiverDecision.Approve, comment, http.RequestAborted));
    }

    private async Task<DebtItem> AddDebtAsync(DebtFields fields, string key, Caller caller, CancellationToken cancellation)
    {
        var cleaned = Cleaned(fields);
        return DebtRules.Check(plan.Current, cleaned) is { Count: > 0 } errors ? throw HttpProblemException.Invalid(errors) : await debt.AddAsync(key, cleaned, caller.Id, cancellation);
    }

    private async Task<DebtItem> ActAsync(HttpContext http, Caller caller, DebtItem item, DebtActText act)
    {
        var text = act.Text?.Trim() ?? "";
        if (text.Length > WaiverRules.MostText)
        {
            throw Wrong("text", $"Write at most {WaiverRules.MostText} characters.");
        }

        return act.Act switch
        {
            "book" => await BookAsync(http, caller, item, Booking(act, caller, text)),
            "reverse" => await ReverseAsync(http, caller, item, act.Booking, text),
            "edit" => act.Fields is not { } fields ? throw Wrong("fields", "Say what it is to say.")
                : DebtRules.Check(plan.Current, Cleaned(fields)) is { Count: > 0 } errors ? throw HttpProblemException.Invalid(errors)
                : await TryAsync(() => debt.EditAsync(item.Id, Cleaned(fields), caller.Id, http.RequestAborted)),
            "pay" => await TryAsync(() => debt.MoveAsync(item.Id, DebtState.Paid, text, caller.Id, http.RequestAborted)),
            "accept" => text.Length == 0 ? throw Wrong("text", "Say why it is lived with.") : await TryAsync(() => debt.MoveAsync(item.Id, DebtState.Accepted, text, caller.Id, http.RequestAborted)),
            "reopen" => await TryAsync(() => debt.MoveAsync(item.Id, DebtState.Open, text, caller.Id, http.RequestAborted)),
            _ => throw Wrong("act", $"Choose one of {string.Join(", ", Acts)}."),
        };
    }

    private async Task<DebtItem> BookAsync(HttpContext http, Caller caller, DebtItem item, DebtBooking booking)
    {
        var booked = await hours.OfDayAsync(caller.Id, DebtRules.Date(booking.On)!.Value.ToDateOnly(), http.RequestAborted);
        try
        {
            BookingRules.CheckDay(booked, (decimal)booking.Hours);
        }
        catch (ResourceException wrong)
        {
            throw Wrong(wrong.Field, wrong.Message);
        }

        return await TryAsync(() => debt.BookAsync(item.Id, booking, http.RequestAborted));
    }

    private async Task<DebtItem> ReverseAsync(HttpContext http, Caller caller, DebtItem item, int? number, string reason)
    {
        var booking = number is >= 1 && number <= item.Bookings.Count ? item.Bookings[number.Value - 1]
            : throw Wrong("booking", item.Bookings.Count == 0 ? "It has no bookings." : $"Choose one of its bookings, from 1 to {item.Bookings.Count}.");
        if (caller.Person is { } person && !BookingRules.MayWriteFor(plan.Current, person, booking.By))
        {
            throw HttpProblemException.Forbidden("Hours are reversed by the person, the lead of their team and administrators.");
        }

        try
        {
            BookingRules.CheckCorrection(plan.Current, DebtRules.Date(booking.On)!.Value.ToDateOnly(), reason, time.GetUtcNow());
        }
        catch (ResourceException wrong)
        {
            throw Wrong(wrong.Field == "reason" ? "text" : wrong.Field, wrong.Message);
        }

        return await TryAsync(() => debt.ReverseAsync(item.Id, number.Value, reason, caller.Id, http.RequestAborted));
    }

    private DebtBooking Booking(DebtActText act, Caller caller, string text)
    {
        var today = debt.Today();
        LocalDate? on = act.On is null ? today : DebtRules.Date(act.On);
        return act.Hours is not { } hours || !double.IsFinite(hours) || hours is <= 0 or > DebtRules.MostBooked ? throw Wrong("hours", $"Write the hours of one day, above 0 and at most {DebtRules.MostBooked:0}.")
            : on is not { } date || date > today ? throw Wrong("on", "Write a date such as 2026-11-22, not later than today.")
            : BookingRules.IsClosed(plan.Current, HourBooking.MonthOf(date.ToDateOnly()), time.GetUtcNow()) ? throw Wrong("on", "That month is closed: its report is what it is. Book in the month that goes on.")
            : new DebtBooking(date.ToString("uuuu-MM-dd", null), hours, caller.Id, text);
    }

    private static DebtFields Cleaned(DebtFields fields) => fields with
    {
        Title = fields.Title.Trim(),
        Component = fields.Component?.Trim() is { Length: > 0 } component ? component : null,
        Description = fields.Description.Trim(),
        Approach = fields.Approach.Trim(),
        Target = fields.Target?.Trim() is { Length: > 0 } target ? target : null,
    };

    private static async Task<T> TryAsync<T>(Func<Task<T?>> act)
        where T : class
    {
        try
        {
            return await act() ?? throw HttpProblemException.NotFound("It is gone.");
        }
        catch (WaiverRefusedException refused)
        {
            throw HttpProblemException.Forbidden(refused.Message);
        }
        catch (Exception error) when (error is WaiverStateException or DebtStateException)
        {
            throw new HttpProblemException(StatusCodes.Status409Conflict, "Its state does not allow it", error.Message);
        }
    }

    private static HttpProblemException Wrong(string field, string message) => HttpProblemException.Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [message] });
}
