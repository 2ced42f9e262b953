using System.Globalization;
using System.Xml;

namespace Maintenance.Plan;

/// <summary>Takes the logo into the plan, and checks what it and the colour must be.</summary>
internal static class BrandFiles
{
    private const string Svg = "http://www.w3.org/2000/svg";

    /// <summary>The plan with its logo; what cannot be read is reported where it is named.</summary>
    public static OperationsPlan Include(OperationsPlan plan, PlanIncludes includes, PlanReading reading)
    {
        if (plan.System.Brand.LogoFile is not { } file || !reading.IsSound("system"))
        {
            return plan;
        }

        if ((includes.Read(file, Brand.MostLogo, out var problem) is { } text ? WhyNot(text) : problem) is { } wrong)
        {
            reading.Report(PlanProblemSeverity.Error, "system.brand.logo", $"{file}: {wrong}", "Put an SVG drawing there, as a drawing program exports it, or take this line out.");
            return plan;
        }

        return plan with { System = plan.System with { Brand = plan.System.Brand with { Logo = includes.Texts[file] } } };
    }

    /// <summary>White must be readable on the colour.</summary>
    public static void Colours(OperationsPlan plan, PlanReading reading)
    {
        if (plan.System.Brand.Colour is { } colour && Brand.ContrastOfWhite(colour) is var contrast && contrast < Brand.LeastContrast)
        {
            reading.Report(
                PlanProblemSeverity.Error, "system.brand.colour", string.Create(CultureInfo.InvariantCulture, $"white on {colour} has a contrast of {contrast:0.0}, which many cannot read."),
                $"Choose a darker one, with a contrast of 4.5 at least (WCAG 2.2): \"{Brand.Readable(colour)}\" is the nearest shade.");
        }
    }

    /// <summary>Why a text is no drawing; null where it is one. Browsers run no script of a picture, but whoever opens it alone might.</summary>
    private static string? WhyNot(string text)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = Brand.MostLogo });
            var isFirst = true;
            while (reader.Read())
            {
                if (reader.NodeType != XmlNodeType.Element)
                {
                    continue;
                }

                if (isFirst && (reader.LocalName != "svg" || reader.NamespaceURI != Svg))
                {
                    return $"it is not an SVG drawing: its first element is <{reader.Name}>.";
                }

                if (reader.LocalName is "script" or "foreignObject")
                {
                    return $"it has an element <{reader.Name}>, which no logo needs.";
                }

                isFirst = false;
            }

            return null;
        }
        catch (XmlException error)
        {
            return $"it is not an SVG drawing: {error.Message}";
        }
    }
}
