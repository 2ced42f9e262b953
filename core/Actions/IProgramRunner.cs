namespace Maintenance.Actions;

/// <summary>Runs a program that the plan names. Hosts that run no programs say so.</summary>
public interface IProgramRunner
{
    /// <summary>Runs a program to its end.</summary>
    /// <param name="order">What, where and with which variables.</param>
    /// <param name="cancellation">Ends it, with all that it started.</param>
    /// <returns>How it ended; a program that cannot be started ended badly, with the reason as what it said.</returns>
    Task<ActionReport> RunAsync(ProgramOrder order, CancellationToken cancellation);
}

/// <summary>A program to run.</summary>
/// <param name="Command">The program and its arguments; never a shell's text.</param>
/// <param name="Folder">Its working folder; null for the plan's own.</param>
public sealed record ProgramOrder(IReadOnlyList<string> Command, string? Folder)
{
    /// <summary>Variables of its environment, besides those of the host.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How long it may run; null for as long as it likes.</summary>
    public TimeSpan? Timeout { get; init; }
}

/// <summary>How an action ended.</summary>
/// <param name="IsGood">True where it did what it should.</param>
/// <param name="Said">What it said, in words, bounded.</param>
public sealed record ActionReport(bool IsGood, string Said);
