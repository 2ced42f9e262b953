using System.Globalization;
using System.Text.RegularExpressions;
using Maintenance.Plan;
using Maintenance.Time;
using NodaTime;

namespace Maintenance.Recovery;

/// <summary>
/// The break-glass book: what somebody needs who has the object store, the passphrase and a bare machine, and nothing and nobody else. One text that is readable in
/// any editor. Pure: the same contents give the same text.
/// </summary>
public static partial class BreakGlassBook
{
    /// <summary>Where books and programs lie in a store. No part of the repository's format: nothing there relies on it.</summary>
    public const string Prefix = "break-glass/";

    /// <summary>Writes the book.</summary>
    public static string Write(BreakGlassContents contents)
    {
        ArgumentNullException.ThrowIfNull(contents);
        var text = new BreakGlassText();
        Opening(text, contents);
        Contacts(text, contents.Plan);
        Services(text, contents.Plan);
        BreakGlassStores.Write(text, contents);
        BreakGlassCommands.Write(text, contents);
        BreakGlassStrategies.Write(text, contents);
        BreakGlassWatch.Write(text, contents);
        Copies(text, contents);
        return text.ToString();
    }

    /// <summary>The services in the order in which they are brought back: what others depend on first, else the most critical, and of these the one with the shortest RTO.</summary>
    public static IReadOnlyList<Service> InOrderOfRecovery(OperationsPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var order = new List<Service>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var service in Urgent(plan.Services))
        {
            Visit(service);
        }

        return order;

        void Visit(Service service)
        {
            if (!seen.Add(service.Id))
            {
                return;
            }

            foreach (var needed in Urgent(service.DependsOn.Select(plan.FindService).OfType<Service>()))
            {
                Visit(needed);
            }

            order.Add(service);
        }

        static IEnumerable<Service> Urgent(IEnumerable<Service> services) => services.OrderByDescending(static one => one.Criticality).ThenBy(static one => one.RecoveryTime);
    }

    /// <summary>An instant in UTC and in the plan's zone.</summary>
    internal static string When(OperationsPlan plan, DateTimeOffset at)
    {
        var zone = plan.System.TimeZone;
        var local = Instant.FromDateTimeOffset(at).InZone(zone).ToString("uuuu'-'MM'-'dd HH':'mm", CultureInfo.InvariantCulture);
        return $"{at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)} ({local} {zone.Id})";
    }

    /// <summary>A person and how to reach them.</summary>
    internal static string Reach(Person person) =>
        $"{person.Name}{(person.Phone is { } phone ? $", phone {phone}" : "")}{(person.Email is { } mail ? $", {mail}" : "")}";

    /// <summary>The people of a person's id or a role, and how to reach them.</summary>
    internal static string Reach(OperationsPlan plan, IEnumerable<string> recipients) =>
        plan.Resolve(recipients) is { Count: > 0 } people ? string.Join("; ", people.Select(Reach)) : "nobody in the plan";

    private static void Opening(BreakGlassText text, BreakGlassContents contents)
    {
        var plan = contents.Plan;
        text.Heading(1, $"Break-glass book: {plan.System.Name}");
        text.Paragraph($"{plan.System.Organisation}. {plan.System.Description}");
        text.Paragraph(
            $"For the day on which the machine that ran this is gone. With this text, the object store that it lies in (or any copy of it) and the passphrase, a bare machine brings everything back. It has people's phone numbers, and no secret: keep it where they are kept. Written {When(plan, contents.At)}; a newer one, if there is one, lies in the same folder, under a later name.");
        text.Item($"Call {Reach(plan, [plan.System.Owner])}, who answers for the system. Everybody else is in section 1.", mark: "1.");
        text.Item("Decide what comes first: section 2 has the services in order, section 6 how each is brought back, by whom and in what time.", mark: "2.");
        text.Item("Find a store that is whole, and the passphrase: sections 3 and 4. Do not write to the store; work on a copy of it where you can.", mark: "3.");
        text.Item("Take any machine with room enough, and run the commands of section 5, from the first to the last. They need nothing from the lost machine.", mark: "4.");
        text.Item("Let the service's own people look at what was restored before anybody works with it. What nobody does meanwhile is in sections 7 to 9: what was watched, what the services are made of, what is due.", mark: "5.");
    }

    private static void Contacts(BreakGlassText text, OperationsPlan plan)
    {
        text.Heading(2, "1. Contacts");
        foreach (var person in plan.People)
        {
            text.Item($"{Reach(person)} ({person.Id}){(person.Roles.Count > 0 ? $"; {string.Join(", ", person.Roles)}" : "")}");
            if (person.Skills.Count > 0)
            {
                text.Item($"can work on: {string.Join(", ", person.Skills)}", 1);
            }

            if (person.Hours is { } hours)
            {
                text.Item($"on duty: {Hours(plan, hours)}", 1);
            }
        }

        text.End();
        if (plan.Support.Channels.Count > 0)
        {
            text.Paragraph("Where users ask, and are to be told:");
            foreach (var channel in plan.Support.Channels)
            {
                text.Item($"{channel.Name}: {channel.Address}; {Hours(plan, channel.Hours)}");
            }

            text.End();
        }
    }

    private static void Services(BreakGlassText text, OperationsPlan plan)
    {
        text.Heading(2, "2. Services, in the order of recovery");
        text.Paragraph("RTO: by when it must run again. RPO: how much recent data may be lost. MTD: past this the damage is lasting.");
        var number = 0;
        foreach (var service in InOrderOfRecovery(plan))
        {
            number++;
            text.Item(
                $"{service.Name} ({service.Id}), {service.Criticality.ToString().ToLowerInvariant()}: RTO {Durations.Format(service.RecoveryTime)}, RPO {Durations.Format(service.RecoveryPoint)}, MTD {Durations.Format(service.TolerableDowntime)}",
                mark: $"{number}.");
            text.Item($"owner: {Reach(plan, [service.Owner])}", 2);
            if (service.DependsOn.Count > 0)
            {
                text.Item($"cannot run without: {string.Join(", ", service.DependsOn)}", 2);
            }

            if (service.Description.Length > 0)
            {
                text.Item(service.Description, 2);
            }

            var policies = plan.Backups.Where(policy => policy.Service == service.Id).Select(static policy => policy.Id).ToList();
            text.Item(policies.Count > 0 ? $"backups: {string.Join(", ", policies)}" : "no backup policy of its own", 2);
            var strategies = plan.Recovery.Strategies.Where(strategy => strategy.Service == service.Id).Select(static strategy => strategy.Id).ToList();
            text.Item(strategies.Count > 0 ? $"strategies: {string.Join(", ", strategies)}" : policies.Count > 0 ? "no strategy in the plan: restore its backups, then let its owner look" : "no strategy in the plan: its owner decides", 2);
        }

        text.End();
    }

    /// <summary>The texts that were at hand, word for word.</summary>
    private static void Copies(BreakGlassText text, BreakGlassContents contents)
    {
        text.Heading(2, "10. The procedures that the strategies name");
        if (contents.Procedures.Count == 0)
        {
            text.Paragraph("None.");
        }

        var fence = Fence(contents);
        foreach (var procedure in contents.Procedures)
        {
            if (procedure.Text is { } words)
            {
                text.Fenced(fence, procedure.File, Lines(words));
            }
            else
            {
                text.Paragraph($"{procedure.File}: it could not be read when this was written.");
            }
        }

        text.Heading(2, "11. The plan");
        text.Paragraph($"Word for word. It lay in {contents.PlanFolder}, from where its relative paths are read.");
        text.Fenced(fence, PlanName, Lines(contents.PlanText));
        foreach (var (path, words) in contents.PlanFiles)
        {
            text.Paragraph($"It includes {path}:");
            text.Fenced(fence, path, Lines(words));
        }
    }

    /// <summary>What the plan's text is called behind its fence.</summary>
    internal const string PlanName = "plan.yaml";

    /// <summary>A fence that no text of the book begins a line with.</summary>
    internal static string Fence(BreakGlassContents contents)
    {
        var texts = contents.Procedures.Select(static procedure => procedure.Text ?? "").Append(contents.PlanText).Concat(contents.PlanFiles.Values);
        var longest = texts.SelectMany(static text => Tildes().Matches(text).Select(static run => run.Length)).DefaultIfEmpty(0).Max();
        return new string('~', Math.Max(4, longest + 1));
    }

    private static string[] Lines(string text) => text.TrimStart('\uFEFF').ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    private static string Hours(OperationsPlan plan, string calendar)
    {
        if (plan.Calendars.FirstOrDefault(one => one.Id == calendar) is not { } found)
        {
            return calendar;
        }

        var hours = found.Hours.Select(static line => $"{string.Join(" ", line.Days.Select(static day => day.ToString()[..3]))} {string.Join(" and ", line.Spans.Select(static span => $"{Clock(span.Start)}-{Clock(span.End)}"))}");
        return $"{(string.IsNullOrEmpty(found.Name) ? found.Id : found.Name)} ({string.Join("; ", hours)}, {plan.System.TimeZone.Id})";
    }

    private static string Clock(int minutes) => string.Create(CultureInfo.InvariantCulture, $"{minutes / 60:00}:{minutes % 60:00}");

    [GeneratedRegex("~+")]
    private static partial Regex Tildes();
}
