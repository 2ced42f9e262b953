using System.CommandLine;
using Maintenance.Access;
using Maintenance.Web.Api;

namespace Maintenance.Local.Cli;

/// <summary><c>token issue|sign-in|revoke</c>.</summary>
internal static class TokenCommands
{
    public static Command Make(CommonOptions common)
    {
        var person = new Argument<string>("person") { Description = "The id of a person of the plan." };
        return ApiCommand.Group(
            "token",
            "Issue what stands for a person, which only the operator of the machine can; and revoke it.",
            ApiCommand.Make(
                "issue", "Issue a bearer token, valid for a year; it is shown this once.", common, [person],
                (api, parsed, cancellation) => api.PostAsync(ApiCommand.Path($"/api/people/{parsed.GetRequiredValue(person)}/credentials"), new CredentialRequest(CredentialKind.Token), cancellation),
                static issued => Console.WriteLine(issued.Text("secret"))),
            ApiCommand.Make(
                "sign-in", "Make a link that signs a browser in once, within 15 minutes.", common, [person],
                (api, parsed, cancellation) => api.IsServed
                    ? api.PostAsync(ApiCommand.Path($"/api/people/{parsed.GetRequiredValue(person)}/credentials"), new CredentialRequest(CredentialKind.SignIn), cancellation)
                    : throw new ApiException(409, "Start 'serve' first: a sign-in link needs a running server"),
                static issued => Console.WriteLine(issued.Text("link"))),
            ApiCommand.Make(
                "revoke", "Make every token, session and sign-in link of a person invalid.", common, [person],
                (api, parsed, cancellation) => api.PostAsync(ApiCommand.Path($"/api/people/{parsed.GetRequiredValue(person)}/revocations"), new { }, cancellation),
                static revoked => Console.WriteLine($"{revoked.Text("count")} tokens, sessions and sign-in links of {revoked.Text("person")} are no longer valid.")));
    }
}
