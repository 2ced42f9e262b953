using System.Text.Json;
using System.Text.Json.Serialization;

namespace MaintenanceFunctions.Identity;

/// <summary>Who a directory says has signed in.</summary>
/// <param name="Address">The sign-in name, which has the form of an e-mail address; null where the directory states none, or several.</param>
/// <param name="ObjectId">The directory's own id of the account, which never changes and is never given again; null where it states none, or several.</param>
/// <param name="Name">How the account is called; null where it is not stated. Whoever has the account may choose it: for showing alone.</param>
/// <param name="Roles">The app roles that the directory's administrators gave the account for this app.</param>
public sealed record DirectoryAccount(string? Address, Guid? ObjectId, string? Name, IReadOnlyList<string> Roles);

/// <summary>
/// Reads the header <c>X-MS-CLIENT-PRINCIPAL</c> of App Service's authentication: base 64 of JSON with the provider (<c>auth_typ</c>) and the claims (<c>typ</c>,
/// <c>val</c>); see "Work with user identities in Azure App Service authentication" in Microsoft's documentation.
/// </summary>
public static class ClientPrincipal
{
    /// <summary>The name of the header.</summary>
    public const string Header = "X-MS-CLIENT-PRINCIPAL";

    /// <summary>Far above what a directory puts into a token, and no work for whoever sends more.</summary>
    private const int MaxLength = 64 * 1024;

    /// <summary>
    /// The sign-in name that the directory itself gives its people. Not <c>email</c> and its like: those hold what anybody wrote into a profile, unverified.
    /// </summary>
    private const string AddressClaim = "preferred_username";

    private const string NameClaim = "name";

    /// <summary>The directory that signed the person in: the platform writes the long name for the token's <c>tid</c>, newer versions may leave it.</summary>
    private static readonly string[] TenantClaims = ["http://schemas.microsoft.com/identity/claims/tenantid", "tid"];

    /// <summary>The account's id, the same two ways.</summary>
    private static readonly string[] ObjectClaims = ["http://schemas.microsoft.com/identity/claims/objectidentifier", "oid"];

    /// <summary>The app roles, a claim for each, the same two ways.</summary>
    private static readonly string[] RoleClaims = ["http://schemas.microsoft.com/ws/2008/06/identity/claims/role", "roles"];

    /// <summary>
    /// The account that signed in; null where there is no header, it is malformed, or another provider or another directory wrote it (each chooses the names and
    /// roles of its own people, and so could choose those of ours).
    /// </summary>
    /// <param name="header">The header's value, or null.</param>
    /// <param name="tenant">The one directory whose sign-ins count.</param>
    public static DirectoryAccount? Read(string? header, Guid tenant)
    {
        if (header is not { Length: > 0 and <= MaxLength })
        {
            return null;
        }

        var json = new byte[header.Length];
        if (!Convert.TryFromBase64String(header, json, out var length))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<Principal>(json.AsSpan(0, length)) is { Provider: "aad", Claims: { } claims } && IsOf(tenant, claims)
                ? new DirectoryAccount(Only(claims, AddressClaim), ObjectId(claims), Only(claims, NameClaim), [.. Texts(claims, RoleClaims).Distinct(StringComparer.OrdinalIgnoreCase)])
                : null;
        }
        catch (JsonException)
        {
            // Nothing that the platform wrote: it proves nobody's identity.
            return null;
        }
    }

    /// <summary>The sign-in name of <see cref="Read"/>; null where that proves nothing, or states no one name.</summary>
    /// <param name="header">The header's value, or null.</param>
    /// <param name="tenant">The one directory whose sign-ins count.</param>
    public static string? Address(string? header, Guid tenant) => Read(header, tenant)?.Address;

    private static bool IsOf(Guid tenant, IReadOnlyList<Claim?> claims) =>
        Values(claims, TenantClaims) is { Count: > 0 } tenants && tenants.TrueForAll(value => Guid.TryParseExact(value, "D", out var stated) && stated == tenant);

    private static Guid? ObjectId(IReadOnlyList<Claim?> claims)
    {
        // Both names may be there, for one id.
        var ids = Values(claims, ObjectClaims).ConvertAll(static value => Guid.TryParseExact(value, "D", out var id) && id != Guid.Empty ? id : (Guid?)null);
        return ids.Distinct().ToList() is [{ } only] ? only : null;
    }

    private static string? Only(IReadOnlyList<Claim?> claims, string type) =>
        Values(claims, [type]) is [{ } value] && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    private static IEnumerable<string> Texts(IReadOnlyList<Claim?> claims, string[] types) =>
        Values(claims, types).OfType<string>().Select(static value => value.Trim()).Where(static value => value.Length > 0);

    private static List<string?> Values(IReadOnlyList<Claim?> claims, string[] types) =>
        [.. claims.Where(claim => claim is { Type: { } type } && types.Contains(type)).Select(static claim => claim!.Value)];

    private sealed record Principal(
        [property: JsonPropertyName("auth_typ")] string? Provider, [property: JsonPropertyName("claims")] IReadOnlyList<Claim?>? Claims);

    private sealed record Claim([property: JsonPropertyName("typ")] string? Type, [property: JsonPropertyName("val")] string? Value);
}
