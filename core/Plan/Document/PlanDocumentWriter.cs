using System.Globalization;
using Maintenance.Time;
using NodaTime;

namespace Maintenance.Plan.Document;

/// <summary>Makes the document of a plan, from the plan as it runs and not from its text. Pure.</summary>
public static partial class PlanDocumentWriter
{
    /// <summary>The document.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="today">A local date of the plan's zone: closed days and absences are listed from its year on.</param>
    public static PlanDocument Of(OperationsPlan plan, LocalDate today)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new PlanDocument(
            "Operations and maintenance plan",
            $"{plan.System.Name}, {plan.System.Organisation}",
            [
                System(plan), People(plan, today), Teams(plan), Calendars(plan, today), Services(plan), Backups(plan), Recovery(plan), Windows(plan), Patching(plan), Assets(plan), Lifecycle(plan), Priorities(plan),
                ServiceLevels(plan), Duties(plan), .. plan.Monitoring == Maintenance.Monitoring.Probes.MonitoringPolicy.None ? Array.Empty<DocumentSection>() : [Monitoring(plan)], Support(plan), Training(plan), Resources(plan), Supplies(plan), Handover(plan), Documents(plan), Notifications(plan),
            ]);
    }

    private static DocumentSection System(OperationsPlan plan) => new("system", "System",
    [
        new DocumentText(plan.System.Description),
        new DocumentFacts(
        [
            new("Accountable", Who(plan, plan.System.Owner)),
            new("Time zone", $"{plan.System.TimeZone.Id}; every wall-clock time below is read in it"),
            new("Languages", string.Join(", ", plan.System.Languages.Select(static language => language == Language.Fr ? "French" : "English"))),
        ]),
    ]);

    private static DocumentSection People(OperationsPlan plan, LocalDate today)
    {
        var absences = (from person in plan.People from absence in person.Absences where absence.To >= today && !absence.IsRecorded orderby absence.From, person.Name select (person, absence)).ToList();
        List<DocumentBlock> blocks =
        [
            new DocumentTable("Contact list", ["Name", "Roles", "Telephone", "Mail", "On duty", "Skills"],
            [
                .. plan.People.Select(person => Row(
                    person.Name, List(person.Roles), person.Phone, person.Email, person.Hours is { } hours ? CalendarName(plan, hours) : "always", List(person.Skills))),
            ]),
        ];
        if (absences.Count > 0)
        {
            blocks.Add(new DocumentHeading("Absences"));
            blocks.Add(new DocumentTable("Absences", ["Name", "From", "To"], [.. absences.Select(static one => Row(one.person.Name, Date(one.absence.From), Date(one.absence.To)))]));
        }

        return new("contacts", "Contact list", blocks);
    }

    private static DocumentSection Teams(OperationsPlan plan) => new("teams", "Teams",
        plan.Teams.Count == 0 ? None("The plan has no teams: tickets wait for everybody with the role support.") :
        [
            new DocumentTable("Teams", ["Team", "Lead", "Members", "Services"],
            [
                .. plan.Teams.Select(team => Row(
                    team.Name, Who(plan, team.Lead), List(team.Members.Select(id => Who(plan, id))), team.Services.Count == 0 ? "what no other team takes" : List(team.Services.Select(id => ServiceName(plan, id))))),
            ]),
        ]);

    private static DocumentSection Calendars(OperationsPlan plan, LocalDate today)
    {
        var blocks = new List<DocumentBlock> { new DocumentText("Service time counts while a calendar is open. A holiday closes its whole date.") };
        var (first, last) = (new LocalDate(today.Year, 1, 1), new LocalDate(Math.Min(today.Year + 1, 9999), 12, 31));
        var listed = new List<(string Name, IReadOnlyList<Holiday> Days)>();
        foreach (var calendar in plan.Calendars)
        {
            blocks.Add(new DocumentHeading(Called(calendar)));
            blocks.Add(new DocumentTable($"Hours: {Called(calendar)}", ["Days", "Open"], [.. calendar.Hours.Select(Hours)]));
            foreach (var revision in calendar.Revisions)
            {
                blocks.Add(new DocumentText($"From {Date(revision.From)}: {revision.Reason}"));
                blocks.Add(new DocumentTable($"Hours from {Date(revision.From)}: {Called(calendar)}", ["Days", "Open"], [.. revision.Hours.Select(Hours)]));
            }

            List<Holiday> days = [.. calendar.Holidays.Where(holiday => holiday.Date >= first && holiday.Date <= last).DistinctBy(static holiday => holiday.Date).OrderBy(static holiday => holiday.Date)];
            if (listed.FirstOrDefault(other => other.Days.Select(static day => (day.Date, day.Name)).SequenceEqual(days.Select(static day => (day.Date, day.Name)))) is { Name: { } same } && days.Count > 0)
            {
                blocks.Add(new DocumentText($"Closed on the same holidays as: {same}."));
            }
            else if (days.Count > 0)
            {
                blocks.Add(new DocumentTable($"Holidays: {Called(calendar)}", ["Closed on", "Holiday"], [.. days.Select(static day => Row(Date(day.Date), day.Name))]));
                listed.Add((Called(calendar), days));
            }
        }

        return new("calendars", "Hours and holidays", blocks);
    }

    private static DocumentSection Services(OperationsPlan plan) => new("services", "Services and business impact",
    [
        new DocumentText("RTO: by when a service must run again. RPO: how much recent data may be lost. MTD: past this the damage is lasting."),
        new DocumentTable("Business impact analysis", ["Service", "Criticality", "RTO", "RPO", "MTD", "Accountable", "Cannot run without"],
        [
            .. plan.Services.OrderByDescending(static service => service.Criticality).Select(service => Row(
                service.Name, Lower(service.Criticality), Durations.Format(service.RecoveryTime), Durations.Format(service.RecoveryPoint), Durations.Format(service.TolerableDowntime),
                Who(plan, service.Owner), List(service.DependsOn.Select(id => ServiceName(plan, id))))),
        ]),
        new DocumentTable("What each service does", ["Service", "What it does, and what its loss means"], [.. plan.Services.Select(static service => Row(service.Name, service.Description))]),
    ]);

    private static DocumentSection Support(OperationsPlan plan)
    {
        var (support, form) = (plan.Support, plan.Support.Feedback);
        List<DocumentBlock> blocks =
        [
            new DocumentTable("Support channels", ["Channel", "Kind", "Address", "Staffed"],
                [.. support.Channels.Select(channel => Row(channel.Name, Lower(channel.Kind), channel.Address, CalendarName(plan, channel.Hours)))]),
            new DocumentHeading("Feedback form"),
            new DocumentText(form.Introduction),
            new DocumentTable("What a sender may choose", ["Choice", "Becomes", "Priority until triaged"],
                [.. form.Kinds.Select(kind => Row(kind.Label, Spaced(kind.Type.ToString()), plan.Priorities.NameOf(plan.Priorities.Of(kind.Impact, kind.Urgency))))]),
            new DocumentFacts(
            [
                new("Contact data are erased", $"{Durations.Format(form.Retention)} after the ticket was closed"),
                new("The same words are one ticket", $"within {Durations.Format(form.GroupWithin)}"),
                new("A resolved ticket closes", $"after {Durations.Format(plan.Tickets.ClosesAfter)}"),
                new("Survey", support.Survey is { } survey ? $"{survey.Schedule}, of those who wrote within {Durations.Format(survey.Period)}, {survey.Sample} at most" : "none"),
            ]),
        ];
        return new("support", "Support channels", blocks);
    }

    private static DocumentSection Notifications(OperationsPlan plan)
    {
        var settings = plan.Notifications;
        List<DocumentBlock> blocks =
        [
            new DocumentFacts(
            [
                new("Mail", settings.Mail is { } mail ? $"from {mail.From} through {mail.Host}:{mail.Port.ToString(CultureInfo.InvariantCulture)}{(mail.UseTls ? " with TLS" : ", NOT encrypted")}" : "none: notices are on the pages and in the log only"),
                new("Own words", settings.Templates.Count == 0 ? "none: the built-in ones" : List(settings.Templates.Select(static template => template.Id).Distinct())),
            ]),
        ];
        if (settings.Channels.Count > 0)
        {
            // A webhook's address is its secret: the document says where it goes, no more.
            blocks.Add(new DocumentTable("Webhooks", ["Webhook", "Kind", "Address", "Signed", "Quiet"],
            [
                .. settings.Channels.Select(static channel => Row(
                    channel.Id, Lower(channel.Kind), channel.Url is { } url ? url.Host : $"in the setting {channel.UrlSetting}", channel.SecretSetting is null ? "no" : "yes", List(channel.QuietHours.Select(Clock)))),
            ]));
        }

        var quiet = plan.People.Where(static person => person.QuietHours.Count > 0).ToList();
        if (quiet.Count > 0)
        {
            blocks.Add(new DocumentTable("Quiet hours", ["Name", "Only what is urgent", "Time zone"],
                [.. quiet.Select(person => Row(person.Name, List(person.QuietHours.Select(Clock)), (person.TimeZone ?? plan.System.TimeZone).Id))]));
        }

        return new("notifications", "Notifications", blocks);
    }

    private static IReadOnlyList<DocumentBlock> None(string text) => [new DocumentText(text)];

    private static IReadOnlyList<string> Row(params IEnumerable<string?> cells) => [.. cells.Select(static cell => string.IsNullOrWhiteSpace(cell) ? "–" : cell)];

    private static IReadOnlyList<string> Hours(WeeklyHours line) => Row(List(line.Days.Distinct().Order().Select(static day => day.ToString()[..3])), List(line.Spans.Select(Clock)));

    private static string Clock(ClockSpan span) => $"{Clock(span.Start)}–{Clock(span.End)}{(span.End <= span.Start ? " (next day)" : "")}";

    private static string Clock(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");

    private static string Date(LocalDate date) => date.ToString("ddd d MMM uuuu", CultureInfo.InvariantCulture);

    private static string List(IEnumerable<string> items) => string.Join(", ", items);

    private static string Lower(Enum value) => value.ToString().ToLowerInvariant();

    /// <summary><c>serviceRequest</c> as <c>service request</c>.</summary>
    private static string Spaced(string name) => string.Concat(name.Select(static (letter, at) => at > 0 && char.IsUpper(letter) ? " " + char.ToLowerInvariant(letter) : char.ToLowerInvariant(letter).ToString()));

    /// <summary>The name of a person; a role as it is.</summary>
    private static string Who(OperationsPlan plan, string id) => plan.FindPerson(id)?.Name ?? id;

    private static string ServiceName(OperationsPlan plan, string id) => plan.FindService(id)?.Name ?? id;

    private static string CalendarName(OperationsPlan plan, string id) => plan.Calendars.FirstOrDefault(calendar => calendar.Id == id) is { } found ? Called(found) : id;

    /// <summary>What people call a calendar; its id where the plan gives it no name.</summary>
    private static string Called(CalendarDefinition calendar) => calendar.Name.Length > 0 ? calendar.Name : calendar.Id;
}
