using Maintenance.Benchmarks;

// Each benchmark prints what docs/performance.md records. Figures of a shared machine swing: what is compared is measured in one run, in turns.
return args switch
{
    ["sweep"] => await SweepBenchmark.RunAsync(open: 100_000),
    ["sweep", var open] => await SweepBenchmark.RunAsync(int.Parse(open)),
    ["tickets"] => await TicketsBenchmark.RunAsync(open: 1_000_000),
    ["tickets", var open] => await TicketsBenchmark.RunAsync(int.Parse(open)),
    ["pages"] => await PagesBenchmark.RunAsync(open: 100_000),
    ["pages", var open] => await PagesBenchmark.RunAsync(int.Parse(open)),
    ["feedback"] => await FeedbackBenchmark.RunAsync(TimeSpan.FromSeconds(4)),
    ["cold-start"] => await ColdStartBenchmark.RunAsync(rounds: 7),
    ["approvals"] => await ApprovalsBenchmark.RunAsync(open: 5000, rounds: 3),
    ["approvals-resume", var file] => await ApprovalsBenchmark.ResumeAsync(file),
    // The parts of backup-vs-restic.sh.
    ["corpus", .. var rest] => BackupCorpus.Run(rest),
    ["run", var figures, "--", .. { Length: > 0 } command] => MeasuredRun.Run(figures, command),
    ["compare", var original, var restored] => FolderComparison.Run(original, restored),
    ["backup-table", var figures] => BackupTable.Run(figures),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("dotnet run -c Release --project tests/Benchmarks -- sweep [open tickets] | tickets [open tickets] | pages [open tickets] | feedback | cold-start | approvals | corpus FOLDER [options]; backups: tests/Benchmarks/backup-vs-restic.sh");
    return 2;
}
