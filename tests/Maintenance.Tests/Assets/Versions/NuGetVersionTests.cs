using Maintenance.Assets.Versions;

namespace Maintenance.Tests.Assets.Versions;

/// <summary>
/// NuGet: the cases of NuGet.Client's own tests (https://github.com/NuGet/NuGet.Client, NuGet.Versioning.Test: VersionComparerTests, NuGetVersionTest, VersionParsingTests) and its
/// documentation (https://learn.microsoft.com/nuget/concepts/package-versioning).
/// </summary>
public sealed class NuGetVersionTests
{
    [Fact]
    public void Two_to_four_numbers_are_one_version_where_the_rest_is_zero() =>
        OrderTable.Holds(Ecosystem.NuGet, "2 = 2.0 = 2.0.0 = 2.0.0.0 = 02.00 = 2.0.0+meta < 2.0.0.1 = 2.0.0.01 < 2.0.1 = 2.0.1.0 < 2.0.1.2 < 2.1");

    [Fact]
    public void A_fourth_number_counts_before_the_label() =>
        OrderTable.Holds(Ecosystem.NuGet, "0.9.9.1 < 1.0.0-pre < 1.0.0 < 1.0.0.1-alpha < 1.0.0.1-pre < 1.0.0.1");

    [Fact]
    public void Labels_are_compared_whatever_their_case() =>
        OrderTable.Holds(
            Ecosystem.NuGet,
            "1.0.0-BETA = 1.0.0-beta = 1.0.0-Beta+AA < 1.0.0-beta.1+AA < 1.0.0-BETA.X.y.5.77.0+AA = 1.0.0-beta.x.Y.5.77.0+aa < 1.0.0-beta.x.y.5.79.0 < 1.0.0-beta.x.y.5.790.0+abc < 1.0.0-beta2 < 1.0.0+aa = 1.0.0");

    [Fact]
    public void The_documentations_example_of_pre_releases_stands_in_its_order() =>
        OrderTable.Holds(Ecosystem.NuGet, "1.0.1-aaa < 1.0.1-alpha < 1.0.1-alpha.2 < 1.0.1-alpha.10 < 1.0.1-beta < 1.0.1-open < 1.0.1-rc < 1.0.1-rc.2 < 1.0.1-rc.10 < 1.0.1-zzz < 1.0.1");

    [Fact]
    public void Labels_of_ten_digits_and_more_are_words_to_NuGets_comparer_and_a_hyphen_is_a_sign()
    {
        // int.TryParse decides in NuGet.Versioning.VersionComparer.CompareRelease what is a number.
        OrderTable.Holds(Ecosystem.NuGet, "1.0.0-2147483647 < 1.0.0-10000000000 < 1.0.0-20261122101500 < 1.0.0-9999999999 < 1.0.0-a");
        OrderTable.Holds(Ecosystem.NuGet, "1.0.0--5 < 1.0.0--4 < 1.0.0-0 < 1.0.0-7 = 1.0.0-007 < 1.0.0--a");
    }

    [Fact]
    public void Numbers_of_any_length_count() =>
        OrderTable.Holds(Ecosystem.NuGet, "2147483648 < 999999999999999999999999999991 < 999999999999999999999999999999 < 999999999999999999999999999999.0.0.1");

    [Fact]
    public void What_NuGet_refuses_is_refused()
    {
        OrderTable.AreRefused(Ecosystem.NuGet, "1.2.3.4.5", "1..2", "1.", ".1", "1.0.0-", "1.0.0-a..b", "1.0.0-beta!", "1.0.0+", "v1.0.0", "1.0.0 beta", "Not found at the sources", "1.-2", "1,0");
        OrderTable.AreRead(Ecosystem.NuGet, "1", " 1.2 ", "1.0.0-RC.X.35.A.3455+Meta-A-B-C", "234.234234.1111", "3.5.1-x.y.z+AA");
    }
}
