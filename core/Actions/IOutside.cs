namespace Maintenance.Actions;

/// <summary>What is reached over the network for the plan's actions and checks. The same adapter serves both hosts.</summary>
public interface IOutside
{
    /// <summary>Posts an action's facts to a webhook, as JSON with its key and attempt. Any answer of 200 to 299 is good.</summary>
    /// <param name="action">The action; its webhook, or the setting that holds the address.</param>
    /// <param name="order">What it is done for.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<ActionReport> PostAsync(PlanAction action, ActionOrder order, CancellationToken cancellation);

    /// <summary>Gets a check's address, following no redirect; whatever keeps it from being answered is a part of what was seen.</summary>
    Task<Observation> ProbeAsync(Check check, CancellationToken cancellation);

    /// <summary>Runs a check's query, in a transaction that cannot write; whatever keeps it from being answered is a part of what was seen.</summary>
    Task<Observation> QueryAsync(Check check, CancellationToken cancellation);
}
