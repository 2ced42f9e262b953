using Maintenance.Assets.Components;
using Maintenance.Assets.Lifecycle;
using Maintenance.Backups;
using Maintenance.Knowledge;
using Maintenance.Recovery;
using Maintenance.Resources;
using Maintenance.Supplies;
using Maintenance.Tickets;
using Maintenance.Training;
using Maintenance.Windows;

using static Maintenance.Plan.Scalars;

namespace Maintenance.Plan;

/// <summary>What a plan looks like: each section's fields with their kinds and descriptions. Read by <see cref="PlanFile"/>, written down by <see cref="PlanSchema"/>.</summary>
internal static class PlanShape
{
    /// <summary>Reads the whole plan. Definitions come before what refers to them only where a table needs its rows and columns.</summary>
    public static OperationsPlan Read(PlanMap plan) => new(
        plan.Map("system", "What the plan is for.", System),
        plan.List("people", "The contact list: everybody who has a duty in this plan.", Person, least: 1),
        plan.List("calendars", "When service time counts: weekly hours and closed dates, in the system's time zone.", Calendar, least: 1),
        plan.List("services", "The business impact analysis: each service with its criticality and what an outage may cost.", Service, least: 1),
        plan.List("backups", "What is backed up, when, and who hears of a failure.", BackupShape.Policy, least: 0),
        plan.Map("priorities", "Priority from impact and urgency.", Priorities),
        plan.Map("serviceLevels", "Response and resolution targets, and the escalation chains for their breaches.", ServiceLevelShape.Agreement),
        plan.Map("patching", "Who approves which patch.", PatchingShape.Policy),
        plan.Map("support", "The channels that the public and the staff reach support by, and the feedback form.", Support),
        plan.OptionalMap("notifications", "How people are told: a mail relay and webhooks. Everything is in the log as well.", NotificationShape.Settings) ?? new NotificationSettings(null, []))
    {
        Recovery = plan.OptionalMap("recovery", "How services are brought back, and how that is tried out.", RecoveryShape.Policy) ?? RecoveryPolicy.None,
        Repository = plan.OptionalMap("repository", "How the backup repository is looked after, and what copies of it there are.", BackupShape.Repository) ?? RepositoryCare.Usual,
        Supplies = plan.OptionalMap("supplies", "What is consumed and must never run out: stocks with a minimum, what moves, and purchase requests.", SupplyShape.Policy) ?? SupplyPolicy.None,
        Handover = plan.OptionalMap("handover", "How the system passes to the people who run it. Left out: there is no handover.", HandoverShape.Handover),
        Training = plan.OptionalMap("training", "Who must have learnt what, and how often anew.", TrainingShape.Policy) ?? TrainingPolicy.None,
        Teams = plan.List("teams", "Who works together, and on what: tickets come to the team of their service.", TeamShape.Team, least: 0),
        Tickets = plan.OptionalMap("tickets", "What tickets must be, and when they close.", TeamShape.Tickets) ?? TicketPolicy.Usual,
        Duties = plan.List("duties", "What is owed again and again: audits, reviews, exercises, counts. Each has an owner, a rhythm, evidence and consequences.", DutyShape.Duty, least: 0),
        Knowledge = plan.OptionalMap("documents", "SOPs, knowledge articles and other documents: Markdown files below the plan's folder. Left out: there are none.", KnowledgeShape.Policy) ?? KnowledgePolicy.None,
        Windows = plan.OptionalMap("windows", "When changes may be made, and when not. Left out: there are no windows.", WindowShape.Policy) ?? WindowPolicy.None,
        Monitoring = plan.OptionalMap("monitoring", "What is watched, how available services have to be, and who hears of what.", MonitoringShape.Policy) ?? Maintenance.Monitoring.Probes.MonitoringPolicy.None,
        Assets = plan.OptionalMap("assets", "What the services are made of, and where advisories and ends of life are read.", AssetShape.Assets) ?? AssetPolicy.None,
        Lifecycle = plan.OptionalMap("lifecycle", "How old components may become, and how fast their faults are mended.", AssetShape.Lifecycle) ?? LifecyclePolicy.None,
        Resources = plan.OptionalMap("resources", "Whose hours belong to what, and what must never hang on one person.", ResourceShape.Policy) ?? ResourcePolicy.None,
        Debt = plan.OptionalMap("technicalDebt", "What share of the team's time belongs to the technical debt.", AssetShape.Debt),
    };

    private static SystemProfile System(PlanMap m) => new(
        m.Value("name", "What the system is called.", Text, ""),
        m.Value("organisation", "Who runs it.", Text, ""),
        m.Optional("description", "What it does, for whom.", Text, ""),
        m.Value("owner", "The id of the accountable person.", Reference(PlanEntity.Person), ""),
        m.Value("timeZone", "The IANA time zone in which all times of the plan are read.", Zone, NodaTime.DateTimeZone.Utc))
    {
        Languages = m.Values("languages", "The languages of the public pages and of mail, the usual one first; English where left out.", Choice<Language>(), least: 0) is { Count: > 0 } languages ? languages : [Language.En],
        Brand = m.OptionalMap("brand", "How the pages look; left out, as the system comes.", Brand) ?? Plan.Brand.None,
    };

    private static Brand Brand(PlanMap m) => new(
        m.Optional("colour", "Behind the white name at the top, and of the main buttons: #14532d. White must be readable on it.", Scalars.Colour, null),
        m.Optional("logo", "An SVG file below the plan's folder, at most 64 KiB: shown beside the name.", PlaceScalars.PathBelow("the plan's folder", "brand/logo.svg"), null));

    private static Person Person(PlanMap m) => new(
        m.Value("id", "Short and stable; what votes and the audit trail say.", Id(PlanEntity.Person), ""),
        m.Value("name", "The full name.", Text, ""),
        m.Optional("email", "Where mail goes.", Email, null),
        m.Optional("phone", "For calling in.", OptionalText, null),
        m.Values("roles", "What the person may and must do: administrator and support give rights; approvals and escalations name any role.", Reference(PlanEntity.Role), least: 1),
        m.Values("skills", "What the person can work on.", Text, least: 0),
        m.Optional("hours", "The id of the calendar in which the person is on duty.", OptionalReference(PlanEntity.Calendar), null))
    {
        Language = m.Optional("language", "The language of mail to the person; the system's first where left out.", OptionalLanguage, null),
        TimeZone = m.Optional("timeZone", "The zone of times in mail to the person, and of their quiet hours; the system's where left out.", OptionalZone, null),
        QuietHours = m.Values("quietHours", "When only what is urgent is sent to the person, every day: 21:00-06:30.", Scalars.ClockSpan, least: 0),
        Absences = m.List("absences", "When the person is away: no ticket is given to them, and escalations pass them by.", Absence, least: 0),
        Capacity = m.Optional("capacity", "So many open tickets are a full load; 5 where left out, and with 0 none is given to the person.", Number(0, 1000), Plan.Person.UsualCapacity),
    };

    private static Absence Absence(PlanMap m) => new(
        m.Value("from", "The first local date.", Date, default),
        m.Value("to", "The last one.", Date, default),
        m.Optional("reason", "Why, where colleagues may know.", Text, ""))
    {
        Part = m.Optional("part", "Half of a single day: morning (until noon) or afternoon; the whole where left out.", Choice<DayPart>(), DayPart.Whole),
        Deputy = m.Optional("deputy", "The id of who stands in.", OptionalReference(PlanEntity.Person), null),
    };

    private static CalendarDefinition Calendar(PlanMap m) => new(
        m.Value("id", "Short and stable.", Id(PlanEntity.Calendar), ""),
        m.Optional("name", "What people call it.", Text, ""),
        m.List("hours", "Weekly hours; several lines and several spans a day add up.", Hours, least: 1),
        m.List("holidays", "Local dates that are closed from midnight to midnight.", Holiday, least: 0))
    {
        HolidayFiles = [.. m.Values("holidayFiles", "iCalendar files (.ics) of public holidays, relative to the plan's folder: each whole day of their events is closed too.", PlaceScalars.PathBelow("the plan's folder", "holidays.ics"), least: 0).OfType<string>()],
        Revisions = m.List("revisions", "Other weekly hours from a date on; time before it keeps the old ones.", Revision, least: 0),
    };

    private static CalendarRevision Revision(PlanMap m) => new(
        m.Value("from", "The first local date of the new hours.", Date, default),
        m.List("hours", "The new weekly hours.", Hours, least: 1),
        m.Optional("reason", "Why, for whoever asks.", Text, ""));

    private static WeeklyHours Hours(PlanMap m) => new(
        m.Values("days", "Weekdays: mon to sun.", Weekday, least: 1),
        m.Values("spans", "Half-open spans such as 08:00-17:00; 22:00-06:00 runs over midnight; 00:00-24:00 is the whole day.", Scalars.ClockSpan, least: 1));

    private static Holiday Holiday(PlanMap m) => new(
        m.Value("date", "The local date.", Date, default),
        m.Value("name", "What it is.", Text, ""));

    private static Service Service(PlanMap m) => new(
        m.Value("id", "Short and stable.", Id(PlanEntity.Service), ""),
        m.Value("name", "What users call it.", Text, ""),
        m.Optional("description", "What it does for whom, and what its loss means.", Text, ""),
        m.Value("criticality", "How bad its loss is.", Choice<Criticality>(), Criticality.Low),
        m.Value("owner", "The id of the accountable person.", Reference(PlanEntity.Person), ""),
        m.Value("rto", "Recovery time objective: by when it must run again.", Duration, TimeSpan.FromHours(1)),
        m.Value("rpo", "Recovery point objective: how much recent data may be lost.", Duration, TimeSpan.FromHours(1)),
        m.Value("mtd", "Maximum tolerable downtime: past this the damage is lasting.", Duration, TimeSpan.FromDays(1)),
        m.Values("dependsOn", "The ids of the services it cannot run without.", Reference(PlanEntity.Service), least: 0));

    private static PriorityMatrix Priorities(PlanMap m) => new(
        m.List("levels", "The priorities, most urgent first.", Level(PlanEntity.Priority), least: 1),
        m.List("impact", "How many are affected, worst first.", Level(PlanEntity.Impact), least: 1),
        m.List("urgency", "How soon it hurts, worst first.", Level(PlanEntity.Urgency), least: 1),
        m.Table("matrix", "For each impact, the priority for each urgency.", PlanEntity.Impact, PlanEntity.Urgency, PlanEntity.Priority));

    private static Func<PlanMap, PriorityLevel> Level(PlanEntity entity) => m => new(
        m.Value("id", "Short and stable.", Id(entity), ""),
        m.Value("name", "What people read.", Text, ""));

    private static Support Support(PlanMap m) => new(
        m.List("channels", "The ways to reach support.", SupportChannel, least: 1),
        m.Map("feedback", "The public form.", FeedbackShape.Form))
    {
        Templates = m.List("templates", "Answers that support gives often; whoever answers chooses one and changes it.", AnswerTemplate, least: 0),
        Survey = m.OptionalMap("survey", "A survey by mail among those who sent feedback: how likely they would recommend the service. Left out: there is none.", FeedbackShape.Survey),
    };

    private static AnswerTemplate AnswerTemplate(PlanMap m) => new(
        m.Value("id", "Short and stable.", Id(PlanEntity.AnswerTemplate), ""),
        m.Value("name", "What support chooses by.", Text, ""),
        m.Value("text", "The answer; {requester}, {ticket}, {title}, {service}, {me} and {organisation} stand for what they say.", Text, ""),
        m.Optional("language", "The language that it is in; the system's first where left out.", OptionalLanguage, null));

    private static SupportChannel SupportChannel(PlanMap m) => new(
        m.Value("id", "Short and stable.", Id(PlanEntity.SupportChannel), ""),
        m.Value("kind", "What it is.", Choice<SupportChannelKind>(), SupportChannelKind.Form),
        m.Value("name", "What users see.", Text, ""),
        m.Value("address", "A mail address, a number, a place or a link.", Text, ""),
        m.Value("hours", "The id of the calendar in which it is staffed.", Reference(PlanEntity.Calendar), ""));
}
