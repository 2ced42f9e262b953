using System.CommandLine;
using System.Text.Json;
using Maintenance.Training;
using Maintenance.Web.Api;

namespace Maintenance.Local.Cli;

/// <summary><c>training list|show|plan|record|cancel</c>.</summary>
internal static class TrainingCommands
{
    public static Command Make(CommonOptions common) =>
        ApiCommand.Group("training", "See who is trained until when, plan sessions, and record who was there.", List(common), Show(common), Plan(common), Record(common), Cancel(common));

    private static Command List(CommonOptions common) => ApiCommand.Make(
        "list", "List every programme; 1 where somebody's training has run out or is overdue.", common, [],
        static (api, _, cancellation) => api.GetAsync("/api/training", cancellation),
        static programmes => Output.Table(
            ["PROGRAMME", "TRAINED", "OUT OF DATE", "NEXT SESSION"],
            programmes.EnumerateArray().Select(static one => (IReadOnlyList<string>)
                [one.Text("id"), $"{one.Items("people").Count(static person => person.GetProperty("isTrained").GetBoolean())} of {one.Items("people").Count()}", OutOfDate(one), one.TryGetProperty("next", out var next) ? next.Instant("at") : "-"])),
        static programmes => programmes.EnumerateArray().Any(static one => one.GetProperty("outOfDate").GetInt32() > 0) ? ExitCode.Wrong : ExitCode.Done);

    private static Command Show(CommonOptions common)
    {
        var id = Programme();
        return ApiCommand.Make(
            "show", "Show where everybody stands in a programme, and its sessions.", common, [id],
            (api, parsed, cancellation) => api.GetAsync(ApiCommand.Path($"/api/training/{parsed.GetRequiredValue(id)}"), cancellation),
            static programme =>
            {
                Output.Table(["PERSON", "STATE", "UNTIL"], programme.Items("people").Select(static one => (IReadOnlyList<string>)[one.Text("person"), one.Text("state"), one.Instant("until")]));
                Output.Table(
                    ["SESSION", "AT", "TRAINER", "PLACE", "THERE"],
                    programme.Items("sessions").Select(static one => (IReadOnlyList<string>)
                        [one.Text("id"), one.Instant("at"), one.Text("trainer"), one.Text("place"), one.TryGetProperty("cancelled", out var why) ? "cancelled: " + why.GetString() : one.TryGetProperty("recordedAt", out _) ? one.Text("there") : "-"]));
            });
    }

    private static Command Plan(CommonOptions common)
    {
        var id = Programme();
        var at = new Option<string>("--at") { Description = "When it begins, with its offset, such as 2026-12-04T09:00+03:00.", Required = true };
        var trainer = new Option<string>("--trainer") { Description = "Who gives it.", Required = true };
        var place = new Option<string>("--place") { Description = "Where.", Required = true };
        return ApiCommand.Make(
            "plan", "Plan a session, or enter one that was held.", common, [id, at, trainer, place],
            (api, parsed, cancellation) => api.PostAsync(
                ApiCommand.Path($"/api/training/{parsed.GetRequiredValue(id)}/sessions"),
                new SessionRequest(LongWork.Instant(parsed.GetRequiredValue(at), "--at")!.Value, parsed.GetRequiredValue(trainer), parsed.GetRequiredValue(place)), cancellation),
            static session => Console.WriteLine($"{session.Text("id")}, {session.Instant("at")}."));
    }

    private static Command Record(CommonOptions common)
    {
        var (id, session) = (Programme(), Session());
        var people = new Argument<string[]>("people") { Description = "Everybody who was there: the id of a person, with =SCORE where there is an assessment, such as sam=85." };
        IReadOnlyList<string> before = [];
        return ApiCommand.Make(
            "record", "Say who was at a session, in place of what was said before.", common, [id, session, people],
            async (api, parsed, cancellation) =>
            {
                var (programme, which) = (parsed.GetRequiredValue(id), parsed.GetRequiredValue(session));
                var body = MaintenanceJson.Write(new AttendanceRequest([.. parsed.GetRequiredValue(people).Select(One)]));

                // Where somebody records it in between, nothing of theirs is lost: it is refused.
                var known = (await api.GetAsync(ApiCommand.Path($"/api/training/{programme}"), cancellation)).Items("sessions").Where(one => one.Text("id") == which).ToList();
                before = [.. known.SelectMany(static one => one.Items("attendance")).Select(static one => one.Text("person"))];
                return await api.SendAsync(
                    HttpMethod.Post, ApiCommand.Path($"/api/training/{programme}/sessions/{which}/attendance"), body, known.Select(static one => ("If-Match", one.Text("version"))), cancellation);
            },
            recorded =>
            {
                var there = recorded.Items("attendance").Select(static one => one.Text("person")).ToList();
                Console.WriteLine($"{there.Count} were at {recorded.Text("id")}.");
                if (before.Except(there, StringComparer.Ordinal).ToList() is { Count: > 0 } removed)
                {
                    Console.WriteLine($"Taken out: {string.Join(", ", removed)}.");
                }
            });
    }

    private static Command Cancel(CommonOptions common)
    {
        var (id, session) = (Programme(), Session());
        var reason = new Option<string>("--reason") { Description = "Why it does not take place.", Required = true };
        return ApiCommand.Make(
            "cancel", "Cancel a session.", common, [id, session, reason],
            (api, parsed, cancellation) => api.PostAsync(
                ApiCommand.Path($"/api/training/{parsed.GetRequiredValue(id)}/sessions/{parsed.GetRequiredValue(session)}/cancellation"), new SessionCancellation(parsed.GetRequiredValue(reason)), cancellation),
            static cancelled => Console.WriteLine($"{cancelled.Text("id")} is cancelled."));
    }

    private static Attendance One(string text)
    {
        var parts = text.Split('=', 2);
        return parts.Length == 1 ? new Attendance(text)
            : int.TryParse(parts[1], out var score) ? new Attendance(parts[0], score)
            : throw LongWork.Usage($"'{parts[1]}' is no score: write a whole number from 0 to 100, such as {parts[0]}=85.");
    }

    private static string OutOfDate(JsonElement programme) =>
        string.Join(", ", programme.Items("people").Where(static one => one.GetProperty("isOutOfDate").GetBoolean()).Select(static one => one.Text("person"))) is { Length: > 0 } names ? names : "-";

    private static Argument<string> Programme() => new("programme") { Description = "The id of a programme of the plan." };

    private static Argument<string> Session() => new("session") { Description = "Such as TS-1001." };
}
