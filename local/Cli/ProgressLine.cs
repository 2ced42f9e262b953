using Maintenance.Backups.Repository;
using Maintenance.Web.Pages;

namespace Maintenance.Local.Cli;

/// <summary>One line of a terminal that says how far an operation is. Nothing where the output is no terminal.</summary>
internal sealed class ProgressLine : IProgress<BackupProgress>, IDisposable
{
    private readonly Lock _turn = new();
    private int _width;

    private ProgressLine()
    {
    }

    /// <summary>A line, or null where nobody would see it.</summary>
    public static ProgressLine? OnTerminal(bool isJson) => isJson || Console.IsErrorRedirected ? null : new ProgressLine();

    /// <inheritdoc/>
    public void Report(BackupProgress value) => Show(Words.Of(value));

    /// <summary>Shows a line in place of the last.</summary>
    public void Show(string text)
    {
        lock (_turn)
        {
            Console.Error.Write("\r" + text.PadRight(_width));
            _width = text.Length;
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Clear()
    {
        lock (_turn)
        {
            if (_width > 0)
            {
                Console.Error.Write("\r" + new string(' ', _width) + "\r");
                _width = 0;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();
}
