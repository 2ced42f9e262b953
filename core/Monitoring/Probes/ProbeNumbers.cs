using System.Globalization;

namespace Maintenance.Monitoring.Probes;

/// <summary>Whether a number lies within its bounds. Pure.</summary>
public static class ProbeNumbers
{
    /// <summary>What is wrong with a query's value; null where nothing is.</summary>
    public static string? Judge(ProbeTarget.Query target, string? value)
    {
        ArgumentNullException.ThrowIfNull(target);
        return !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || double.IsNaN(number) ? $"it gave '{value}', which is no number"
            : number < target.Min ? string.Create(CultureInfo.InvariantCulture, $"it gave {value}, less than {target.Min}")
            : number > target.Max ? string.Create(CultureInfo.InvariantCulture, $"it gave {value}, more than {target.Max}")
            : null;
    }
}
