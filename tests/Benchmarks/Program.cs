using Maintenance.Benchmarks;

// Each benchmark prints what docs/performance.md records. Figures of a shared machine swing: what is compared is measured in one run, in turns.
return args switch
{
    ["sweep"] => await SweepBenchmark.RunAsync(open: 100_000),
    ["sweep", var open] => await SweepBenchmark.RunAsync(int.Parse(open)),
    ["feedback"] => await FeedbackBenchmark.RunAsync(TimeSpan.FromSeconds(4)),
    ["cold-start"] => await ColdStartBenchmark.RunAsync(rounds: 7),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("dotnet run -c Release --project tests/Benchmarks -- sweep [open tickets] | feedback | cold-start");
    return 2;
}
