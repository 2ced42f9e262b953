namespace Maintenance.Assets.Vulnerabilities;

/// <summary>What a file of advisories held.</summary>
/// <param name="Advisories">Those that could be read, in the file's order.</param>
/// <param name="Problems">What could not.</param>
public sealed record OsvReading(IReadOnlyList<Advisory> Advisories, IReadOnlyList<ReadingProblem> Problems);
