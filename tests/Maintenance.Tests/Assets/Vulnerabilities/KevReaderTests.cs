using System.Text;
using Maintenance.Assets.Vulnerabilities;

namespace Maintenance.Tests.Assets.Vulnerabilities;

/// <summary>The catalogue of known exploited vulnerabilities, in the shape that CISA publishes.</summary>
public sealed class KevReaderTests
{
    [Fact]
    public void Entries_are_read_with_their_dates_and_the_ransomware_flag()
    {
        var reading = Read("""
            {"title":"CISA Catalog of Known Exploited Vulnerabilities","catalogVersion":"2026.11.20","dateReleased":"2026-11-20T15:00:00.0000Z","count":2,
             "vulnerabilities":[
              {"cveID":"CVE-2021-44228","vendorProject":"Apache","product":"Log4j2","vulnerabilityName":"Apache Log4j2 Remote Code Execution Vulnerability","dateAdded":"2021-12-10",
               "shortDescription":"…","requiredAction":"Apply updates.","dueDate":"2021-12-24","knownRansomwareCampaignUse":"Known","notes":"","cwes":["CWE-20"]},
              {"cveID":"cve-2026-1","dateAdded":"2026-11-01","dueDate":"2026-11-22","knownRansomwareCampaignUse":"Unknown"}]}
            """);
        Assert.Empty(reading.Problems);
        Assert.Equal("2026.11.20", reading.CatalogVersion);
        Assert.Equal(new KnownExploited("CVE-2021-44228", "Apache", "Log4j2", "Apache Log4j2 Remote Code Execution Vulnerability", new(2021, 12, 10), new(2021, 12, 24), "Apply updates.", true), reading.Entries[0]);
        Assert.Equal(("CVE-2026-1", false, ""), (reading.Entries[1].CveId, reading.Entries[1].UsedByRansomware, reading.Entries[1].RequiredAction));
    }

    [Theory]
    [InlineData("""{"dateAdded":"2026-11-01","dueDate":"2026-11-22"}""", "cveID")]
    [InlineData("""{"cveID":"GHSA-1","dateAdded":"2026-11-01","dueDate":"2026-11-22"}""", "cveID")]
    [InlineData("""{"cveID":"CVE-1","dateAdded":"2026-11-01"}""", "dueDate")]
    [InlineData("""{"cveID":"CVE-1","dateAdded":"2026-11-01","dueDate":"22.11.2026"}""", "dueDate")]
    [InlineData("""{"cveID":"CVE-1","dateAdded":"2026-11-01","dueDate":"9999-12-31"}""", "dueDate")]
    [InlineData("""{"cveID":"CVE-1","dateAdded":"2026-02-30","dueDate":"2026-11-22"}""", "dateAdded")]
    [InlineData("""{"cveID":"CVE-2","dateAdded":"2026-11-01","dueDate":"2026-11-22"}""", "twice")]
    [InlineData("7", "object")]
    public void An_entry_that_cannot_be_used_is_left_out_and_told(string entry, string word)
    {
        var reading = Read($$"""{"vulnerabilities":[{"cveID":"CVE-2","dateAdded":"2026-11-01","dueDate":"2026-11-22"},{{entry}}]}""");
        Assert.Equal("CVE-2", Assert.Single(reading.Entries).CveId);
        var problem = Assert.Single(reading.Problems);
        Assert.Equal("vulnerabilities[1]", problem.Place);
        Assert.Contains(word, problem.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"vulnerabilities":7}""")]
    [InlineData("""{"vulnerabilities":[""")]
    [InlineData("""{"\ud800":1,"vulnerabilities":7}""")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]")]
    public void A_file_that_is_none_is_told_and_not_thrown(string text)
    {
        var reading = Read(text);
        Assert.Empty(reading.Entries);
        Assert.True(Assert.Single(reading.Problems).IsLeftOut);
    }

    [Fact]
    public void A_catalogue_is_stored_and_read_back_the_same()
    {
        var entry = new KnownExploited("CVE-1", "", "", "", new(2026, 1, 2), new(2026, 3, 4), "", true);
        Assert.Equal(entry, MaintenanceJson.Read<KnownExploited>(MaintenanceJson.Write(entry)));
    }

    private static KevReading Read(string text) => KevReader.Read("kev.json", Encoding.UTF8.GetBytes(text));
}
