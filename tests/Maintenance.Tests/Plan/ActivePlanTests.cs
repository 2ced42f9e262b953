using Maintenance.Local.Storage;
using Maintenance.Plan;
using Maintenance.Storage;
using Maintenance.Tests.Storage;

namespace Maintenance.Tests.Plan;

/// <summary>A broken text never replaces the running plan, over restarts too. The records are in a real SQLite file.</summary>
public sealed class ActivePlanTests : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);
    private static readonly string Renamed = SmallPlan.With("name: CivReg", "name: CivReg 2");
    private static readonly string Broken = SmallPlan.With("criticality: high", "criticality: hihg");

    private readonly ScratchFolder _scratch = new();
    private readonly SqliteDatabase _database;
    private readonly SqliteRecordStore _records;
    private readonly Clock _clock = new();
    private readonly Text _text = new();

    public ActivePlanTests()
    {
        _database = SqliteDatabase.Open(_scratch.PathOf("maintenance.db"));
        _records = new SqliteRecordStore(_database);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _scratch.Dispose();
    }

    [Fact]
    public async Task A_good_text_runs_from_when_it_was_first_read()
    {
        using var active = Open();

        var state = await active.RefreshAsync(None);
        _clock.Now += TimeSpan.FromHours(1);
        var again = await active.RefreshAsync(None);

        Assert.Equal("CivReg", active.Current.System.Name);
        Assert.Equal((Start, false), (state.Since, state.IsStale));
        Assert.Empty(state.Problems);
        Assert.Same(state, again);
    }

    [Fact]
    public async Task A_new_good_text_takes_over()
    {
        using var active = Open();
        var before = await active.RefreshAsync(None);

        _text.Yaml = Renamed;
        _clock.Now += TimeSpan.FromHours(1);
        var after = await active.RefreshAsync(None);

        Assert.Equal("CivReg 2", active.Current.System.Name);
        Assert.Equal(Start + TimeSpan.FromHours(1), after.Since);
        Assert.NotEqual(before.Hash, after.Hash);
    }

    [Fact]
    public async Task A_broken_text_never_replaces_the_running_plan_and_shows_its_problems()
    {
        using var active = Open();
        var before = await active.RefreshAsync(None);

        _text.Yaml = Broken;
        var state = await active.RefreshAsync(None);

        Assert.Same(before.Plan, active.Current);
        Assert.Equal((true, before.Hash, Start), (state.IsStale, state.Hash, state.Since));
        Assert.Equal("services[0].criticality", Assert.Single(state.Problems).Path);
    }

    [Fact]
    public async Task The_problems_shown_are_those_of_the_latest_broken_text()
    {
        using var active = Open();
        await active.RefreshAsync(None);
        _text.Yaml = Broken;
        await active.RefreshAsync(None);

        _text.Yaml = "";
        var state = await active.RefreshAsync(None);

        Assert.True(state.IsStale);
        Assert.Equal("the file is empty.", Assert.Single(state.Problems).Message);
    }

    [Fact]
    public async Task Mending_the_text_takes_it_over()
    {
        using var active = Open();
        await active.RefreshAsync(None);
        _text.Yaml = Broken;
        await active.RefreshAsync(None);

        _text.Yaml = Renamed;
        var state = await active.RefreshAsync(None);

        Assert.Equal("CivReg 2", active.Current.System.Name);
        Assert.False(state.IsStale);
        Assert.Empty(state.Problems);
    }

    [Fact]
    public async Task Going_back_to_the_running_text_clears_the_problems_and_keeps_since_when_it_runs()
    {
        using var active = Open();
        await active.RefreshAsync(None);
        _text.Yaml = Broken;
        await active.RefreshAsync(None);

        _text.Yaml = SmallPlan.Yaml;
        _clock.Now += TimeSpan.FromDays(1);
        var state = await active.RefreshAsync(None);

        Assert.Equal((false, Start), (state.IsStale, state.Since));
        Assert.Empty(state.Problems);
    }

    [Fact]
    public async Task A_restart_with_a_broken_text_runs_the_last_good_one()
    {
        using (var active = Open())
        {
            await active.RefreshAsync(None);
            _text.Yaml = Renamed;
            await active.RefreshAsync(None);
        }

        _text.Yaml = Broken;
        _clock.Now += TimeSpan.FromDays(1);
        using var restarted = Open();
        var state = await restarted.RefreshAsync(None);

        Assert.Equal("CivReg 2", restarted.Current.System.Name);
        Assert.Equal((true, Start), (state.IsStale, state.Since));
        Assert.Equal("services[0].criticality", Assert.Single(state.Problems).Path);
    }

    [Fact]
    public async Task A_restart_with_the_same_text_remembers_since_when_it_runs()
    {
        using (var active = Open())
        {
            await active.RefreshAsync(None);
        }

        _clock.Now += TimeSpan.FromDays(30);
        using var restarted = Open();

        Assert.Equal(Start, (await restarted.RefreshAsync(None)).Since);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_leaves_the_plan_running()
    {
        using var active = Open();
        var before = await active.RefreshAsync(None);

        _text.Failure = new FileNotFoundException("The file plan.yaml is gone.");
        var state = await active.RefreshAsync(None);

        Assert.Same(before.Plan, active.Current);
        Assert.True(state.IsStale);
        Assert.Equal("the plan cannot be read: The file plan.yaml is gone.", Assert.Single(state.Problems).Message);

        _text.Failure = null;
        Assert.False((await active.RefreshAsync(None)).IsStale);
    }

    [Fact]
    public async Task Without_any_good_plan_there_is_none_and_the_problems_say_why()
    {
        _text.Yaml = Broken;
        using var active = Open();

        var error = await Assert.ThrowsAsync<PlanUnavailableException>(() => active.RefreshAsync(None));

        Assert.Equal("services[0].criticality", Assert.Single(error.Problems).Path);
        Assert.Contains("plan/plan.yaml:25:18: error: services[0].criticality: 'hihg' is none of the choices. Did you mean 'high'?", error.Message, StringComparison.Ordinal);
        Assert.Null(active.StateOrNull);
        Assert.Throws<PlanUnavailableException>(() => active.Current);
        Assert.Throws<PlanUnavailableException>(() => active.State);
        Assert.Null(await _records.GetAsync(Tables.Plan, "plan", "active", None));
    }

    [Fact]
    public async Task The_greatest_plan_that_is_read_can_be_stored_too()
    {
        // Three bytes each in UTF-8.
        _text.Yaml = SmallPlan.Yaml + "#" + new string('€', PlanFile.MaxCharacters - SmallPlan.Yaml.Length - 1);
        using (var active = Open())
        {
            await active.RefreshAsync(None);
        }

        _text.Yaml = Broken;
        using var restarted = Open();

        Assert.True((await restarted.RefreshAsync(None)).IsStale);
    }

    [Fact]
    public async Task Refreshing_from_many_sides_at_once_gives_one_plan()
    {
        using var active = Open();

        var states = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => active.RefreshAsync(None)));

        Assert.Single(states.Distinct(ReferenceEqualityComparer.Instance));
    }

    private ActivePlan Open() => new(_text, _records, _clock);

    private sealed class Text : IPlanSource
    {
        public string Yaml { get; set; } = SmallPlan.Yaml;

        public IOException? Failure { get; set; }

        public Task<PlanText> ReadAsync(CancellationToken cancellation) =>
            Failure is null ? Task.FromResult(new PlanText(SmallPlan.File, SmallPlan.Folder, Yaml)) : Task.FromException<PlanText>(Failure);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Start;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
