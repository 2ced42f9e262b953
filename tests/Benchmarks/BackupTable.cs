using System.Globalization;

namespace Maintenance.Benchmarks;

/// <summary>The table of the backup benchmark: medians over the rounds, and our ratios to restic within one round, beside what is aimed at.</summary>
internal static class BackupTable
{
    private const string Ours = "ours";
    private const string Peer = "restic";

    private static readonly (string Name, string Text)[] Operations =
    [
        ("backup", "first backup"), ("restore", "restore"), ("check", "full check"), ("unchanged", "backup, nothing changed"), ("changed", "backup, some changed"),
    ];

    /// <summary>How many times less CPU than restic is aimed at.</summary>
    private static readonly Dictionary<(string Corpus, string Operation), double> Faster = new()
    {
        [("tree", "backup")] = 2.3,
        [("dump", "backup")] = 1.9,
        [("random", "backup")] = 2.0,
        [("tree", "changed")] = 3.5,
        [("tree", "unchanged")] = 4.0,
        [("tree", "restore")] = 1.9,
        [("dump", "restore")] = 1.1,
        [("tree", "check")] = 1.7,
        [("dump", "check")] = 1.0,
    };

    /// <summary>How many times restic's stored size is allowed.</summary>
    private static readonly Dictionary<string, double> Smaller = new() { ["tree"] = 0.92, ["dump"] = 1.04 };

    /// <summary>Reads lines of round, corpus, tool, operation, user s, system s, wall s, peak KiB, stored bytes (with tabs between, a heading first).</summary>
    /// <returns>0 when every target that could be judged is met, else 1.</returns>
    public static int Run(string figures)
    {
        var lines = File.ReadLines(figures).Skip(1).Select(static l => Line.Parse(l.Split('\t'))).ToList();
        var missed = new List<string>();
        Console.WriteLine("CPU seconds are user and system together. Ratios are medians of the ratios within one round.");
        foreach (var corpus in lines.Select(static l => l.Corpus).Distinct().ToList())
        {
            var here = lines.Where(l => l.Corpus == corpus).ToList();
            var tools = here.Select(static l => l.Tool).Distinct().ToList();
            Console.WriteLine($"\n### {corpus} (rounds: {here.Max(static l => l.Round)})\n");
            Console.WriteLine($"| | {string.Join(" | ", tools)} |{string.Concat(tools.Where(static t => t != Peer).Select(static t => $" restic : {t} |"))} target |");
            Console.WriteLine($"| --- |{string.Concat(Enumerable.Repeat(" ---: |", tools.Count + tools.Count(static t => t != Peer) + 1))}");
            foreach (var (operation, text) in Operations)
            {
                Print(text + ", CPU s", here, operation, static l => l.Cpu, "0.00", ratioOfPeerToUs: true, Faster.TryGetValue((corpus, operation), out var target) ? target : null);
            }

            foreach (var (operation, text) in Operations)
            {
                Print(text + ", wall s", here, operation, static l => l.Wall, "0.00", ratioOfPeerToUs: true, null);
            }

            foreach (var (operation, text) in Operations)
            {
                Print(text + ", peak MiB", here, operation, static l => l.PeakMemory / 1024, "0", ratioOfPeerToUs: false, 1.0);
            }

            Print("stored, MB", here, "backup", static l => l.Stored / 1e6, "0.0", ratioOfPeerToUs: false, Smaller.TryGetValue(corpus, out var size) ? size : null);
            Print("stored with the changed, MB", here, "changed", static l => l.Stored / 1e6, "0.0", ratioOfPeerToUs: false, null);

            void Print(string text, List<Line> all, string operation, Func<Line, double> value, string format, bool ratioOfPeerToUs, double? target)
            {
                var chosen = all.Where(l => l.Operation == operation).ToList();
                if (chosen.Count == 0)
                {
                    return;
                }

                var cells = tools.Select(t => Cell(Median(chosen.Where(l => l.Tool == t).Select(value)), format)).ToList();
                foreach (var tool in tools.Where(static t => t != Peer))
                {
                    var ratio = Median(chosen.Where(l => l.Tool == tool).Join(
                        chosen.Where(static l => l.Tool == Peer), static l => l.Round, static l => l.Round, (a, b) => ratioOfPeerToUs ? value(b) / value(a) : value(a) / value(b)));
                    var met = tool != Ours || target is null || ratio is null || (ratioOfPeerToUs ? ratio >= target : ratio <= target);
                    if (!met)
                    {
                        missed.Add($"{corpus}: {text}: {ratio:0.00}x, not {target:0.00}x");
                    }

                    cells.Add(Cell(ratio, "0.00x") + (met ? "" : " ✗"));
                }

                Console.WriteLine($"| {text} | {string.Join(" | ", cells)} | {(target is { } t ? string.Create(CultureInfo.InvariantCulture, $"{(ratioOfPeerToUs ? "≥" : "≤")} {t:0.00}x") : "")} |");
            }
        }

        if (missed.Count > 0)
        {
            Console.WriteLine($"\nMissed:\n{string.Join('\n', missed.Select(static m => $"- {m}"))}");
        }

        return missed.Count > 0 ? 1 : 0;
    }

    /// <summary>The median; null of nothing.</summary>
    private static double? Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? null : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    private static string Cell(double? value, string format) => value?.ToString(format.Replace("x", "'x'", StringComparison.Ordinal), CultureInfo.InvariantCulture) ?? "–";

    /// <summary>One measured command. Times in seconds, memory in KiB, the repository's size after it in bytes.</summary>
    private sealed record Line(int Round, string Corpus, string Tool, string Operation, double Cpu, double Wall, double PeakMemory, double Stored)
    {
        public static Line Parse(string[] cells)
        {
            var numbers = cells[4..].Select(static c => double.Parse(c, CultureInfo.InvariantCulture)).ToArray();
            return new Line(int.Parse(cells[0], CultureInfo.InvariantCulture), cells[1], cells[2], cells[3], numbers[0] + numbers[1], numbers[2], numbers[3], numbers[4]);
        }
    }
}
