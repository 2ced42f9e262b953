using Maintenance.Web.Http;

namespace Maintenance.Tests.Tickets;

/// <summary>Every act by everybody in every state, over HTTP, against a table that was written by hand.</summary>
public sealed class TicketPermissionTests : IAsyncLifetime
{
    /// <summary>What staff, the requester, and somebody else may do: in which states, by their first letters; everywhere else the state forbids it. A dash: nowhere, they may not.</summary>
    private static readonly (string Act, object Body, string Staff, string Requester, string Other)[] Table =
    [
        ("triage", new { act = "triage", type = "problem" }, "NTAPW", "-", "-"),
        ("assign", new { act = "assign", to = "ann" }, "NTAPW", "-", "-"),
        ("assign by the rules", new { act = "assign" }, "NTAPW", "-", "-"),
        ("start", new { act = "start" }, "NTAP", "-", "-"),
        ("wait", new { act = "wait", @for = "supplier", reason = "Ordered" }, "NTAPW", "-", "-"),
        ("resume", new { act = "resume" }, "W", "-", "-"),
        ("respond", new { act = "respond", text = "x" }, "NTAPW", "-", "-"),
        ("note", new { act = "comment", text = "x" }, "NTAPWRC", "-", "-"),
        ("comment", new { act = "comment", text = "x", isPublic = true }, "NTAPWRC", "NTAPWRC", "-"),
        ("resolve", new { act = "resolve", text = "x" }, "NTAPW", "-", "-"),
        ("close", new { act = "close" }, "RC", "RC", "-"),
        ("reopen", new { act = "reopen", reason = "x" }, "RC", "RC", "-"),
        ("edit", new { act = "edit", title = "Other" }, "NTAPWRC", "-", "-"),
        ("link", new { act = "link", kind = "causedBy", ticket = "T-1001" }, "NTAPWRC", "-", "-"),
        ("unlink", new { act = "unlink", kind = "causedBy", ticket = "T-1001" }, "NTAPWRC", "-", "-"),
        ("watch", new { act = "watch" }, "NTAPWRC", "NTAPWRC", "NTAPWRC"),
        ("unwatch", new { act = "unwatch" }, "NTAPWRC", "NTAPWRC", "NTAPWRC"),
        ("watch for another", new { act = "watch", person = "ann" }, "NTAPWRC", "-", "-"),
        ("unwatch for another", new { act = "unwatch", person = "ann" }, "NTAPWRC", "-", "-"),

        // The chain of the plan names cat, who asks, and not dan.
        ("acknowledge", new { act = "acknowledge" }, "NTAPW", "NTAPW", "-"),
    ];

    private static readonly Dictionary<char, object[]> Ways = new()
    {
        ['N'] = [],
        ['T'] = [new { act = "triage" }],
        ['A'] = [new { act = "assign", to = "ben" }],
        ['P'] = [new { act = "start" }],
        ['W'] = [new { act = "wait", @for = "requester", reason = "An answer" }],
        ['R'] = [new { act = "resolve", text = "Done" }],
        ['C'] = [new { act = "resolve", text = "Done" }, new { act = "close" }],
    };

    private TicketRig _rig = null!;

    public async Task InitializeAsync() => _rig = await TicketRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task Who_may_do_what_when_is_as_the_table_says()
    {
        _ = await _rig.OpenAsync("ben");
        var faults = new List<string>();
        foreach (var (name, body, staff, requester, other) in Table)
        {
            foreach (var (state, way) in Ways)
            {
                foreach (var (person, allowed) in new[] { ("ben", staff), ("ann", staff), ("cat", requester), ("dan", other) })
                {
                    var id = await _rig.OpenAsync();
                    foreach (var step in way)
                    {
                        Assert.Equal(200, (await _rig.ActAsync("ben", id, step)).Status);
                    }

                    var expected = allowed == "-" ? 403 : allowed.Contains(state, StringComparison.Ordinal) ? 200 : 409;
                    var answer = await _rig.ActAsync(person, id, body);
                    if (answer.Status != expected)
                    {
                        faults.Add($"{name} by {person} in {state}: expected {expected}, got {answer.Status} {answer.Body}");
                    }
                }
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public async Task What_support_decides_is_not_for_others_to_see()
    {
        var id = await _rig.OpenAsync();
        foreach (var route in new[] { Routes.GetTicketAssignment, Routes.RespondToTicket, Routes.ResolveTicket })
        {
            Assert.Equal(403, (await _rig.SendAsync("cat", route, id, route.Method == "POST" ? new { text = "x" } : null)).Status);
        }

        var choice = (await _rig.SendAsync("ben", Routes.GetTicketAssignment, id)).Json;
        Assert.Equal(["ann", "ben"], choice.GetProperty("considered").EnumerateArray().Select(static one => one.GetProperty("person").GetString()));
        Assert.Equal(404, (await _rig.SendAsync("ben", Routes.GetTicketAssignment, "T-99")).Status);
        Assert.Equal(403, (await _rig.SendAsync("ben", Routes.ReindexTickets, null, new { after = 0 })).Status);
        Assert.Equal(200, (await _rig.SendAsync("ann", Routes.ReindexTickets, null, new { after = 0 })).Status);
    }

    [Fact]
    public async Task Somebody_opens_a_ticket_in_their_own_name_and_staff_for_anybody()
    {
        var mine = await _rig.GetAsync(await _rig.OpenAsync("cat"));
        Assert.Equal(("cat", "new", "desk", "p2"), (mine.GetProperty("requester").GetString(), mine.GetProperty("state").GetString(), mine.GetProperty("team").GetString(), mine.GetProperty("priority").GetString()));
        Assert.Equal("cat", mine.GetProperty("history")[0].GetProperty("by").GetString());
        var body = new { title = "A", description = "B", type = "serviceRequest", requester = "Jane Doe, 555-1234", impact = "all", urgency = "now" };
        Assert.Equal(422, (await _rig.SendAsync("cat", Routes.OpenTicket, null, body)).Status);
        var hers = await _rig.GetAsync(await _rig.OpenAsync("ben", body));
        Assert.Equal(("Jane Doe, 555-1234", "p1"), (hers.GetProperty("requester").GetString(), hers.GetProperty("priority").GetString()));

        // A name and number from outside are for staff only, and so is who asked by them.
        Assert.False((await _rig.GetAsync(hers.GetProperty("id").GetString()!, "cat")).TryGetProperty("requester", out _));
        await _rig.HearAsync();
        Assert.Single(await _rig.FindAsync("?requester=Jane%20Doe,%20555-1234"));
        Assert.Equal(403, (await _rig.SendAsync("cat", Routes.ListTickets, query: "?requester=Jane%20Doe,%20555-1234")).Status);
        Assert.Single(await _rig.FindAsync("?requester=me", "cat"));
        Assert.Single(await _rig.FindAsync("?requester=cat", "dan"));
    }
}
