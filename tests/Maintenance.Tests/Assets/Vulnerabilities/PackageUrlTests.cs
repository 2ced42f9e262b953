using Maintenance.Assets.Vulnerabilities;

namespace Maintenance.Tests.Assets.Vulnerabilities;

/// <summary>Package URLs: the examples of the specification and of its types (https://github.com/package-url/purl-spec).</summary>
public sealed class PackageUrlTests
{
    [Theory]
    [InlineData("pkg:npm/%40angular/animation@12.3.1", "npm", "@angular/animation", "12.3.1")]
    [InlineData("pkg:npm/@angular/animation@12.3.1", "npm", "@angular/animation", "12.3.1")]
    [InlineData("pkg:npm/JSONStream@1.3.5", "npm", "JSONStream", "1.3.5")]
    [InlineData("pkg:npm/foobar", "npm", "foobar", null)]
    [InlineData("pkg:nuget/EnterpriseLibrary.Common@6.0.1304", "NuGet", "EnterpriseLibrary.Common", "6.0.1304")]
    [InlineData("pkg:pypi/Django_package@1.11.1.dev1", "PyPI", "django-package", "1.11.1.dev1")]
    [InlineData("pkg:maven/org.apache.xmlgraphics/batik-anim@1.9.1?type=pom&repository_url=repo.spring.io%2Frelease", "Maven", "org.apache.xmlgraphics:batik-anim", "1.9.1")]
    [InlineData("pkg:golang/google.golang.org/genproto#googleapis/api/annotations", "Go", "google.golang.org/genproto", null)]
    [InlineData("pkg:golang/github.com/BurntSushi/toml@v1.2.0", "Go", "github.com/burntsushi/toml", "v1.2.0")]
    [InlineData("pkg:cargo/rand@0.7.2", "crates.io", "rand", "0.7.2")]
    [InlineData("pkg:gem/ruby-advisory-db-check@0.12.4", "RubyGems", "ruby-advisory-db-check", "0.12.4")]
    [InlineData("pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie", "Debian:8", "curl", "7.50.3-1")]
    [InlineData("pkg:deb/debian/libssl3@3.0.15-1~deb12u1?arch=amd64&upstream=openssl&distro=debian-12", "Debian:12", "openssl", "3.0.15-1~deb12u1")]
    [InlineData("pkg:deb/debian/libc6@2.36-9%2Bdeb12u4?upstream=glibc%402.36-9&distro=debian-12.5", "Debian:12", "glibc", "2.36-9+deb12u4")]
    [InlineData("pkg:deb/debian/dpkg@1:1.21.22", "Debian", "dpkg", "1:1.21.22")]
    [InlineData("pkg:deb/ubuntu/openssl@3.0.2-0ubuntu1?distro=jammy", "Ubuntu:22.04", "openssl", "3.0.2-0ubuntu1")]
    [InlineData("pkg:apk/alpine/curl@7.83.0-r0?distro=alpine-3.16.2", "Alpine:v3.16", "curl", "7.83.0-r0")]
    [InlineData("PKG://NPM//foobar@1.0.0", "npm", "foobar", "1.0.0")]
    [InlineData("pkg:composer/Laravel/Framework@5.5.0", "Packagist", "laravel/framework", "5.5.0")]
    public void A_package_url_names_a_package_of_an_ecosystem(string text, string ecosystem, string name, string? version)
    {
        Assert.True(PackageUrl.TryParse(text, out var url, out var error), error);
        Assert.Equal((ecosystem, name, version), (url.Ecosystem.ToString(), url.OsvName, url.Version));
        Assert.True(PackageUrl.TryParse(url.ToString(), out var again, out _));
        Assert.Equal(url, again);
    }

    [Fact]
    public void Qualifiers_and_subpath_are_decoded_and_written_in_order()
    {
        Assert.True(PackageUrl.TryParse("pkg:npm/mypackage@12.4.5?vcs_url=git:%2F%2Fhost.com%2Frepo.git%404345&Checksum=sha1:ad9503&empty=#./src/../lib/", out var url, out _));
        Assert.Equal("git://host.com/repo.git@4345", url.Qualifiers["vcs_url"]);
        Assert.Equal("src/lib", url.Subpath);
        Assert.Equal("pkg:npm/mypackage@12.4.5?checksum=sha1:ad9503&vcs_url=git:%2F%2Fhost.com%2Frepo.git%404345#src/lib", url.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("EnterpriseLibrary.Common@6.0.1304")]
    [InlineData("pkg:EnterpriseLibrary.Common@6.0.1304")]
    [InlineData("pkg:n&g?inx/nginx@0.8.9")]
    [InlineData("pkg:3nginx/nginx@0.8.9")]
    [InlineData("pkg:nginx:a/nginx@0.8.9")]
    [InlineData("pkg%3Amaven/org.apache.commons/io")]
    [InlineData("pkg:npm/myartifact@1.0.0?in%20production=true")]
    [InlineData("pkg:maven/@1.3.4")]
    [InlineData("pkg:npm/")]
    [InlineData("pkg:npm/a%zz")]
    [InlineData("pkg:npm/a%ff%fe@1")]
    [InlineData("pkg:npm/a@%2")]
    [InlineData("pkg:npm/a?x=1&x=2")]
    [InlineData("pkg:///x")]
    public void What_is_none_is_refused_in_words(string text)
    {
        Assert.False(PackageUrl.TryParse(text, out _, out var error));
        Assert.EndsWith(".", error);
    }

    [Fact]
    public void One_that_is_too_long_is_refused() => Assert.False(PackageUrl.TryParse("pkg:npm/" + new string('a', 3000), out _, out _));
}
