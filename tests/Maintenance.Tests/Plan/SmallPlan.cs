using Maintenance.Plan;

namespace Maintenance.Tests.Plan;

/// <summary>The smallest plan with something in every section: good as it is, and broken by the tests in one place at a time.</summary>
internal static class SmallPlan
{
    public const string File = "plan/plan.yaml";

    public const string Yaml = """
        system:
          name: CivReg
          organisation: Civil Registration Authority
          owner: ann
          timeZone: Africa/Nairobi
        people:
          - id: ann
            name: Ann Adhola
            email: ann@registry.example
            roles: [administrator, dba]
          - id: ben
            name: Ben Barasu
            roles: [support, dba]
            hours: office
        calendars:
          - id: office
            hours:
              - days: [mon, tue, wed]
                spans: [08:00-12:00, 13:00-17:00]
            holidays:
              - { date: 2026-12-25, name: Christmas Day }
        services:
          - id: register
            name: The register
            criticality: high
            owner: ann
            rto: 4h
            rpo: 1d
            mtd: 2d
          - id: printing
            name: Printing
            criticality: low
            owner: ben
            rto: 8h
            rpo: 1d
            mtd: 3d
            dependsOn: [register]
        backups:
          - id: nightly
            service: register
            source: { folder: register }
            exclude: ["*.tmp"]
            compression: fast
            schedule: 0 0 2 * * *
            retention: { last: 3, daily: 14, minimum: 2 }
            proof: { minimumFiles: 1, contains: [births.csv] }
            immutableFor: 7d
            copies: [away]
            jumps: { sizePercent: 40 }
            notify: [dba]
        repository:
          media: disk
          offSite: false
          prune: { schedule: 0 0 3 * * sun, grace: 3d }
          verify: { schedule: 0 30 3 * * *, percent: 5 }
          copies:
            - { id: away, folder: away, media: tape, offSite: true, verify: { percent: 20 } }
        priorities:
          levels: [{ id: p1, name: High }, { id: p2, name: Low }]
          impact: [{ id: all, name: Everybody }, { id: one, name: One person }]
          urgency: [{ id: now, name: Now }, { id: later, name: Later }]
          matrix:
            all: { now: p1, later: p2 }
            one: { now: p2, later: p2 }
        serviceLevels:
          targets:
            - { priority: p1, calendar: office, response: 1h, resolution: 4h, escalation: chain }
            - { priority: p2, calendar: office, response: 4h, resolution: 40h, escalation: chain }
          escalations:
            - id: chain
              levels:
                - { after: 0m, notify: [support], channels: [room], action: Take it. }
                - { after: 2h, notify: [ann] }
        windows:
          horizon: 30d
          maintenance:
            - { id: night, name: Sunday night, days: [sun], start: "22:00", end: "04:00" }
            - { id: patches, name: Patch weekend, monthly: { week: second, day: tue, plusDays: 11 }, start: "20:00", end: "24:00" }
          freezes:
            - { id: year-end, from: 2026-12-18T00:00, to: 2027-01-04T06:00, reason: Statistics }
        patching:
          calendar: office
          rules:
            - { types: [emergency], approvers: [dba], quorum: 1, expiresAfter: 4h, review: 8h }
            - { approvers: [dba], quorum: 1, expiresAfter: 16h }
        support:
          channels:
            - { id: form, kind: form, name: Form, address: /feedback, hours: office }
          feedback:
            introduction: Tell us.
            kinds:
              - { id: broken, label: Something is broken, type: incident, impact: one, urgency: now }
        notifications:
          mail: { host: smtp.registry.example, from: plan@registry.example, user: plan, passwordSetting: MAIL_PASSWORD }
          channels:
            - { id: room, kind: generic, urlSetting: ROOM }

        """;

    /// <summary>The folder of its relative paths; nothing is read there.</summary>
    public static string Folder { get; } = Path.Combine(Path.GetTempPath(), "no-such-plan");

    public static PlanLoad Load(string yaml) => PlanFile.Load(File, yaml, Folder);

    /// <summary>The plan with one passage replaced; the passage occurs exactly once, so that a test cannot edit something else than it says.</summary>
    public static string With(string passage, string replacement) => Replace(Yaml, passage, replacement);

    public static string Replace(string yaml, string passage, string replacement)
    {
        var at = yaml.IndexOf(passage, StringComparison.Ordinal);
        Assert.True(at >= 0, $"The plan does not contain: {passage}");
        Assert.True(yaml.IndexOf(passage, at + 1, StringComparison.Ordinal) < 0, $"The plan contains this more than once: {passage}");
        return string.Concat(yaml.AsSpan(0, at), replacement, yaml.AsSpan(at + passage.Length));
    }

    /// <summary>Line and column, both from 1, of the place that <c>|</c> marks in a passage of the text (without the mark).</summary>
    public static (long Line, long Column) Place(string yaml, string marked)
    {
        var mark = marked.IndexOf('|', StringComparison.Ordinal);
        Assert.True(mark >= 0, $"The passage marks no place: {marked}");
        var passage = marked.Remove(mark, 1);
        var at = yaml.IndexOf(passage, StringComparison.Ordinal);
        Assert.True(at >= 0, $"The plan does not contain: {passage}");
        var before = yaml[..(at + mark)];
        return (before.Count(static c => c == '\n') + 1, before.Length - before.LastIndexOf('\n'));
    }
}

/// <summary>One fault, and the one problem that must be reported for it.</summary>
/// <param name="Passage">What is replaced in the small plan; occurs there once.</param>
/// <param name="Replacement">By what.</param>
/// <param name="At">A passage of the broken text, <c>|</c> before the place that must be named.</param>
/// <param name="Path">The path that must be named.</param>
/// <param name="Message">What must be said to be wrong.</param>
/// <param name="Hint">What must be said to be right.</param>
public sealed record Fault(string Passage, string Replacement, string At, string Path, string Message, string? Hint)
{
    public override string ToString() => $"{Path}: {Message}";

    /// <summary>Checks that the plan with this fault has exactly this problem.</summary>
    internal void AssertReported(PlanProblemSeverity severity)
    {
        var yaml = SmallPlan.With(Passage, Replacement);
        var load = SmallPlan.Load(yaml);
        var (line, column) = SmallPlan.Place(yaml, At);
        Assert.Equal(
            [new PlanProblem(SmallPlan.File, line, column, Path, Message, Hint, severity)],
            load.Problems);
        Assert.Equal(severity == PlanProblemSeverity.Warning, load.Plan is not null);
    }
}
