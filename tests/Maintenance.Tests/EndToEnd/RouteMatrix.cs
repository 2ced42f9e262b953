namespace Maintenance.Tests.EndToEnd;

/// <summary>The table of route-matrix.txt, read: what each kind of person is answered on each route.</summary>
internal sealed record RouteMatrix(IReadOnlyList<string> Roles, IReadOnlyList<RouteMatrixRow> Rows)
{
    public static RouteMatrix Read()
    {
        using var stream = typeof(RouteMatrix).Assembly.GetManifestResourceStream("route-matrix.txt")!;
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n')
            .Select(static line => line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Where(static cells => cells.Length > 0)
            .ToList();
        Assert.All(lines, line => Assert.True(line.Length == lines[0].Length, $"A line has {line.Length} cells, not {lines[0].Length}: {string.Join(' ', line)}"));
        return new RouteMatrix(lines[0][1..], [.. lines.Skip(1).Select(static cells => new RouteMatrixRow(cells[0], cells[1..]))]);
    }
}

/// <summary>A route by its name, and the answers in the order of the roles.</summary>
internal sealed record RouteMatrixRow(string Route, IReadOnlyList<string> Answers)
{
    /// <summary>The row as a line of the table.</summary>
    public override string ToString() => $"{Route,-26}" + string.Concat(Answers.Select(static answer => $" {answer,-13}")).TrimEnd();
}
