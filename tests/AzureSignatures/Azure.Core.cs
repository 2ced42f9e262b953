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
}

public abstract class TokenCredential
{
    public abstract ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken);

    public abstract AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken);
}

public readonly struct TokenRequestContext
{
}

public struct AccessToken
{
}

public abstract class ClientOptions
{
    protected ClientOptions()
    {
    }
}
