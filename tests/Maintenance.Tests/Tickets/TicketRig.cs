using System.Text.Json;
using Maintenance.Local.Storage;
using Maintenance.Plan;
using Maintenance.Tests.Services;
using Maintenance.Tests.Web;
using Maintenance.Tickets;
using Maintenance.Tickets.Search;
using Maintenance.Web.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Maintenance.Tests.Tickets;

/// <summary>The composition that both hosts share, with one more person: dan, who has no role and asks for nothing.</summary>
internal sealed class TicketRig : IAsyncDisposable
{
    public static readonly string Plan = Office.QuickPlan.Replace("calendars:\n", "  - { id: dan, name: Dan <i>D</i>, roles: [guest] }\ncalendars:\n", StringComparison.Ordinal)
        + "\nteams:\n  - { id: desk, name: Service desk, lead: ann, members: [ann, ben] }\n";

    private TicketRig(WebRig web) => Web = web;

    public WebRig Web { get; }

    public static async Task<TicketRig> StartAsync() =>
        new(await WebRig.StartAsync(static (rig, services) => services.AddSingleton<IPlanSource>(new WebRig.FixedPlan(rig.PathOf(""), Plan))));

    public Task<RigAnswer> SendAsync(string person, Route route, string? value = null, object? body = null, string query = "", params (string Name, string Value)[] headers)
    {
        Web.Caller = Web.Person(person);
        Web.Query = query;
        return Web.SendAsync(route, value, body, null, headers);
    }

    public Task<RigAnswer> ActAsync(string person, string id, object act, params (string Name, string Value)[] headers) => SendAsync(person, Routes.ActOnTicket, id, act, "", headers);

    /// <summary>Opens a ticket, and gives its id.</summary>
    public async Task<string> OpenAsync(string person = "cat", object? body = null)
    {
        var answer = await SendAsync(person, Routes.OpenTicket, null, body ?? new { title = "Printer", description = "It smokes.", type = "incident" });
        Assert.True(answer.Status == 201, $"{answer.Status} {answer.Body}");
        return answer.Json.GetProperty("id").GetString()!;
    }

    public async Task<JsonElement> GetAsync(string id, string person = "ben") => (await SendAsync(person, Routes.GetTicket, id)).Json;

    public async Task<IReadOnlyList<string>> FindAsync(string query, string person = "ben")
    {
        var answer = await SendAsync(person, Routes.ListTickets, query: query);
        Assert.True(answer.Status == 200, $"{query}: {answer.Status} {answer.Body}");
        return [.. answer.Json.EnumerateArray().Select(static ticket => ticket.GetProperty("id").GetString()!)];
    }

    /// <summary>Lets the index hear of everything.</summary>
    public async Task HearAsync()
    {
        var (queue, handler) = (Web.Get<SqliteMessageQueue>(), new TicketEventDelivery(Web.Get<TicketService>(), [Web.Get<TicketIndexer>()]));
        while (await queue.ReceiveAsync(handler.Queue, 10, TimeSpan.FromMinutes(5), default) is { Count: > 0 } messages)
        {
            foreach (var message in messages)
            {
                await handler.HandleAsync(message, default);
                Assert.True(await queue.CompleteAsync(message, default));
            }
        }
    }

    public ValueTask DisposeAsync() => Web.DisposeAsync();
}
