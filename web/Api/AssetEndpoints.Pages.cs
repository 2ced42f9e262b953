using System.Globalization;
using Maintenance.Assets.Debt;
using Maintenance.Assets.Vulnerabilities;
using Maintenance.Web.Http;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <content>The pages of components, vulnerabilities and debt, and their forms.</content>
public sealed partial class AssetEndpoints
{
    private const int PageLines = 100;
    private const int PageFindings = 50;
    private const int PagePieces = 100;

    /// <summary>The page of components; <c>?service=ID</c> shows those of one service, <c>?after=KEY</c> those that follow.</summary>
    public async Task<IResult> ListPageAsync(HttpContext http, Caller caller) => new PageResult<AssetsPage>(new(StringComparer.Ordinal)
    {
        ["Caller"] = caller,
        ["Plan"] = plan.Current,
        ["Today"] = assets.Today(time.GetUtcNow()),
        ["List"] = await ListAsync(http, PageLines),
        ["Service"] = http.Request.Query["service"].ToString(),
        ["Sources"] = await shelf.StatesAsync(http.RequestAborted),
        ["Overdue"] = (await findings.ListOverdueAsync(time.GetUtcNow(), http.RequestAborted).Take(PageFindings).ToListAsync(http.RequestAborted)).Count,
        ["Owed"] = (await findings.ListOwedAsync(http.RequestAborted).Take(PageFindings + 1).ToListAsync(http.RequestAborted)).Count,
    });

    /// <summary>The page of a component.</summary>
    public async Task<IResult> PageAsync(HttpContext http, Caller caller)
    {
        var line = await FindLineAsync(http);
        var own = new List<Finding>();
        foreach (var id in line.Findings.Take(PageFindings))
        {
            if (await findings.FindAsync(id, http.RequestAborted) is { } found)
            {
                own.Add(found.Value);
            }
        }

        return new PageResult<ComponentPage>(new(StringComparer.Ordinal)
        {
            ["Caller"] = caller,
            ["Plan"] = plan.Current,
            ["Now"] = time.GetUtcNow(),
            ["Today"] = assets.Today(time.GetUtcNow()),
            ["Line"] = line,
            ["Findings"] = own,
        });
    }

    /// <summary>The page of vulnerabilities; <c>?show=fixed</c> lists those that are gone.</summary>
    public async Task<IResult> FindingsPageAsync(HttpContext http, Caller caller)
    {
        var isFixed = http.Request.Query["show"].ToString() == "fixed";
        return new PageResult<VulnerabilitiesPage>(new(StringComparer.Ordinal)
        {
            ["Caller"] = caller,
            ["Plan"] = plan.Current,
            ["Now"] = time.GetUtcNow(),
            ["IsFixed"] = isFixed,
            ["Open"] = await (isFixed ? findings.ListFixedAsync(http.RequestAborted) : findings.ListOwedAsync(http.RequestAborted)).Take(PageFindings + 1).ToListAsync(http.RequestAborted),
            ["Waived"] = isFixed ? [] : await findings.ListWaivedAsync(http.RequestAborted).Take(PageFindings).ToListAsync(http.RequestAborted),
            ["Waiting"] = isFixed ? [] : await findings.ListWaitingAsync(http.RequestAborted).Take(PageFindings).ToListAsync(http.RequestAborted),
        });
    }

    /// <summary>The page of a vulnerability.</summary>
    public async Task<IResult> FindingPageAsync(HttpContext http, Caller caller) => FindingPage(await FindFindingAsync(http), caller, null, null);

    /// <summary>Asks for a waiver by the page's form.</summary>
    public async Task<IResult> AskWaiverFormAsync(HttpContext http, Caller caller)
    {
        var form = await RequestBody.ReadFormAsync(http);
        var finding = await FindFindingAsync(http);
        return await FindingFormAsync(finding, caller, form, () => AskWaiverAsync(http, caller, finding, new WaiverText(form.GetValueOrDefault("reason", ""), form.GetValueOrDefault("until", ""))));
    }

    /// <summary>Decides on a waiver by the page's form.</summary>
    public async Task<IResult> VoteWaiverFormAsync(HttpContext http, Caller caller)
    {
        var form = await RequestBody.ReadFormAsync(http);
        var finding = await FindFindingAsync(http);
        return await FindingFormAsync(finding, caller, form, () =>
            Enum.TryParse<WaiverDecision>(form.GetValueOrDefault("decision", ""), ignoreCase: true, out var decision) && Enum.IsDefined(decision)
                ? DecideAsync(http, caller, finding, new WaiverDecisionText(decision, form.GetValueOrDefault("comment")))
                : throw HttpProblemException.BadRequest("Choose one of approve, reject, withdraw."));
    }

    /// <summary>The register of debt.</summary>
    public async Task<IResult> DebtPageAsync(HttpContext http, Caller caller) =>
        await DebtPageAsync(http, caller, http.Request.Query["show"].ToString() == "closed", new Dictionary<string, string>(StringComparer.Ordinal), null);

    /// <summary>Adds a piece of debt by the page's form.</summary>
    public async Task<IResult> AddDebtFormAsync(HttpContext http, Caller caller)
    {
        var form = await RequestBody.ReadFormAsync(http);
        try
        {
            // The page gives each form a key, so that one that is sent twice adds one piece.
            var key = form.GetValueOrDefault("key") is { Length: > 0 and <= 64 } given ? $"form\n{caller.Id}\n{given}" : Guid.NewGuid().ToString("N");
            var item = await AddDebtAsync(Fields(form), key, caller, http.RequestAborted);
            return TypedResults.Redirect("/debt/" + item.Id);
        }
        catch (HttpProblemException problem)
        {
            return await DebtPageAsync(http, caller, false, form, problem.Message);
        }
    }

    /// <summary>The page of a piece of debt.</summary>
    public async Task<IResult> DebtItemPageAsync(HttpContext http, Caller caller) => DebtItemPage(await FindDebtAsync(http), caller, null, null);

    /// <summary>Does something to a piece of debt by the page's form.</summary>
    public async Task<IResult> ActOnDebtFormAsync(HttpContext http, Caller caller)
    {
        var form = await RequestBody.ReadFormAsync(http);
        var item = await FindDebtAsync(http);
        try
        {
            var act = form.GetValueOrDefault("act", "");
            _ = await ActAsync(http, caller, item, new DebtActText(
                act, act == "edit" ? Fields(form) : null, Number(form, "hours"), form.GetValueOrDefault("on") is { Length: > 0 } on ? on : null, form.GetValueOrDefault("text"),
                int.TryParse(form.GetValueOrDefault("booking"), NumberStyles.None, CultureInfo.InvariantCulture, out var booking) ? booking : null));
            return TypedResults.Redirect("/debt/" + item.Id);
        }
        catch (HttpProblemException problem)
        {
            return DebtItemPage(item, caller, form, problem.Message);
        }
    }

    private async Task<IResult> FindingFormAsync(Finding finding, Caller caller, IReadOnlyDictionary<string, string> form, Func<Task<Finding>> act)
    {
        try
        {
            _ = await act();
            return TypedResults.Redirect("/vulnerabilities/" + finding.Id);
        }
        catch (HttpProblemException problem)
        {
            return FindingPage(finding, caller, form, problem.Message);
        }
    }

    private PageResult<VulnerabilityPage> FindingPage(Finding finding, Caller caller, IReadOnlyDictionary<string, string>? form, string? error) => new(
        new(StringComparer.Ordinal)
        {
            ["Caller"] = caller,
            ["Plan"] = plan.Current,
            ["Now"] = time.GetUtcNow(),
            ["Today"] = assets.Today(time.GetUtcNow()),
            ["Finding"] = finding,
            ["Fields"] = form ?? new Dictionary<string, string>(StringComparer.Ordinal),
            ["VoteRefusal"] = caller.GuestRefusal ?? (caller.Person is { } person ? WaiverRules.MayVote(finding, plan.Current.Lifecycle.Waivers, person) : "A vote is a person's own act."),
            ["Error"] = error,
        },
        error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);

    private async Task<IResult> DebtPageAsync(HttpContext http, Caller caller, bool isClosed, IReadOnlyDictionary<string, string> form, string? error)
    {
        var register = await RegisterAsync(http.RequestAborted);
        return new PageResult<DebtPage>(
            new(StringComparer.Ordinal)
            {
                ["Caller"] = caller,
                ["Plan"] = plan.Current,
                ["Today"] = debt.Today(),
                ["Standing"] = register.Standing,
                ["IsClosed"] = isClosed,
                ["Items"] = register.Items.Where(item => item.IsOpen != isClosed).Take(PagePieces + 1).ToList(),
                ["Fields"] = form,
                ["Error"] = error,
            },
            error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    private PageResult<DebtItemPage> DebtItemPage(DebtItem item, Caller caller, IReadOnlyDictionary<string, string>? form, string? error) => new(
        new(StringComparer.Ordinal)
        {
            ["Caller"] = caller,
            ["Plan"] = plan.Current,
            ["Today"] = debt.Today(),
            ["Item"] = item,
            ["Fields"] = form ?? new Dictionary<string, string>(StringComparer.Ordinal),
            ["Error"] = error,
        },
        error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);

    private static DebtFields Fields(IReadOnlyDictionary<string, string> form) =>
        new(form.GetValueOrDefault("title", ""), form.GetValueOrDefault("service", ""), Number(form, "cost") ?? double.NaN, Number(form, "interest") ?? double.NaN)
        {
            Component = form.GetValueOrDefault("component"),
            Description = form.GetValueOrDefault("description", ""),
            Approach = form.GetValueOrDefault("approach", ""),
            Target = form.GetValueOrDefault("target"),
        };

    private static double? Number(IReadOnlyDictionary<string, string> form, string name) =>
        double.TryParse(form.GetValueOrDefault(name, ""), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) ? number : null;
}
