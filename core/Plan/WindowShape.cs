using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Maintenance.Windows;
using NodaTime;
using NodaTime.Text;

using static Maintenance.Plan.Scalars;

namespace Maintenance.Plan;

/// <summary>What the section <c>windows</c> looks like; a part of <see cref="PlanShape"/>.</summary>
internal static partial class WindowShape
{
    private const string TimePattern = @"^([01]\d|2[0-3]):[0-5]\d";

    /// <summary>A minute of a day.</summary>
    public static ScalarKind<int> StartTime { get; } = new(
        static text => TimeRegex().IsMatch(text) ? Parsed<int>.Ok(Minute(text)) : Parsed<int>.Wrong($"'{text}' is not a time of day.", "Write one such as \"22:00\"."),
        static () => new JsonObject { ["type"] = "string", ["pattern"] = TimePattern + "$", ["examples"] = new JsonArray("22:00") });

    /// <summary>The same, or the midnight that ends the day.</summary>
    public static ScalarKind<int> EndTime { get; } = new(
        static text => TimeRegex().IsMatch(text) || text == "24:00"
            ? Parsed<int>.Ok(Minute(text))
            : Parsed<int>.Wrong($"'{text}' is not a time of day.", "Write one such as \"04:00\", or \"24:00\" for the end of the day."),
        static () => new JsonObject { ["type"] = "string", ["pattern"] = @"^(([01]\d|2[0-3]):[0-5]\d|24:00)$", ["examples"] = new JsonArray("04:00", "24:00") });

    /// <summary>A wall-clock time of a day. The years are those of which a time zone's rules say something, and that every calculation bears.</summary>
    public static ScalarKind<LocalDateTime> WallTime { get; } = new(
        static text => LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm").Parse(text) is { Success: true, Value: var time } && time.Year is >= 2000 and < 2200
            ? Parsed<LocalDateTime>.Ok(time)
            : Parsed<LocalDateTime>.Wrong($"'{text}' is not a date with a time of day.", "Write one from 2000 to 2199, such as 2026-12-18T00:00, without an offset: it is read in the system's time zone."),
        static () => new JsonObject { ["type"] = "string", ["pattern"] = @"^2[01]\d\d-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d$", ["examples"] = new JsonArray("2026-12-18T00:00") });

    public static WindowPolicy Policy(PlanMap m) => new(
        m.Optional("horizon", "How far ahead of its being ready a place for a change is looked for, at most 400d; 60d where left out.", Scalars.Duration, WindowPolicy.UsualHorizon),
        m.List("maintenance", "The windows in which changes may be made.", Window, least: 1),
        m.List("freezes", "Times without changes; they cut the windows.", Freeze, least: 0));

    private static MaintenanceWindow Window(PlanMap m)
    {
        var id = m.Value("id", "Short and stable.", Id(PlanEntity.Window), "");
        var name = m.Value("name", "What people call it.", Text, "");
        var days = m.Values("days", "The weekdays on which it starts: mon to sun.", Weekday, least: 1, absent: []);
        var monthly = m.OptionalMap("monthly", "The one day of the month on which it starts.", Monthly);
        var start = m.Value("start", "When it starts, in the system's time zone.", StartTime, 0);
        var end = m.Value("end", "When it ends; at or before the start it is on the next day; \"24:00\" is midnight.", EndTime, 0);
        m.ExactlyOne("days", "monthly");
        return new MaintenanceWindow(id, name, monthly is null ? new WeeklyDays(days) : monthly, start, end);
    }

    private static MonthlyDay Monthly(PlanMap m) => new(
        m.Value("week", "Which of the month's weekdays of that name: first to fourth, or last.", Choice<MonthWeek>(), MonthWeek.First),
        m.Value("day", "The weekday.", Weekday, IsoDayOfWeek.Monday),
        m.Optional("plusDays", "So many days after it, 0 to 27, also into the next month; 0 where left out.", Number(0, 27), 0));

    private static Freeze Freeze(PlanMap m) => new(
        m.Value("id", "Short and stable.", Id(PlanEntity.Freeze), ""),
        m.Value("from", "Its first minute, a wall-clock time in the system's time zone.", WallTime, default),
        m.Value("to", "The first minute after it.", WallTime, default),
        m.Value("reason", "Why, for whoever has to wait.", Text, ""));

    private static int Minute(string text) =>
        (int.Parse(text.AsSpan(0, 2), CultureInfo.InvariantCulture) * 60) + int.Parse(text.AsSpan(3), CultureInfo.InvariantCulture);

    [GeneratedRegex(TimePattern + @"\z", RegexOptions.ExplicitCapture)]
    private static partial Regex TimeRegex();
}
