using System.CommandLine;
using Maintenance.Access;
using Maintenance.Web.Api;

namespace Maintenance.Local.Cli;

/// <summary><c>token issue|sign-in</c>.</summary>
internal static class TokenCommands
{
    public static Command Make(CommonOptions common)
    {
        var person = new Argument<string>("person") { Description = "The id of a person of the plan." };
        return ApiCommand.Group(
            "token",
            "Issue what stands for a person. Only the operator of the machine can.",
            ApiCommand.Make(
                "issue", "Issue a bearer token, valid for a year; it is shown this once.", common, [person],
                (api, parsed, cancellation) => api.PostAsync(ApiCommand.Path($"/api/people/{parsed.GetRequiredValue(person)}/credentials"), new CredentialRequest(CredentialKind.Token), cancellation),
                static issued => Console.WriteLine(issued.Text("secret"))),
            ApiCommand.Make(
                "sign-in", "Make a link that signs a browser in once, within 15 minutes.", common, [person],
                (api, parsed, cancellation) => api.PostAsync(ApiCommand.Path($"/api/people/{parsed.GetRequiredValue(person)}/credentials"), new CredentialRequest(CredentialKind.SignIn), cancellation),
                static issued => Console.WriteLine(issued.Text("link"))));
    }
}
