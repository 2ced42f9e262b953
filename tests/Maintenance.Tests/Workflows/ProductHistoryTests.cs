using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Maintenance.Local.Hosting;
using Maintenance.Local.Workflows;
using Maintenance.Workflows;

namespace Maintenance.Tests.Workflows;

/// <summary>
/// The product's workflows against histories of theirs that are kept as files: today's code goes the way that they tell, and refuses every one that other code would
/// have written. <see cref="ProductStories"/> says how to add one.
/// </summary>
public sealed class ProductHistoryTests
{
    private const string Record = "MAINTENANCE_RECORD";

    public static TheoryData<string> Stories => [.. ProductStories.All.Select(story => story.File)];

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task Every_story_has_its_kept_history_and_the_code_still_comes_to_its_outcome(string story)
    {
        var kept = await KeptAsync(story);
        var result = Replay(kept, kept.Events);

        Assert.Equal(kept.Status, result.Status);
        AssertSame(Assert.Single(kept.NewEvents), Assert.Single(result.NewEvents));
    }

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task From_any_point_of_it_the_code_asks_for_what_was_asked_for_then(string story)
    {
        var kept = await KeptAsync(story);
        for (var length = 1; length < kept.Events.Count; length++)
        {
            var result = Replay(kept, [.. kept.Events.Take(length)]);

            var next = kept.Events.Skip(length).OfType<StepScheduled>().Take(result.Asked.Count);
            Assert.Equal(next.Select(step => (step.Step, step.Words)), result.Asked.Select(step => (step.Step, step.Words)));
            Assert.True(result.Outcome is null or WorkflowCompleted || result.Outcome.GetType() == kept.NewEvents[0].GetType(), $"After {length}: {result.Outcome}");
        }
    }

    [Fact]
    public void Every_workflow_of_the_program_has_a_kept_history_and_every_history_a_story()
    {
        var kept = Directory.GetFiles(Folder(), "*.json").Select(GoldenHistory.Read).ToList();

        var missing = LocalHost.Workflows().Names.Except(kept.Select(history => history.Workflow), StringComparer.Ordinal).Order();
        Assert.True(!missing.Any(), $"No kept history of {string.Join(", ", missing)}: tell a story of each in ProductStories, and run these tests with {Record}=1.");
        Assert.Equal(ProductStories.All.Select(story => story.File).Order(StringComparer.Ordinal), kept.Select(history => history.InstanceId).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task A_history_of_a_changed_workflow_is_refused_with_the_step_what_was_recorded_and_what_the_code_asks_for(string story)
    {
        var kept = await KeptAsync(story);
        var mutations = GoldenMutation.Of(kept.Events).ToList();
        Assert.True(mutations.Count > kept.Events.OfType<StepScheduled>().Count() * 2);
        foreach (var mutation in mutations)
        {
            var result = Replay(kept, mutation.Events);

            Assert.True((result.Outcome as WorkflowFailed)?.Error == mutation.Refusal, $"{mutation.What}: {result.Outcome}, expected {mutation.Refusal}");
            Assert.Single(result.NewEvents);
        }
    }

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task The_engine_fails_the_refused_instances_runs_nothing_of_theirs_and_goes_on_with_the_others(string story)
    {
        await using var bench = new EngineBench();
        var kept = await KeptAsync(story);
        var mutations = GoldenMutation.Of(kept.Events).ToList();
        bench.Clock.Advance(kept.Events[^1].At - bench.Clock.Now);
        for (var i = 0; i < mutations.Count; i++)
        {
            await AddAsync(bench, $"changed-{i}", mutations[i].Events);
        }

        await AddAsync(bench, kept.InstanceId, kept.Events);
        await AddAsync(bench, "begun", [.. kept.Events.Take(1)]);
        var calls = new ConcurrentQueue<string>();
        foreach (var activity in kept.Events.OfType<ActivityScheduled>().Select(step => step.Activity).Append("FormerStep").Distinct(StringComparer.Ordinal))
        {
            bench.Activities.Add(new Activity<JsonElement, JsonNode?>(activity), (_, _) =>
            {
                calls.Enqueue(activity);
                throw new IOException("Not today.");
            });
        }

        await using var engine = new WorkflowEngine(bench.Journal, LocalHost.Workflows(), bench.Activities, bench.Clock, bench, new WorkflowEngineSettings());
        await engine.StartAsync(EngineBench.None);
        await engine.WaitUntilIdleAsync();

        for (var i = 0; i < mutations.Count; i++)
        {
            var status = await engine.GetAsync($"changed-{i}", EngineBench.None);
            Assert.True((status!.State, status.Error) == (WorkflowState.Failed, mutations[i].Refusal), $"{mutations[i].What}: {status}");
        }

        AssertSame(kept.NewEvents[0], (await bench.HistoryAsync(kept.InstanceId))[^1]);
        Assert.Equal(kept.Events.OfType<ActivityScheduled>().First().Activity, calls.First());
        Assert.All(calls, call => Assert.NotEqual("FormerStep", call));
    }

    private static EpisodeResult Replay(GoldenHistory kept, IReadOnlyList<WorkflowEvent> events) =>
        WorkflowEpisode.Run(LocalHost.Workflows().Find(kept.Workflow)!, kept.InstanceId, events);

    private static async Task AddAsync(EngineBench bench, string id, IReadOnlyList<WorkflowEvent> events)
    {
        await bench.Journal.CreateAsync(id, (WorkflowStarted)events[0], default);
        if (events.Count > 1)
        {
            await bench.Journal.AppendAsync(id, 1, [.. events.Skip(1)], null, events[^1].At, default);
        }
    }

    /// <summary>A result may have got members that the kept one does not know.</summary>
    private static void AssertSame(WorkflowEvent kept, WorkflowEvent now)
    {
        if (kept is WorkflowCompleted was && now is WorkflowCompleted completed)
        {
            Assert.True(Has(JsonNode.Parse(completed.Output), JsonNode.Parse(was.Output)), $"{completed.Output} instead of {was.Output}");
            now = completed with { Output = was.Output };
        }

        Assert.Equal(kept, now);
    }

    private static bool Has(JsonNode? whole, JsonNode? part) => (whole, part) switch
    {
        (JsonObject own, JsonObject wanted) => wanted.All(member => own.TryGetPropertyValue(member.Key, out var value) && Has(value, member.Value)),
        (JsonArray own, JsonArray wanted) => own.Count == wanted.Count && own.Zip(wanted).All(pair => Has(pair.First, pair.Second)),
        _ => JsonNode.DeepEquals(whole, part),
    };

    private static async Task<GoldenHistory> KeptAsync(string story)
    {
        var file = Path.Combine(Folder(), story + ".json");
        if (!File.Exists(file) && Environment.GetEnvironmentVariable(Record) == "1")
        {
            (await ProductStories.All.Single(told => told.File == story).RunAsync()).Write(file);
        }

        Assert.True(File.Exists(file), $"The story {story} has no kept history: run these tests with {Record}=1, and look at what is written.");
        return GoldenHistory.Read(file);
    }

    private static string Folder([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "Histories", "Product");
}
