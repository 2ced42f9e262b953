using Maintenance.Local.Storage;
using Maintenance.Plan;
using Maintenance.ServiceLevels;
using Maintenance.Storage;
using Maintenance.Tests.Rules;
using Maintenance.Tests.Storage;
using NodaTime;

namespace Maintenance.Tests.Plan;

/// <summary>
/// Somebody edits the hours of a running plan: what has passed keeps the hours that it had, over restarts, on several hosts, and wherever a host is cut off. The records
/// are in a real SQLite file, the plan and its holidays in a real folder.
/// </summary>
public sealed class CalendarHistoryTests : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>A Monday, 15:00 in Nairobi.</summary>
    private static readonly DateTimeOffset Start = Instants.Utc("2026-11-23T12:00Z");

    private static readonly string Later = Hours("09:00-12:00, 13:00-17:00");

    private readonly ScratchFolder _scratch = new();
    private readonly SqliteDatabase _database;
    private readonly SqliteRecordStore _records;
    private readonly Clock _clock = new();

    public CalendarHistoryTests()
    {
        _database = SqliteDatabase.Open(_scratch.PathOf("maintenance.db"));
        _records = new SqliteRecordStore(_database);
        Write(SmallPlan.Yaml);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _scratch.Dispose();
    }

    [Fact]
    public async Task Hours_edited_in_place_count_from_when_the_plan_is_taken_over()
    {
        using var active = Open();
        await active.RefreshAsync(None);
        Write(Later);
        await active.RefreshAsync(None);

        Assert.Equal("8-12 13-17", Day(active, 23));
        Assert.Equal("9-12 13-17", Day(active, 24));

        // A span that was under way ends by the new hours: in the afternoon both are open.
        Write(Hours("10:00-16:00"));
        await active.RefreshAsync(None);
        Assert.Equal("8-12 13-16", Day(active, 23));
        Assert.Equal("10-16", Day(active, 24));
    }

    [Fact]
    public async Task So_do_holidays_revisions_and_the_zone()
    {
        using var active = Open();
        await active.RefreshAsync(None);

        _clock.Now = Start;
        Write(SmallPlan.With("2026-12-25, name: Christmas Day", "2026-11-23, name: Sudden"));
        await active.RefreshAsync(None);
        Assert.Equal("8-12 13-15", Day(active, 23));

        _clock.Now = Start.AddDays(1);
        Write(SmallPlan.With("      - { date: 2026-12-25, name: Christmas Day }\n", "    revisions: [{ from: 2026-11-20, hours: [{ days: [mon, tue, wed], spans: [14:00-16:00] }] }]\n"));
        await active.RefreshAsync(None);
        Assert.Equal("8-12 13-15", Day(active, 23));
        Assert.Equal("8-12 13-16", Day(active, 24));
        Assert.Equal("14-16", Day(active, 25));

        _clock.Now = Start.AddDays(2);
        Write(SmallPlan.With("timeZone: Africa/Nairobi", "timeZone: UTC"));
        await active.RefreshAsync(None);

        // In Nairobi's time: what was 14 to 16 there until 15:00, is 8 to 12 and 13 to 17 of UTC from then on.
        Assert.Equal("14-15 16-20", Day(active, 25));
        Assert.Equal("11-15 16-20", Day(active, 30));
    }

    [Fact]
    public async Task A_change_that_is_prospective_by_itself_is_not_recorded()
    {
        using var active = Open();
        await active.RefreshAsync(None);
        for (var i = 0; i < 30; i++)
        {
            _clock.Now += TimeSpan.FromHours(1);
            Write(SmallPlan.With("- { date: 2026-12-25, name: Christmas Day }", $"- {{ date: 2026-12-{(i % 9) + 11}, name: Day {i} }}"));
            await active.RefreshAsync(None);
        }

        Assert.Empty(active.Current.CalendarHistory);
        Assert.Empty(await RowsAsync("calendars"));
    }

    [Fact]
    public async Task A_restart_remembers_also_where_the_text_was_edited_meanwhile_or_is_broken()
    {
        using (var active = Open())
        {
            await active.RefreshAsync(None);
            Write(Later);
            await active.RefreshAsync(None);
        }

        using (var same = Open())
        {
            await same.RefreshAsync(None);
            Assert.Equal("8-12 13-17", Day(same, 23));
        }

        Write("broken");
        using (var broken = Open())
        {
            Assert.True((await broken.RefreshAsync(None)).IsStale);
            Assert.Equal(("8-12 13-17", "9-12 13-17"), (Day(broken, 23), Day(broken, 24)));
        }

        _clock.Now = Start.AddDays(1);
        Write(Hours("10:00-11:00"));
        using var edited = Open();
        await edited.RefreshAsync(None);
        Assert.Equal(("8-12 13-17", "9-12 13-15", "10-11"), (Day(edited, 23), Day(edited, 24), Day(edited, 25)));
    }

    [Fact]
    public async Task Going_back_to_an_earlier_text_is_a_change_like_any_other()
    {
        using var active = Open();
        await active.RefreshAsync(None);
        _clock.Now = Start.AddDays(1);
        Write(Later);
        await active.RefreshAsync(None);
        _clock.Now = Start.AddDays(8);
        Write(SmallPlan.Yaml);
        await active.RefreshAsync(None);

        Assert.Equal(["8-12 13-17", "8-12 13-17", "9-12 13-17", "9-12 13-17", "9-12 13-17", "8-12 13-17"], new[] { 23, 24, 25, 30, 31, 32 }.Select(day => Day(active, day)));
        Assert.Equal([Start.AddDays(1), Start.AddDays(8)], active.Current.CalendarHistory.Select(static version => version.Until));
    }

    [Fact]
    public async Task A_calendar_that_is_taken_out_and_comes_back_keeps_what_it_was()
    {
        using var active = Open();
        await active.RefreshAsync(None);
        Write(SmallPlan.Yaml.Replace("office", "desk", StringComparison.Ordinal));
        await active.RefreshAsync(None);
        _clock.Now = Start.AddDays(7);
        Write(Later);
        await active.RefreshAsync(None);

        Assert.Equal(("8-12 13-17", "9-12 13-17"), (Day(active, 23), Day(active, 24)));
    }

    [Fact]
    public async Task Two_hosts_that_take_over_one_edit_record_it_once_and_agree()
    {
        using var one = Open();
        using var other = Open();
        await one.RefreshAsync(None);
        await other.RefreshAsync(None);

        for (var round = 0; round < 20; round++)
        {
            _clock.Now += TimeSpan.FromDays(1);
            Write(round % 2 == 0 ? Later : SmallPlan.Yaml);
            await Task.WhenAll(Task.Run(() => one.RefreshAsync(None)), Task.Run(() => other.RefreshAsync(None)));
        }

        // Those edits before which an hour had passed that they would count anew: the calendar has no Thursday to Sunday.
        var until = one.Current.CalendarHistory.Select(static version => version.Until).ToList();
        Assert.Equal(until.Distinct().Order(), until);
        Assert.Equal(until, other.Current.CalendarHistory.Select(static version => version.Until));
        Assert.Equal(until.Count, (await RowsAsync("plan")).Count(static row => row.RowKey.StartsWith("change_", StringComparison.Ordinal)));
        for (var day = 20; day < 50; day++)
        {
            Assert.Equal(Day(one, day), Day(other, day));
        }
    }

    [Fact]
    public async Task A_host_that_comes_second_right_before_its_last_write_takes_what_the_first_one_recorded()
    {
        using var first = Open();
        await first.RefreshAsync(None);
        Write(Later);
        var between = new FailingRecords(_records)
        {
            BeforePlan = async () =>
            {
                _clock.Now += TimeSpan.FromMinutes(1);
                await first.RefreshAsync(None);
            },
        };
        using var second = new ActivePlan(Source, between, _clock);
        await second.RefreshAsync(None);

        Assert.Equal(Start.AddMinutes(1), Assert.Single(first.Current.CalendarHistory).Until);
        Assert.Equal(Start.AddMinutes(1), Assert.Single(second.Current.CalendarHistory).Until);
        Assert.Equal((first.State.Since, first.State.Hash), (second.State.Since, second.State.Hash));
        Assert.Equal(2, (await RowsAsync("plan")).Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_host_that_is_cut_off_at_any_write_does_no_harm(int writes)
    {
        Ics("20260501");
        Write(WithFile(SmallPlan.Yaml));
        using (var active = Open())
        {
            await active.RefreshAsync(None);
        }

        Ics("20261120");
        Write(WithFile(Later));
        _clock.Now = Start.AddDays(1);
        var failing = new FailingRecords(_records) { WritesLeft = writes };
        using (var cutOff = new ActivePlan(Source, failing, _clock))
        {
            if (writes < 3)
            {
                await Assert.ThrowsAsync<IOException>(() => cutOff.RefreshAsync(None));
            }
            else
            {
                await cutOff.RefreshAsync(None);
            }
        }

        // A day later it is taken over for good; until then the old plan was the active one.
        _clock.Now = Start.AddDays(2);
        using var again = Open();
        await again.RefreshAsync(None);
        Assert.Equal(Start.AddDays(writes < 3 ? 2 : 1), Assert.Single(again.Current.CalendarHistory).Until);
        Assert.Equal(("8-12 13-17", writes < 3 ? "8-12 13-17" : "9-12 13-17"), (Day(again, 24), Day(again, 25)));

        // Taken back after the crash, and edited again much later: nothing of the attempt counts.
        Write(WithFile(SmallPlan.Yaml));
        await again.RefreshAsync(None);
        Assert.Equal("8-12 13-17", Day(again, 31));
    }

    [Fact]
    public async Task Rows_of_an_attempt_that_was_cut_off_are_never_read()
    {
        using (var active = Open())
        {
            await active.RefreshAsync(None);
        }

        Write(Later);
        using (var cutOff = new ActivePlan(Source, new FailingRecords(_records) { WritesLeft = 1 }, _clock))
        {
            await Assert.ThrowsAsync<IOException>(() => cutOff.RefreshAsync(None));
        }

        Assert.Single(await RowsAsync("calendars"));
        Write(SmallPlan.Yaml);
        _clock.Now = Start.AddDays(30);
        using var restarted = Open();
        await restarted.RefreshAsync(None);
        Assert.Empty(restarted.Current.CalendarHistory);

        Write(Later);
        await restarted.RefreshAsync(None);
        Assert.Equal(Start.AddDays(30), Assert.Single(restarted.Current.CalendarHistory).Until);
    }

    [Fact]
    public async Task Edits_within_one_instant_or_after_the_clock_was_put_back_stay_in_order()
    {
        using var active = Open();
        await active.RefreshAsync(None);
        Write(Later);
        await active.RefreshAsync(None);
        Write(Hours("08:00-10:00"));
        await active.RefreshAsync(None);
        _clock.Now = Start.AddHours(-2);
        Write(Hours("11:00-17:00"));
        await active.RefreshAsync(None);

        Assert.Equal(("8-12 13-17", "11-17"), (Day(active, 23), Day(active, 24)));
        Assert.Equal([Start, Start.AddTicks(1), Start.AddTicks(2)], active.Current.CalendarHistory.Select(static version => version.Until));
        using var restarted = Open();
        await restarted.RefreshAsync(None);
        Assert.Equal(("8-12 13-17", "11-17"), (Day(restarted, 23), Day(restarted, 24)));
    }

    [Fact]
    public async Task An_included_file_is_part_of_the_plan()
    {
        Ics("20261130");
        Write(WithFile(SmallPlan.Yaml));
        using var active = Open();
        var first = await active.RefreshAsync(None);
        Assert.Same(first, await active.RefreshAsync(None));
        Assert.Equal("", Day(active, 30));

        Ics("20261201");
        var second = await active.RefreshAsync(None);
        Assert.NotEqual(first.Hash, second.Hash);
        Assert.Equal(("8-12 13-17", ""), (Day(active, 30), Day(active, 31)));

        File.Delete(_scratch.PathOf("dates.ics"));
        var stale = await active.RefreshAsync(None);
        Assert.Equal((true, "calendars[0].holidayFiles[0]"), (stale.IsStale, Assert.Single(stale.Problems).Path));
        Assert.Equal("", Day(active, 31));

        // Gone over a restart: the file is stored with the plan.
        using (var restarted = Open())
        {
            Assert.True((await restarted.RefreshAsync(None)).IsStale);
            Assert.Equal(("8-12 13-17", ""), (Day(restarted, 30), Day(restarted, 31)));
            Assert.Equal(second.Hash, restarted.State.Hash);
            Assert.Equal(second.Files, restarted.State.Files);
        }

        Ics("20261201");
        Assert.False((await active.RefreshAsync(None)).IsStale);
        Assert.Equal(second.Since, active.State.Since);
    }

    [Fact]
    public async Task A_holiday_taken_out_of_a_file_is_a_change_like_any_other()
    {
        Ics("20261123");
        Write(WithFile(SmallPlan.Yaml));
        using var active = Open();
        await active.RefreshAsync(None);
        Ics("20261124");
        await active.RefreshAsync(None);

        Assert.Equal(("15-17", ""), (Day(active, 23), Day(active, 24)));
        Assert.Equal("Of the file", active.Current.Calendar("office").HolidayAt(Instant.FromDateTimeOffset(Start.AddTicks(-1))));
    }

    [Fact]
    public async Task The_greatest_file_is_stored_and_old_ones_go_after_a_week()
    {
        // Letters that cannot be compressed well, in the least of a calendar.
        var random = new Random(5);
        var noise = string.Concat(Enumerable.Range(0, 14_000).Select(_ => $"X-N:{Convert.ToBase64String(Enumerable.Range(0, 45).Select(_ => (byte)random.Next(256)).ToArray())}\r\n"));
        var text = $"BEGIN:VCALENDAR\r\n{noise}END:VCALENDAR\r\n";
        Assert.InRange(text.Length, 800_000, 1024 * 1024);
        File.WriteAllText(_scratch.PathOf("dates.ics"), text);
        Write(WithFile(SmallPlan.Yaml));
        using (var active = Open())
        {
            await active.RefreshAsync(None);
        }

        Assert.Equal(2, (await RowsAsync("files")).Count);
        File.Delete(_scratch.PathOf("dates.ics"));
        using var restarted = Open();
        await restarted.RefreshAsync(None);
        Assert.Equal(text, Assert.Single(restarted.State.Files).Value);

        Ics("20261130");
        _clock.Now = Start.AddDays(6);
        await restarted.RefreshAsync(None);
        Assert.Equal(3, (await RowsAsync("files")).Count);
        Ics("20261201");
        _clock.Now = Start.AddDays(8);
        await restarted.RefreshAsync(None);
        Assert.Equal(2, (await RowsAsync("files")).Count);
        Assert.False(restarted.State.IsStale);
    }

    [Fact]
    public async Task Months_of_ten_edits_a_day_are_read_quickly()
    {
        var records = new PlanRecords(_records);
        var plan = SmallPlan.Load(SmallPlan.Yaml).Plan!;
        var later = SmallPlan.Load(Later).Plan!;
        string? etag = null;
        for (var i = 0; i < 1000; i++)
        {
            var until = Start.AddMinutes(144 * i);
            var definition = (i % 2 == 0 ? plan : later).Calendars[0] with { Holidays = [] };
            await records.ActivateAsync(
                new StoredPlan($"hash {i}", "plan.yaml", _scratch.Root, SmallPlan.Yaml, until), new Dictionary<string, string>(), etag, [new CalendarVersion(definition, until, plan.System.TimeZone)], None);
            etag = (await records.FindAsync(None))!.ETag;
        }

        _clock.Now = Start.AddDays(366);
        using var active = Open();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await active.RefreshAsync(None);
        var calendar = active.Current.Calendar("office");
        Assert.Equal(1000, active.Current.CalendarHistory.Count);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"{clock.Elapsed}");

        clock.Restart();
        _ = ServiceClock.Elapsed(calendar, Start.AddYears(-1), _clock.Now);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{clock.Elapsed}");
    }

    private PlanFileSource Source => new(_scratch.PathOf("plan.yaml"));

    private ActivePlan Open() => new(Source, _records, _clock);

    private static string Hours(string spans) => SmallPlan.With("08:00-12:00, 13:00-17:00", spans);

    private static string WithFile(string yaml) => SmallPlan.Replace(yaml, "    holidays:\n", "    holidayFiles: [dates.ics]\n    holidays:\n");

    private void Write(string yaml) => File.WriteAllText(_scratch.PathOf("plan.yaml"), yaml);

    private void Ics(string date) => File.WriteAllText(
        _scratch.PathOf("dates.ics"), $"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:{date}\nSUMMARY:Of the file\nEND:VEVENT\nEND:VCALENDAR\n");

    private async Task<List<StoredRecord>> RowsAsync(string partition) => await _records.QueryAsync(Tables.Plan, partition, RowRange.All, None).ToListAsync();

    /// <summary>When the office is open on a day, counted from the first of November, in the hours of Nairobi.</summary>
    private static string Day(ActivePlan active, int day)
    {
        var midnight = Instants.Utc("2026-10-31T21:00Z").AddDays(day - 1);
        var calendar = active.Current.Calendar("office");
        var open = Enumerable.Range(0, 25).Select(hour => hour < 24 && ServiceClock.IsOpen(calendar, midnight.AddHours(hour))).ToList();
        var starts = Enumerable.Range(0, 24).Where(hour => open[hour] && (hour == 0 || !open[hour - 1])).ToList();
        return string.Join(' ', starts.Select(start => $"{start}-{Enumerable.Range(start, 25 - start).First(hour => !open[hour])}"));
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Start;

        public override DateTimeOffset GetUtcNow() => Now;
    }

    /// <summary>A store whose host is cut off after so many writes, or overtaken right before it makes its plan the active one.</summary>
    private sealed class FailingRecords(IRecordStore records) : IRecordStore
    {
        public int WritesLeft { get; set; } = int.MaxValue;

        public Func<Task>? BeforePlan { get; set; }

        public Task<StoredRecord?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellation) => records.GetAsync(table, partitionKey, rowKey, cancellation);

        public IAsyncEnumerable<StoredRecord> QueryAsync(string table, string partitionKey, RowRange range, CancellationToken cancellation) => records.QueryAsync(table, partitionKey, range, cancellation);

        public async Task<IReadOnlyList<string>> WriteAsync(string table, string partitionKey, IReadOnlyList<RecordWrite> writes, CancellationToken cancellation)
        {
            if (partitionKey == "plan" && BeforePlan is { } before)
            {
                BeforePlan = null;
                await before();
            }

            return WritesLeft-- > 0 ? await records.WriteAsync(table, partitionKey, writes, cancellation) : throw new IOException("The host was cut off.");
        }
    }
}
