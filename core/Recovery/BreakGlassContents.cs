using Maintenance.Backups;
using Maintenance.Plan;

namespace Maintenance.Recovery;

/// <summary>All that a break-glass book is written from. Nothing of it is secret but the people's numbers.</summary>
/// <param name="Plan">The plan that runs.</param>
/// <param name="PlanText">Its text.</param>
/// <param name="PlanFolder">The folder that its relative paths are read from.</param>
/// <param name="Name">The name of the object that the book is stored as.</param>
/// <param name="At">When it is written (UTC).</param>
/// <param name="Repository">What tells the repository from every other.</param>
/// <param name="Places">Where the host keeps things.</param>
/// <param name="Program">What restores.</param>
public sealed record BreakGlassContents(
    OperationsPlan Plan, string PlanText, string PlanFolder, string Name, DateTimeOffset At, string Repository, BreakGlassPlaces Places, BreakGlassProgram Program)
{
    /// <summary>The newest proven snapshots of each policy of the plan, newest first.</summary>
    public IReadOnlyList<BreakGlassSnapshot> Snapshots { get; init; } = [];

    /// <summary>The wrapped keys.</summary>
    public IReadOnlyList<RepositoryKeyLine> Keys { get; init; } = [];

    /// <summary>The texts of the files that the plan includes, by path as it names them: without them it is not the same plan, and does not load.</summary>
    public IReadOnlyDictionary<string, string> PlanFiles { get; init; } = new Dictionary<string, string>();

    /// <summary>The procedures that strategies name, as the plan names them.</summary>
    public IReadOnlyList<BreakGlassProcedure> Procedures { get; init; } = [];
}

/// <summary>Where a host keeps what the book speaks of.</summary>
/// <param name="Store">The object store with the repository: an absolute folder, or the URI of a Blob container.</param>
/// <param name="Secret">Where the host reads what opens the repository, in words: a file, a variable, a vault's key. Never the secret itself.</param>
public sealed record BreakGlassPlaces(string Store, string Secret);

/// <summary>The program that restores.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Runtime">The major and minor version of the .NET runtime that it needs: <c>10.0</c>.</param>
/// <param name="Archive">The name of the object that has it; null where the host has none to give.</param>
public sealed record BreakGlassProgram(string Version, string Runtime, string? Archive);

/// <summary>A proven snapshot.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Policy">The id of its policy.</param>
/// <param name="RecoveryPoint">The instant that it brings back (UTC).</param>
/// <param name="Files">How many files it has.</param>
/// <param name="Bytes">How many bytes they have.</param>
/// <param name="Copies">The ids of the copies that have it.</param>
public sealed record BreakGlassSnapshot(string Id, string Policy, DateTimeOffset RecoveryPoint, long Files, long Bytes, IReadOnlyList<string> Copies);

/// <summary>A procedure that a step of a strategy names.</summary>
/// <param name="File">As the plan names it.</param>
/// <param name="Text">Its text; null where it could not be read.</param>
public sealed record BreakGlassProcedure(string File, string? Text);
