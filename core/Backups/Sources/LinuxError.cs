using System.Runtime.InteropServices;

namespace Maintenance.Backups.Sources;

/// <summary>The error numbers of Linux that mean something here, and what they are as exceptions.</summary>
internal static class LinuxError
{
    public const int NotPermitted = 1;
    public const int NotThere = 2;
    public const int Interrupted = 4;
    public const int WouldWait = 11;
    public const int AccessDenied = 13;
    public const int Exists = 17;
    public const int NotAFolder = 20;
    public const int Invalid = 22;
    public const int NotImplemented = 38;
    public const int ThroughALink = 40;

    /// <summary>Why the last call of this thread failed.</summary>
    public static int Last => Marshal.GetLastPInvokeError();

    /// <summary>As the system says it: <c>Permission denied</c>.</summary>
    public static string Text(int error) => Marshal.GetPInvokeErrorMessage(error);

    /// <summary>The exception of a call that failed.</summary>
    /// <param name="what">What could not be done, as a sentence without its stop.</param>
    /// <param name="error">Why, of <see cref="Last"/>.</param>
    public static Exception Of(string what, int error) => error switch
    {
        NotPermitted or AccessDenied => new UnauthorizedAccessException($"{what}: {Text(error)}"),
        NotThere => new FileNotFoundException($"{what}: {Text(error)}"),
        _ => new IOException($"{what}: {Text(error)}"),
    };
}
