namespace Maintenance.Patches;

/// <summary>A request as it was voted on for a while: as it was asked for, or as a revision left it.</summary>
/// <param name="Number">1 for what was asked for; each revision adds one.</param>
/// <param name="At">Since when (UTC).</param>
/// <param name="Person">Who asked, or revised it.</param>
/// <param name="Comment">What was changed, or null.</param>
/// <param name="Changes">What differs from the one before; none in the first.</param>
/// <param name="Votes">The votes that were cast on it and counted, in their order; void once another revision came.</param>
public sealed record PatchRevision(int Number, DateTimeOffset At, string Person, string? Comment, IReadOnlyList<FieldChange> Changes, IReadOnlyList<ApprovalEvent> Votes)
{
    /// <summary>The revisions of a request, oldest first.</summary>
    /// <param name="found">The request with its events.</param>
    /// <param name="now">As of when (UTC).</param>
    public static IReadOnlyList<PatchRevision> Of(PatchCase found, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(found);
        var request = found.Request;
        var (revisions, artifact) = (new List<PatchRevision> { new(1, request.RequestedAt, request.RequestedBy, null, [], []) }, request.Artifact);
        foreach (var told in found.At(now).Events)
        {
            var taken = told.Event;
            switch (told.Effect)
            {
                case ApprovalEffect.Revised:
                    revisions.Add(new(revisions.Count + 1, taken.At, taken.Person, taken.Comment, [new FieldChange("artifact", artifact, taken.Artifact)], []));
                    artifact = taken.Artifact;
                    break;
                case ApprovalEffect.Counted or ApprovalEffect.Changed:
                    var last = revisions[^1];
                    revisions[^1] = last with { Votes = [.. last.Votes.Where(vote => vote.Person != taken.Person), taken] };
                    break;
            }
        }

        return revisions;
    }
}

/// <summary>A field that differs.</summary>
/// <param name="Field">Its name.</param>
/// <param name="Before">As it was; null for nothing.</param>
/// <param name="After">As it is; null for nothing.</param>
public sealed record FieldChange(string Field, string? Before, string? After);
