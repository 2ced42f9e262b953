using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;

namespace Maintenance.Local.Sources;

/// <summary>
/// What a program writes to its standard output, as one file. The program is started as it is named, never by a shell, with this process's environment and nothing
/// to read. It must end with exit code 0: otherwise the last read fails, with the end of what it wrote to its standard error.
/// </summary>
public sealed class CommandSource : ISnapshotSource
{
    private readonly BackupSource _command;
    private Process? _process;
    private CommandOutput? _output;

    /// <summary>Nothing is started before the scan.</summary>
    /// <param name="command">The program, its arguments, and what its output is called.</param>
    /// <exception cref="ArgumentException">The output's name is no name of a file.</exception>
    public CommandSource(BackupSource command)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (command.OutputName is "" or "." or ".." || command.OutputName.AsSpan().IndexOfAny("/\\\0") >= 0)
        {
            throw new ArgumentException($"'{command.OutputName}' is no name for a command's output: it is the name of one file.", nameof(command));
        }

        _command = command;
    }

    /// <inheritdoc/>
    public string Description => _command.ToString();

    /// <inheritdoc/>
    public TreeEntry? Root => null;

    /// <inheritdoc/>
    public IComparer<string> Order => SourceOrder.ByFolder;

    /// <inheritdoc/>
    public async IAsyncEnumerable<TreeEntry> ScanAsync(SourceFindings findings, [EnumeratorCancellation] CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();

        // Here, so that a program that is not there fails the backup and not a file of it. It waits for its reader as soon as the pipe is full.
        _process = Start();
        _output = new CommandOutput(_process, _command.Location);
        yield return new TreeEntry { Path = _command.OutputName, Kind = TreeEntryKind.File, Length = -1 };
        await Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<Stream> OpenAsync(TreeEntry entry, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var output = entry.Path == _command.OutputName ? Interlocked.Exchange(ref _output, null) : null;
        return output is not null ? ValueTask.FromResult<Stream>(output) : throw new IOException($"The output of '{_command.Location}' can be read once only.");
    }

    /// <inheritdoc/>
    public ValueTask<TreeEntry?> LookAgainAsync(TreeEntry entry, CancellationToken cancellation) => ValueTask.FromResult<TreeEntry?>(entry);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_output is not null)
        {
            await _output.DisposeAsync();
        }

        _process?.Dispose();
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(_command.Location, _command.Arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            return process;
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException)
        {
            throw new IOException($"The program '{_command.Location}' cannot be started: {error.Message}", error);
        }
    }
}
