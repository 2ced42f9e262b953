using Azure;
using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace MaintenanceFunctions.Tests;

public sealed class AttemptLedgerTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FakeTableService _service = new();

    private AttemptLedger Ledger => new(new TableRecordStore(_service), NullLogger<AttemptLedger>.Instance);

    [Fact]
    public async Task A_step_that_ended_its_worker_six_times_is_not_started_again_and_says_why()
    {
        await DieAsync(AttemptLedger.MostUnended);

        var error = await Assert.ThrowsAsync<StepGivenUpException>(() => RunAsync());
        var again = await Assert.ThrowsAsync<StepGivenUpException>(() => RunAsync());

        Assert.StartsWith("TakeSnapshot ended its worker 6 times", error.Message, StringComparison.Ordinal);
        Assert.Equal(error.Message, again.Message);
    }

    [Fact]
    public async Task A_step_that_ended_its_worker_less_often_is_done_and_leaves_no_more_than_its_deaths()
    {
        await DieAsync(AttemptLedger.MostUnended - 1);

        Assert.Equal(7, await RunAsync());
        Assert.Equal(7, await RunAsync());

        await DieAsync(1);
        await Assert.ThrowsAsync<StepGivenUpException>(() => RunAsync());
    }

    [Fact]
    public async Task A_piece_that_is_done_takes_back_the_deaths_of_those_before_it_and_one_that_is_never_done_does_not()
    {
        for (var piece = 0; piece < 3; piece++)
        {
            await DieAsync(Ledger, "backup_1", "TakeSnapshotSlice-2");
            await DieAsync(Ledger, "backup_1", "TakeSnapshotSlice-2");
            await DieAsync(Ledger, "backup_1", "TakeSnapshotSlice-2");
            await Assert.ThrowsAsync<IOException>(() => PieceAsync(static () => throw new IOException("The share is away.")));
            Assert.Equal(7, await PieceAsync(static () => Task.FromResult(7)));
        }

        for (var i = 0; i < AttemptLedger.MostUnended; i++)
        {
            await DieAsync(Ledger, "backup_1", "TakeSnapshotSlice-2");
        }

        await Assert.ThrowsAsync<StepGivenUpException>(() => PieceAsync(static () => Task.FromResult(7)));

        Task<int> PieceAsync(Func<Task<int>> work) => Ledger.RunPieceAsync(new FakeInvocation("TakeSnapshotSlice", "backup_1"), 2, work, None);
    }

    [Fact]
    public async Task However_often_a_step_fails_or_is_stopped_it_did_not_end_its_worker()
    {
        for (var i = 0; i < 4 * AttemptLedger.MostUnended; i++)
        {
            await Assert.ThrowsAsync<IOException>(() => RunAsync(work: static () => throw new IOException("The share is away.")));
            await Assert.ThrowsAsync<TaskCanceledException>(() => RunAsync(work: static () => Task.FromCanceled<int>(new CancellationToken(true))));
        }

        Assert.Equal(7, await RunAsync());
        Assert.Null(_service[AttemptLedger.Table].Row("backup_1", "TakeSnapshot"));
    }

    [Fact]
    public async Task A_worker_that_is_told_to_stop_in_the_middle_still_notes_the_end()
    {
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAsync<OperationCanceledException>(() => RunAsync(work: async () =>
        {
            await stop.CancelAsync();
            stop.Token.ThrowIfCancellationRequested();
            return 7;
        }, cancellation: stop.Token));

        Assert.Null(_service[AttemptLedger.Table].Row("backup_1", "TakeSnapshot"));
    }

    [Fact]
    public async Task The_start_is_counted_before_the_work_begins() => await RunAsync(work: () =>
    {
        Assert.NotNull(_service[AttemptLedger.Table].Row("backup_1", "TakeSnapshot"));
        return Task.FromResult(7);
    });

    [Fact]
    public async Task Other_steps_and_other_instances_are_counted_apart()
    {
        await DieAsync(AttemptLedger.MostUnended);

        Assert.Equal(7, await RunAsync(step: "ProveSnapshot"));
        Assert.Equal(7, await RunAsync(instance: "backup_2"));
    }

    [Fact]
    public async Task The_same_step_on_two_workers_is_counted_twice_and_taken_back_twice()
    {
        var ledger = Ledger;
        TaskCompletionSource<int> one = new(), other = new();
        var runs = new[] { RunAsync(ledger, work: () => one.Task), RunAsync(ledger, work: () => other.Task) };

        one.SetResult(1);
        other.SetResult(2);

        var results = await Task.WhenAll(runs);
        Assert.Equal([1, 2], results);
        Assert.Null(_service[AttemptLedger.Table].Row("backup_1", "TakeSnapshot"));
    }

    [Fact]
    public async Task An_end_that_cannot_be_noted_changes_nothing_about_the_step()
    {
        Assert.Equal(7, await RunAsync(work: () =>
        {
            _service[AttemptLedger.Table].Failure = new RequestFailedException(503, "Busy.", "ServerBusy", null);
            return Task.FromResult(7);
        }));
        await Assert.ThrowsAsync<IOException>(() => RunAsync(work: () =>
        {
            _service[AttemptLedger.Table].Failure = new RequestFailedException(503, "Busy.", "ServerBusy", null);
            throw new IOException("The share is away.");
        }));
    }

    [Fact]
    public async Task A_start_that_cannot_be_counted_is_not_made()
    {
        _ = await RunAsync();
        _service[AttemptLedger.Table].Failure = new RequestFailedException(503, "Busy.", "ServerBusy", null);

        await Assert.ThrowsAsync<RequestFailedException>(() => RunAsync(work: static () => throw new InvalidOperationException("It was started.")));
    }

    [Fact]
    public async Task An_invocation_that_names_no_instance_is_refused() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => Ledger.RunAsync(new FakeInvocation("TakeSnapshot", null), static () => Task.FromResult(7), None));

    /// <summary>What a worker leaves that dies in the middle: a start, and no end.</summary>
    internal static async Task DieAsync(AttemptLedger ledger, string instance, string step)
    {
        var begun = new TaskCompletionSource();
        _ = ledger.RunAsync(
            new FakeInvocation(step, instance),
            () =>
            {
                begun.SetResult();
                return new TaskCompletionSource<int>().Task;
            },
            None);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private async Task DieAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await DieAsync(Ledger, "backup_1", "TakeSnapshot");
        }
    }

    private Task<int> RunAsync(
        AttemptLedger? ledger = null, string instance = "backup_1", string step = "TakeSnapshot", Func<Task<int>>? work = null, CancellationToken cancellation = default) =>
        (ledger ?? Ledger).RunAsync(new FakeInvocation(step, instance), work ?? (static () => Task.FromResult(7)), cancellation);
}
