using System.Globalization;
using System.Text;
using Maintenance.Notifications;

namespace Maintenance.Assets.Vulnerabilities;

/// <summary>A finding as a ticket tells it.</summary>
internal static class FindingText
{
    /// <summary>The text. What strangers wrote of it stands last and bears no link of ours.</summary>
    public static string Of(Finding finding)
    {
        var seen = finding.Seen;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{seen.Name} {string.Join(", ", seen.Versions)} has a known vulnerability: {string.Join(", ", seen.Names)}.\n");
        text.Append(CultureInfo.InvariantCulture, $"Severity: {FindingRules.Word(seen.Severity)}{(seen.Score is { } score ? $", {score.ToString("0.0", CultureInfo.InvariantCulture)}" : "")} ({seen.RatedBy}).\n");
        if (finding.DueOn is { } due)
        {
            text.Append(CultureInfo.InvariantCulture, $"To be gone by {due}, {(finding.DueBy == RemediationBasis.KnownExploited ? "as CISA asks" : "by the plan's policy")}.\n");
        }

        if (seen.IsExploited)
        {
            text.Append(CultureInfo.InvariantCulture, $"It is exploited{(seen.IsUsedByRansomware ? ", by ransomware too" : "")}. {seen.RequiredAction}\n");
        }

        text.Append(seen.FixedIn.Count > 0 ? $"Fixed in {string.Join(", ", seen.FixedIn)}.\n" : "No fixed version is known.\n");
        text.Append(CultureInfo.InvariantCulture, $"It is closed by itself once the inventory has a version that is not affected. To accept it for a time: /vulnerabilities/{finding.Id}\n");
        if (seen.Summary.Length > 0)
        {
            text.Append('\n').Append(seen.Summary).Append('\n');
        }

        foreach (var reference in seen.References)
        {
            text.Append(reference).Append('\n');
        }

        return Notification.Unmarked(text.ToString().Trim());
    }
}
