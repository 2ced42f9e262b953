using Maintenance.Storage;

namespace Maintenance.Resources;

/// <summary>Who was of a team when a month was closed.</summary>
/// <param name="Id">The id of the team.</param>
/// <param name="Name">What it was called.</param>
/// <param name="Members">The ids of its members.</param>
public sealed record ClosedTeam(string Id, string Name, IReadOnlyList<string> Members);

/// <summary>A month of staff as it was when it was closed, or first read after that.</summary>
/// <param name="People">Each person's figures.</param>
/// <param name="Teams">The teams.</param>
public sealed record ClosedMonth(IReadOnlyList<PersonMonth> People, IReadOnlyList<ClosedTeam> Teams);

/// <summary>
/// Closed months at rest. What a month comes to depends on the plan: its allocations, weeks, calendars, teams and written absences. So that it stays as it is when those are
/// edited, it is kept within the hour after it was closed, or at the first reading after that, person by person, and read back from then on.
/// </summary>
internal static class ClosedMonthBook
{
    private const string Prefix = "closed_";
    private const string TeamsRow = "closedTeams";

    /// <summary>Hosts' clocks differ by less. What was kept later than that was kept by one that was ahead, when the month was not closed.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromHours(1);

    /// <summary>True where a closed month is kept.</summary>
    /// <param name="records">The records.</param>
    /// <param name="month">The month, such as <c>2026-11</c>.</param>
    /// <param name="now">When (UTC).</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<bool> IsKeptAsync(IRecordStore records, string month, DateTimeOffset now, CancellationToken cancellation) =>
        await records.FindAsync<KeptTeams>(Tables.Resources, month, TeamsRow, cancellation) is { } teams && Holds(teams.Value.At, now);

    /// <summary>Forgets what was kept of a month that is open, since the plan has opened it again: it is kept anew once it is closed. By a clock that is behind nothing is forgotten.</summary>
    /// <param name="records">The records.</param>
    /// <param name="month">The month, such as <c>2026-11</c>.</param>
    /// <param name="now">When (UTC).</param>
    /// <param name="cancellation">Gives up; forgetting again goes on.</param>
    public static async Task ForgetAsync(IRecordStore records, string month, DateTimeOffset now, CancellationToken cancellation)
    {
        if (await records.FindAsync<KeptTeams>(Tables.Resources, month, TeamsRow, cancellation) is not { } kept || kept.Value.At > now)
        {
            return;
        }

        // The teams last: as long as they are there, not everybody is forgotten.
        var people = await records.QueryAsync(Tables.Resources, month, RowRange.Prefix(Prefix), cancellation).Select(static row => row.RowKey).ToListAsync(cancellation);
        foreach (var batch in people.Append(TeamsRow).Chunk(IRecordStore.MaxBatch))
        {
            await records.WriteAsync(Tables.Resources, month, [.. batch.Select(static row => RecordWrite.Delete(row))], cancellation);
        }
    }

    /// <summary>A closed month: as it is kept, or as it is now where it is not kept yet.</summary>
    /// <param name="records">The records.</param>
    /// <param name="month">The month, such as <c>2026-11</c>.</param>
    /// <param name="now">When (UTC).</param>
    /// <param name="read">Works it out.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<ClosedMonth> ReadAsync(IRecordStore records, string month, DateTimeOffset now, Func<Task<ClosedMonth>> read, CancellationToken cancellation)
    {
        // The teams are written last: where they are, everybody is.
        var teams = (await records.FindAsync<KeptTeams>(Tables.Resources, month, TeamsRow, cancellation))?.Value;
        if (teams is null || !Holds(teams.At, now))
        {
            var current = await read();
            foreach (var (order, person) in current.People.Index())
            {
                // Whoever reads in the same moment may have another plan: what was kept first stays, and both read that.
                _ = await records.ChangeAsync<KeptPerson>(
                    Tables.Resources, month, Prefix + RecordKeys.Encode(person.Person), kept => kept is null || !Holds(kept.At, now) ? new KeptPerson(now, order, person) : null, cancellation);
            }

            teams = (await records.ChangeAsync<KeptTeams>(Tables.Resources, month, TeamsRow, kept => kept is null || !Holds(kept.At, now) ? new KeptTeams(now, current.Teams) : null, cancellation))!;
        }

        var people = await records.ListAsync<KeptPerson>(Tables.Resources, month, RowRange.Prefix(Prefix), cancellation).Select(static row => row.Value).Where(kept => Holds(kept.At, now)).ToListAsync(cancellation);
        return new ClosedMonth([.. people.OrderBy(static kept => kept.Order).ThenBy(static kept => kept.Month.Person, StringComparer.Ordinal).Select(static kept => kept.Month)], teams.Teams);
    }

    private static bool Holds(DateTimeOffset at, DateTimeOffset now) => at <= now + Skew;

    private sealed record KeptPerson(DateTimeOffset At, int Order, PersonMonth Month);

    private sealed record KeptTeams(DateTimeOffset At, IReadOnlyList<ClosedTeam> Teams);
}
