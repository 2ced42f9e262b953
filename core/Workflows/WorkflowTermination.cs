namespace Maintenance.Workflows;

/// <summary>What became of ending an instance.</summary>
public enum TerminationOutcome
{
    /// <summary>It is ended, or will be in a moment.</summary>
    Ended,

    /// <summary>It had ended before.</summary>
    HadEnded,

    /// <summary>There is none.</summary>
    Missing,
}

/// <summary>How an instance says that a person ended it: as its error, which both hosts keep.</summary>
public static class WorkflowTermination
{
    private const string Mark = "Ended by ";

    /// <summary>The error of an instance that was ended.</summary>
    /// <param name="by">Who ended it.</param>
    /// <param name="reason">Why.</param>
    public static string Error(string by, string reason) => $"{Mark}{by}: {reason}";

    /// <summary>True for the error of one that a person ended.</summary>
    public static bool IsOne(string? error) => error?.StartsWith(Mark, StringComparison.Ordinal) == true;
}
