using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.Storage;
using Maintenance.Tickets;
using NodaTime;

namespace Maintenance.Training;

/// <summary>A programme with where everybody stands.</summary>
/// <param name="Programme">The programme, as the plan has it.</param>
/// <param name="People">Everybody of its audience.</param>
/// <param name="Next">The next session that takes place; null for none.</param>
public sealed record ProgrammeStanding(TrainingProgramme Programme, IReadOnlyList<TrainingStanding> People, TrainingSession? Next);

/// <summary>Sessions, who was there, and who must come again. A session and what its people have of it are one batch.</summary>
public sealed class TrainingService(IRecordStore records, NumberSeries numbers, NotificationService notifications, ActivePlan plan, TimeProvider time) : IQualifications
{
    private const int MostSessions = 200;
    private const int MostRecordings = 1000;

    /// <summary>The programmes of the plan, in its order.</summary>
    public async Task<IReadOnlyList<ProgrammeStanding>> ListAsync(CancellationToken cancellation)
    {
        var standings = new List<ProgrammeStanding>();
        foreach (var programme in plan.Current.Training.Programmes)
        {
            standings.Add(await StandingAsync(programme, cancellation));
        }

        return standings;
    }

    /// <summary>A programme, or null where the plan has none of this id.</summary>
    public async Task<ProgrammeStanding?> FindAsync(string id, CancellationToken cancellation) =>
        plan.Current.Training.Find(id) is { } programme ? await StandingAsync(programme, cancellation) : null;

    /// <summary>The sessions of a programme, the latest first, two hundred at most.</summary>
    public async Task<IReadOnlyList<TrainingSession>> SessionsAsync(string programme, CancellationToken cancellation) =>
        await records.ListAsync<TrainingSession>(Tables.Training, Partition(programme), RowRange.Prefix("session_") with { Take = MostSessions }, cancellation).Select(static row => row.Value).ToListAsync(cancellation);

    /// <summary>What everybody has of a programme, by the id of the person, those who left its audience too.</summary>
    public async Task<IReadOnlyDictionary<string, TrainingRecord>> RecordsAsync(string programme, CancellationToken cancellation) =>
        await records.ListAsync<TrainingRecord>(Tables.Training, Partition(programme), RowRange.Prefix("person_"), cancellation).ToDictionaryAsync(static row => row.Value.Person, static row => row.Value, StringComparer.Ordinal, cancellation);

    /// <summary>What was said of the sessions of a programme, the latest session first, each in the order in which it was said; a thousand at most.</summary>
    public async Task<IReadOnlyList<TrainingRecording>> RecordingsAsync(string programme, CancellationToken cancellation) =>
        await records.ListAsync<TrainingRecording>(Tables.Training, Partition(programme), RowRange.Prefix("recording_") with { Take = MostRecordings }, cancellation).Select(static row => row.Value).ToListAsync(cancellation);

    /// <summary>A session; null where the programme has none of this id.</summary>
    public async Task<TrainingSession?> SessionAsync(string programme, string id, CancellationToken cancellation) => (await FindSessionAsync(programme, id, cancellation))?.Value;

    /// <summary>Plans a session, which may have been held already; the same key plans the same one.</summary>
    /// <returns>The session; null where the plan has no such programme.</returns>
    /// <exception cref="TrainingException">A text is missing or too long.</exception>
    public async Task<TrainingSession?> PlanAsync(string programme, DateTimeOffset at, string trainer, string place, string by, string key, CancellationToken cancellation)
    {
        if (plan.Current.Training.Find(programme) is null)
        {
            return null;
        }

        var now = time.GetUtcNow();
        if (at < now.AddYears(-10) || at > now.AddYears(5))
        {
            throw new TrainingException("at", "Say when the session begins: not more than ten years ago, nor more than five years ahead.");
        }

        // As long as a row's key may be, whatever the sender's own is.
        var claim = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{programme}\n{by}\n{key}")));
        var number = await numbers.ClaimAsync("training", claim, cancellation);
        var session = new TrainingSession($"TS-{number.ToString(CultureInfo.InvariantCulture)}", programme, at, Need(trainer, "trainer"), Need(place, "place"), by);

        // Sent again with another time it is the same session still: one id is one session.
        return await FindSessionAsync(programme, session.Id, cancellation) is { } earlier ? earlier.Value
            : await records.TryInsertAsync(Tables.Training, Partition(programme), Row(session), session, cancellation) ? session
            : (await records.FindAsync<TrainingSession>(Tables.Training, Partition(programme), Row(session), cancellation))!.Value;
    }

    /// <summary>Says who was at a session, in place of what was said before, which stays readable (<see cref="RecordingsAsync"/>).</summary>
    /// <param name="programme">The programme.</param>
    /// <param name="session">The session.</param>
    /// <param name="attendance">Who was there, all of them.</param>
    /// <param name="by">Who says so.</param>
    /// <param name="seen">The session's version that they saw; null for any.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The session; null where there is none.</returns>
    /// <exception cref="TrainingException">It cannot be.</exception>
    /// <exception cref="TrainingChangedException">Somebody else said something since.</exception>
    public async Task<TrainingSession?> RecordAsync(string programme, string session, IReadOnlyList<Attendance> attendance, string by, int? seen, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var current = plan.Current;
            if (current.Training.Find(programme) is not { } taught || await FindSessionAsync(programme, session, cancellation) is not { } found)
            {
                return null;
            }

            CheckSeen(found.Value, seen);
            var now = time.GetUtcNow();
            var there = TrainingRules.Attendance(current, taught, found.Value, attendance, now);
            if (await TryWriteAsync(taught, found, found.Value with { Attendance = there, RecordedAt = now }, by, attempt, cancellation) is { } written)
            {
                return written;
            }
        }
    }

    /// <summary>Cancels a session: it did not take place, and what was recorded of it counts no more. Cancelled again it keeps its first reason.</summary>
    /// <param name="programme">The programme.</param>
    /// <param name="session">The session.</param>
    /// <param name="reason">Why.</param>
    /// <param name="by">Who says so.</param>
    /// <param name="seen">The session's version that they saw; null for any.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The session; null where there is none.</returns>
    /// <exception cref="TrainingException">No reason is given.</exception>
    /// <exception cref="TrainingChangedException">Somebody recorded it since.</exception>
    public async Task<TrainingSession?> CancelAsync(string programme, string session, string reason, string by, int? seen, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (plan.Current.Training.Find(programme) is not { } taught || await FindSessionAsync(programme, session, cancellation) is not { } found)
            {
                return null;
            }

            var said = Need(reason, "reason");
            if (found.Value.Cancelled is not null)
            {
                return found.Value;
            }

            CheckSeen(found.Value, seen);
            if (await TryWriteAsync(taught, found, found.Value with { Cancelled = said, Attendance = [] }, by, attempt, cancellation) is { } written)
            {
                return written;
            }
        }
    }

    /// <summary>Notes who came into an audience, and tells people once of what runs out or has.</summary>
    /// <exception cref="AggregateException">Some programmes could not be looked after; the others were.</exception>
    public Task SweepAsync(CancellationToken cancellation) => EachAsync.RunAsync(plan.Current.Training.Programmes, async programme =>
    {
        var (current, now) = (plan.Current, time.GetUtcNow());
        var known = await RecordsAsync(programme.Id, cancellation);
        foreach (var person in TrainingRules.Audience(current, programme))
        {
            var record = known.GetValueOrDefault(person.Id);
            if (record?.RequiredSince is null)
            {
                _ = await records.ChangeAsync<TrainingRecord>(
                    Tables.Training, Partition(programme.Id), PersonRow(person.Id), known => known is null ? new TrainingRecord(person.Id, now) : known.RequiredSince is null ? known with { RequiredSince = now } : null, cancellation);
                continue;
            }

            var standing = TrainingRules.Standing(programme, person.Id, record, current.Training.Warning, now);
            if (TrainingRules.Tellable(standing) is { } tellable && tellable != record.Told)
            {
                await TellAsync(current, programme, person, standing, tellable, cancellation);
            }
        }
    });

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, string>> RefusalsAsync(string? service, IEnumerable<string> skills, CancellationToken cancellation)
    {
        var refusals = new Dictionary<string, string>(StringComparer.Ordinal);
        var current = plan.Current;
        foreach (var programme in TrainingRules.Gates(current, service, skills))
        {
            var known = await RecordsAsync(programme.Id, cancellation);
            foreach (var person in current.People.Where(person => !refusals.ContainsKey(person.Id)))
            {
                if (!TrainingRules.Standing(programme, person.Id, known.GetValueOrDefault(person.Id), current.Training.Warning, time.GetUtcNow()).IsTrained)
                {
                    refusals[person.Id] = $"has no valid training '{programme.Name}'";
                }
            }
        }

        return refusals;
    }

    /// <summary>True where somebody may plan sessions and record them: whoever answers for the programme or gives it, and administrators.</summary>
    public static bool MayRecord(OperationsPlan plan, TrainingProgramme programme, Person person)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(programme);
        ArgumentNullException.ThrowIfNull(person);
        return person.Roles.Contains(Roles.Administrator) || plan.Resolve([programme.Owner, programme.Trainer]).Any(one => one.Id == person.Id);
    }

    /// <summary>The session and what its people have of it, in one batch; null where somebody else wrote in between.</summary>
    private async Task<TrainingSession?> TryWriteAsync(TrainingProgramme programme, Versioned<TrainingSession> found, TrainingSession changed, string by, int attempt, CancellationToken cancellation)
    {
        var asked = TrainingRules.Audience(plan.Current, programme).Select(static person => person.Id).ToHashSet(StringComparer.Ordinal);
        var now = time.GetUtcNow();
        changed = changed with { Version = found.Value.Version + 1, RecordedBy = by };
        List<RecordWrite> writes =
        [
            RecordWrite.Replace(Row(changed), MaintenanceJson.Write(changed), found.ETag),
            RecordWrite.Insert(RecordingRow(changed), MaintenanceJson.Write(new TrainingRecording(changed.Id, changed.Version, now, by, changed.Attendance, changed.Cancelled))),
        ];
        foreach (var person in changed.Attendance.Select(static one => one.Person).Union(found.Value.Attendance.Select(static one => one.Person)))
        {
            var known = await records.FindAsync<TrainingRecord>(Tables.Training, Partition(programme.Id), PersonRow(person), cancellation);
            var result = changed.Attendance.FirstOrDefault(one => one.Person == person) is { } there ? TrainingRules.Result(programme, known?.Value, changed, there, by) : null;
            var json = MaintenanceJson.Write(TrainingRules.With(known?.Value ?? new TrainingRecord(person, asked.Contains(person) ? now : null), changed.Id, result));
            writes.Add(known is null ? RecordWrite.Insert(PersonRow(person), json) : RecordWrite.Replace(PersonRow(person), json, known.ETag));
        }

        if (writes.Count > IRecordStore.MaxBatch)
        {
            throw new TrainingException("attendance", "Too many people change at once: take those out who were not there first, and then record the others.");
        }

        try
        {
            _ = await records.WriteAsync(Tables.Training, Partition(programme.Id), writes, cancellation);
            return changed;
        }
        catch (RecordConflictException) when (attempt < 50)
        {
            return null;
        }
    }

    /// <summary>Tells the person, and where it is out of date whoever answers for the programme, each in words of their own.</summary>
    private async Task TellAsync(OperationsPlan current, TrainingProgramme programme, Person person, TrainingStanding standing, string tellable, CancellationToken cancellation)
    {
        var id = $"training/{programme.Id}/{person.Id}/{tellable}";
        var date = Instant.FromDateTimeOffset(standing.Until).InZone(current.System.TimeZone).Date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
        await SayAsync(id, TrainingText.ForPerson(programme, standing.State, date), [person.Id]);
        var owners = current.Resolve([programme.Owner]).Select(static one => one.Id).Where(owner => owner != person.Id).ToList();
        if (standing.IsOutOfDate && owners.Count > 0)
        {
            await SayAsync(id + "/owner", TrainingText.ForOwner(programme, person, standing.State, date), owners);
        }

        _ = await records.ChangeAsync<TrainingRecord>(Tables.Training, Partition(programme.Id), PersonRow(person.Id), known => known is null ? null : known with { Told = tellable }, cancellation);

        Task SayAsync(string of, TemplateValues values, IReadOnlyList<string> whom) =>
            notifications.NotifyAsync(current, Notification.From(of, NotificationTemplates.OperationsAlarm, values, "/training/" + programme.Id), whom, [], cancellation);
    }

    private async Task<ProgrammeStanding> StandingAsync(TrainingProgramme programme, CancellationToken cancellation)
    {
        var (current, now) = (plan.Current, time.GetUtcNow());
        var known = await RecordsAsync(programme.Id, cancellation);
        var next = (await SessionsAsync(programme.Id, cancellation)).Where(session => session.Cancelled is null && session.At > now).MinBy(static session => session.At);
        return new ProgrammeStanding(
            programme,
            [.. TrainingRules.Audience(current, programme).Select(person => TrainingRules.Standing(programme, person.Id, known.GetValueOrDefault(person.Id), current.Training.Warning, now))],
            next);
    }

    private async Task<Versioned<TrainingSession>?> FindSessionAsync(string programme, string id, CancellationToken cancellation) =>
        await records.ListAsync<TrainingSession>(Tables.Training, Partition(programme), RowRange.Prefix("session_"), cancellation).FirstOrDefaultAsync(row => row.Value.Id == id, cancellation);

    private static string Need(string text, string field) =>
        text.Trim() is { Length: > 0 and <= TrainingRules.MostText } said ? said : throw new TrainingException(field, $"Write 1 to {TrainingRules.MostText} characters.");

    private static string Partition(string programme) => RecordKeys.Encode(programme);

    /// <summary>The latest first.</summary>
    private static string Row(TrainingSession session) => $"session_{(DateTimeOffset.MaxValue.Ticks - session.At.UtcTicks).ToString("D19", CultureInfo.InvariantCulture)}_{session.Id}";

    /// <summary>Beside one another in the order of sessions.</summary>
    private static string RecordingRow(TrainingSession session) => $"recording_{Row(session)}_{session.Version.ToString("D6", CultureInfo.InvariantCulture)}";

    private static void CheckSeen(TrainingSession session, int? seen)
    {
        if (seen is { } version && version != session.Version)
        {
            throw new TrainingChangedException(session);
        }
    }

    private static string PersonRow(string person) => "person_" + RecordKeys.Encode(person);
}
