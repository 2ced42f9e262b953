using System.Globalization;
using System.Security.Cryptography;
using Maintenance.Plan;
using Maintenance.Training;
using Maintenance.Web.Http;
using Maintenance.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Maintenance.Web.Api;

/// <summary>A session, as it is planned.</summary>
/// <param name="At">When it begins.</param>
/// <param name="Trainer">Who gives it: the id of a person, or a name.</param>
/// <param name="Place">Where.</param>
public sealed record SessionRequest(DateTimeOffset At, string Trainer, string Place);

/// <summary>Who was at a session.</summary>
/// <param name="Attendance">All of them, each with their score where the programme has an assessment.</param>
public sealed record AttendanceRequest(IReadOnlyList<Attendance> Attendance);

/// <summary>A session that does not take place.</summary>
/// <param name="Reason">Why.</param>
public sealed record SessionCancellation(string Reason);

/// <summary>A session, as somebody sees it.</summary>
/// <param name="Id">Such as <c>TS-1001</c>.</param>
/// <param name="Programme">The id of the programme.</param>
/// <param name="At">When it begins (UTC).</param>
/// <param name="Trainer">Who gives it.</param>
/// <param name="Place">Where.</param>
/// <param name="PlannedBy">Who planned it.</param>
/// <param name="RecordedAt">When attendance was last recorded (UTC); null where it was not yet.</param>
/// <param name="Cancelled">Why it does not take place; null where it does.</param>
/// <param name="There">So many were there.</param>
/// <param name="Attendance">Who was there; of an assessment only oneself, for whoever does not record it.</param>
/// <param name="Version">For <c>If-Match</c>: so often it was recorded or cancelled.</param>
/// <param name="Recordings">What was said of it, and by whom, oldest first; null for whoever does not record it.</param>
public sealed record SessionLine(
    string Id, string Programme, DateTimeOffset At, string Trainer, string Place, string PlannedBy, DateTimeOffset? RecordedAt, string? Cancelled, int There, IReadOnlyList<Attendance> Attendance, int Version,
    IReadOnlyList<TrainingRecording>? Recordings);

/// <summary>A programme with where everybody stands.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Owner">Who answers for what is taught.</param>
/// <param name="Trainer">Who gives it.</param>
/// <param name="People">Everybody of its audience; the results of others only for whoever records them.</param>
/// <param name="OutOfDate">How many of them are not trained though they should be.</param>
/// <param name="Next">The next session; null for none.</param>
/// <param name="Sessions">The sessions, the latest first; null in a list of programmes.</param>
public sealed record ProgrammeLine(
    string Id, string Name, string Owner, string Trainer, IReadOnlyList<TrainingStanding> People, int OutOfDate, TrainingSession? Next, IReadOnlyList<SessionLine>? Sessions = null);

/// <summary>Training: who is trained until when, sessions, and who was there.</summary>
public sealed class TrainingEndpoints(TrainingService training, ActivePlan plan, TimeProvider time)
{
    private const int FirstYear = 2000;
    private const int LastYear = 2199;

    /// <summary>Every programme with where everybody stands.</summary>
    public async Task<IResult> ListAsync(HttpContext http, Caller caller) => Requests.Ok((await training.ListAsync(http.RequestAborted)).Select(one => Line(Seen(caller, one), null)).ToList());

    /// <summary>A programme with its sessions; scores and failures of others for whoever records them.</summary>
    public async Task<IResult> GetAsync(HttpContext http, Caller caller)
    {
        var standing = await FindAsync(http);
        var (programme, mayRecord) = (standing.Programme, MayRecord(caller, standing.Programme));
        var recordings = (await training.RecordingsAsync(programme.Id, http.RequestAborted)).ToLookup(static one => one.Session, StringComparer.Ordinal);
        return Requests.Ok(Line(Seen(caller, standing),
        [
            .. (await training.SessionsAsync(programme.Id, http.RequestAborted)).Select(one => new SessionLine(
                one.Id, one.Programme, one.At, one.Trainer, one.Place, one.PlannedBy, one.RecordedAt, one.Cancelled, one.Attendance.Count,
                mayRecord ? one.Attendance : TrainingSight.Of(programme, one, caller.Id).Attendance, one.Version, mayRecord ? [.. recordings[one.Id]] : null)),
        ]));
    }

    /// <summary>Plans a session: 201. The same Idempotency-Key plans it once.</summary>
    public async Task<IResult> PlanAsync(HttpContext http, Caller caller)
    {
        var request = await RequestBody.ReadJsonAsync<SessionRequest>(http);
        return await ActAsync(http, caller, async programme =>
        {
            var session = await training.PlanAsync(programme.Id, request.At, request.Trainer, request.Place, caller.Id, http.IdempotencyKey() ?? NewKey(), http.RequestAborted);
            return session is null ? null : Requests.Created(http, $"/api/training/{programme.Id}", session);
        });
    }

    /// <summary>Says who was at a session, in place of what was said before. Honours If-Match: the session's version.</summary>
    public async Task<IResult> RecordAsync(HttpContext http, Caller caller)
    {
        var request = await RequestBody.ReadJsonAsync<AttendanceRequest>(http);
        if (request.Attendance.Count == 0 || request.Attendance.Contains(null!))
        {
            throw HttpProblemException.BadRequest("Name who was there, without empty entries; a session at which nobody was is cancelled.");
        }

        return await ActAsync(http, caller, async programme =>
            await training.RecordAsync(programme.Id, http.PathValue("session"), request.Attendance, caller.Id, Expected(http), http.RequestAborted) is { } session ? Recorded(http, session) : null);
    }

    /// <summary>Cancels a session. Honours If-Match: the session's version.</summary>
    public async Task<IResult> CancelAsync(HttpContext http, Caller caller)
    {
        var request = await RequestBody.ReadJsonAsync<SessionCancellation>(http);
        return await ActAsync(http, caller, async programme =>
            await training.CancelAsync(programme.Id, http.PathValue("session"), request.Reason, caller.Id, Expected(http), http.RequestAborted) is { } session ? Recorded(http, session) : null);
    }

    /// <summary>The page of all programmes.</summary>
    public async Task<IResult> ListPageAsync(HttpContext http, Caller caller) => new PageResult<TrainingsPage>(new(StringComparer.Ordinal)
    {
        ["Caller"] = caller,
        ["Plan"] = plan.Current,
        ["Standings"] = (await training.ListAsync(http.RequestAborted)).Select(one => Seen(caller, one)).ToList(),
    });

    /// <summary>The page of a programme.</summary>
    public Task<IResult> PageAsync(HttpContext http, Caller caller) => PageAsync(http, caller, null, new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>Plans a session by the page's form: a date and a time of the plan's zone.</summary>
    public Task<IResult> PlanFormAsync(HttpContext http, Caller caller) => FormAsync(http, caller, (programme, form) => training.PlanAsync(
        programme.Id, At(form), form.GetValueOrDefault("trainer", ""), form.GetValueOrDefault("place", ""), caller.Id,
        form.GetValueOrDefault("key") is { Length: > 0 and <= 100 } key ? key : NewKey(), http.RequestAborted));

    /// <summary>Says who was at a session by the page's form: a field <c>was-ID</c> for each person, and <c>score-ID</c>; <c>version</c> is what the page showed.</summary>
    public Task<IResult> RecordFormAsync(HttpContext http, Caller caller) =>
        FormAsync(http, caller, (programme, form) => training.RecordAsync(programme.Id, http.PathValue("session"), There(form), caller.Id, Version(form), http.RequestAborted));

    /// <summary>Cancels a session by the page's form.</summary>
    public Task<IResult> CancelFormAsync(HttpContext http, Caller caller) => FormAsync(http, caller, (programme, form) =>
        training.CancelAsync(programme.Id, http.PathValue("session"), form.GetValueOrDefault("reason", ""), caller.Id, Version(form), http.RequestAborted));

    private static string NewKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private static IResult Recorded(HttpContext http, TrainingSession session) => Requests.Ok(http, session, session.Version.ToString(CultureInfo.InvariantCulture));

    /// <summary>The version of If-Match; one that is none matches nothing.</summary>
    private static int? Expected(HttpContext http) => http.ExpectedVersion() is not { } text ? null : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : -1;

    /// <summary>What the form's page showed; one that does not say so showed a session of which nothing was recorded.</summary>
    private static int Version(IReadOnlyDictionary<string, string> form) => int.TryParse(form.GetValueOrDefault("version", "0"), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : -1;

    private List<Attendance> There(IReadOnlyDictionary<string, string> form)
    {
        if (form.FirstOrDefault(field => field.Key.StartsWith("score-", StringComparison.Ordinal) && field.Value.Trim().Length > 0 && !form.ContainsKey("was-" + field.Key["score-".Length..])) is { Key: { } stray })
        {
            var name = stray["score-".Length..];
            throw new TrainingException("attendance", $"{plan.Current.FindPerson(name)?.Name ?? WindowQuery.Short(name)} has a score, but no tick: tick who was there, or take the score out.");
        }

        return [.. form.Keys.Where(static name => name.StartsWith("was-", StringComparison.Ordinal)).Select(name => new Attendance(name["was-".Length..], Score(form, name["was-".Length..])))];
    }

    private static int? Score(IReadOnlyDictionary<string, string> form, string person) =>
        form.GetValueOrDefault("score-" + person)?.Trim() is not { Length: > 0 } text ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var score) ? score
            : throw new TrainingException("attendance", $"The score of '{person}' is no whole number from 0 to 100.");

    private DateTimeOffset At(IReadOnlyDictionary<string, string> form)
    {
        var text = form.GetValueOrDefault("at", "").Trim();
        var read = NodaTime.Text.LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm").Parse(text.Replace(' ', 'T'));
        return read is { Success: true, Value.Year: >= FirstYear and <= LastYear }
            ? read.Value.InZoneLeniently(plan.Current.System.TimeZone).ToDateTimeOffset()
            : throw new TrainingException("at", "Say when the session begins, such as 2026-12-04T09:00 in the plan's time zone.");
    }

    private async Task<IResult> ActAsync(HttpContext http, Caller caller, Func<TrainingProgramme, Task<IResult?>> act)
    {
        var programme = (await FindAsync(http)).Programme;
        CheckMayRecord(caller, programme);
        try
        {
            return await act(programme) ?? throw Missing(http);
        }
        catch (TrainingException wrong)
        {
            throw HttpProblemException.Invalid(new Dictionary<string, string[]> { [wrong.Field] = [wrong.Message] });
        }
        catch (TrainingChangedException changed)
        {
            throw new HttpProblemException(StatusCodes.Status412PreconditionFailed, "Changed meanwhile", changed.Message);
        }
    }

    private async Task<IResult> FormAsync(HttpContext http, Caller caller, Func<TrainingProgramme, IReadOnlyDictionary<string, string>, Task<TrainingSession?>> act)
    {
        var form = await RequestBody.ReadFormAsync(http, 3 * TrainingRules.MostAttendance);
        var programme = (await FindAsync(http)).Programme;
        CheckMayRecord(caller, programme);
        if (http.PathValue("session") is { Length: > 0 } session && await training.SessionAsync(programme.Id, session, http.RequestAborted) is null)
        {
            throw Missing(http);
        }

        try
        {
            return await act(programme, form) is null ? throw Missing(http) : TypedResults.Redirect("/training/" + programme.Id);
        }
        catch (TrainingException wrong)
        {
            return await PageAsync(http, caller, wrong.Message, form);
        }
        catch (TrainingChangedException changed)
        {
            var now = changed.Now.Attendance.Count == 0 ? "" : $" Recorded now: {string.Join(", ", changed.Now.Attendance.Select(one => $"{plan.Current.FindPerson(one.Person)?.Name ?? one.Person}{(one.Score is { } score ? $" ({score} %)" : "")}"))}. What you typed is still below.";
            return await PageAsync(http, caller, changed.Message + now, form, StatusCodes.Status412PreconditionFailed);
        }
    }

    private async Task<IResult> PageAsync(HttpContext http, Caller caller, string? error, IReadOnlyDictionary<string, string> fields, int refusal = StatusCodes.Status422UnprocessableEntity)
    {
        var standing = await FindAsync(http);
        var mayRecord = MayRecord(caller, standing.Programme);
        return new PageResult<TrainingPage>(
            new(StringComparer.Ordinal)
            {
                ["Caller"] = caller,
                ["Plan"] = plan.Current,
                ["Now"] = time.GetUtcNow(),
                ["Standing"] = Seen(caller, standing),
                ["Sessions"] = await training.SessionsAsync(standing.Programme.Id, http.RequestAborted),
                ["Recordings"] = mayRecord ? (await training.RecordingsAsync(standing.Programme.Id, http.RequestAborted)).ToLookup(static one => one.Session, StringComparer.Ordinal) : null,
                ["MayRecord"] = mayRecord,
                ["Key"] = NewKey(),
                ["Fields"] = fields,
                ["Error"] = error,
                ["Failed"] = error is null ? null : http.PathValue("session"),
            },
            error is null ? StatusCodes.Status200OK : refusal);
    }

    private static HttpProblemException Missing(HttpContext http) => HttpProblemException.NotFound($"The programme has no session '{WindowQuery.Short(http.PathValue("session"))}'.");

    private bool MayRecord(Caller caller, TrainingProgramme programme) => caller.Person is not { } person || TrainingService.MayRecord(plan.Current, programme, person);

    /// <summary>A programme as the caller may see it.</summary>
    private ProgrammeStanding Seen(Caller caller, ProgrammeStanding standing) => MayRecord(caller, standing.Programme) ? standing : TrainingSight.Of(standing, caller.Id);

    private void CheckMayRecord(Caller caller, TrainingProgramme programme)
    {
        if (!MayRecord(caller, programme))
        {
            throw HttpProblemException.Forbidden($"Sessions of {programme.Name} are planned and recorded by {string.Join(", ", plan.Current.Resolve([programme.Owner, programme.Trainer]).Select(static person => person.Name))} and administrators.");
        }
    }

    private async Task<ProgrammeStanding> FindAsync(HttpContext http)
    {
        var id = http.PathValue("programme");
        return await training.FindAsync(id, http.RequestAborted)
            ?? throw HttpProblemException.NotFound($"The plan has no training programme '{WindowQuery.Short(id)}'. {Nearest.Hint(id, plan.Current.Training.Programmes.Select(static one => one.Id))}".TrimEnd());
    }

    private static ProgrammeLine Line(ProgrammeStanding standing, IReadOnlyList<SessionLine>? sessions) => new(
        standing.Programme.Id, standing.Programme.Name, standing.Programme.Owner, standing.Programme.Trainer, standing.People, standing.People.Count(static one => one.IsOutOfDate), standing.Next, sessions);
}
