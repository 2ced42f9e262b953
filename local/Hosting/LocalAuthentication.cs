using System.Security.Cryptography;
using System.Text;
using Maintenance.Access;
using Maintenance.Plan;
using Maintenance.Web.Http;

namespace Maintenance.Local.Hosting;

/// <summary>Recognises callers on one machine: the operator's token, a person's token, or a browser's session.</summary>
public sealed class LocalAuthentication(AccessService access, ActivePlan plan, OperatorToken operatorToken) : IAuthentication
{
    private readonly byte[] _operator = SHA256.HashData(Encoding.UTF8.GetBytes(operatorToken.Value));

    /// <inheritdoc/>
    public string? SignInAddress(string to) => null;

    /// <inheritdoc/>
    public string? SignOutAddress => null;

    /// <inheritdoc/>
    public async Task<Caller?> AuthenticateAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (http.Request.Headers.Authorization.ToString() is { Length: > 0 } header)
        {
            // A request that names an identity is never taken for another one, even where a cookie would do.
            return header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? await OfTokenAsync(header["Bearer ".Length..].Trim(), http.RequestAborted) : null;
        }

        return SessionCookie.Read(http) is { } session
            && await access.RecogniseAsync(CredentialKind.Session, session, http.RequestAborted) is { } person
                ? Known(person, isAmbient: true)
                : null;
    }

    private async Task<Caller?> OfTokenAsync(string token, CancellationToken cancellation) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(token)), _operator) ? Caller.Operator
            : await access.RecogniseAsync(CredentialKind.Token, token, cancellation) is { } person ? Known(person, isAmbient: false)
            : null;

    /// <summary>Who has left the plan is nobody here, whatever tokens they still hold.</summary>
    private Caller? Known(string id, bool isAmbient) => plan.StateOrNull?.Plan.FindPerson(id) is { } person ? new Caller(person, isAmbient) : null;
}

/// <summary>The token of whoever holds the data folder.</summary>
public sealed record OperatorToken(string Value);
