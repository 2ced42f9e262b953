using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Local.Storage;
using Maintenance.Tests.EndToEnd;
using Maintenance.Tests.Sources;

namespace Maintenance.Tests.Repository;

/// <summary>
/// docs/backup-format.md against the engine: a reader in another language that was written from the document alone restores what the engine wrote. Where this fails
/// after a change of the format, the document is to be changed first, and the reader from it.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class FormatReaderTests : IDisposable
{
    private const string Passphrase = "korrekt häst batteri häftklammer";

    private readonly SourceScratch _scratch = new();

    public void Dispose()
    {
        FolderTree.Remove(_scratch.Root);
    }

    [PythonFact]
    public async Task A_reader_written_from_the_document_restores_what_the_engine_wrote()
    {
        SampleTree.Make(Source);
        AddWhatChunkingTreatsInItsOwnWay();
        var first = await TakeAsync(new DateTimeOffset(2026, 11, 21, 2, 0, 0, TimeSpan.Zero));
        var asItWas = await SeenAsync(Source);
        SampleTree.Change(Source);
        var second = await TakeAsync(new DateTimeOffset(2026, 11, 22, 2, 0, 0, TimeSpan.Zero));

        Assert.Contains($"{first.Id}  ", Read("list"), StringComparison.Ordinal);
        _ = Read("restore", first.Id, _scratch.PathOf("first"));
        _ = Read("restore", second.Id, _scratch.PathOf("second"));

        Assert.Equal(asItWas, await SeenAsync(_scratch.PathOf("first")));
        Assert.Equal(await SeenAsync(Source), await SeenAsync(_scratch.PathOf("second")));
        Assert.Equal("nothing is wrong\n", Read("check"));
    }

    [PythonFact]
    public async Task It_reads_a_repository_whose_index_and_configuration_are_lost()
    {
        _scratch.Write("source/a", "one");
        var snapshot = await TakeAsync(DateTimeOffset.UnixEpoch);
        Directory.Delete(_scratch.PathOf("repository/index"), recursive: true);
        File.Delete(_scratch.PathOf("repository/config"));

        _ = Read("restore", snapshot.Id, _scratch.PathOf("restored"));

        Assert.Equal("one", await File.ReadAllTextAsync(_scratch.PathOf("restored/a")));
    }

    [PythonFact]
    public async Task It_names_the_file_that_a_damaged_byte_costs_and_restores_the_others()
    {
        _scratch.Write("source/small", "small");
        await File.WriteAllBytesAsync(_scratch.PathOf("source/large"), RandomNumberGenerator.GetBytes(3_000_000));
        var snapshot = await TakeAsync(DateTimeOffset.UnixEpoch);
        await using (var pack = File.Open(Directory.GetFiles(_scratch.PathOf("repository/packs"), "*", SearchOption.AllDirectories).Single(), FileMode.Open))
        {
            // A chunk of the large file, which is sent off before the small ones.
            pack.Position = 100_000;
            var there = pack.ReadByte();
            pack.Position = 100_000;
            pack.WriteByte((byte)(there ^ 1));
        }

        var said = Read(expected: 1, "restore", snapshot.Id, _scratch.PathOf("restored"));

        Assert.StartsWith("lost: large: ", said, StringComparison.Ordinal);
        Assert.Equal("small", await File.ReadAllTextAsync(_scratch.PathOf("restored/small")));
        Assert.False(File.Exists(_scratch.PathOf("restored/large")));
        Assert.Contains("is damaged", Read(expected: 1, "check"), StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task It_lists_every_snapshot_but_a_damaged_one()
    {
        _scratch.Write("source/a", "one");
        var damaged = await TakeAsync(DateTimeOffset.UnixEpoch);
        var whole = await TakeAsync(DateTimeOffset.UnixEpoch.AddDays(1));
        await File.AppendAllTextAsync(_scratch.PathOf("repository/snapshots/folder/" + damaged.Id), "x");

        var said = Read(expected: 1, "list");

        Assert.Contains($"snapshots/folder/{damaged.Id}: it is damaged", said, StringComparison.Ordinal);
        Assert.Contains($"{whole.Id}  ", said, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task It_does_not_open_with_another_passphrase()
    {
        _scratch.Write("source/a", "one");
        _ = await TakeAsync(DateTimeOffset.UnixEpoch);

        Assert.Contains("no key of the repository opens", PythonFactAttribute.Run("another passphrase", 1, [Script(), _scratch.PathOf("repository"), "list"]), StringComparison.Ordinal);
    }

    private string Source => _scratch.PathOf("source");

    private void AddWhatChunkingTreatsInItsOwnWay()
    {
        var rows = new StringBuilder();
        for (var i = 0; rows.Length < 5_000_000; i++)
        {
            _ = rows.Append("INSERT INTO births VALUES (").Append(i).Append(", 'Lusanda', ").Append(i * 7919 % 100_003).AppendLine(");");
        }

        _scratch.Write("source/dump.sql", rows.ToString());
        File.WriteAllBytes(Path.Join(Source, "just the least"), new byte[256 * 1024]);
        File.WriteAllBytes(Path.Join(Source, "a little more"), RandomNumberGenerator.GetBytes((256 * 1024) + 1));
        for (var i = 0; i < 1500; i++)
        {
            _scratch.Write($"source/many/{i}", $"the {i}th of many small ones");
        }

        using (var sparse = File.Create(Path.Join(Source, "sparse")))
        {
            sparse.SetLength(6_000_000);
            sparse.Position = 3_000_000;
            sparse.Write("in the middle of nothing"u8);
        }

        _scratch.Run("ln", "source/dump.sql", "source/many/a second name");
        _scratch.Run("touch", "-h", "-d", "1999-12-31 23:59:59.987654321", "source/link");
        _scratch.Run("touch", "-d", "1931-02-03 04:05:06.123456789", "source/many/1");
    }

    private async Task<Snapshot> TakeAsync(DateTimeOffset at)
    {
        var repository = await BackupRepository.OpenAsync(
            FolderObjectStore.Open(_scratch.PathOf("repository")), new PassphraseProtector(Passphrase), TimeProvider.System, create: true, CancellationToken.None);
        await using var source = new FolderSource(Source, [], oneFileSystem: false);
        var snapshot = await repository.TakeAsync(new SnapshotOrder($"folder_{at:yyyyMMdd'T'HHmmss'Z'}", "folder"), source, null, CancellationToken.None);
        Assert.Empty(snapshot.Problems);
        return snapshot;
    }

    /// <summary>Whatever a folder has that a snapshot keeps: kinds, lengths, nanoseconds, modes, owners, links, holes, contents.</summary>
    private static async Task<IReadOnlyList<string>> SeenAsync(string folder)
    {
        await using var source = new FolderSource(folder, [], oneFileSystem: false);
        var entries = await SourceScratch.ScanAsync(source);
        return [.. entries.Append(source.Root!).Select(static entry => (entry with { ChangeMark = 0 }).ToString()), .. FolderTree.Read(folder)];
    }

    private string Read(params string[] arguments) => Read(expected: 0, arguments);

    private string Read(int expected, params string[] arguments) => PythonFactAttribute.Run(Passphrase, expected, [Script(), _scratch.PathOf("repository"), .. arguments]);

    private static string Script([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Join(Path.GetDirectoryName(file), "../../FormatReader/read_repository.py"));
}

/// <summary>A test that runs Python: skipped, and said so, where there is none with the modules.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonFactAttribute : FactAttribute
{
    /// <summary>The first on the path may be one of a developer's own, without the system's modules.</summary>
    private static readonly string? Python = new[] { "python3", "/usr/bin/python3" }.FirstOrDefault(Works);

    public PythonFactAttribute() => Skip = OperatingSystem.IsWindows() ? "Windows has no modes and owners."
        : Python is null ? "python3 with the modules cryptography and brotli is missing (Debian: apt-get install python3-cryptography python3-brotli)." : null;

    /// <summary>Runs a script to its end.</summary>
    /// <returns>What it said, errors first.</returns>
    public static string Run(string passphrase, int expected, string[] arguments)
    {
        var (exit, said) = Run(Python!, passphrase, arguments);
        Assert.True(exit == expected, said);
        return said;
    }

    private static bool Works(string python)
    {
        try
        {
            return Run(python, "", ["-c", "import cryptography, brotli"]).Exit == 0;
        }
        catch (Win32Exception)
        {
            // There is no such program.
            return false;
        }
    }

    private static (int Exit, string Said) Run(string python, string passphrase, string[] arguments)
    {
        var start = new ProcessStartInfo(python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MAINTENANCE_PASSPHRASE"] = passphrase;
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEndAsync();
        var complained = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, complained + said.GetAwaiter().GetResult());
    }
}
