using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Maintenance.Time;
using NodaTime;
using NodaTime.Text;

namespace Maintenance.Plan;

/// <summary>The kinds of scalar that a plan has.</summary>
internal static partial class Scalars
{
    private const long MostAmount = 1L << 53;
    private const string ColourPattern = "^#[0-9A-Fa-f]{6}";
    private const string HashPattern = "^[0-9A-Fa-f]{64}";
    private const string IdPattern = "^[a-z0-9][a-z0-9-]{0,39}";

    public static ScalarKind<string> Text { get; } = new(
        static text => text.Trim().Length == 0 ? Parsed<string>.Wrong("it is empty.", "Write some text.") : Parsed<string>.Ok(text.Trim()),
        static () => new JsonObject { ["type"] = "string", ["minLength"] = 1 });

    public static ScalarKind<string?> OptionalText { get; } = new(
        static text => text.Trim().Length == 0 ? Parsed<string?>.Wrong("it is empty.", "Write some text, or leave the key out.") : Parsed<string?>.Ok(text.Trim()),
        static () => new JsonObject { ["type"] = "string", ["minLength"] = 1 });

    public static ScalarKind<string?> Email { get; } = new(
        static text => EmailRegex().IsMatch(text)
            ? Parsed<string?>.Ok(text)
            : Parsed<string?>.Wrong($"'{text}' is not a mail address.", "Write one such as grace.otieno@registry.example."),
        static () => new JsonObject { ["type"] = "string", ["format"] = "email" });

    public static ScalarKind<string> FromAddress { get; } = new(
        static text => EmailRegex().IsMatch(text)
            ? Parsed<string>.Ok(text)
            : Parsed<string>.Wrong($"'{text}' is not a mail address.", "Write one such as maintenance@registry.example."),
        static () => new JsonObject { ["type"] = "string", ["format"] = "email" });

    public static ScalarKind<Uri?> Url { get; } = new(
        static text => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "https" or "http"
            ? Parsed<Uri?>.Ok(url)
            : Parsed<Uri?>.Wrong($"'{text}' is not a web address.", "Write one that starts with https://."),
        static () => new JsonObject { ["type"] = "string", ["format"] = "uri" });

    /// <summary>A colour as style sheets write it.</summary>
    public static ScalarKind<string?> Colour { get; } = new(
        static text => ColourRegex().IsMatch(text) ? Parsed<string?>.Ok(text.ToLowerInvariant()) : Parsed<string?>.Wrong($"'{text}' is not a colour.", "Write one such as \"#14532d\", in quotes: what is behind a bare # is a comment."),
        static () => new JsonObject { ["type"] = "string", ["pattern"] = ColourPattern + "$", ["examples"] = new JsonArray("#14532d") });

    /// <summary>A site: scheme, host and, where it is not the usual one, port.</summary>
    public static ScalarKind<string> Origin { get; } = new(
        static text => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" && url.HostNameType is UriHostNameType.Dns or UriHostNameType.IPv4 && text.TrimEnd('/') == url.GetLeftPart(UriPartial.Authority)
            ? Parsed<string>.Ok(text.TrimEnd('/'))
            : Parsed<string>.Wrong($"'{text}' is not a site.", "Write its scheme and host alone, such as https://www.registry.example."),
        static () => new JsonObject { ["type"] = "string", ["format"] = "uri", ["examples"] = new JsonArray("https://www.registry.example") });

    public static ScalarKind<bool> Flag { get; } = new(
        static text => text switch
        {
            "true" => Parsed<bool>.Ok(true),
            "false" => Parsed<bool>.Ok(false),
            _ => Parsed<bool>.Wrong($"'{text}' is neither true nor false.", "Write true or false."),
        },
        static () => new JsonObject { ["type"] = "boolean" });

    public static ScalarKind<TimeSpan> Duration { get; } = new(
        static text => Durations.TryParse(text, out var duration) && duration > TimeSpan.Zero
            ? Parsed<TimeSpan>.Ok(duration)
            : Parsed<TimeSpan>.Wrong($"'{text}' is not a duration.", "Write one such as 15m, 4h, 1d 12h (units w d h m s, above zero)."),
        static () => new JsonObject { ["type"] = "string", ["pattern"] = "^(\\d+w)? ?(\\d+d)? ?(\\d+h)? ?(\\d+m)? ?(\\d+s)?$", ["examples"] = new JsonArray("15m", "4h", "1d 12h") });

    public static ScalarKind<TimeSpan?> OptionalDuration { get; } = Maybe(Duration);

    /// <summary>Service time: a day of it would be ambiguous (24 hours, or one working day?), so hours are the largest unit.</summary>
    public static ScalarKind<TimeSpan> ServiceTime { get; } = ServiceTimeFrom(TimeSpan.FromSeconds(1), "above zero");

    public static ScalarKind<TimeSpan> ServiceTimeOrZero { get; } = ServiceTimeFrom(TimeSpan.Zero, "0m for at once");

    public static ScalarKind<TimeSpan?> OptionalServiceTime { get; } = new(
        static text => ServiceTime.Parse(text) is { Problem: { } problem, Hint: { } hint } ? Parsed<TimeSpan?>.Wrong(problem, hint) : Parsed<TimeSpan?>.Ok(ServiceTime.Parse(text).Value),
        static () => ServiceTime.Schema());

    public static ScalarKind<TimeSpan?> OptionalServiceTimeOrZero { get; } = Maybe(ServiceTimeOrZero);

    public static ScalarKind<Schedule> Schedule { get; } = new(
        static text => Time.Schedule.TryParse(text, out var problem) is { } schedule
            ? Parsed<Schedule>.Ok(schedule)
            : Parsed<Schedule>.Wrong($"'{text}' is not a schedule: {problem}.", ScheduleHint(text)),
        static () => new JsonObject { ["type"] = "string", ["examples"] = new JsonArray("0 0 2 * * *", "0 */15 * * * *") });

    public static ScalarKind<Schedule?> OptionalSchedule { get; } = new(
        static text => Schedule.Parse(text) is { Problem: { } problem, Hint: { } hint } ? Parsed<Schedule?>.Wrong(problem, hint) : Parsed<Schedule?>.Ok(Schedule.Parse(text).Value),
        static () => Schedule.Schema());

    public static ScalarKind<DateTimeZone> Zone { get; } = new(
        static text => WallClock.FindZone(text) is { } zone
            ? Parsed<DateTimeZone>.Ok(zone)
            : Parsed<DateTimeZone>.Wrong($"'{text}' is not a time zone.", Nearest.Hint(text, DateTimeZoneProviders.Tzdb.Ids) ?? "Write an IANA name such as Africa/Nairobi."),
        static () => new JsonObject { ["type"] = "string", ["examples"] = new JsonArray("Africa/Nairobi", "Europe/Paris", "UTC") });

    public static ScalarKind<LocalDate> Date { get; } = new(
        static text => LocalDatePattern.Iso.Parse(text) is { Success: true } date
            ? Parsed<LocalDate>.Ok(date.Value)
            : Parsed<LocalDate>.Wrong($"'{text}' is not a date.", "Write one such as 2026-12-25."),
        static () => new JsonObject { ["type"] = "string", ["format"] = "date" });

    public static ScalarKind<ClockSpan> ClockSpan { get; } = new(
        static text => SpanRegex().Match(text) is { Success: true } m && Minute(m, 1) is var start && Minute(m, 3) is var end && start < 1440 && start != end
            ? Parsed<ClockSpan>.Ok(new ClockSpan(start, end))
            : Parsed<ClockSpan>.Wrong($"'{text}' is not a span of hours.", "Write one such as 08:00-17:00, 13:30-24:00 or 22:00-06:00 (over midnight)."),
        static () => new JsonObject { ["type"] = "string", ["pattern"] = "^([01]\\d|2[0-3]):[0-5]\\d-(([01]\\d|2[0-3]):[0-5]\\d|24:00)$" });

    public static ScalarKind<IsoDayOfWeek> Weekday { get; } = Choice(
        [("mon", IsoDayOfWeek.Monday), ("tue", IsoDayOfWeek.Tuesday), ("wed", IsoDayOfWeek.Wednesday), ("thu", IsoDayOfWeek.Thursday), ("fri", IsoDayOfWeek.Friday),
            ("sat", IsoDayOfWeek.Saturday), ("sun", IsoDayOfWeek.Sunday)]);

    public static ScalarKind<int> Number(int least, int most) => new(
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? Parsed<int>.Ok(number)
            : Parsed<int>.Wrong($"'{text}' is not a whole number from {least} to {most}.", $"Write one such as {least}."),
        () => new JsonObject { ["type"] = "integer", ["minimum"] = least, ["maximum"] = most });

    /// <summary>So many snapshots; none for a rule that is not used.</summary>
    public static ScalarKind<int> Snapshots { get; } = Number(0, 100_000);

    /// <summary>A number of files or bytes: as many as JSON readers keep exactly.</summary>
    public static ScalarKind<long> Amount { get; } = new(
        static text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MostAmount
            ? Parsed<long>.Ok(number)
            : Parsed<long>.Wrong($"'{text}' is not a whole number from 0 to {MostAmount}.", "Write one such as 1000."),
        static () => new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = MostAmount });

    public static ScalarKind<double> Real(double least, double most) => new(
        text => double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? Parsed<double>.Ok(number)
            : Parsed<double>.Wrong(string.Create(CultureInfo.InvariantCulture, $"'{text}' is not a number from {least} to {most}."), "Write one such as 1.5."),
        () => new JsonObject { ["type"] = "number", ["minimum"] = least, ["maximum"] = most });

    /// <summary>A number that may be left out.</summary>
    public static ScalarKind<double?> OptionalReal { get; } = Maybe(Real(-1e15, 1e15));

    /// <summary>True, false, or left out.</summary>
    public static ScalarKind<bool?> OptionalFlag { get; } = Maybe(Flag);

    /// <summary>A SHA-256, as it is written in lower case.</summary>
    public static ScalarKind<string?> Hash { get; } = new(
        static text => HashRegex().IsMatch(text)
            ? Parsed<string?>.Ok(text.ToLowerInvariant())
            : Parsed<string?>.Wrong($"'{text}' is not a SHA-256.", "Write its 64 hexadecimal digits, as sha256sum prints them."),
        static () => new JsonObject { ["type"] = "string", ["pattern"] = HashPattern + "$" });

    /// <summary>The id of something that has its name inside one mapping only: a step.</summary>
    public static ScalarKind<string> LocalId { get; } = new(
        static text => IdRegex().IsMatch(text)
            ? Parsed<string>.Ok(text)
            : Parsed<string>.Wrong($"'{text}' is not an id.", "Write 1 to 40 lower-case letters, digits and hyphens, such as restore-register."),
        static () => new JsonObject { ["type"] = "string", ["pattern"] = IdPattern + "$" });

    /// <summary>The same, where it may be left out.</summary>
    public static ScalarKind<string?> OptionalLocalId { get; } = new(static text => LocalId.Parse(text) is { Problem: { } problem, Hint: { } hint } ? Parsed<string?>.Wrong(problem, hint) : Parsed<string?>.Ok(text), LocalId.Schema);

    /// <summary>A value that may be left out.</summary>
    private static ScalarKind<T?> Maybe<T>(ScalarKind<T> kind)
        where T : struct =>
        new(text => kind.Parse(text) is { Problem: { } problem, Hint: { } hint } ? Parsed<T?>.Wrong(problem, hint) : Parsed<T?>.Ok(kind.Parse(text).Value), kind.Schema);

    /// <summary>A language, where it may be left out.</summary>
    public static ScalarKind<Language?> OptionalLanguage { get; } = Maybe(Choice<Language>());

    /// <summary>A time zone, where it may be left out.</summary>
    public static ScalarKind<DateTimeZone?> OptionalZone { get; } = new(
        static text => Zone.Parse(text) is { Problem: { } problem, Hint: { } hint } ? Parsed<DateTimeZone?>.Wrong(problem, hint) : Parsed<DateTimeZone?>.Ok(Zone.Parse(text).Value), static () => Zone.Schema());

    /// <summary>A part of a whole in percent.</summary>
    public static ScalarKind<int> Percent { get; } = new(
        static text => text.EndsWith('%') && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var percent) && percent is > 0 and < 100
            ? Parsed<int>.Ok(percent)
            : Parsed<int>.Wrong($"'{text}' is not a part in percent.", "Write one such as 80%: above 0%, below 100%."),
        static () => new JsonObject { ["type"] = "string", ["pattern"] = "^[1-9]\\d?%$" });

    /// <summary>The members of an enum by their camelCase names, as JSON has them too.</summary>
    public static ScalarKind<TEnum> Choice<TEnum>()
        where TEnum : struct, Enum =>
        Choice([.. Enum.GetValues<TEnum>().Select(static value => (JsonNamingPolicy.CamelCase.ConvertName(value.ToString()), value))]);

    public static ScalarKind<string> Id(PlanEntity entity) => new(
        static text => IdRegex().IsMatch(text)
            ? Parsed<string>.Ok(text)
            : Parsed<string>.Wrong($"'{text}' is not an id.", "Write 1 to 40 lower-case letters, digits and hyphens, such as civil-register."),
        static () => new JsonObject { ["type"] = "string", ["pattern"] = IdPattern + "$" },
        Defines: entity);

    public static ScalarKind<string> Reference(PlanEntity entity) => new(
        static text => Parsed<string>.Ok(text), static () => new JsonObject { ["type"] = "string" }, RefersTo: entity);

    public static ScalarKind<string?> OptionalReference(PlanEntity entity) => new(
        static text => Parsed<string?>.Ok(text), static () => new JsonObject { ["type"] = "string" }, RefersTo: entity);

    private static ScalarKind<TimeSpan> ServiceTimeFrom(TimeSpan least, string bound) => new(
        text => !Durations.TryParse(text, out var duration) || duration < least
            ? Parsed<TimeSpan>.Wrong($"'{text}' is not a duration of service time.", $"Write one such as 30m, 4h or 1h 30m ({bound}).")
            : text.AsSpan().ContainsAny('d', 'w')
                ? Parsed<TimeSpan>.Wrong($"'{text}' is ambiguous in service time: a day of 24 hours, or one working day?", "Write hours and minutes, such as 40h.")
                : Parsed<TimeSpan>.Ok(duration),
        static () => new JsonObject { ["type"] = "string", ["pattern"] = "^(\\d+h)? ?(\\d+m)? ?(\\d+s)?$", ["examples"] = new JsonArray("30m", "4h", "1h 30m") });

    private static ScalarKind<T> Choice<T>(IReadOnlyList<(string Name, T Value)> choices) => new(
        text => choices.FirstOrDefault(choice => choice.Name == text) is { Name: not null } choice
            ? Parsed<T>.Ok(choice.Value)
            : Parsed<T>.Wrong($"'{text}' is none of the choices.", Nearest.Hint(text, choices.Select(static c => c.Name)) ?? $"Write one of {string.Join(", ", choices.Select(static c => c.Name))}."),
        () => new JsonObject { ["enum"] = new JsonArray([.. choices.Select(static choice => (JsonNode)choice.Name)]) });

    private static string ScheduleHint(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 5
            ? $"Put the second in front: 0 {text.Trim()}"
            : "Write second minute hour day month weekday, such as 0 0 2 * * * for 02:00 every day.";

    private static int Minute(Match m, int group) =>
        (int.Parse(m.Groups[group].ValueSpan, CultureInfo.InvariantCulture) * 60) + int.Parse(m.Groups[group + 1].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(HashPattern + @"\z", RegexOptions.NonBacktracking)]
    private static partial Regex HashRegex();

    [GeneratedRegex(ColourPattern + "\\z")]
    private static partial Regex ColourRegex();

    [GeneratedRegex(IdPattern + @"\z", RegexOptions.NonBacktracking)]
    private static partial Regex IdRegex();

    [GeneratedRegex(@"^[^@\s<>""]+@[^@\s<>""]+\z", RegexOptions.NonBacktracking)]
    private static partial Regex EmailRegex();

    [GeneratedRegex(@"^([01]\d|2[0-3]):([0-5]\d)\s*-\s*([01]\d|2[0-3]|24(?=:00)):([0-5]\d)\z")]
    private static partial Regex SpanRegex();
}
