using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Maintenance.Tests.Sources;

namespace Maintenance.Tests.Repository;

/// <summary>Trees with whatever file systems allow, and a reader of trees that shares nothing with the product: GNU find.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class WildTree(SourceScratch scratch, string root, int seed)
{
    private const int KiB = 1024;
    private const int MiB = 1024 * KiB;

    private static readonly int[] Edges = [0, 0, 1, (256 * KiB) - 1, 256 * KiB, (256 * KiB) + 1, MiB, (2 * MiB) - 1, 2 * MiB, (2 * MiB) + 1];

    private static readonly string[] Names =
    [
        "plain", " before and after ", "two\nlines", "\U0001F4BE saved", "e\u0301", "\u00e9", "-rf", "--", "日本語", "tab\there", "*?[a-z]", "it's \"quoted\"", "$(true)`", "back\\slash",
        "\uE000private", "\uFFFDreplacement", "~", "#", "a.b.c", "a", "a-", "\u007f", "CON", new('x', 255), string.Concat(Enumerable.Repeat("ä", 127)),
    ];

    private readonly Random _random = new(seed);
    private readonly List<string> _folders = [""];
    private readonly List<string> _files = [];
    private readonly List<string> _links = [];
    private readonly StringBuilder _script = new("set -e\n");

    public string Root => root;

    /// <summary>Makes the tree.</summary>
    public WildTree Plant()
    {
        Directory.CreateDirectory(root);
        var entries = _random.Next(1, 26);
        for (var i = 0; i < entries; i++)
        {
            Add(NewPath());
        }

        foreach (var path in _links.Concat(_files).Concat(Enumerable.Reverse(_folders)))
        {
            Dress(path);
        }

        File.WriteAllText(scratch.PathOf("dress.sh"), _script.ToString());
        scratch.Run("sh", scratch.PathOf("dress.sh"));
        return this;
    }

    /// <summary>A line for each thing in a folder: path, kind, mode, size, time in nanoseconds, owner, the first path of the same file, target, contents.</summary>
    public static IReadOnlyList<string> Read(string folder)
    {
        var found = Find(folder, @"%P\0%y\0%m\0%s\0%T@\0%U:%G\0%n\0%i\0%l\0").Chunk(9).OrderBy(static facts => facts[0], StringComparer.Ordinal).ToList();
        var first = new Dictionary<string, string>(StringComparer.Ordinal);
        return [.. found.Select(facts =>
        {
            var (path, kind, inode) = (facts[0], facts[1], facts[7]);
            _ = first.TryAdd(inode, path);
            var contents = kind == "f" ? Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, path)))) : "";
            var size = kind == "f" ? $"{facts[3]} bytes, {facts[6]} names" : "";
            return $"{path} | {kind} {facts[2]} {size} {facts[4]} {facts[5]} = {first[inode]} -> {facts[8]} {contents}";
        })];
    }

    /// <summary>How many blocks of 512 bytes each file takes.</summary>
    public static IReadOnlyDictionary<string, long> Blocks(string folder) =>
        Find(folder, @"%P\0%b\0").Chunk(2).ToDictionary(static pair => pair[0], static pair => long.Parse(pair[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);

    private static string[] Find(string folder, string format)
    {
        using var find = Process.Start(new ProcessStartInfo("find", [".", "-printf", format]) { WorkingDirectory = folder, RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 })!;
        var said = find.StandardOutput.ReadToEnd();
        find.WaitForExit();
        Assert.Equal(0, find.ExitCode);
        return said[..^1].Split('\0');
    }

    private string NewPath()
    {
        while (true)
        {
            var name = Names[_random.Next(Names.Length)];
            name = _random.Next(2) == 0 || Encoding.UTF8.GetByteCount(name) > 250 ? name : name + _random.Next(100).ToString(CultureInfo.InvariantCulture);
            var path = Path.Join(_folders[_random.Next(_folders.Count)], name);
            if (!Path.Exists(Full(path)) && new FileInfo(Full(path)).LinkTarget is null && Encoding.UTF8.GetByteCount(path) < 1000)
            {
                return path;
            }
        }
    }

    private void Add(string path)
    {
        switch (_random.Next(10))
        {
            case 0 or 1:
                Directory.CreateDirectory(Full(path));
                _folders.Add(path);
                break;
            case 2:
                File.CreateSymbolicLink(Full(path), _random.Next(3) switch { 0 => "nowhere/ä\n", 1 => "/", _ => "." });
                _links.Add(path);
                break;
            case 3 when _files.Count > 0:
                scratch.Run("ln", "--", Full(_files[_random.Next(_files.Count)]), Full(path));
                break;
            case 4:
                using (var file = File.Create(Full(path)))
                {
                    file.SetLength(_random.Next(3 * MiB));
                    file.Position = _random.Next(3 * MiB);
                    file.Write(RepositoryBench.Noise(_random.Next(1, 10_000), _random.Next()));
                }

                _files.Add(path);
                break;
            default:
                File.WriteAllBytes(Full(path), Content());
                _files.Add(path);
                break;
        }
    }

    private byte[] Content()
    {
        var length = _random.Next(12) switch
        {
            < 5 => _random.Next(20_000),
            < 11 => Edges[_random.Next(Edges.Length)],
            _ => _random.Next((_random.Next(5) == 0 ? 40 : 5) * MiB),
        };
        return _random.Next(3) switch
        {
            0 => RepositoryBench.Text(length, _random.Next(3)),
            1 => new byte[length],
            _ => RepositoryBench.Noise(length, _random.Next(1000)),
        };
    }

    /// <summary>Owner, mode and time. Only root may give files away, and read what nobody may.</summary>
    private void Dress(string path)
    {
        var name = $"'{Full(path).Replace("'", "'\\''", StringComparison.Ordinal)}'";
        if (Environment.IsPrivilegedProcess && _random.Next(3) == 0)
        {
            _script.Append(CultureInfo.InvariantCulture, $"chown -h {_random.Next(70_000)}:{_random.Next(70_000)} -- {name}\n");
        }

        if (!_links.Contains(path) && _random.Next(2) == 0)
        {
            var mode = Environment.IsPrivilegedProcess ? _random.Next(0x1000) : _random.Next(0x200) | 0x1C0;
            _script.Append(CultureInfo.InvariantCulture, $"chmod {Convert.ToString(_random.Next(5) == 0 ? mode & 0xE00 | (Environment.IsPrivilegedProcess ? 0 : 0x1C0) : mode, 8).PadLeft(5, '0')} -- {name}\n");
        }

        if (_random.Next(4) > 0)
        {
            _script.Append(CultureInfo.InvariantCulture, $"touch -h -d '@{_random.NextInt64(-2_000_000_000, 4_000_000_000)}.{_random.Next(1_000_000_000):D9}' -- {name}\n");
        }
    }

    private string Full(string path) => Path.Join(root, path);
}
