using Maintenance.Web.Http;

namespace Maintenance.Tests.Tickets;

/// <summary>Tickets over HTTP: acts, versions, keys, several at once, search, and what is not for everybody.</summary>
public sealed class TicketRequestTests : IAsyncLifetime
{
    private TicketRig _rig = null!;

    public async Task InitializeAsync() => _rig = await TicketRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_ticket_is_opened_once_under_its_key_and_answered_with_its_address_and_version()
    {
        var body = new { title = "A", description = "B", type = "incident", service = "register", tags = new[] { "Red" } };
        var first = await _rig.SendAsync("cat", Routes.OpenTicket, null, body, "", ("Idempotency-Key", "k"));
        var again = await _rig.SendAsync("cat", Routes.OpenTicket, null, body, "", ("Idempotency-Key", "k"));
        var other = await _rig.SendAsync("dan", Routes.OpenTicket, null, body, "", ("Idempotency-Key", "k"));

        Assert.Equal((201, 201, 201), (first.Status, again.Status, other.Status));
        Assert.Equal(first.Body, again.Body);
        Assert.NotEqual(first.Json.GetProperty("id").GetString(), other.Json.GetProperty("id").GetString());
        var id = first.Json.GetProperty("id").GetString()!;
        Assert.Equal("/api/tickets/" + id, first.Headers.Location);
        Assert.Equal(200, (await _rig.ActAsync("ben", id, new { act = "start" }, ("If-Match", first.Headers.ETag.ToString()))).Status);
        Assert.Equal("red", first.Json.GetProperty("tags")[0].GetString());
    }

    [Fact]
    public async Task The_member_that_says_what_is_done_may_stand_anywhere()
    {
        var id = await _rig.OpenAsync();
        var answer = await _rig.ActAsync("ben", id, new { reason = "Ordered.", @for = "supplier", act = "wait" });
        Assert.Equal(("waiting", "supplier"), (answer.Json.GetProperty("state").GetString(), answer.Json.GetProperty("waitingFor").GetString()));
    }

    [Fact]
    public async Task A_lost_update_is_412_and_an_act_that_is_sent_again_under_its_key_is_done_once()
    {
        var id = await _rig.OpenAsync();
        var seen = (await _rig.SendAsync("ben", Routes.GetTicket, id)).Headers.ETag.ToString();
        var note = new { act = "comment", text = "Looked at it." };
        var first = await _rig.ActAsync("ben", id, note, ("If-Match", seen), ("Idempotency-Key", "k"));
        var again = await _rig.ActAsync("ben", id, note, ("If-Match", seen), ("Idempotency-Key", "k"));
        var lost = await _rig.ActAsync("ann", id, new { act = "edit", title = "Lost" }, ("If-Match", seen));

        Assert.Equal((200, 200, 412), (first.Status, again.Status, lost.Status));
        var ticket = await _rig.GetAsync(id);
        Assert.Equal(2, ticket.GetProperty("events").GetInt32());
        Assert.Equal("Printer", ticket.GetProperty("title").GetString());
    }

    [Fact]
    public async Task Of_twenty_who_edit_one_version_at_once_one_is_heard()
    {
        var id = await _rig.OpenAsync();
        var seen = (await _rig.SendAsync("ben", Routes.GetTicket, id)).Headers.ETag.ToString();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => _rig.ActAsync("ben", id, new { act = "edit", title = $"Title {i}" }, ("If-Match", seen))));

        Assert.Equal((1, 19), (answers.Count(static answer => answer.Status == 200), answers.Count(static answer => answer.Status == 412)));
        Assert.Equal(answers.Single(static answer => answer.Status == 200).Json.GetProperty("title").GetString(), (await _rig.GetAsync(id)).GetProperty("title").GetString());
    }

    [Fact]
    public async Task Who_is_no_staff_sees_the_public_part_only_on_every_way_to_a_ticket()
    {
        const string Secret = "Zanzibar";
        var id = await _rig.OpenAsync("ben", new { title = "Printer", description = "It smokes.", type = "incident", requester = Secret + ", a@b.example" });
        _ = await _rig.ActAsync("ben", id, new { act = "comment", text = Secret });
        _ = await _rig.ActAsync("ben", id, new { act = "wait", @for = "supplier", reason = Secret });
        _ = await _rig.ActAsync("ben", id, new { act = "triage", urgency = "now", reason = Secret });
        _ = await _rig.ActAsync("ben", id, new { act = "edit", description = "It still smokes." });
        Assert.Equal(201, (await _rig.SendAsync("ben", Routes.AttachToTicket, id, "A"u8.ToArray(), $"?name={Secret}.txt")).Status);
        _ = await _rig.ActAsync("ben", id, new { act = "respond", text = "We are on it." });
        await _rig.HearAsync();

        Assert.Equal([id], await _rig.FindAsync("?q=" + Secret));
        Assert.Empty(await _rig.FindAsync("?q=" + Secret, "cat"));
        foreach (var (route, value, query) in new (Route, string?, string)[]
        {
            (Routes.GetTicket, id, ""), (Routes.TicketPage, id, ""), (Routes.ListTickets, null, ""), (Routes.ListTickets, null, "?state=all"), (Routes.ListTickets, null, "?q=smokes"), (Routes.TicketsPage, null, ""),
            (Routes.TicketsPage, null, "?q=smokes"), (Routes.ExportTickets, null, ""), (Routes.ExportTickets, null, "?state=waiting"), (Routes.TicketClockPage, id, ""), (Routes.GetTicketClock, id, ""),
        })
        {
            var theirs = await _rig.SendAsync("cat", route, value, null, query);
            Assert.True(theirs.Status == 200 && !theirs.Body.Contains(Secret, StringComparison.OrdinalIgnoreCase), $"{route.Name} {query}: {theirs.Status} {theirs.Body}");
            Assert.Contains(id, theirs.Body, StringComparison.Ordinal);
        }

        Assert.Contains(Secret, (await _rig.SendAsync("ben", Routes.TicketPage, id)).Body, StringComparison.Ordinal);
        Assert.Contains(Secret, (await _rig.SendAsync("ben", Routes.GetTicket, id)).Body, StringComparison.Ordinal);
        Assert.Contains("We are on it.", (await _rig.SendAsync("cat", Routes.GetTicket, id)).Body, StringComparison.Ordinal);

        // Nor in the answer to an act of theirs.
        var watched = await _rig.ActAsync("cat", id, new { act = "watch" });
        Assert.Equal(200, watched.Status);
        Assert.DoesNotContain(Secret, watched.Body, StringComparison.OrdinalIgnoreCase);
        var file = (await _rig.GetAsync(id)).GetProperty("attachments")[0].GetProperty("storedAs").GetString()!.Split('/')[^1];
        Assert.Equal(404, (await _rig.SendAsync("cat", Routes.GetTicketAttachment, $"{id}/{file}")).Status);
        Assert.Equal(200, (await _rig.SendAsync("ben", Routes.GetTicketAttachment, $"{id}/{file}")).Status);
    }

    [Fact]
    public async Task Several_at_once_are_each_by_themselves_and_a_repeat_does_what_is_not_done_yet()
    {
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await _rig.OpenAsync());
        }

        _ = await _rig.ActAsync("ben", ids[1], new { act = "resolve", text = "Done." });
        object order = new { tickets = new[] { ids[0], ids[1], "T-99", "../x", ids[2], ids[0] }, act = new { act = "respond", text = "We look." } };
        var answer = await _rig.SendAsync("ben", Routes.ActOnTickets, null, order, "", ("Idempotency-Key", "k"));

        Assert.Equal(200, answer.Status);
        Assert.Equal((2, 3), (answer.Json.GetProperty("done").GetInt32(), answer.Json.GetProperty("refused").GetInt32()));
        Assert.Equal(
            [$"{ids[0]} 200", $"{ids[1]} 409", "T-99 404", "../x 404", $"{ids[2]} 200"],
            answer.Json.GetProperty("tickets").EnumerateArray().Select(static one => $"{one.GetProperty("ticket").GetString()} {one.GetProperty("status").GetInt32()}"));

        _ = await _rig.ActAsync("ben", ids[1], new { act = "reopen", reason = "Not yet." });
        var again = (await _rig.SendAsync("ben", Routes.ActOnTickets, null, order, "", ("Idempotency-Key", "k"))).Json;
        Assert.Equal(3, again.GetProperty("done").GetInt32());
        Assert.Equal([2, 4, 2], new[] { ids[0], ids[1], ids[2] }.Select(id => _rig.GetAsync(id).Result.GetProperty("events").GetInt32()));

        // Who may not do it to one may not do it to many.
        Assert.All(
            (await _rig.SendAsync("dan", Routes.ActOnTickets, null, order)).Json.GetProperty("tickets").EnumerateArray().Where(static one => one.GetProperty("status").GetInt32() != 404),
            static one => Assert.Equal(403, one.GetProperty("status").GetInt32()));
        Assert.Equal(422, (await _rig.SendAsync("ben", Routes.ActOnTickets, null, new { tickets = Enumerable.Range(0, 201).Select(static i => $"T-{i}"), act = new { act = "start" } })).Status);
    }

    [Fact]
    public async Task Filters_find_what_fits_in_pages_that_lead_to_the_next()
    {
        var ids = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            ids.Add(await _rig.OpenAsync("cat", new { title = $"Printer {i}", description = "B", type = i % 2 == 0 ? "incident" : "problem", tags = new[] { "Drucker & Co" }, service = "register" }));
        }

        _ = await _rig.ActAsync("ben", ids[6], new { act = "start" });
        _ = await _rig.ActAsync("ben", ids[5], new { act = "resolve", text = "Done." });
        await _rig.HearAsync();

        Assert.Equal([ids[6]], await _rig.FindAsync("?assignee=me"));
        Assert.Equal([ids[6]], await _rig.FindAsync("?assignee=ben&state=inProgress", "dan"));
        Assert.Equal([ids[4], ids[3], ids[2], ids[1], ids[0]], await _rig.FindAsync("?assignee=none"));
        Assert.Equal([ids[5], ids[3], ids[1]], await _rig.FindAsync("?type=problem&state=all"));
        Assert.Equal([ids[3], ids[1]], await _rig.FindAsync("?type=problem"));
        Assert.Equal([ids[5]], await _rig.FindAsync("?state=resolved&service=register&priority=p2&team=desk"));
        Assert.Empty(await _rig.FindAsync("?breached=true"));
        Assert.Empty(await _rig.FindAsync("?service=other"));

        // Without filters: the open ones, due first; all, from a number on.
        Assert.Equal([ids[0], ids[1], ids[2], ids[3], ids[4], ids[6]], await _rig.FindAsync(""));
        Assert.Equal([ids[5], ids[6]], await _rig.FindAsync($"?state=all&after={ids[4][2..]}"));

        var (found, query, pages) = (new List<string>(), "?q=printer&tag=drucker%20%26%20co&take=2", 0);
        while (query is not null)
        {
            var answer = await _rig.SendAsync("ben", Routes.ListTickets, query: query);
            found.AddRange(answer.Json.EnumerateArray().Select(static ticket => ticket.GetProperty("id").GetString()!));
            var link = answer.Headers.Link.ToString();
            query = link.Length == 0 ? null : link[link.IndexOf('?', StringComparison.Ordinal)..link.IndexOf('>', StringComparison.Ordinal)];
            Assert.True(++pages < 10);
        }

        Assert.Equal([ids[6], ids[4], ids[3], ids[2], ids[1], ids[0]], found);
    }

    [Fact]
    public async Task CSV_says_the_same_in_full_with_formulas_made_harmless()
    {
        string[] titles = ["=HYPERLINK(\"http://evil\",\"x\")", "+1+1", "-1", "@SUM(A1)", "plain, with a comma", "said \"so\"", "Ünïcode 東京", " =1+1"];
        foreach (var title in titles)
        {
            _ = await _rig.OpenAsync("ben", new { title, description = "Line one\r\nline \"two\",\tthree\n=cmd|' /C calc'!A0", type = "incident", tags = new[] { "a", "b" } });
        }

        await _rig.HearAsync();
        foreach (var query in new[] { "", "?state=all", "?assignee=none", "?q=line" })
        {
            var answer = await _rig.SendAsync("ben", Routes.ExportTickets, query: query);
            Assert.Equal((200, "text/csv; charset=utf-8; header=present", "attachment; filename=\"tickets.csv\""), (answer.Status, answer.Headers.ContentType.ToString(), answer.Headers.ContentDisposition.ToString()));
            Assert.Equal([0xEF, 0xBB, 0xBF], answer.Bytes[..3]);
            var rows = Csv(answer.Body.TrimStart('\uFEFF'));
            Assert.Equal(titles.Length + 1, rows.Count);
            Assert.All(rows, row => Assert.Equal(rows[0].Count, row.Count));
            var (title, description, id) = (rows[0].IndexOf("title"), rows[0].IndexOf("description"), rows[0].IndexOf("id"));
            Assert.Equal(
                titles.Select(static one => one.TrimStart() is ['=' or '+' or '-' or '@', ..] ? "'" + one.Trim() : one).Order(StringComparer.Ordinal),
                rows.Skip(1).Select(row => row[title]).Order(StringComparer.Ordinal));
            Assert.All(rows.Skip(1), row => Assert.Equal("Line one\r\nline \"two\",\tthree\n=cmd|' /C calc'!A0", row[description]));
            Assert.All(rows.Skip(1).SelectMany(static row => row), static cell => Assert.False(cell.TrimStart() is ['=' or '+' or '-' or '@', ..], cell));
            Assert.All(rows.Skip(1), row => Assert.StartsWith("T-", row[id], StringComparison.Ordinal));
        }

        Assert.Equal(422, (await _rig.SendAsync("ben", Routes.ExportTickets, query: "?q=!")).Status);
    }

    [Fact]
    public async Task A_file_comes_back_as_it_was_for_saving_only()
    {
        var id = await _rig.OpenAsync();
        var html = "<script>alert(document.cookie)</script>"u8.ToArray();
        var added = await _rig.SendAsync("cat", Routes.AttachToTicket, id, html, "?name=..%2F%E2%80%AEgpj.%22evil%0D%0AX:%20y.txt&public=true");
        Assert.Equal(201, added.Status);

        var file = await _rig.SendAsync("dan", Routes.GetTicketAttachment, $"{id}/{added.Headers.Location.ToString().Split('/')[^1]}");

        Assert.Equal(html, file.Bytes);
        Assert.Equal(("text/plain", "nosniff", "default-src 'none'; sandbox"), (file.Headers.ContentType.ToString(), file.Headers.XContentTypeOptions.ToString(), file.Headers.ContentSecurityPolicy.ToString()));
        var disposition = file.Headers.ContentDisposition.ToString();
        Assert.StartsWith("attachment; ", disposition, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', disposition);
        Assert.DoesNotContain('\u202e', disposition);
        foreach (var (query, body, status) in new (string, byte[], int)[]
        {
            ("?name=a.png", [.. "PK\x03\x04"u8, 0, 0], 422), ("?name=a.exe", [1], 422), ("?name=", [1], 422), ("", [1], 422), ("?name=a.txt", [], 422), ("?name=a.txt&public=perhaps", [65], 400), ("?name=a.txt", new byte[10 * 1024 * 1024 + 1], 413),
        })
        {
            Assert.Equal(status, (await _rig.SendAsync("ben", Routes.AttachToTicket, id, body, query)).Status);
        }

        Assert.Equal(403, (await _rig.SendAsync("dan", Routes.AttachToTicket, id, html, "?name=a.txt&public=true")).Status);
        Assert.Equal(403, (await _rig.SendAsync("cat", Routes.AttachToTicket, id, html, "?name=a.txt")).Status);
        Assert.Equal(404, (await _rig.SendAsync("ben", Routes.AttachToTicket, "T-99", html, "?name=a.txt")).Status);
        Assert.Equal(413, (await _rig.SendAsync("ben", Routes.AttachToTicket, id, html, "?name=a.txt", ("Content-Length", "10737418240"))).Status);
        Assert.Equal(412, (await _rig.SendAsync("ben", Routes.AttachToTicket, id, html, "?name=a.txt", ("If-Match", "\"1\""))).Status);
        Assert.Single((await _rig.GetAsync(id)).GetProperty("attachments").EnumerateArray());
    }

    /// <summary>Reads CSV by RFC 4180, and nothing more.</summary>
    private static List<List<string>> Csv(string text)
    {
        var (rows, row, at) = (new List<List<string>>(), new List<string>(), 0);
        while (at < text.Length)
        {
            if (text[at] == '"')
            {
                var cell = "";
                for (at++; ; at++)
                {
                    if (text[at] != '"')
                    {
                        cell += text[at];
                    }
                    else if (at + 1 < text.Length && text[at + 1] == '"')
                    {
                        cell += text[at++];
                    }
                    else
                    {
                        break;
                    }
                }

                row.Add(cell);
                at++;
            }
            else
            {
                var end = text.IndexOfAny([',', '\r'], at);
                Assert.DoesNotContain('"', text[at..end]);
                row.Add(text[at..end]);
                at = end;
            }

            if (text[at] == ',')
            {
                at++;
                continue;
            }

            Assert.Equal("\r\n", text[at..(at + 2)]);
            at += 2;
            rows.Add(row);
            row = [];
        }

        return rows;
    }
}
