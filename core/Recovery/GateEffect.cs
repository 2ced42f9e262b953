using Maintenance.Plan;

namespace Maintenance.Recovery;

/// <summary>A folder that a cut-over exchanges.</summary>
/// <param name="Step">The restore step.</param>
/// <param name="Live">The live folder that is replaced.</param>
/// <param name="Snapshot">The snapshot that was restored.</param>
/// <param name="RecoveryPoint">The state that it holds (UTC).</param>
/// <param name="Aside">Where the present live data are kept meanwhile.</param>
public sealed record GateExchange(string Step, string Live, string Snapshot, DateTimeOffset RecoveryPoint, string Aside);

/// <summary>What approving a gate does, before it is done. Pure.</summary>
/// <param name="Exchanges">The live folders that what was restored takes the place of; none where it only lets the next steps begin.</param>
/// <param name="Places">The isolated places that were restored to: the gate leaves them alone, a step after it makes them the live ones.</param>
/// <param name="Next">The names of the steps that may begin then.</param>
/// <param name="Needed">How many people must approve.</param>
/// <param name="Missing">How many approvals are missing.</param>
/// <param name="Voters">Everybody who may vote, those that are waited for first.</param>
public sealed record GateEffect(IReadOnlyList<GateExchange> Exchanges, IReadOnlyList<string> Places, IReadOnlyList<string> Next, int Needed, int Missing, IReadOnlyList<Voter> Voters)
{
    /// <summary>True where the last approval that is missing would be the next one.</summary>
    public bool IsNextTheLast => Missing == 1;

    /// <summary>The effect of a gate.</summary>
    /// <param name="run">The recovery.</param>
    /// <param name="gateId">The gate.</param>
    /// <param name="plan">The plan whose people vote.</param>
    /// <param name="now">As of when (UTC).</param>
    /// <exception cref="RecoveryStateException">The step is no gate.</exception>
    public static GateEffect Of(RecoveryRun run, string gateId, OperationsPlan plan, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(plan);
        var (script, state) = (run.Script, run.Step(gateId));
        var gate = script.Step(gateId).Gate ?? throw new RecoveryStateException($"'{script.Step(gateId).Name}' is no gate: there is nothing to approve.");
        var before = StepGraph.Before(script.Steps, gateId);
        var restores = script.Steps.Where(step => before.Contains(step.Id) && step.Restore is not null).ToList();
        var approvals = state.Votes.Count(static vote => vote.IsApproval);
        return new GateEffect(
            [
                .. from step in restores
                   let source = run.Step(step.Id).Source
                   where step.Restore!.Live is not null && source is not null && run.Step(step.Id).SwappedAt is null
                   select new GateExchange(step.Id, step.Restore!.Live!, source.Snapshot, source.RecoveryPoint, step.Restore.AsideIn(run.Id)),
            ],
            [.. restores.Select(static step => step.Restore!.Place).OfType<string>()],
            [.. script.Steps.Where(step => step.After.Contains(gateId)).Select(static step => step.Name)],
            gate.Quorum,
            Math.Max(0, gate.Quorum - approvals),
            [
                .. plan.People.Where(person => person.Roles.Intersect(gate.Approvers).Any())
                    .Select(person => VoterOf(person, state, plan, now))
                    .OrderBy(static voter => voter.Standing)
                    .ThenBy(static voter => voter.Name, StringComparer.Ordinal),
            ]);
    }

    private static Voter VoterOf(Person person, RecoveryStepRun state, OperationsPlan plan, DateTimeOffset now) =>
        state.State != RecoveryStepState.Waiting ? new Voter(person.Id, person.Name, VoterStanding.Closed, "The gate is not open.")
            : state.Votes.FirstOrDefault(vote => vote.Person == person.Id) is { } vote ? new Voter(person.Id, person.Name, VoterStanding.Voted, vote.IsApproval ? "approves" : "rejects")
            : Voter.Absence(plan, person, now) is { } away ? new Voter(person.Id, person.Name, VoterStanding.Away, away)
            : new Voter(person.Id, person.Name, VoterStanding.MayVote, null);
}
