using Maintenance.Plan;

namespace Maintenance.Local.Hosting;

/// <summary>The plan from a file.</summary>
/// <param name="file">As the user named it.</param>
public sealed class PlanFileSource(string file) : IPlanSource
{
    /// <inheritdoc/>
    public async Task<PlanText> ReadAsync(CancellationToken cancellation)
    {
        var path = Path.GetFullPath(file);
        return new PlanText(file, Path.GetDirectoryName(path)!, await File.ReadAllTextAsync(path, cancellation));
    }
}
