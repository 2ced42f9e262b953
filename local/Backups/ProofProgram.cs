using System.ComponentModel;
using System.Diagnostics;
using Maintenance.Backups.Sources;

namespace Maintenance.Local.Backups;

/// <summary>Runs a plan's own check of a restored snapshot as a program of this machine.</summary>
/// <param name="planFolder">The plan's folder, from which a program that is named with a slash is found.</param>
public sealed class ProofProgram(string planFolder) : IProofCommand
{
    private const int MostOutput = 2000;

    /// <inheritdoc/>
    public async Task<string?> RunAsync(IReadOnlyList<string> command, string folder, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);
        var program = command[0].Contains('/', StringComparison.Ordinal) ? Path.GetFullPath(command[0], planFolder) : command[0];
        var start = new ProcessStartInfo(program, command.Skip(1))
        {
            WorkingDirectory = folder,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Process process;
        try
        {
            process = Process.Start(start) ?? throw new Win32Exception($"'{program}' did not start.");
        }
        catch (Win32Exception error)
        {
            return error.Message;
        }

        using (process)
        {
            try
            {
                process.StandardInput.Close();
                var said = process.StandardOutput.ReadToEndAsync(cancellation);
                var complained = process.StandardError.ReadToEndAsync(cancellation);
                await process.WaitForExitAsync(cancellation);
                var text = $"{await complained}{await said}".Trim();
                return process.ExitCode == 0 ? null : $"it ended with {process.ExitCode}: {(text.Length > MostOutput ? text[..MostOutput] + "…" : text)}";
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
    }
}
