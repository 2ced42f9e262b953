using System.CommandLine;
using System.Text.Json;
using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Local.Hosting;
using Maintenance.Local.Storage;
using Maintenance.Web.Pages;

namespace Maintenance.Local.Cli;

/// <summary>
/// <c>repository …</c>: works in a repository's folder directly, without a plan, a data folder or a host. For the day on which there is nothing left but the
/// repository, or a copy of it, and its passphrase.
/// </summary>
internal static class RepositoryCommands
{
    private static readonly Option<string> Folder = new("--repository") { Description = "The repository's folder, or a copy of it.", Required = true };

    private static readonly Option<string?> PassphraseFile = new("--passphrase-file")
    {
        Description = "A file whose first line is the passphrase; else the variable MAINTENANCE_PASSPHRASE.",
    };

    public static Command Make(CommonOptions common) => ApiCommand.Group(
        "repository",
        "Work in a backup repository's folder directly, with its passphrase alone: no plan, no host.",
        Backup(common), List(common), Entries(common), Restore(common), Verify(common), Prune(common), Stats(common), Keys(common));

    private static Command Backup(CommonOptions common)
    {
        var source = new Argument<string>("folder") { Description = "The folder to back up." };
        var policy = new Option<string>("--policy") { Description = "What the snapshots belong to.", DefaultValueFactory = static _ => "folder" };
        var exclude = new Option<string[]>("--exclude") { Description = "Globs of paths to leave out." };
        var compression = new Option<BackupCompression>("--compression") { Description = "balanced, fast or none.", DefaultValueFactory = static _ => BackupCompression.Balanced };
        var ignoreCtime = new Option<bool>("--ignore-ctime") { Description = "Size and time of a file alone tell that it has not changed." };
        var oneFileSystem = new Option<bool>("--one-file-system") { Description = "Stay on the folder's own file system." };
        var command = new Command("backup", "Take a snapshot of a folder; makes the repository where there is none.") { source, policy, exclude, compression, ignoreCtime, oneFileSystem };
        return Act(command, common, create: true, async (repository, parsed, meter, cancellation) =>
        {
            await using var folder = new FolderSource(
                Path.GetFullPath(parsed.GetRequiredValue(source)), parsed.GetValue(exclude) ?? [], parsed.GetValue(oneFileSystem));
            var name = parsed.GetRequiredValue(policy);
            var order = new SnapshotOrder(BackupPlanning.RunId(name, TimeProvider.System.GetUtcNow()), name)
            {
                Compression = parsed.GetValue(compression),
                IgnoreChangeMark = parsed.GetValue(ignoreCtime),
                Workers = LocalHost.Workers,
            };
            var snapshot = await repository.TakeAsync(order, folder, meter, cancellation);
            var statistics = snapshot.Statistics;
            return Report(
                snapshot with { Tree = [] },
                snapshot.Problems.Count == 0 ? ExitCode.Done : ExitCode.Wrong,
                [
                    $"{snapshot.Id}: {statistics.Files} files, {Words.Bytes(statistics.Bytes)}; read {Words.Bytes(statistics.ReadBytes)}, new {Words.Bytes(statistics.NewBytes)}, stored {Words.Bytes(statistics.StoredBytes)}.",
                    .. snapshot.Problems.Select(static problem => "  " + problem),
                    .. snapshot.Notes.Select(static note => "  note: " + note),
                ]);
        });
    }

    private static Command List(CommonOptions common) => Act(new Command("list", "List its snapshots, oldest first."), common, create: false, async (repository, _, _, cancellation) =>
    {
        var snapshots = new List<Snapshot>();
        var damaged = new List<string>();
        foreach (var id in await repository.ListAsync(null, cancellation))
        {
            try
            {
                if (await repository.FindAsync(id, cancellation) is { } snapshot)
                {
                    snapshots.Add(snapshot with { Tree = [] });
                }
            }
            catch (InvalidDataException error)
            {
                // One damaged manifest must not hide all the others.
                damaged.Add($"{id}: {error.Message}");
            }
        }

        return Report(
            snapshots,
            damaged.Count == 0 ? ExitCode.Done : ExitCode.Wrong,
            [.. snapshots.Select(static one => $"{one.Id}  {one.TakenAt.UtcDateTime:yyyy-MM-dd HH:mm:ss'Z'}  {one.Statistics.Files} files  {Words.Bytes(one.Statistics.Bytes)}  {one.Source}"), .. damaged]);
    });

    private static Command Entries(CommonOptions common)
    {
        var id = SnapshotArgument();
        return Act(new Command("entries", "List what is in a snapshot.") { id }, common, create: false, async (repository, parsed, _, cancellation) =>
        {
            var snapshot = await FindAsync(repository, parsed.GetRequiredValue(id), cancellation);
            var lines = new List<string>();
            await foreach (var entry in repository.EntriesAsync(snapshot, cancellation))
            {
                lines.Add($"{entry.Kind,-12} {entry.Length,14}  {entry.Path}{(entry.Target is null ? "" : " -> " + entry.Target)}");
            }

            return Report(lines, ExitCode.Done, lines);
        });
    }

    private static Command Restore(CommonOptions common)
    {
        var id = SnapshotArgument();
        var to = new Option<string>("--to") { Description = "The folder to restore into.", Required = true };
        var paths = new Option<string[]>("--path") { Description = "Restore only these paths or globs." };
        var existing = new Option<ExistingFiles>("--existing") { Description = "What becomes of files that are there: refuse, keep, replace or rename.", DefaultValueFactory = static _ => ExistingFiles.Refuse };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be done, and write nothing." };
        var command = new Command("restore", "Restore a snapshot; 1 where something is lost.") { id, to, paths, existing, dryRun };
        return Act(command, common, create: false, async (repository, parsed, meter, cancellation) =>
        {
            var snapshot = await FindAsync(repository, parsed.GetRequiredValue(id), cancellation);
            var order = new RestoreOrder(Path.GetFullPath(parsed.GetRequiredValue(to)))
            {
                Paths = parsed.GetValue(paths) ?? [],
                Existing = parsed.GetValue(existing),
                IsDryRun = parsed.GetValue(dryRun),
                Workers = LocalHost.Workers,
            };
            var report = await repository.RestoreAsync(snapshot, order, meter, cancellation);
            return Report(
                report,
                report.LossCount == 0 ? ExitCode.Done : ExitCode.Wrong,
                [
                    $"{report.Snapshot} {(report.IsDryRun ? "would be restored" : "restored")} to {report.Target}: {report.Files} files, {report.Folders} folders, {report.Links} links, {Words.Bytes(report.Bytes)}; {report.Kept} kept, {report.Replaced} replaced, {report.Renamed} renamed, {report.LossCount} lost.",
                    .. report.Losses.Select(static loss => "  lost: " + loss),
                    .. report.Warnings.Select(static warning => "  " + warning),
                ]);
        });
    }

    private static Command Verify(CommonOptions common)
    {
        var readData = new Option<bool>("--read-data") { Description = "Read and check every byte; the same as --percent 100." };
        var percent = new Option<int>("--percent") { Description = "How many of a hundred packs to read whole.", DefaultValueFactory = static _ => 0 };
        var rehash = new Option<bool>("--rehash") { Description = "Compare each chunk with its name, too." };
        var command = new Command("verify", "Check it; 1 where something is wrong.") { readData, percent, rehash };
        return Act(command, common, create: false, async (repository, parsed, meter, cancellation) =>
        {
            var order = new VerifyOrder(parsed.GetValue(readData) ? 100 : parsed.GetValue(percent)) { IsRehashed = parsed.GetValue(rehash), Workers = LocalHost.Workers };
            var report = await repository.VerifyAsync(order, meter, cancellation);
            return Report(
                report,
                report.IsClean ? ExitCode.Done : ExitCode.Wrong,
                [
                    $"{report.Snapshots} snapshots, {report.Packs} packs, {report.PacksRead} of them read ({Words.Bytes(report.BytesRead)}): {(report.IsClean ? "nothing is wrong." : $"{report.Findings.Count} findings.")}",
                    .. report.Findings.SelectMany(static finding => (string[])[$"  {finding.Name}: {finding.What}{(finding.IsLoss ? $"; lost by it: {finding.PathCount} paths" : "; nothing is lost by it")}", .. finding.Paths.Select(static path => "    " + path)]),
                    .. report.Notes.Select(static note => "  note: " + note),
                ]);
        });
    }

    private static Command Prune(CommonOptions common)
    {
        var grace = new Option<double>("--grace-hours") { Description = "How long a pack must have been marked as unneeded.", DefaultValueFactory = static _ => 48 };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be done, and do nothing." };
        return Act(new Command("prune", "Remove what no snapshot needs.") { grace, dryRun }, common, create: false, async (repository, parsed, meter, cancellation) =>
        {
            var report = await repository.PruneAsync(new PruneOrder(TimeSpan.FromHours(parsed.GetValue(grace))) { IsDryRun = parsed.GetValue(dryRun) }, meter, cancellation);
            return Report(
                report,
                ExitCode.Done,
                [
                    $"Marked {report.MarkedPacks} packs ({Words.Bytes(report.MarkedBytes)}), deleted {report.DeletedPacks} ({report.RewrittenPacks} of them moved in part, {Words.Bytes(report.FreedBytes)} free), waiting {report.WaitingPacks}, held {report.HeldPacks}.",
                    .. report.Notes.Select(static note => "  " + note),
                ]);
        });
    }

    private static Command Stats(CommonOptions common) => Act(new Command("stats", "What it holds and what it takes."), common, create: false, async (repository, _, _, cancellation) =>
    {
        var statistics = await repository.StatisticsAsync(cancellation);
        return Report(
            statistics,
            ExitCode.Done,
            [
                $"{statistics.Snapshots} snapshots of {Words.Bytes(statistics.SnapshotBytes)}; {statistics.Chunks} chunks of {Words.Bytes(statistics.ChunkBytes)} in {statistics.Packs} packs of {Words.Bytes(statistics.StoredBytes)}.",
                $"{statistics.UnneededPacks} packs are marked to be deleted, {statistics.DamagedSegments} segments as damaged.",
            ]);
    });

    private static Command Keys(CommonOptions common)
    {
        var file = new Option<string>("--new-passphrase-file") { Description = "A file whose first line is the new passphrase.", Required = true };
        var label = new Option<string>("--label") { Description = "What to call the key.", DefaultValueFactory = static _ => "added" };
        var id = new Argument<string>("key") { Description = "The key's id, as the list has it." };
        return ApiCommand.Group(
            "keys",
            "The keys that open the repository: several may, each by a passphrase of its own.",
            Act(new Command("list", "List its keys."), common, create: false, static async (repository, _, _, cancellation) =>
            {
                var keys = await repository.KeysAsync(cancellation);
                return Report(keys, ExitCode.Done, [.. keys.Select(KeyLine)]);
            }),
            Act(new Command("add", "Add a passphrase that opens it too. Nothing else is rewritten.") { file, label }, common, create: false, async (repository, parsed, _, cancellation) =>
            {
                var protector = new PassphraseProtector(await PassphraseAsync(parsed.GetRequiredValue(file), cancellation), "new passphrase");
                var key = await repository.AddKeyAsync(protector, parsed.GetRequiredValue(label), cancellation);
                return Report(key, ExitCode.Done, [KeyLine(key)]);
            }),
            Act(new Command("remove", "Remove a key: its passphrase opens the repository no longer. Whoever has opened it before may have kept what it opens.") { id }, common, create: false, async (repository, parsed, _, cancellation) =>
            {
                var key = parsed.GetRequiredValue(id);
                bool isRemoved;
                try
                {
                    isRemoved = await repository.RemoveKeyAsync(key, cancellation);
                }
                catch (InvalidOperationException error)
                {
                    throw new IOException(error.Message, error);
                }

                return Report(new { Key = key, IsRemoved = isRemoved }, isRemoved ? ExitCode.Done : ExitCode.Wrong, [isRemoved ? $"{key} is removed." : $"The repository has no key '{key}'."]);
            }));
    }

    private static string KeyLine(RepositoryKey key) => $"{key.Id}  {key.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss'Z'}  {key.Wrapping.Kind}  {key.Label}";

    private static Argument<string> SnapshotArgument() => new("snapshot") { Description = "The snapshot's id, or latest." };

    private static async Task<Snapshot> FindAsync(BackupRepository repository, string id, CancellationToken cancellation)
    {
        if (id == "latest")
        {
            var ids = await repository.ListAsync(null, cancellation);
            id = ids.MaxBy(static one => one[(one.LastIndexOf('_') + 1)..], StringComparer.Ordinal) ?? throw new IOException("The repository has no snapshot.");
        }

        return await repository.FindAsync(id, cancellation) ?? throw new IOException($"The repository has no snapshot '{id}'.");
    }

    private static Command Act(
        Command command, CommonOptions common, bool create, Func<BackupRepository, ParseResult, IProgress<BackupProgress>?, CancellationToken, Task<(JsonElement Json, int Exit, IReadOnlyList<string> Lines)>> act)
    {
        command.Options.Add(Folder);
        command.Options.Add(PassphraseFile);
        command.SetAction(async (parsed, cancellation) =>
        {
            var protector = new PassphraseProtector(await PassphraseAsync(parsed.GetValue(PassphraseFile), cancellation));
            var path = Path.GetFullPath(parsed.GetRequiredValue(Folder));
            if (!create && !Directory.Exists(path))
            {
                throw new DirectoryNotFoundException($"There is no folder '{path}'.");
            }

            var repository = await BackupRepository.OpenAsync(FolderObjectStore.Open(path), protector, TimeProvider.System, create, cancellation);
            using var meter = ProgressLine.OnTerminal(parsed.GetValue(common.Json));
            var (json, exit, lines) = await act(repository, parsed, meter, cancellation);
            meter?.Clear();
            if (parsed.GetValue(common.Json))
            {
                Output.Json(json);
            }
            else
            {
                foreach (var line in lines)
                {
                    Console.WriteLine(line);
                }
            }

            return exit;
        });
        return command;
    }

    private static async Task<string> PassphraseAsync(string? file, CancellationToken cancellation)
    {
        if (file is not null)
        {
            return (await File.ReadAllTextAsync(file, cancellation)).Split('\n')[0].TrimEnd('\r');
        }

        return Environment.GetEnvironmentVariable("MAINTENANCE_PASSPHRASE") is { Length: > 0 } given
            ? given
            : throw new IOException("Name a file with the passphrase (--passphrase-file), or set MAINTENANCE_PASSPHRASE.");
    }

    private static (JsonElement, int, IReadOnlyList<string>) Report<T>(T value, int exit, IReadOnlyList<string> lines) =>
        (JsonSerializer.SerializeToElement(value, MaintenanceJson.Options), exit, lines);
}
