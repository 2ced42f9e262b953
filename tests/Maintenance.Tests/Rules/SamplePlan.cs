using Maintenance.Patches;
using Maintenance.Plan;
using Maintenance.ServiceLevels;
using Maintenance.Tickets;
using NodaTime;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>A small plan in Nairobi: two priorities, office hours and around the clock.</summary>
internal static class SamplePlan
{
    private static readonly IsoDayOfWeek[] Week = [.. Enum.GetValues<IsoDayOfWeek>().Where(static day => day != IsoDayOfWeek.None)];

    /// <summary>The chain of urgent targets: two people at once, one after an hour, one after four.</summary>
    public static EscalationChain Urgent { get; } = new(
        "urgent", [Level(TimeSpan.Zero), Level(TimeSpan.Zero), Level(TimeSpan.FromHours(1)), Level(TimeSpan.FromHours(4))]);

    /// <summary>The chain of ordinary targets: nobody at once, one after two hours.</summary>
    public static EscalationChain Ordinary { get; } = new("ordinary", [Level(TimeSpan.FromHours(2))]);

    public static OperationsPlan Plan { get; } = new(
        new SystemProfile("Records", "Registry", "Keeps records", "ann", Zone("Africa/Nairobi")),
        [],
        [
            new("office", "Office", [new(Week[..5], [new(480, 1020)])], [new(new LocalDate(2026, 11, 23), "Founders' day")]),
            new("always", "Always", [new(Week, [new(0, 1440)])], []),
        ],
        [new("records", "Records", "The register", Criticality.High, "ann", TimeSpan.FromHours(4), TimeSpan.FromHours(24), TimeSpan.FromHours(48), [])],
        [],
        new PriorityMatrix(
            [new("p1", "Urgent"), new("p2", "Ordinary")],
            [new("all", "All"), new("one", "One")],
            [new("now", "Now"), new("later", "Later")],
            new Dictionary<string, IReadOnlyDictionary<string, string>>
            {
                ["all"] = new Dictionary<string, string> { ["now"] = "p1", ["later"] = "p2" },
                ["one"] = new Dictionary<string, string> { ["now"] = "p2", ["later"] = "p2" },
            }),
        new ServiceLevelAgreement(
            [
                new("p1", "always", TimeSpan.FromMinutes(15), TimeSpan.FromHours(4), "urgent"),
                new("p2", "office", TimeSpan.FromHours(4), TimeSpan.FromHours(18), "ordinary"),
            ],
            [Urgent, Ordinary]),
        new PatchingPolicy("office", []),
        new Support(
            [],
            new FeedbackForm("Tell us.", [new("problem", "A problem", TicketType.Incident, "one", "now"), new("idea", "An idea", TicketType.FeatureRequest, "one", "later")])),
        new NotificationSettings(null, []));

    private static EscalationLevel Level(TimeSpan after) => new(after, ["ann"], [], "look");
}
