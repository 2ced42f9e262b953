namespace Maintenance.BrowserTests.Browsing;

/// <summary>The Chromium, Chrome or Edge of this machine. None is ever downloaded.</summary>
internal static class Chromium
{
    /// <summary>The setting that names the program, where it lies in none of the usual places.</summary>
    public const string Variable = "MAINTENANCE_CHROMIUM";

    /// <summary>What is said where there is none.</summary>
    public const string Missing =
        "No Chromium, Chrome or Edge was found in its usual places: install one (apt install chromium, brew install --cask chromium, winget install Google.Chrome), or name the program in MAINTENANCE_CHROMIUM.";

    /// <summary>The program, or null.</summary>
    public static string? Path { get; } = Find();

    /// <summary>True where a machine builds what will be merged: there, a missing browser fails the tests.</summary>
    public static bool IsRequired { get; } = Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>Why browser tests are left out here; null where they run.</summary>
    public static string? SkipReason { get; } = Path is null && !IsRequired ? Missing : null;

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return File.Exists(named) ? named : throw new FileNotFoundException($"{Variable} names a program that is not there.", named);
        }

        return Places().FirstOrDefault(File.Exists);
    }

    private static IEnumerable<string> Places()
    {
        if (OperatingSystem.IsWindows())
        {
            Environment.SpecialFolder[] roots = [Environment.SpecialFolder.ProgramFiles, Environment.SpecialFolder.ProgramFilesX86, Environment.SpecialFolder.LocalApplicationData];
            string[] programs = [@"Chromium\Application\chrome.exe", @"Google\Chrome\Application\chrome.exe", @"Microsoft\Edge\Application\msedge.exe"];
            return programs.SelectMany(program => roots.Select(root => System.IO.Path.Join(Environment.GetFolderPath(root), program)));
        }

        if (OperatingSystem.IsMacOS())
        {
            string[] programs = ["Chromium.app/Contents/MacOS/Chromium", "Google Chrome.app/Contents/MacOS/Google Chrome", "Microsoft Edge.app/Contents/MacOS/Microsoft Edge"];
            string[] roots = ["/Applications", System.IO.Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "Applications")];
            return programs.SelectMany(program => roots.Select(root => System.IO.Path.Join(root, program)));
        }

        string[] names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "microsoft-edge-stable"];
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Union(["/usr/bin", "/usr/local/bin", "/snap/bin"]);
        return names.SelectMany(name => folders.Select(folder => System.IO.Path.Join(folder, name)));
    }
}
