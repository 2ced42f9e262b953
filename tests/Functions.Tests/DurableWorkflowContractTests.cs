using Maintenance.Tests.Contracts;
using Maintenance.Workflows;
using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Tests.Fakes;

namespace MaintenanceFunctions.Tests;

/// <summary>The context over Durable Functions keeps the same contract as the one machine's engine; its code runs again from the history on every turn.</summary>
public sealed class DurableWorkflowContractTests : WorkflowContextContract
{
    protected override WorkflowContextBench Open() => new DurableBench();

    private sealed class DurableBench : WorkflowContextBench
    {
        private readonly FakeOrchestration _orchestration = new() { RetriesAtOnce = false };
        private readonly HashSet<string> _done = new(StringComparer.Ordinal);
        private DateTimeOffset _now = new(2026, 11, 22, 2, 0, 0, TimeSpan.Zero);
        private Task<string>? _run;
        private int _answers;

        public override DateTimeOffset Now => _now;

        public override string Running
        {
            get
            {
                var running = _orchestration.Running.Select(Call).Order(StringComparer.Ordinal).ToList();
                Assert.DoesNotContain(running, _done.Contains);
                return string.Join(", ", running);
            }
        }

        public override Task StartAsync(Func<IWorkflowContext, Task<string>> workflow) => Happen(() =>
            _run = _orchestration.Start(context => DurableWorkflowContext.RunAsync(context, new Workflow<int?, string>("Contract", (own, _) => workflow(own)))));

        public override Task RaiseAsync(string name) => Happen(() => _orchestration.Raise(name));

        public override Task PassAsync(int minutes) => Happen(() => _orchestration.AdvanceTo((_now = _now.AddMinutes(minutes)).UtcDateTime));

        public override Task CompleteAsync(string call, string output) => Happen(() =>
        {
            _done.Add(call);
            _answers++;
            _orchestration.Complete(Find(call), output);
        });

        public override Task FailAsync(string call, string reason) => Happen(() => _orchestration.Fail(Find(call), reason));

        public override Task WhileDownAsync(Func<Task> happenings)
        {
            _orchestration.WhileDown(() => happenings().GetAwaiter().GetResult());
            return Task.CompletedTask;
        }

        public override async Task<string> OutcomeAsync()
        {
            Assert.True(_orchestration.Turns > _answers, "The code was not run again with each answer.");
            if (!_run!.IsCompleted)
            {
                return "running";
            }

            try
            {
                return await _run;
            }
            catch (Exception error) when (error is WorkflowStepFailedException or InvalidOperationException or ArgumentException)
            {
                return $"failed: {error.Message}";
            }
        }

        public override Task<string?> StatusAsync() => Task.FromResult((string?)_orchestration.Status);

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static string Call(Scheduled activity) => $"{activity.Name} {activity.Input}";

        private Scheduled Find(string call) => _orchestration.Running.Single(activity => Call(activity) == call);

        private static Task Happen(Action what)
        {
            what();
            return Task.CompletedTask;
        }
    }
}
