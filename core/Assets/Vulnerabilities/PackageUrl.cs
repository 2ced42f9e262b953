using System.Diagnostics.CodeAnalysis;
using System.Text;
using Maintenance.Assets.Versions;

namespace Maintenance.Assets.Vulnerabilities;

/// <summary>
/// A package URL, <c>pkg:type/namespace/name@version?qualifiers#subpath</c> (https://github.com/package-url/purl-spec), percent-decoded and normalised as its type asks.
/// </summary>
/// <param name="Type">Lower case: <c>npm</c>, <c>nuget</c>, <c>deb</c>, …</param>
/// <param name="Namespace">A group, scope or vendor with its slashes (<c>@angular</c>, <c>debian</c>); null where it has none.</param>
/// <param name="Name">The package's name.</param>
/// <param name="Version">Null where it names none.</param>
/// <param name="Qualifiers">By lower-case key; without those that are empty.</param>
/// <param name="Subpath">A path inside the package; null where it has none.</param>
public sealed record PackageUrl(string Type, string? Namespace, string Name, string? Version, IReadOnlyDictionary<string, string> Qualifiers, string? Subpath)
{
    /// <summary>The most characters that a package URL may have.</summary>
    public const int Longest = 2048;

    /// <summary>The package's name as the OSV schema writes it: <c>group:artifact</c>, <c>@scope/name</c>, a Go module's path, the source package of a Debian one where that is told.</summary>
    public string OsvName => Type switch
    {
        "maven" => Namespace is null ? Name : $"{Namespace}:{Name}",
        "deb" or "apk" or "rpm" => SourceName ?? Name,
        _ => Namespace is null ? Name : $"{Namespace}/{Name}",
    };

    /// <summary>Where it lives. A Debian package's vendor is its namespace, its release the qualifier <c>distro</c> (<c>debian-12</c>, <c>bookworm</c>).</summary>
    public PackageEcosystem Ecosystem
    {
        get
        {
            if (Type is not ("deb" or "apk"))
            {
                return PackageEcosystem.FromPurlType(Type);
            }

            var family = PackageEcosystem.FromOsv(Namespace ?? (Type == "deb" ? "Debian" : "Alpine"));
            return family with { Release = DistroRelease.Of(family.Name, Qualifiers.GetValueOrDefault("distro")) };
        }
    }

    /// <summary>The source package that a Debian binary package was built from, as the qualifiers <c>upstream</c> (name, perhaps with @version) or <c>source</c> tell it.</summary>
    private string? SourceName =>
        (Qualifiers.GetValueOrDefault("upstream") ?? Qualifiers.GetValueOrDefault("source"))?.Split('@', 2)[0] is { Length: > 0 } name ? name : null;

    /// <summary>Reads a package URL.</summary>
    /// <param name="text">The text.</param>
    /// <param name="url">The package URL, where the text is one.</param>
    /// <param name="error">What is wrong with it, in words, where it is none.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out PackageUrl? url, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        (url, error) = Parse(text.Trim());
        return url is not null;
    }

    /// <summary>The canonical text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("pkg:").Append(Type).Append('/');
        if (Namespace is not null)
        {
            text.AppendJoin('/', Namespace.Split('/').Select(Encoded)).Append('/');
        }

        text.Append(Encoded(Name));
        if (Version is not null)
        {
            text.Append('@').Append(Encoded(Version));
        }

        if (Qualifiers.Count > 0)
        {
            text.Append('?').AppendJoin('&', Qualifiers.OrderBy(static q => q.Key, StringComparer.Ordinal).Select(static q => $"{q.Key}={Encoded(q.Value)}"));
        }

        return Subpath is null ? text.ToString() : text.Append('#').AppendJoin('/', Subpath.Split('/').Select(Encoded)).ToString();
    }

    /// <summary>The same package URL, whatever the order in which its qualifiers were written.</summary>
    public bool Equals(PackageUrl? other) => other is not null && string.Equals(ToString(), other.ToString(), StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());

    private static (PackageUrl? Url, string? Error) Parse(string text)
    {
        if (text.Length > Longest)
        {
            return (null, $"It is {text.Length} characters long; a package URL has {Longest} at most.");
        }

        if (!text.StartsWith("pkg:", StringComparison.OrdinalIgnoreCase))
        {
            return (null, "It does not begin with 'pkg:'.");
        }

        var (rest, subpath) = CutLast(text[4..], '#');
        (rest, var query) = CutLast(rest, '?');
        rest = rest.Trim('/');
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            return (null, "It has no name: expected is pkg:type/namespace/name@version.");
        }

        var type = rest[..slash].ToLowerInvariant();
        if (!char.IsAsciiLetter(type[0]) || !type.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '+'))
        {
            return (null, $"The type, '{type}', is not letters, digits, dots and hyphens.");
        }

        // The version's @ stands behind the last slash; a scope's (@angular) before it.
        var path = rest[(slash + 1)..];
        var at = path.LastIndexOf('@') is var sign && sign > 0 && path[sign - 1] != '/' ? sign : -1;
        var (named, version) = at < 0 ? (path, null) : (path[..at], path[(at + 1)..]);
        var segments = named.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments.Length == 0 || segments[^1].StartsWith('@'))
        {
            return (null, "It has no name: expected is pkg:type/namespace/name@version.");
        }

        var decoded = segments.Select(Decoded).ToList();
        var (qualifiers, wrong) = ReadQualifiers(query);
        if (wrong is not null)
        {
            return (null, wrong);
        }

        var below = subpath?.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Decoded).Where(static s => s is not ("." or "..")).ToList();
        if (decoded.Any(static s => s is null) || below?.Any(static s => s is null) == true || (version is not null && Decoded(version) is null))
        {
            return (null, "A percent sign in it is not followed by two hexadecimal digits, or they are not UTF-8.");
        }

        var name = decoded[^1]!;
        var space = decoded.Count > 1 ? string.Join('/', decoded.Take(decoded.Count - 1)) : null;
        var url = new PackageUrl(type, space, name, version is { Length: > 0 } ? Decoded(version) : null, qualifiers!, below is { Count: > 0 } ? string.Join('/', below) : null);
        return (Normalized(url), null);
    }

    /// <summary>What the types' own rules ask (https://github.com/package-url/purl-spec/tree/main/types).</summary>
    private static PackageUrl Normalized(PackageUrl url) => url.Type switch
    {
        "pypi" => url with { Name = url.Name.Replace('_', '-').ToLowerInvariant() },
        "github" or "bitbucket" or "composer" or "deb" or "apk" or "golang" or "hex" => url with { Namespace = url.Namespace?.ToLowerInvariant(), Name = url.Name.ToLowerInvariant() },
        _ => url,
    };

    private static (Dictionary<string, string>? Qualifiers, string? Error) ReadQualifiers(string? query)
    {
        var qualifiers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in query?.Split('&', StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var key = (equals < 0 ? pair : pair[..equals]).ToLowerInvariant();
            if (key.Length == 0 || !char.IsAsciiLetter(key[0]) || !key.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
            {
                return (null, $"The qualifier '{key}' is not letters, digits, dots, hyphens and underscores.");
            }

            if (Decoded(equals < 0 ? "" : pair[(equals + 1)..]) is not { } value)
            {
                return (null, $"The value of the qualifier '{key}' has a percent sign that is not followed by two hexadecimal digits, or they are not UTF-8.");
            }

            if (value.Length > 0 && !qualifiers.TryAdd(key, value))
            {
                return (null, $"The qualifier '{key}' stands there twice.");
            }
        }

        return (qualifiers, null);
    }

    private static (string Before, string? Behind) CutLast(string text, char mark) =>
        text.LastIndexOf(mark) is var at && at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);

    private static string Encoded(string text) => Uri.EscapeDataString(text).Replace("%3A", ":", StringComparison.Ordinal);

    /// <summary>Percent-decoded UTF-8; null where it is not well formed. (A plus is a plus.)</summary>
    private static string? Decoded(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                var width = char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(text, i, width));
                i += width - 1;
            }
            else if (i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                bytes.Add(Convert.FromHexString(text.AsSpan(i + 1, 2))[0]);
                i += 2;
            }
            else
            {
                return null;
            }
        }

        try
        {
            return Strict.GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            // The caller says so in words.
            return null;
        }
    }

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
