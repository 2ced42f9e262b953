namespace MaintenanceFunctions.Tests.Limits;

/// <summary>A plan with every part that makes names, and all of its ids as long as ids may be.</summary>
internal static class HostilePlan
{
    public const string Ann = "ann-0123456789-0123456789-0123456789-abc";
    public const string Ben = "ben-0123456789-0123456789-0123456789-abc";
    public const string Service = "register-456789-0123456789-0123456789-ab";
    public const string Backup = "nightly-3456789-0123456789-0123456789-ab";
    public const string Strategy = "strategy-456789-0123456789-0123456789-ab";
    public const string Manual = "manual-23456789-0123456789-0123456789-ab";
    public const string Ring = "ring-0123456789-0123456789-0123456789-ab";
    public const string Copy = "copy-0123456789-0123456789-0123456789-ab";
    public const string Team = "team-0123456789-0123456789-0123456789-ab";
    public const string Programme = "learn-123456789-0123456789-0123456789-ab";
    public const string Item = "paper-123456789-0123456789-0123456789-ab";
    public const string Check = "check-123456789-0123456789-0123456789-ab";
    public const string Control = "domain-23456789-0123456789-0123456789-ab";
    public const string Kind = "broken-23456789-0123456789-0123456789-ab";

    public const string Duty = "duty-0123456789-0123456789-0123456789-ab";

    public const string Procedure = "procedure-56789-0123456789-0123456789-ab";
    public const string Article = "article-3456789-0123456789-0123456789-ab";

    private const string Calendar = "always-23456789-0123456789-0123456789-ab";
    private const string Window = "window-23456789-0123456789-0123456789-ab";
    private const string Room = "room-0123456789-0123456789-0123456789-ab";

    public const string Yaml = $$"""
        system: { name: CivReg, organisation: "Civil Registration Authority", owner: {{Ann}}, timeZone: Africa/Nairobi, languages: [en, fr] }
        people:
          - { id: {{Ann}}, name: "Ann 'Dhola' 😀", email: ann@registry.example, roles: [administrator, dba] }
          - { id: {{Ben}}, name: "Ben/\\Barasu#?", email: "o'neil+ben@registry.example", roles: [support, dba], language: fr, quietHours: ["21:00-06:30"] }
          - { id: cy, name: Cy Chebet, email: cy@registry.example, roles: [dba, "r/ô#le? %2F"] }
        calendars:
          - { id: {{Calendar}}, hours: [{ days: [mon, tue, wed, thu, fri, sat, sun], spans: ["00:00-24:00"] }] }
        teams:
          - { id: {{Team}}, name: Desk, lead: {{Ann}}, members: [{{Ann}}, {{Ben}}], services: [{{Service}}] }
        services:
          - { id: {{Service}}, name: "The register", criticality: high, owner: {{Ann}}, rto: 4h, rpo: 1d, mtd: 2d }
        repository:
          prune: { schedule: 0 0 4 * * * }
          verify: { schedule: 0 30 4 * * *, percent: 50 }
          copies:
            - { id: {{Copy}}, container: "https://copies.blob.core.windows.net/copy", offSite: true, verify: { schedule: 0 40 4 * * * } }
        backups:
          - { id: {{Backup}}, service: {{Service}}, source: { folder: register }, schedule: 0 0 2 * * *, notify: [dba, "r/ô#le? %2F"], copies: [{{Copy}}], retention: { last: 3 }, proof: { expires: 1d } }
        monitoring:
          tickets: { impact: all, urgency: now }
          probes:
            - { id: probe-123456789-0123456789-0123456789-ab, service: {{Service}}, name: "The batch 😀", every: 1m, heartbeat: { within: 1m }, failAfter: 1 }
          security: { notify: ["r/ô#le? %2F"] }
        windows:
          maintenance: [{ id: {{Window}}, name: Always, days: [mon, tue, wed, thu, fri, sat, sun], start: "00:00", end: "24:00" }]
        recovery:
          tickets: { impact: all, urgency: now }
          strategies:
            - id: {{Strategy}}
              service: {{Service}}
              notify: [administrator]
              drills: { schedule: 0 0 5 * * *, expires: 3d }
              steps:
                - { id: restore-3456789-0123456789-0123456789-ab, name: Restore it, owner: dba, duration: 10m, restore: { backup: {{Backup}} } }
                - { id: there-123456789-0123456789-0123456789-ab, name: It is there, after: [restore-3456789-0123456789-0123456789-ab], owner: dba, duration: 1m, check: { file: births/2026.csv, atLeastLines: 2 } }
                - { id: {{Manual}}, name: Look, after: [there-123456789-0123456789-0123456789-ab], owner: dba, duration: 5m, drill: true, manual: {} }
                - { id: gate-0123456789-0123456789-0123456789-ab, name: Cut over, after: [{{Manual}}], owner: dba, duration: 5m, gate: { approvers: [dba] } }
        training:
          programmes:
            - { id: {{Programme}}, name: "Law 'n' order", audience: [dba, "r/ô#le? %2F"], valid: 365d, within: 60d, owner: {{Ann}}, trainer: {{Ann}}, delivery: online }
        resources:
          allocations:
            - { person: {{Ben}}, hours: 8, service: {{Service}}, kind: operations }
        supplies:
          tickets: { impact: one, urgency: later }
          items:
            - { id: {{Item}}, name: "Paper / card", unit: "sheets?", minimum: 100, target: 500, leadTime: 10d, place: "Store #2", owner: "r/ô#le? %2F" }
        handover:
          id: handover-456789-0123456789-0123456789-ab
          name: The register
          manager: {{Ann}}
          team: {{Team}}
          planned: 2027-03-31
          signatories: [{{Ann}}, {{Ben}}]
          checklist: [{ id: {{Check}}, name: Manuals, owner: {{Ann}}, confirm: All of them }]
          control: [{ id: {{Control}}, kind: domain, name: registry.example, from: {{Ann}}, to: {{Ben}} }]
          outstanding: [{ id: slow-0123456789-0123456789-0123456789-ab, title: Slow, criteria: Fast., owner: {{Ann}}, due: 2027-06-30, impact: one, urgency: later }]
        duties:
          - { id: {{Duty}}, kind: other, name: "Count the 'röle's /\\#? 😀", owner: "r/ô#le? %2F", deputy: dba, schedule: 0 0 6 * * mon, calendar: {{Calendar}}, lead: 6h, evidence: [text, file], overdue: { ticket: { service: {{Service}}, impact: one, urgency: later }, notify: ["r/ô#le? %2F"], escalate: { after: 1d, notify: [administrator] } } }
        documents:
          acknowledgeWithin: 12h
          reviewGrace: 1h
          tickets: { impact: one, urgency: later }
          folders:
            - { path: documents, kind: sop, review: 1d }
            - { path: help, kind: article, review: 1d }
        priorities:
          levels: [{ id: p1-456789-0123456789-0123456789-01234567, name: High }, { id: p2, name: Low }]
          impact: [{ id: all, name: Everybody }, { id: one, name: One person }]
          urgency: [{ id: now, name: Now }, { id: later, name: Later }]
          matrix:
            all: { now: p1-456789-0123456789-0123456789-01234567, later: p2 }
            one: { now: p2, later: p2 }
        serviceLevels:
          targets:
            - { priority: p1-456789-0123456789-0123456789-01234567, calendar: {{Calendar}}, response: 1h, resolution: 4h, escalation: chain-123456789-0123456789-0123456789-ab, warnings: [25%, 50%, 75%, 90%] }
            - { priority: p2, calendar: {{Calendar}}, response: 4h, resolution: 40h, escalation: chain-123456789-0123456789-0123456789-ab }
          escalations:
            - id: chain-123456789-0123456789-0123456789-ab
              levels:
                - { after: 0m, notify: [support], repeat: 10m }
                - { after: 30m, notify: [administrator], channels: [{{Room}}] }
                - { after: 2h, notify: ["r/ô#le? %2F"] }
        patching:
          calendar: {{Calendar}}
          rules:
            - { approvers: [dba], quorum: 2, expiresAfter: 4h, review: 4h }
          rings:
            - { id: {{Ring}}, name: Test, windows: [{{Window}}], duration: 30m, apply: { webhook: "https://hooks.example/apply" }, undo: { webhook: "https://hooks.example/undo" }, probes: [{ http: "https://register.example/health" }] }
        support:
          channels:
            - { id: form, kind: form, name: Form, address: /feedback, hours: {{Calendar}} }
          survey: { schedule: 0 0 9 * * * }
          feedback:
            introduction: Tell us.
            limit: { submissions: 10000, window: 10m }
            kinds:
              - { id: {{Kind}}, label: Something is broken, type: incident, impact: one, urgency: now }
        notifications:
          mail: { host: localhost, port: 25, from: office@registry.example, tls: false }
          channels: [{ id: {{Room}}, kind: generic, url: "http://localhost/room" }]
        """;
}
