namespace Maintenance.Assets.Components;

/// <summary>A part that a file lists.</summary>
/// <param name="Name">Its name, with its group in front where it has one.</param>
/// <param name="Version">Its version, or null where the file says none.</param>
/// <param name="Package">Its package URL, or null.</param>
public sealed record InventoryEntry(string Name, string? Version, string? Package)
{
    /// <summary>The newest version that the file knows of, or null.</summary>
    public string? Latest { get; init; }

    /// <summary>True where something else brought it in.</summary>
    public bool IsTransitive { get; init; }
}

/// <summary>What a file lists, or why it cannot be used.</summary>
/// <param name="Entries">The parts, each once, in the order of the file.</param>
/// <param name="Problem">What is wrong, with the place; null where nothing is.</param>
public sealed record InventoryReading(IReadOnlyList<InventoryEntry> Entries, string? Problem)
{
    /// <summary>So many parts at most are taken from one file.</summary>
    public const int Most = 20_000;

    /// <summary>So large a file may be.</summary>
    public const int MaxBytes = 32 * 1024 * 1024;

    internal const int MostName = 300;
    internal const int MostVersion = 200;
    internal const int MostPackage = 600;

    internal static InventoryReading Failed(string problem) => new([], problem);
}
