using Maintenance.BrowserTests.Browsing;

namespace Maintenance.BrowserTests.Screenshots;

/// <summary>A picture of a page, for the README and the documents.</summary>
/// <param name="File">Its name, without <c>.png</c>.</param>
/// <param name="Person">Who looks; null for the public.</param>
/// <param name="Address">What they look at; <see cref="SampleOffice.UrgentTicket"/> in it stands for the number of that ticket.</param>
/// <param name="Look">How.</param>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
internal sealed record Picture(string File, string? Person, string Address, Look Look)
{
    private static readonly Look Desk = new() { TimeZone = SampleOffice.TimeZone };

    private static readonly Look Dark = Desk with { IsDark = true };

    private static readonly Look Phone = Look.Phone with { TimeZone = SampleOffice.TimeZone, Height = 780, Width = 390 };

    private const string Lead = "amina-odera";

    private const string Support = "faith-nambiro";

    /// <summary>All pictures. The ids of patches and recoveries are those of <see cref="SampleOffice"/>.</summary>
    public static IReadOnlyList<Picture> All { get; } =
    [
        new("overview", Lead, "/", Desk),
        new("overview-dark", Lead, "/", Dark),
        new("tickets", Support, "/tickets", Desk),
        new("ticket", Support, "/tickets/" + SampleOffice.UrgentTicket, Desk),
        new("backups", Lead, "/backups", Desk),
        new("backup", Lead, "/backups/register", Desk),
        new("recovery", Lead, "/recovery/" + SampleOffice.OpenRecovery, Desk),
        new("drill-report", Lead, $"/recovery/{SampleOffice.FinishedDrill}/report", Desk),
        new("patch", "grace-mbeli", "/patches/" + SampleOffice.Patch, Desk),
        new("calendar", Lead, "/plan/calendar", Desk),
        new("on-duty", Lead, "/plan/on-duty", Desk),
        new("reports", Lead, "/reports", Desk),
        new("feedback-phone", null, "/feedback", Phone),
    ];
}
