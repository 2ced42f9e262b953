using System.Globalization;
using Maintenance.Time;

namespace Maintenance.Web.Pages;

/// <summary>Figures of reports in words: what is not known is a dash, never a number.</summary>
public static class Figures
{
    /// <summary>A share, with so many digits after the point that only what is whole reads 100 %.</summary>
    public static string Share(double? share) => share is { } known ? Share(known) : "–";

    /// <summary>A share.</summary>
    public static string Share(double share)
    {
        // Cut, not rounded: 99.996 % is not 100 %.
        var percent = Math.Floor(Math.Round(100_000 * share, 6)) / 1000;
        return percent.ToString(percent is >= 99 and < 100 ? "0.00#" : "0.0", CultureInfo.InvariantCulture) + " %";
    }

    /// <summary>A count.</summary>
    public static string Count(double count) => count.ToString("0.###", CultureInfo.InvariantCulture);

    /// <summary>A time, in two units.</summary>
    public static string Time(TimeSpan time) => time > TimeSpan.Zero ? Durations.Rough(time) : "0";

    /// <summary>A sum in one word: <c>3 of 4</c>; a dash for none of none.</summary>
    public static string Of(int part, int whole) => whole == 0 ? "–" : $"{part} of {whole}";
}
