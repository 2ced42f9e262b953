using Maintenance.Assets;
using Maintenance.Assets.Components;
using Maintenance.Assets.Vulnerabilities;
using NodaTime;

namespace Maintenance.Web.Pages;

/// <summary>What pages say of components.</summary>
internal static class ComponentWords
{
    /// <summary>Until when it is supported, with what is left where that is little.</summary>
    public static string Support(AssetLine line, LocalDate today) =>
        line.EndDate is not { } end ? line.HasEnded switch { true => "over", false => "no end is set", _ => "–" }
            : Period.DaysBetween(today, end) is var left && (left < 0 || line.HasEnded == true) ? $"{line.SupportEnds}, over"
            : left == 0 ? $"{line.SupportEnds}, today" : left <= 365 ? $"{line.SupportEnds}, {left} {(left == 1 ? "day" : "days")}"
            : line.SupportEnds!;

    /// <summary>What a source says, in a few words.</summary>
    public static string Of(AssetInputKind kind, int count) => kind switch
    {
        AssetInputKind.Bom => $"{count} parts",
        AssetInputKind.Packages => $"{count} packages",
        AssetInputKind.EndOfLife => $"{count} cycles",
        AssetInputKind.Advisories => $"{count} {(count == 1 ? "advisory" : "advisories")}",
        _ => $"{count} exploited",
    };

    /// <summary>A severity with its score.</summary>
    public static string Severity(Sighting seen) => seen.Score is { } score ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{FindingRules.Word(seen.Severity)} {score:0.0}") : FindingRules.Word(seen.Severity);

    /// <summary>How a severity looks.</summary>
    public static string Class(Sighting seen) => seen.Severity is Assets.Vulnerabilities.Severity.Critical or Assets.Vulnerabilities.Severity.High ? "bad" : "";
}
