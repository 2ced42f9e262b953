using Maintenance.Duties;
using Maintenance.Plan;
using Maintenance.Reports;
using Maintenance.Training;
using NodaTime.Text;

namespace Maintenance.Resources;

/// <summary>Reads what staff did, for whoever may see it; and what hangs on one person.</summary>
public sealed class StaffReportService(
    HourService hours, AbsenceService absences, TicketReportService tickets, DutyService duties, TrainingService training, ActivePlan plan, TimeProvider time)
{
    /// <summary>The report of a month, with the people and teams that the reader may see: nobody where that is nobody.</summary>
    /// <param name="month">The month, such as <c>2026-11</c>.</param>
    /// <param name="viewer">The id of the reader.</param>
    /// <param name="isMeant">Which of the people whose figures the reader may see.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="FormatException">The month is none.</exception>
    public async Task<StaffReport> ReadAsync(string month, string viewer, Func<Person, bool> isMeant, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(isMeant);
        var (now, span) = (time.GetUtcNow(), ReportMonths.Of(plan.Current, month, month)[0]);
        var known = await absences.PlanSinceAsync(LocalDatePattern.Iso.Parse(span.Name + "-01").GetValueOrThrow(), cancellation);
        var people = known.People.Where(person => TicketReportService.MaySee(known, viewer, person.Id) && isMeant(person)).ToList();
        var ids = people.Select(static person => person.Id).ToHashSet(StringComparer.Ordinal);
        var facts = people.Count == 0 ? StaffFacts.None : new StaffFacts(
            await hours.ListAsync(month, ids.Contains, cancellation),
            await tickets.ReadPeopleAsync(month, month, ids.Contains, cancellation),
            (await duties.ReportAsync(month, month, cancellation)).Owners.ToDictionary(static line => line.Name, StringComparer.Ordinal),
            await TrainingAsync(known, people, span.To < now ? span.To : now, cancellation));
        var months = people.Select(person => StaffReporting.Of(known, person, month, facts)).ToList();

        // A team is reported where all of its members are asked for: a sum over some of them would be taken for one over all.
        var teams = known.Teams.Where(team => team.Lead == viewer && team.Members.All(ids.Contains)).Select(team => StaffReporting.Of(team, [.. months.Where(one => team.Members.Contains(one.Person))]));
        return new StaffReport(month, BookingRules.ClosesAt(known, month), BookingRules.IsClosed(known, month, now), [.. teams], months, StaffReporting.Formulas);
    }

    /// <summary>What hangs on one person, always and in the next thirty days.</summary>
    public async Task<(IReadOnlyList<SinglePoint> Always, IReadOnlyList<ComingSinglePoint> Coming)> SinglePointsAsync(CancellationToken cancellation)
    {
        var (current, now) = (plan.Current, time.GetUtcNow());
        var who = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal);
        foreach (var programme in current.Training.Programmes)
        {
            // Somebody outside of its audience may have it as well.
            var records = await training.RecordsAsync(programme.Id, cancellation);
            who[programme.Id] = records.Values.Where(record => TrainingRules.Standing(programme, record.Person, record, current.Training.Warning, now).IsTrained).Select(static record => record.Person).ToHashSet(StringComparer.Ordinal);
        }

        return (SinglePoints.Of(current, who), SinglePoints.Coming(current, who, BookingRules.Today(current, now)));
    }

    private async Task<IReadOnlyDictionary<string, TrainingCurrency>> TrainingAsync(OperationsPlan known, IReadOnlyList<Person> people, DateTimeOffset at, CancellationToken cancellation)
    {
        var standings = new List<(string Person, string Programme, bool IsTrained)>();
        foreach (var programme in known.Training.Programmes)
        {
            var records = await training.RecordsAsync(programme.Id, cancellation);
            standings.AddRange(TrainingRules.Audience(known, programme).Where(people.Contains)
                .Select(person => (person.Id, programme.Name, TrainingRules.Standing(programme, person.Id, records.GetValueOrDefault(person.Id), known.Training.Warning, at).IsTrained)));
        }

        return standings.GroupBy(static one => one.Person, StringComparer.Ordinal).ToDictionary(
            static group => group.Key, static group => new TrainingCurrency(group.Count(), group.Count(static one => one.IsTrained), [.. group.Where(static one => !one.IsTrained).Select(static one => one.Programme)]), StringComparer.Ordinal);
    }
}
