using System.Net;
using System.Text.Json;
using Maintenance.Tickets;

namespace Maintenance.Tests.EndToEnd;

/// <summary>The help desk by real processes: a server that is killed, and commands.</summary>
[Collection("End to end: help desk")]
public sealed class TicketDeskTests
{
    [Fact]
    public async Task A_ticket_lives_its_life_on_the_command_line()
    {
        await using var here = new Installation(new QuickPlan().Yaml);
        await using var server = await here.ServeAsync();
        var (sam, zoe) = (await here.TokenAsync("sam"), await here.TokenAsync("zoe"));

        // Whoever is in the plan asks; whoever is support works on it.
        var opened = await JsonAsync("ticket", "open", "--title", "Drucker streikt", "--description", "Er raucht.", "--urgency", "now", "--tag", "Hardware", "--key", "k", "--token", zoe);
        var id = opened.GetProperty("id").GetString()!;
        Assert.Equal(id, (await JsonAsync("ticket", "open", "--title", "Drucker streikt", "--description", "Er raucht.", "--key", "k", "--token", zoe)).GetProperty("id").GetString());
        await here.RunAsync(2, "ticket", "start", id, "--token", zoe);
        foreach (string[] command in new string[][]
        {
            ["triage", id, "--type", "problem", "--maintenance", "corrective", "--skill", "paper"], ["assign", id, "--to", "ada", "--reason", "Yours"], ["start", id], ["wait", id, "--for", "supplier", "--reason", "Ordered"],
            ["resume", id], ["comment", id, "--text", "Zwischen uns: Garantie."], ["comment", id, "--text", "Bald.", "--public"], ["respond", id, "--text", "Morgen."], ["edit", id, "--title", "Drucker raucht", "--tag", "feuer"],
            ["link", id, "causedBy", "T-1002"], ["unlink", id, "causedBy", "T-1002"], ["watch", id], ["unwatch", id], ["watch", id, "--person", "ada"], ["ack", id, "--target", "resolution"],
            ["resolve", id, "--text", "Getauscht.", "--as", "workaround"], ["reopen", id, "--reason", "Raucht noch"], ["resolve", id, "--text", "Gelöscht."], ["close", id],
        })
        {
            if (command[0] == "link")
            {
                await JsonAsync("ticket", "open", "--title", "Cause", "--description", "A fuse.", "--token", sam);
            }

            await JsonAsync(["ticket", .. command, "--token", sam]);
        }

        var shown = await JsonAsync("ticket", "show", id);
        Assert.Equal(("closed", "Drucker raucht", "problem", "sam"), (shown.GetProperty("state").GetString(), shown.GetProperty("title").GetString(), shown.GetProperty("type").GetString(), shown.GetProperty("assignee").GetString()));
        await here.RunAsync(0, "ticket", "show", id);
        Assert.NotEmpty((await JsonAsync("ticket", "assignment", "T-1002", "--token", sam)).GetProperty("considered").EnumerateArray());
        await here.RunAsync(0, "ticket", "assignment", "T-1002");

        // A lost update, as the command line sees it.
        await here.RunAsync(1, "ticket", "edit", id, "--title", "Lost", "--version-seen", "\"1\"");

        // Found by its words a moment later; its internal ones by staff only.
        await Eventually.HoldsAsync(() => JsonAsync("ticket", "search", "GARANTIE", "drucker", "--token", sam), static found => found.GetArrayLength() == 1);
        Assert.Equal(0, (await JsonAsync("ticket", "search", "garantie", "--token", zoe)).GetArrayLength());
        Assert.Equal(1, (await JsonAsync("ticket", "search", "geloscht", "--token", zoe)).GetArrayLength());
        Assert.Equal(id, (await JsonAsync("ticket", "list", "--state", "closed", "--requester", "zoe"))[0].GetProperty("id").GetString());
        Assert.Equal("T-1002", (await JsonAsync("ticket", "list", "--requester", "me", "--token", sam))[0].GetProperty("id").GetString());
        Assert.Contains(id, (await here.RunAsync(0, "ticket", "search", "feuer")).Output, StringComparison.Ordinal);

        // Files there and back.
        File.WriteAllText(here.PathOf("notes.txt"), "Ein Protokoll.");
        await JsonAsync("ticket", "attach", id, here.PathOf("notes.txt"), "--public", "--token", sam);
        await JsonAsync("ticket", "attachment", id, "notes.txt", "--output", here.PathOf("back.txt"), "--token", zoe);
        Assert.Equal("Ein Protokoll.", File.ReadAllText(here.PathOf("back.txt")));
        await here.RunAsync(2, "ticket", "attachment", id, "other.txt");
        await here.RunAsync(2, "ticket", "attachment", id, "notes.txt", "--output", here.PathOf("back.txt"));
        File.WriteAllBytes(here.PathOf("tool.exe"), [1]);
        await here.RunAsync(2, "ticket", "attach", id, here.PathOf("tool.exe"));

        // Several at once, and all of them as CSV.
        var bulk = await here.RunAsync(1, "ticket", "bulk", "respond", "--ticket", "T-1002", id, "--text", "Wir sind dran.", "--json", "--token", sam);
        Assert.Equal((1, 1), (bulk.As<JsonElement>().GetProperty("done").GetInt32(), bulk.As<JsonElement>().GetProperty("refused").GetInt32()));
        await here.RunAsync(0, "ticket", "bulk", "watch", "--ticket", "T-1002", "--ticket", id, "--token", sam);
        await here.RunAsync(0, "ticket", "list", "--all", "--csv", here.PathOf("tickets.csv"));
        Assert.Equal(3, File.ReadAllLines(here.PathOf("tickets.csv")).Length);
        Assert.Contains("T-1002", (await here.RunAsync(0, "ticket", "list", "--csv", "-")).Output, StringComparison.Ordinal);
        Assert.Equal(2, (await JsonAsync("ticket", "reindex")).GetProperty("tickets").GetInt32());
        await here.RunAsync(2, "ticket", "list", "--state", "nonsense");
        Assert.DoesNotContain("fail:", server.Log, StringComparison.Ordinal);

        async Task<JsonElement> JsonAsync(params string[] command) => (await here.RunAsync(0, [.. command, "--json"])).As<JsonElement>();
    }

    [Fact]
    public async Task Whatever_was_done_before_a_kill_is_found_after_it()
    {
        await using var here = new Installation(new QuickPlan().Yaml);
        var random = new Random(Thoroughness.Seed);
        var known = new Dictionary<string, int>();
        for (var round = 0; round < (Thoroughness.IsFull ? 12 : 3); round++)
        {
            var server = await here.ServeAsync();
            using var working = new CancellationTokenSource();
            var work = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => WorkAsync(server, working.Token)));
            await Task.Delay(random.Next(300, 1500));
            await server.KillAsync();
            await working.CancelAsync();
            await work;
        }

        var last = await here.ServeAsync();
        var counts = await Eventually.HoldsAsync(
            async () =>
            {
                var found = new Dictionary<string, int>();
                foreach (var (word, _) in known)
                {
                    found[word] = (await last.Operator.GetAsync($"/api/tickets?state=all&take=1000&q={word}")).As<List<Ticket>>().Count;
                }

                return found;
            },
            found => known.All(word => found[word.Key] >= word.Value));

        // What was never answered may have been done; nothing was doubled: each ticket is found once by each of its words.
        foreach (var word in counts.Keys)
        {
            var ids = (await last.Operator.GetAsync($"/api/tickets?state=all&take=1000&q={word}")).As<List<Ticket>>().ConvertAll(static ticket => ticket.Id);
            Assert.Equal(ids.Distinct(), ids);
        }

        async Task WorkAsync(ServerProcess server, CancellationToken cancellation)
        {
            while (!cancellation.IsCancellationRequested)
            {
                try
                {
                    string[] words = [Word(), Word()];
                    var id = (await server.Operator.PostAsync("/api/tickets", new { title = words[0], description = "x", type = "incident" })).Expect(HttpStatusCode.Created).Json.GetProperty("id").GetString();
                    Count(words[0]);
                    (await server.Operator.PostAsync($"/api/tickets/{id}/acts", new { act = "comment", text = words[1] == words[0] ? "same" : words[1] })).Expect(HttpStatusCode.OK);
                    Count(words[1] == words[0] ? "same" : words[1]);
                }
                catch (HttpRequestException)
                {
                    // The server is gone: whether it was done is not known.
                    return;
                }
            }
        }

        string Word()
        {
            lock (random)
            {
                return "word" + random.Next(6);
            }
        }

        void Count(string word)
        {
            lock (known)
            {
                known[word] = known.GetValueOrDefault(word) + 1;
            }
        }
    }
}
