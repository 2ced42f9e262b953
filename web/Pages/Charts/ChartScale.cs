namespace Maintenance.Web.Pages.Charts;

/// <summary>One line or one row of bars of a chart.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Values">A value for each label; null where there is none.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<double?> Values);

/// <summary>The axis of a chart: from nought (or from where nothing lies below) to a round number that no value passes.</summary>
/// <param name="From">Its lower end.</param>
/// <param name="To">Its upper end; always above <paramref name="From"/>.</param>
/// <param name="Step">From one line of the grid to the next.</param>
public sealed record ChartScale(double From, double To, double Step)
{
    /// <summary>The scale that holds these values, with three to six lines.</summary>
    /// <param name="values">The values; none make a scale from 0 to 1.</param>
    /// <param name="most">What the axis never passes, such as 1 for shares; null where there is no such bound.</param>
    /// <param name="isBinary">True for bytes, whose round numbers are powers of two.</param>
    public static ChartScale Of(IEnumerable<double> values, double? most = null, bool isBinary = false)
    {
        ArgumentNullException.ThrowIfNull(values);
        var finite = values.Where(double.IsFinite).DefaultIfEmpty(0).ToList();
        var (low, high) = (Math.Min(0, finite.Min()), Math.Max(0, finite.Max()));
        if (most is { } bound)
        {
            high = Math.Max(high, bound);
        }

        if (high - low <= 0)
        {
            high = low + 1;
        }

        var step = isBinary ? BinaryStep((high - low) / 4) : Step10((high - low) / 4);
        return new(Math.Floor(low / step) * step, Math.Ceiling((high / step) - 1e-9) * step, step);
    }

    /// <summary>The lines of the grid, from below.</summary>
    public IReadOnlyList<double> Lines => [.. Enumerable.Range(0, (int)Math.Round((To - From) / Step) + 1).Select(line => From + (line * Step))];

    /// <summary>How far up a value is: 0 at the lower end, 1 at the upper one.</summary>
    public double Share(double value) => (value - From) / (To - From);

    private static double Step10(double rough)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return power * (rough / power) switch { <= 1 => 1, <= 2 => 2, <= 2.5 => 2.5, <= 5 => 5, _ => 10 };
    }

    private static double BinaryStep(double rough) => Math.Pow(2, Math.Ceiling(Math.Log2(rough)));
}
