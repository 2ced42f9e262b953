using Maintenance.Plan;
using Maintenance.Web.Http;
using Microsoft.AspNetCore.Http;

namespace MaintenanceFunctions.Identity;

/// <summary>Recognises callers on Azure: the platform signs people in, and the plan says who they are here.</summary>
/// <param name="plan">Knows the people by their e-mail addresses.</param>
/// <param name="tenant">The one directory whose sign-ins count.</param>
/// <param name="isOn">
/// True where the platform's authentication stands in front of the app. Only then does the platform keep callers from sending its headers themselves; without
/// it nobody is recognised.
/// </param>
public sealed class AppServiceAuthentication(ActivePlan plan, Guid tenant, bool isOn) : IAuthentication
{
    /// <inheritdoc/>
    public string? SignInAddress => "/.auth/login/aad?post_login_redirect_uri=/";

    /// <inheritdoc/>
    public string? SignOutAddress => "/.auth/logout?post_logout_redirect_uri=/feedback";

    /// <inheritdoc/>
    /// <exception cref="HttpProblemException">
    /// 403: signed in, but not by this organisation's directory, or nobody of the plan (or two of its people). To sign in again would not help.
    /// </exception>
    /// <exception cref="PlanUnavailableException">Signed in, but there is no plan that says who that is.</exception>
    public Task<Caller?> AuthenticateAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (!isOn || http.Request.Headers[ClientPrincipal.Header].ToString() is not { Length: > 0 } header)
        {
            return Task.FromResult<Caller?>(null);
        }

        var address = ClientPrincipal.Address(header, tenant);
        if (address is not null && plan.StateOrNull is { } state && Find(state.Plan, address) is [var person])
        {
            // A browser sends the platform's cookie by itself.
            return Task.FromResult<Caller?>(new Caller(person, IsAmbient: true));
        }

        if (http.Features.Get<Route>() is { Access: RouteAccess.Public })
        {
            return Task.FromResult<Caller?>(null);
        }

        // Null would send the browser to sign in, which it has done: it would go round for ever.
        if (address is null)
        {
            throw HttpProblemException.Forbidden("You are signed in, but not with an account of this organisation's directory. Sign out, and in again with such an account.");
        }

        _ = plan.State;
        throw HttpProblemException.Forbidden($"You are signed in as {address}, and the plan has no one person with that e-mail address.");
    }

    private static List<Person> Find(OperationsPlan plan, string address) =>
        [.. plan.People.Where(person => person.Email is { Length: > 0 } email && string.Equals(email.Trim(), address, StringComparison.OrdinalIgnoreCase))];
}
