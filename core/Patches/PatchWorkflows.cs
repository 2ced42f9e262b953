using Maintenance.Workflows;

namespace Maintenance.Patches;

/// <summary>A request, by reference.</summary>
public sealed record PatchRef(string Patch);

/// <summary>What the workflow needs to know of a request.</summary>
/// <param name="ExpiresAt">Its expiry (UTC).</param>
public sealed record PatchTerms(DateTimeOffset ExpiresAt);

/// <summary>The decision, or none yet.</summary>
public sealed record PatchVerdict(Decision? Decision);

/// <summary>The workflow of an approval: waits for the decision that the records hold.</summary>
public static class PatchWorkflows
{
    /// <summary>Raised when the votes have decided. It only wakes the workflow: the truth is in the votes.</summary>
    public const string Decided = "decided";

    /// <summary>What it says while it waits for people.</summary>
    public const string WaitingForVotes = "waiting for votes";

    /// <summary>Tells the approvers; the terms.</summary>
    public static Activity<PatchRef, PatchTerms> AnnouncePatch { get; } = new("AnnouncePatch");

    /// <summary>Decides by the stored votes, and closes the request where there is a decision.</summary>
    public static Activity<PatchRef, PatchVerdict> ClosePatch { get; } = new("ClosePatch");

    /// <summary>Waits for the votes or the expiry, and closes the request.</summary>
    public static Workflow<PatchRef, Decision> Approval { get; } = new("PatchApprovalWorkflow", RunAsync);

    private static async Task<Decision> RunAsync(IWorkflowContext context, PatchRef patch)
    {
        context.SetStatus("announcing");
        var terms = await context.CallAsync(AnnouncePatch, patch, RetryRule.Patient);
        var deadline = terms.ExpiresAt;
        while (true)
        {
            context.SetStatus(WaitingForVotes);
            _ = await context.WaitForEventAsync(Decided, deadline);
            var verdict = await context.CallAsync(ClosePatch, patch, RetryRule.Quick);
            if (verdict.Decision is { } decision)
            {
                context.SetStatus(decision.Outcome.ToString().ToLowerInvariant());
                return decision;
            }

            // Woken without a decision: the event of an earlier request, or a clock a little behind the one that woke it.
            deadline = deadline > context.Now ? deadline : context.Now.AddSeconds(5);
        }
    }
}
