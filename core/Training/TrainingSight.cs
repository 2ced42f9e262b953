namespace Maintenance.Training;

/// <summary>What of training is whose to see: who is trained until when is everybody's, what came of an assessment is one's own and theirs who record it. Pure.</summary>
public static class TrainingSight
{
    /// <summary>A programme as somebody sees it who does not record it: without the results of others, passed or not.</summary>
    /// <param name="standing">The programme.</param>
    /// <param name="person">Who looks.</param>
    public static ProgrammeStanding Of(ProgrammeStanding standing, string? person)
    {
        ArgumentNullException.ThrowIfNull(standing);
        return standing with { People = [.. standing.People.Select(one => one.Person == person ? one : one with { Latest = null })] };
    }

    /// <summary>Who was there, as somebody sees it who does not record it. Where there was an assessment, that somebody came and is not trained says that they failed.</summary>
    /// <param name="programme">The session's programme.</param>
    /// <param name="session">The session.</param>
    /// <param name="person">Who looks.</param>
    public static TrainingSession Of(TrainingProgramme programme, TrainingSession session, string? person)
    {
        ArgumentNullException.ThrowIfNull(programme);
        ArgumentNullException.ThrowIfNull(session);
        return session with { Attendance = [.. session.Attendance.Where(one => one.Person == person || (programme.PassMark is null && one.Score is null))] };
    }
}
