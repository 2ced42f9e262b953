namespace Maintenance.Knowledge;

/// <summary>What is said of a line that two texts have or have not.</summary>
public enum LineChange
{
    /// <summary>Both have it.</summary>
    Same,

    /// <summary>Only the old one has it.</summary>
    Removed,

    /// <summary>Only the new one has it.</summary>
    Added,
}

/// <summary>A line of two texts.</summary>
/// <param name="Change">Which of them has it.</param>
/// <param name="Text">The line.</param>
public sealed record LineDifference(LineChange Change, string Text);

/// <summary>Compares texts line by line. Pure.</summary>
public static class TextDifferences
{
    /// <summary>More lines than this are not compared with one another one by one: they are removed and added as a whole.</summary>
    public const int MostLines = 2000;

    /// <summary>The lines of both, in order: as few removed and added as can be (a longest common subsequence), what is removed before what is added.</summary>
    public static IReadOnlyList<LineDifference> Between(string before, string after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var (old, next) = (Lines(before), Lines(after));
        var head = 0;
        while (head < old.Length && head < next.Length && old[head] == next[head])
        {
            head++;
        }

        var tail = 0;
        while (tail < old.Length - head && tail < next.Length - head && old[^(tail + 1)] == next[^(tail + 1)])
        {
            tail++;
        }

        return
        [
            .. old[..head].Select(static line => new LineDifference(LineChange.Same, line)),
            .. Middle(old[head..^tail], next[head..^tail]),
            .. old[^tail..].Select(static line => new LineDifference(LineChange.Same, line)),
        ];
    }

    private static IEnumerable<LineDifference> Middle(string[] old, string[] next)
    {
        if (old.Length > MostLines || next.Length > MostLines)
        {
            return [.. old.Select(static line => new LineDifference(LineChange.Removed, line)), .. next.Select(static line => new LineDifference(LineChange.Added, line))];
        }

        // How long the longest common subsequence is from each pair of places on.
        var longest = new int[old.Length + 1, next.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
        {
            for (var j = next.Length - 1; j >= 0; j--)
            {
                longest[i, j] = old[i] == next[j] ? longest[i + 1, j + 1] + 1 : Math.Max(longest[i + 1, j], longest[i, j + 1]);
            }
        }

        var lines = new List<LineDifference>();
        for (var (i, j) = (0, 0); i < old.Length || j < next.Length;)
        {
            if (i < old.Length && j < next.Length && old[i] == next[j])
            {
                lines.Add(new(LineChange.Same, old[i]));
                (i, j) = (i + 1, j + 1);
            }
            else if (i < old.Length && (j == next.Length || longest[i + 1, j] >= longest[i, j + 1]))
            {
                lines.Add(new(LineChange.Removed, old[i++]));
            }
            else
            {
                lines.Add(new(LineChange.Added, next[j++]));
            }
        }

        return lines;
    }

    private static string[] Lines(string text) => text.Length == 0 ? [] : text.ReplaceLineEndings("\n").Split('\n');
}
