namespace MaintenanceFunctions.Tests.App;

/// <summary>A small plan. Ann is an administrator; Ann, Ben and Cy may vote on patches, two of them must approve within four hours.</summary>
internal static class TestPlan
{
    public const string Yaml = """
        system:
          name: CivReg
          organisation: Civil Registration Authority
          owner: ann
          timeZone: Africa/Nairobi
        people:
          - { id: ann, name: Ann Adhola, email: ann@registry.example, roles: [administrator, dba] }
          - { id: ben, name: Ben Barasu, email: ben@registry.example, roles: [support, dba] }
          - { id: cy, name: Cy Chebet, email: cy@registry.example, roles: [dba] }
          - { id: dan, name: Dan Duale, roles: [auditor] }
        calendars:
          - id: always
            hours:
              - days: [mon, tue, wed, thu, fri, sat, sun]
                spans: [00:00-24:00]
        services:
          - { id: register, name: The register, criticality: high, owner: ann, rto: 4h, rpo: 1d, mtd: 2d }
        backups:
          - id: nightly
            service: register
            source: { folder: register }
            schedule: 0 0 2 * * *
            notify: [dba]
        recovery:
          tickets: { impact: all, urgency: now }
          strategies:
            - id: register
              service: register
              notify: [administrator]
              drills: { schedule: 0 0 5 * * *, expires: 3d }
              steps:
                - { id: restore, name: Restore it, owner: dba, duration: 10m, restore: { backup: nightly } }
                - { id: there, name: It is there, after: [restore], owner: dba, duration: 1m, check: { file: births/2026.csv, atLeastLines: 2 } }
                - { id: gate, name: Cut over, after: [there], owner: dba, duration: 5m, gate: { approvers: [dba] } }
        priorities:
          levels: [{ id: p1, name: High }, { id: p2, name: Low }]
          impact: [{ id: all, name: Everybody }, { id: one, name: One person }]
          urgency: [{ id: now, name: Now }, { id: later, name: Later }]
          matrix:
            all: { now: p1, later: p2 }
            one: { now: p2, later: p2 }
        serviceLevels:
          targets:
            - { priority: p1, calendar: always, response: 1h, resolution: 4h, escalation: chain }
            - { priority: p2, calendar: always, response: 4h, resolution: 40h, escalation: chain }
          escalations:
            - id: chain
              levels:
                - { after: 0m, notify: [support], action: Take it. }
        patching:
          calendar: always
          rules:
            - { approvers: [dba], quorum: 2, expiresAfter: 4h }
        support:
          channels:
            - { id: form, kind: form, name: Form, address: /feedback, hours: always }
          feedback:
            introduction: Tell us.
            kinds:
              - { id: broken, label: Something is broken, type: incident, impact: one, urgency: now }
        """;
}
