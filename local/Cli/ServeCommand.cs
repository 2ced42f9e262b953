using System.CommandLine;
using Maintenance.Access;
using Maintenance.Local.Hosting;
using Maintenance.Plan;
using Maintenance.Time;
using Maintenance.Web.Http;
using Maintenance.Web.Notifications;

namespace Maintenance.Local.Cli;

/// <summary><c>serve</c>: the pages, the API, the timers and the queues, until Ctrl-C.</summary>
internal static class ServeCommand
{
    public static Command Make(CommonOptions common)
    {
        var urls = new Option<string>("--urls") { Description = "Where to serve; several with ; between.", DefaultValueFactory = static _ => "http://127.0.0.1:7071" };
        urls.Validators.Add(static result =>
        {
            foreach (var url in (result.GetValueOrDefault<string>() ?? "").Split(';').Where(static url => !IsServable(url)))
            {
                result.AddError($"--urls is an address such as http://127.0.0.1:7071, or several with ; between; '{url}' is none.");
            }
        });
        var publicUrl = new Option<Uri?>("--public-url")
        {
            Description = "Where people reach it, for links in notifications; the first of --urls where left out.",
            CustomParser = static result =>
            {
                if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
                {
                    return url;
                }

                result.AddError($"--public-url is an address such as https://maintenance.registry.example/; '{result.Tokens[0].Value}' is none.");
                return null;
            },
        };
        var tick = new Option<string>("--tick") { Description = "How often timers run.", DefaultValueFactory = static _ => "1m" };
        tick.Validators.Add(static result =>
        {
            if (!Durations.TryParse(result.GetValueOrDefault<string>() ?? "", out var value) || value <= TimeSpan.Zero || value > TimeSpan.FromHours(1))
            {
                result.AddError("--tick is a duration from 1s to 1h, such as 1m.");
            }
        });
        var feedbackRate = new Option<int>("--feedback-rate")
        {
            Description = "How many submissions of feedback one address may send in a minute, half of them at once; 0 for no limit.",
            DefaultValueFactory = static _ => 120,
        };
        feedbackRate.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > FeedbackLimit.Most)
            {
                result.AddError($"--feedback-rate is a number from 0 to {FeedbackLimit.Most}.");
            }
        });
        var signInRate = new Option<int>("--sign-in-rate")
        {
            Description = "How often one address may fail to prove who it is, or ask for a sign-in link, in a minute, half of it at once; 0 for no limit.",
            DefaultValueFactory = static _ => 30,
        };
        signInRate.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > AddressLimit.Most)
            {
                result.AddError($"--sign-in-rate is a number from 0 to {AddressLimit.Most}.");
            }
        });
        var command = new Command("serve", "Serve the pages, the API, the timers and the queues until Ctrl-C (the default).") { urls, publicUrl, tick, feedbackRate, signInRate };
        command.SetAction(async (parsed, cancellation) =>
        {
            _ = Durations.TryParse(parsed.GetRequiredValue(tick), out var interval);
            var options = new LocalHostOptions(
                parsed.GetRequiredValue(common.Plan), parsed.GetRequiredValue(common.Data), parsed.GetRequiredValue(urls), interval, parsed.GetValue(publicUrl), LogLevel.Information,
                parsed.GetValue(feedbackRate), parsed.GetValue(signInRate));
            await using var host = await LocalHost.StartAsync(options, cancellation);
            await WelcomeAsync(host, cancellation);
            await host.RunAsync(cancellation);
            Console.WriteLine("Stopping: requests, messages and steps under way end first.");
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>True for an address as Kestrel takes it: a host, <c>*</c> or <c>+</c> for every one of this machine's, and a port.</summary>
    private static bool IsServable(string url) =>
        Uri.TryCreate(url.Trim().Replace("://*", "://localhost", StringComparison.Ordinal).Replace("://+", "://localhost", StringComparison.Ordinal), UriKind.Absolute, out var address)
        && address.Scheme is "http" or "https";

    private static async Task WelcomeAsync(LocalHost host, CancellationToken cancellation)
    {
        var plan = host.Services.GetRequiredService<ActivePlan>().State;
        Console.WriteLine($"{plan.Plan.System.Name} – {plan.Plan.System.Organisation}");
        foreach (var problem in plan.Problems)
        {
            Console.WriteLine(problem);
        }

        Console.WriteLine($"  Overview       {host.Address}");
        Console.WriteLine($"  Feedback form  {new Uri(host.Address, "feedback")}");
        if (host.IsFirstStart)
        {
            var administrator = plan.Plan.InRole(Roles.Administrator).First();
            var code = await host.Services.GetRequiredService<AccessService>().IssueAsync(CredentialKind.SignIn, administrator.Id, cancellation);
            Console.WriteLine($"  Sign in        {host.Services.GetRequiredService<PublicAddress>().Of("/sign-in?code=" + code)}");
            Console.WriteLine($"                 (as {administrator.Name}; works once, within 15 minutes; another: token sign-in <person>)");
        }
        else
        {
            Console.WriteLine("  Sign in        with the link of: token sign-in <person>");
        }

        Console.WriteLine("Ctrl-C stops it.");
    }
}
