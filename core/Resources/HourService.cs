using System.Text.RegularExpressions;
using Maintenance.Assets.Debt;
using Maintenance.Duties;
using Maintenance.Plan;
using Maintenance.Storage;
using Maintenance.Tickets;

namespace Maintenance.Resources;

/// <summary>
/// The hours that people book. A booking and what it makes of the day's sum are one batch, so that its bookings never come to more than 24 hours however many book at
/// once. Hours on technical debt lie in another table: they are looked at, and two that book on debt and on something else in the same instant may come to more. Where to
/// find what was booked on a ticket is written before: what a crash leaves of it points at nothing, and is passed by.
/// </summary>
public sealed partial class HourService(IRecordStore records, TicketService tickets, DutyService duties, DebtService debt, ActivePlan plan, TimeProvider time)
{
    private const string Hours = "hour_";
    private const string Keys = "keys";

    /// <summary>So many bookings of one ticket or duty are looked for: the first.</summary>
    internal const int MostOfSubject = 1000;

    /// <summary>Books hours; the same key of the same person books them once, in whichever month it is sent again.</summary>
    /// <exception cref="ResourceException">They cannot be booked.</exception>
    public async Task<HourBooking> BookAsync(NewBooking booking, string by, string? key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(booking);
        var hash = RecordNames.Hash(by, key);

        // Sent again after midnight of a month's last day, a booking of "today" would be of another month: where the key was, its first day is meant.
        if (key is not null && await records.FindAsync<KeyDay>(Tables.Resources, Keys, hash, cancellation) is { } first)
        {
            booking = booking with { On = first.Value.On };
        }

        for (var attempt = 1; ; attempt++)
        {
            var month = HourBooking.MonthOf(booking.On);
            if (key is not null && await records.FindAsync<HourBooking>(Tables.Resources, month, Hours + hash, cancellation) is { } earlier)
            {
                return earlier.Value;
            }

            var (kind, service) = await SubjectAsync(booking, cancellation);
            var day = await records.FindAsync<DayHours>(Tables.Resources, month, DayRow(booking.Person, booking.On), cancellation);
            var onDebt = await OnDebtAsync(booking.Person, booking.On, cancellation);
            var now = time.GetUtcNow();
            BookingRules.Check(plan.Current, booking, kind, (day?.Value.Hours ?? 0) + onDebt, now);
            var booked = new HourBooking($"{month}-{hash}", booking.Person, booking.On, booking.Hours, kind!.Value, now, by)
            {
                Service = service, Ticket = booking.Ticket, Duty = booking.Duty, Note = booking.Note,
            };
            if (key is not null && await records.ChangeAsync<KeyDay>(Tables.Resources, Keys, hash, known => known is null ? new KeyDay(booking.On) : null, cancellation) is { } claimed && claimed.On != booking.On)
            {
                // The same was sent twice in one moment, on both sides of midnight: the other one came first.
                booking = booking with { On = claimed.On };
                continue;
            }

            if ((booking.Ticket ?? booking.Duty) is { } subject)
            {
                await records.WriteAsync(Tables.Resources, Of(subject), RecordWrite.Put($"{month}_{hash}", "{}"), cancellation);
            }

            var sum = MaintenanceJson.Write(new DayHours((day?.Value.Hours ?? 0) + booking.Hours));
            try
            {
                _ = await records.WriteAsync(
                    Tables.Resources, month,
                    [
                        day is null ? RecordWrite.Insert(DayRow(booking.Person, booking.On), sum) : RecordWrite.Replace(DayRow(booking.Person, booking.On), sum, day.ETag),
                        RecordWrite.Insert(Hours + hash, MaintenanceJson.Write(booked)),
                    ],
                    cancellation);
                return booked;
            }
            catch (RecordConflictException) when (attempt < 50)
            {
                // Somebody booked on the same day in this moment, or this very booking was sent twice.
            }
        }
    }

    /// <summary>The hours that somebody has booked on a date, on pieces of technical debt too.</summary>
    public async Task<decimal> OfDayAsync(string person, DateOnly on, CancellationToken cancellation)
    {
        var day = await records.FindAsync<DayHours>(Tables.Resources, HourBooking.MonthOf(on), DayRow(person, on), cancellation);
        return (day?.Value.Hours ?? 0) + await OnDebtAsync(person, on, cancellation);
    }

    /// <summary>Says that a booking does not hold; one that was reversed stays as it is.</summary>
    /// <returns>The booking; null where there is none.</returns>
    /// <exception cref="ResourceException">There is no reason, or its month is closed.</exception>
    public async Task<HourBooking?> ReverseAsync(string id, string reason, string by, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await FindAsync(id, cancellation) is not { } found)
            {
                return null;
            }

            var now = time.GetUtcNow();
            BookingRules.CheckCorrection(plan.Current, found.Value.On, reason, now);
            if (!found.Value.Counts)
            {
                return found.Value;
            }

            var booking = found.Value;
            var reversed = booking with { Reversed = new Correction(now, by, reason.Trim()) };
            var day = (await records.FindAsync<DayHours>(Tables.Resources, booking.Month, DayRow(booking.Person, booking.On), cancellation))!;
            try
            {
                _ = await records.WriteAsync(
                    Tables.Resources, booking.Month,
                    [
                        RecordWrite.Replace(DayRow(booking.Person, booking.On), MaintenanceJson.Write(new DayHours(day.Value.Hours - booking.Hours)), day.ETag),
                        RecordWrite.Replace(RowOf(id), MaintenanceJson.Write(reversed), found.ETag),
                    ],
                    cancellation);
                return reversed;
            }
            catch (RecordConflictException) when (attempt < 50)
            {
                // Somebody booked on the same day, or reversed it as well.
            }
        }
    }

    /// <summary>A booking, or null.</summary>
    public async Task<Versioned<HourBooking>?> FindAsync(string id, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(id);
        return IdText().IsMatch(id) ? await records.FindAsync<HourBooking>(Tables.Resources, id[..7], RowOf(id), cancellation) : null;
    }

    /// <summary>
    /// What was booked in a month, reversed bookings too, with what was booked on pieces of technical debt, as work of that kind; in order of dates, those of a date in order
    /// of their booking.
    /// </summary>
    /// <param name="month">The month, such as <c>2026-11</c>.</param>
    /// <param name="isMeant">Whose: by the id of the person.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<HourBooking>> ListAsync(string month, Func<string, bool> isMeant, CancellationToken cancellation)
    {
        var booked = await records.ListAsync<HourBooking>(Tables.Resources, month, RowRange.Prefix(Hours), cancellation).Select(static row => row.Value)
            .Concat(OnDebtAsync(month, cancellation)).Where(one => isMeant(one.Person)).ToListAsync(cancellation);
        return [.. booked.OrderBy(static one => one.On).ThenBy(static one => one.At).ThenBy(static one => one.Id, StringComparer.Ordinal)];
    }

    /// <summary>True for what can be the id of a ticket, or a duty as <c>{duty}/{occurrence}</c>.</summary>
    public static bool IsSubject(string subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return TicketText().IsMatch(subject) || (subject.Split('/') is [var duty, var key] && DutyService.IsId(duty) && DutyService.IsKey(key));
    }

    /// <summary>What was booked on a ticket, or on a duty (<c>{duty}/{occurrence}</c>), reversed bookings too; and whether more was than is looked for.</summary>
    public async Task<(IReadOnlyList<HourBooking> Bookings, bool IsCut)> OnAsync(string subject, CancellationToken cancellation)
    {
        var (found, rows) = (new List<HourBooking>(), 0);
        await foreach (var row in records.QueryAsync(Tables.Resources, Of(subject), RowRange.All with { Take = MostOfSubject + 1 }, cancellation))
        {
            if (++rows > MostOfSubject)
            {
                break;
            }

            // One that is not there was announced and then cut off.
            if (await records.FindAsync<HourBooking>(Tables.Resources, row.RowKey[..7], Hours + row.RowKey[8..], cancellation) is { } booking)
            {
                found.Add(booking.Value);
            }
        }

        return ([.. found.OrderBy(static one => one.On).ThenBy(static one => one.At)], rows > MostOfSubject);
    }

    /// <summary>The hours of somebody's day on pieces of technical debt.</summary>
    private async Task<decimal> OnDebtAsync(string person, DateOnly on, CancellationToken cancellation) =>
        await OnDebtAsync(HourBooking.MonthOf(on), cancellation).Where(one => one.Counts && one.Person == person && one.On == on).Select(static one => one.Hours).SumAsync(cancellation);

    /// <summary>What was booked on the pieces of the register of technical debt: it counts here as well, and is reversed there.</summary>
    private async IAsyncEnumerable<HourBooking> OnDebtAsync(string month, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var item in debt.ListAsync(cancellation))
        {
            foreach (var (index, one) in item.Bookings.Index().Where(one => one.Item.On.StartsWith(month, StringComparison.Ordinal)))
            {
                var on = DateOnly.ParseExact(one.On, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
                yield return new HourBooking($"{item.Id}/{index + 1}", one.By, on, (decimal)one.Hours, WorkKind.Debt, item.AddedAt, one.By) { Service = item.Fields.Service, Note = one.Note, Reversed = one.Reversed };
            }
        }
    }

    /// <summary>What the hours are for: as their ticket or duty says, else as whoever books them says.</summary>
    private async Task<(WorkKind? Kind, string? Service)> SubjectAsync(NewBooking booking, CancellationToken cancellation)
    {
        if (booking.Ticket is { } id)
        {
            var ticket = (TicketText().IsMatch(id) ? await tickets.FindAsync(id, cancellation) : null)?.Value ?? throw new ResourceException("ticket", $"There is no ticket '{(id.Length > 40 ? id[..40] : id)}'.");
            return (booking.Kind ?? BookingRules.KindOf(ticket.Maintenance), booking.Service ?? ticket.Service);
        }

        if (booking.Duty is { } duty)
        {
            var parts = duty.Split('/');
            _ = (parts.Length == 2 ? await duties.FindAsync(parts[0], parts[1], cancellation) : null)
                ?? throw new ResourceException("duty", "There is no such duty: write its id and the occurrence's, such as access-review/2026-12-01.");
            return (booking.Kind ?? WorkKind.Operations, booking.Service);
        }

        return (booking.Kind, booking.Service);
    }

    private static string RowOf(string id) => Hours + id[8..];

    private static string DayRow(string person, DateOnly date) => $"day_{RecordKeys.Encode(person)}_{BookingRules.Text(date)}";

    private static string Of(string subject) => "of:" + RecordKeys.Encode(subject);

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9a-f]{12}\z", RegexOptions.NonBacktracking)]
    private static partial Regex IdText();

    [GeneratedRegex(@"^T-[0-9]{1,18}\z", RegexOptions.NonBacktracking)]
    private static partial Regex TicketText();

    /// <summary>Of which day the booking of a key is.</summary>
    private sealed record KeyDay(DateOnly On);

    /// <summary>How many hours of a person's day are booked.</summary>
    private sealed record DayHours(decimal Hours);
}
