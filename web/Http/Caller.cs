using Maintenance.Plan;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Http;

/// <summary>Who sent a request.</summary>
/// <param name="Person">The person of the plan, or the guest (see <see cref="IsGuest"/>); null for the machine's operator.</param>
/// <param name="IsAmbient">True where the browser sends the proof of identity by itself (a cookie), so that other sites could make it send one.</param>
public sealed record Caller(Person? Person, bool IsAmbient)
{
    /// <summary>The machine's operator: whoever can read the data folder. May do everything that is not a person's own act, such as a vote.</summary>
    public static Caller Operator { get; } = new(null, false);

    /// <summary>
    /// True for somebody whom the plan does not know, and who acts by the roles that the organisation's directory gives. A guest does what those roles may, under an
    /// id that no person of the plan can have; what takes a person of the plan (a vote, a request, a review: they are counted by who the plan says people are) is
    /// refused.
    /// </summary>
    public bool IsGuest { get; private init; }

    /// <summary>Why a guest may not do what takes a person of the plan; null for everybody else.</summary>
    public string? GuestRefusal => IsGuest ? $"{Name} acts by a role of the directory and is nobody of the plan, and this takes a person of the plan: have the plan name you." : null;

    /// <summary>A guest.</summary>
    /// <param name="account">The directory's id of the account.</param>
    /// <param name="name">How the account is called, or null.</param>
    /// <param name="roles">What the directory lets it do here.</param>
    public static Caller Guest(Guid account, string? name, IReadOnlyList<string> roles)
    {
        // Ids of the plan have no colon.
        var id = $"directory:{account:D}";
        return new Caller(new Person(id, name ?? id, null, null, roles, [], null), IsAmbient: true) { IsGuest = true };
    }

    /// <summary>The name under which acts are recorded.</summary>
    public string Id => Person?.Id ?? "operator";

    /// <summary>The name that pages show.</summary>
    public string Name => Person?.Name ?? "Operator of this machine";

    /// <summary>True where the caller may do what is open to this role.</summary>
    public bool Is(string role) => Person is null || Person.Roles.Contains(role) || Person.Roles.Contains(Roles.Administrator);
}

/// <summary>Recognises callers. Each host has its own way: tokens and cookies on one machine, the platform's authentication on Azure.</summary>
public interface IAuthentication
{
    /// <summary>The caller, or null where the request proves no identity.</summary>
    Task<Caller?> AuthenticateAsync(HttpContext http);

    /// <summary>Where a browser signs in when the host does not do that with this system's own page; null where it does.</summary>
    /// <param name="to">The page of this site that it comes back to.</param>
    string? SignInAddress(string to);

    /// <summary>Where a browser signs out of the platform; null where ending this system's own session is all there is to do.</summary>
    string? SignOutAddress { get; }
}
