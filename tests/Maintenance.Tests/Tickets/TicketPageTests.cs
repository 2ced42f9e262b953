using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Maintenance.Tests.Web;
using Maintenance.Tickets;
using Maintenance.Web.Http;

namespace Maintenance.Tests.Tickets;

/// <summary>The pages of tickets, used as a browser without JavaScript uses them.</summary>
public sealed partial class TicketPageTests : IAsyncLifetime
{
    private TicketRig _rig = null!;

    public async Task InitializeAsync() => _rig = await TicketRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_ticket_is_opened_by_the_form_once_however_often_it_is_sent()
    {
        var page = await _rig.SendAsync("ben", Routes.TicketPage, "new");
        Assert.Equal(200, page.Status);
        var key = Hidden(page.Body, "key");
        var form = Form(("key", key), ("title", "From the page"), ("description", "One\nTwo"), ("type", "Problem"), ("service", "register"), ("impact", "all"), ("urgency", "now"), ("requester", ""), ("tags", "a, b"));
        var first = await _rig.SendAsync("ben", Routes.OpenTicketForm, null, form);
        var again = await _rig.SendAsync("ben", Routes.OpenTicketForm, null, form);

        Assert.Equal((302, first.Headers.Location.ToString()), (again.Status, again.Headers.Location.ToString()));
        var ticket = await _rig.GetAsync(first.Headers.Location.ToString().Split('/')[^1]);
        Assert.Equal(("From the page", "problem", "p1", "ben"), (ticket.GetProperty("title").GetString(), ticket.GetProperty("type").GetString(), ticket.GetProperty("priority").GetString(), ticket.GetProperty("requester").GetString()));

        // What is wrong is said beside its field, and what was typed is still there.
        var wrong = await _rig.SendAsync("ben", Routes.OpenTicketForm, null, Form(("key", "k2"), ("title", ""), ("description", "Typed <b>words</b>"), ("type", "Incident"), ("impact", "nonsense")));
        Assert.Equal(422, wrong.Status);
        Assert.Contains("title-error", wrong.Body, StringComparison.Ordinal);
        Assert.Contains("impact-error", wrong.Body, StringComparison.Ordinal);
        Assert.Contains("Typed &lt;b&gt;words&lt;/b&gt;", wrong.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"requester\"", (await _rig.SendAsync("cat", Routes.TicketPage, "new")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_form_of_a_tickets_page_does_what_it_says()
    {
        var id = await _rig.OpenAsync();
        foreach (var (fields, state, said) in new (string, string, string)[]
        {
            ("act=triage&type=Problem&maintenance=Corrective&impact=all&urgency=now&service=register&team=desk&skills=sql%2C+c&reason=Worse", "triaged", "Priority p2 → p1"),
            ("act=assign&to=ben&reason=You+know+it", "assigned", "Given to Ben."),
            ("act=start", "inProgress", "Work has begun."),
            ("act=wait&for=Supplier&reason=Ordered", "waiting", "Waits for the supplier."),
            ("act=resume", "assigned", "Goes on."),
            ("act=respond&text=We+look", "inProgress", "Answered."),
            ("act=comment&text=Between+us", "inProgress", "Noted:"),
            ("act=comment&public=on&text=For+you", "inProgress", "Answered."),
            ("act=edit&title=Other+title&description=It+smokes.&tags=a%2Cb", "inProgress", "Title, before: Printer"),
            ("act=link&kind=CausedBy&ticket=t-1002", "inProgress", "Caused by T-1002."),
            ("act=unlink&kind=CausedBy&ticket=T-1002", "inProgress", "No longer: caused by T-1002."),
            ("act=watch", "inProgress", "ben watches."),
            ("act=watch&person=cat", "inProgress", "cat watches."),
            ("act=unwatch", "inProgress", "ben watches no longer."),
            ("act=acknowledge", "inProgress", "Sees to the resolution."),
            ("act=resolve&text=Done&as=Workaround", "resolved", "Resolved (a way around it)."),
            ("act=reopen&reason=No", "assigned", "Reopened."),
            ("act=resolve&text=Done&as=Solved", "resolved", "Resolved."),
            ("act=close&reason=", "closed", "Closed."),
        })
        {
            if (fields.Contains("t-1002", StringComparison.Ordinal))
            {
                _ = await _rig.OpenAsync();
            }

            var page = (await _rig.SendAsync("ben", Routes.TicketPage, id)).Body;
            var act = fields.Split('&')[0]["act=".Length..];
            Assert.True(page.Contains($"name=\"act\" value=\"{act}\"", StringComparison.Ordinal), $"{act} is not offered");
            var answer = await _rig.SendAsync("ben", Routes.ActOnTicketForm, id, $"{fields}&version={Uri.EscapeDataString(Hidden(page, "version"))}&key={Guid.NewGuid():N}");
            Assert.True(answer.Status == 302, $"{fields}: {answer.Status} {Alert(answer.Body)}");
            var ticket = await _rig.GetAsync(id);
            Assert.Equal(state, ticket.GetProperty("state").GetString());
            Assert.Contains(said, ticket.GetProperty("history").EnumerateArray().Last().GetProperty("what").GetString()!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_lost_update_says_who_was_quicker_and_keeps_what_was_typed()
    {
        var id = await _rig.OpenAsync();
        var version = Hidden((await _rig.SendAsync("ben", Routes.TicketPage, id)).Body, "version");
        _ = await _rig.ActAsync("ann", id, new { act = "start" });

        var answer = await _rig.SendAsync("ben", Routes.ActOnTicketForm, id, Form(("act", "resolve"), ("version", version), ("key", "k"), ("text", "A long <story> of mine"), ("as", "Workaround")));

        Assert.Equal(412, answer.Status);
        Assert.Contains("Ann has changed", Alert(answer.Body), StringComparison.Ordinal);
        Assert.Contains("A long &lt;story&gt; of mine</textarea>", answer.Body, StringComparison.Ordinal);
        Assert.Matches("<option value=\"Workaround\" selected", answer.Body);
        Assert.Equal("inProgress", (await _rig.GetAsync(id)).GetProperty("state").GetString());

        // Looked at again and sent again, it is done.
        var now = Hidden(answer.Body, "version");
        Assert.NotEqual(version, now);
        Assert.Equal(302, (await _rig.SendAsync("ben", Routes.ActOnTicketForm, id, Form(("act", "resolve"), ("version", now), ("key", "k2"), ("text", "Mine"), ("as", "Solved")))).Status);
    }

    [Fact]
    public async Task What_the_system_did_since_the_page_was_shown_refuses_nobody_but_what_a_person_did_does()
    {
        var id = await _rig.OpenAsync();
        var page = (await _rig.SendAsync("ben", Routes.TicketPage, id)).Body;
        var (version, events) = (Hidden(page, "version"), Hidden(page, "events"));
        _ = await _rig.Web.Get<TicketService>().ActAsync(id, new TicketAct.Comment("A clock's mark has fired."), TicketActor.System, null, null, default);
        Assert.NotEqual(version, Hidden((await _rig.SendAsync("ben", Routes.TicketPage, id)).Body, "version"));

        var answer = await _rig.SendAsync("ben", Routes.ActOnTicketForm, id, Form(("act", "start"), ("version", version), ("events", events), ("key", "k")));
        Assert.Equal((302, "inProgress"), (answer.Status, (await _rig.GetAsync(id)).GetProperty("state").GetString()));

        // What ben did himself came after the page that he still has open.
        Assert.Equal(412, (await _rig.SendAsync("ben", Routes.ActOnTicketForm, id, Form(("act", "resolve"), ("version", version), ("events", events), ("key", "k2"), ("text", "Done"), ("as", "Solved")))).Status);

        // Sent again under its key, it is the act that was done.
        Assert.Equal(302, (await _rig.SendAsync("ben", Routes.ActOnTicketForm, id, Form(("act", "start"), ("version", version), ("events", events), ("key", "k")))).Status);
        Assert.Equal("inProgress", (await _rig.GetAsync(id)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task What_cannot_be_done_is_said_on_the_page()
    {
        var id = await _rig.OpenAsync();
        foreach (var (person, fields, status) in new[]
        {
            ("ben", "act=resolve&text=+", 422), ("ben", "act=nonsense", 400), ("ben", "", 400), ("ben", "act=wait&for=nonsense&reason=x", 422), ("ben", "act=link&kind=CausedBy&ticket=x%2Fy", 422), ("ben", "act=resume", 409),
            ("cat", "act=start", 403), ("dan", "act=comment&public=on&text=x", 403), ("ben", "act=assign&to=dan", 422),
        })
        {
            var answer = await _rig.SendAsync(person, Routes.ActOnTicketForm, id, fields);
            Assert.True(answer.Status == status && Alert(answer.Body).Length > 10, $"{fields}: {answer.Status}");
        }

        Assert.Equal(1, (await _rig.GetAsync(id)).GetProperty("events").GetInt32());
        Assert.Equal(404, (await _rig.SendAsync("ben", Routes.ActOnTicketForm, "T-99", "act=start")).Status);
    }

    [Fact]
    public async Task A_page_offers_to_whoever_looks_what_they_may_do()
    {
        var id = await _rig.OpenAsync();
        foreach (var (person, acts) in new[] { ("ben", "acknowledge assign comment edit link resolve respond start triage wait watch"), ("cat", "acknowledge comment watch"), ("dan", "watch") })
        {
            var page = (await _rig.SendAsync(person, Routes.TicketPage, id)).Body;
            Assert.Equal(acts, string.Join(' ', Acts().Matches(page).Select(static match => match.Groups[1].Value).Distinct().Order()));
            Assert.Equal(person != "dan", page.Contains($"/tickets/{id}/attachments\"", StringComparison.Ordinal));
        }

        _ = await _rig.ActAsync("ben", id, new { act = "resolve", text = "Done." });
        Assert.Equal("close comment reopen watch", string.Join(' ', Acts().Matches((await _rig.SendAsync("cat", Routes.TicketPage, id)).Body).Select(static match => match.Groups[1].Value).Distinct().Order()));
    }

    [Fact]
    public async Task The_list_is_filtered_and_several_are_changed_at_once_without_a_script()
    {
        var ids = new List<string>();
        for (var i = 0; i < 60; i++)
        {
            ids.Add(await _rig.OpenAsync("cat", new { title = $"Printer <{i}>", description = "B", type = "incident" }));
        }

        await _rig.HearAsync();
        var page = await _rig.SendAsync("ben", Routes.TicketsPage, query: "?q=printer&assignee=none");
        Assert.Equal(200, page.Status);
        Assert.Contains("Printer &lt;57&gt;", page.Body, StringComparison.Ordinal);
        var older = System.Text.RegularExpressions.Regex.Match(page.Body, "<a href=\"/tickets(\\?[^\"]+)\" rel=\"next\">").Groups[1].Value.Replace("&amp;", "&", StringComparison.Ordinal);
        Assert.Contains("Printer &lt;7&gt;", (await _rig.SendAsync("ben", Routes.TicketsPage, query: older)).Body, StringComparison.Ordinal);
        Assert.Contains("/api/tickets.csv?q=printer&amp;assignee=none", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"ticket\"", (await _rig.SendAsync("cat", Routes.TicketsPage)).Body, StringComparison.Ordinal);

        var form = string.Join('&', ids.Select(static id => "ticket=" + id)) + $"&key={Hidden(page.Body, "key")}&act=assign&to=ben&for=Requester&text=&reason=";
        var done = await _rig.SendAsync("ben", Routes.BulkTicketsForm, null, form);
        Assert.Equal(200, done.Status);
        Assert.Contains("Done to 60", done.Body, StringComparison.Ordinal);
        Assert.Contains("Done to 60", (await _rig.SendAsync("ben", Routes.BulkTicketsForm, null, form)).Body, StringComparison.Ordinal);
        Assert.Equal(2, (await _rig.GetAsync(ids[59])).GetProperty("events").GetInt32());
        var wrong = await _rig.SendAsync("ben", Routes.TicketsPage, query: "?q=!");
        Assert.Equal(400, wrong.Status);
        Assert.Contains("role=\"alert\"", wrong.Body, StringComparison.Ordinal);
        Assert.Equal(422, (await _rig.SendAsync("ben", Routes.BulkTicketsForm, null, "act=start")).Status);
    }

    [Fact]
    public async Task A_file_is_added_by_the_form()
    {
        var id = await _rig.OpenAsync();
        var added = await PostAsync("cat", id, "key", "notes.txt", "Hello"u8.ToArray());
        Assert.Equal(302, added.Status);
        Assert.Equal(302, (await PostAsync("cat", id, "key", "notes.txt", "Hello"u8.ToArray())).Status);
        var file = Assert.Single((await _rig.GetAsync(id)).GetProperty("attachments").EnumerateArray());
        Assert.Equal(("notes.txt", 5, true), (file.GetProperty("name").GetString(), file.GetProperty("bytes").GetInt32(), file.GetProperty("isPublic").GetBoolean()));
        Assert.Equal(302, (await PostAsync("ben", id, "key", "secret.txt", "Hello"u8.ToArray())).Status);
        Assert.False((await _rig.GetAsync(id)).GetProperty("attachments")[1].GetProperty("isPublic").GetBoolean());

        foreach (var (name, content, status) in new (string, byte[], int)[] { ("a.exe", [1], 422), ("a.png", [1, 2, 3], 422), ("", [], 422), ("a.txt", Encoding.ASCII.GetBytes(new string('x', (10 * 1024 * 1024) + 1)), 413) })
        {
            var refused = await PostAsync("ben", id, Guid.NewGuid().ToString("N"), name, content);
            Assert.True(refused.Status == status && Alert(refused.Body).Length > 10, $"{name}: {refused.Status}");
        }

        foreach (var body in new[] { "", "--b\r\n", "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n", "--b\r\nnonsense", "--b--\r\n", "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nno end" })
        {
            var refused = await _rig.SendAsync("ben", Routes.AttachToTicketForm, id, Encoding.UTF8.GetBytes(body), "", ("Content-Type", "multipart/form-data; boundary=b"));
            Assert.True(refused.Status is 400 or 422, $"{body}: {refused.Status}");
        }

        Assert.Equal(415, (await _rig.SendAsync("ben", Routes.AttachToTicketForm, id, "file=x")).Status);
        Assert.Equal(2, (await _rig.GetAsync(id)).GetProperty("attachments").GetArrayLength());
    }

    private Task<RigAnswer> PostAsync(string person, string id, string key, string name, byte[] content)
    {
        byte[] body =
        [
            .. Encoding.UTF8.GetBytes($"--b\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n{key}\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/html\r\n\r\n"),
            .. content, .. "\r\n--b--\r\n"u8,
        ];
        return _rig.SendAsync(person, Routes.AttachToTicketForm, id, body, "", ("Content-Type", "multipart/form-data; boundary=b"));
    }

    private static string Form(params (string Name, string Value)[] fields) => string.Join('&', fields.Select(static field => $"{field.Name}={Uri.EscapeDataString(field.Value)}"));

    private static string Hidden(string page, string name) => WebUtility.HtmlDecode(Regex.Match(page, $"type=\"hidden\" name=\"{name}\" value=\"([^\"]*)\"").Groups[1].Value);

    private static string Alert(string page) => WebUtility.HtmlDecode(Regex.Match(page, "role=\"alert\">(.*?)</div>", RegexOptions.Singleline).Groups[1].Value);

    [GeneratedRegex("name=\"act\" value=\"([a-z]+)\"")]
    private static partial Regex Acts();
}
