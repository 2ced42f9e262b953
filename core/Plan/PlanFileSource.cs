namespace Maintenance.Plan;

/// <summary>The plan from a file: beside the host, or on a mounted share.</summary>
/// <param name="file">Its path, as problems name it.</param>
public sealed class PlanFileSource(string file) : IPlanSource
{
    /// <inheritdoc/>
    public async Task<PlanText> ReadAsync(CancellationToken cancellation)
    {
        var path = Path.GetFullPath(file);
        return new PlanText(file, Path.GetDirectoryName(path)!, await File.ReadAllTextAsync(path, cancellation));
    }
}
