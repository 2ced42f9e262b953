using Maintenance.Local.Workflows;
using Maintenance.Workflows;

namespace Maintenance.Tests.Workflows;

/// <summary>A history as other code would have written it.</summary>
/// <param name="What">How the other code differs.</param>
/// <param name="Events">Its history.</param>
/// <param name="Refusal">What today's code says of it.</param>
internal sealed record GoldenMutation(string What, IReadOnlyList<WorkflowEvent> Events, string Refusal)
{
    private const string Former = "FormerStep";

    private static readonly RetryRule Once = RetryRule.None;

    /// <summary>
    /// Every step in turn under another name, of another kind, before its neighbour, gone, or with another before it; and one more at the end. Steps of one name in a
    /// row are told apart by their numbers alone, as on Durable Functions: exchanging them changes nothing, and losing one shows at the next of another name.
    /// </summary>
    public static IEnumerable<GoldenMutation> Of(IReadOnlyList<WorkflowEvent> events)
    {
        var steps = events.OfType<StepScheduled>().OrderBy(step => step.Step).ToList();
        var answers = events.OfType<ActivityCompleted>().ToDictionary(answer => answer.Step, answer => answer.Output);
        foreach (var step in steps)
        {
            var number = step.Step;
            StepScheduled renamed = step switch
            {
                ActivityScheduled activity => activity with { Activity = Former },
                WaitScheduled wait => wait with { Event = "former-event" },
                _ => throw new ArgumentException($"{step.Kind} is unknown.", nameof(events)),
            };
            yield return new($"step {number} under another name", Replace(events, step, renamed), Differs(number, renamed.Words, step.Words));

            StepScheduled other = step is WaitScheduled
                ? new ActivityScheduled(step.At, number, Former, "null", Once)
                : new WaitScheduled(step.At, number, "former-event", step.At.AddDays(1));
            yield return new(
                $"step {number} of another kind",
                [.. Replace(events, step, other).Where(happened => happened is StepScheduled || NumberOf(happened) != number)],
                Differs(number, other.Words, step.Words));

            if (steps.Find(next => next.Step == number + 1) is { } neighbour && neighbour.Words != step.Words)
            {
                yield return new(
                    $"step {number} after step {number + 1}",
                    Renumber(events, n => n == number ? number + 1 : n == number + 1 ? number : n),
                    Differs(number, neighbour.Words, step.Words));
            }

            // Without it, the first later step that is not of the same name stands where the code asks for the one before it. Not so where the next is of its name and
            // was answered otherwise: the code then goes another way, and nobody can say here where that shows.
            var steers = steps.Exists(next => next.Step == number + 1 && next.Words == step.Words)
                && answers.TryGetValue(number, out var answer) && answers.TryGetValue(number + 1, out var following) && answer != following;
            if (!steers && steps.Find(later => later.Step > number && later.Words != steps[later.Step - 2].Words) is { } shown)
            {
                yield return new(
                    $"no step {number}",
                    Renumber([.. events.Where(happened => NumberOf(happened) != number)], n => n > number ? n - 1 : n),
                    Differs(shown.Step - 1, shown.Words, steps[shown.Step - 2].Words));
            }

            var inserted = Renumber(events, n => n >= number ? n + 1 : n).ToList();
            var place = inserted.FindIndex(happened => happened is StepScheduled scheduled && scheduled.Step == number + 1);
            inserted.InsertRange(place, Whole(number, step.At));
            yield return new($"one more step before step {number}", inserted, Differs(number, $"the activity {Former}", step.Words));
        }

        yield return new(
            "one more step at the end",
            [.. events, .. Whole(steps.Count + 1, events[^1].At)],
            $"History says step {steps.Count + 1} was the activity {Former}, the code now does not ask for it.");
    }

    private static string Differs(int step, string recorded, string asked) => $"History says step {step} was {recorded}, the code now asks for {asked}.";

    private static WorkflowEvent[] Whole(int step, DateTimeOffset at) =>
        [new ActivityScheduled(at, step, Former, "null", Once), new AttemptStarted(at, step, 1), new ActivityCompleted(at, step, "null")];

    private static List<WorkflowEvent> Replace(IEnumerable<WorkflowEvent> events, WorkflowEvent was, WorkflowEvent now) =>
        [.. events.Select(happened => ReferenceEquals(happened, was) ? now : happened)];

    private static List<WorkflowEvent> Renumber(IEnumerable<WorkflowEvent> events, Func<int, int> number) =>
        [.. events.Select(happened => NumberOf(happened) is { } n ? WithNumber(happened, number(n)) : happened)];

    private static int? NumberOf(WorkflowEvent happened) => happened switch
    {
        StepScheduled scheduled => scheduled.Step,
        AttemptStarted started => started.Step,
        AttemptReleased released => released.Step,
        AttemptFailed failed => failed.Step,
        ActivityCompleted completed => completed.Step,
        ActivityFailed failed => failed.Step,
        DeadlineReached reached => reached.Step,
        _ => null,
    };

    private static WorkflowEvent WithNumber(WorkflowEvent happened, int step) => happened switch
    {
        ActivityScheduled scheduled => scheduled with { Step = step },
        WaitScheduled scheduled => scheduled with { Step = step },
        AttemptStarted started => started with { Step = step },
        AttemptReleased released => released with { Step = step },
        AttemptFailed failed => failed with { Step = step },
        ActivityCompleted completed => completed with { Step = step },
        ActivityFailed failed => failed with { Step = step },
        DeadlineReached reached => reached with { Step = step },
        _ => happened,
    };
}
