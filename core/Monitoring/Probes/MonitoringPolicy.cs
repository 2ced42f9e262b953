namespace Maintenance.Monitoring.Probes;

/// <summary>What is watched, and what it has to keep: the section <c>monitoring</c> of the plan.</summary>
/// <param name="Probes">The probes, each with an id of its own.</param>
/// <param name="Objectives">How available services have to be; one for a service.</param>
public sealed record MonitoringPolicy(IReadOnlyList<Probe> Probes, IReadOnlyList<ServiceObjective> Objectives)
{
    /// <summary>How soon after an outage the next one of the same probe is told in the same ticket, where the plan does not say.</summary>
    public static readonly TimeSpan UsualJoinsWithin = TimeSpan.FromHours(1);

    /// <summary>The longest that it may be: a service that fails once a day has a ticket each time.</summary>
    public static readonly TimeSpan LongestJoinsWithin = TimeSpan.FromHours(12);

    /// <summary>A plan without the section.</summary>
    public static MonitoringPolicy None { get; } = new([], []);

    /// <summary>What the ticket of an outage is taken to be; null where none is opened.</summary>
    public IncidentTicket? Ticket { get; init; }

    /// <summary>An outage that begins less than this after the last one of its probe is told in the ticket of that one.</summary>
    public TimeSpan JoinsWithin { get; init; } = UsualJoinsWithin;

    /// <summary>The ids of the maintenance windows in which services may be down by plan: no ticket is opened, and it counts not as downtime. None where the plan names none.</summary>
    public IReadOnlyList<string> QuietIn { get; init; } = [];

    /// <summary>Who hears of what concerns security, and from when on.</summary>
    public SecurityPolicy? Security { get; init; }

    /// <summary>Who outside watches over the watchdog; null for nobody.</summary>
    public DeadMan? DeadMan { get; init; }

    /// <summary>The probe of an id, or null.</summary>
    public Probe? Find(string id) => Probes.FirstOrDefault(probe => probe.Id == id);

    /// <summary>The probes of a service.</summary>
    public IEnumerable<Probe> Of(string service) => Probes.Where(probe => probe.Service == service);

    /// <summary>What a service has to keep, or null.</summary>
    public ServiceObjective? ObjectiveOf(string service) => Objectives.FirstOrDefault(objective => objective.Service == service);
}

/// <summary>How available a service has to be.</summary>
/// <param name="Service">Its id.</param>
/// <param name="Percent">The share of its agreed time in a month, in per cent: above 0, below 100. Null where only its calendar is said.</param>
/// <param name="Calendar">The id of the calendar of its agreed time; null for always.</param>
public sealed record ServiceObjective(string Service, double? Percent, string? Calendar);

/// <summary>What the ticket of an outage is taken to be.</summary>
/// <param name="Impact">The id of the impact.</param>
/// <param name="Urgency">The id of the urgency.</param>
public sealed record IncidentTicket(string Impact, string Urgency);

/// <summary>Which signals of security are told to whom.</summary>
/// <param name="Notify">People or roles.</param>
/// <param name="FailedSignIns">So many refused sign-ins from one address…</param>
/// <param name="Within">…within this time are told.</param>
public sealed record SecurityPolicy(IReadOnlyList<string> Notify, int FailedSignIns, TimeSpan Within);

/// <summary>A watcher outside that expects a call, and alarms where none comes.</summary>
/// <param name="Url">Where it is called; null where <paramref name="UrlSetting"/> names the setting that holds the address.</param>
/// <param name="UrlSetting">The name of that setting: such an address is a secret as a rule.</param>
/// <param name="Every">How often it is called.</param>
public sealed record DeadMan(Uri? Url, string? UrlSetting, TimeSpan Every);
