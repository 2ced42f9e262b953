namespace Maintenance.Backups.Sources;

/// <summary>Runs a plan's own check of a restored snapshot. Hosts that run no programs say so.</summary>
public interface IProofCommand
{
    /// <summary>Runs a program in a folder.</summary>
    /// <param name="command">The program and its arguments; never a shell's text.</param>
    /// <param name="folder">The restored folder, which is its working folder.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Null where it ended with 0; else what it said, in words.</returns>
    Task<string?> RunAsync(IReadOnlyList<string> command, string folder, CancellationToken cancellation);
}
