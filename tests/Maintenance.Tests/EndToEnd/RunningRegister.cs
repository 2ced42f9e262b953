using System.Net;
using Maintenance.Feedback;
using Maintenance.Tickets;

namespace Maintenance.Tests.EndToEnd;

/// <summary>A server with something in every room: a proven backup, two tickets, a patch request, a dead letter; and people with tokens and sessions.</summary>
public sealed class RunningRegister : IAsyncLifetime
{
    private readonly Dictionary<string, string> _tokens = [];
    private readonly string _occurrence = DateTime.UtcNow.AddDays(3).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    public RunningRegister()
        : this(new QuickPlan())
    {
    }

    /// <summary>The same with other people, languages or clocks.</summary>
    internal RunningRegister(QuickPlan plan) => Here = new((plan with { Backups = [("files", "files", QuickPlan.Yearly)], More = QuickPlan.Recovery + SupplyTests.Section + ResourceTests.Section + TrainingTests.Section + HandoverTests.Section + QuickPlan.Duties(_occurrence) + QuickPlan.Monitoring + QuickPlan.Documents + QuickPlan.Assets + plan.More }).Yaml);

    public Installation Here { get; }

    public ServerProcess Server { get; private set; } = null!;

    public string Snapshot { get; private set; } = "";

    public string Patch { get; private set; } = "";

    /// <summary>Hours of zoe.</summary>
    public string Booking { get; private set; } = "";

    /// <summary>A day on which zoe is away.</summary>
    public string Absence { get; private set; } = "";

    /// <summary>A recovery that waits for a person.</summary>
    public string Recovery { get; private set; } = "R-1001";

    public FeedbackReceipt Receipt { get; private set; } = null!;

    /// <summary>The sign-in code that the first start printed.</summary>
    public string FirstCode { get; private set; } = "";

    public string TokenOf(string person) => _tokens[person];

    public async Task InitializeAsync()
    {
        File.WriteAllText(Path.Join(Here.Folder("files"), "a.txt"), "a");
        QuickPlan.Furnish(Here);
        QuickPlan.FurnishDocuments(Here);
        QuickPlan.FurnishAssets(Here);
        Server = await Here.ServeAsync("--feedback-rate", "0", "--sign-in-rate", "0");
        FirstCode = Server.SignInLink!.Query["?code=".Length..];
        foreach (var person in new[] { "ada", "sam", "kim", "zoe" })
        {
            _tokens[person] = await IssueAsync(person);
        }

        Receipt = (await Server.Operator.PostAsync("/api/feedback", new FeedbackSubmission("question", "First <script>alert(1)</script>"))).As<FeedbackReceipt>();
        await Eventually.HoldsAsync(async () => (await Server.Operator.GetAsync("/api/tickets")).As<List<Ticket>>(), static tickets => tickets.Count == 1);
        await Server.Operator.PostAsync("/api/feedback", new FeedbackSubmission("question", "Second"));
        await Eventually.HoldsAsync(async () => (await Server.Operator.GetAsync("/api/tickets")).As<List<Ticket>>(), static tickets => tickets.Count == 2);
        await Eventually.HoldsAsync(async () => (await Server.Operator.GetAsync("/api/duties/check/" + _occurrence)).Status, static status => status == HttpStatusCode.OK);
        using var kim = Server.As(TokenOf("kim"));
        var patch = new { title = "Patch", description = "What it changes.", type = "normal", severity = "high", service = "register" };
        Patch = (await kim.PostAsync("/api/patches", patch)).Expect(HttpStatusCode.Created).Json.GetProperty("request").GetProperty("id").GetString()!;
        (await Server.Operator.PostAsync("/api/asset-sources/runs", new { })).Expect(HttpStatusCode.OK);
        (await Server.Operator.PostAsync("/api/debt", new { title = "Old forms", service = "register", cost = 80, interest = 12 })).Expect(HttpStatusCode.Created);
        Booking = (await Server.Operator.PostAsync("/api/resources/hours", new { hours = 1, kind = "operations", person = "zoe" })).Expect(HttpStatusCode.Created).Json.GetProperty("id").GetString()!;
        var day = DateTime.UtcNow.AddDays(2).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        Absence = (await Server.Operator.PostAsync("/api/resources/absences", new { from = day, to = day, kind = "leave", person = "zoe" })).Expect(HttpStatusCode.Created).Json.GetProperty("id").GetString()!;
        if (!OperatingSystem.IsWindows())
        {
            Snapshot = (await BackupRestoreTests.ProvenAsync(Server, "files")).Latest!.Id;
            Recovery = (await Server.Operator.PostAsync("/api/recoveries", new { strategy = "register", reason = "Lost" })).Expect(HttpStatusCode.Created).Json.GetProperty("id").GetString()!;
        }
    }

    public async Task DisposeAsync() => await Here.DisposeAsync();

    /// <summary>A path of a route with parts that exist.</summary>
    public string Fill(string pattern) =>
        "/" + pattern.Replace("{policy}", "files", StringComparison.Ordinal)
            .Replace("{reference}", Receipt.Reference, StringComparison.Ordinal)
            .Replace("{programme}", "basics", StringComparison.Ordinal)
            .Replace("{session}", "TS-1001", StringComparison.Ordinal)
            .Replace("{check}", "manuals", StringComparison.Ordinal)
            .Replace("{control}", "domain", StringComparison.Ordinal)
            .Replace("{item}", "paper", StringComparison.Ordinal)
            .Replace("{booking}", Booking, StringComparison.Ordinal)
            .Replace("{absence}", Absence, StringComparison.Ordinal)
            .Replace("{file}", "site.css", StringComparison.Ordinal)
            .Replace("snapshots/{id}", "snapshots/" + Snapshot, StringComparison.Ordinal)
            .Replace("operations/{id}", "operations/backup_" + Snapshot, StringComparison.Ordinal)
            .Replace("patches/{id}", "patches/" + Patch, StringComparison.Ordinal)
            .Replace("recoveries/{id}", "recoveries/" + Recovery, StringComparison.Ordinal)
            .Replace("recovery/{id}", "recovery/" + Recovery, StringComparison.Ordinal)
            .Replace("components/{id}", "components/driver", StringComparison.Ordinal)
            .Replace("vulnerabilities/{id}", "vulnerabilities/V-1001", StringComparison.Ordinal)
            .Replace("debt/{id}", "debt/D-1001", StringComparison.Ordinal)
            .Replace("strategies/{id}", "strategies/register", StringComparison.Ordinal)
            .Replace("{duty}", "check", StringComparison.Ordinal)
            .Replace("{occurrence}", _occurrence, StringComparison.Ordinal)
            .Replace("{step}", "look", StringComparison.Ordinal)
            .Replace("{probe}", "batch", StringComparison.Ordinal)
            .Replace("reports/people/{id}", "reports/people/ada", StringComparison.Ordinal)
            .Replace("people/{id}", "people/zoe", StringComparison.Ordinal)
            .Replace("documents/{id}", "documents/guide", StringComparison.Ordinal)
            .Replace("help/{id}", "help/faq", StringComparison.Ordinal)
            .Replace("tickets/{id}", "tickets/T-1001", StringComparison.Ordinal);

    /// <summary>A new token of a person.</summary>
    public async Task<string> IssueAsync(string person) =>
        (await Server.Operator.PostAsync($"/api/people/{person}/credentials", new { kind = "token" })).Expect(HttpStatusCode.Created).Json.GetProperty("secret").GetString()!;

    /// <summary>A new session of a person: the cookie as a browser sends it.</summary>
    public async Task<string> SessionAsync(string person)
    {
        var code = (await Server.Operator.PostAsync($"/api/people/{person}/credentials", new { kind = "signIn" })).Json.GetProperty("secret").GetString()!;
        using var browser = Server.As(null);
        return (await browser.FormAsync("/sign-in", [("code", code)])).Expect(HttpStatusCode.Found).Headers["Set-Cookie"].Split(';')[0];
    }
}
