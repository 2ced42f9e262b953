using System.Runtime.CompilerServices;

namespace MaintenanceFunctions.Tests.App;

/// <summary>The files of the repository.</summary>
internal static class Repository
{
    private static readonly string Root = Path.GetFullPath("../../..", Path.GetDirectoryName(Here())!);

    public static string Locate(string relative) => Path.Join(Root, relative);

    public static string Read(string relative) => File.ReadAllText(Locate(relative));

    private static string Here([CallerFilePath] string file = "") => file;
}
