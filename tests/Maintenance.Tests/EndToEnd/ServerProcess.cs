using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Maintenance.Tests.EndToEnd;

/// <summary>A started <c>serve</c>.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private const int Terminate = 15;

    private readonly Installation _installation;
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _log = new();
    private readonly TaskCompletionSource _serving = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Api? _operator;
    private bool _isDisposed;

    public ServerProcess(Installation installation, ProcessStartInfo start)
    {
        _installation = installation;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        _process.Exited += (_, _) => _serving.TrySetResult();
        _ = _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>The link of the first start.</summary>
    public Uri? SignInLink { get; private set; }

    public string Output => string.Join('\n', _output);

    public string Log => string.Join('\n', _log);

    public bool HasExited => _process.HasExited;

    /// <summary>The API as the machine's operator.</summary>
    public Api Operator => _operator ??= new Api(Address, _installation.OperatorToken);

    public async Task WaitUntilServingAsync()
    {
        try
        {
            await _serving.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }
        catch (TimeoutException)
        {
            Assert.Fail($"serve does not serve within 60 s:\n{Output}\n{Log}");
        }

        Assert.False(_process.HasExited, $"serve ended with {(_process.HasExited ? _process.ExitCode : 0)}:\n{Output}\n{Log}");
    }

    /// <summary>The API as a person; an issued token, say.</summary>
    public Api As(string? token) => new(Address, token);

    /// <summary>Ends the process as a power cut does.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.EndsAsync();
    }

    /// <summary>Asks the process to end, as a service manager does.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        _ = Signal(_process.Id, Terminate);
        await _process.EndsAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await KillAsync();
        _operator?.Dispose();
        _process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is ["Overview", var address])
        {
            Address = new Uri(address);
        }
        else if (words is ["Sign", "in", var link] && Uri.TryCreate(link, UriKind.Absolute, out var found))
        {
            SignInLink = found;
        }
        else if (line.StartsWith("Ctrl-C", StringComparison.Ordinal))
        {
            _serving.TrySetResult();
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}
