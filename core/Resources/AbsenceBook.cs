using System.Globalization;
using Maintenance.Plan;
using Maintenance.Storage;
using NodaTime;
using NodaTime.Extensions;

namespace Maintenance.Resources;

/// <summary>Recorded absences at rest, and how a plan has them beside its own.</summary>
public static class AbsenceBook
{
    internal const string Partition = "absences";

    /// <summary>So many days an absence that is over stays among those that the running plan has: nobody is assigned, called or counted on in the past.</summary>
    internal const int Kept = 31;

    /// <summary>What the running plan has of recorded absences: those that are not over, or have been for no longer than a month; by the id of the person.</summary>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyList<Absence>>> CurrentAsync(IRecordStore records, OperationsPlan plan, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return (await SinceAsync(records, BookingRules.Today(plan, now).PlusDays(-Kept), cancellation)).Where(one => plan.FindPerson(one.Key) is not null).ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>Those that count and end on a date or later, by the id of the person.</summary>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyList<Absence>>> SinceAsync(IRecordStore records, LocalDate from, CancellationToken cancellation)
    {
        var found = await ListAsync(records, from, cancellation).Where(static one => one.Counts).ToListAsync(cancellation);
        return found.GroupBy(static one => one.Person, StringComparer.Ordinal).ToDictionary(
            static group => group.Key, static group => (IReadOnlyList<Absence>)[.. group.OrderBy(static one => one.From).ThenBy(static one => one.Part).Select(static one => one.AsPlanned())], StringComparer.Ordinal);
    }

    /// <summary>All that end on a date or later, withdrawn ones too, in order of the ends that were planned: one that ended early ended on a date that is earlier still.</summary>
    internal static IAsyncEnumerable<RecordedAbsence> ListAsync(IRecordStore records, LocalDate from, CancellationToken cancellation) =>
        records.ListAsync<RecordedAbsence>(Tables.Resources, Partition, new RowRange(from.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture)), cancellation)
            .Select(static row => row.Value).Where(one => one.Last.ToLocalDate() >= from);

    /// <summary>A plan with these recorded absences in place of those that it has.</summary>
    public static OperationsPlan With(OperationsPlan plan, IReadOnlyDictionary<string, IReadOnlyList<Absence>> recorded)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(recorded);
        return plan with
        {
            People =
            [
                .. plan.People.Select(person =>
                {
                    var written = person.Absences.Where(static absence => !absence.IsRecorded);
                    return recorded.TryGetValue(person.Id, out var more) ? person with { Absences = [.. written, .. more] }
                        : person.Absences.Any(static absence => absence.IsRecorded) ? person with { Absences = [.. written] }
                        : person;
                }),
            ],
        };
    }

    /// <summary>The recorded absences that a plan has.</summary>
    internal static IReadOnlyDictionary<string, IReadOnlyList<Absence>> RecordedIn(OperationsPlan plan) =>
        plan.People.Select(static person => (person.Id, Recorded: (IReadOnlyList<Absence>)[.. person.Absences.Where(static absence => absence.IsRecorded)]))
            .Where(static one => one.Recorded.Count > 0).ToDictionary(static one => one.Id, static one => one.Recorded, StringComparer.Ordinal);

    /// <summary>True where two say the same.</summary>
    internal static bool AreSame(IReadOnlyDictionary<string, IReadOnlyList<Absence>> one, IReadOnlyDictionary<string, IReadOnlyList<Absence>> other) =>
        one.Count == other.Count && one.All(pair => other.TryGetValue(pair.Key, out var there) && pair.Value.SequenceEqual(there));
}
