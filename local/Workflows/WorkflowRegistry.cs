using Maintenance.Workflows;

namespace Maintenance.Local.Workflows;

/// <summary>A workflow's code over JSON: the shape in which the engine keeps and runs it.</summary>
/// <param name="Name">The workflow's name.</param>
/// <param name="RunAsync">From the input's JSON to the output's.</param>
public sealed record WorkflowCode(string Name, Func<IWorkflowContext, string, Task<string>> RunAsync)
{
    /// <summary>The code of a typed workflow.</summary>
    public static WorkflowCode Of<TInput, TOutput>(Workflow<TInput, TOutput> workflow)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        return new(workflow.Name, async (context, input) => StepJson.Write(await workflow.RunAsync(context, StepJson.Read<TInput>(input))));
    }
}

/// <summary>The workflows that this program knows, by name. Filled before the engine starts.</summary>
public sealed class WorkflowRegistry
{
    private readonly Dictionary<string, WorkflowCode> _workflows = new(StringComparer.Ordinal);

    /// <summary>The names of the workflows.</summary>
    public IReadOnlyCollection<string> Names => _workflows.Keys;

    /// <summary>Adds a workflow.</summary>
    /// <exception cref="ArgumentException">Its name is taken.</exception>
    public WorkflowRegistry Add<TInput, TOutput>(Workflow<TInput, TOutput> workflow)
    {
        var code = WorkflowCode.Of(workflow);
        return _workflows.TryAdd(code.Name, code) ? this : throw new ArgumentException($"There are two workflows named {code.Name}.", nameof(workflow));
    }

    /// <summary>The workflow of this name, or null.</summary>
    public WorkflowCode? Find(string name) => _workflows.GetValueOrDefault(name);
}
