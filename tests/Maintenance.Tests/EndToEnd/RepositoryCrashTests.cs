using System.Diagnostics;
using System.Runtime.Versioning;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Local.Storage;

namespace Maintenance.Tests.EndToEnd;

/// <summary>Processes that work in a repository's folder and are killed at any instant.</summary>
[Collection("End to end: backups")]
[UnsupportedOSPlatform("windows")]
public sealed class RepositoryCrashTests : IAsyncLifetime
{
    private const int SnapshotsKept = 3;

    private readonly string _root = Directory.CreateTempSubdirectory("maintenance-e2e-").FullName;
    private readonly Random _random = new(Thoroughness.Seed);
    private readonly OrderedDictionary<string, IReadOnlyList<string>> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Inside, int Early, int Late)> _kills = new(StringComparer.Ordinal);

    /// <summary>For how many milliseconds each command is at work, as far as is known.</summary>
    private readonly Dictionary<string, int> _takes = new(StringComparer.Ordinal);
    private int _passphrases;

    private string Source => Path.Join(_root, "source");

    private string Repository => Path.Join(_root, "repository");

    private string Sessions => Path.Join(Repository, "sessions");

    private string Snapshots => Path.Join(Repository, "snapshots", "folder");

    /// <summary>The file with the passphrase that opens the repository for sure.</summary>
    private string Passphrase => Path.Join(_root, $"passphrase {_passphrases}");

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync()
    {
        FolderTree.Remove(_root);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Whatever_is_killed_at_whatever_instant_every_earlier_snapshot_restores_and_the_next_backup_succeeds()
    {
        try
        {
            _ = NewPassphrase(0);
            Fill();
            _ = await RunAsync(0, "backup", Source);
            Learn(FolderTree.Read(Source));
            var rounds = Thoroughness.IsFull ? 200 : 8;
            for (var round = 0; round < rounds || (Inside < rounds / 3 && round < 5 * rounds); round++)
            {
                Change(round);
                await RoundAsync(round);
                ForgetTheDead();
                await CheckAsync(round);
            }

            // The kills were where the work is, enough of them.
            Assert.True(Inside >= rounds / 3, Told());
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"MAINTENANCE_SEED={Thoroughness.Seed}, kills {Told()}: {error.Message}", error);
        }
    }

    [Fact]
    public async Task A_passphrase_is_added_listed_and_removed_and_the_last_one_stays()
    {
        _ = NewPassphrase(0);
        Write(Path.Join(Source, "file"), 100, isText: true);
        _ = await RunAsync(0, "backup", Source);
        var first = Assert.Single((await OpenAsync(Passphrase)).Keys);
        var next = NewPassphrase(1);
        _ = await RunAsync(0, "keys", "add", "--new-passphrase-file", next, "--label", "of 2027");
        _passphrases = 1;
        var listed = (await RunAsync(0, "keys", "list")).Output;
        Assert.Contains(first.Id, listed, StringComparison.Ordinal);
        Assert.Contains("of 2027", listed, StringComparison.Ordinal);
        _ = await RunAsync(0, "keys", "remove", first.Id);
        _ = await RunAsync(1, "keys", "remove", first.Id);
        await Assert.ThrowsAsync<RepositoryLockedException>(() => OpenAsync(Path.Join(_root, "passphrase 0")));
        var last = Assert.Single((await OpenAsync(next)).Keys);
        _ = await RunAsync(2, "keys", "remove", last.Id);
        _ = Assert.Single((await OpenAsync(next)).Keys);
    }

    private int Inside => _kills.Values.Sum(static kills => kills.Inside);

    private string Told() => string.Join("; ", _kills.Select(static kills => $"{kills.Key}: {kills.Value.Inside} at work, {kills.Value.Early} before, {kills.Value.Late} after"));

    private async Task RoundAsync(int round)
    {
        switch (round % 4)
        {
            case 1:
                Drop();
                _ = await RunAsync(0, "prune", "--grace-hours", "0");
                await KillAsync("prune", "prune", "--grace-hours", "0");
                break;
            case 2 when _known.Count > 0:
                await KillAsync("restore", "restore", _known.Keys.First(), "--to", Path.Join(_root, $"restored {round}"));
                FolderTree.Remove(Path.Join(_root, $"restored {round}"));
                break;
            case 3:
                await RotateAsync(isAdding: round % 8 == 3);
                break;
            default:
                var tree = FolderTree.Read(Source);
                await KillAsync("backup", "backup", Source);
                Learn(tree);
                break;
        }
    }

    /// <summary>A new passphrase, or the old one gone; killed in the middle. Done again, it is done.</summary>
    private async Task RotateAsync(bool isAdding)
    {
        var old = Passphrase;
        var (repository, first) = await OpenAsync(old);
        var next = NewPassphrase(_passphrases + 1);
        if (isAdding)
        {
            await KillAsync("keys add", "keys", "add", "--new-passphrase-file", next);
            foreach (var half in (await repository.KeysAsync(default)).Where(key => first.All(other => other.Id != key.Id)))
            {
                Assert.True(await repository.RemoveKeyAsync(half.Id, default));
            }
        }

        _ = await repository.AddKeyAsync(new PassphraseProtector((await File.ReadAllTextAsync(next)).Trim()), "next", default);
        if (!isAdding)
        {
            await KillAsync("keys remove", "keys", "remove", first[0].Id);
        }

        _passphrases++;
        (repository, var keys) = await OpenAsync(Passphrase);
        if (keys.Any(key => key.Id == first[0].Id))
        {
            Assert.True(await repository.RemoveKeyAsync(first[0].Id, default));
        }

        _ = Assert.Single(await repository.KeysAsync(default));
        await Assert.ThrowsAsync<RepositoryLockedException>(() => OpenAsync(old));
    }

    /// <summary>Verification finds nothing wrong, every snapshot restores as its source was, and a backup succeeds.</summary>
    private async Task CheckAsync(int round)
    {
        _ = await RunAsync(0, "verify", "--read-data");
        var (repository, _) = await OpenAsync(Passphrase);
        foreach (var (id, tree) in _known)
        {
            var target = Path.Join(_root, $"check {round} {id}");
            var snapshot = await repository.FindAsync(id, default);
            Assert.True(snapshot is not null, $"{id} is gone.");
            Assert.Empty((await repository.RestoreAsync(snapshot, new RestoreOrder(target), null, default)).Losses);
            Assert.Equal(tree, FolderTree.Read(target));
            FolderTree.Remove(target);
        }

        // By its number, since the id of a snapshot is its second otherwise.
        await using var source = new FolderSource(Source, [], oneFileSystem: false);
        var order = new SnapshotOrder($"folder_20000101T000000Z-{round:0000}", "folder");
        Assert.Empty((await repository.TakeAsync(order, source, null, default)).Problems);
        Learn(FolderTree.Read(Source));
        while (_known.Count > SnapshotsKept)
        {
            Drop();
        }
    }

    private void Learn(IReadOnlyList<string> tree)
    {
        foreach (var file in Directory.Exists(Snapshots) ? Directory.GetFiles(Snapshots) : [])
        {
            _ = _known.TryAdd(Path.GetFileName(file), tree);
        }
    }

    private void Drop()
    {
        if (_known.Count > 1 && _known.Keys.First() is { } oldest)
        {
            File.Delete(Path.Join(Snapshots, oldest));
            _ = _known.Remove(oldest);
        }
    }

    /// <summary>What four days do, after which a session is that of somebody who died.</summary>
    private void ForgetTheDead()
    {
        foreach (var session in Directory.Exists(Sessions) ? Directory.GetFiles(Sessions) : [])
        {
            File.Delete(session);
        }
    }

    /// <summary>
    /// Starts a command and kills it at an instant of its work: some time after it has announced itself, or after its start where it does not. How long this machine works
    /// at it, it learns: whoever came too late waits half as long the next time.
    /// </summary>
    private async Task KillAsync(string what, params string[] arguments)
    {
        var takes = _takes.GetValueOrDefault(what, 500);
        using var process = Process.Start(StartInfo(arguments))!;
        process.StandardInput.Close();
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var watch = Stopwatch.StartNew();
        while (!process.HasExited && (what.StartsWith("keys", StringComparison.Ordinal) ? watch.ElapsedMilliseconds < takes / 2 : !IsSomebodyAtWork()) && watch.Elapsed < TimeSpan.FromSeconds(180))
        {
            await Task.Delay(2);
        }

        await Task.Delay(_random.Next(0, takes));
        var wasOver = process.HasExited;
        _takes[what] = wasOver ? Math.Max(1, takes / 2) : takes + (takes / 8);
        if (!wasOver)
        {
            process.Kill();
        }

        await process.EndsAsync();
        _ = await output.AfterEndAsync(process);
        var kills = _kills.GetValueOrDefault(what);
        _kills[what] = wasOver ? kills with { Late = kills.Late + 1 } : IsSomebodyAtWork() ? kills with { Inside = kills.Inside + 1 } : kills with { Early = kills.Early + 1 };
    }

    private bool IsSomebodyAtWork() => Directory.Exists(Sessions) && Directory.GetFiles(Sessions).Length > 0;

    private async Task<CommandResult> RunAsync(int exit, params string[] arguments)
    {
        using var process = Process.Start(StartInfo(arguments))!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.EndsAsync(300);
        var result = new CommandResult(string.Join(' ', arguments), process.ExitCode, await output.AfterEndAsync(process), await errors.AfterEndAsync(process));
        Assert.True(exit == result.ExitCode, $"Expected {exit}: {result}");
        return result;
    }

    private ProcessStartInfo StartInfo(string[] arguments) =>
        new("dotnet", [Path.Join(AppContext.BaseDirectory, "maintenance.dll"), "repository", .. arguments, "--repository", Repository, "--passphrase-file", Passphrase])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _root,
        };

    private async Task<(BackupRepository Repository, IReadOnlyList<RepositoryKey> Keys)> OpenAsync(string passphraseFile)
    {
        var protector = new PassphraseProtector((await File.ReadAllTextAsync(passphraseFile)).Trim());
        var repository = await BackupRepository.OpenAsync(FolderObjectStore.Open(Repository), protector, TimeProvider.System, create: false, default);
        return (repository, await repository.KeysAsync(default));
    }

    private string NewPassphrase(int number)
    {
        var file = Path.Join(_root, $"passphrase {number}");
        File.WriteAllText(file, $"the passphrase of number {number}\n");
        return file;
    }

    private void Fill()
    {
        for (var i = 0; i < 200; i++)
        {
            Write(Path.Join(Source, $"f{i % 7}", $"{i}.txt"), _random.Next(50_000), isText: i % 2 == 0);
        }

        for (var i = 0; i < 4; i++)
        {
            Write(Path.Join(Source, $"big {i}"), 9_000_000, isText: i % 2 == 0);
        }
    }

    private void Change(int round)
    {
        Write(Path.Join(Source, $"big {round % 4}"), 9_000_000, isText: round % 3 == 0);
        Write(Path.Join(Source, $"big {4 + (round % 2)}"), 5_000_000, isText: false);
        for (var i = 0; i < 30; i++)
        {
            Write(Path.Join(Source, $"f{_random.Next(7)}", $"{_random.Next(200)}.txt"), _random.Next(50_000), isText: i % 2 == 0);
        }
    }

    private void Write(string path, int length, bool isText)
    {
        var content = new byte[length];
        _random.NextBytes(content);
        for (var i = 0; isText && i < length; i++)
        {
            content[i] = (byte)('a' + (content[i] % 16));
        }

        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
    }
}
