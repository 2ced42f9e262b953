using System.Globalization;
using Maintenance.Assets.Components;
using Maintenance.Duties;
using Maintenance.Monitoring.Probes;
using Maintenance.Plan;
using Maintenance.Time;
using NodaTime;

namespace Maintenance.Recovery;

/// <summary>The sections of the book on what the lost system did besides backups: what it watched, what the services are made of, and what it would have asked for next.</summary>
internal static class BreakGlassWatch
{
    /// <summary>So far ahead duties are named: who needs the book for longer has the system again.</summary>
    private static readonly Duration Ahead = Duration.FromDays(30);

    /// <summary>So many lines of components, and of duties, at most: the plan, which is in the book, has all of them.</summary>
    private const int Most = 100;

    public static void Write(BreakGlassText text, BreakGlassContents contents)
    {
        Probes(text, contents.Plan);
        Components(text, contents);
        Duties(text, contents);
    }

    private static void Probes(BreakGlassText text, OperationsPlan plan)
    {
        var policy = plan.Monitoring;
        text.Heading(2, "7. What watched over it");
        if (policy.Probes.Count == 0)
        {
            text.Paragraph("The plan has no probes.");
        }
        else
        {
            text.Paragraph("Nobody looks at these while the system is down: look yourself, in the order of recovery.");
            foreach (var service in BreakGlassBook.InOrderOfRecovery(plan).Where(service => policy.Of(service.Id).Any()))
            {
                text.Item($"{service.Name} ({service.Id})");
                foreach (var probe in policy.Of(service.Id))
                {
                    text.Item(string.Create(CultureInfo.InvariantCulture, $"{probe.Name}: {probe.Target}, every {Durations.Format(probe.Every)}, down after {probe.Damping.FailAfter} of {probe.Damping.Of}"), 1);
                    if (probe.Target is ProbeTarget.Heartbeat heartbeat)
                    {
                        text.Item($"its job calls POST /api/heartbeats/{probe.Id} with {(heartbeat.KeySetting is { } key ? $"the key of the setting {key} as X-Heartbeat-Key" : "a person's token")}: it must reach the new place of the system", 2);
                    }
                }
            }

            text.End();
        }

        if (policy.DeadMan is { } deadMan)
        {
            var where = deadMan.UrlSetting is { } setting ? $"the address is in the setting {setting}" : $"at {deadMan.Url!.Host}";
            text.Paragraph($"A watcher outside was called every {Durations.Format(deadMan.Every)} ({where}): it alarms while this system is down.");
        }
    }

    private static void Components(BreakGlassText text, BreakGlassContents contents)
    {
        var assets = contents.Plan.Assets;
        text.Heading(2, "8. What the services are made of");
        if (assets.IsEmpty)
        {
            text.Paragraph("The plan names no components.");
            return;
        }

        var today = Instant.FromDateTimeOffset(contents.At).InZone(contents.Plan.System.TimeZone).Date;
        var left = Most;
        foreach (var service in BreakGlassBook.InOrderOfRecovery(contents.Plan))
        {
            var own = assets.Components.Where(component => component.Service == service.Id).ToList();
            IReadOnlyList<string> files = [.. assets.Boms.Concat(assets.Packages).Where(file => file.Service == service.Id).Select(static file => file.File)];
            if (own.Count + files.Count == 0)
            {
                continue;
            }

            text.Item($"{service.Name} ({service.Id})");
            foreach (var component in own.Take(left))
            {
                text.Item(Component(contents.Plan, component, today), 1);
            }

            left -= Math.Min(left, own.Count);
            if (files.Count > 0)
            {
                text.Item($"its parts are listed in {string.Join(", ", files)}, below the plan's folder", 1);
            }
        }

        More(text, assets.Components.Count > Most);
    }

    private static string Component(OperationsPlan plan, PlannedComponent component, LocalDate today)
    {
        var parts = new List<string> { component.Version is { } version ? $"{component.Name} {version}" : $"{component.Name}, version by its bill of materials" };
        if (component.EndOfLife is { } end)
        {
            parts.Add($"{(end < today ? "SUPPORT ENDED" : "supported until")} {end.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture)}");
        }
        else if (component.Product is { } product)
        {
            parts.Add($"support by the records of {product}");
        }

        if (component.Supplier is { } supplier)
        {
            parts.Add($"of {supplier}");
        }

        if (component.RunsOn is { } host)
        {
            parts.Add($"runs on {plan.Assets.Find(host)?.Name ?? host}");
        }

        if (component.Owner is { } owner)
        {
            parts.Add($"ask {BreakGlassBook.Reach(plan, [owner])}");
        }

        return string.Join("; ", parts);
    }

    private static void Duties(BreakGlassText text, BreakGlassContents contents)
    {
        var (plan, zone) = (contents.Plan, contents.Plan.System.TimeZone);
        text.Heading(2, "9. What is due in the next 30 days");
        var due = plan.Duties.SelectMany(duty => Due(plan, duty, contents.At).Select(at => (Duty: duty, At: at))).OrderBy(static one => one.At).ThenBy(static one => one.Duty.Name, StringComparer.Ordinal).ToList();
        if (due.Count == 0)
        {
            text.Paragraph("Nothing.");
            return;
        }

        text.Paragraph("Nobody is reminded of it while the system is down. What was due before this was written, and is not done, stands in the system's records alone.");
        foreach (var (duty, at) in due.Take(Most))
        {
            text.Item($"{Instant.FromDateTimeOffset(at).InZone(zone).ToString("uuuu'-'MM'-'dd HH':'mm", CultureInfo.InvariantCulture)} {zone.Id}: {duty.Name}");
            var deputy = duty.Deputy is { } other ? $"; in absence {BreakGlassBook.Reach(plan, [other])}" : "";
            text.Item($"{BreakGlassBook.Reach(plan, [duty.Owner])}{deputy}{(duty.Procedure is { } procedure ? $"; by {procedure}" : "")}", 1);
        }

        More(text, due.Count > Most);
    }

    /// <summary>When a duty is due in the time ahead. A calendar may move what falls before that time into it, and out of it.</summary>
    private static IEnumerable<DateTimeOffset> Due(OperationsPlan plan, Duty duty, DateTimeOffset from)
    {
        var (zone, calendar) = (plan.System.TimeZone, duty.Calendar is { } id ? plan.Calendar(id) : null);
        var first = Instant.FromDateTimeOffset(from);
        var end = (first + Ahead).ToDateTimeOffset();
        var last = (first + Ahead + Duration.FromDays(DutyDates.MostShift)).InZone(zone).LocalDateTime;
        return DutyDates.After(duty.Rhythm, zone, (first - Duration.FromDays(DutyDates.MostShift)).InZone(zone).LocalDateTime)
            .TakeWhile(nominal => nominal <= last)
            .Select(nominal => DutyDates.Due(duty.Adjust, nominal, zone, calendar))
            .Where(at => at >= from && at < end)
            .Take(Most + 1);
    }

    private static void More(BreakGlassText text, bool isMore)
    {
        text.End();
        if (isMore)
        {
            text.Paragraph("… and more: the plan has all of them.");
        }
    }
}
