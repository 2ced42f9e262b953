using System.CommandLine;
using System.Text.Json;
using Maintenance.Plan;
using Maintenance.Resources;
using Maintenance.Web.Api;

namespace Maintenance.Local.Cli;

/// <summary><c>resources show|hours|book|reverse|absences|away|withdraw</c>.</summary>
internal static class ResourceCommands
{
    public static Command Make(CommonOptions common) => ApiCommand.Group(
        "resources", "See what hangs on one person and who is away; book hours and record absences (in your own name with --token).",
        Show(common), Hours(common), Book(common), Reverse(common), Absences(common), Away(common), Withdraw(common));

    private static Command Show(CommonOptions common) => ApiCommand.Make(
        "show", "What hangs on one person, always and in the next thirty days, and who is away; 1 where something will hang on one since others are away.", common, [],
        static (api, _, cancellation) => api.GetAsync("/api/resources", cancellation),
        static overview =>
        {
            Output.Table(
                ["WHEN", "WHAT", "WHICH", "WHY"],
                overview.Items("coming").Select(static one => (When: Span(one), Point: one.GetProperty("point"))).Concat(overview.Items("singlePoints").Select(static one => (When: "always", Point: one)))
                    .Select(static one => (IReadOnlyList<string>)[one.When, one.Point.Text("kind"), one.Point.Text("subject"), $"{one.Point.Text("reason")} {one.Point.Text("remedy")}"]));
            Console.WriteLine();
            Away(overview.Items("absences"));
        },
        static overview => overview.Items("coming").Any() ? ExitCode.Wrong : ExitCode.Done);

    private static Command Hours(CommonOptions common)
    {
        var month = new Option<string?>("--month") { Description = "Such as 2026-11; this one where left out." };
        var person = new Option<string?>("--person") { Description = "Of this person alone: yourself, or somebody whose team you lead." };
        var ticket = new Option<string?>("--ticket") { Description = "Booked on this ticket, such as T-1042." };
        var duty = new Option<string?>("--duty") { Description = "Booked on this duty, such as access-review/2026-12-01." };
        return ApiCommand.Make(
            "hours", "List bookings of a month, of a ticket or of a duty: those that you may see.", common, [month, person, ticket, duty],
            (api, parsed, cancellation) => api.GetAsync(
                "/api/resources/hours?" + string.Join('&', new[] { month, person, ticket, duty }.Where(option => parsed.GetValue(option) is not null).Select(option => $"{option.Name[2..]}={Uri.EscapeDataString(parsed.GetValue(option)!)}")), cancellation),
            static list =>
            {
                Output.Table(
                    ["BOOKING", "ON", "WHO", "HOURS", "KIND", "SERVICE", "OF", "NOTE"],
                    list.Items("bookings").Select(static one => (IReadOnlyList<string>)
                        [one.Text("id"), one.Text("on"), one.Text("person"), one.Text("hours"), one.Text("kind"), one.Text("service"), one.Text("ticket") is { Length: > 0 } of && of != "-" ? of : one.Text("duty"), Note(one)]));
                Console.WriteLine($"{(list.TryGetProperty("isCut", out var cut) && cut.GetBoolean() ? "more than " : "")}{list.Text("total")} hours");
            });
    }

    private static Command Book(CommonOptions common)
    {
        var hours = new Argument<decimal>("hours") { Description = "How many, in quarters: 1.5." };
        var on = new Option<DateOnly?>("--on") { Description = "The day, such as 2026-11-22; today where left out." };
        var kind = new Option<WorkKind?>("--kind") { Description = "What they were for; a ticket and a duty say it themselves." };
        var service = new Option<string?>("--service") { Description = "The id of the service." };
        var ticket = new Option<string?>("--ticket") { Description = "The ticket that was worked on." };
        var duty = new Option<string?>("--duty") { Description = "The duty that was done, such as access-review/2026-12-01." };
        var note = new Option<string?>("--note") { Description = "What was done." };
        var person = new Option<string?>("--person") { Description = "Who worked; yourself where left out." };
        return ApiCommand.Make(
            "book", "Book hours on a ticket, on a duty, or on a kind of work.", common, [hours, on, kind, service, ticket, duty, note, person],
            (api, parsed, cancellation) => api.PostAsync(
                "/api/resources/hours",
                new HoursText(
                    parsed.GetValue(hours), parsed.GetValue(on), parsed.GetValue(kind), parsed.GetValue(service), parsed.GetValue(ticket), parsed.GetValue(duty), parsed.GetValue(note),
                    parsed.GetValue(person)),
                cancellation),
            static one => Console.WriteLine($"Booked as {one.Text("id")}: {one.Text("hours")} hours of {one.Text("person")} on {one.Text("on")}, {one.Text("kind")}."));
    }

    private static Command Reverse(CommonOptions common)
    {
        var id = new Argument<string>("booking") { Description = "Such as 2026-11-0a1b2c3d4e5f." };
        var reason = Reason();
        return ApiCommand.Make(
            "reverse", "Say that a booking does not hold; it stays in the book, reversed.", common, [id, reason],
            (api, parsed, cancellation) => api.PostAsync(ApiCommand.Path($"/api/resources/hours/{parsed.GetRequiredValue(id)}/reversal"), new CorrectionText(parsed.GetRequiredValue(reason)), cancellation),
            static one => Console.WriteLine($"{one.Text("id")} is reversed."));
    }

    private static Command Absences(CommonOptions common)
    {
        var from = new Option<DateOnly?>("--from") { Description = "The first day; today where left out." };
        var to = new Option<DateOnly?>("--to") { Description = "The last one, included; thirty days on where left out." };
        return ApiCommand.Make(
            "absences", "Who is away; why is shown to them and their leads alone.", common, [from, to],
            (api, parsed, cancellation) => api.GetAsync(
                "/api/resources/absences?" + string.Join('&', new[] { from, to }.Where(option => parsed.GetValue(option) is not null).Select(option => $"{option.Name[2..]}={BookingRules.Text(parsed.GetValue(option)!.Value)}")), cancellation),
            static list => Away(list.EnumerateArray()));
    }

    private static Command Away(CommonOptions common)
    {
        var from = new Argument<DateOnly>("from") { Description = "The first day, such as 2026-12-24." };
        var to = new Argument<DateOnly?>("to") { Description = "The last one, included; the same where left out.", Arity = ArgumentArity.ZeroOrOne };
        var kind = new Option<AbsenceKind>("--kind") { Description = "Why: for the person and their leads alone.", DefaultValueFactory = static _ => AbsenceKind.Leave };
        var part = new Option<DayPart>("--part") { Description = "morning (until noon) or afternoon of a single day.", DefaultValueFactory = static _ => DayPart.Whole };
        var deputy = new Option<string?>("--deputy") { Description = "The id of who stands in." };
        var person = new Option<string?>("--person") { Description = "Who is away; yourself where left out." };
        return ApiCommand.Make(
            "away", "Record an absence: both days are included.", common, [from, to, kind, part, deputy, person],
            (api, parsed, cancellation) => api.PostAsync(
                "/api/resources/absences",
                new AbsenceText(parsed.GetValue(from), parsed.GetValue(to) ?? parsed.GetValue(from), parsed.GetValue(kind), parsed.GetValue(part), parsed.GetValue(deputy), parsed.GetValue(person)), cancellation),
            static one => Console.WriteLine($"Recorded as {one.Text("id")}: {one.Text("name")} is away from {one.Text("from")} to {one.Text("to")}."));
    }

    private static Command Withdraw(CommonOptions common)
    {
        var id = new Argument<string>("absence") { Description = "Such as 2026-12-24-0a1b2c3d4e5f." };
        var reason = Reason();
        var last = new Option<DateOnly?>("--last-day") { Description = "The last day that it took, included, where somebody came back early; the days before stay." };
        return ApiCommand.Make(
            "withdraw", "Say that an absence does not hold, or with --last-day that it ended before its time.", common, [id, reason, last],
            (api, parsed, cancellation) => api.PostAsync(
                ApiCommand.Path($"/api/resources/absences/{parsed.GetRequiredValue(id)}/withdrawal"), new AbsenceWithdrawalText(parsed.GetRequiredValue(reason), parsed.GetValue(last)), cancellation),
            static one => Console.WriteLine(one.TryGetProperty("withdrawn", out _) ? $"{one.Text("id")} is withdrawn." : $"{one.Text("id")} ended on {one.Text("to")}."));
    }

    private static Option<string> Reason() => new("--reason") { Description = "Why.", Required = true };

    private static void Away(IEnumerable<JsonElement> absences) => Output.Table(
        ["WHO", "FROM", "TO", "PART", "STANDS IN", "WHY", "ABSENCE"],
        absences.Select(static one => (IReadOnlyList<string>)
            [one.Text("name"), one.Text("from"), one.Text("to"), one.Text("part"), one.Text("deputy"), one.TryGetProperty("withdrawn", out _) ? "WITHDRAWN" : one.Text("kind"), one.Text("id")]));

    private static string Span(JsonElement one) => one.Text("from") == one.Text("to") ? one.Text("from") : $"{one.Text("from")} to {one.Text("to")}";

    private static string Note(JsonElement one) => one.TryGetProperty("reversed", out var reversed) ? "REVERSED: " + reversed.Text("reason") : one.Text("note");
}
