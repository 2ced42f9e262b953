using System.Reflection;
using Maintenance.Messaging;
using Maintenance.Storage;
using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Tests.App;
using Microsoft.Azure.Functions.Worker;

namespace MaintenanceFunctions.Tests.Limits;

/// <summary>What takes much time and memory runs alone, since others measure theirs.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    public const string Name = "hostile";
}

[Collection(RunsAlone.Name)]
public sealed class HostileStoryTests
{
    [Fact]
    public async Task Whatever_people_and_programs_send_no_service_refuses_what_comes_of_it_and_nothing_is_left_out()
    {
        await using var story = await HostileStory.TellAsync();
        var traffic = story.App.Traffic;

        Assert.True(story.Faults.Count == 0, string.Join('\n', story.Faults.Distinct().Take(40)));

        // Every kind of request was taken in at least once: one that is always refused would prove nothing.
        var taken = story.Answers.Keys.Select(static kind => kind.Split(' ')).ToLookup(static parts => $"{parts[0]} {parts[1]}", static parts => parts[2]);
        Assert.Equal(["POST /api/feedback/*/rating"], taken.Where(static kind => !kind.Any(static status => status.StartsWith('2'))).Select(static kind => kind.Key));

        // Nothing is silently unchecked: every table, queue and workflow of the system was used.
        var tables = typeof(Tables).GetFields(BindingFlags.Public | BindingFlags.Static).Select(static field => (string)field.GetRawConstantValue()!).Append(AttemptLedger.Table);
        Assert.Empty(tables.Except(traffic.Rows.Select(static row => row.Table)));
        Assert.Empty(Queues.All.Except(traffic.Messages.Select(static message => message.Queue)));
        var workflows = FunctionCatalogue.All.Where(static function => function.Trigger<OrchestrationTriggerAttribute>() is not null).Select(static function => function.Name);
        Assert.Empty(workflows.Except(traffic.Workflows));

        // Tables are told apart without case; and two rows that differ in case alone would be two on Azure and one for whoever reads them in a tool.
        Assert.Equal(tables.Count(), tables.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }
}
