using Maintenance.Backups;
using Maintenance.Patches;
using Maintenance.Recovery;
using Maintenance.ServiceLevels;
using Maintenance.Tickets;
using Maintenance.Time;
using Maintenance.Windows;
using NodaTime;

namespace Maintenance.Plan;

/// <summary>An organisation's operations and maintenance plan, as loaded from <c>plan.yaml</c>: immutable, complete and checked.</summary>
public sealed record OperationsPlan(
    SystemProfile System,
    IReadOnlyList<Person> People,
    IReadOnlyList<CalendarDefinition> Calendars,
    IReadOnlyList<Service> Services,
    IReadOnlyList<BackupPolicy> Backups,
    PriorityMatrix Priorities,
    ServiceLevelAgreement ServiceLevels,
    PatchingPolicy Patching,
    Support Support,
    NotificationSettings Notifications)
{
    /// <summary>How the backup repository is looked after.</summary>
    public RepositoryCare Repository { get; init; } = RepositoryCare.Usual;

    /// <summary>How services are brought back.</summary>
    public RecoveryPolicy Recovery { get; init; } = RecoveryPolicy.None;

    /// <summary>When changes may be made.</summary>
    public WindowPolicy Windows { get; init; } = WindowPolicy.None;

    /// <summary>The person of an id, or null.</summary>
    public Person? FindPerson(string id) => People.FirstOrDefault(person => person.Id == id);

    /// <summary>The service of an id, or null.</summary>
    public Service? FindService(string id) => Services.FirstOrDefault(service => service.Id == id);

    /// <summary>The backup policy of an id, or null.</summary>
    public BackupPolicy? FindBackup(string id) => Backups.FirstOrDefault(policy => policy.Id == id);

    /// <summary>The service calendar of an id.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the plan's check rules that out for every reference in the plan.</exception>
    public ServiceCalendar Calendar(string id) =>
        Calendars.FirstOrDefault(calendar => calendar.Id == id)?.Build(System.TimeZone)
        ?? throw new KeyNotFoundException($"The plan has no calendar '{id}'.");

    /// <summary>The people of a role, in the plan's order.</summary>
    public IEnumerable<Person> InRole(string role) => People.Where(person => person.Roles.Contains(role));

    /// <summary>The people that a list of recipients names: ids of people, or roles; each once, in order of first mention.</summary>
    public IReadOnlyList<Person> Resolve(IEnumerable<string> recipients) =>
        [.. recipients.SelectMany(name => FindPerson(name) is { } person ? [person] : InRole(name)).Distinct()];
}

/// <summary>The system that the plan is for.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Organisation">Who runs it.</param>
/// <param name="Description">What it does, for whom.</param>
/// <param name="Owner">The id of the accountable person.</param>
/// <param name="TimeZone">The zone in which every wall-clock time of the plan is read.</param>
public sealed record SystemProfile(string Name, string Organisation, string Description, string Owner, DateTimeZone TimeZone);

/// <summary>An entry of the contact list.</summary>
/// <param name="Id">Short and stable; what the plan, votes and the audit trail say.</param>
/// <param name="Name">The full name.</param>
/// <param name="Email">Where mail goes, or null.</param>
/// <param name="Phone">For calling in, or null.</param>
/// <param name="Roles">What the person may and must do: <c>administrator</c>, <c>support</c>, and the roles that approvals and escalations name.</param>
/// <param name="Skills">What the person can work on.</param>
/// <param name="Hours">The id of the calendar in which the person is on duty, or null.</param>
public sealed record Person(
    string Id, string Name, string? Email, string? Phone, IReadOnlyList<string> Roles, IReadOnlyList<string> Skills, string? Hours);

/// <summary>A calendar as written: weekly hours and closed dates.</summary>
public sealed record CalendarDefinition(string Id, string Name, IReadOnlyList<WeeklyHours> Hours, IReadOnlyList<Holiday> Holidays)
{
    /// <summary>The calendar as service time counts in it.</summary>
    public ServiceCalendar Build(DateTimeZone zone) => new(
        zone,
        from line in Hours
        from day in line.Days
        from span in line.Spans
        select (day, span.Start, span.End),
        Holidays.Select(static holiday => holiday.Date));
}

/// <summary>The hours of some weekdays.</summary>
public sealed record WeeklyHours(IReadOnlyList<IsoDayOfWeek> Days, IReadOnlyList<ClockSpan> Spans);

/// <summary>From and to in minutes from midnight; a <paramref name="End"/> at or before <paramref name="Start"/> is on the next day; 1440 is 24:00.</summary>
public sealed record ClockSpan(int Start, int End);

/// <summary>A local date on which a calendar is closed.</summary>
public sealed record Holiday(LocalDate Date, string Name);

/// <summary>A line of the business impact analysis.</summary>
/// <param name="Id">Short and stable.</param>
/// <param name="Name">What users call it.</param>
/// <param name="Description">What it does for whom, and what its loss means.</param>
/// <param name="Criticality">How bad its loss is.</param>
/// <param name="Owner">The id of the accountable person.</param>
/// <param name="RecoveryTime">RTO: by when it must run again.</param>
/// <param name="RecoveryPoint">RPO: how much recent data may be lost.</param>
/// <param name="TolerableDowntime">MTD: past this the damage is lasting.</param>
/// <param name="DependsOn">The ids of the services it cannot run without.</param>
public sealed record Service(
    string Id, string Name, string Description, Criticality Criticality, string Owner,
    TimeSpan RecoveryTime, TimeSpan RecoveryPoint, TimeSpan TolerableDowntime, IReadOnlyList<string> DependsOn);

/// <summary>How bad the loss of a service is.</summary>
public enum Criticality
{
    /// <summary>Nobody outside notices for days.</summary>
    Low,

    /// <summary>Work slows down.</summary>
    Medium,

    /// <summary>Users are turned away.</summary>
    High,

    /// <summary>The organisation cannot do its duty.</summary>
    Critical,
}

/// <summary>The public channels and the form.</summary>
public sealed record Support(IReadOnlyList<SupportChannel> Channels, FeedbackForm Feedback);

/// <summary>A way to reach support.</summary>
/// <param name="Id">Short and stable.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">What users see.</param>
/// <param name="Address">A mail address, a number, a place or a link.</param>
/// <param name="Hours">The id of the calendar in which it is staffed.</param>
public sealed record SupportChannel(string Id, SupportChannelKind Kind, string Name, string Address, string Hours);

/// <summary>Kinds of support channel.</summary>
public enum SupportChannelKind
{
    /// <summary>The feedback form of this system.</summary>
    Form,

    /// <summary>Mail.</summary>
    Email,

    /// <summary>Telephone.</summary>
    Phone,

    /// <summary>Instant messages.</summary>
    Chat,

    /// <summary>A desk in a place.</summary>
    Desk,
}

/// <summary>The public form.</summary>
/// <param name="Introduction">The text above the form.</param>
/// <param name="Kinds">What a sender may choose, in this order.</param>
public sealed record FeedbackForm(string Introduction, IReadOnlyList<FeedbackKind> Kinds)
{
    /// <summary>The kind of an id, or null.</summary>
    public FeedbackKind? Find(string id) => Kinds.FirstOrDefault(kind => kind.Id == id);
}

/// <summary>A choice of the form, and what it becomes.</summary>
/// <param name="Id">Short and stable.</param>
/// <param name="Label">What the sender reads.</param>
/// <param name="Type">The type of ticket it becomes.</param>
/// <param name="Impact">The impact it is taken to have until support triages it.</param>
/// <param name="Urgency">The urgency it is taken to have until support triages it.</param>
public sealed record FeedbackKind(string Id, string Label, TicketType Type, string Impact, string Urgency);

/// <summary>How people are told.</summary>
/// <param name="Mail">The mail relay, or null where none is used.</param>
/// <param name="Channels">Webhooks.</param>
public sealed record NotificationSettings(MailRelay? Mail, IReadOnlyList<WebhookChannel> Channels);

/// <summary>An SMTP relay.</summary>
/// <param name="Host">Its name.</param>
/// <param name="Port">Its port.</param>
/// <param name="From">The sender's address.</param>
/// <param name="UseTls">STARTTLS.</param>
/// <param name="User">The account, or null for none.</param>
/// <param name="PasswordSetting">The name of the host's setting that holds the password: no secret stands in a plan.</param>
public sealed record MailRelay(string Host, int Port, string From, bool UseTls, string? User, string? PasswordSetting);

/// <summary>A webhook that people read.</summary>
/// <param name="Id">Short and stable; escalation levels name it.</param>
/// <param name="Kind">Which body it takes.</param>
/// <param name="Url">Its address, or null where <paramref name="UrlSetting"/> names the setting that holds it.</param>
/// <param name="UrlSetting">The name of the host's setting that holds the address: a webhook's address is often its only secret.</param>
public sealed record WebhookChannel(string Id, WebhookKind Kind, Uri? Url, string? UrlSetting);

/// <summary>Which body a webhook takes.</summary>
public enum WebhookKind
{
    /// <summary>The notification as JSON.</summary>
    Generic,

    /// <summary>A Teams workflow's adaptive card.</summary>
    Teams,

    /// <summary>Slack's <c>text</c>.</summary>
    Slack,
}
