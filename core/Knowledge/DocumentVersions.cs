using Maintenance.Plan;

namespace Maintenance.Knowledge;

/// <summary>
/// Notes each version of a document as the plan that has it is taken over. Between two sweeps there may be several plans: a change that people must read, followed by an
/// editorial one, would else look like the editorial one alone.
/// </summary>
public sealed class DocumentVersions(KnowledgeBook book, TimeProvider time) : IPlanFollower
{
    /// <inheritdoc/>
    public async Task HearAsync(OperationsPlan plan, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.Knowledge.Documents.Count == 0)
        {
            return;
        }

        var (known, now) = (await book.AllAsync(cancellation), time.GetUtcNow());
        foreach (var document in plan.Knowledge.Documents)
        {
            _ = await book.NoteAsync(document, known.GetValueOrDefault(document.Id), now, cancellation);
        }
    }
}
