using Maintenance.Plan;

namespace Maintenance.Tests.Simulation;

/// <summary>A small plan with something of everything that a year brings, in a zone with daylight saving.</summary>
internal static class TownPlan
{
    public const string Yaml = """
        system: { name: Town register, organisation: Town of Neustadt, owner: ann, timeZone: Europe/Berlin }
        people:
          - { id: ann, name: Ann Adler, roles: [administrator, dba] }
          - { id: ben, name: Ben Berger, roles: [support, dba] }
        calendars:
          - id: office
            hours: [{ days: [mon, tue, wed, thu, fri], spans: [08:00-12:00, 13:00-17:00] }]
            holidays:
              - { date: 2028-04-14, name: Good Friday }
              - { date: 2028-04-17, name: Easter Monday }
              - { date: 2028-05-01, name: Labour Day }
              - { date: 2028-10-03, name: Day of Unity }
              - { date: 2028-12-25, name: Christmas Day }
              - { date: 2028-12-26, name: Boxing Day }
          - id: always
            hours: [{ days: [mon, tue, wed, thu, fri, sat, sun], spans: [00:00-24:00] }]
        services:
          - { id: register, name: Register, criticality: high, owner: ann, rto: 4h, rpo: 1d, mtd: 2d }
          - { id: counter, name: Counter, criticality: medium, owner: ben, rto: 8h, rpo: 1d, mtd: 3d }
        backups:
          - id: nightly
            service: register
            source: { folder: register }
            schedule: 0 30 2 * * *
            retention: { last: 3, daily: 14, monthly: 6, minimum: 2 }
            proof: { minimumFiles: 1, contains: [births.csv] }
            notify: [dba]
        priorities:
          levels: [{ id: p1, name: High }, { id: p2, name: Low }]
          impact: [{ id: all, name: Everybody }, { id: one, name: One person }]
          urgency: [{ id: now, name: Now }, { id: later, name: Later }]
          matrix:
            all: { now: p1, later: p2 }
            one: { now: p2, later: p2 }
        serviceLevels:
          targets:
            - { priority: p1, calendar: always, response: 30m, resolution: 4h, escalation: chain }
            - { priority: p2, calendar: office, response: 4h, resolution: 16h, escalation: chain }
          escalations:
            - id: chain
              levels:
                - { after: 0m, notify: [support], action: Take it. }
                - { after: 2h, notify: [ann], action: Ask why. }
        windows:
          maintenance:
            - { id: sunday, name: Sunday night, days: [sun], start: "22:00", end: "24:00" }
          freezes:
            - { id: year-end, from: 2028-12-18T00:00, to: 2029-01-04T06:00, reason: Statistics }
        patching:
          calendar: office
          rules:
            - { approvers: [dba], quorum: 1, expiresAfter: 16h }
        monitoring:
          probes:
            - { id: page, service: register, name: The register's page, every: 5m, http: { url: "https://register.example/" } }
          objectives:
            - { service: register, availability: 99.5 }
          tickets: { impact: all, urgency: now }
        duties:
          - { id: access-review, kind: accessReview, name: Review of access, owner: ann, every: { months: 3, from: 2028-01-31 }, calendar: office, grace: 2d }
          - { id: inventory, kind: suppliesCount, name: Count of everything, owner: ben, every: { months: 1, from: 2028-01-31 } }
        supplies:
          tickets: { impact: one, urgency: later }
          items:
            - { id: paper, name: Paper, unit: sheets, minimum: 100, target: 500, leadTime: 7d, place: Store, owner: ben }
        support:
          channels:
            - { id: form, kind: form, name: Form, address: /feedback, hours: office }
          feedback:
            introduction: Tell us.
            kinds:
              - { id: broken, label: Something is broken, type: incident, impact: one, urgency: now }
              - { id: wish, label: I wish for something, type: serviceRequest, impact: one, urgency: later }

        """;

    public static PlanText Text { get; } = new("plan.yaml", Path.Join(Path.GetTempPath(), "no-such-plan"), Yaml);
}
