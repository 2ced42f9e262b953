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
        var failures = Sizes(rules, snapshot);

        foreach (var path in rules.Contains)
        {
            var full = Path.Join(folder, path);
            if (!(File.Exists(full) && new FileInfo(full).Length > 0) && !(Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any()))
            {
                failures.Add(Lacking(path));
            }
        }

        if (rules.Command.Count > 0 && failures.Count == 0 && await programs.RunAsync(new ProgramOrder(rules.Command, folder), cancellation) is { IsGood: false, Said: var failure })
        {
            failures.Add($"The plan's check '{string.Join(' ', rules.Command)}' failed: {failure}");
        }

        return failures;
    }

    /// <summary>Runs the checks of a snapshot that is too large to be restored as a whole.</summary>
    /// <param name="rules">The checks.</param>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="entries">Its entries.</param>
    /// <param name="scratchBytes">What the scratch folder takes.</param>
    /// <returns>What failed, in words; empty where nothing did.</returns>
    public static async Task<IReadOnlyList<string>> RunWithoutFolderAsync(ProofRules rules, Snapshot snapshot, IAsyncEnumerable<TreeEntry> entries, long scratchBytes)
    {
        var failures = Sizes(rules, snapshot);
        var lacking = rules.Contains.ToHashSet(StringComparer.Ordinal);
        if (lacking.Count > 0)
        {
            await foreach (var entry in entries)
            {
                // A folder counts once something is in it, a file once it has contents.
                _ = lacking.RemoveWhere(path => entry.Path.StartsWith(path.TrimEnd('/') + "/", StringComparison.Ordinal) || (entry.Path == path && entry.Length > 0));
            }
        }

        failures.AddRange(rules.Contains.Where(lacking.Contains).Select(Lacking));
        if (rules.Command.Count > 0)
        {
            failures.Add($"The plan's check '{string.Join(' ', rules.Command)}' needs all of the snapshot at once: {snapshot.Statistics.Bytes} bytes, and the scratch folder takes {scratchBytes}. Give it a larger one, or take the check out of the plan.");
        }

        return failures;
    }

    private static List<string> Sizes(ProofRules rules, Snapshot snapshot)
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

        return failures;
    }

    private static string Lacking(string path) => $"{path}: the plan asks for it, and it is missing or empty.";
}
