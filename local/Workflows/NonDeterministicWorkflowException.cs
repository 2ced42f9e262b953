namespace Maintenance.Local.Workflows;

/// <summary>
/// The workflow's code does not do what its history says it did: it was changed while the instance ran, or it decides by something that is not recorded.
/// The instance fails with this text; nothing is run again.
/// </summary>
public sealed class NonDeterministicWorkflowException(string message) : Exception(message)
{
    /// <summary>The code asked for another step than the recorded one.</summary>
    internal static NonDeterministicWorkflowException Differs(StepScheduled recorded, StepScheduled asked) =>
        new($"History says step {recorded.Step} was {recorded.Words}, the code now asks for {asked.Words}.");

    /// <summary>The code did not ask for a recorded step.</summary>
    internal static NonDeterministicWorkflowException Missing(StepScheduled recorded) =>
        new($"History says step {recorded.Step} was {recorded.Words}, the code now does not ask for it.");

    /// <summary>Something happened to a step that was never asked for.</summary>
    internal static NonDeterministicWorkflowException Unknown(int step, WorkflowEvent happened) =>
        new($"History says {happened.Kind} of step {step}, the code has not asked for such a step.");

    /// <summary>The code awaited what is not the context's.</summary>
    internal static NonDeterministicWorkflowException LeftItsContext(string workflow) =>
        new($"The workflow {workflow} awaits something that does not come from its context (Task.Run, Task.Delay, I/O, ConfigureAwait(false)): "
            + "nothing recorded could ever wake it the same way again. Only the context's tasks may be awaited.");
}
