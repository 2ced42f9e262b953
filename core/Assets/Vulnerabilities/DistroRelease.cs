namespace Maintenance.Assets.Vulnerabilities;

/// <summary>A distribution's release as package URLs tell it (<c>debian-12</c>, <c>bookworm</c>, <c>ubuntu-22.04</c>), in the words of the OSV schema.</summary>
internal static class DistroRelease
{
    /// <summary>Code names of Debian (https://debian.pages.debian.net/distro-info-data/debian.csv); those without a number keep their name.</summary>
    private static readonly Dictionary<string, string> Debian = new(StringComparer.OrdinalIgnoreCase)
    {
        ["wheezy"] = "7",
        ["jessie"] = "8",
        ["stretch"] = "9",
        ["buster"] = "10",
        ["bullseye"] = "11",
        ["bookworm"] = "12",
        ["trixie"] = "13",
        ["forky"] = "14",
    };

    private static readonly Dictionary<string, string> Ubuntu = new(StringComparer.OrdinalIgnoreCase)
    {
        ["trusty"] = "14.04",
        ["xenial"] = "16.04",
        ["bionic"] = "18.04",
        ["focal"] = "20.04",
        ["jammy"] = "22.04",
        ["noble"] = "24.04",
    };

    /// <summary>The release, or null where it is not told.</summary>
    /// <param name="family">The distribution: Debian, Ubuntu, Alpine, …</param>
    /// <param name="distro">The qualifier's value.</param>
    public static string? Of(string family, string? distro)
    {
        if (string.IsNullOrEmpty(distro))
        {
            return null;
        }

        var plain = distro.StartsWith(family + "-", StringComparison.OrdinalIgnoreCase) ? distro[(family.Length + 1)..] : distro;
        return family switch
        {
            // A point release (12.5) gets the advisories of its release.
            "Debian" => Debian.GetValueOrDefault(plain) ?? plain.Split('.')[0],
            "Ubuntu" => Ubuntu.GetValueOrDefault(plain) ?? plain,
            "Alpine" => "v" + string.Join('.', plain.TrimStart('v').Split('.').Take(2)),
            _ => plain,
        };
    }
}
