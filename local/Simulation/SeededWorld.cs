using System.Globalization;
using Maintenance.Feedback;
using Maintenance.Supplies;
using Maintenance.Tickets;
using Maintenance.Time;
using NodaTime;

namespace Maintenance.Local.Simulation;

/// <summary>
/// What happens to a system in a simulated year: people report things, services go down, sources cannot be reached, supplies are used up and delivered. What its own
/// people do about it is <see cref="SeededStaff"/>. Each day is drawn by itself from the seed and the date.
/// </summary>
/// <param name="seed">The same seed is the same world.</param>
/// <param name="habits">How it behaves.</param>
public sealed class SeededWorld(int seed, WorldHabits habits)
{
    private static readonly TicketType[] Types = [TicketType.Incident, TicketType.Incident, TicketType.ServiceRequest];

    private readonly SeededStaff _staff = new(seed, habits);
    private readonly HashSet<string> _ordered = new(StringComparer.Ordinal);

    /// <summary>Lets the world begin with the simulation.</summary>
    public void Begin(Simulation simulation)
    {
        ArgumentNullException.ThrowIfNull(simulation);
        simulation.At(simulation.Terms.From, "the shelves are filled", FillAsync);
        simulation.At(simulation.Terms.From, "a day", DayAsync);
    }

    /// <summary>Draws a day of the plan's zone, and begins the next one.</summary>
    private async Task DayAsync(Simulation simulation, CancellationToken cancellation)
    {
        var (plan, zone) = (simulation.Plan, simulation.Plan.System.TimeZone);
        var date = Instant.FromDateTimeOffset(simulation.Now).InZone(zone).Date;
        var name = date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
        simulation.At(Midnight(date.PlusDays(1), zone), "a day", DayAsync);
        Report(simulation, date, name);
        foreach (var service in plan.Monitoring.Probes.Select(static probe => probe.Service).Distinct(StringComparer.Ordinal))
        {
            var drawn = new SeededNumbers(seed, $"outage/{name}/{service}");
            if (drawn.Happens(habits.OutagesPerYear / 365))
            {
                var (at, minutes) = (Midnight(date, zone).AddMinutes(drawn.Below(1440)), 8 - (45 * Math.Log(1 - drawn.Share())));
                simulation.At(at, $"{service} goes down", async (now, stop) =>
                {
                    await now.TakeDownAsync(service, at.AddMinutes(Math.Round(minutes)), stop);
                    for (var heard = 2; heard <= 16; heard += 7)
                    {
                        now.At(now.Now.AddMinutes(heard), "whoever is on duty looks", _staff.TicketsAsync);
                    }
                });
            }
        }

        foreach (var policy in plan.Backups.Select(static policy => policy.Id))
        {
            var drawn = new SeededNumbers(seed, $"source/{name}/{policy}");
            if (drawn.Happens(habits.BrokenSourcesPerYear / 365))
            {
                var (at, hours) = (Midnight(date, zone).AddMinutes(drawn.Below(1440)), drawn.Between(2, 30));
                simulation.At(at, $"the source of {policy} cannot be reached", (now, _) => Done(() => now.System.BreakSource(policy, at.AddHours(Math.Round(hours)))));
            }
        }

        await SuppliesAsync(simulation, date, name, cancellation);
        await _staff.DayAsync(simulation, date, name, cancellation);
    }

    /// <summary>What people report during the day: half through the public's form, half to support.</summary>
    private void Report(Simulation simulation, LocalDate date, string name)
    {
        var (plan, drawn) = (simulation.Plan, new SeededNumbers(seed, "reports/" + name));
        var isWorkingDay = date.DayOfWeek is not (IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday);
        var count = drawn.Times(isWorkingDay ? habits.ReportsPerDay : habits.ReportsPerDay / 5);
        for (var number = 1; number <= count; number++)
        {
            var at = Local(date, drawn.Below(12 * 60) + (7 * 60), plan.System.TimeZone);
            var key = string.Create(CultureInfo.InvariantCulture, $"world/{name}/{number}");
            var (service, type, impact, urgency) = (drawn.Of(plan.Services).Id, drawn.Of(Types), drawn.RatherLate(plan.Priorities.Impacts), drawn.RatherLate(plan.Priorities.Urgencies));
            // What cannot wait does not wait for the hour: whoever is on duty is told.
            simulation.At(at.AddMinutes(2), "support hears of it", _staff.TicketsAsync);
            if (drawn.Happens(0.5) && plan.Support.Feedback.Kinds.Count > 0)
            {
                var submission = new FeedbackSubmission(drawn.Of(plan.Support.Feedback.Kinds).Id, $"Simulated report {key}: something with {service} is not as it should be.", service);
                simulation.At(at, "feedback is sent", (now, stop) => now.System.Get<FeedbackService>().ReceiveAsync(submission, key, stop));
            }
            else
            {
                simulation.At(at, "support is told of something", (now, stop) => now.System.Get<TicketService>().OpenAsync(
                    key, new NewTicket(type, $"Simulated {key} of {service}", "Somebody called.", service, impact.Id, urgency.Id, null, null, now.Now), stop));
            }
        }
    }

    /// <summary>Once a week something is taken from each shelf; what was asked for is delivered once its time has passed, more or less.</summary>
    private async Task SuppliesAsync(Simulation simulation, LocalDate date, string name, CancellationToken cancellation)
    {
        var (supplies, zone) = (simulation.System.Get<SupplyService>(), simulation.Plan.System.TimeZone);
        foreach (var standing in await supplies.ListAsync(cancellation))
        {
            var item = standing.Item;
            if (standing.Stock?.Request is { } request && _ordered.Add($"{item.Id}/{request.Number.ToString(CultureInfo.InvariantCulture)}"))
            {
                var late = new SeededNumbers(seed, $"delivery/{name}/{item.Id}").Between(0.6, 1.25);
                simulation.At(simulation.Now + (item.LeadTime * late), $"{item.Id} is delivered", async (now, stop) =>
                {
                    var there = (await supplies.FindAsync(item.Id, stop))?.Stock?.OnHand ?? 0;
                    await EnterAsync(now, item, StockMovementKind.Receipt, Math.Max(1, Full(item) - there), $"receipt/{name}", stop);
                });
            }

            if (date.DayOfWeek == IsoDayOfWeek.Friday)
            {
                var share = new SeededNumbers(seed, $"use/{name}/{item.Id}").Between(0.4, 1.6);
                simulation.At(Local(date, 16 * 60, zone), $"{item.Id} is used", async (now, stop) =>
                {
                    var there = (await supplies.FindAsync(item.Id, stop))?.Stock?.OnHand ?? 0;
                    var used = Math.Min(there, Math.Max(1, Math.Round(Full(item) / (decimal)habits.StockWeeks * (decimal)share)));
                    if (used > 0)
                    {
                        await EnterAsync(now, item, StockMovementKind.Issue, used, $"issue/{name}", stop);
                    }
                });
            }
        }
    }

    private async Task FillAsync(Simulation simulation, CancellationToken cancellation)
    {
        foreach (var item in simulation.Plan.Supplies.Items)
        {
            await EnterAsync(simulation, item, StockMovementKind.Count, Full(item), "first", cancellation);
        }
    }

    private static async Task EnterAsync(Simulation simulation, SupplyItem item, StockMovementKind kind, decimal quantity, string key, CancellationToken cancellation) =>
        _ = await simulation.System.Get<SupplyService>().EnterAsync(item.Id, kind, quantity, "simulated", simulation.Plan.System.Owner, $"world/{item.Id}/{key}", cancellation);

    private static decimal Full(SupplyItem item) => item.Target ?? Math.Max(10, item.Minimum * 4);

    private static DateTimeOffset Midnight(LocalDate date, DateTimeZone zone) => Local(date, 0, zone);

    /// <summary>A minute of a day on the clock of the wall.</summary>
    internal static DateTimeOffset Local(LocalDate date, int minute, DateTimeZone zone) => WallClock.ToInstant(date.AtMidnight().PlusMinutes(minute), zone).ToDateTimeOffset();

    private static Task Done(Action act)
    {
        act();
        return Task.CompletedTask;
    }
}
