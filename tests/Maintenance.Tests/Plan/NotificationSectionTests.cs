using Maintenance.Notifications;
using Maintenance.Plan;

namespace Maintenance.Tests.Plan;

/// <summary>How people are told, as the plan says it.</summary>
public sealed class NotificationSectionTests
{
    private const string Room = "    - { id: room, kind: generic, urlSetting: ROOM }";
    private const string Ann = "    email: ann@registry.example\n";
    private const string Ids = "escalation, warning, ticket-assigned, ticket-comment, ticket-resolved, rating-request, feedback-received, survey, approval-needed, backup-alarm, operations-alarm, chain-unacknowledged, duty-due, duty-overdue, document, digest, sign-in, test";

    public static TheoryData<Fault> Errors => new(
        new(Room, Room + "\n  digest: { after: 0 }", "digest: { after: |0", "notifications.digest.after", "'0' is not a whole number from 1 to 1000.", "Write one such as 1."),
        new(Room, Room + "\n  digest: { window: 2d }", "window: |2d", "notifications.digest.window", "2d is longer than a day.", "Nobody waits so long for a message: write 15m, say."),
        new(Room, Room + "\n  templates: [{ id: escalaton, language: en, subject: a, text: b }]", "id: |escalaton", "notifications.templates[0].id", "there is no template 'escalaton'.", "Did you mean 'escalation'?"),
        new(Room, Room + "\n  templates: [{ id: nonsense, language: en, subject: a, text: b }]", "id: |nonsense", "notifications.templates[0].id", "there is no template 'nonsense'.", $"There are: {Ids}."),
        new(Room, Room + "\n  templates: [{ id: test, language: fr, subject: a, text: b }]", "language: |fr", "notifications.templates[0].language", "'fr' is not among the system's languages.", "Add it to system.languages, or leave the template out."),
        new(Room, Room + "\n  templates: [{ id: test, language: de, subject: a, text: b }]", "language: |de", "notifications.templates[0].language", "'de' is none of the choices.", "Write one of en, fr."),
        new(Room, Room + "\n  templates: [{ id: test, language: en, subject: \"{tiket} {tiket}\", text: b }]", "subject: |\"{tiket}", "notifications.templates[0].subject", "there is no placeholder {tiket}.", "Did you mean 'ticket'?"),
        new(Room, Room + "\n  templates: [{ id: test, language: en, subject: a, text: \"{Ticket} {b c} {}\" }]", "text: |\"{Ticket}", "notifications.templates[0].text", "there is no placeholder {Ticket}.", "Did you mean 'ticket'?"),
        new(Room, Room + "\n  templates: [{ id: test, language: en, subject: a, text: b }, { id: test, language: en, subject: c, text: d }]", "|{ id: test, language: en, subject: c", "notifications.templates[1]", "there is a template 'test' in this language already.", "Keep one of them."),
        new(Room, "    - { id: room, kind: slack, urlSetting: ROOM, secretSetting: KEY }", "secretSetting: |KEY", "notifications.channels[0].secretSetting", "only bodies of the generic kind are signed.", "Leave it out: who knows the address may post there."),
        new(Room, "    - { id: room, kind: slack, urlSetting: ROOM, quietHours: [\"06:00-18:00\", \"18:00-06:00\"] }", "    - { id: room, kind: slack, urlSetting: ROOM, quietHours: |[", "notifications.channels[0].quietHours", "they leave nothing of the day.", "Leave some hours in which mail may come."),
        new(Ann, Ann + "    quietHours: [\"00:00-24:00\"]\n", "quietHours: |[", "people[0].quietHours", "they leave nothing of the day.", "Leave some hours in which mail may come."));

    [Theory]
    [MemberData(nameof(Errors))]
    public void What_cannot_be_meant_is_an_error_with_its_place(Fault fault) => fault.AssertReported(PlanProblemSeverity.Error);

    [Fact]
    public void What_is_left_out_is_what_is_usual()
    {
        var settings = SmallPlan.Load(SmallPlan.Yaml).Plan!.Notifications;
        Assert.Equal(new DigestPolicy(5, TimeSpan.FromMinutes(15)), settings.Digest);
        Assert.Empty(settings.Templates);
        Assert.Null(settings.Channels[0].SecretSetting);
        Assert.Empty(settings.Channels[0].QuietHours);
    }

    [Fact]
    public void What_is_written_is_what_holds()
    {
        var yaml = SmallPlan.With(Room, """
                - { id: room, kind: generic, urlSetting: ROOM, secretSetting: ROOM_KEY, quietHours: ["22:00-06:00"] }
              digest: { after: 2, window: 1h }
              templates:
                - id: test
                  language: en
                  subject: "A test of {system}"
                  text: |
                    Dear {name},
                    {link}
            """);
        var load = SmallPlan.Load(yaml);
        Assert.Empty(load.Problems);
        var settings = load.Plan!.Notifications;
        Assert.Equal(new DigestPolicy(2, TimeSpan.FromHours(1)), settings.Digest);
        Assert.Equal(new NotificationTemplate("test", Language.En, "A test of {system}", "Dear {name},\n{link}"), Assert.Single(settings.Templates));
        Assert.Equal(("ROOM_KEY", new ClockSpan(1320, 360)), (settings.Channels[0].SecretSetting, settings.Channels[0].QuietHours[0]));
    }
}
