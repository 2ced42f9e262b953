using System.Text;
using Maintenance.Plan;

namespace Maintenance.Web.Http;

/// <summary>What the plan says of how the pages look, as files that they ask for: no page may hold a style of its own.</summary>
public static class BrandAssets
{
    /// <summary>The style sheet of the plan's colour.</summary>
    public const string Style = "brand.css";

    /// <summary>The plan's logo.</summary>
    public const string Logo = "logo.svg";

    /// <summary>The file of this name; null where the plan has none.</summary>
    public static Asset? Find(OperationsPlan? plan, string name) => name switch
    {
        Style when plan?.System.Brand.Colour is { } colour => Asset.Of("text/css; charset=utf-8", Encoding.UTF8.GetBytes($":root {{ --top: {colour}; --accent: {colour}; }}\n")),
        Logo when plan?.System.Brand.Logo is { } logo => Asset.Of(SiteAssets.Svg, Encoding.UTF8.GetBytes(logo)),
        _ => null,
    };

    /// <summary>Where pages find a file: its path with its version; null where the plan has none.</summary>
    public static string? PathOf(OperationsPlan? plan, string name) => Find(plan, name) is { } asset ? $"/assets/{name}?v={asset.Version}" : null;
}
