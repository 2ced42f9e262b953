using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Maintenance.Local.Hosting;
using Maintenance.Local.Workflows;
using Maintenance.Workflows;

namespace Maintenance.Tests.Workflows;

/// <summary>
/// What happens to an instance of one of the product's workflows while its history is recorded. Inputs and answers are JSON, so that a story stays as it was told
/// when a record gets a new member.
/// </summary>
/// <param name="File">The history's file, without its ending.</param>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="Input">Its input.</param>
internal sealed record GoldenStory(string File, string Workflow, string Input)
{
    private const string Failure = "failure: ";

    private readonly List<(string Activity, string Answer)> _answers = [];
    private readonly List<Func<EngineBench, WorkflowEngine, Task>> _happenings = [];

    /// <summary>The next attempt at an activity has this result; the last one told answers all further attempts.</summary>
    public GoldenStory Answers(string activity, string output)
    {
        _answers.Add((activity, output));
        return this;
    }

    /// <summary>The next attempt at an activity fails.</summary>
    public GoldenStory Fails(string activity, string reason) => Answers(activity, Failure + reason);

    /// <summary>So much later an event is raised.</summary>
    public GoldenStory Raises(string eventName, TimeSpan later)
    {
        _happenings.Add(async (bench, engine) =>
        {
            await bench.PassAsync(engine, later, TimeSpan.FromMinutes(1));
            await engine.RaiseAsync(File, eventName, EngineBench.None);
        });
        return this;
    }

    /// <summary>So much time passes, by the minute.</summary>
    public GoldenStory Passes(TimeSpan time)
    {
        _happenings.Add((bench, engine) => bench.PassAsync(engine, time, TimeSpan.FromMinutes(1)));
        return this;
    }

    /// <summary>Runs the workflow on the real engine: what is told happens once nothing is left to do, then time passes until the workflow ends.</summary>
    public async Task<GoldenHistory> RunAsync()
    {
        await using var bench = new EngineBench();
        foreach (var activity in _answers.GroupBy(answer => answer.Activity, answer => answer.Answer, StringComparer.Ordinal))
        {
            var answers = new ConcurrentQueue<string>(activity);
            bench.Activities.Add(new Activity<JsonElement, JsonNode?>(activity.Key), (_, _) => Task.FromResult(Next(answers)));
        }

        // The program's workflows, not the bench's.
        var engine = new WorkflowEngine(bench.Journal, LocalHost.Workflows(), bench.Activities, bench.Clock, bench, new WorkflowEngineSettings { ConcurrentActivities = 1 });
        await using var owned = engine;
        await engine.StartAsync(EngineBench.None);
        var named = new Workflow<JsonNode?, JsonNode?>(Workflow, static (_, _) => throw new NotSupportedException());
        await engine.StartAsync(named, File, JsonNode.Parse(Input), EngineBench.None);
        foreach (var happening in _happenings)
        {
            await engine.WaitUntilIdleAsync();
            await happening(bench, engine);
        }

        var minutes = 0;
        await engine.WaitUntilIdleAsync();
        while ((await engine.GetAsync(File, EngineBench.None))!.State == WorkflowState.Running)
        {
            Assert.True(minutes++ < 30 * 24 * 60, $"The story {File} does not end.");
            await bench.PassAsync(engine, TimeSpan.FromMinutes(1));
        }

        var history = await bench.HistoryAsync(File);
        var status = await engine.GetAsync(File, EngineBench.None);
        return new GoldenHistory(File, status!.Status, [.. history.SkipLast(1)], [history[^1]]);
    }

    private static JsonNode? Next(ConcurrentQueue<string> answers)
    {
        if (!answers.TryPeek(out var answer))
        {
            throw new InvalidOperationException("The story tells of no further attempt.");
        }

        if (answers.Count > 1)
        {
            answers.TryDequeue(out _);
        }

        return answer.StartsWith(Failure, StringComparison.Ordinal) ? throw new IOException(answer[Failure.Length..]) : JsonNode.Parse(answer);
    }
}

/// <summary>A kept history.</summary>
/// <param name="InstanceId">The instance.</param>
/// <param name="Status">What it said of itself at the end.</param>
/// <param name="Events">Everything but its outcome.</param>
/// <param name="NewEvents">Its outcome.</param>
internal sealed record GoldenHistory(string InstanceId, string? Status, IReadOnlyList<WorkflowEvent> Events, IReadOnlyList<WorkflowEvent> NewEvents)
{
    public string Workflow => ((WorkflowStarted)Events[0]).Workflow;

    public static GoldenHistory Read(string file) => MaintenanceJson.Read<GoldenHistory>(File.ReadAllText(file));

    /// <summary>One line an event, as people read them.</summary>
    public void Write(string file) => File.WriteAllText(
        file,
        $$"""
        {
          "instanceId": {{MaintenanceJson.Write(InstanceId)}},
          "status": {{MaintenanceJson.Write(Status)}},
          "events": [
            {{Lines(Events)}}
          ],
          "newEvents": [
            {{Lines(NewEvents)}}
          ]
        }

        """);

    private static string Lines(IEnumerable<WorkflowEvent> events) => string.Join(",\n    ", events.Select(MaintenanceJson.Write));
}
