using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Maintenance.Feedback;
using Maintenance.Tests.EndToEnd;
using Maintenance.Tests.Plan;
using Maintenance.Tickets;

namespace Maintenance.BrowserTests.Screenshots;

/// <summary>The sample plan on a busy morning: tickets in every state, one of them about to miss its target, a patch that waits for a vote, proven backups, a drill, and a recovery at its gate.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
internal sealed class SampleOffice : IAsyncDisposable
{
    public const string TimeZone = "Africa/Nairobi";

    /// <summary>What an address has in place of the number of the most urgent ticket: others are opened by what the assets and monitors find.</summary>
    public const string UrgentTicket = "{urgent}";

    public const string FinishedDrill = "R-1001";

    public const string OpenRecovery = "R-1002";

    public const string Patch = "P-1001";

    /// <summary>
    /// So that what takes hours is seen at once, at any time of the week: clocks that always run, and as much feedback as comes. And whatever the plan keeps beside it lies in the
    /// installation.
    /// </summary>
    private static readonly (string Old, string New)[] Changes =
    [
        ("calendar: registration", "calendar: round-the-clock"),
        ("submissions: 5,", "submissions: 100,"),
        ("folder: ../offsite-data", "folder: offsite-data"),
        ("exclude: [register, \"*.tmp\"]", "exclude: [register, data, offsite-data, \"*.tmp\"]"),
    ];

    private readonly Installation _here;
    private readonly Dictionary<string, Api> _people = new(StringComparer.Ordinal);

    private SampleOffice(Installation here) => _here = here;

    public ServerProcess Server { get; private set; } = null!;

    /// <summary>The number of the most urgent ticket.</summary>
    public string Urgent { get; private set; } = "";

    /// <summary>The folder of the installation, which no picture should show.</summary>
    public string Root => _here.Root;

    public static async Task<SampleOffice> OpenAsync()
    {
        var yaml = SamplePlan.Yaml;
        foreach (var (old, changed) in Changes)
        {
            Assert.Contains(old, yaml, StringComparison.Ordinal);
            yaml = yaml.Replace(old, changed, StringComparison.Ordinal);
        }

        var office = new SampleOffice(new Installation(yaml));
        foreach (var file in Directory.EnumerateFiles(SamplePlan.Folder, "*", SearchOption.AllDirectories).Where(static file => Path.GetFileName(file) != "plan.yaml"))
        {
            var copy = office._here.PathOf(Path.GetRelativePath(SamplePlan.Folder, file));
            _ = Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        office.Server = await office._here.ServeAsync("--feedback-rate", "0", "--sign-in-rate", "0");
        await office.WorkAsync();
        return office;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var person in _people.Values)
        {
            person.Dispose();
        }

        await _here.DisposeAsync();
    }

    private async Task WorkAsync()
    {
        foreach (var policy in new[] { "register", "certificate-templates", "plan", "own-records" })
        {
            _ = await BackupRestoreTests.ProvenAsync(Server, policy);
        }

        // First the one whose clock runs out while the rest goes on.
        Urgent = await OpenAsync("esther-wamalu", "Kirungu hospital cannot register births", "The tablets show “no connection” since 8:10. Mothers are waiting.", "incident", "district", "now", "offline-registration");
        await DrillAsync();
        var permits = await ReportAsync("stopped", "We cannot print a burial permit, the page stays white.", "certificates", "Counter 3, Port Lusanda");
        var name = await ReportAsync("wrong-entry", "My son’s second name is spelled with one t instead of two.", "civil-register", "Jonas Batto");
        _ = await ReportAsync("request", "A training on the new tablets for two colleagues, please.", null, "Hospital of Sembe");
        var printer = await OpenAsync("brian-lukoye", "Printer at the counter of Lomani district", "It prints every other page.", "incident", "office", "today", "certificates");
        var tokens = await OpenAsync("ruth-achola", "Second factor for the new registrars", "Eleven people begin on Monday.", "serviceRequest", "office", "later", "sign-in");
        _ = await OpenAsync("moses-tarimbo", "Search finds no names with an apostrophe", "O’Tanu is found as OTanu only.", "problem", "national", "later", "civil-register");

        await ActAsync("faith-nambiro", permits.Ticket, new { act = "respond", text = "We restart the print service. Please try again in five minutes." });
        await ActAsync("faith-nambiro", name.Ticket, new { act = "respond", text = "Please bring the birth certificate to the counter, then we correct the entry." });
        await ActAsync("faith-nambiro", name.Ticket, new { act = "wait", @for = "requester", reason = "The certificate is needed." });
        await ActAsync("brian-lukoye", printer, new { act = "start" });
        await ActAsync("brian-lukoye", printer, new { act = "comment", text = "The fuser is worn out; a new one is in the store." });
        await ActAsync("esther-wamalu", tokens, new { act = "respond", text = "The tokens are handed out at the first training." });
        await ActAsync("esther-wamalu", tokens, new { act = "resolve", text = "Eleven tokens are registered.", @as = "solved" });

        await PatchAsync();
        await RateAsync();
        await RecoverAsync();
    }

    private async Task DrillAsync()
    {
        var drill = (await (await AsAsync("amina-odera")).PostAsync("/api/drills", new { strategy = "register", reason = "The drill of this quarter." })).Expect(HttpStatusCode.Created);
        Assert.Equal(FinishedDrill, drill.Json.GetProperty("id").GetString());
        await UntilAsync(FinishedDrill, "\"completed\"");
    }

    /// <summary>A recovery that waits at its gate.</summary>
    private async Task RecoverAsync()
    {
        var recovery = (await (await AsAsync("daniel-kisoro")).PostAsync("/api/recoveries", new { strategy = "templates", reason = "The template of the birth certificate was overwritten." })).Expect(HttpStatusCode.Created);
        Assert.Equal(OpenRecovery, recovery.Json.GetProperty("id").GetString());
        await UntilAsync(OpenRecovery, "\"waiting\"");
    }

    private async Task PatchAsync()
    {
        var patch = new
        {
            title = "PostgreSQL 16.4 → 16.5",
            description = "Mends CVE-2026-31415: whoever may create a table could read others’ rows. Minor version, no change of the schema. A day on the test system, all reports compared.",
            type = "normal",
            severity = "high",
            service = "civil-register",
            components = new[] { "postgresql" },
            artifact = "sha256:" + Convert.ToHexStringLower(SHA256.HashData("postgresql-16.5.tar.bz2"u8)),
            rollback = "Install 16.4 again; the data files are the same.",
            implementer = "lydia-korimu",
        };
        var asked = (await (await AsAsync("peter-sanga")).PostAsync("/api/patches", patch)).Expect(HttpStatusCode.Created);
        Assert.Equal(Patch, asked.Json.GetProperty("request").GetProperty("id").GetString());
        (await (await AsAsync("ruth-achola")).PostAsync($"/api/patches/{Patch}/votes", new { choice = "approve", comment = "The hole is being used elsewhere. Take the next window.", patch.artifact })).Expect(HttpStatusCode.OK);
    }

    /// <summary>What three people thought of how they were served.</summary>
    private async Task RateAsync()
    {
        foreach (var (score, question) in new[] { (5, "Where do I find the form for a late registration?"), (4, "When is the office of Sembe open?"), (5, "Do I need an appointment to get a marriage certificate?") })
        {
            var (receipt, ticket) = await ReportAsync("request", question, null, null);
            await ActAsync("faith-nambiro", ticket, new { act = "resolve", text = "The answer was sent.", @as = "solved" });
            (await Server.Operator.SendAsync(HttpMethod.Post, $"/api/feedback/{receipt.Reference}/rating", Api.Json(JsonSerializer.Serialize(new { score })), ("Tracking-Code", receipt.TrackingCode))).Expect(HttpStatusCode.OK);
        }
    }

    private async Task<(FeedbackReceipt Receipt, string Ticket)> ReportAsync(string kind, string message, string? service, string? name)
    {
        var receipt = (await Server.Operator.PostAsync("/api/feedback", new FeedbackSubmission(kind, message, service, name))).Expect(HttpStatusCode.Accepted).As<FeedbackReceipt>();
        var tickets = await Eventually.HoldsAsync(async () => (await Server.Operator.GetAsync("/api/tickets")).As<List<Ticket>>(), list => list.Exists(ticket => ticket.FeedbackReference == receipt.Reference));
        return (receipt, tickets.Single(ticket => ticket.FeedbackReference == receipt.Reference).Id);
    }

    private async Task<string> OpenAsync(string person, string title, string description, string type, string impact, string urgency, string service) =>
        (await (await AsAsync(person)).PostAsync("/api/tickets", new { title, description, type, impact, urgency, service })).Expect(HttpStatusCode.Created).As<Ticket>().Id;

    private async Task ActAsync(string person, string ticket, object act) => (await (await AsAsync(person)).PostAsync($"/api/tickets/{ticket}/acts", act)).Expect(HttpStatusCode.OK);

    private Task UntilAsync(string recovery, string text) =>
        Eventually.HoldsAsync(async () => (await Server.Operator.GetAsync("/api/recoveries/" + recovery)).Body, body => body.Contains(text, StringComparison.Ordinal));

    private async Task<Api> AsAsync(string person)
    {
        if (!_people.TryGetValue(person, out var api))
        {
            var answer = (await Server.Operator.PostAsync($"/api/people/{person}/credentials", new { kind = "token" })).Expect(HttpStatusCode.Created);
            _people[person] = api = Server.As(answer.Json.GetProperty("secret").GetString());
        }

        return api;
    }
}
