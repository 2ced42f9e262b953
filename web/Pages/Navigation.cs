namespace Maintenance.Web.Pages;

/// <summary>A page that the frame leads to.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Title">Its name there.</param>
/// <param name="Role">Who is led there; null for everybody in the plan.</param>
public sealed record NavigationPage(string Path, string Title, string? Role = null);

/// <summary>What the frame of staff's pages leads to: areas along the top, and the pages of the area that one is in.</summary>
public static class Navigation
{
    /// <summary>The areas, each with its pages, its own first. So few that they stand in one line of a window of 1200 pixels.</summary>
    public static IReadOnlyList<(string Title, IReadOnlyList<NavigationPage> Pages)> Areas { get; } =
    [
        ("Overview", [new("/", "Overview")]),
        ("Tickets", [new("/tickets", "Tickets"), new("/knowledge", "Knowledge"), new("/documents", "Documents")]),
        ("Duties", [new("/duties", "Duties"), new("/training", "Training"), new("/supplies", "Supplies"), new("/resources", "Hours and absences"), new("/resources/hours", "Booked hours"), new("/handover", "Handover")]),
        ("Monitoring", [new("/monitoring", "Monitoring")]),
        ("Backups", [new("/backups", "Policies"), new("/repository", "Repository")]),
        ("Recovery", [new("/recovery", "Recovery")]),
        ("Software", [new("/patches", "Patches"), new("/assets", "Components"), new("/vulnerabilities", "Vulnerabilities"), new("/debt", "Technical debt")]),
        ("Plan", [new("/plan", "Plan"), new("/plan/on-duty", "On duty"), new("/plan/calendar", "Calendar"), new("/plan/coverage", "Coverage"), new("/windows", "Maintenance windows")]),
        ("Reports", [new("/reports", "Overview"), new("/reports/service-levels", "Service levels"), new("/reports/availability", "Availability"), new("/reports/backups", "Backups"), new("/reports/drills", "Drills"), new("/reports/workload", "Workload"), new("/reports/staff", "Staff"), new("/reports/duties", "Duties"), new("/feedback/satisfaction", "Satisfaction")]),
    ];

    /// <summary>What concerns the person or the system as a whole; led to from beside the person's name.</summary>
    public static IReadOnlyList<NavigationPage> Own { get; } = [new("/me", "You"), new("/notifications", "Notifications", Roles.Support), new("/audit", "Audit log", Roles.Administrator), new("/security", "Security signals", Roles.Administrator)];

    /// <summary>The pages beside this one; empty where it stands alone.</summary>
    public static IReadOnlyList<NavigationPage> Beside(string? path) =>
        Areas.Select(static area => area.Pages).Append(Own).FirstOrDefault(pages => pages.Any(page => page.Path == path)) is { Count: > 1 } pages ? pages : [];
}
