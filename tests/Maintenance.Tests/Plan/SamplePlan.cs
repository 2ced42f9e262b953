using System.Runtime.CompilerServices;
using Maintenance.Plan;

namespace Maintenance.Tests.Plan;

/// <summary>The plan that comes with the repository.</summary>
internal static class SamplePlan
{
    /// <summary>The absolute folder <c>plan</c>.</summary>
    public static string Folder { get; } = Path.GetFullPath("../../../plan", Here());

    public static string Yaml { get; } = File.ReadAllText(Path.Combine(Folder, "plan.yaml"));

    public static PlanLoad Load(string yaml) => PlanFile.Load("plan/plan.yaml", yaml, Folder);

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
