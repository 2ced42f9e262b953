using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Maintenance.Access;
using Maintenance.Actions;
using Maintenance.Backups;
using Maintenance.Messaging;
using Maintenance.Notifications;
using Maintenance.Status;
using Maintenance.Storage;
using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Identity;
using MaintenanceFunctions.Tests.App;
using MaintenanceFunctions.Tests.Fakes;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace MaintenanceFunctions.Tests.Limits;

/// <summary>
/// The whole app as people and programs use it who mean no good, or whose names and words are unlike ours: each text of <see cref="HostileTexts"/> wherever a text is
/// taken, ids at their longest, files with the oddest names. What comes of it is in <see cref="ServiceTraffic"/>.
/// </summary>
internal sealed partial class HostileStory : IAsyncDisposable
{
    private const string Admin = "ann@registry.example";
    private const string Support = "o'neil+ben@registry.example";

    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentDictionary<string, int> _answers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FakeOrchestration> _running = new(StringComparer.Ordinal);
    private int _ran;
    private int _raised;
    private int _key;

    private HostileStory(TestApp app) => App = app;

    public TestApp App { get; }

    /// <summary>Requests that were answered with a fault of ours, and messages that were given up.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>How often each kind of request was answered with each status: a story whose requests are all refused would prove nothing.</summary>
    public IReadOnlyDictionary<string, int> Answers => _answers;

    /// <summary>Tells the whole story once.</summary>
    public static async Task<HostileStory> TellAsync()
    {
        var story = new HostileStory(await TestApp.StartAsync(HostilePlan.Yaml, configure: Configure, furnish: WriteDocuments));
        story.WriteFiles();
        await story.TickAsync();
        await story.SendFeedbackAsync();
        await story.OpenTicketsAsync();
        await story.TickAsync();
        await story.ReadDocumentsAsync();
        await story.BackUpAsync();
        await story.RequestPatchesAsync();
        await story.HandOverAsync();
        await story.OweAsync();
        await story.RecoverAsync();
        await story.PassAsync();
        await story.DoDutiesAsync();
        await story.FollowUpAsync();
        return story;
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();

    private static void Configure(IServiceCollection services)
    {
        services.AddSingleton<INotifier>(new MoodyNotifier());
        services.AddSingleton<IOutside>(new AgreeableOutside());
        services.AddSingleton<ICopyStores>(new MemoryCopies());
    }

    /// <summary>Files and folders whose names are content, and no names of anything of ours.</summary>
    private void WriteFiles()
    {
        var folder = Path.Join(App.Folder, "register", "odd");
        Directory.CreateDirectory(folder);
        foreach (var text in HostileTexts.All.Where(static text => text.Length < 60 && !text.Contains('/', StringComparison.Ordinal) && text is not ("." or "..") && !text.Contains('\0', StringComparison.Ordinal)))
        {
            File.WriteAllText(Path.Join(folder, text), text);
        }
    }

    /// <summary>A procedure and a public article, with ids as long as ids may be and every text in them.</summary>
    private static void WriteDocuments(string folder)
    {
        var all = string.Join("\n\n", HostileTexts.All.Select(static text => text.Replace('\0', ' ')));
        Directory.CreateDirectory(Path.Join(folder, "documents"));
        Directory.CreateDirectory(Path.Join(folder, "help"));
        File.WriteAllText(Path.Join(folder, "documents", HostilePlan.Procedure + ".md"), $"---\ntitle: Restart 😀 #?/\\\nowner: {HostilePlan.Ann}\naudience: [everyone]\n---\n\n{all}\n");
        File.WriteAllText(Path.Join(folder, "help", HostilePlan.Article + ".md"), $"---\ntitle: It is broken\nowner: {HostilePlan.Ann}\naudience: [public]\nkeywords: [broken, smokes]\n---\n\n{all}\n");
    }

    /// <summary>Documents are read, acknowledged, judged, looked for and linked.</summary>
    private async Task ReadDocumentsAsync()
    {
        var version = (await App.GetAsync("/api/documents/" + HostilePlan.Procedure, Admin)).GetProperty("version").GetString()!;
        var article = (await App.GetAsync("/api/documents/" + HostilePlan.Article, Admin)).GetProperty("version").GetString()!;
        foreach (var person in new[] { Admin, Support })
        {
            await PostAsync($"/api/documents/{HostilePlan.Procedure}/acknowledgements", person, new { version });
        }

        foreach (var text in HostileTexts.All.Concat(HostileTexts.Long))
        {
            await PostAsync($"/api/documents/{HostilePlan.Procedure}/reviews", Admin, new { version, outcome = "changeNeeded", text = Cut(text, 1000) }, text);
            await PostAsync($"/api/documents/{HostilePlan.Article}/votes", Support, new { version = article, isHelpful = false, comment = Cut(text, 1000) }, text);
            await PostAsync($"/api/documents/{HostilePlan.Article}/acknowledgements", Support, new { version = text }, text);
            foreach (var path in new[] { "/api/knowledge?suggest=true&q=", "/api/knowledge?q=", "/api/help?q=", "/api/documents?state=", $"/api/documents/{HostilePlan.Article}/differences?from=" })
            {
                using var search = new HttpRequestMessage(HttpMethod.Get, path + Uri.EscapeDataString(Cut(text, 300)));
                _ = await AskAsync(search, Support);
            }
        }

        foreach (var path in new[] { "/api/documents?state=mine", $"/api/documents/{HostilePlan.Article}/differences" })
        {
            using var good = new HttpRequestMessage(HttpMethod.Get, path);
            _ = await AskAsync(good, Support);
        }

        await PostAsync($"/api/help/{HostilePlan.Article}/votes", null, new { isHelpful = true });
        foreach (var number in Enumerable.Range(1001, 10))
        {
            await PostAsync($"/api/tickets/T-{number}/acts", Support, new { act = "linkArticle", article = number % 2 == 0 ? HostilePlan.Article : HostilePlan.Procedure });
        }

        await PostAsync("/api/tickets/T-1001/acts", Support, new { act = "unlinkArticle", article = HostilePlan.Procedure });
        await PumpAsync();
    }

    private async Task SendFeedbackAsync()
    {
        var receipts = new List<(string Reference, string Code)>();
        foreach (var text in HostileTexts.All.Concat(HostileTexts.Long.Select(static text => text[..4000])))
        {
            var answer = await PostAsync("/api/feedback", null, new { kind = HostilePlan.Kind, message = $"{text} does not work", service = HostilePlan.Service, name = Short(text), contact = Short(text) }, text);
            if (answer.TryGetProperty("reference", out var reference))
            {
                receipts.Add((reference.GetString()!, answer.GetProperty("trackingCode").GetString()!));
            }
        }

        await PostAsync("/api/feedback", null, new { kind = HostilePlan.Kind, message = "It smokes.", contact = new string('x', 60) + "@" + new string('y', 120) + ".example" });
        await PostAsync("/api/feedback", null, new { kind = HostilePlan.Kind, message = "It smokes too.", contact = "grace+o'neil/%2F#?@registry.example" });
        await PumpAsync();
        foreach (var ((reference, code), text) in receipts.Zip(HostileTexts.All))
        {
            await PostAsync($"/api/feedback/{reference}/comments", null, new { text }, text, ("Tracking-Code", code));
            await PostAsync($"/api/feedback/{reference}/reopening", null, new { reason = text }, text, ("Tracking-Code", code));
            await PostAsync($"/api/feedback/{reference}/rating", null, new { score = 3 }, text, ("Tracking-Code", code));
        }

        await PumpAsync();
    }

    /// <summary>Technical debt in the oddest words, and work on it.</summary>
    private async Task OweAsync()
    {
        foreach (var text in HostileTexts.All.Concat(HostileTexts.Long))
        {
            var added = await PostAsync("/api/debt", Support, new { title = Cut(text, 200), service = HostilePlan.Service, cost = 10, interest = 1, description = Cut(text, 4000), approach = Cut(text, 4000), target = Short(text) }, text);
            var id = added.TryGetProperty("id", out var given) ? given.GetString()! : "D-1001";
            await PostAsync("/api/debt", Support, new { title = Cut(text, 200), service = HostilePlan.Service, cost = 10, interest = 1, description = Cut(text, 4000) }, text);
            await PostAsync($"/api/debt/{id}/acts", Support, new { act = "book", hours = 1, text = Cut(text, 2000) }, text);
            await PostAsync($"/api/debt/{id}/acts", Support, new { act = "accept", text = Cut(text, 2000) }, text);
        }
    }

    private async Task OpenTicketsAsync()
    {
        foreach (var (index, text) in HostileTexts.All.Concat(HostileTexts.Long).Index())
        {
            var opened = await PostAsync(
                "/api/tickets", Support, new { type = "incident", title = text.Length > 200 ? text[..200] : text, description = text, service = HostilePlan.Service, requester = Short(text), skills = new[] { Short(text) }, tags = new[] { Cut(text, 40), "tag" } }, text);
            var id = opened.TryGetProperty("id", out var given) ? given.GetString()! : $"T-{1001 + index}";
            object[] acts =
            [
                new { act = "triage", impact = "all", urgency = "now", team = HostilePlan.Team, skills = new[] { text }, reason = text },
                new { act = "assign", to = HostilePlan.Ben, reason = text }, new { act = "assign", to = text }, new { act = "start" },
                new { act = "wait", @for = "supplier", reason = text }, new { act = "resume", reason = text }, new { act = "respond", text }, new { act = "comment", text },
                new { act = "edit", title = Cut(text, 200), description = text, tags = new[] { Cut(text, 40), Cut(text + "2", 40) } },
                new { act = "watch", person = HostilePlan.Ann }, new { act = "watch", person = text }, new { act = "link", kind = "relatedTo", ticket = "T-1001" }, new { act = "link", kind = "duplicateOf", ticket = text },
            ];
            foreach (var act in acts)
            {
                await PostAsync($"/api/tickets/{id}/acts", Support, act, text);
            }

            foreach (var name in new[] { text, text + ".txt", Cut(text, 100) + ".txt" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/tickets/{id}/attachments?public=true&name={Uri.EscapeDataString(name)}") { Content = new StringContent("some text") };
                _ = await AskAsync(request, Support);
            }

            if (index % 3 == 0)
            {
                await PostAsync($"/api/tickets/{id}/acts", Support, new { act = "resolve", text });
            }

            using var search = new HttpRequestMessage(HttpMethod.Get, $"/api/tickets?q={Uri.EscapeDataString(Cut(text, 200))}&tag={Uri.EscapeDataString(Cut(text, 40))}");
            _ = await AskAsync(search, Support);
            await PostAsync("/api/me/views", Support, new { name = Cut(text, 60), query = "q=" + Uri.EscapeDataString(Cut(text, 100)) }, text);
        }

        await PostAsync("/api/tickets/bulk", Support, new { tickets = Enumerable.Range(1001, 100).Select(static number => $"T-{number}"), act = new { act = "comment", text = "All of you." } });
        await PostAsync("/api/ticket-index", Admin, new { after = 0 });
        await PumpAsync();
    }

    private async Task BackUpAsync()
    {
        App.Clock.Advance(TimeSpan.FromDays(1));
        await TickAsync();
        await RunAsync();
        var runs = await App.GetAsync($"/api/backups/{HostilePlan.Backup}/runs", Admin);
        var snapshot = runs[0].GetProperty("id").GetString()!;
        foreach (var (address, body) in new (string, object)[]
        {
            ($"/api/snapshots/{snapshot}/verifications", new { }), ($"/api/snapshots/{snapshot}/proofs", new { }), ("/api/repository/verifications", new { percent = 100 }),
            ("/api/repository/verifications", new { percent = 100, copy = HostilePlan.Copy }), ("/api/repository/prunes", new { }), ("/api/repository/copies", new { copy = HostilePlan.Copy }),
            ($"/api/backups/{HostilePlan.Backup}/retention", new { }), ($"/api/snapshots/{snapshot}/restores", new { target = "container:https://other.blob.core.windows.net/restored" }),
        })
        {
            await PostAsync(address, Admin, body, "x");
        }

        foreach (var text in HostileTexts.All)
        {
            await PostAsync($"/api/snapshots/{snapshot}/holds", Admin, new { reason = text });
            using var release = new HttpRequestMessage(HttpMethod.Delete, $"/api/snapshots/{snapshot}/holds");
            _ = await AskAsync(release, Admin);
            using var entries = new HttpRequestMessage(HttpMethod.Get, $"/api/snapshots/{snapshot}/entries?path={Uri.EscapeDataString(text)}");
            _ = await AskAsync(entries, Admin);
        }

        await RunAsync();
    }

    /// <summary>Training, supplies and the handover.</summary>
    private async Task HandOverAsync()
    {
        foreach (var text in HostileTexts.All.Concat(HostileTexts.Long))
        {
            var said = Cut(text, 190);
            var planned = await PostAsync($"/api/training/{HostilePlan.Programme}/sessions", Admin, new { at = "2020-01-01T09:00:00Z", trainer = said, place = said }, text);
            if (planned.TryGetProperty("id", out var session))
            {
                await PostAsync($"/api/training/{HostilePlan.Programme}/sessions/{session.GetString()}/attendance", Admin, new { attendance = new[] { new { person = HostilePlan.Ann }, new { person = HostilePlan.Ben } } }, text);
                await PostAsync($"/api/training/{HostilePlan.Programme}/sessions/{session.GetString()}/cancellation", Admin, new { reason = said }, text);
            }

            await PostAsync($"/api/supplies/{HostilePlan.Item}/movements", Admin, new { kind = "count", quantity = 50, note = said }, text);
            var booked = await PostAsync("/api/resources/hours", Admin, new { hours = 0.25, kind = "operations", person = HostilePlan.Ben, note = said }, text);
            if (booked.TryGetProperty("id", out var booking))
            {
                await PostAsync($"/api/resources/hours/{booking.GetString()}/reversal", Admin, new { reason = said });
            }

            await PostAsync("/api/resources/hours", Admin, new { hours = 0.25, duty = Cut(text, 50), person = HostilePlan.Ben }, text);
            var away = await PostAsync("/api/resources/absences", Admin, new { from = "2026-12-24", to = "2026-12-24", kind = "leave", person = HostilePlan.Ben, deputy = HostilePlan.Ann }, text);
            if (away.TryGetProperty("id", out var absence))
            {
                await PostAsync($"/api/resources/absences/{absence.GetString()}/withdrawal", Admin, new { reason = said });
            }
        }

        await PostAsync("/api/handover/beginning", Admin, new { });
        foreach (var text in HostileTexts.All)
        {
            await PostAsync($"/api/handover/checklist/{HostilePlan.Check}/confirmation", Admin, new { text });
            await PostAsync($"/api/handover/control/{HostilePlan.Control}/transfer", Admin, new { side = "given", text });
            await PostAsync($"/api/handover/control/{HostilePlan.Control}/transfer", Support, new { side = "taken", text });
            var handover = await AskAsync(new HttpRequestMessage(HttpMethod.Get, "/api/handover"), Admin);
            await PostAsync("/api/handover/signatures", Admin, new { document = handover.TryGetProperty("document", out var hash) ? hash.GetString() : text });
            await PostAsync("/api/handover/revocations", Admin, new { });
        }

        await PumpAsync();
    }

    private async Task RequestPatchesAsync()
    {
        foreach (var (index, text) in HostileTexts.All.Concat(HostileTexts.Long).Index())
        {
            var made = await PostAsync(
                "/api/patches",
                Admin,
                new
                {
                    title = Cut(text, 200),
                    description = text,
                    type = "normal",
                    severity = "high",
                    service = HostilePlan.Service,
                    components = new[] { Short(text) },
                    rollback = text,
                    artifact = "sha256:" + new string('a', 64),
                    targets = new Dictionary<string, string[]> { [HostilePlan.Ring] = [Short(text)] },
                },
                text);
            if (!made.TryGetProperty("request", out var request))
            {
                continue;
            }

            var id = request.GetProperty("id").GetString()!;
            await PostAsync($"/api/patches/{id}/votes", Support, new { choice = "approve", comment = Cut(text, 2000), artifact = "sha256:" + new string('a', 64) }, text);
            if (index % 5 == 0)
            {
                await PostAsync($"/api/patches/{id}/revisions", Admin, new { artifact = "sha256:" + new string('b', 64), comment = Cut(text, 2000) }, text);
            }

            if (index == 1)
            {
                await PostAsync($"/api/patches/{id}/votes", "cy@registry.example", new { choice = "approve", comment = "Yes.", artifact = "sha256:" + new string('a', 64) }, text);
            }
            else
            {
                await PostAsync($"/api/patches/{id}/withdrawal", Admin, new { comment = Cut(text, 2000) }, text);
            }
        }

        await RunAsync();
        await TickAsync();
        await RunAsync();
    }

    private async Task RecoverAsync()
    {
        foreach (var text in HostileTexts.All.Take(12).Append(Cut(HostileTexts.Long[2], 2000)))
        {
            var started = await PostAsync("/api/drills", Admin, new { strategy = HostilePlan.Strategy, reason = text }, text);
            if (started.TryGetProperty("id", out var id))
            {
                await RunAsync();
                await PostAsync($"/api/recoveries/{id.GetString()}/steps/{HostilePlan.Manual}/decisions", Support, new { decision = "confirm", comment = text });
                await PostAsync($"/api/recoveries/{id.GetString()}/decisions", Admin, new { decision = "abort", comment = text });
            }
        }

        var recovery = await PostAsync("/api/recoveries", Admin, new { strategy = HostilePlan.Strategy, reason = "Lost" });
        await RunAsync();
        if (recovery.TryGetProperty("id", out var live))
        {
            await PostAsync($"/api/recoveries/{live.GetString()}/steps/{HostilePlan.Manual}/decisions", Support, new { decision = "confirm" });
            await PostAsync($"/api/recoveries/{live.GetString()}/decisions", Admin, new { decision = "abort", comment = "Enough." });
        }

        await RunAsync();
    }

    /// <summary>Marks are reached, chains escalate, digests go out, surveys are sent, what is old expires.</summary>
    private async Task PassAsync()
    {
        foreach (var time in new[] { 1, 1, 1, 1, 2, 30, 60, 180, 600, 1440, 1440, 7 * 1440, 30 * 1440, 200 * 1440 })
        {
            App.Clock.Advance(TimeSpan.FromMinutes(time));
            await TickAsync();
            await PumpAsync();
        }
    }

    private async Task DoDutiesAsync()
    {
        var open = (await App.GetAsync("/api/duties", Admin)).GetProperty("overdue").EnumerateArray().Select(static fact => fact.GetProperty("key").GetString()!).ToList();
        foreach (var (key, text) in open.Zip(HostileTexts.All))
        {
            var path = $"/api/duties/{HostilePlan.Duty}/{key}";
            foreach (var name in new[] { text + ".txt", Cut(text, 100) + ".csv", "count.csv" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, $"{path}/attachments?name={Uri.EscapeDataString(name)}") { Content = new StringContent("some text") };
                _ = await AskAsync(request, Support);
            }

            await PostAsync(path + "/completion", Support, new { text, drill = text, ticket = text, report = text }, text);

            // By the last digit of the day some are skipped; the others are done.
            if (key[9] is '1' or '4' or '7')
            {
                await PostAsync(path + "/skip", Admin, new { reason = text }, text);
            }

            await PostAsync(path + "/completion", Support, new { text }, text);
        }

        await TickAsync();
    }

    private async Task FollowUpAsync()
    {
        await PostAsync("/api/notifications/tests", Admin, new { to = HostilePlan.Ben });
        foreach (var text in HostileTexts.All)
        {
            await PostAsync("/api/contacts/exports", Admin, new { contact = Short(text) });
            await PostAsync("/api/notifications/tests", Admin, new { to = text });
            await PostAsync("/api/notifications/tests", Admin, new { channel = text });
        }

        foreach (var line in (await App.GetAsync("/api/notifications?state=failed&take=50", Admin)).EnumerateArray())
        {
            await PostAsync($"/api/notifications/{line.GetProperty("id").GetString()}/resends", Admin, new { });
        }

        foreach (var text in HostileTexts.All)
        {
            await PostAsync("/api/contacts/erasures", Admin, new { contact = Short(text) });
        }

        // Nobody signs in so on Azure, whose platform does it; the service is there on both hosts.
        _ = await App.Services.GetRequiredService<AccessService>().IssueAsync(CredentialKind.Token, HostilePlan.Ann, default);
        await PumpAsync();
        await TickAsync();
    }

    private async Task TickAsync()
    {
        foreach (var timer in TimerService.All)
        {
            await App.CallAsync(FunctionCatalogue.Named(timer), new TimerInfo());
        }

        await PumpAsync();
    }

    /// <summary>Every message that is due is delivered; none may be given up.</summary>
    private async Task PumpAsync()
    {
        var functions = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Queues.Feedback] = "HandleFeedback",
            [Queues.SlaBreaches] = "HandleSlaBreaches",
            [Queues.TicketEvents] = "HandleTicketEvents",
            [Queues.Notifications] = "HandleNotifications",
        };
        for (var isMore = true; isMore;)
        {
            isMore = false;
            foreach (var queue in Queues.All)
            {
                while (App.Bus[queue].Receive() is { } message)
                {
                    isMore = true;
                    await App.CallAsync(FunctionCatalogue.Named(functions[queue]), message, new FakeMessageActions(App.Bus[queue]));
                }

                if (App.Bus[queue].Free.Dead > 0)
                {
                    _faults.Enqueue($"{queue}: " + string.Join(", ", App.Bus[queue].ReceiveDead(5).Select(static dead => $"{dead.MessageId} {dead.DeadLetterReason}")));
                }
            }
        }
    }

    /// <summary>Every workflow that was scheduled runs as far as it goes, and goes on with the events that were raised for it.</summary>
    private async Task RunAsync()
    {
        for (var isMore = true; isMore;)
        {
            isMore = false;
            for (; _ran < App.Durable.Scheduled.Count; _ran++)
            {
                var (name, input, options) = App.Durable.Scheduled[_ran];
                _running[options.InstanceId!] = App.Orchestrate(name, input!);
                isMore = true;
            }

            for (; _raised < App.Durable.Raised.Count; _raised++)
            {
                var (instance, happened) = App.Durable.Raised[_raised];
                _running[instance].Raise(happened);
                isMore = true;
            }
        }

        foreach (var (instance, orchestration) in _running)
        {
            App.Traffic.Check($"status of {instance}", DurableLimits.Status(orchestration.Status));
        }

        await PumpAsync();
    }

    private async Task<JsonElement> PostAsync(string path, string? email, object body, string? key = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (key is not null)
        {
            // A header holds ASCII; what a key may be at its worst is as long as it may be, and each of its characters three when it is made a name.
            request.Headers.TryAddWithoutValidation("Idempotency-Key", new string([.. $"{++_key}!{Uri.EscapeDataString(Cut(key, 60))}".PadRight(200, '!').Take(200)]));
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await AskAsync(request, email);
    }

    private async Task<JsonElement> AskAsync(HttpRequestMessage request, string? email)
    {
        if (email is not null)
        {
            request.Headers.Add(ClientPrincipal.Header, TestApp.Principal(email));
        }

        using var answer = await App.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        var kind = $"{request.Method} {Numbers().Replace(request.RequestUri!.AbsolutePath, "*")} {(int)answer.StatusCode}";
        _ = _answers.AddOrUpdate(kind, 1, static (_, count) => count + 1);
        if (answer.StatusCode >= HttpStatusCode.InternalServerError && answer.StatusCode != HttpStatusCode.NotImplemented)
        {
            _faults.Enqueue($"{request.Method} {request.RequestUri} → {(int)answer.StatusCode} {text}");
        }

        return JsonSerializer.Deserialize<JsonElement>(answer.Content.Headers.ContentType?.MediaType == "application/json" ? text : "{}");
    }

    private static string Short(string text) => Cut(text, 200);

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];

    [GeneratedRegex("(?<=/)(F-)?[^/a-z]+(?=/|$)|(?<=/)[^/]*[0-9][^/]*")]
    private static partial Regex Numbers();

    /// <summary>Whoever has an apostrophe in his address cannot be reached, now and then.</summary>
    private sealed class MoodyNotifier : INotifier
    {
        private int _tries;

        public Task SendAsync(Notification notification, Recipient recipient, CancellationToken cancellation) =>
            recipient.Key.Contains('\'', StringComparison.Ordinal) && Interlocked.Increment(ref _tries) % 2 == 0 ? throw new HttpRequestException("no route") : Task.CompletedTask;
    }

    private sealed class AgreeableOutside : IOutside
    {
        public Task<ActionReport> PostAsync(PlanAction action, ActionOrder order, CancellationToken cancellation) => Task.FromResult(new ActionReport(true, "done."));

        public Task<Observation> ProbeAsync(Check check, CancellationToken cancellation) => Task.FromResult(new Observation(true) { Status = 200 });

        public Task<Observation> QueryAsync(Check check, CancellationToken cancellation) => Task.FromResult(new Observation(false, "there is no database."));
    }

    private sealed class MemoryCopies : ICopyStores
    {
        private readonly ConcurrentDictionary<string, IObjectStore> _stores = new(StringComparer.Ordinal);

        public IObjectStore Open(string location) => _stores.GetOrAdd(location, static _ => new BlobObjectStore(new FakeBlobContainer()));
    }
}
