using System.CommandLine;
using System.Text.Json;
using Maintenance.Plan;
using Maintenance.Web.Api;

namespace Maintenance.Local.Cli;

/// <summary><c>backup run|list|restore|verify</c>.</summary>
internal static class BackupCommands
{
    public static Command Make(CommonOptions common) =>
        ApiCommand.Group("backup", "Take, list, restore and verify backups.", Run(common), List(common), Restore(common), Verify(common));

    public static void ShowPolicies(JsonElement lines) => Output.Table(
        ["POLICY", "PROVEN POINT", "AGE", "RPO", "LAST RUN", "NEXT"],
        lines.EnumerateArray().Select(static line => (IReadOnlyList<string>)
        [
            line.Text("policy"),
            line.Instant("provenPoint"),
            line.Span("age"),
            line.Span("recoveryPointObjective"),
            line.TryGetProperty("running", out _) ? "running" : line.TryGetProperty("latest", out var latest) ? latest.Text("state") : "-",
            line.Instant("next"),
        ]));

    private static Command Run(CommonOptions common)
    {
        var policy = new Argument<string>("policy") { Description = "The policy's id." };
        return ApiCommand.Make(
            "run",
            "Take a backup now, prove it, and wait for the proof; 1 where it does not end proven.",
            common,
            [policy],
            async (api, parsed, cancellation) =>
            {
                var run = await api.PostAsync(ApiCommand.Path($"/api/backups/{parsed.GetRequiredValue(policy)}/runs"), new { }, cancellation);
                return await api.WaitAsync("backup_" + run.Text("id"), cancellation);
            },
            static operation =>
            {
                if (operation.TryGetProperty("output", out var run))
                {
                    Console.WriteLine($"{run.Text("id")}: {run.Text("state")}, {run.Text("files")} files, {run.Text("bytes")} bytes, {run.Text("newBytes")} of them new.");
                    Problems(run, "problems");
                }
                else
                {
                    Console.WriteLine($"{operation.Text("id")}: {operation.Text("error")}");
                }
            },
            static operation => operation.TryGetProperty("output", out var run) && run.Text("state") == "proven" ? ExitCode.Done : ExitCode.Wrong);
    }

    private static Command List(CommonOptions common)
    {
        var policy = new Argument<string?>("policy") { Description = "The policy whose runs to list; all policies where left out.", Arity = ArgumentArity.ZeroOrOne };
        return ApiCommand.Make(
            "list",
            "List the policies, or the runs of one, newest first.",
            common,
            [policy],
            (api, parsed, cancellation) => api.GetAsync(parsed.GetValue(policy) is { } id ? ApiCommand.Path($"/api/backups/{id}/runs") : "/api/backups", cancellation),
            static list =>
            {
                if (list.EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } first && first.TryGetProperty("recoveryPointObjective", out _))
                {
                    ShowPolicies(list);
                }
                else
                {
                    Output.Table(
                        ["SNAPSHOT", "WHY", "STATE", "RECOVERY POINT", "FILES", "BYTES", "NEW"],
                        list.EnumerateArray().Select(static run => (IReadOnlyList<string>)
                            [run.Text("id"), run.Text("trigger"), run.Text("state"), run.Instant("recoveryPoint"), run.Text("files"), run.Text("bytes"), run.Text("newBytes")]));
                }
            });
    }

    private static Command Restore(CommonOptions common)
    {
        var snapshot = new Argument<string>("snapshot") { Description = "The snapshot's id, or a policy's id for its newest proven one." };
        var to = new Option<string>("--to") { Description = "The folder: empty, or not there yet.", Required = true };
        return ApiCommand.Make(
            "restore",
            "Restore a snapshot into a folder, every byte checked; 1 where something is lost.",
            common,
            [snapshot, to],
            async (api, parsed, cancellation) =>
            {
                var id = await SnapshotAsync(api, parsed.GetRequiredValue(snapshot), cancellation);
                var request = new RestoreRequest(Path.GetFullPath(parsed.GetRequiredValue(to)));
                return await OperateAsync(api, ApiCommand.Path($"/api/snapshots/{id}/restores"), request, cancellation);
            },
            static operation => Show(operation, "restored"),
            Exit);
    }

    private static Command Verify(CommonOptions common)
    {
        var snapshot = new Argument<string>("snapshot") { Description = "The snapshot's id, or a policy's id for its newest proven one." };
        return ApiCommand.Make(
            "verify",
            "Read and check every byte of a snapshot; 1 where something is damaged.",
            common,
            [snapshot],
            async (api, parsed, cancellation) =>
            {
                var id = await SnapshotAsync(api, parsed.GetRequiredValue(snapshot), cancellation);
                return await OperateAsync(api, ApiCommand.Path($"/api/snapshots/{id}/verifications"), new { }, cancellation);
            },
            static operation => Show(operation, "verified"),
            Exit);
    }

    /// <summary>The newest proven snapshot where a policy is named.</summary>
    private static async Task<string> SnapshotAsync(ApiSession api, string name, CancellationToken cancellation)
    {
        if (name.Contains('_', StringComparison.Ordinal))
        {
            return name;
        }

        var policies = (await api.GetAsync("/api/backups", cancellation)).EnumerateArray().ToList();
        var policy = policies.Find(line => line.Text("policy") == name);
        return policy.ValueKind != JsonValueKind.Object
            ? throw new ApiException(404, $"The plan has no backup policy '{name}'. {Nearest.Hint(name, policies.Select(static line => line.Text("policy")))}".TrimEnd())
            : policy.TryGetProperty("provenRun", out var proven) && proven.GetString() is { } id ? id
            : throw new ApiException(404, $"The policy {name} has no proven snapshot yet.");
    }

    private static async Task<JsonElement> OperateAsync<T>(ApiSession api, string path, T request, CancellationToken cancellation)
    {
        var started = await api.PostAsync(path, request, cancellation);
        return await api.WaitAsync(started.Text("operation"), cancellation);
    }

    private static void Show(JsonElement operation, string what)
    {
        if (!operation.TryGetProperty("output", out var report))
        {
            Console.WriteLine(operation.Text("error"));
            return;
        }

        var target = report.TryGetProperty("target", out var folder) ? $" to {folder}" : "";
        Console.WriteLine($"{report.Text("snapshot")} {what}{target}: {report.Text("files")} files, {report.Text("bytes")} bytes{(report.Items("damage").Any() ? ", with losses:" : ", all as they were.")}");
        Problems(report, "damage");
    }

    private static void Problems(JsonElement report, string name)
    {
        foreach (var problem in report.Items(name))
        {
            Console.WriteLine("  " + problem);
        }
    }

    private static int Exit(JsonElement operation) =>
        operation.TryGetProperty("output", out var report) && !report.Items("damage").Any() ? ExitCode.Done : ExitCode.Wrong;
}
