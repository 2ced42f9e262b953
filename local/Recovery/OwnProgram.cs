using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Maintenance.Recovery;

namespace Maintenance.Local.Recovery;

/// <summary>
/// This program, as <c>dotnet maintenance.dll</c> needs it. The files are those that the program's own list of parts (<c>maintenance.deps.json</c>) names, and no
/// others: a data folder or a plan may lie in the same folder, and nothing of them may get out.
/// </summary>
/// <param name="folder">The program's folder.</param>
public sealed class OwnProgram(string folder) : IProgramBundle
{
    private const string Parts = "maintenance.deps.json";
    private const string Settings = "maintenance.runtimeconfig.json";
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>What a bare machine is likely to be. For every other processor there is a part, too, but tens of megabytes of them.</summary>
    private static readonly string[] Machines =
        ["linux-x64", "linux-arm64", "linux-musl-x64", "linux-musl-arm64", "osx-x64", "osx-arm64", "win-x64", "win-arm64", "linux", "osx", "unix", "win", RuntimeInformation.RuntimeIdentifier];

    /// <summary>The program that runs.</summary>
    public OwnProgram()
        : this(AppContext.BaseDirectory)
    {
    }

    /// <inheritdoc/>
    public async Task<string?> HashAsync(CancellationToken cancellation)
    {
        if (await FilesAsync(cancellation) is not { } files)
        {
            return null;
        }

        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in files)
        {
            await using var file = Open(name);
            var hash = await SHA256.HashDataAsync(file, cancellation);
            all.AppendData(Encoding.UTF8.GetBytes($"{name}\n{file.Length}\n{Convert.ToHexStringLower(hash)}\n"));
        }

        return Convert.ToHexStringLower(all.GetHashAndReset());
    }

    /// <inheritdoc/>
    public async Task WriteAsync(Stream destination, CancellationToken cancellation)
    {
        var files = await FilesAsync(cancellation) ?? throw new IOException($"There is no {Parts} in '{folder}'.");

        // Once a version, beside the backups of the day: quick is better than small.
        await using var zip = new GZipStream(destination, CompressionLevel.Fastest, leaveOpen: true);
        await using var archive = new TarWriter(zip, TarEntryFormat.Ustar, leaveOpen: true);
        foreach (var name in files)
        {
            await using var file = Open(name);
            var entry = new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = file, Mode = Mode, ModificationTime = DateTimeOffset.UnixEpoch };
            await archive.WriteEntryAsync(entry, cancellation);
        }
    }

    /// <summary>The program's files, relative and with slashes, by name; null where it is not one that <c>dotnet</c> runs from a folder of files.</summary>
    private async Task<IReadOnlyList<string>?> FilesAsync(CancellationToken cancellation)
    {
        if (!File.Exists(Path.Join(folder, Parts)) || !File.Exists(Path.Join(folder, Settings)))
        {
            return null;
        }

        await using (var settings = Open(Settings))
        {
            using var read = await JsonDocument.ParseAsync(settings, default, cancellation);

            // With a runtime of its own inside, it is made for one kind of machine, and not started by dotnet.
            if (read.RootElement.GetProperty("runtimeOptions").TryGetProperty("includedFrameworks", out _))
            {
                return null;
            }
        }

        await using var parts = Open(Parts);
        using var list = await JsonDocument.ParseAsync(parts, default, cancellation);
        var names = list.RootElement.GetProperty("targets").EnumerateObject().SelectMany(static target => target.Value.EnumerateObject()).SelectMany(static library => Files(library.Value));
        return [.. names.Append(Parts).Append(Settings).Distinct(StringComparer.Ordinal).Where(name => File.Exists(Path.Join(folder, name))).Order(StringComparer.Ordinal)];
    }

    /// <summary>Where the build puts the files of a library.</summary>
    private static IEnumerable<string> Files(JsonElement library) =>
    [
        .. Members(library, "runtime").Select(static file => Path.GetFileName(file.Name)),
        .. Members(library, "native").Select(static file => Path.GetFileName(file.Name)),
        .. Members(library, "resources").Select(static file => $"{file.Value.GetProperty("locale").GetString()}/{Path.GetFileName(file.Name)}"),
        .. Members(library, "runtimeTargets").Where(static file => Machines.Contains(file.Value.GetProperty("rid").GetString())).Select(static file => file.Name),
    ];

    private static IEnumerable<JsonProperty> Members(JsonElement library, string kind) => library.TryGetProperty(kind, out var files) ? files.EnumerateObject() : [];

    private FileStream Open(string name) => new(
        Path.Join(folder, name), new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.Read | FileShare.Delete, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
}
