namespace Maintenance.Plan;

/// <summary>Something wrong in a plan file: where, what, and what would be right.</summary>
/// <param name="File">The file as the user named it.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Path">Such as <c>backups[2].schedule</c>; empty for the file as a whole.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Hint">What would be right, or null where the message says it.</param>
/// <param name="Severity">Whether the plan can be used all the same.</param>
public sealed record PlanProblem(string File, long Line, long Column, string Path, string Message, string? Hint, PlanProblemSeverity Severity)
{
    /// <summary>One line, in the form that editors and terminals link.</summary>
    public override string ToString() =>
        $"{File}:{Line}:{Column}: {(Severity == PlanProblemSeverity.Error ? "error" : "warning")}: {(Path.Length > 0 ? Path + ": " : "")}{Message}{(Hint is null ? "" : " " + Hint)}";
}

/// <summary>Whether a plan can be used in spite of a problem.</summary>
public enum PlanProblemSeverity
{
    /// <summary>It can; somebody should look at it.</summary>
    Warning,

    /// <summary>It cannot.</summary>
    Error,
}

/// <summary>What loading a plan gave.</summary>
/// <param name="Plan">The plan, or null where there is an error.</param>
/// <param name="Problems">All of them, in the order of the file.</param>
public sealed record PlanLoad(OperationsPlan? Plan, IReadOnlyList<PlanProblem> Problems)
{
    /// <summary>The texts of the files that the plan includes, by path as it names them.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();
}
