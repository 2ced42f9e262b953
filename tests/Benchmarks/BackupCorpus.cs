using System.Globalization;

namespace Maintenance.Benchmarks;

/// <summary>What the backup benchmark backs up, made into one folder: <c>tree</c>, <c>tree-changed</c>, <c>dump</c>, <c>dump-changed</c>, <c>random</c>.</summary>
internal static class BackupCorpus
{
    public static readonly string[] Names = ["tree", "tree-changed", "dump", "dump-changed", "random"];

    private const int RandomFiles = 4;
    private const long RandomBytes = 512L << 20;

    /// <summary>Arguments: <c>FOLDER [--only tree|dump|random] [--scale 1.0] [--seed 1] [--from FOLDER]…</c>. A corpus that is there already is left as it is.</summary>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        if (arguments.IsEmpty)
        {
            Console.Error.WriteLine("corpus FOLDER [--only tree|dump|random] [--scale 1.0] [--seed 1] [--from FOLDER]...");
            return 2;
        }

        var folder = Path.GetFullPath(arguments[0]);
        var (scale, seed, only, sources) = (1.0, 1UL, "", new List<string>());
        for (var i = 1; i + 1 < arguments.Length; i += 2)
        {
            switch (arguments[i])
            {
                case "--scale": scale = double.Parse(arguments[i + 1], CultureInfo.InvariantCulture); break;
                case "--seed": seed = ulong.Parse(arguments[i + 1], CultureInfo.InvariantCulture); break;
                case "--only": only = arguments[i + 1]; break;
                case "--from": sources.Add(Path.GetFullPath(arguments[i + 1])); break;
                default:
                    Console.Error.WriteLine($"unknown option {arguments[i]}");
                    return 2;
            }
        }

        foreach (var name in Names.Where(n => only.Length == 0 || n == only || n.StartsWith(only + "-", StringComparison.Ordinal)))
        {
            var target = Path.Join(folder, name);
            if (Directory.Exists(target))
            {
                continue;
            }

            // Made beside its place and then renamed: a corpus that is there is whole.
            var unfinished = target + ".unfinished";
            if (Directory.Exists(unfinished))
            {
                Directory.Delete(unfinished, recursive: true);
            }

            _ = Directory.CreateDirectory(unfinished);
            switch (name)
            {
                case "tree": TreeCorpus.Make(unfinished, sources.Count > 0 ? sources : TreeCorpus.Sources, seed, scale); break;
                case "tree-changed": TreeCorpus.MakeChanged(Path.Join(folder, "tree"), unfinished, seed); break;
                case "random": MakeRandom(unfinished, seed, (long)(RandomBytes * scale)); break;
                default: RegistryDump.Make(unfinished, seed, scale, changed: name == "dump-changed"); break;
            }

            Directory.Move(unfinished, target);
        }

        return 0;
    }

    private static void MakeRandom(string folder, ulong seed, long bytes)
    {
        var buffer = new byte[1 << 20];
        for (var i = 0; i < RandomFiles; i++)
        {
            var numbers = new SeededNumbers(seed, 0x7261_6E64_0000UL + (ulong)i);
            using var file = File.Create(Path.Join(folder, $"random-{i}.bin"));
            for (var left = bytes / RandomFiles; left > 0; left -= buffer.Length)
            {
                numbers.Fill(buffer);
                file.Write(buffer.AsSpan(0, (int)Math.Min(left, buffer.Length)));
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"random: {RandomFiles} files, {bytes / 1e6:0} MB"));
    }
}
