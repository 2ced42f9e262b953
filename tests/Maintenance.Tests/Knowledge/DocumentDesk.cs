using Maintenance.Knowledge;
using Maintenance.Plan;
using Maintenance.Tests.Services;
using Maintenance.Tickets;

namespace Maintenance.Tests.Knowledge;

/// <summary>Documents over an office: their book, their service and their sweep, and a procedure that can be changed.</summary>
internal sealed class DocumentDesk : IAsyncDisposable
{
    private const string Guest = "name: Zoe Zimmer, roles: [guest]";
    private const string Approver = "name: Zoe Zimmer, email: zoe@registry.example, roles: [approver]";

    private DocumentDesk(Office office)
    {
        Office = office;
        Book = office.Knowledge;
        Knowledge = new KnowledgeService(Book, office.Plan, office.Clock);
        Sweep = new DocumentSweep(Book, office.Notifications, office.Tickets, office.Plan, office.Clock);
    }

    public Office Office { get; }

    public KnowledgeBook Book { get; }

    public KnowledgeService Knowledge { get; }

    public DocumentSweep Sweep { get; }

    public KnowledgeDocument Current => Office.Plan.Current.Knowledge.Find("restart")!;

    public Person Person(string id) => Office.Plan.Current.FindPerson(id)!;

    /// <summary>With a procedure and an article.</summary>
    public static async Task<DocumentDesk> OpenAsync()
    {
        var office = new Office(Documents.Yaml);
        Documents.Furnish(office.Folder);
        _ = await office.Plan.RefreshAsync(default);
        return new DocumentDesk(office);
    }

    /// <summary>Writes the procedure anew and has the plan read again.</summary>
    public async Task ChangeAsync(string body, string front = "")
    {
        Documents.Write(Office.Folder, "sops/restart.md", $"---\ntitle: Restart the register\nreviewed: 2026-11-01\n{front}\n---\n{body}\n");
        Assert.False((await Office.Plan.RefreshAsync(default)).IsStale);
    }

    /// <summary>Zoe becomes an approver.</summary>
    public Task JoinAsync() => ReplaceAsync(Guest, Approver);

    /// <summary>And is one no more.</summary>
    public Task LeaveAsync() => ReplaceAsync(Approver, Guest);

    /// <summary>The plan as a file beside its documents, for another process.</summary>
    public string PlanFile()
    {
        Documents.Write(Office.Folder, "plan.yaml", Office.PlanText);
        return Path.Join(Office.Folder, "plan.yaml");
    }

    public async Task<IEnumerable<string>> MissingAsync() => (await Knowledge.FindAsync("restart", default))!.Standing.Missing.Select(static person => person.Id);

    public async Task<List<Ticket>> TicketsAsync() => await Office.Tickets.ListOpenAsync(default).ToListAsync();

    /// <summary>Who was told what by mail, such as <c>ask kim</c>; in order of the text.</summary>
    public IReadOnlyList<string> Told(string document) =>
    [
        .. Office.Notifier.Sent.Where(line => line.StartsWith($"document/{document}/", StringComparison.Ordinal) && line.Contains('@', StringComparison.Ordinal))
            .Select(static line => $"{line.Split('/')[2]} {line[(line.LastIndexOfAny([' ', ':']) + 1)..].Split('@')[0]}").Order(StringComparer.Ordinal),
    ];

    public ValueTask DisposeAsync() => Office.DisposeAsync();

    private async Task ReplaceAsync(string before, string after)
    {
        Assert.Contains(before, Office.PlanText, StringComparison.Ordinal);
        Office.PlanText = Office.PlanText.Replace(before, after, StringComparison.Ordinal);
        Assert.False((await Office.Plan.RefreshAsync(default)).IsStale);
    }
}
