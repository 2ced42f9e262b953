namespace Maintenance.Status;

/// <summary>When a timer ticks.</summary>
/// <param name="Timer">Its name.</param>
/// <param name="Schedule">NCRONTAB of six fields, in UTC: what is due in whose zone is worked out by what it ticks.</param>
/// <param name="Period">How long it is from one tick to the next.</param>
public sealed record TimerRhythm(string Timer, string Schedule, TimeSpan Period)
{
    /// <summary>A timer that has been silent for longer than this has stopped: three of its ticks were missed, and five minutes are no news.</summary>
    public TimeSpan Silence { get; } = Period * 3 > Attention.Silence ? Period * 3 : Attention.Silence;
}

/// <summary>
/// When each timer ticks on Azure, where every tick is paid for and an idle app should sleep; the other host ticks them all each minute. Each minute ticks only
/// what people would miss: a backup that is due, a target that is missed, news that were held back, a drill that was announced. What merely guards something that
/// moves by itself (workflows have their own deadlines and are woken by what happens) has time. The ticks lie apart, so that they do not all ask the same
/// tables in the same second.
/// </summary>
public static class TimerRhythms
{
    /// <summary>Each minute: a backup begins when its schedule says so.</summary>
    public const string TakeDueBackups = "0 * * * * *";

    /// <summary>Each minute: a warning may be minutes before the breach.</summary>
    public const string SweepServiceLevels = "15 * * * * *";

    /// <summary>Each minute: people wait for what quiet hours or a broken relay held back.</summary>
    public const string DeliverNotifications = "30 * * * * *";

    /// <summary>Each minute: a drill begins when it was announced for.</summary>
    public const string StartDueDrills = "45 * * * * *";

    /// <summary>Every quarter of an hour: duties are due on a day, and overdue days later.</summary>
    public const string SweepDuties = "8 3-48/15 * * * *";

    /// <summary>Every five minutes: a vote wakes its approval, and the expiry does; this only starts or closes what a crash left.</summary>
    public const string SweepApprovals = "10 0-55/5 * * * *";

    /// <summary>Every five minutes: a rollout wakes at its window and with each decision; this only starts what a crash left.</summary>
    public const string SweepRollouts = "20 1-56/5 * * * *";

    /// <summary>Every five minutes: a recovery is woken by each decision; this only starts or wakes what a crash left.</summary>
    public const string SweepRecoveries = "40 2-57/5 * * * *";

    /// <summary>Every five minutes: recovery points are counted in hours.</summary>
    public const string RaiseBackupAlarms = "50 3-58/5 * * * *";

    /// <summary>Every five minutes: prunes and verifications take hours, and none is waited for.</summary>
    public const string CareForRepository = "5 4-59/5 * * * *";

    /// <summary>Every five minutes: three ticks are what a timer of each minute may miss; see <see cref="Monitoring.WatchService"/>.</summary>
    public const string WatchOperations = "55 1-56/5 * * * *";

    /// <summary>Each hour: files and advisories change now and then, and nothing of them is due in minutes.</summary>
    public const string ReviewAssets = "42 35 * * * *";

    /// <summary>Every quarter of an hour: the book follows the plan and the keys, which seldom change.</summary>
    public const string WriteBreakGlassBook = "25 7-52/15 * * * *";

    /// <summary>Every quarter of an hour: a survey is due on a day.</summary>
    public const string SendDueSurveys = "35 11-56/15 * * * *";

    /// <summary>Each hour: documents are changed by people, and acknowledged in days.</summary>
    public const string SweepDocuments = "5 13 * * * *";

    /// <summary>Each hour: what has expired opens nothing any more, deleted or not.</summary>
    public const string PurgeExpired = "52 23 * * * *";

    /// <summary>Each hour: tickets are opened when a handover begins; this goes on where that was cut off, notes drills, and tells of what is not done on its date.</summary>
    public const string SweepHandover = "2 57 * * * *";

    /// <summary>Each hour: a training runs out on a day.</summary>
    public const string SweepTraining = "12 47 * * * *";

    /// <summary>Each hour: what runs out does so in days, and an entry that falls below the minimum tells people at once.</summary>
    public const string SweepSupplies = "22 37 * * * *";

    /// <summary>Each minute: the most often that a probe is taken on Azure; each has its own cadence.</summary>
    public const string RunProbes = "48 * * * * *";

    /// <summary>Every quarter of an hour: what concerns security is news for hours, and is told once.</summary>
    public const string WatchSecurity = "18 4-49/15 * * * *";

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan QuarterHour = TimeSpan.FromMinutes(15);

    /// <summary>Of all timers.</summary>
    public static IReadOnlyList<TimerRhythm> All { get; } =
    [
        new(TimerService.TakeDueBackups, TakeDueBackups, Minute),
        new(TimerService.CareForRepository, CareForRepository, FiveMinutes),
        new(TimerService.RaiseBackupAlarms, RaiseBackupAlarms, FiveMinutes),
        new(TimerService.SweepServiceLevels, SweepServiceLevels, Minute),
        new(TimerService.SweepApprovals, SweepApprovals, FiveMinutes),
        new(TimerService.SweepRollouts, SweepRollouts, FiveMinutes),
        new(TimerService.SweepRecoveries, SweepRecoveries, FiveMinutes),
        new(TimerService.StartDueDrills, StartDueDrills, Minute),
        new(TimerService.SweepDuties, SweepDuties, QuarterHour),
        new(TimerService.ReviewAssets, ReviewAssets, TimeSpan.FromHours(1)),
        new(TimerService.WriteBreakGlassBook, WriteBreakGlassBook, QuarterHour),
        new(TimerService.SendDueSurveys, SendDueSurveys, QuarterHour),
        new(TimerService.SweepDocuments, SweepDocuments, TimeSpan.FromHours(1)),
        new(TimerService.DeliverNotifications, DeliverNotifications, Minute),
        new(TimerService.PurgeExpired, PurgeExpired, TimeSpan.FromHours(1)),
        new(TimerService.SweepHandover, SweepHandover, TimeSpan.FromHours(1)),
        new(TimerService.SweepTraining, SweepTraining, TimeSpan.FromHours(1)),
        new(TimerService.SweepSupplies, SweepSupplies, TimeSpan.FromHours(1)),
        new(TimerService.WatchOperations, WatchOperations, FiveMinutes),
        new(TimerService.RunProbes, RunProbes, Minute),
        new(TimerService.WatchSecurity, WatchSecurity, QuarterHour),
    ];

    /// <summary>Of one timer.</summary>
    /// <exception cref="ArgumentException">There is no such timer.</exception>
    public static TimerRhythm Of(string timer) =>
        All.FirstOrDefault(rhythm => rhythm.Timer == timer) ?? throw new ArgumentException($"There is no timer '{timer}'.", nameof(timer));
}
