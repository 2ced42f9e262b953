using Maintenance.Duties;
using Maintenance.Local.Storage;
using Maintenance.Storage;

using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Services;

/// <summary>The office with duties. Ann answers for the system, Ben is support, Cat is neither.</summary>
internal sealed class DutyDesk : IAsyncDisposable
{
    private DutyDesk(Office office)
    {
        Office = office;
        Duties = new DutyService(office.Records, office.Notifications, office.Tickets, office.Recoveries, office.Plan, office.Clock);
        Objects = FolderObjectStore.Open(Path.Join(office.Folder, "duty-objects"));
        Files = new DutyFiles(Objects, office.Records, Duties, office.Plan, office.Clock);
    }

    public Office Office { get; }

    public DutyService Duties { get; }

    public DutyFiles Files { get; }

    public IObjectStore Objects { get; }

    public DateTimeOffset Now => Office.Clock.GetUtcNow();

    /// <summary>What people were told of duties, without the log.</summary>
    public List<string> Told => [.. Office.Notifier.Sent.Where(static line => line.StartsWith("duty/", StringComparison.Ordinal) && !line.EndsWith("log", StringComparison.Ordinal)).Select(static line => line.Replace("@registry.example", "", StringComparison.Ordinal).Replace("mail:", "", StringComparison.Ordinal))];

    public static async Task<DutyDesk> OpenAsync(string duties)
    {
        var desk = new DutyDesk(new Office(Office.QuickPlan + Section(duties)));
        _ = await desk.Office.Plan.RefreshAsync(default);
        await desk.Duties.SweepAsync(default);
        return desk;
    }

    public static string Section(string duties) => duties.Length == 0 ? "" : "\nduties:\n" + duties;

    /// <summary>A duty of Ben's, due on the 15th of each month; a field that is given takes the place of the usual one.</summary>
    public static string Duty(string id, params string[] fields)
    {
        var usual = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["kind"] = "other",
            ["name"] = "The duty " + id,
            ["owner"] = "ben",
            ["deputy"] = "ann",
            ["every"] = "{ months: 1, from: 2026-12-15 }",
            ["lead"] = "7d",
            ["grace"] = "2d",
            ["evidence"] = "[text]",
            ["overdue"] = "{ ticket: { service: register, impact: all, urgency: later }, notify: [ann], escalate: { after: 3d, notify: [cat] } }",
        };
        foreach (var field in fields)
        {
            var (name, value) = (field[..field.IndexOf(": ", StringComparison.Ordinal)], field[(field.IndexOf(": ", StringComparison.Ordinal) + 2)..]);
            (name, value) = name == "from" ? ("every", $"{{ months: 1, from: {value} }}") : (name, value);
            usual[name] = value;
        }

        return $"  - id: {id}\n{string.Concat(usual.Select(static field => $"    {field.Key}: {field.Value}\n"))}";
    }

    /// <summary>The plan with other duties; taken over at the next tick.</summary>
    public void Write(string duties) => Office.PlanText = Office.QuickPlan + Section(duties);

    /// <summary>Lets time pass by the quarter of a day, with a tick each.</summary>
    public async Task UntilAsync(string at)
    {
        for (var end = Utc(at); Now < end;)
        {
            var step = end - Now < TimeSpan.FromHours(6) ? end - Now : TimeSpan.FromHours(6);
            Office.Clock.Advance(step);
            _ = await Office.Plan.RefreshAsync(default);
            await Duties.SweepAsync(default);
        }
    }

    public DutyActor Actor(string id) => new(id, Office.Plan.Current.FindPerson(id), false);

    public async Task<DutyOccurrence?> FindAsync(string duty, string key) => (await Duties.FindAsync(duty, key, default))?.Value;

    public async Task<DutyOccurrence> DoAsync(string duty, string key, DutyCompletion completion) => (await Duties.DoAsync(duty, key, completion, Actor("ben"), null, null, default))!.Value;

    public ValueTask DisposeAsync() => Office.DisposeAsync();
}
