using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;

namespace Maintenance.Web.Http;

/// <summary>
/// The files that pages ask for. The style sheet is written in parts (<c>Assets/styles</c>) and sent as one. Pages name each with its version, so that a browser keeps it
/// for as long as it likes and never shows a new page in an old dress.
/// </summary>
public static class SiteAssets
{
    /// <summary>The type of drawings.</summary>
    public const string Svg = "image/svg+xml";

    private static readonly FrozenDictionary<string, Asset> Files = Read();

    /// <summary>The file of this name, or null.</summary>
    public static Asset? Find(string name) => Files.GetValueOrDefault(name);

    /// <summary>Where pages find a file: its path with its version.</summary>
    public static string PathOf(string name) => $"/assets/{name}?v={Files[name].Version}";

    private static FrozenDictionary<string, Asset> Read()
    {
        const string Part = "styles/";
        var all = Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(static name => name.StartsWith("assets/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(static name => (Name: name["assets/".Length..], Content: Bytes(name)))
            .ToList();
        var parts = all.Where(static one => one.Name.StartsWith(Part, StringComparison.Ordinal)).SelectMany(static one => one.Content).ToArray();
        return all.Where(static one => !one.Name.StartsWith(Part, StringComparison.Ordinal)).Append((Name: "site.css", Content: parts))
            .ToFrozenDictionary(static one => one.Name, static one => Asset.Of(TypeOf(one.Name), one.Content), StringComparer.Ordinal);
    }

    private static byte[] Bytes(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => Svg,
        var other => throw new InvalidOperationException($"Say what type {other} is."),
    };
}

/// <summary>A file of the site.</summary>
/// <param name="Type">Its media type.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Version">The beginning of its SHA-256.</param>
public sealed record Asset(string Type, ReadOnlyMemory<byte> Content, string Version)
{
    /// <summary>A file with its version.</summary>
    public static Asset Of(string type, byte[] content) => new(type, content, Convert.ToHexStringLower(SHA256.HashData(content))[..12]);
}
