using System.Net;
using System.Text;
using Maintenance.Reports;

namespace Maintenance.Tests.EndToEnd;

/// <summary>Reports by month, by real processes: routes, pages, CSV and commands.</summary>
[Collection("End to end: surface")]
public sealed class OperationsReportTests
{
    private static readonly string[] Reports = ["overview", "availability", "backups", "drills", "workload"];

    [Fact]
    public async Task An_outage_a_backup_and_their_tickets_are_in_the_reports_and_what_is_not_known_is_a_dash()
    {
        await using var here = new Installation(new QuickPlan { Backups = [("files", "files", QuickPlan.Yearly)], More = "teams: [{ id: desk, name: The desk, lead: kim, members: [sam] }]\n" }.Yaml);
        File.WriteAllText(Path.Join(here.Folder("files"), "a.txt"), "a");
        await using var server = await here.ServeAsync();
        var api = server.Operator;
        var before = (await api.GetAsync("/reports/availability?from=2020-01&to=2020-03")).Expect(HttpStatusCode.OK).Body;
        Assert.Matches(">(&#x2013;|–)<", before);
        Assert.DoesNotContain("100.0 %", before, StringComparison.Ordinal);

        (await api.PostAsync("/api/tickets", new { title = "=Down", description = "Nothing works", type = "incident", service = "register", impact = "all", urgency = "now" })).Expect(HttpStatusCode.Created);
        await Eventually.HoldsAsync(async () => (await api.GetAsync("/api/reports/service-levels")).As<TicketReport>(), static report => report.Total.Opened == 1);
        await Eventually.HoldsAsync(async () => (await api.GetAsync("/api/reports/backups")).As<BackupReport>(), static report => OperatingSystem.IsWindows() || report.Overall.Total.Proven == 1);
        var availability = await Eventually.HoldsAsync(async () => (await api.GetAsync("/api/reports/availability")).As<AvailabilityReport>(), static report => report.Overall.Total.Outages == 1);

        // The only ticket there is opened with the outage: nothing but it is known.
        Assert.Equal(0d, availability.Lines[0].Total.Share!.Value, 3);
        Assert.Null(availability.Lines[0].Months[0].Share);
        var overview = (await api.GetAsync("/api/reports/overview")).As<OperationsReport>();
        Assert.Equal((6, 1, 1), (overview.Months.Count, overview.Total.Opened, overview.Total.Backlog));

        using var kim = server.As(await here.TokenAsync("kim"));
        foreach (var report in Reports)
        {
            var page = (await api.GetAsync(report == "overview" ? "/reports" : "/reports/" + report)).Expect(HttpStatusCode.OK);
            Assert.InRange(Encoding.UTF8.GetByteCount(page.Body), 1000, 100_000);
            Assert.Contains($"href=\"/api/reports/{report}.csv?from=", page.Body, StringComparison.Ordinal);
            var csv = (await api.GetAsync($"/api/reports/{report}.csv")).Expect(HttpStatusCode.OK);
            Assert.Equal("text/csv", csv.Type);
            Assert.Equal($"attachment; filename=\"{report}.csv\"", csv.Headers["Content-Disposition"]);
            Assert.DoesNotContain(csv.Body.Split("\r\n"), static line => line.Split(',').Any(static cell => cell.StartsWith('=')));
            foreach (var query in new[] { "from=x", "from=2026-05&to=2026-04", "from=2000-01&to=2026-01", "to=9999-12", "from=%00" })
            {
                (await api.GetAsync($"/api/reports/{report}?{query}")).Expect(HttpStatusCode.UnprocessableEntity);
                (await api.GetAsync($"/api/reports/{report}.csv?{query}")).Expect(HttpStatusCode.UnprocessableEntity);
                Assert.Contains("role=\"alert\"", (await api.GetAsync($"/reports{(report == "overview" ? "" : "/" + report)}?{query}")).Expect(HttpStatusCode.UnprocessableEntity).Body, StringComparison.Ordinal);
            }

            Assert.NotEqual("", (await here.RunAsync(0, "report", report)).Output);
            _ = await here.RunAsync(2, "report", report, "--from", "x");
        }

        // Kim leads Sam, and sees his figures; the operator sees nobody's.
        Assert.Empty((await api.GetAsync("/api/reports/workload")).As<WorkloadReport>().People);
        Assert.All((await kim.GetAsync("/api/reports/workload")).As<WorkloadReport>().People, static person => Assert.Equal("sam", person.Id));
        Assert.StartsWith("month,responseInTime", (await here.RunAsync(0, "report", "overview", "--csv", here.PathOf("o.csv")) is { Output: "" } ? File.ReadAllText(here.PathOf("o.csv"), new UTF8Encoding(false)) : ""), StringComparison.Ordinal);
        Assert.Equal(6, (await here.RunAsync(0, "report", "overview", "--json")).As<OperationsReport>().Months.Count);
        Assert.Contains("opened,resolved,responseMet", (await api.GetAsync("/api/reports/service-levels.csv?by=priority")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
    }
}
