using System.Net;
using System.Text.RegularExpressions;
using MaintenanceFunctions.Tests.App;
using Microsoft.Azure.Functions.Worker;

namespace MaintenanceFunctions.Tests.Limits;

/// <summary>Every address of the app with every hostile text in it: nothing of it may fail as a fault of ours, nor reach a service that would refuse it.</summary>
[Collection(RunsAlone.Name)]
public sealed partial class HostileRequestTests
{
    public static TheoryData<string, string> Addresses
    {
        get
        {
            var addresses = new TheoryData<string, string>();
            foreach (var function in FunctionCatalogue.With<HttpTriggerAttribute>())
            {
                var trigger = function.Trigger<HttpTriggerAttribute>()!;
                if (trigger.Route!.Contains('{', StringComparison.Ordinal))
                {
                    foreach (var method in trigger.Methods!)
                    {
                        addresses.Add(method.ToUpperInvariant(), trigger.Route);
                    }
                }
            }

            return addresses;
        }
    }

    [Fact]
    public async Task No_text_in_an_address_is_a_fault_of_ours_or_refused_by_a_service()
    {
        await using var app = await TestApp.StartAsync();
        var faults = new List<string>();
        foreach (var row in Addresses)
        {
            var (method, route) = ((string)row[0], (string)row[1]);
            foreach (var text in HostileTexts.All)
            {
                var path = "/" + Place().Replace(route, Uri.EscapeDataString(text));
                if (path.Length > 4000)
                {
                    continue;
                }

                using var answer = await app.SendAsync(method, path, "ann@registry.example", method == "GET" ? null : new { });
                if (answer.StatusCode >= HttpStatusCode.InternalServerError)
                {
                    faults.Add($"{method} {path} → {(int)answer.StatusCode}");
                }
            }
        }

        Assert.True(faults.Count == 0 && app.Traffic.Refused.Count == 0, string.Join('\n', faults.Concat(app.Traffic.Refused.Distinct()).Take(60)));
    }

    [Fact]
    public async Task No_text_in_a_query_is_a_fault_of_ours_or_refused_by_a_service()
    {
        string[] names = ["q", "state", "recipient", "queue", "service", "team", "tag", "type", "priority", "requester", "assignee", "watcher", "breached", "take", "after", "from", "to", "window", "duration", "name", "code", "lang", "workers", "ready", "public"];
        await using var app = await TestApp.StartAsync();
        var faults = new List<string>();
        var routes = FunctionCatalogue.With<HttpTriggerAttribute>().Select(static function => function.Trigger<HttpTriggerAttribute>()!)
            .Where(static trigger => trigger.Methods!.Contains("get") && !trigger.Route!.Contains('{', StringComparison.Ordinal)).Select(static trigger => trigger.Route!).ToList();
        foreach (var (route, name) in routes.SelectMany(_ => names, static (route, name) => (route, name)))
        {
            // Each name with a few of the texts, in turn, so that over all routes each meets each.
            foreach (var text in HostileTexts.All.Where((_, index) => (index + route.Length + name.Length) % 4 == 0 || name is "q" or "recipient" or "requester" or "tag"))
            {
                var path = $"/{route}?{name}={Uri.EscapeDataString(text)}";
                using var answer = await app.SendAsync("GET", path, "ann@registry.example");
                if (answer.StatusCode >= HttpStatusCode.InternalServerError)
                {
                    faults.Add($"GET {path} → {(int)answer.StatusCode}");
                }
            }
        }

        Assert.True(faults.Count == 0 && app.Traffic.Refused.Count == 0, string.Join('\n', faults.Concat(app.Traffic.Refused.Distinct()).Take(60)));
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Place();
}
