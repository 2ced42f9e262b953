#nullable disable
using Azure.Core;

namespace Azure.Identity;

public class TokenCredentialOptions : ClientOptions
{
}

public class DefaultAzureCredentialOptions : TokenCredentialOptions
{
}

public class DefaultAzureCredential : TokenCredential
{
    public DefaultAzureCredential(bool includeInteractiveCredentials = false)
    {
    }

    public DefaultAzureCredential(DefaultAzureCredentialOptions options)
    {
    }

    protected DefaultAzureCredential()
    {
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}

public class AuthenticationFailedException : Exception
{
    public AuthenticationFailedException(string message)
        : base(message)
    {
    }

    public AuthenticationFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

public class ManagedIdentityId
{
    private ManagedIdentityId()
    {
    }

    public static ManagedIdentityId SystemAssigned { get; } = new();

    public static ManagedIdentityId FromUserAssignedClientId(string id) => new();
}

public class ManagedIdentityCredential : TokenCredential
{
    public ManagedIdentityCredential(string clientId = null, TokenCredentialOptions options = null)
    {
    }

    public ManagedIdentityCredential(ManagedIdentityId id)
    {
    }

    protected ManagedIdentityCredential()
    {
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
