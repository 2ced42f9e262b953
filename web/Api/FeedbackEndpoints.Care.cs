using Maintenance.Feedback;
using Maintenance.Web.Http;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;
using NodaTime;
using NodaTime.Text;

namespace Maintenance.Web.Api;

/// <summary>Whose data is erased: who has a contact, or who sent a feedback and has its code.</summary>
/// <param name="Contact">An e-mail address or a number, as somebody wrote it; or null.</param>
/// <param name="Reference">A reference, with its code; or null.</param>
/// <param name="Code">Its code.</param>
public sealed record ErasureRequest(string? Contact = null, string? Reference = null, string? Code = null);

/// <summary>On whom is said what is held.</summary>
/// <param name="Contact">An e-mail address or a number, as somebody wrote it.</param>
public sealed record ExportRequest(string Contact);

/// <summary>How content people are, and what becomes of what is held on them. A contact comes in a body: in an address it would stand in logs.</summary>
public sealed partial class FeedbackEndpoints
{
    /// <summary>How content people are: <c>?from=2026-01&amp;to=2026-11&amp;service=register</c>; the last twelve months where left out.</summary>
    public async Task<IResult> SatisfactionAsync(HttpContext http) => Requests.Ok(await ReadSatisfactionAsync(http));

    /// <summary>The page of the same.</summary>
    public async Task<IResult> SatisfactionPageAsync(HttpContext http, Caller caller)
    {
        SatisfactionReport? report = null;
        string? problem = null;
        try
        {
            report = await ReadSatisfactionAsync(http);
        }
        catch (HttpProblemException wrong)
        {
            problem = wrong.Errors?.Values.First()[0] ?? wrong.Message;
        }

        return new PageResult<SatisfactionPage>(
            new(StringComparer.Ordinal) { ["Caller"] = caller, ["Plan"] = plan.Current, ["Report"] = report, ["Problem"] = problem },
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    /// <summary>Erases who somebody is.</summary>
    public async Task<IResult> EraseAsync(HttpContext http)
    {
        var request = await RequestBody.ReadJsonAsync<ErasureRequest>(http);
        if (request.Contact is null == request.Reference is null)
        {
            throw Wrong("contact", "Send either a contact, or a reference with its code.");
        }

        if (request.Contact is { } contact)
        {
            return Requests.Ok(await erasure.EraseContactAsync(CheckContact(contact), http.RequestAborted));
        }

        return feedback.IsValid(request.Reference!, request.Code ?? "")
            ? Requests.Ok(await erasure.EraseReferenceAsync(TrackingCodes.CleanReference(request.Reference!), http.RequestAborted))
            : throw Wrong("code", "This reference and this code do not belong together.");
    }

    /// <summary>Says what is held on somebody.</summary>
    public async Task<IResult> ExportAsync(HttpContext http) =>
        Requests.Ok(await export.ExportAsync(CheckContact((await RequestBody.ReadJsonAsync<ExportRequest>(http)).Contact), http.RequestAborted));

    private async Task<SatisfactionReport> ReadSatisfactionAsync(HttpContext http)
    {
        var to = Month(http, "to") ?? satisfaction.ThisMonth;
        var from = Month(http, "from") ?? to.PlusMonths(-11);
        var months = (12 * (to.Year - from.Year)) + to.Month - from.Month + 1;
        if (months is < 1 or > SatisfactionService.MostMonths)
        {
            throw Wrong("from", $"Choose 1 to {SatisfactionService.MostMonths} months, the first one first.");
        }

        var service = http.Request.Query["service"].ToString();
        return await satisfaction.ReportAsync(from, to, service.Length == 0 ? null : service, http.RequestAborted);
    }

    private static YearMonth? Month(HttpContext http, string name)
    {
        var text = http.Request.Query[name].ToString();
        return text.Length == 0 ? null
            : YearMonthPattern.Iso.Parse(text) is { Success: true, Value: { Year: >= 2000 and < 2200 } month } ? month
            : throw Wrong(name, "Write a month such as 2026-11.");
    }

    private static string CheckContact(string contact) =>
        contact.Length is 0 or > FeedbackRules.MaxShort || !contact.Any(char.IsLetterOrDigit) ? throw Wrong("contact", $"Write an e-mail address or a number, as it was given: at most {FeedbackRules.MaxShort} characters.") : contact;

    private static HttpProblemException Wrong(string field, string message) =>
        HttpProblemException.Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [message] });
}
