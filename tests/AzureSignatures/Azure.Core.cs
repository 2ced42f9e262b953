using System.Diagnostics.CodeAnalysis;

namespace Azure.Core;

public readonly struct HttpHeader : IEquatable<HttpHeader>
{
    public HttpHeader(string name, string value)
    {
        Name = name;
        Value = value;
    }

    public string Name { get; }

    public string Value { get; }

    public bool Equals(HttpHeader other) => Name == other.Name && Value == other.Value;

    public override bool Equals(object? obj) => obj is HttpHeader other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Name, Value);
}

public readonly struct ResponseHeaders
{
    private readonly Response _response;

    internal ResponseHeaders(Response response) => _response = response;

    public ETag? ETag => _response.Header("ETag", out var value) ? new ETag(value) : null;

    public bool TryGetValue(string name, [NotNullWhen(true)] out string? value) => _response.Header(name, out value);
}

public abstract class TokenCredential
{
    public abstract ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken);

    public abstract AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken);
}

public readonly struct TokenRequestContext
{
    public TokenRequestContext(string[] scopes, string? parentRequestId) => (Scopes, ParentRequestId) = (scopes, parentRequestId);

    public string[] Scopes { get; }

    public string? ParentRequestId { get; }
}

public struct AccessToken
{
    public AccessToken(string accessToken, DateTimeOffset expiresOn) => (Token, ExpiresOn) = (accessToken, expiresOn);

    public string Token { get; }

    public DateTimeOffset ExpiresOn { get; }
}

public abstract class ClientOptions
{
    protected ClientOptions()
    {
    }
}
