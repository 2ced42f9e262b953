using Maintenance.Messaging;
using Maintenance.Monitoring;
using Maintenance.Notifications;
using Maintenance.Status;
using Maintenance.Tests.Services;
using Maintenance.Tests.Web;
using Maintenance.Web.Http;
using Maintenance.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace Maintenance.Tests.Monitoring;

public sealed class WatchServiceTests : IAsyncLifetime
{
    private readonly NotedLog _log = new();
    private readonly LettersAsTold _letters = new();
    private WebRig _rig = null!;

    public async Task InitializeAsync()
    {
        _rig = await WebRig.StartAsync((_, services) =>
        {
            services.AddSingleton<IWatchLog>(_log);
            services.AddSingleton<IDeadLetters>(_letters);
            services.AddSingleton<INotifier>(new NotedNotifier());
        });
        await BeatAsync();
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task Where_all_is_well_the_heartbeat_is_all_there_is()
    {
        await WatchAsync();
        await WatchAsync();

        Assert.Equal(["Heartbeat", "Heartbeat"], _log.Lines);
        Assert.Empty(await ToldAsync());
    }

    [Fact]
    public async Task The_owner_is_told_once_of_what_lasts_and_the_log_each_time()
    {
        Put("stuck", WorkflowState.Running, hoursAgo: 3);
        for (var look = 0; look < 3; look++)
        {
            await WatchAsync();
            await PassAsync(TimeSpan.FromMinutes(5));
        }

        var told = Assert.Single(await ToldAsync());
        Assert.Equal(("person:ann", NotificationTemplates.OperationsAlarm, "Office: a workflow stands still"), (told.Recipient, told.Category, told.Subject));
        Assert.Contains("stuck", told.Text, StringComparison.Ordinal);
        Assert.Equal(3, _log.Lines.Count(static line => line == "Alarm: workflow stuck: stuck"));
        Assert.Equal(3, _log.Lines.Count(static line => line == "Heartbeat"));
    }

    [Fact]
    public async Task What_was_gone_and_is_there_again_is_told_again()
    {
        Put("stuck", WorkflowState.Running, hoursAgo: 3);
        await WatchAsync();
        _rig.Workflows.Known.Clear();
        await WatchAsync();
        Assert.Empty(await _rig.Get<WatchService>().KnownAsync(default));

        await PassAsync(TimeSpan.FromMinutes(5));
        Put("stuck", WorkflowState.Running, hoursAgo: 3);
        await WatchAsync();

        Assert.Equal(2, (await ToldAsync()).Count);
    }

    [Fact]
    public async Task A_timer_that_stopped_is_urgent_and_one_that_runs_again_is_forgotten()
    {
        await PassAsync(TimeSpan.FromMinutes(6), but: TimerService.SweepServiceLevels);
        await WatchAsync();

        Assert.True(Assert.Single(await ToldAsync()).IsUrgent);
        Assert.Contains("Alarm: heartbeat missing: SweepServiceLevels", _log.Lines);

        await BeatAsync();
        await WatchAsync();
        Assert.Empty(await _rig.Get<WatchService>().KnownAsync(default));
    }

    [Fact]
    public async Task A_recovery_point_is_in_the_log_and_told_by_the_timer_of_backups_alone()
    {
        await _rig.Get<TimerService>().RunAsync(TimerService.TakeDueBackups, default);
        _rig.Workflows.Known.Clear();
        await PassAsync(TimeSpan.FromHours(3));
        await WatchAsync();

        Assert.Contains(_log.Lines, static line => line.StartsWith("Alarm: recovery point: ", StringComparison.Ordinal));
        Assert.DoesNotContain(await ToldAsync(), static told => told.Category == NotificationTemplates.OperationsAlarm);
    }

    [Fact]
    public async Task A_source_that_cannot_be_asked_hides_nothing_of_the_others_and_the_heartbeat_is_missing()
    {
        Put("broken", WorkflowState.Failed, hoursAgo: 1);
        _letters.IsAway = true;

        await Assert.ThrowsAsync<AggregateException>(WatchAsync);

        Assert.Equal(["Alarm: workflow failed: broken"], _log.Lines);
        Assert.Single(await ToldAsync());
    }

    [Fact]
    public async Task What_could_not_be_looked_at_is_not_taken_for_gone()
    {
        _letters.Letters.Add(new DeadLetter(Queues.Feedback, "F-1", "{}", "It is broken.", 5, _rig.Clock.Now));
        await WatchAsync();
        _letters.IsAway = true;
        await Assert.ThrowsAsync<AggregateException>(WatchAsync);
        _letters.IsAway = false;
        await PassAsync(TimeSpan.FromMinutes(5));
        await WatchAsync();

        Assert.Single(await ToldAsync());
    }

    [Fact]
    public async Task Cut_off_between_recording_and_telling_it_is_told_at_the_next_look_and_to_nobody_twice()
    {
        Put("stuck", WorkflowState.Running, hoursAgo: 3);
        await WatchAsync();
        var row = Assert.Single(await _rig.Get<WatchService>().KnownAsync(default));
        await Maintenance.Storage.Records.WriteAsync(
            _rig.Get<Maintenance.Storage.IRecordStore>(),
            Maintenance.Storage.Tables.Watch,
            "findings",
            Maintenance.Storage.RecordWrite.Put("WorkflowStuck_stuck", MaintenanceJson.Write(row with { IsTold = false })),
            default);

        await WatchAsync();

        Assert.Single(await ToldAsync());
        Assert.True(Assert.Single(await _rig.Get<WatchService>().KnownAsync(default)).IsTold);
    }

    [Fact]
    public async Task The_overview_shows_workflows_that_stand_still_or_failed_and_says_nothing_twice()
    {
        Put("stuck", WorkflowState.Running, hoursAgo: 3);
        Put("broken", WorkflowState.Failed, hoursAgo: 1);
        _letters.Letters.Add(new DeadLetter(Queues.Feedback, "F-1", "{}", "It is broken.", 5, _rig.Clock.Now));
        await WatchAsync();

        var shown = (await _rig.Get<StatusService>().ReadAsync(default)).Attention.Select(static item => item.Path).Order().ToList();

        Assert.Equal(["/#dead-letters", "/operations/broken", "/operations/stuck"], shown.Where(static path => path.StartsWith("/op", StringComparison.Ordinal) || path.StartsWith("/#d", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_watchdog_is_a_timer_like_the_others()
    {
        Put("stuck", WorkflowState.Running, hoursAgo: 3);
        await _rig.Get<TimerService>().RunAsync(TimerService.WatchOperations, default);

        Assert.Equal(["Alarm: workflow stuck: stuck", "Heartbeat"], _log.Lines);
        Assert.Contains(await _rig.Get<HeartbeatBook>().ReadAsync(default), static beat => beat.Timer == TimerService.WatchOperations);
    }

    [Fact]
    public async Task Operations_are_listed_with_those_that_moved_longest_ago_in_front_and_without_old_failures()
    {
        Put("young", WorkflowState.Running, hoursAgo: 1);
        Put("old", WorkflowState.Running, hoursAgo: 100);
        Put("broken", WorkflowState.Failed, hoursAgo: 23);
        Put("history", WorkflowState.Failed, hoursAgo: 25);
        Put("done", WorkflowState.Completed, hoursAgo: 1);
        _rig.Caller = _rig.Person("ben");

        var answer = await _rig.SendAsync(Routes.ListOperations);

        Assert.Equal(["old", "broken", "young"], answer.Json.EnumerateArray().Select(static one => one.GetProperty("id").GetString()));
    }

    private Task WatchAsync() => _rig.Get<WatchService>().WatchAsync(default);

    private async Task<IReadOnlyList<NotificationEntry>> ToldAsync() => await _rig.Get<OutboxService>().ListAsync(null, "person:ann", default).ToListAsync();

    private async Task PassAsync(TimeSpan time, string? but = null)
    {
        _rig.Clock.Advance(time);
        await BeatAsync(but);
    }

    private async Task BeatAsync(string? but = null)
    {
        foreach (var timer in TimerService.All.Where(timer => timer != but))
        {
            await _rig.Get<HeartbeatBook>().BeatAsync(timer, null, default);
        }
    }

    private void Put(string id, WorkflowState state, double hoursAgo)
    {
        var at = _rig.Clock.Now.AddHours(-hoursAgo);
        _rig.Workflows.Known[id] = new WorkflowStatus(id, "RetentionWorkflow", state, at, at, "applying the retention rules", null, state == WorkflowState.Failed ? "The disk is full." : null);
    }

    private sealed class NotedLog : IWatchLog
    {
        public List<string> Lines { get; } = [];

        public void Heartbeat() => Lines.Add("Heartbeat");

        public void Alarm(WatchFinding finding) => Lines.Add($"{WatchRules.Prefix(finding.Kind)}: {(finding.Kind == WatchKind.RecoveryPoint ? finding.Text : finding.Subject)}");
    }

    private sealed class LettersAsTold : IDeadLetters
    {
        public List<DeadLetter> Letters { get; } = [];

        public bool IsAway { get; set; }

        public Task<IReadOnlyList<DeadLetter>> ListAsync(string queue, int take, CancellationToken cancellation) =>
            IsAway ? throw new IOException("The bus is away.") : Task.FromResult<IReadOnlyList<DeadLetter>>([.. Letters.Where(letter => letter.Queue == queue).Take(take)]);

        public Task<bool> ResendAsync(string queue, string id, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
