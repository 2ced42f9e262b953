using System.Globalization;
using Maintenance.Actions;
using Maintenance.Time;

namespace Maintenance.Recovery;

/// <summary>The section of the book with the recovery strategies, as people follow them where no program drives them.</summary>
internal static class BreakGlassStrategies
{
    private static readonly Dictionary<string, TimeSpan> Unmeasured = [];

    public static void Write(BreakGlassText text, BreakGlassContents contents)
    {
        var plan = contents.Plan;
        text.Heading(2, "6. How each service is brought back");
        if (plan.Recovery.Strategies.Count == 0)
        {
            text.Paragraph("The plan has no strategies: restore the backups in the order of section 2.");
        }

        foreach (var service in BreakGlassBook.InOrderOfRecovery(plan))
        {
            foreach (var strategy in plan.Recovery.Strategies.Where(strategy => strategy.Service == service.Id))
            {
                Strategy(text, contents, strategy, service);
            }
        }
    }

    private static void Strategy(BreakGlassText text, BreakGlassContents contents, RecoveryStrategy strategy, Plan.Service service)
    {
        var forecast = RecoveryForecast.Of(strategy, service, strategy.Workers, Unmeasured);
        text.Heading(3, $"{service.Name}: {strategy.Id}");
        if (strategy.Description.Length > 0)
        {
            text.Paragraph(strategy.Description);
        }

        text.Item(
            $"With {strategy.Workers} {(strategy.Workers == 1 ? "pair" : "pairs")} of hands it takes {Durations.Format(forecast.Total)}, with hands enough {Durations.Format(forecast.Shortest)}; the RTO is {Durations.Format(forecast.RecoveryTime)}{(forecast.IsWithinRecoveryTime ? "" : ", WHICH IS LESS")}.");
        text.Item($"Until the lost work is entered again: {Durations.Format(strategy.WorkRecovery)} more; the damage is lasting after {Durations.Format(forecast.TolerableDowntime)}.");
        text.Item($"Waves (each can begin when the one before it is done): {string.Join(" | ", forecast.Waves.Select(static wave => string.Join(", ", wave)))}");
        text.Item($"What sets the time: {string.Join(" > ", forecast.CriticalPath)}");
        text.Item($"To be told: {BreakGlassBook.Reach(contents.Plan, strategy.Notify)}");
        text.End();
        var number = 0;
        foreach (var run in forecast.Steps)
        {
            number++;
            var step = strategy.Steps.First(one => one.Id == run.Step);
            text.Item($"{step.Name} ({step.Id})", mark: string.Create(CultureInfo.InvariantCulture, $"{number}."));
            text.Item($"by {BreakGlassBook.Reach(contents.Plan, [step.Owner])}", 2);
            text.Item(
                $"takes {Durations.Format(step.Duration)}: from {Durations.Format(run.Start)} to {Durations.Format(run.End)} after the beginning{(step.After.Count > 0 ? $"; only after {string.Join(", ", step.After)}" : "")}",
                2);
            foreach (var line in What(step, contents))
            {
                text.Item(line, 2);
            }
        }

        text.End();
    }

    private static IEnumerable<string> What(RecoveryStep step, BreakGlassContents contents)
    {
        var plan = contents.Plan;
        switch (step)
        {
            case { Restore: { } restore }:
                yield return $"restore the backup {restore.Backup}, by its command of section 5{(contents.Snapshots.FirstOrDefault(one => one.Policy == restore.Backup) is { } newest ? $": {newest.Id}" : "")}";
                yield return restore.Place is { } place
                    ? $"into {place}, which an action after the approval makes the live one"
                    : $"it takes the place of {restore.Live} only after the approval; keep what is there until all is well";
                break;
            case { Action: { } action }:
                yield return $"a machine does it: {action}{Folder(step)}";
                break;
            case { Check: { } check }:
                yield return $"look at the {check}{Folder(step)}: {Expectation(check)}";
                break;
            case { Gate: { } gate }:
                yield return $"{gate.Quorum} of these approve, and none rejects: {BreakGlassBook.Reach(plan, gate.Approvers)}";
                yield return "then, and not before, what was restored takes the place of what was live";
                break;
            default:
                yield return step.Sop is { } sop ? $"a person does it, by the procedure {sop} (section 10)" : "a person does it";
                break;
        }
    }

    private static string Folder(RecoveryStep step) => step.Of is { } of ? $", in the folder that {of} restored" : "";

    private static string Expectation(Check check)
    {
        var wanted = new List<string>();
        if (check.Kind == CheckKind.Http)
        {
            wanted.Add(string.Create(CultureInfo.InvariantCulture, $"it answers {check.Status}"));
        }

        Add(check.Database, static name => $"in the database of the setting {name}");
        Add(check.Hash, static hash => $"its SHA-256 is {hash}");
        Add(check.AtLeastLines > 0 ? check.AtLeastLines : (long?)null, static lines => $"it has {lines} lines at least");
        Add(check.AtLeastBytes > 0 ? check.AtLeastBytes : (long?)null, static bytes => $"it has {bytes} bytes at least");
        Add(check.Contains, static text => $"it contains '{text}'");
        Add(check.ExpectedValue, static value => $"it gives '{value}'");
        Add(check.AtLeast, static least => string.Create(CultureInfo.InvariantCulture, $"it gives {least} or more"));
        return wanted.Count > 0 ? string.Join("; ", wanted) : "it is there and not empty";

        void Add<T>(T? value, Func<T, string> say)
        {
            if (value is not null)
            {
                wanted.Add(say(value));
            }
        }
    }
}
