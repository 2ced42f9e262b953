using System.Globalization;

namespace Maintenance.Plan;

/// <summary>How the pages look.</summary>
/// <param name="Colour">Behind the white name at the top and of the main buttons: <c>#14532d</c>; null for the system's own.</param>
/// <param name="LogoFile">The SVG file of the logo, relative to the plan's folder; null for none.</param>
public sealed record Brand(string? Colour, string? LogoFile)
{
    /// <summary>The system's own looks.</summary>
    public static Brand None { get; } = new(null, null);

    /// <summary>The most bytes of a logo.</summary>
    public const int MostLogo = 64 * 1024;

    /// <summary>The least contrast of text with what is behind it (WCAG 2.2, success criterion 1.4.3).</summary>
    public const double LeastContrast = 4.5;

    /// <summary>The SVG text of the logo; null for none.</summary>
    public string? Logo { get; init; }

    /// <summary>How well white can be read on a colour: from 1 (white itself) to 21 (black), by the formula of WCAG 2.2 (relative luminance and contrast ratio).</summary>
    /// <param name="colour">As <c>#14532d</c>.</param>
    public static double ContrastOfWhite(string colour) => 1.05 / (Luminance(colour) + 0.05);

    /// <summary>The lightest shade of a colour on which white can be read.</summary>
    public static string Readable(string colour)
    {
        for (var share = 100; share > 0; share--)
        {
            var shade = "#" + string.Concat(Channels(colour).Select(channel => (channel * share / 100).ToString("x2", CultureInfo.InvariantCulture)));
            if (ContrastOfWhite(shade) >= LeastContrast)
            {
                return shade;
            }
        }

        return "#000000";
    }

    private static double Luminance(string colour) =>
        Channels(colour).Zip([0.2126, 0.7152, 0.0722]).Sum(static one => one.Second * ((double)one.First / 255) switch { <= 0.04045 and var low => low / 12.92, var high => Math.Pow((high + 0.055) / 1.055, 2.4) });

    private static IEnumerable<int> Channels(string colour)
    {
        ArgumentNullException.ThrowIfNull(colour);
        return Enumerable.Range(0, 3).Select(channel => int.Parse(colour.AsSpan(1 + (2 * channel), 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
