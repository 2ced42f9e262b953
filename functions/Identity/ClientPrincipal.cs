using System.Text.Json;
using System.Text.Json.Serialization;

namespace MaintenanceFunctions.Identity;

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

    private static readonly string[] AddressClaims =
        ["preferred_username", "email", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"];

    /// <summary>
    /// The e-mail addresses that Microsoft Entra ID vouches for, each once whatever its case; empty where there is no header, it is malformed, or another provider
    /// wrote it: most providers let people choose the address that they state.
    /// </summary>
    public static IReadOnlyList<string> Addresses(string? header)
    {
        if (header is not { Length: > 0 and <= MaxLength })
        {
            return [];
        }

        var json = new byte[header.Length];
        if (!Convert.TryFromBase64String(header, json, out var length))
        {
            return [];
        }

        try
        {
            return JsonSerializer.Deserialize<Principal>(json.AsSpan(0, length)) is { Provider: "aad", Claims: { } all }
                ? [.. all.Where(IsAddress).Select(static claim => claim!.Value!.Trim()).Distinct(StringComparer.OrdinalIgnoreCase)]
                : [];
        }
        catch (JsonException)
        {
            // Nothing that the platform wrote: it proves nobody's identity.
            return [];
        }
    }

    private static bool IsAddress(Claim? claim) =>
        claim is { Type: { } type } && !string.IsNullOrWhiteSpace(claim.Value) && AddressClaims.Contains(type, StringComparer.OrdinalIgnoreCase);

    private sealed record Principal(
        [property: JsonPropertyName("auth_typ")] string? Provider, [property: JsonPropertyName("claims")] IReadOnlyList<Claim?>? Claims);

    private sealed record Claim([property: JsonPropertyName("typ")] string? Type, [property: JsonPropertyName("val")] string? Value);
}
