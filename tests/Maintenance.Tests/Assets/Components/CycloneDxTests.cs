using System.Globalization;
using System.Text;
using Maintenance.Assets.Components;

namespace Maintenance.Tests.Assets.Components;

/// <summary>Bills of materials in the shapes in which tools write them; the contents are our own.</summary>
public sealed class CycloneDxTests
{
    /// <summary>trivy image (https://trivy.dev, CycloneDX): an empty version of the image, the distribution as a part, packages with an upstream and a release.</summary>
    private const string Trivy = """
        {
          "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", "bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": "urn:uuid:11111111-1111-4111-8111-111111111111", "version": 1,
          "metadata": {
            "timestamp": "2026-11-01T10:00:00+00:00",
            "tools": { "components": [ { "type": "application", "manufacturer": { "name": "Aqua Security Software Ltd." }, "group": "aquasecurity", "name": "trivy", "version": "0.57.0" } ] },
            "component": { "bom-ref": "pkg:oci/app", "type": "container", "name": "app:1", "version": "", "purl": "pkg:oci/app@sha256%3Aaa?arch=amd64" }
          },
          "components": [
            { "bom-ref": "a", "type": "operating-system", "name": "debian", "version": "12.7", "properties": [ { "name": "aquasecurity:trivy:Class", "value": "os-pkgs" } ] },
            { "bom-ref": "b", "type": "library", "name": "libssl3", "version": "3.0.14-1~deb12u2", "purl": "pkg:deb/debian/libssl3@3.0.14-1~deb12u2?arch=amd64&distro=debian-12.7&upstream=openssl",
              "properties": [ { "name": "aquasecurity:trivy:SrcName", "value": "openssl" } ] },
            { "bom-ref": "c", "type": "application", "name": "app/app.deps.json", "properties": [ { "name": "aquasecurity:trivy:Type", "value": "dotnet-core" } ] }
          ],
          "dependencies": [ { "ref": "a", "dependsOn": ["b"] } ], "vulnerabilities": []
        }
        """;

    /// <summary>syft (cyclonedx-json): tools as a list of old, files beside packages, a cpe.</summary>
    private const string Syft = """
        {
          "bomFormat": "CycloneDX", "specVersion": "1.5", "serialNumber": "urn:uuid:22222222-2222-4222-8222-222222222222", "version": 1,
          "metadata": { "timestamp": "2026-11-01T10:00:00Z", "tools": [ { "vendor": "anchore", "name": "syft", "version": "1.16.0" } ], "component": { "bom-ref": "r", "type": "file", "name": "/src" } },
          "components": [
            { "bom-ref": "pkg:npm/%40angular/core@18.2.0?package-id=1", "type": "library", "author": "angular", "name": "@angular/core", "version": "18.2.0", "cpe": "cpe:2.3:a:angular:core:18.2.0:*:*:*:*:*:*:*", "purl": "pkg:npm/%40angular/core@18.2.0",
              "properties": [ { "name": "syft:package:type", "value": "npm" } ] },
            { "bom-ref": "f", "type": "file", "name": "/src/package-lock.json", "hashes": [ { "alg": "SHA-1", "content": "aa" } ] },
            { "bom-ref": "pkg:pypi/zope-interface@6.4", "type": "library", "name": "zope.interface", "version": "6.4", "purl": "pkg:pypi/zope.interface@6.4" }
          ]
        }
        """;

    /// <summary>cdxgen: groups, an excluded test library, parts within parts, a pedigree, services beside.</summary>
    private const string Cdxgen = """
        {
          "bomFormat": "CycloneDX", "specVersion": "1.7", "version": 1,
          "metadata": { "component": { "group": "", "name": "gateway", "version": "latest", "type": "application", "components": [ { "type": "application", "name": "inner-app", "version": "1" } ] } },
          "components": [
            { "group": "org.eclipse.jetty", "name": "jetty-server", "version": "12.0.16", "scope": "required", "purl": "pkg:maven/org.eclipse.jetty/jetty-server@12.0.16?type=jar", "type": "library",
              "properties": [ { "name": "SrcFile", "value": "pom.xml" } ], "evidence": { "identity": [ { "field": "purl", "confidence": 1 } ] },
              "pedigree": { "ancestors": [ { "type": "library", "name": "jetty-old", "version": "9" } ] } },
            { "group": "junit", "name": "junit", "version": "4.13", "scope": "excluded", "purl": "pkg:maven/junit/junit@4.13?type=jar", "type": "library",
              "components": [ { "group": "org.hamcrest", "name": "hamcrest", "version": "2.2", "scope": "optional", "purl": "pkg:maven/org.hamcrest/hamcrest@2.2", "type": "library" } ] },
            { "group": "@babel", "name": "core", "version": "7.26.0", "type": "library", "purl": "pkg:npm/%40babel/core@7.26.0" },
            { "type": "cryptographic-asset", "name": "rsa-2048" }, { "type": "data", "name": "seed.csv" }
          ],
          "services": [ { "name": "mail" } ]
        }
        """;

    /// <summary>The .NET tool (dotnet-CycloneDX): a byte order mark in front, the same package once for each project.</summary>
    private const string DotNet = """
        {
          "bomFormat": "CycloneDX", "specVersion": "1.4", "serialNumber": "urn:uuid:33333333-3333-4333-8333-333333333333", "version": 1,
          "metadata": { "tools": [ { "vendor": "CycloneDX", "name": "CycloneDX module for .NET", "version": "4.0.0.0" } ], "component": { "type": "application", "bom-ref": "Portal@0.0.0", "name": "Portal", "version": "0.0.0" } },
          "components": [
            { "type": "library", "bom-ref": "pkg:nuget/Npgsql@8.0.2", "authors": [ { "name": "Shay" } ], "name": "Npgsql", "version": "8.0.2", "scope": "required", "purl": "pkg:nuget/Npgsql@8.0.2", "licenses": [ { "license": { "id": "PostgreSQL" } } ] },
            { "type": "library", "bom-ref": "pkg:nuget/Npgsql@8.0.2#2", "name": "Npgsql", "version": "8.0.2", "scope": "required", "purl": "pkg:nuget/Npgsql@8.0.2" },
            { "type": "library", "name": "Own.Shared", "version": null }
          ]
        }
        """;

    public static TheoryData<string, string[]> Tools => new()
    {
        { Trivy, ["debian 12.7 -", "libssl3 3.0.14-1~deb12u2 pkg:deb/debian/libssl3@3.0.14-1~deb12u2?arch=amd64&distro=debian-12.7&upstream=openssl", "app/app.deps.json - -"] },
        { Syft, ["@angular/core 18.2.0 pkg:npm/%40angular/core@18.2.0", "zope.interface 6.4 pkg:pypi/zope.interface@6.4"] },
        { Cdxgen, ["org.eclipse.jetty:jetty-server 12.0.16 pkg:maven/org.eclipse.jetty/jetty-server@12.0.16?type=jar", "org.hamcrest:hamcrest 2.2 pkg:maven/org.hamcrest/hamcrest@2.2", "@babel/core 7.26.0 pkg:npm/%40babel/core@7.26.0"] },
        { DotNet, ["Npgsql 8.0.2 pkg:nuget/Npgsql@8.0.2", "Own.Shared - -"] },
    };

    public static TheoryData<string, string> Broken => new()
    {
        { "", "it is not JSON: " },
        { "{", "it is not JSON: " },
        { "[]", "it is not CycloneDX: it has no bomFormat that says so." },
        { "null", "it is not CycloneDX: it has no bomFormat that says so." },
        { """{"spdxVersion":"SPDX-2.3"}""", "it is SPDX; CycloneDX as JSON is read." },
        { """{"bomFormat":"CycloneDX"}""", "its specVersion is missing; 1.4, 1.5, 1.6, 1.7 are read." },
        { """{"bomFormat":"CycloneDX","specVersion":"1.3"}""", "its specVersion is '1.3'; 1.4, 1.5, 1.6, 1.7 are read." },
        { """{"bomFormat":"CycloneDX","specVersion":1.5}""", "its specVersion is missing; 1.4, 1.5, 1.6, 1.7 are read." },
        { """{"bomFormat":"CycloneDX","specVersion":"1.5","components":{}}""", "components is not a list." },
        { """{"bomFormat":"CycloneDX","specVersion":"1.5","components":[1]}""", "components[0] is not an object." },
        { """{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"type":"library"}]}""", "components[0] has no name." },
        { """{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"name":"a","version":1}]}""", "components[0].version is not text." },
        { """{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"name":"a","components":[{"name":"b"},{"name":"\ud800"}]}]}""", "components[0].components[1] has no name." },
    };

    [Theory]
    [MemberData(nameof(Tools))]
    public void What_tools_write_is_read_for_its_parts_alone(string bom, string[] parts)
    {
        foreach (var bytes in new[] { Encoding.UTF8.GetBytes(bom), [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(bom)], [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(bom)], [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(bom)] })
        {
            var read = CycloneDx.Read(bytes);
            Assert.Null(read.Problem);
            Assert.Equal(parts, read.Entries.Select(static entry => $"{entry.Name} {entry.Version ?? "-"} {entry.Package ?? "-"}"));
        }
    }

    [Theory]
    [InlineData("1.4")]
    [InlineData("1.5")]
    [InlineData("1.6")]
    [InlineData("1.7")]
    public void Each_version_of_the_specification_is_read(string version) =>
        Assert.Equal("a", Assert.Single(CycloneDx.Read(Encoding.UTF8.GetBytes($$"""{"bomFormat":"CycloneDX","specVersion":"{{version}}","components":[{"name":"a"}]}""")).Entries).Name);

    [Theory]
    [MemberData(nameof(Broken))]
    public void What_is_broken_is_told_with_its_place_and_nothing_of_it_is_used(string bom, string problem)
    {
        var read = CycloneDx.Read(Encoding.UTF8.GetBytes(bom));
        Assert.StartsWith(problem, read.Problem, StringComparison.Ordinal);
        Assert.Empty(read.Entries);
    }

    [Fact]
    public void Depth_number_and_size_have_limits_and_texts_are_cut()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"name":"a","components":[""", 100)) + string.Concat(Enumerable.Repeat("]}", 100));
        Assert.StartsWith("it is not JSON: ", CycloneDx.Read(Encoding.UTF8.GetBytes($$"""{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{{deep}}]}""")).Problem, StringComparison.Ordinal);
        var many = string.Join(',', Enumerable.Range(0, InventoryReading.Most + 1).Select(static i => string.Create(CultureInfo.InvariantCulture, $$"""{"name":"p{{i}}"}""")));
        Assert.Equal("it has more than 20000 parts.", CycloneDx.Read(Encoding.UTF8.GetBytes($$"""{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{{many}}]}""")).Problem);
        Assert.Equal("it has 33554433 bytes; at most 33554432 are read.", CycloneDx.Read(new byte[InventoryReading.MaxBytes + 1]).Problem);
        Assert.Equal("it is not text in UTF-8.", CycloneDx.Read(new byte[] { 0x7b, 0x22, 0xff, 0x22, 0x7d }).Problem);
        var entry = Assert.Single(CycloneDx.Read(Encoding.UTF8.GetBytes($$"""{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"name":"{{new string('x', 5000)}}\u0000\n<script>","version":"{{new string('1', 5000)}}"}]}""")).Entries);
        Assert.Equal((300, 200), (entry.Name.Length, entry.Version!.Length));
    }
}
