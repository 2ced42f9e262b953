using System.CommandLine;
using Maintenance.Access;
using Maintenance.Web.Api;

namespace Maintenance.Local.Cli;

/// <summary><c>token issue|sign-in|revoke|list|end</c>.</summary>
internal static class TokenCommands
{
    public static Command Make(CommonOptions common)
    {
        var person = new Argument<string>("person") { Description = "The id of a person of the plan." };
        var id = new Argument<string?>("id") { Description = "Its id, as the list shows it.", Arity = ArgumentArity.ZeroOrOne };
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
                static revoked => Console.WriteLine($"{revoked.Text("count")} tokens, sessions and sign-in links of {revoked.Text("person")} are no longer valid.")),
            ApiCommand.Make(
                "list", "Show where you are signed in, and your tokens (--token says who you are).", common, [],
                static (api, _, cancellation) => api.GetAsync("/api/me/credentials", cancellation),
                static lines => Output.Table(
                    ["ID", "KIND", "SINCE", "UNTIL", "WHERE"],
                    lines.EnumerateArray().Select(static line => (IReadOnlyList<string>)
                        [line.Text("id"), line.Text("kind"), line.Instant("issuedAt"), line.Instant("expiresAt"), line.Text("label") + (line.GetProperty("isThis").GetBoolean() ? " (this one)" : "")]))),
            ApiCommand.Make(
                "end", "End one session, link or token of yours; without an id every session and link (--token says who you are).", common, [id],
                (api, parsed, cancellation) => api.PostAsync("/api/me/sign-outs", new SignOutRequest(parsed.GetValue(id)), cancellation),
                static ended => Console.WriteLine($"{ended.Text("count")} ended.")));
    }
}
