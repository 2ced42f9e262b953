namespace Maintenance.Tests.EndToEnd;

/// <summary>Plans of a few lines with clocks of a few seconds.</summary>
internal sealed record QuickPlan
{
    /// <summary>Once a year: never while a test runs.</summary>
    public const string Yearly = "0 0 0 1 1 *";

    public string Name { get; init; } = "Register";

    /// <summary>The languages of the public pages, the usual one first.</summary>
    public string Languages { get; init; } = "en";

    /// <summary>Policies: id, folder relative to the plan, schedule.</summary>
    public IReadOnlyList<(string Id, string Folder, string Schedule)> Backups { get; init; } = [];

    public string RecoveryPoint { get; init; } = "1d";

    /// <summary>The targets of the urgent priority.</summary>
    public string Response { get; init; } = "1h";

    public string Resolution { get; init; } = "4h";

    /// <summary>The levels of the urgent chain: the delay, and the channels to tell.</summary>
    public IReadOnlyList<(string After, string Channels)> Levels { get; init; } = [("0m", "")];

    /// <summary>Webhooks: id, kind, address.</summary>
    public IReadOnlyList<(string Id, string Kind, Uri Address)> Channels { get; init; } = [];

    public int MailPort { get; init; }

    /// <summary>How long emergency patches wait for their quorum of two.</summary>
    public string EmergencyExpiry { get; init; } = "1h";

    /// <summary>Further sections, as they are written.</summary>
    public string More { get; init; } = "";

    /// <summary>A strategy for the policy <c>files</c>: restore, check, a command that notes its key and attempt, a person, a gate, a person.</summary>
    public const string Recovery = """
        recovery:
          tickets: { impact: all, urgency: now }
          strategies:
            - id: register
              service: register
              workers: 2
              notify: [ada]
              steps:
                - { id: restore, name: Restore it, owner: ada, duration: 1m, restore: { backup: files } }
                - { id: there, name: It is there, after: [restore], owner: ada, duration: 1m, check: { file: a.txt, atLeastBytes: 1 } }
                - { id: prepare, name: Prepare, after: [restore], owner: ada, duration: 1m, of: restore, command: [./note.sh] }
                - { id: look, name: Look at it, after: [there, prepare], owner: sam, duration: 5m, manual: { sop: sop.md } }
                - { id: gate, name: Cut over, after: [look], owner: ada, duration: 5m, gate: { approvers: [approver], quorum: 2 } }
                - { id: announce, name: Announce it, after: [gate], owner: ada, duration: 1m, of: restore, command: [./note.sh] }
                - { id: open, name: Open it, after: [announce], owner: sam, duration: 5m, manual: {} }

        """;

    /// <summary>A duty that somebody of the support does, of a procedure that <see cref="Furnish"/> writes; its first date is given.</summary>
    public static string Duties(string date) => $$"""
        duties:
          - { id: check, kind: dataCuration, name: Check of the data, owner: support, deputy: ada, every: { years: 1, from: {{date}} }, lead: 7d, procedure: sop.md, evidence: [text], overdue: { notify: [ada] } }

        """;

    /// <summary>A job that must call once a day.</summary>
    public const string Monitoring = """
        monitoring:
          tickets: { impact: all, urgency: now }
          probes:
            - { id: batch, service: register, name: The batch, every: 1m, heartbeat: { within: 1d } }
          objectives: [{ service: register, availability: 99.5 }]
          security: { notify: [ada] }

        """;

    /// <summary>A procedure that lee must acknowledge, and an article for the public.</summary>
    public const string Documents = """
        documents:
          folders:
            - { path: sops, kind: sop, owner: sam, audience: [lee] }
            - { path: articles, kind: article, owner: sam, audience: [public] }

        """;

    /// <summary>The files of <see cref="Documents"/>.</summary>
    public static void FurnishDocuments(Installation here)
    {
        File.WriteAllText(Path.Join(here.Folder("sops"), "guide.md"), "---\ntitle: The guide\n---\n\nCount the forms. See [the questions](../articles/faq.md).\n");
        File.WriteAllText(Path.Join(here.Folder("articles"), "faq.md"), "---\ntitle: What people ask\nkeywords: [opening, hours]\n---\n\n## When?\n\nFrom eight to four.\n\n| day | open |\n| --- | --- |\n| Monday | yes |\n");
    }

    /// <summary>A component that the advisory of <see cref="FurnishAssets"/> concerns. It opens no ticket.</summary>
    public const string Assets = """
        assets:
          components:
            - { id: driver, name: Driver, service: register, version: 1.0.0, package: pkg:nuget/Driver, endOfLife: 2199-12-31 }
          sboms: [{ service: register, file: app.cdx.json }]
          advisories: [{ file: advisory.json }]
        lifecycle:
          remediation: { critical: 7d, high: 30d, medium: 90d, low: 180d, calendar: always }
          waivers: { approvers: [approver], longest: 90d }
        technicalDebt: { hours: 100, reserve: 20% }

        """;

    /// <summary>The files that <see cref="Assets"/> names.</summary>
    public static void FurnishAssets(Installation here)
    {
        WriteRested(here.PathOf("app.cdx.json"), """{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","name":"Other <b>","version":"2.0"}]}""");
        WriteRested(here.PathOf("advisory.json"), """
            {"id":"GHSA-aaaa","modified":"2026-11-01T00:00:00Z","aliases":["CVE-2026-1"],"summary":"<script>alert(1)</script>","details":"<img src=x alt=alert(1)>",
             "severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H"}],"references":[{"type":"WEB","url":"https://a.example/?x=1&y=\"2"},{"type":"WEB","url":"javascript:alert(1)"}],
             "affected":[{"package":{"ecosystem":"NuGet","name":"driver"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.0.2"}]}]}]}
            """);
    }

    /// <summary>Writes a file that counts at once: one that was written within the last minute may not be whole.</summary>
    public static void WriteRested(string path, string text)
    {
        File.WriteAllText(path, text);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(-2));
    }

    /// <summary>The procedure and the program that <see cref="Recovery"/> names. The program adds a line with its key and attempt to the file <c>notes</c>.</summary>
    public static void Furnish(Installation here)
    {
        File.WriteAllText(here.PathOf("sop.md"), "Compare the last entry with the paper form.");
        File.WriteAllText(here.PathOf("note.sh"), $"#!/bin/sh\necho \"$MAINTENANCE_KEY $MAINTENANCE_ATTEMPT\" >> '{here.PathOf("notes")}'\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(here.PathOf("note.sh"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public IReadOnlyList<string> MorePeople { get; init; } = ["  - { id: zoe, name: Zoe Zimmer, roles: [guest] }"];

    public string Yaml => $"""
        system: {Braces($"name: {Name}, organisation: Registration Authority, owner: ada, timeZone: Etc/UTC, languages: [{Languages}]")}
        people:
          - {Braces("id: ada, name: Ada Adler, email: ada@registry.example, roles: [administrator]")}
          - {Braces("id: sam, name: Sam Sorell, email: sam@registry.example, roles: [support]")}
          - {Braces("id: kim, name: Kim Kamau, roles: [approver]")}
          - {Braces("id: lee, name: Lee Lund, roles: [approver]")}
          - {Braces("id: max, name: Max Mbeki, roles: [approver]")}
        {string.Join('\n', MorePeople)}
        calendars:
          - {Braces($"id: always, hours: [{Braces("days: [mon, tue, wed, thu, fri, sat, sun], spans: [00:00-24:00]")}]")}
        services:
          - {Braces($"id: register, name: The register, criticality: medium, owner: ada, rto: 1h, rpo: {RecoveryPoint}, mtd: 2d")}
        backups:{(Backups.Count == 0 ? " []" : "")}
        {Lines(Backups, static b => $"id: {b.Id}, service: register, source: {Braces($"folder: \"{b.Folder}\"")}, schedule: \"{b.Schedule}\", notify: [ada]")}
        priorities:
          levels: [{Braces("id: p1, name: Urgent")}, {Braces("id: p2, name: Not urgent")}]
          impact: [{Braces("id: all, name: Everybody")}]
          urgency: [{Braces("id: now, name: Now")}, {Braces("id: later, name: Later")}]
          matrix: {Braces($"all: {Braces("now: p1, later: p2")}")}
        serviceLevels:
          targets:
            - {Braces($"priority: p1, calendar: always, response: {Response}, resolution: {Resolution}, escalation: urgent")}
            - {Braces("priority: p2, calendar: always, response: 8h, resolution: 80h, escalation: routine")}
          escalations:
            - id: urgent
              levels:
        {Lines(Levels, static level => $"after: {level.After}, notify: [sam], channels: [{level.Channels}], action: Take it.")}
            - id: routine
              levels: [{Braces("after: 0m, notify: [sam]")}]
        patching:
          calendar: always
          rules:
            - {Braces($"types: [emergency], approvers: [approver], quorum: 2, expiresAfter: {EmergencyExpiry}")}
            - {Braces("approvers: [approver], quorum: 2, expiresAfter: 1h")}
        support:
          channels: [{Braces("id: form, kind: form, name: Form, address: /feedback, hours: always")}]
          feedback:
            introduction: Tell us.
            kinds:
              - {Braces("id: outage, label: Nothing works, type: incident, impact: all, urgency: now")}
              - {Braces("id: question, label: A question, type: serviceRequest, impact: all, urgency: later")}
        notifications:
          channels:{(Channels.Count == 0 ? " []" : "")}
        {Lines(Channels, static channel => $"id: {channel.Id}, kind: {channel.Kind}, url: \"{channel.Address}\"")}
        {(MailPort == 0 ? "" : $"  mail: {Braces($"host: 127.0.0.1, port: {MailPort}, from: plan@registry.example, tls: false")}")}

        """ + More;

    private static string Braces(string inside) => "{ " + inside + " }";

    private static string Lines<T>(IEnumerable<T> items, Func<T, string> line) => string.Join('\n', items.Select(item => "        - " + Braces(line(item))));
}
