namespace Maintenance.Assets.Vulnerabilities;

/// <summary>Something in a file that could not be used.</summary>
/// <param name="File">The file's name, as the caller gave it.</param>
/// <param name="Place">Where in it: a line, an entry's number or id, a path such as <c>affected[0].ranges[1].events[2]</c>.</param>
/// <param name="What">What is wrong, and what was done about it, in words.</param>
/// <param name="IsLeftOut">True where a whole entry, or the whole file, is left out because of it; false where the entry is used without the part.</param>
public sealed record ReadingProblem(string File, string Place, string What, bool IsLeftOut)
{
    /// <summary>In one line.</summary>
    public override string ToString() => $"{File}, {Place}: {What}";
}
