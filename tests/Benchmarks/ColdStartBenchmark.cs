using System.Globalization;

namespace Maintenance.Benchmarks;

/// <summary>From starting the process on an empty data folder to the first answer.</summary>
internal static class ColdStartBenchmark
{
    public static async Task<int> RunAsync(int rounds)
    {
        using var workplace = new Workplace();
        var times = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            times.Add((await workplace.ServeAsync($"data{round}", timers: true)).Took.TotalSeconds);
            workplace.Stop();
        }

        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"cold start to first answer: median {times[rounds / 2]:0.00} s, worst {times[^1]:0.00} s of {rounds}"));
        return 0;
    }
}
