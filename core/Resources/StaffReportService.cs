using Maintenance.Duties;
using Maintenance.Plan;
using Maintenance.Reports;
using Maintenance.Storage;
using Maintenance.Training;
using NodaTime;
using NodaTime.Text;

namespace Maintenance.Resources;

/// <summary>Of whom a report on staff is: of everybody whose figures the reader may see, where neither is named.</summary>
/// <param name="Person">The id of a person, or null.</param>
/// <param name="Team">The id of a team, or null.</param>
public sealed record StaffScope(string? Person = null, string? Team = null)
{
    /// <summary>Everybody.</summary>
    public static StaffScope Everybody { get; } = new();
}

/// <summary>Reads what staff did, for whoever may see it; and what hangs on one person.</summary>
public sealed class StaffReportService(
    IRecordStore records, HourService hours, AbsenceService absences, TicketReportService tickets, DutyService duties, TrainingService training, ActivePlan plan, TimeProvider time)
{
    /// <summary>The report of a month, with the people and teams that the reader may see: nobody where that is nobody. A closed month is as it was kept.</summary>
    /// <param name="month">The month, such as <c>2026-11</c>.</param>
    /// <param name="viewer">The id of the reader.</param>
    /// <param name="scope">Of whom.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="FormatException">The month is none.</exception>
    public async Task<StaffReport> ReadAsync(string month, string viewer, StaffScope scope, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var (now, span) = (time.GetUtcNow(), ReportMonths.Of(plan.Current, month, month)[0]);
        var known = await absences.PlanSinceAsync(LocalDatePattern.Iso.Parse(span.Name + "-01").GetValueOrThrow(), cancellation);
        var (closes, isClosed) = (BookingRules.ClosesAt(known, month), BookingRules.IsClosed(known, month, now));
        var closed = isClosed ? await ClosedMonthBook.ReadAsync(records, month, now, () => CloseAsync(known, span, now, cancellation), cancellation) : null;

        // Whoever leads a team now sees those who were of it then: by whom a month was worked does not change with the plan.
        var teams = closed is null ? known.Teams : [.. known.Teams.SelectMany(team => closed.Teams.Where(one => one.Id == team.Id), static (team, one) => team with { Name = one.Name, Members = one.Members })];
        var members = scope.Team is { } asked ? teams.FirstOrDefault(team => team.Id == asked)?.Members ?? [] : null;
        var ids = (closed?.People.Select(static one => one.Person) ?? known.People.Select(static person => person.Id))
            .Where(id => (TicketReportService.MaySee(known, viewer, id) || teams.Any(team => team.Lead == viewer && team.Members.Contains(id))) && (scope.Person is null || id == scope.Person) && members?.Contains(id) != false)
            .ToList();
        var months = await MonthsAsync(known, ids, span, now, cancellation);
        if (closed is not null)
        {
            months = [.. closed.People.Where(one => ids.Contains(one.Person)).Select(one => months.FirstOrDefault(current => current.Person == one.Person) is { } current ? StaffReporting.Kept(one, current) : one)];
        }

        // A team is reported where all of its members are asked for: a sum over some of them would be taken for one over all.
        var led = teams.Where(team => team.Lead == viewer && team.Members.All(ids.Contains)).Select(team => StaffReporting.Of(team, [.. months.Where(one => team.Members.Contains(one.Person))]));
        return new StaffReport(month, closes, isClosed, [.. led], months, StaffReporting.Formulas);
    }

    /// <summary>
    /// Keeps the month that was closed last, so that an edit of the plan before anybody has read it does not change it; and forgets what is kept of months that are open
    /// (again), so that they are kept as they are when they close.
    /// </summary>
    public async Task KeepClosedAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (BookingRules.LastClosed(plan.Current, now) is not { } month)
        {
            return;
        }

        var first = LocalDatePattern.Iso.Parse(month + "-01").GetValueOrThrow();
        for (var open = BookingRules.Today(plan.Current, now).With(DateAdjusters.StartOfMonth); open > first; open = open.PlusMonths(-1))
        {
            await ClosedMonthBook.ForgetAsync(records, HourBooking.MonthOf(open.ToDateOnly()), now, cancellation);
        }

        if (await ClosedMonthBook.IsKeptAsync(records, month, now, cancellation))
        {
            return;
        }

        var span = ReportMonths.Of(plan.Current, month, month)[0];
        var known = await absences.PlanSinceAsync(LocalDatePattern.Iso.Parse(span.Name + "-01").GetValueOrThrow(), cancellation);
        _ = await ClosedMonthBook.ReadAsync(records, month, now, () => CloseAsync(known, span, now, cancellation), cancellation);
    }

    private async Task<ClosedMonth> CloseAsync(OperationsPlan known, ReportMonth span, DateTimeOffset now, CancellationToken cancellation) => new(
        await MonthsAsync(known, [.. known.People.Select(static person => person.Id)], span, now, cancellation), [.. known.Teams.Select(static team => new ClosedTeam(team.Id, team.Name, team.Members))]);

    /// <summary>The months of those of the plan who are meant, as they are now.</summary>
    private async Task<IReadOnlyList<PersonMonth>> MonthsAsync(OperationsPlan known, IReadOnlyList<string> meant, ReportMonth span, DateTimeOffset now, CancellationToken cancellation)
    {
        var ids = meant.ToHashSet(StringComparer.Ordinal);
        var people = known.People.Where(person => ids.Contains(person.Id)).ToList();
        var facts = people.Count == 0 ? StaffFacts.None : new StaffFacts(
            await hours.ListAsync(span.Name, ids.Contains, cancellation),
            await tickets.ReadPeopleAsync(span.Name, span.Name, ids.Contains, cancellation),
            (await duties.ReportAsync(span.Name, span.Name, cancellation)).Owners.ToDictionary(static line => line.Name, StringComparer.Ordinal),
            await TrainingAsync(known, people, span.To < now ? span.To : now, cancellation));
        return [.. people.Select(person => StaffReporting.Of(known, person, span.Name, facts))];
    }

    /// <summary>What hangs on one person, always and in the next thirty days.</summary>
    public async Task<(IReadOnlyList<SinglePoint> Always, IReadOnlyList<ComingSinglePoint> Coming)> SinglePointsAsync(CancellationToken cancellation)
    {
        var (current, now) = (plan.Current, time.GetUtcNow());
        var who = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal);
        foreach (var programme in current.Training.Programmes)
        {
            // Somebody outside of its audience may have it as well.
            var trained = await training.RecordsAsync(programme.Id, cancellation);
            who[programme.Id] = trained.Values.Where(record => TrainingRules.Standing(programme, record.Person, record, current.Training.Warning, now).IsTrained).Select(static record => record.Person).ToHashSet(StringComparer.Ordinal);
        }

        return (SinglePoints.Of(current, who), SinglePoints.Coming(current, who, BookingRules.Today(current, now)));
    }

    private async Task<IReadOnlyDictionary<string, TrainingCurrency>> TrainingAsync(OperationsPlan known, IReadOnlyList<Person> people, DateTimeOffset at, CancellationToken cancellation)
    {
        var standings = new List<(string Person, string Programme, bool IsTrained)>();
        foreach (var programme in known.Training.Programmes)
        {
            var trained = await training.RecordsAsync(programme.Id, cancellation);
            standings.AddRange(TrainingRules.Audience(known, programme).Where(people.Contains)
                .Select(person => (person.Id, programme.Name, TrainingRules.Standing(programme, person.Id, trained.GetValueOrDefault(person.Id), known.Training.Warning, at).IsTrained)));
        }

        return standings.GroupBy(static one => one.Person, StringComparer.Ordinal).ToDictionary(
            static group => group.Key, static group => new TrainingCurrency(group.Count(), group.Count(static one => one.IsTrained), [.. group.Where(static one => !one.IsTrained).Select(static one => one.Programme)]), StringComparer.Ordinal);
    }
}
