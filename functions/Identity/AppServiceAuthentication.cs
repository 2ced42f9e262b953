using Maintenance;
using Maintenance.Plan;
using Maintenance.Web.Http;
using Microsoft.AspNetCore.Http;

namespace MaintenanceFunctions.Identity;

/// <summary>
/// Recognises callers on Azure: the platform signs people in, the plan says who they are here, and the directory may give them app roles besides. Somebody of the
/// directory whom the plan does not know acts by app roles alone, as a guest: see <see cref="Caller.IsGuest"/>.
/// </summary>
/// <param name="plan">Knows the people by their e-mail addresses.</param>
/// <param name="tenant">The one directory whose sign-ins count.</param>
/// <param name="isOn">
/// True where the platform's authentication stands in front of the app. Only then does the platform keep callers from sending its headers themselves; without
/// it nobody is recognised.
/// </param>
public sealed class AppServiceAuthentication(ActivePlan plan, Guid tenant, bool isOn) : IAuthentication
{
    /// <inheritdoc/>
    public string? SignInAddress(string to) => "/.auth/login/aad?post_login_redirect_uri=" + (to == "/" ? to : Uri.EscapeDataString(to));

    /// <inheritdoc/>
    public string? SignOutAddress => "/.auth/logout?post_logout_redirect_uri=/feedback";

    /// <inheritdoc/>
    /// <exception cref="HttpProblemException">
    /// 403: signed in, but not by this organisation's directory, or nobody of the plan (or two of its people) without an app role that counts here. To sign in again
    /// would not help.
    /// </exception>
    /// <exception cref="PlanUnavailableException">Signed in, but there is no plan that says who that is.</exception>
    public Task<Caller?> AuthenticateAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (!isOn || http.Request.Headers[ClientPrincipal.Header].ToString() is not { Length: > 0 } header)
        {
            return Task.FromResult<Caller?>(null);
        }

        var account = ClientPrincipal.Read(header, tenant);
        if (account is not null && plan.StateOrNull is { } state && Recognise(state.Plan, account) is { } caller)
        {
            return Task.FromResult<Caller?>(caller);
        }

        if (http.Features.Get<Route>() is { Access: RouteAccess.Public })
        {
            return Task.FromResult<Caller?>(null);
        }

        // Null would send the browser to sign in, which it has done: it would go round for ever.
        if (account is null)
        {
            throw HttpProblemException.Forbidden("You are signed in, but not with an account of this organisation's directory. Sign out, and in again with such an account.");
        }

        _ = plan.State;
        throw HttpProblemException.Forbidden(
            account.Address is { } address
                ? $"You are signed in as {address}, and the plan has no one person with that e-mail address. An app role of this system in the directory would let you in, too."
                : "You are signed in, but your account states no one sign-in name, and has no app role of this system in the directory.");
    }

    /// <summary>The caller; null where it is nobody here. A browser sends the platform's cookie by itself, so that the proof is ambient.</summary>
    private static Caller? Recognise(OperationsPlan plan, DirectoryAccount account)
    {
        var roles = Known(plan, account.Roles);
        var people = plan.People.Where(person => person.Email is { Length: > 0 } email && string.Equals(email.Trim(), account.Address, StringComparison.OrdinalIgnoreCase)).ToList();
        return people switch
        {
            [var person] => new Caller(person with { Roles = [.. person.Roles.Union(roles)] }, IsAmbient: true),

            // An address that two people of the plan have is neither's, and no stranger's.
            [] when roles.Count > 0 && account.ObjectId is { } id => Caller.Guest(id, account.Name ?? account.Address, roles),
            _ => null,
        };
    }

    /// <summary>The app roles that mean something here, as the plan spells them: the system's own, and those that it gives its people. Any other gives nothing.</summary>
    private static List<string> Known(OperationsPlan plan, IReadOnlyList<string> claimed) =>
        [.. plan.People.SelectMany(static person => person.Roles).Append(Roles.Administrator).Append(Roles.Support).Distinct().Where(role => claimed.Contains(role, StringComparer.OrdinalIgnoreCase))];
}
