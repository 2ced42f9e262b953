using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Maintenance.Local.Sources;

/// <summary>The standard output of a program. It ends only when the program ended well; whoever gives it up stops the program and all that it started.</summary>
internal sealed class CommandOutput : Stream
{
    /// <summary>How much of the end of what the program wrote to its standard error is kept.</summary>
    private const int MostErrorBytes = 4096;

    /// <summary>A program that the command left running may keep its standard error open for ever.</summary>
    private static readonly TimeSpan ErrorPatience = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly string _program;
    private readonly Stream _output;
    private readonly byte[] _lastErrors = new byte[MostErrorBytes];
    private readonly Lock _errorsLock = new();
    private readonly Task _errorsRead;
    private long _errorBytes;
    private bool _endedWell;
    private bool _isClosed;

    public CommandOutput(Process process, string program)
    {
        _process = process;
        _program = program;
        _output = process.StandardOutput.BaseStream;
        _errorsRead = ReadErrorsAsync(process.StandardError.BaseStream);
    }

    /// <inheritdoc/>
    public override bool CanRead => !_isClosed;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    /// <exception cref="IOException">The program did not end well. Each further read says so again.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        cancellationToken.ThrowIfCancellationRequested();
        await using var stop = cancellationToken.Register(Stop);
        var read = await _output.ReadAsync(buffer, cancellationToken);
        if (read == 0 && buffer.Length > 0 && !_endedWell)
        {
            await _process.WaitForExitAsync(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            await CheckExitAsync();
            _endedWell = true;
        }

        return read;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isClosed)
        {
            _isClosed = true;
            if (!_endedWell)
            {
                Stop();
            }

            _output.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task CheckExitAsync()
    {
        if (_process.ExitCode == 0)
        {
            return;
        }

        try
        {
            await _errorsRead.WaitAsync(ErrorPatience);
        }
        catch (TimeoutException)
        {
            // What came until now will do.
        }

        var said = LastErrors();
        throw new IOException($"'{_program}' ended with exit code {_process.ExitCode}, so its output is not whole{(said.Length == 0 ? ", and said nothing." : $": {said}")}");
    }

    private void Stop()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception or AggregateException or NotSupportedException)
        {
            // It ended by itself in the meantime, or is on its way.
        }
    }

    /// <summary>Reads to the end: a program whose standard error nobody reads stands still once the pipe is full.</summary>
    private async Task ReadErrorsAsync(Stream errors)
    {
        var buffer = new byte[MostErrorBytes];
        try
        {
            for (int read; (read = await errors.ReadAsync(buffer)) > 0;)
            {
                lock (_errorsLock)
                {
                    foreach (var one in buffer.AsSpan(0, read))
                    {
                        _lastErrors[_errorBytes++ % MostErrorBytes] = one;
                    }
                }
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The process was given up.
        }
    }

    private string LastErrors()
    {
        lock (_errorsLock)
        {
            var begin = Math.Max(0, _errorBytes - MostErrorBytes);
            var last = new byte[_errorBytes - begin];
            for (var i = 0; i < last.Length; i++)
            {
                last[i] = _lastErrors[(begin + i) % MostErrorBytes];
            }

            return (begin > 0 ? "…" : "") + Encoding.UTF8.GetString(last).Trim();
        }
    }
}
