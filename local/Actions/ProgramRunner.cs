using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Maintenance.Actions;
using Maintenance.Time;

namespace Maintenance.Local.Actions;

/// <summary>Runs the plan's programs on this machine.</summary>
/// <param name="planFolder">The plan's folder, from which a program that is named with a slash is found.</param>
public sealed class ProgramRunner(string planFolder) : IProgramRunner
{
    private const int MostOutput = 2000;

    /// <summary>What a program left running may keep its output open for ever.</summary>
    private static readonly TimeSpan OutputPatience = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async Task<ActionReport> RunAsync(ProgramOrder order, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(order);
        var program = order.Command[0].Contains('/', StringComparison.Ordinal) ? Path.GetFullPath(order.Command[0], planFolder) : order.Command[0];
        var start = new ProcessStartInfo(program, order.Command.Skip(1))
        {
            WorkingDirectory = order.Folder ?? planFolder,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in order.Variables)
        {
            start.Environment[name] = value;
        }

        Process process;
        try
        {
            process = Process.Start(start) ?? throw new Win32Exception($"'{program}' did not start.");
        }
        catch (Win32Exception error)
        {
            return new ActionReport(false, error.Message);
        }

        using (process)
        {
            return await EndAsync(process, order.Timeout, cancellation);
        }
    }

    private static async Task<ActionReport> EndAsync(Process process, TimeSpan? timeout, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (timeout is { } most)
        {
            patience.CancelAfter(most);
        }

        try
        {
            process.StandardInput.Close();
            var said = new LastText(process.StandardOutput);
            var complained = new LastText(process.StandardError);
            await process.WaitForExitAsync(patience.Token);
            await Task.WhenAny(Task.WhenAll(said.Read, complained.Read), Task.Delay(OutputPatience, cancellation));
            var text = $"{complained}{said}".Trim();
            return process.ExitCode == 0
                ? new ActionReport(true, text)
                : new ActionReport(false, $"it ended with {process.ExitCode}{(text.Length == 0 ? ", and said nothing" : ": " + text)}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellation.ThrowIfCancellationRequested();
            return new ActionReport(false, $"it did not end within {Durations.Format(timeout!.Value)}, and was stopped");
        }
    }

    /// <summary>The end of what a program writes: all of it is read, since a program whose output nobody reads stands still.</summary>
    private sealed class LastText
    {
        private readonly StringBuilder _text = new();

        public LastText(StreamReader reader) => Read = ReadAsync(reader);

        public Task Read { get; }

        public override string ToString()
        {
            lock (_text)
            {
                return _text.Length > MostOutput ? "…" + _text.ToString(_text.Length - MostOutput, MostOutput) : _text.ToString();
            }
        }

        private async Task ReadAsync(StreamReader reader)
        {
            var block = new char[1024];
            for (int read; (read = await reader.ReadAsync(block)) > 0;)
            {
                lock (_text)
                {
                    _text.Append(block, 0, read);
                    _ = _text.Length > 4 * MostOutput ? _text.Remove(0, _text.Length - (2 * MostOutput)) : _text;
                }
            }
        }
    }
}
