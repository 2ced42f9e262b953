namespace Maintenance.Tests.Storage;

/// <summary>A folder of a test's own, gone with the test.</summary>
public sealed class ScratchFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("maintenance-test-").FullName;

    public string PathOf(string name) => Path.Combine(Root, name);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
