using Maintenance.Handover;
using Maintenance.Plan;
using Maintenance.Web.Http;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>What shows a line of the checklist.</summary>
/// <param name="Text">In words; at most 1,000 characters.</param>
public sealed record ConfirmationText(string Text);

/// <summary>Which side says that something changed hands.</summary>
public enum TransferSide
{
    /// <summary>It was given away.</summary>
    Given,

    /// <summary>It was taken.</summary>
    Taken,
}

/// <summary>That something changed hands.</summary>
/// <param name="Side">given or taken.</param>
/// <param name="Text">What shows it; at most 1,000 characters.</param>
public sealed record TransferText(TransferSide Side, string Text);

/// <summary>A signature.</summary>
/// <param name="Document">The hash of the document that was read.</param>
public sealed record SignatureRequest(string Document);

/// <summary>A handover, as programs see it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What is handed over.</param>
/// <param name="Team">The id of the team that takes over.</param>
/// <param name="Planned">The local date on which it is to be accepted.</param>
/// <param name="IsReady">True where it may be signed.</param>
/// <param name="Missing">What is in the way.</param>
/// <param name="Checklist">The checklist, measured.</param>
/// <param name="Control">What changes hands.</param>
/// <param name="Outstanding">What is outstanding.</param>
/// <param name="Document">The hash of the document: what is signed.</param>
/// <param name="BegunAt">When it began (UTC), or null.</param>
/// <param name="Signatures">Who has signed.</param>
/// <param name="AcceptedAt">When the last signature made it accepted (UTC), or null.</param>
public sealed record HandoverAnswer(
    string Id, string Name, string Team, string Planned, bool IsReady, IReadOnlyList<string> Missing, IReadOnlyList<HandoverLine> Checklist, IReadOnlyList<HandoverLine> Control, IReadOnlyList<HandoverLine> Outstanding, string Document,
    DateTimeOffset? BegunAt, IReadOnlyList<HandoverSignature> Signatures, DateTimeOffset? AcceptedAt);

/// <summary>A line of a handover.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What.</param>
/// <param name="IsDone">Whether it is so.</param>
/// <param name="Text">What shows it, or what is missing.</param>
/// <param name="Ticket">The ticket of an outstanding issue, or null.</param>
public sealed record HandoverLine(string Id, string Name, bool IsDone, string Text, string? Ticket = null);

/// <summary>The handover: how ready it is, what people confirm, and who signs.</summary>
public sealed class HandoverEndpoints(HandoverService handovers, ActivePlan plan)
{
    /// <summary>How it stands.</summary>
    public async Task<IResult> GetAsync(HttpContext http) => Answer(await handovers.FindAsync(http.RequestAborted));

    /// <summary>The document in Markdown, as it is signed, or as it would be written now; and below it who has signed.</summary>
    public async Task<IResult> DocumentAsync(HttpContext http)
    {
        var standing = await handovers.FindAsync(http.RequestAborted) ?? throw None();
        return TypedResults.Text(HandoverDocument.Whole(plan.Current, standing), "text/markdown; charset=utf-8");
    }

    /// <summary>Begins it.</summary>
    public Task<IResult> BeginAsync(HttpContext http, Caller caller) => ApiAsync(() => handovers.BeginAsync(Who(caller), http.RequestAborted));

    /// <summary>Confirms a line of the checklist.</summary>
    public async Task<IResult> ConfirmAsync(HttpContext http, Caller caller)
    {
        var request = await RequestBody.ReadJsonAsync<ConfirmationText>(http);
        return await ApiAsync(() => handovers.ConfirmAsync(Check(http), Who(caller), request.Text, http.RequestAborted));
    }

    /// <summary>Says that something changed hands.</summary>
    public async Task<IResult> PassAsync(HttpContext http, Caller caller)
    {
        var request = await RequestBody.ReadJsonAsync<TransferText>(http);
        return await ApiAsync(() => handovers.PassAsync(Control(http), Who(caller), request.Side == TransferSide.Taken, request.Text, http.RequestAborted));
    }

    /// <summary>Signs the document.</summary>
    public async Task<IResult> SignAsync(HttpContext http, Caller caller)
    {
        var request = await RequestBody.ReadJsonAsync<SignatureRequest>(http);
        return await ApiAsync(() => handovers.SignAsync(Who(caller), request.Document, http.RequestAborted));
    }

    /// <summary>Takes back a document that not everybody has signed.</summary>
    public Task<IResult> WithdrawAsync(HttpContext http, Caller caller) => ApiAsync(() => handovers.WithdrawAsync(Who(caller), http.RequestAborted));

    /// <summary>The page.</summary>
    public Task<IResult> PageAsync(HttpContext http, Caller caller) => PageAsync(http, caller, null);

    /// <summary>Begins it by the page's form.</summary>
    public Task<IResult> BeginFormAsync(HttpContext http, Caller caller) => FormAsync(http, caller, _ => handovers.BeginAsync(Who(caller), http.RequestAborted));

    /// <summary>Confirms a line by the page's form.</summary>
    public Task<IResult> ConfirmFormAsync(HttpContext http, Caller caller) =>
        FormAsync(http, caller, form => handovers.ConfirmAsync(Check(http), Who(caller), form.GetValueOrDefault("text", ""), http.RequestAborted));

    /// <summary>Says by the page's form that something changed hands.</summary>
    public Task<IResult> PassFormAsync(HttpContext http, Caller caller) =>
        FormAsync(http, caller, form => handovers.PassAsync(Control(http), Who(caller), form.GetValueOrDefault("side") == "taken", form.GetValueOrDefault("text", ""), http.RequestAborted));

    /// <summary>Signs by the page's form.</summary>
    public Task<IResult> SignFormAsync(HttpContext http, Caller caller) => FormAsync(http, caller, form => handovers.SignAsync(Who(caller), form.GetValueOrDefault("document", ""), http.RequestAborted));

    /// <summary>Takes the document back by the page's form.</summary>
    public Task<IResult> WithdrawFormAsync(HttpContext http, Caller caller) => FormAsync(http, caller, _ => handovers.WithdrawAsync(Who(caller), http.RequestAborted));

    private static Person Who(Caller caller) =>
        caller is { Person: { } person, IsGuest: false } ? person : throw HttpProblemException.Forbidden(caller.GuestRefusal ?? "The operator of this machine is nobody of the plan, and a handover takes people: sign in as yourself.");

    /// <summary>What is not there is not there, whoever asks.</summary>
    private string Check(HttpContext http) => http.PathValue("check") is var id && plan.Current.Handover?.Checklist.Any(one => one.Id == id) == true ? id : throw None();

    private string Control(HttpContext http) => http.PathValue("control") is var id && plan.Current.Handover?.Control.Any(one => one.Id == id) == true ? id : throw None();

    private static HttpProblemException None() => HttpProblemException.NotFound("The plan has no handover, or nothing of this id in it.");

    private static IResult Answer(HandoverStanding? standing)
    {
        if (standing is null)
        {
            throw None();
        }

        var (handover, state, assessment, _, hash) = standing;
        return Requests.Ok(new HandoverAnswer(
            handover.Id, handover.Name, handover.Team, handover.Planned.ToString("uuuu-MM-dd", null), assessment.IsReady, assessment.Missing,
            [.. assessment.Checks.Select(static one => new HandoverLine(one.Check.Id, one.Check.Name, one.IsMet, one.Evidence))],
            [.. assessment.Control.Select(static one => new HandoverLine(one.Item.Id, one.Item.Name, one.Transfer.IsDone, one.Transfer.Given is null ? "not given away" : one.Transfer.Taken is null ? "given away, not taken" : "given away and taken"))],
            [.. assessment.Outstanding.Select(static one => new HandoverLine(one.Issue.Id, one.Issue.Title, one.IsDone, one.Issue.Criteria, one.Ticket))],
            hash, state?.BegunAt, state?.Paper?.Signatures ?? [], state?.AcceptedAt));
    }

    private static async Task<IResult> ApiAsync(Func<Task<HandoverStanding?>> act)
    {
        try
        {
            return Answer(await act());
        }
        catch (HandoverRefusedException refused)
        {
            throw HttpProblemException.Forbidden(refused.Message);
        }
        catch (HandoverStateException state)
        {
            throw new HttpProblemException(StatusCodes.Status409Conflict, "Not as things stand", state.Message);
        }
        catch (HandoverFieldException wrong)
        {
            throw HttpProblemException.Invalid(new Dictionary<string, string[]> { [wrong.Field] = [wrong.Message] });
        }
    }

    private async Task<IResult> FormAsync(HttpContext http, Caller caller, Func<IReadOnlyDictionary<string, string>, Task<HandoverStanding?>> act)
    {
        var form = await RequestBody.ReadFormAsync(http);
        try
        {
            return await act(form) is null ? throw None() : TypedResults.Redirect("/handover");
        }
        catch (HandoverRefusedException refused)
        {
            throw HttpProblemException.Forbidden(refused.Message);
        }
        catch (Exception error) when (error is HandoverStateException or HandoverFieldException)
        {
            return await PageAsync(http, caller, error.Message);
        }
    }

    private async Task<IResult> PageAsync(HttpContext http, Caller caller, string? error) => new PageResult<HandoverPage>(
        new(StringComparer.Ordinal) { ["Caller"] = caller, ["Plan"] = plan.Current, ["Standing"] = await handovers.FindAsync(http.RequestAborted), ["Error"] = error },
        error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
}
