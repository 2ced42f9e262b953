using System.Collections.Concurrent;
using System.Net;
using Maintenance.Tests.EndToEnd;

namespace Maintenance.BrowserTests.Browsing;

/// <summary>A server with something in every room, whose public pages are in two languages, and sessions of its people.</summary>
public sealed class FurnishedRegister : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, string> _sessions = new();
    private readonly RunningRegister _register = new(new QuickPlan { Languages = "en, fr" });

    /// <summary>What routes are filled from.</summary>
    internal RunningRegister Register => _register;

    internal ServerProcess Server => _register.Server;

    public async Task InitializeAsync()
    {
        if (Chromium.SkipReason is not null)
        {
            return;
        }

        await _register.InitializeAsync();
        using var sam = Server.As(_register.TokenOf("sam"));
        (await sam.PostAsync("/api/tickets/T-1001/responses", new { text = "We look into it." })).Expect(HttpStatusCode.OK);
        (await sam.PostAsync("/api/tickets/T-1001/acts", new { act = "comment", text = "It may be the printer." })).Expect(HttpStatusCode.OK);
        (await sam.PostAsync("/api/tickets/T-1002/resolution", new { text = "The printer was empty." })).Expect(HttpStatusCode.OK);
        using var kim = Server.As(await _register.IssueAsync("lee"));
        (await kim.PostAsync($"/api/patches/{_register.Patch}/votes", new { choice = "approve", comment = "Tried on the test system." })).Expect(HttpStatusCode.OK);
    }

    public Task DisposeAsync() => _register.DisposeAsync();

    /// <summary>An operation that goes on for as long as nobody decides.</summary>
    internal async Task<string> FindOperationAsync()
    {
        var operations = (await Server.Operator.GetAsync("/api/operations")).Expect(HttpStatusCode.OK).Json.EnumerateArray();
        return operations.First(static operation => operation.GetProperty("state").GetString() == "running").GetProperty("id").GetString()!;
    }

    /// <summary>A window of a person, who signed in once for all tests.</summary>
    internal async Task<Visit> VisitAsync(Browsers browsers, string? person, Look look)
    {
        if (person is not null && !_sessions.ContainsKey(person))
        {
            await using var first = await browsers.SignInAsync(Server, person);
            _sessions[person] = await first.StorageAsync();
            await first.EndAsync();
        }

        return await browsers.OpenAsync(Server, look, person is null ? null : _sessions[person]);
    }
}
