using System.Net;
using System.Security.Cryptography;
using Azure.Data.Tables;
using Azure.Storage.Blobs.Models;
using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Recovery;
using Maintenance.Storage;
using MaintenanceFunctions.Sources;
using MaintenanceFunctions.Tests.App;
using MaintenanceFunctions.Tests.Fakes;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace MaintenanceFunctions.Tests.Sources;

/// <summary>A container that is backed up, proven and restored in the smallest pieces there are, as the app does it on Azure in minutes each.</summary>
public sealed class PiecesTests : IAsyncLifetime
{
    private const int MiB = 1024 * 1024;

    private readonly FakeBlobContainer _data = new();
    private readonly FakeBlobContainer _restored = new();
    private BackupPieces _pieces = new(TimeSpan.Zero, 4) { LeastBytes = 3 * MiB };
    private TestApp _app = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync(
            TestPlan.Yaml
                .Replace("{ folder: register }", "{ container: https://account.blob.core.windows.net/data }", StringComparison.Ordinal)
                .Replace("restore: { backup: nightly }", "restore: { backup: nightly, place: container:https://account.blob.core.windows.net/restored }", StringComparison.Ordinal)
                .Replace("- { id: there, name: It is there, after: [restore], owner: dba, duration: 1m, check: { file: births/2026.csv, atLeastLines: 2 } }", "", StringComparison.Ordinal)
                .Replace("after: [there]", "after: [restore]", StringComparison.Ordinal),
            configure: services =>
            {
                services.AddTransient(_ => _pieces);
                services.AddSingleton<ISnapshotPlaces>(provider => new AzurePlaces(
                    address => address.AbsolutePath == "/data" ? _data : _restored, _ => throw new NotSupportedException(), provider.GetRequiredService<TableServiceClient>(), provider.GetRequiredService<IObjectStore>(), "", provider.GetRequiredService<SharedPlaces>()));
                services.AddSingleton(provider => new BackupFolders(Path.Join(_app.Folder, ".scratch"), Restored: null) { ScratchBytes = 2 * MiB });
            });
        for (var i = 0; i < 30; i++)
        {
            Put($"scans/{i:00}.tif", 200_000 + i, i);
        }

        Put("a", 10, 1);
        Put("a/b", 0, 1);
        Put("dump", 70 * MiB, 99);
        _data.Blobs["dump"] = _data.Blobs["dump"] with { Headers = new BlobHttpHeaders { ContentType = "application/x-dump" }, Metadata = new Dictionary<string, string> { ["taken"] = "2026-11-22" } };
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task A_container_comes_back_whole_whatever_the_pieces()
    {
        await _app.CallAsync(FunctionCatalogue.Named("TakeDueBackups"), new TimerInfo());
        var (backup, taking) = _app.Orchestrate<BackupRun>("BackupWorkflow", _app.Durable.Scheduled[0].Input!);
        var run = await taking;
        Assert.Equal((BackupRunState.Proven, 34, null), (run.State, run.Files, run.Problems));
        Assert.True(backup.Calls("TakeSnapshotSlice") > 60, $"{backup.Calls("TakeSnapshotSlice")} slices.");
        Assert.True(backup.Calls("ProveSnapshotSlice") > 20, $"{backup.Calls("ProveSnapshotSlice")} slices.");
        Assert.DoesNotContain(_app.Blobs.Blobs.Keys, static name => name.StartsWith("parts/", StringComparison.Ordinal) || name.StartsWith("sessions/", StringComparison.Ordinal));

        var request = new RestoreSnapshotRequest(FakeOrchestration.Instance, run.Id, "container:https://account.blob.core.windows.net/restored");
        var (restore, restoring) = _app.Orchestrate<RestoreReport>("RestoreWorkflow", request);
        var report = await restoring;
        Assert.Empty(report.Losses);
        Assert.Equal(34, report.Files);
        Assert.True(restore.Calls("RestoreSnapshotSlice") > 40, $"{restore.Calls("RestoreSnapshotSlice")} slices.");
        AssertRestored();
        Assert.Equal("application/x-dump", _restored.Blobs["dump"].Headers!.ContentType);
        Assert.Equal("2026-11-22", _restored.Blobs["dump"].Metadata!["taken"]);

        // Again, into what is there: nothing is written, and all of it is as it should be.
        var again = await _app.Orchestrate<RestoreReport>("RestoreWorkflow", request with { Operation = "another" }).Run;
        Assert.Equal((34, 0), (again.Files, again.LossCount));
    }

    [Fact]
    public async Task A_blob_that_is_written_anew_between_two_pieces_comes_back_with_the_properties_of_its_contents()
    {
        var isBegun = false;
        _data.FailureOf = request =>
        {
            if (request == "list" && isBegun && _data.Blobs["dump"].Headers!.ContentType == "application/x-dump")
            {
                Put("dump", 70 * MiB, 100);
                _data.Blobs["dump"] = _data.Blobs["dump"] with { Headers = new BlobHttpHeaders { ContentType = "application/gzip", ContentEncoding = "gzip" } };
            }

            isBegun |= request == "get dump";
            return null;
        };
        await _app.CallAsync(FunctionCatalogue.Named("TakeDueBackups"), new TimerInfo());
        var run = await _app.Orchestrate<BackupRun>("BackupWorkflow", _app.Durable.Scheduled[0].Input!).Run;
        Assert.Equal((BackupRunState.Proven, 34, null), (run.State, run.Files, run.Problems));
        Assert.Equal("application/gzip", _data.Blobs["dump"].Headers!.ContentType);

        var report = await _app.Orchestrate<RestoreReport>(
            "RestoreWorkflow", new RestoreSnapshotRequest(FakeOrchestration.Instance, run.Id, "container:https://account.blob.core.windows.net/restored")).Run;
        Assert.Empty(report.Losses);
        AssertRestored();
        Assert.Equal(("application/gzip", "gzip"), (_restored.Blobs["dump"].Headers!.ContentType, _restored.Blobs["dump"].Headers!.ContentEncoding));
        Assert.Empty(_restored.Blobs["dump"].Metadata ?? new Dictionary<string, string>());
    }

    [Fact]
    public async Task Parts_go_beside_each_other_and_come_to_the_same()
    {
        // The clock stands: a piece goes on to the end of its part.
        _pieces = new BackupPieces(TimeSpan.FromSeconds(1), 4) { LeastBytes = MiB };
        await _app.CallAsync(FunctionCatalogue.Named("TakeDueBackups"), new TimerInfo());
        var (backup, taking) = _app.Orchestrate<BackupRun>("BackupWorkflow", _app.Durable.Scheduled[0].Input!);
        var run = await taking;
        Assert.Equal(BackupRunState.Proven, run.State);
        var (restore, restoring) = _app.Orchestrate<RestoreReport>(
            "RestoreWorkflow", new RestoreSnapshotRequest(FakeOrchestration.Instance, run.Id, "container:https://account.blob.core.windows.net/restored"));
        Assert.Empty((await restoring).Losses);
        AssertRestored();
        Assert.InRange(backup.Calls("TakeSnapshotSlice"), 2, 4);
        Assert.InRange(restore.Calls("RestoreSnapshotSlice"), 2, 4);
    }

    [Fact]
    public async Task A_recovery_restores_into_its_place_piece_by_piece()
    {
        await _app.CallAsync(FunctionCatalogue.Named("TakeDueBackups"), new TimerInfo());
        _ = await _app.Orchestrate<BackupRun>("BackupWorkflow", _app.Durable.Scheduled[0].Input!).Run;
        using var started = await _app.SendAsync("POST", "/api/recoveries", "ann@registry.example", new { strategy = "register", reason = "The container is gone" });
        Assert.Equal(HttpStatusCode.Created, started.StatusCode);

        var (recovery, _) = _app.Orchestrate<RecoveryState>("RecoveryWorkflow", _app.Durable.Scheduled[1].Input!);

        Assert.Equal("gate", recovery.Status);
        Assert.True(recovery.Calls("RunRecoveryStep") > 40, $"{recovery.Calls("RunRecoveryStep")} pieces.");
        AssertRestored();
        var step = (await _app.GetAsync("/api/recoveries/R-1001")).GetProperty("steps")[0];
        Assert.Equal(("done", 1), (step.GetProperty("state").GetString(), step.GetProperty("attempts").GetInt32()));
        Assert.StartsWith("34 files, ", step.GetProperty("result").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_there_with_other_contents_or_properties_is_left_and_told()
    {
        await _app.CallAsync(FunctionCatalogue.Named("TakeDueBackups"), new TimerInfo());
        var run = await _app.Orchestrate<BackupRun>("BackupWorkflow", _app.Durable.Scheduled[0].Input!).Run;
        _restored.Blobs["scans/03.tif"] = new StoredBlob([1, 2, 3]);
        _restored.Blobs["scans/04.tif"] = _data.Blobs["scans/04.tif"];
        _restored.Blobs["scans/05.tif"] = _data.Blobs["scans/05.tif"] with { Metadata = new Dictionary<string, string> { ["by"] = "somebody else" } };
        _restored.Blobs["dump"] = new StoredBlob(new byte[70 * MiB]);

        var report = await _app.Orchestrate<RestoreReport>(
            "RestoreWorkflow", new RestoreSnapshotRequest(FakeOrchestration.Instance, run.Id, "container:https://account.blob.core.windows.net/restored")).Run;

        Assert.Equal(["dump", "scans/03.tif", "scans/05.tif"], report.Losses.Select(static loss => loss.Split(':')[0]).Order(StringComparer.Ordinal));
        Assert.Equal(3, _restored.Blobs["scans/03.tif"].Content.Length);
    }

    private void Put(string name, int length, int seed)
    {
        using var cipher = Aes.Create();
        cipher.Key = SHA256.HashData(BitConverter.GetBytes(seed));
        _data.Blobs[name] = new StoredBlob(cipher.EncryptCbc(new byte[length], new byte[16], PaddingMode.Zeros)[..length]);
    }

    private void AssertRestored()
    {
        Assert.Equal(_data.Blobs.Keys.Order(StringComparer.Ordinal), _restored.Blobs.Keys.Order(StringComparer.Ordinal));
        Assert.All(_data.Blobs, blob => Assert.True(blob.Value.Content.AsSpan().SequenceEqual(_restored.Blobs[blob.Key].Content), blob.Key));
    }
}
