using Maintenance.Plan;
using Maintenance.Tests.Services;

namespace Maintenance.Tests.Recovery;

/// <summary>A plan with every kind of source and every kind of step, beside a small one with the same people.</summary>
internal static class BookPlan
{
    public static string Yaml { get; } = Office.QuickPlan
        .Replace(
            "  - { id: register, name: Register, criticality: high, owner: ann, rto: 4h, rpo: 1h, mtd: 1d }",
            """
              - { id: register, name: Register, criticality: critical, owner: ann, rto: 4h, rpo: 1h, mtd: 1d, dependsOn: [network] }
              - { id: website, name: Website, criticality: high, owner: ben, rto: 2h, rpo: 1h, mtd: 1d, dependsOn: [register] }
              - { id: network, name: Network, criticality: low, owner: cat, rto: 8h, rpo: 1d, mtd: 1d }
              - { id: archive, name: Archive, criticality: high, owner: ben, rto: 1h, rpo: 1d, mtd: 1d }
            """,
            StringComparison.Ordinal)
        .Replace(
            "  - { id: nightly, service: register, source: { folder: source }, schedule: \"0 0 3 * * *\", notify: [administrator] }",
            """
              - { id: nightly, service: register, source: { folder: source }, schedule: "0 0 3 * * *", notify: [administrator], copies: [away] }
              - { id: tables, service: register, source: { postgres: REGISTER_DATABASE }, schedule: "0 0 3 * * *", notify: [administrator] }
              - { id: dump, service: archive, source: { command: [pg_dumpall, --clean], output: all.sql }, schedule: "0 0 3 * * *", notify: [administrator] }
              - { id: own, service: website, source: { records: all }, schedule: "0 0 3 * * *", notify: [administrator] }
              - { id: never, service: website, source: { folder: never }, schedule: "0 0 3 * * *", notify: [administrator] }
            repository:
              media: disk
              copies: [{ id: away, folder: /mnt/away, media: tape, offSite: true }]
            recovery:
              strategies:
                - id: rebuild
                  service: register
                  description: The machine is gone.
                  workers: 2
                  workRecovery: 3h
                  notify: [administrator]
                  steps:
                    - { id: call, name: Call everybody, owner: ann, duration: 10m, manual: { sop: sops/call.md } }
                    - { id: bring, name: Bring the files back, owner: approver, duration: 50m, restore: { backup: nightly } }
                    - { id: bring-tables, name: Bring the tables back, owner: ben, duration: 40m, restore: { backup: tables, place: "postgres:SCRATCH" } }
                    - { id: entries, name: Entries are there, owner: ben, duration: 1m, after: [bring], check: { file: entry.txt, atLeastLines: 1, contains: born } }
                    - { id: counts, name: Rows are there, owner: ben, duration: 2m, after: [bring-tables], check: { query: select count(*) from births, database: SCRATCH, atLeast: 12 } }
                    - { id: index, name: Build the index, owner: ben, duration: 5m, after: [entries], command: [./rebuild.sh, --all], of: bring }
                    - { id: decide, name: Approve, owner: ann, duration: 15m, after: [index, counts, call], gate: { approvers: [approver], quorum: 2 } }
                    - { id: tell, name: Tell the gateway, owner: ben, duration: 1m, after: [decide], webhook: "https://gateway.example/open?key=HOOKSECRET" }
                    - { id: alive, name: It answers, owner: ben, duration: 3m, after: [tell], check: { http: "https://register.example/health", status: 204 } }
            """,
            StringComparison.Ordinal);

    public static OperationsPlan Load(string folder = "/srv/plan")
    {
        var load = PlanFile.Load("plan.yaml", Yaml, folder);
        Assert.True(load.Plan is not null, string.Join('\n', load.Problems));
        return load.Plan;
    }
}
