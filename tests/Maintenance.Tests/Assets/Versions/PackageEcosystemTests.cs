using Maintenance.Assets.Versions;

namespace Maintenance.Tests.Assets.Versions;

/// <summary>Names of ecosystems, as the OSV schema's table and package URLs write them.</summary>
public sealed class PackageEcosystemTests
{
    [Theory]
    [InlineData("NuGet", Ecosystem.NuGet, "NuGet", null)]
    [InlineData("nuget", Ecosystem.NuGet, "NuGet", null)]
    [InlineData("npm", Ecosystem.Npm, "npm", null)]
    [InlineData("PyPI", Ecosystem.PyPI, "PyPI", null)]
    [InlineData("Maven:https://maven.google.com", Ecosystem.Maven, "Maven", "https://maven.google.com")]
    [InlineData("Debian", Ecosystem.Debian, "Debian", null)]
    [InlineData("Debian:12", Ecosystem.Debian, "Debian", "12")]
    [InlineData("Ubuntu:Pro:18.04:LTS", Ecosystem.Debian, "Ubuntu", "Pro:18.04:LTS")]
    [InlineData("crates.io", Ecosystem.SemVer, "crates.io", null)]
    [InlineData("Go", Ecosystem.SemVer, "Go", null)]
    [InlineData("Alpine:v3.16", Ecosystem.Other, "Alpine", "v3.16")]
    [InlineData("RubyGems", Ecosystem.Other, "RubyGems", null)]
    [InlineData("Something new:", Ecosystem.Other, "Something new", null)]
    public void A_name_is_read(string text, Ecosystem order, string name, string? release) =>
        Assert.Equal(new PackageEcosystem(order, name, release), PackageEcosystem.FromOsv(text));

    [Theory]
    [InlineData("nuget", "NuGet")]
    [InlineData("GOLANG", "Go")]
    [InlineData("cargo", "crates.io")]
    [InlineData("gem", "RubyGems")]
    [InlineData("composer", "Packagist")]
    [InlineData("deb", "Debian")]
    [InlineData("generic", "generic")]
    public void A_package_urls_type_leads_to_it(string type, string name) => Assert.Equal(name, PackageEcosystem.FromPurlType(type).Name);

    [Theory]
    [InlineData("Debian:12", "Debian:12", true)]
    [InlineData("Debian:12", "Debian", true)]
    [InlineData("Debian", "Debian:11", true)]
    [InlineData("Debian:12", "Debian:11", false)]
    [InlineData("Debian:12", "Ubuntu:12", false)]
    [InlineData("Go", "crates.io", false)]
    [InlineData("Ubuntu:22.04:LTS", "Ubuntu:22.04", true)]
    [InlineData("Ubuntu:Pro:22.04:LTS", "Ubuntu:22.04", false)]
    [InlineData("Maven:https://maven.google.com", "Maven", true)]
    [InlineData("Maven:https://maven.google.com", "Maven:https://repo.example.org", true)]
    public void Releases_matter_where_both_say_one(string left, string right, bool isCovered)
    {
        Assert.Equal(isCovered, PackageEcosystem.FromOsv(left).Covers(PackageEcosystem.FromOsv(right)));
        Assert.Equal(isCovered, PackageEcosystem.FromOsv(right).Covers(PackageEcosystem.FromOsv(left)));
    }
}
