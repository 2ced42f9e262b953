using Maintenance.Actions;
using Maintenance.Recovery;
using Maintenance.Time;

namespace Maintenance.Plan;

/// <summary>The rules of the section <c>recovery</c> that no single field can keep; a part of <see cref="PlanRules"/>.</summary>
internal static class RecoveryRules
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Every strategy by itself and beside its service.</summary>
    public static void Strategies(OperationsPlan plan, PlanReading reading)
    {
        for (var i = 0; i < plan.Recovery.Strategies.Count; i++)
        {
            var strategy = plan.Recovery.Strategies[i];
            var path = $"recovery.strategies[{i}]";
            if (CheckOrder(strategy, path, reading))
            {
                CheckSteps(strategy, path, plan, reading);
                CheckTimes(strategy, path, plan, reading);
            }

            CheckDrills(strategy, path, plan, reading);
        }

        for (var i = 0; i < plan.Services.Count; i++)
        {
            var service = plan.Services[i];
            if (plan.Recovery.Strategies.Count > 0 && service.Criticality >= Criticality.High && plan.Recovery.Strategies.All(strategy => strategy.Service != service.Id))
            {
                reading.Report(
                    PlanProblemSeverity.Warning, $"services[{i}]", $"no recovery strategy brings back this service of {service.Criticality.ToString().ToLowerInvariant()} criticality, though it has an RTO.", "Add a strategy under recovery.");
            }
        }
    }

    /// <summary>True where the steps can be put in an order.</summary>
    private static bool CheckOrder(RecoveryStrategy strategy, string path, PlanReading reading)
    {
        var isSound = true;
        var ids = strategy.Steps.Select(static step => step.Id).ToList();
        for (var j = 0; j < strategy.Steps.Count; j++)
        {
            var step = strategy.Steps[j];
            if (ids.IndexOf(step.Id) < j)
            {
                Error($"{path}.steps[{j}].id", $"the id '{step.Id}' is taken by an earlier step of this strategy.", "Give this one another id.");
            }

            for (var k = 0; k < step.After.Count; k++)
            {
                if (!ids.Contains(step.After[k]))
                {
                    Error($"{path}.steps[{j}].after[{k}]", $"this strategy has no step '{step.After[k]}'.", Nearest.Hint(step.After[k], ids) ?? $"There are: {string.Join(", ", ids)}.");
                }
            }
        }

        if (isSound && StepGraph.FindCycle(ids, id => strategy.Steps[ids.IndexOf(id)].After) is { } cycle)
        {
            Error($"{path}.steps[{ids.IndexOf(cycle[0])}].after", $"the steps come after one another in a circle: {string.Join(" → ", cycle)}.", "Remove one of these: in a circle nothing can be done first.");
        }

        return isSound;

        void Error(string at, string message, string hint)
        {
            isSound = false;
            reading.Report(PlanProblemSeverity.Error, at, message, hint);
        }
    }

    private static void CheckSteps(RecoveryStrategy strategy, string path, OperationsPlan plan, PlanReading reading)
    {
        for (var j = 0; j < strategy.Steps.Count; j++)
        {
            var step = strategy.Steps[j];
            var at = $"{path}.steps[{j}]";
            switch (step.Kind)
            {
                case RecoveryStepKind.Restore:
                    CheckRestore(strategy, step, at, plan, reading);
                    break;
                case RecoveryStepKind.Gate when step.Gate!.Approvers.SelectMany(plan.InRole).Distinct().Count() is var people && people < step.Gate.Quorum:
                    reading.Report(
                        PlanProblemSeverity.Error, $"{at}.gate.quorum", $"{step.Gate.Quorum} must approve, but only {people} {(people == 1 ? "person has" : "people have")} a role that may.", "Lower the quorum, or give one of the roles to more people.");
                    break;
                case RecoveryStepKind.Check:
                    CheckCheck(step.Check!, at, reading);
                    break;
                default:
                    break;
            }

            CheckOf(strategy, step, at, reading);
        }
    }

    private static void CheckRestore(RecoveryStrategy strategy, RecoveryStep step, string at, OperationsPlan plan, PlanReading reading)
    {
        var restore = step.Restore!;
        if (restore is { Live: not null, Place: not null })
        {
            reading.Report(PlanProblemSeverity.Error, $"{at}.restore.place", "there is 'live' already.", "A restore goes beside a live folder, or into a place: write one of the two.");
        }

        if (restore is { Live: null, Place: null })
        {
            reading.Report(
                PlanProblemSeverity.Error, $"{at}.restore", $"the backup policy '{restore.Backup}' backs up no folder, so it must be said what is restored to.", "Add live: (a folder) or place: (postgres:SETTING, container:URI, table:URI).");
        }

        var gates = strategy.Steps.Where(gate => gate.Kind == RecoveryStepKind.Gate && StepGraph.Before(strategy.Steps, gate.Id).Contains(step.Id)).ToList();
        if (restore.Live is not null && gates.Count == 0)
        {
            reading.Report(PlanProblemSeverity.Error, at, "no gate comes after it, so what it restores would never take the place of the live data.", "Add a step with gate: after it.");
        }

        var twin = strategy.Steps.TakeWhile(other => !ReferenceEquals(other, step))
            .FirstOrDefault(other => other.Restore is { Live: { } live } && restore.Live is not null && Overlap(live, restore.Live));
        if (twin is not null)
        {
            reading.Report(PlanProblemSeverity.Error, $"{at}.restore", $"its live folder is that of the step '{twin.Id}', or one of the two is inside the other.", "Each folder is replaced once.");
        }
    }

    private static void CheckCheck(Check check, string at, PlanReading reading)
    {
        if (check.Kind == CheckKind.Query && check.Database is null)
        {
            reading.Report(PlanProblemSeverity.Error, $"{at}.check.query", "it does not say which database.", "Add database: with the name of the host's setting that holds the connection string.");
        }

        if (check.Kind == CheckKind.Query && check.ExpectedValue is null && check.AtLeast is null)
        {
            reading.Report(PlanProblemSeverity.Warning, $"{at}.check.query", "any value passes.", "Add equals: or atLeast:.");
        }

        if (check is { Kind: CheckKind.Query, Contains: not null })
        {
            reading.Report(PlanProblemSeverity.Error, $"{at}.check.contains", "it looks into a file or an answer, not into a query's value.", "Write equals: instead.");
        }
    }

    /// <summary>Which folder a step looks into must not be a guess.</summary>
    private static void CheckOf(RecoveryStrategy strategy, RecoveryStep step, string at, PlanReading reading)
    {
        var restores = strategy.Steps.Where(static other => other.Kind == RecoveryStepKind.Restore).Select(static other => other.Id).Where(StepGraph.Before(strategy.Steps, step.Id).Contains).ToList();
        if (step.Of is { } named && !restores.Contains(named))
        {
            reading.Report(
                PlanProblemSeverity.Error, $"{at}.of", $"'{named}' is not a restore step that comes before it.", restores.Count > 0 ? $"There are: {string.Join(", ", restores)}." : "No restore comes before it: add one to after.");
        }

        if (step is { Of: null, Check.Kind: CheckKind.File } && restores.Count != 1)
        {
            reading.Report(
                PlanProblemSeverity.Error, $"{at}.check.file", restores.Count == 0 ? "no restore comes before it, so there is nothing to look into." : $"it could look into what {string.Join(" or ", restores)} restored.", restores.Count == 0 ? "Name a restore step under after." : "Say which with of:.");
        }
    }

    private static void CheckTimes(RecoveryStrategy strategy, string path, OperationsPlan plan, PlanReading reading)
    {
        if (plan.FindService(strategy.Service) is not { } service)
        {
            return;
        }

        var forecast = RecoveryForecast.Of(strategy, service, strategy.Workers, new Dictionary<string, TimeSpan>());
        if (!forecast.IsWithinRecoveryTime)
        {
            var hint = forecast.Shortest <= service.RecoveryTime ? "More workers would do it." : $"Its longest chain alone takes {Durations.Format(forecast.Shortest)}: shorten a step of it, or raise the rto.";
            reading.Report(
                PlanProblemSeverity.Warning, $"{path}.steps", $"with {strategy.Workers} {(strategy.Workers == 1 ? "worker" : "workers")} they take {Durations.Format(forecast.Total)}, the RTO of '{service.Id}' is {Durations.Format(service.RecoveryTime)}: {string.Join(" → ", forecast.CriticalPath)}.", hint);
        }

        if (!forecast.IsWithinTolerableDowntime)
        {
            reading.Report(
                PlanProblemSeverity.Error, $"{path}.workRecovery", $"with the RTO of {Durations.Format(service.RecoveryTime)} it is longer than the tolerable downtime of '{service.Id}', {Durations.Format(service.TolerableDowntime)}.", "The work must be whole again before the damage is lasting: lower one of the two, or raise the mtd.");
        }
    }

    private static void CheckDrills(RecoveryStrategy strategy, string path, OperationsPlan plan, PlanReading reading)
    {
        if (strategy.Drills is not { } drills)
        {
            return;
        }

        var gaps = drills.Schedule.Between(Start, Start.AddYears(3), plan.System.TimeZone).Take(200).ToList();
        if (gaps.Count == 0)
        {
            reading.Report(PlanProblemSeverity.Error, $"{path}.drills.schedule", $"'{drills.Schedule}' never occurs.", "Look at the day and the month: 31 and 2 never meet.");
        }
        else if (gaps.Zip(gaps.Skip(1), static (a, b) => b - a).DefaultIfEmpty(TimeSpan.Zero).Max() is var longest && longest > drills.Expires)
        {
            reading.Report(
                PlanProblemSeverity.Warning, $"{path}.drills.expires", $"drills are up to {Durations.Format(longest)} apart, and one counts for {Durations.Format(drills.Expires)}: in between it is overdue.", "Give it the longest interval and a few days.");
        }

        if (plan.Recovery.Ticket is null)
        {
            reading.Report(PlanProblemSeverity.Error, $"{path}.drills", "it is not said what the ticket of a failed drill is taken to be.", "Add recovery.tickets with impact and urgency.");
        }
    }

    private static bool Overlap(string one, string other) => Inside(one, other) || Inside(other, one);

    private static bool Inside(string inner, string outer)
    {
        var path = Path.GetRelativePath(outer, inner);
        return path == "." || (path != ".." && !path.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal) && !Path.IsPathRooted(path));
    }
}
