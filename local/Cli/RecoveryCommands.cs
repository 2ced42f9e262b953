using System.CommandLine;
using System.Text.Json;
using Maintenance.Recovery;
using Maintenance.Time;
using Maintenance.Web.Api;

namespace Maintenance.Local.Cli;

/// <summary><c>recovery strategies|explain|points|start|drill|list|show|decide|report|book</c>.</summary>
internal static class RecoveryCommands
{
    private static readonly string[] StepDecisions = ["confirm", "approve", "reject", "retry", "skip"];
    private static readonly string[] WholeDecisions = ["abort", "confirm", "revert", "resume"];

    public static Command Make(CommonOptions common) => ApiCommand.Group(
        "recovery", "Bring services back by the plan's strategies, and try how that would go.", Strategies(common), Explain(common), Start(common), Drill(common), List(common), Show(common), Decide(common), RecoveryReadCommands.Points(common), RecoveryReadCommands.Report(common), RecoveryBookCommand.Make(common));

    private static Command Strategies(CommonOptions common) => ApiCommand.Make(
        "strategies", "List the strategies with how long each would take; 1 where a drill is overdue.", common, [],
        static (api, _, cancellation) => api.GetAsync("/api/recovery/strategies", cancellation),
        static list => Output.Table(
            ["STRATEGY", "SERVICE", "TAKES", "RTO", "LAST DRILL", "ENDED", "NEXT DRILL", "OVERDUE"],
            list.EnumerateArray().Select(static line => (IReadOnlyList<string>)
            [
                line.Text("id"), line.Text("service"), line.GetProperty("forecast").Span("total"), line.GetProperty("forecast").Span("recoveryTime"),
                line.TryGetProperty("drills", out var drills) ? drills.Text("latest") : "-", line.TryGetProperty("drills", out drills) ? drills.Text("latestState") : "-",
                line.Instant("nextDrill"), line.GetProperty("isOverdue").GetBoolean() ? "overdue" : "",
            ])),
        static list => list.EnumerateArray().Any(static line => line.GetProperty("isOverdue").GetBoolean()) ? ExitCode.Wrong : ExitCode.Done);

    private static Command Explain(CommonOptions common)
    {
        var strategy = new Argument<string>("strategy") { Description = "The id of a strategy." };
        var workers = new Option<int?>("--workers") { Description = "How many steps run at the same time; what the plan says where left out." };
        var at = new Option<string?>("--at") { Description = "The state that would be wanted, such as 2026-11-22T02:00:00Z; the newest proven where left out." };
        var copy = new Option<string?>("--copy") { Description = "The copy that it would be restored from." };
        return ApiCommand.Make(
            "explain", "Print waves, critical path and times against RTO and MTD, and what would be restored; 1 where it does not keep them or nothing serves the point in time.", common, [strategy, workers, at, copy],
            (api, parsed, cancellation) => api.GetAsync(
                ApiCommand.Path($"/api/recovery/strategies/{parsed.GetRequiredValue(strategy)}")
                + $"?workers={parsed.GetValue(workers)}&at={Uri.EscapeDataString(parsed.GetValue(at) ?? "")}&copy={Uri.EscapeDataString(parsed.GetValue(copy) ?? "")}",
                cancellation),
            PrintExplanation,
            static report => report.GetProperty("strategy").GetProperty("forecast") is var forecast
                && forecast.GetProperty("isWithinRecoveryTime").GetBoolean() && forecast.GetProperty("isWithinTolerableDowntime").GetBoolean() && !report.TryGetProperty("unreachable", out _)
                    ? ExitCode.Done
                    : ExitCode.Wrong);
    }

    private static Command Start(CommonOptions common)
    {
        var strategy = new Argument<string>("strategy") { Description = "The id of a strategy." };
        var reason = new Option<string>("--reason") { Description = "Why.", Required = true };
        var at = new Option<string?>("--at") { Description = "The state that is wanted, such as 2026-11-22T02:00:00Z; the newest proven where left out." };
        var lost = new Option<string?>("--lost") { Description = "Since when the service is lost; now where left out." };
        var copy = new Option<string?>("--copy") { Description = "The copy to restore from." };
        return Waiting(
            "start", "Bring a service back. Nothing live is touched before people have approved the cut-over.", common, [strategy, reason, at, lost, copy],
            (api, parsed, cancellation) => api.PostAsync(
                "/api/recoveries",
                new RecoveryRequest(
                    parsed.GetRequiredValue(strategy), parsed.GetRequiredValue(reason), LongWork.Instant(parsed.GetValue(at), "--at"), LongWork.Instant(parsed.GetValue(lost), "--lost"), parsed.GetValue(copy)),
                cancellation));
    }

    private static Command Drill(CommonOptions common)
    {
        var strategy = new Argument<string>("strategy") { Description = "The id of a strategy." };
        var fault = new Option<string?>("--fault") { Description = "missing-pack or failing-check: broken on purpose, to see whether it is noticed." };
        fault.AcceptOnlyFromAmong("missing-pack", "failing-check");
        var at = new Option<string?>("--at") { Description = "The state that is wanted; the newest proven where left out." };
        var copy = new Option<string?>("--copy") { Description = "The copy to restore from." };
        var reason = new Option<string?>("--reason") { Description = "Why." };
        return Waiting(
            "drill", "Try a strategy out, into a scratch folder and without a cut-over; 1 where it does not pass.", common, [strategy, fault, at, copy, reason],
            (api, parsed, cancellation) => api.PostAsync(
                "/api/drills",
                new DrillRequest(
                    parsed.GetRequiredValue(strategy), parsed.GetValue(reason), LongWork.Instant(parsed.GetValue(at), "--at"), parsed.GetValue(copy),
                    parsed.GetValue(fault) switch { "missing-pack" => DrillFault.MissingPack, "failing-check" => DrillFault.FailingCheck, _ => null }),
                cancellation));
    }

    private static Command List(CommonOptions common)
    {
        var all = new Option<bool>("--all") { Description = "Those that are over too." };
        return ApiCommand.Make(
            "list", "List recoveries and drills, newest first.", common, [all],
            (api, parsed, cancellation) => api.GetAsync(parsed.GetValue(all) ? "/api/recoveries?state=all&take=1000" : "/api/recoveries?take=1000", cancellation),
            static list => Output.Table(
                ["RECOVERY", "KIND", "STRATEGY", "STATE", "BEGUN", "TIME TO RECOVER", "DATA LOSS", "PASSED"],
                list.EnumerateArray().Select(static run => (IReadOnlyList<string>)
                [
                    run.Text("id"), run.Text("kind"), run.GetProperty("script").Text("strategy"), run.Text("state"), run.Instant("startedAt"), Achieved(run, "recoveryTime"), Achieved(run, "recoveryPoint"),
                    run.TryGetProperty("measures", out var measures) ? measures.GetProperty("isPassed").GetBoolean() ? "yes" : "no" : "-",
                ])));
    }

    private static Command Show(CommonOptions common)
    {
        var id = new Argument<string>("id") { Description = "Such as R-1003." };
        return ApiCommand.Make(
            "show", "Show a recovery: its steps, its timeline, what it achieved.", common, [id], (api, parsed, cancellation) => api.GetAsync(ApiCommand.Path($"/api/recoveries/{parsed.GetRequiredValue(id)}"), cancellation), Print);
    }

    private static Command Decide(CommonOptions common)
    {
        var id = new Argument<string>("id") { Description = "Such as R-1003." };
        var decision = new Argument<string>("decision") { Description = "On a step: confirm, approve, reject, retry, skip. On the whole: abort, confirm, revert, resume." };
        decision.AcceptOnlyFromAmong([.. StepDecisions.Union(WholeDecisions)]);
        var step = new Option<string?>("--step") { Description = "The step; left out for a decision on the whole, or where only one waits." };
        var comment = new Option<string?>("--comment") { Description = "Why." };
        return Waiting(
            "decide", "Decide on a step, or on a recovery as a whole. An approval needs a person's token.", common, [id, decision, step, comment],
            async (api, parsed, cancellation) =>
            {
                var (recovery, word, said) = (parsed.GetRequiredValue(id), parsed.GetRequiredValue(decision), parsed.GetValue(comment));
                var run = await api.GetAsync(ApiCommand.Path($"/api/recoveries/{recovery}"), cancellation);
                var at = parsed.GetValue(step) ?? (StepDecisions.Contains(word) && run.Text("state") == "running" ? OnlyOne(run) : null);
                return at is null
                    ? await api.PostAsync(ApiCommand.Path($"/api/recoveries/{recovery}/decisions"), new RecoveryDecisionText(Parse<RecoveryDecision>(word, "without a step"), said), cancellation)
                    : await api.PostAsync(ApiCommand.Path($"/api/recoveries/{recovery}/steps/{at}/decisions"), new StepDecisionText(Parse<StepDecision>(word, "on a step"), said), cancellation);
            });
    }

    /// <summary>A command that shows the recovery once it waits for a person, or is over: the process that this command runs, where none serves, must live so long.</summary>
    private static Command Waiting(
        string name, string help, CommonOptions common, IEnumerable<Symbol> symbols, Func<ApiSession, ParseResult, CancellationToken, Task<JsonElement>> act)
    {
        var noWait = new Option<bool>("--no-wait") { Description = "Do not wait until it needs a person or is over." };
        return ApiCommand.Make(
            name,
            help,
            common,
            [.. symbols, noWait],
            async (api, parsed, cancellation) =>
            {
                var run = await act(api, parsed, cancellation);
                while (!parsed.GetValue(noWait) && IsAtWork(run))
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(200), cancellation);
                    run = await api.GetAsync(ApiCommand.Path($"/api/recoveries/{run.Text("id")}"), cancellation);
                }

                return run;
            },
            Print,
            static run => run.TryGetProperty("closedAt", out _) && run.Text("state") is "failed" ? ExitCode.Wrong
                : run.Items("steps").Any(static step => step.Text("state") == "failed") && !run.TryGetProperty("closedAt", out _) ? ExitCode.Wrong
                : ExitCode.Done);
    }

    private static bool IsAtWork(JsonElement run) =>
        !run.TryGetProperty("closedAt", out _)
        && (run.Text("state") == "stopping" || run.TryGetProperty("ending", out _)
            || (run.Text("state") == "running" && (run.Items("steps").Any(static step => step.Text("state") == "running") || !run.Items("steps").Any(static step => step.Text("state") is "waiting" or "failed"))));

    private static TDecision Parse<TDecision>(string word, string where)
        where TDecision : struct, Enum =>
        Enum.TryParse<TDecision>(word, ignoreCase: true, out var decision)
            ? decision
            : throw LongWork.Usage($"'{word}' cannot be decided {where}. Choose one of {string.Join(", ", Enum.GetNames<TDecision>().Select(static name => name.ToLowerInvariant()))}.");

    private static string OnlyOne(JsonElement run)
    {
        var waiting = run.Items("steps").Where(static step => step.Text("state") is "waiting" or "failed").Select(static step => step.Text("id")).ToList();
        return waiting.Count == 1 ? waiting[0] : throw LongWork.Usage(waiting.Count == 0 ? $"No step of {run.Text("id")} waits for a person." : $"Say which with --step: {string.Join(", ", waiting)}.");
    }

    private static string Achieved(JsonElement run, string name) =>
        run.TryGetProperty("measures", out var measures) && measures.TryGetProperty(name, out var measure) ? $"{measure.Span("achieved")} / {measure.Span("objective")}" : "-";

    private static void PrintExplanation(JsonElement report)
    {
        var forecast = report.GetProperty("strategy").GetProperty("forecast");
        var steps = report.Items("steps").ToDictionary(static step => step.Text("id"), StringComparer.Ordinal);
        Console.WriteLine($"{report.GetProperty("strategy").Text("id")}: {report.GetProperty("strategy").Text("description")}");
        Console.WriteLine();
        var wave = 1;
        foreach (var ids in forecast.Items("waves"))
        {
            Console.WriteLine($"Wave {wave++}: {string.Join(", ", ids.EnumerateArray())}");
        }

        Console.WriteLine();
        Output.Table(
            ["STEP", "KIND", "OWNER", "FROM", "TO", "DURATION", "AFTER"],
            forecast.Items("steps").Select(step => (IReadOnlyList<string>)
            [
                step.Text("step"), steps[step.Text("step")].Text("kind"), steps[step.Text("step")].Text("owner"), Plain(step, "start"), Plain(step, "end"),
                $"{Durations.Format(Time(step, "end") - Time(step, "start"))}{(step.GetProperty("isMeasured").GetBoolean() ? " measured" : "")}", string.Join(", ", steps[step.Text("step")].Items("after")),
            ]));
        Console.WriteLine();
        Console.WriteLine($"Critical path with {forecast.Text("workers")} at a time: {string.Join(" → ", forecast.Items("criticalPath"))}");
        Console.WriteLine($"Total {Plain(forecast, "total")} of an RTO of {Plain(forecast, "recoveryTime")}: {Verdict(forecast, "isWithinRecoveryTime")} (with hands enough: {Plain(forecast, "shortest")})");
        Console.WriteLine($"RTO and work recovery {Durations.Format(Time(forecast, "recoveryTime") + Time(forecast, "workRecovery"))} of a tolerable downtime of {Plain(forecast, "tolerableDowntime")}: {Verdict(forecast, "isWithinTolerableDowntime")}");
        if (report.TryGetProperty("unreachable", out var unreachable))
        {
            Console.WriteLine(unreachable);
        }
        else if (report.TryGetProperty("sources", out var sources))
        {
            foreach (var source in sources.EnumerateObject())
            {
                Console.WriteLine($"{source.Name} would restore {source.Value.Text("snapshot")}, as of {source.Value.Instant("recoveryPoint")}, usable from {source.Value.Instant("usableFrom")}");
            }
        }
    }

    private static void Print(JsonElement run)
    {
        Console.WriteLine($"{run.Text("id")}  {run.Text("kind")} of {run.Text("service")} by the strategy {run.GetProperty("script").Text("strategy")}: {run.Text("state")}");
        Console.WriteLine($"  activated by {run.Text("startedBy")} at {run.Instant("startedAt")}: {run.Text("reason")}");
        if (run.TryGetProperty("ending", out var ending))
        {
            Console.WriteLine($"  {ending.Text("state")} by {ending.Text("by")}: {ending.Text("reason")}");
        }

        Console.WriteLine();
        var plan = run.GetProperty("script").Items("steps").ToDictionary(static step => step.Text("id"), StringComparer.Ordinal);
        Output.Table(
            ["STEP", "KIND", "STATE", "TOOK", "CAME TO"],
            run.Items("steps").Select(step => (IReadOnlyList<string>)
            [
                step.Text("id"), plan[step.Text("id")].Text("kind"), step.Text("state"),
                step.TryGetProperty("startedAt", out var from) && step.TryGetProperty("endedAt", out var to) ? Durations.Rough(to.GetDateTimeOffset() - from.GetDateTimeOffset()) : "-", Waits(step, plan[step.Text("id")]),
            ]));
        Console.WriteLine();
        foreach (var entry in run.Items("timeline"))
        {
            Console.WriteLine($"  {entry.Instant("at")}  {entry.Text("by")}: {entry.Text("what")}");
        }

        if (run.TryGetProperty("measures", out var measures))
        {
            Console.WriteLine();
            Console.WriteLine(RecoveryText.Measures(measures.Deserialize<RecoveryMeasures>(MaintenanceJson.Options)!));
            Console.WriteLine(measures.GetProperty("isPassed").GetBoolean() ? "Passed." : "Not passed.");
        }
    }

    private static string Waits(JsonElement step, JsonElement plan) => step.Text("state") == "waiting" ? $"waits for {(plan.TryGetProperty("gate", out var gate) ? string.Join(" or ", gate.Items("approvers")) : plan.Text("owner"))}" : step.Text("result");

    private static TimeSpan Time(JsonElement element, string name) => element.GetProperty(name).Deserialize<TimeSpan>();

    private static string Plain(JsonElement element, string name) => Durations.Format(Time(element, name));

    private static string Verdict(JsonElement element, string name) => element.GetProperty(name).GetBoolean() ? "kept" : "NOT KEPT";
}
