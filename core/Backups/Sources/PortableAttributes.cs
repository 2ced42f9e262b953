using System.Globalization;
using Maintenance.Backups.Repository;

namespace Maintenance.Backups.Sources;

/// <summary>Gives what a restore wrote its mode and time, as .NET can: no owner, and therefore no set-user and set-group bits, which would lend the rights of another.</summary>
internal static class PortableAttributes
{
    private const int LendingBits = 0xC00;

    /// <summary>The time of an entry that has one, to 100 ns.</summary>
    public static DateTime Time(TreeEntry entry) =>
        DateTime.UnixEpoch.AddTicks((long)Math.Floor((decimal)entry.Modified!.Value / TimeSpan.NanosecondsPerTick));

    /// <summary>Gives the mode where there is one and the system has modes.</summary>
    /// <returns>What could not be given, in words; null where nothing is missing.</returns>
    public static string? GiveMode(Action<UnixFileMode> set, TreeEntry entry)
    {
        if (entry.Mode is not { } mode || OperatingSystem.IsWindows())
        {
            return null;
        }

        return Together(
            Give(() => set((UnixFileMode)(mode & 0xFFF & ~LendingBits)), "mode", isThere: true),
            (mode & LendingBits) == 0 ? null : "its set-user and set-group bits were left out, because its owner is another now");
    }

    /// <summary>Sets the mode of a path.</summary>
    public static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    /// <summary>Sets something that not every file system has.</summary>
    /// <returns>What could not be given, in words; null where nothing is missing.</returns>
    public static string? Give(Action set, string what, bool isThere)
    {
        try
        {
            if (isThere)
            {
                set();
            }

            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The contents are there: that something of the rest is not is the caller's to say.
            return string.Create(CultureInfo.InvariantCulture, $"its {what} could not be set ({error.Message})");
        }
    }

    /// <summary>Several such findings as one.</summary>
    public static string? Together(params ReadOnlySpan<string?> missing)
    {
        string? all = null;
        foreach (var each in missing)
        {
            all = all is null ? each : each is null ? all : $"{all}; {each}";
        }

        return all;
    }
}
