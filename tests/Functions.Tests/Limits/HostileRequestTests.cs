using System.Net;
using System.Text.RegularExpressions;
using MaintenanceFunctions.Tests.App;
using Microsoft.Azure.Functions.Worker;

namespace MaintenanceFunctions.Tests.Limits;

/// <summary>Every address of the app with every hostile text in it: nothing of it may fail as a fault of ours, nor reach a service that would refuse it.</summary>
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

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Place();
}
