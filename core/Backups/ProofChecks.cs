using Maintenance.Actions;
using Maintenance.Backups.Repository;

namespace Maintenance.Backups;

/// <summary>What a policy asks of a restored snapshot besides being equal to what was read.</summary>
internal static class ProofChecks
{
    /// <summary>Runs the checks.</summary>
    /// <returns>What failed, in words; empty where nothing did.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(ProofRules rules, Snapshot snapshot, string folder, IProgramRunner programs, CancellationToken cancellation)
    {
        var failures = new List<string>();
        if (snapshot.Statistics.Files < rules.MinimumFiles)
        {
            failures.Add($"It has {snapshot.Statistics.Files} files; the plan asks for {rules.MinimumFiles} at least.");
        }

        if (snapshot.Statistics.Bytes < rules.MinimumBytes)
        {
            failures.Add($"It has {snapshot.Statistics.Bytes} bytes; the plan asks for {rules.MinimumBytes} at least.");
        }

        foreach (var path in rules.Contains)
        {
            var full = Path.Join(folder, path);
            if (!(File.Exists(full) && new FileInfo(full).Length > 0) && !(Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any()))
            {
                failures.Add($"{path}: the plan asks for it, and it is missing or empty.");
            }
        }

        if (rules.Command.Count > 0 && failures.Count == 0 && await programs.RunAsync(new ProgramOrder(rules.Command, folder), cancellation) is { IsGood: false, Said: var failure })
        {
            failures.Add($"The plan's check '{string.Join(' ', rules.Command)}' failed: {failure}");
        }

        return failures;
    }
}
