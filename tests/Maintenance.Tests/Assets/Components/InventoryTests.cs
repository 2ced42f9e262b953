using Maintenance.Assets.Components;

namespace Maintenance.Tests.Assets.Components;

public sealed class InventoryTests
{
    private static readonly AssetPolicy Policy = AssetPolicy.None with
    {
        Components =
        [
            new("npgsql", "Driver", "register", "8.0.2") { Package = "pkg:nuget/Npgsql" },
            new("debian", "Debian", "register", "12"),
            new("jetty", "Jetty", "gateway", null) { Package = "pkg:maven/org.eclipse.jetty/jetty-server" },
        ],
    };

    [Fact]
    public void A_package_that_the_plan_and_files_have_is_one_component_of_its_service_with_every_version_and_who_says_so()
    {
        var inventory = Inventory.Of(Policy,
        [
            ("register", "a.cdx.json", [new("npgsql", "8.0.3", "pkg:nuget/npgsql@8.0.3"), new("Npgsql", "8.0.2", "pkg:nuget/Npgsql@8.0.2"), new("zope.interface", "6.4", "pkg:pypi/zope.interface@6.4")]),
            ("register", "b.json", [new("Npgsql", "8.0.3", "pkg:nuget/Npgsql@8.0.3"), new("Zope_Interface", null, "pkg:pypi/zope-interface@6.5")]),
            ("gateway", "c.cdx.json", [new("Npgsql", "7.0.0", "pkg:nuget/Npgsql@7.0.0"), new("org.eclipse.jetty:jetty-server", "12.0.16", "pkg:maven/org.eclipse.jetty/jetty-server@12.0.16?type=jar"), new("note.txt", null, null)]),
        ]);

        Assert.Equal(
            [
                "gateway Jetty jetty: 12.0.16 by c.cdx.json", "gateway note.txt x: ", "gateway Npgsql x: 7.0.0 by c.cdx.json",
                "register Debian debian: 12 by the plan", "register Driver npgsql: 8.0.2 by the plan+a.cdx.json, 8.0.3 by a.cdx.json+b.json", "register zope.interface x: 6.4 by a.cdx.json, 6.5 by b.json",
            ],
            inventory.Select(static one => $"{one.Service} {one.Name} {(one.Planned is null ? "x" : one.Id)}: {string.Join(", ", one.Versions.Select(static use => $"{use.Version} by {string.Join('+', use.Sources)}"))}"));
    }

    [Fact]
    public void The_id_of_what_only_files_list_stays_whatever_its_version_and_differs_by_service_and_package()
    {
        string[] ids = [.. new[] { ("a", "pkg:npm/x@1"), ("a", "pkg:npm/x@2"), ("b", "pkg:npm/x@1"), ("a", "pkg:npm/y@1"), ("a", "pkg:pypi/x@1") }.Select(static one => Assert.Single(Inventory.Of(AssetPolicy.None, [(one.Item1, "f", [new("n", null, one.Item2)])])).Id)];
        Assert.Equal(ids[0], ids[1]);
        Assert.Equal(4, ids.Distinct().Count());
        Assert.All(ids, static id => Assert.Matches("^x_[0-9a-f]{20}$", id));
    }

    [Fact]
    public void What_something_else_brought_in_is_so_only_where_nothing_asks_for_it()
    {
        InventoryEntry entry = new("X", "1", "pkg:nuget/X@1");
        Assert.True(Assert.Single(Inventory.Of(AssetPolicy.None, [("a", "f", [entry with { IsTransitive = true }])])).IsTransitive);
        Assert.False(Assert.Single(Inventory.Of(AssetPolicy.None, [("a", "f", [entry with { IsTransitive = true }]), ("a", "g", [entry])])).IsTransitive);
    }

    [Fact]
    public void A_file_with_very_many_versions_of_one_package_makes_no_record_that_cannot_be_kept()
    {
        var component = Assert.Single(Inventory.Of(AssetPolicy.None, [("a", "f", [.. Enumerable.Range(0, 5000).Select(static i => new InventoryEntry("X", $"1.{i}", "pkg:nuget/X"))])]));
        Assert.Equal((Inventory.MostVersions, true), (component.Versions.Count, component.HasMoreVersions));
    }

    [Fact]
    public void A_package_of_two_releases_is_two_and_the_plans_takes_the_first_release_that_a_file_tells()
    {
        var policy = AssetPolicy.None with { Components = [new("openssl", "OpenSSL", "a", null) { Package = "pkg:deb/debian/openssl" }] };
        InventoryEntry[] entries = [new("libssl3", "3.0.14-1", "pkg:deb/debian/libssl3@3.0.14-1?distro=debian-12&upstream=openssl"), new("libssl3", "3.5.0-1", "pkg:deb/debian/libssl3@3.5.0-1?distro=debian-13&upstream=openssl"), new("openssl", "3.0.14-1", "pkg:deb/debian/openssl@3.0.14-1?distro=debian-12.7")];
        Assert.Equal(["openssl openssl Debian:13 3.5.0-1", "OpenSSL openssl Debian:12 3.0.14-1"], Inventory.Of(policy, [("a", "f", entries)]).OrderBy(static one => one.Planned is not null).Select(static one => $"{one.Name} {one.Package!.Name} {one.Package.Ecosystem} {string.Join(',', one.Versions.Select(static use => use.Version))}"));
    }
}
