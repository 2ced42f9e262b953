using System.Reflection;
using System.Text.RegularExpressions;
using Maintenance.Backups;
using Maintenance.Local.Hosting;
using Maintenance.Local.Workflows;
using Maintenance.Messaging;
using Maintenance.Patches;
using Maintenance.Recovery;
using Maintenance.Rollouts;
using Maintenance.Status;
using Maintenance.Workflows;
using MaintenanceFunctions.Tests.App;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace MaintenanceFunctions.Tests.Parity;

/// <summary>Both hosts run the same timers, queues, workflows and activities.</summary>
public sealed partial class TriggerParityTests
{
    // The one timer that is not the core's: only Durable Functions leaves its history to the app, the other host's engine purges by itself.
    private const string OwnTimer = "PurgeWorkflowHistory";

    [Fact]
    public void Every_timer_has_its_function_which_ticks_in_its_rhythm_and_never_at_the_start()
    {
        var functions = FunctionCatalogue.With<TimerTriggerAttribute>().ToList();

        Assert.Equal(TimerService.All.Append(OwnTimer).Order(), functions.Select(static function => function.Name).Order());
        Assert.All(functions, static function =>
        {
            var trigger = function.Trigger<TimerTriggerAttribute>()!;
            Assert.Equal((function.Name == OwnTimer ? "0 30 1 * * *" : TimerRhythms.Of(function.Name).Schedule, false), (trigger.Schedule, trigger.RunOnStartup));
        });
    }

    [Fact]
    public void Every_queue_has_its_function_which_settles_by_itself()
    {
        var triggers = FunctionCatalogue.With<ServiceBusTriggerAttribute>().Select(static function => function.Trigger<ServiceBusTriggerAttribute>()!).ToList();

        Assert.Equal(Queues.All.Order(), triggers.Select(static trigger => trigger.QueueName!).Order());
        Assert.All(triggers, static trigger =>
            Assert.Equal((false, "ServiceBus", false, false), (trigger.AutoCompleteMessages, trigger.Connection, trigger.IsBatched, trigger.IsSessionsEnabled)));
    }

    [Fact]
    public void Every_workflow_has_its_orchestration_and_the_other_host_knows_it_too()
    {
        var workflows = Named(typeof(Workflow<,>));
        var others = LocalHost.Workflows();

        Assert.Equal(workflows, FunctionCatalogue.With<OrchestrationTriggerAttribute>().Select(static function => function.Name).Order());
        Assert.All(workflows, name => Assert.NotNull(others.Find(name)));
    }

    [Fact]
    public async Task Every_activity_has_its_function_and_the_other_host_knows_it_too()
    {
        await using var app = await TestApp.StartAsync();
        var activities = Named(typeof(Activity<,>));
        var others = new ActivityRegistry();
        LocalHost.AddActivities(others, app.Services);

        Assert.Equal(activities, FunctionCatalogue.With<ActivityTriggerAttribute>().Select(static function => function.Name).Order());
        Assert.All(activities, name => Assert.NotNull(others.Find(name)));
    }

    [Fact]
    public void Activity_functions_take_and_give_what_their_activities_say() => Assert.All(FunctionCatalogue.With<ActivityTriggerAttribute>(), static function =>
    {
        var shape = Properties(typeof(Activity<,>)).Single(property => NameOf(property) == function.Name).PropertyType.GetGenericArguments();
        Assert.Equal([function.Method.GetParameters()[0].ParameterType, function.Method.ReturnType.GetGenericArguments()[0]], shape);
    });

    [Fact]
    public void Every_function_has_a_name_of_its_own_whatever_its_case()
    {
        Assert.Equal(FunctionCatalogue.All.Count, FunctionCatalogue.All.Select(static function => function.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(FunctionCatalogue.All, static function => Assert.Matches("^[A-Za-z][A-Za-z0-9]{0,126}$", function.Name));
    }

    [Fact]
    public void Every_function_is_public_and_has_one_trigger() => Assert.All(FunctionCatalogue.All, static function =>
    {
        Assert.True(function.Method.IsPublic && function.Method.DeclaringType!.IsPublic, $"The worker finds only what is public: {function.Name}");
        Assert.Single(function.Method.GetParameters(), static parameter => parameter.GetCustomAttributes().Any(static attribute =>
            attribute is HttpTriggerAttribute or TimerTriggerAttribute or ServiceBusTriggerAttribute or OrchestrationTriggerAttribute or ActivityTriggerAttribute));
    });

    [Fact]
    public async Task Every_class_of_functions_can_be_made_by_the_app()
    {
        await using var app = await TestApp.StartAsync();

        Assert.All(
            FunctionCatalogue.All.Select(static function => function.Method.DeclaringType!).Where(static type => !type.IsAbstract).Distinct(),
            type => Assert.NotNull(ActivatorUtilities.CreateInstance(app.Services, type)));
    }

    // All that is decided is decided behind the triggers, where both hosts share it.
    [Fact]
    public void A_trigger_is_three_statements_at_most()
    {
        var files = Directory.GetFiles(Repository.Locate("functions/Triggers"), "*.cs");

        var bodies = files.SelectMany(static file => Body().Matches(File.ReadAllText(file))).Select(static body => body.Groups["code"].Value).ToList();
        Assert.Equal(FunctionCatalogue.All.Count, bodies.Count);
        Assert.All(bodies, static body => Assert.InRange(body.Count(static c => c == ';'), 1, 3));
        Assert.All(bodies, static body => Assert.DoesNotMatch(@"\b(if|for|foreach|while|switch|try)\b", body));
    }

    private static IEnumerable<PropertyInfo> Properties(Type shape) =>
        from holder in new[] { typeof(BackupWorkflows), typeof(PatchWorkflows), typeof(RecoveryWorkflows), typeof(RolloutWorkflows) }
        from property in holder.GetProperties()
        where property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == shape
        select property;

    private static List<string> Named(Type shape) => [.. Properties(shape).Select(NameOf).Order()];

    private static string NameOf(PropertyInfo property)
    {
        var value = property.GetValue(null)!;
        return (string)value.GetType().GetProperty("Name")!.GetValue(value)!;
    }

    [GeneratedRegex(@"\[Function\([^\n]*\n    public .*?(?:=>(?<code>[^{}]*?;)\n|\n    \{\n(?<code>.*?)\n    \}\n)", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Body();
}
