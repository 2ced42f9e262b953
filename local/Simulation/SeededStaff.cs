using System.Globalization;
using Maintenance.Duties;
using Maintenance.Patches;
using Maintenance.Plan;
using Maintenance.Recovery;
using Maintenance.Reports;
using Maintenance.Tickets;
using Maintenance.Time;
using Maintenance.Training;
using NodaTime;

namespace Maintenance.Local.Simulation;

/// <summary>
/// What the plan's own people do in a simulated year: they answer and solve tickets, mostly in time, do their duties, ask for patches and vote, and hold trainings. What
/// becomes of each ticket, duty and patch is drawn from the seed and from what it is, so that what happens to one changes nothing of the others.
/// </summary>
internal sealed class SeededStaff(int seed, WorldHabits habits)
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>A day of theirs.</summary>
    public async Task DayAsync(Simulation simulation, LocalDate date, string name, CancellationToken cancellation)
    {
        var zone = simulation.Plan.System.TimeZone;
        for (var hour = 8; hour <= 17; hour++)
        {
            simulation.At(SeededWorld.Local(date, (hour * 60) + 20, zone), "support looks at the tickets", TicketsAsync);
        }

        simulation.At(SeededWorld.Local(date, 9 * 60, zone), "people look at their duties", DutiesAsync);
        if (date.DayOfWeek == IsoDayOfWeek.Tuesday)
        {
            Patches(simulation, date, name);
        }

        if (date.DayOfWeek == IsoDayOfWeek.Wednesday)
        {
            await TrainAsync(simulation, date, name, cancellation);
        }
    }

    /// <summary>Looks at the tickets that nobody has looked at yet.</summary>
    public async Task TicketsAsync(Simulation simulation, CancellationToken cancellation)
    {
        await foreach (var ticket in simulation.System.Get<TicketService>().ListOpenAsync(cancellation))
        {
            if (_seen.Add(ticket.Id))
            {
                Handle(simulation, ticket);
            }
        }
    }

    /// <summary>Draws when a ticket is answered and when it is solved: some share of the time that there is, in the hours of its priority.</summary>
    private void Handle(Simulation simulation, Ticket ticket)
    {
        var drawn = new SeededNumbers(seed, string.Create(CultureInfo.InvariantCulture, $"ticket/{ticket.CreatedAt.UtcTicks}/{ticket.Title}"));
        var hours = simulation.Plan.ServiceLevels.For(ticket.Priority) is { } target ? simulation.Plan.Calendar(target.Calendar) : null;
        var (answerIn, solveIn) = ((ticket.ResponseDue ?? simulation.Now.AddHours(4)) - ticket.CreatedAt, (ticket.ResolutionDue ?? simulation.Now.AddDays(1)) - ticket.CreatedAt);
        var (isForgotten, isSlow) = (drawn.Happens(habits.ForgottenTickets), drawn.Happens(habits.SlowTickets));
        var answered = ticket.CreatedAt + (isForgotten ? answerIn + TimeSpan.FromHours(drawn.Between(6, 90)) : answerIn * drawn.Between(0.05, isSlow ? 1.5 : 0.8));
        var solved = ticket.CreatedAt + (isForgotten ? solveIn + TimeSpan.FromHours(drawn.Between(10, 160)) : solveIn * drawn.Between(0.1, isSlow ? 1.9 : 0.9));
        answered = Open(hours, answered < simulation.Now ? simulation.Now : answered);
        solved = Open(hours, solved < answered ? answered.AddMinutes(10) : solved);
        var who = ticket.Assignee ?? Support(simulation.Plan, drawn);
        simulation.At(answered, $"{who} answers {ticket.Id}", async (now, stop) =>
        {
            // Whoever begins has it.
            if (ticket.Assignee is null)
            {
                await ActAsync(now, ticket.Id, who, new TicketAct.Start(), stop);
            }

            await ActAsync(now, ticket.Id, who, new TicketAct.Respond("We look into it."), stop);
        });
        if (drawn.Happens(0.1))
        {
            var half = answered + ((solved - answered) / 2);
            simulation.At(half, $"{ticket.Id} waits", (now, stop) => ActAsync(now, ticket.Id, who, new TicketAct.Wait(WaitingFor.Requester, "Which document is it?"), stop));
            solved = Open(hours, solved.AddHours(24));
        }

        simulation.At(solved, $"{who} solves {ticket.Id}", (now, stop) => ActAsync(now, ticket.Id, who, new TicketAct.Resolve("It works again."), stop));
    }

    private static async Task ActAsync(Simulation simulation, string ticket, string who, TicketAct act, CancellationToken cancellation)
    {
        try
        {
            _ = await simulation.System.Get<TicketService>().ActAsync(ticket, act, new TicketActor(who, true), null, null, cancellation);
        }
        catch (TicketStateException)
        {
            // Somebody was there before: an outage that has ended solves its own ticket.
        }
    }

    private async Task DutiesAsync(Simulation simulation, CancellationToken cancellation)
    {
        foreach (var fact in await simulation.System.Get<DutyService>().OpenAsync(cancellation))
        {
            var id = $"{fact.Duty}/{fact.Key}";
            if (!_seen.Add(id))
            {
                continue;
            }

            var drawn = new SeededNumbers(seed, "duty/" + id);
            var fate = drawn.Share();
            if (fate < habits.PunctualDuties)
            {
                var left = fact.OverdueAfter - simulation.Now;
                Do(simulation, fact, simulation.Now + (left > TimeSpan.Zero ? left * drawn.Between(0.1, 0.95) : TimeSpan.FromHours(1)), 0);
            }
            else if (fate < habits.PunctualDuties + ((1 - habits.PunctualDuties) * 0.7))
            {
                Do(simulation, fact, fact.OverdueAfter.AddDays(drawn.Between(0.5, 9)), 0);
            }
            else if (fate < habits.PunctualDuties + ((1 - habits.PunctualDuties) * 0.85))
            {
                simulation.At(fact.DueAt, $"{id} is skipped", (now, stop) => EndAsync(() => now.System.Get<DutyService>().SkipAsync(fact.Duty, fact.Key, "Nothing has changed since (simulated).", Actor(now.Plan), null, null, stop)));
            }
        }
    }

    /// <summary>Somebody does a duty. Where what would show it is not there yet, a drill that has to pass first, they try again some days later, and give up in the end.</summary>
    private static void Do(Simulation simulation, DutyFact fact, DateTimeOffset at, int attempt) => simulation.At(at, $"{fact.Duty}/{fact.Key} is done", async (now, stop) =>
    {
        var duties = now.System.Get<DutyService>();
        if (await duties.FindAsync(fact.Duty, fact.Key, stop) is not { Value: { State: DutyState.Open } occurrence })
        {
            return;
        }

        var asked = occurrence.Terms.Evidence;
        if (asked.Contains(EvidenceKind.File) && occurrence.Evidence.All(static one => one.Kind != EvidenceKind.File))
        {
            using var sheet = new MemoryStream("signed (simulated)\n"u8.ToArray());
            _ = await now.System.Get<DutyFiles>().AddAsync(fact.Duty, fact.Key, "sheet.txt", sheet, Actor(now.Plan), null, stop);
        }

        var month = TicketFact.MonthOf(now.Plan, now.Now);
        var drill = asked.Contains(EvidenceKind.Drill) ? await LatestDrillAsync(now, stop) : null;
        var completion = new DutyCompletion(
            "Done as the procedure says (simulated).", drill, asked.Contains(EvidenceKind.Ticket) ? "T-1001" : null, asked.Contains(EvidenceKind.Report) ? "overview/" + month : null);
        try
        {
            await EndAsync(() => duties.DoAsync(fact.Duty, fact.Key, completion, Actor(now.Plan), null, null, stop));
        }
        catch (DutyActException) when (attempt < 20)
        {
            Do(now, fact, now.Now.AddDays(3), attempt + 1);
        }
    });

    private static async Task EndAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (DutyClosedException)
        {
            // It was done before.
        }
    }

    private static async Task<string?> LatestDrillAsync(Simulation simulation, CancellationToken cancellation) =>
        (await simulation.System.Get<RecoveryService>().ListRecentAsync(50, null, cancellation)
            .FirstOrDefaultAsync(static run => run is { Kind: RecoveryKind.Drill, State: RecoveryState.Completed, Fault: null } && run.Measures?.IsPassed != false, cancellation))?.Id;

    private void Patches(Simulation simulation, LocalDate date, string name)
    {
        var (plan, drawn) = (simulation.Plan, new SeededNumbers(seed, "patches/" + name));
        for (var number = drawn.Times(habits.PatchesPerWeek); number > 0; number--)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"world/{name}/{number}");
            var (type, severity) = (drawn.Of(Enum.GetValues<PatchType>()), drawn.Of(Enum.GetValues<PatchSeverity>()));
            if (plan.Patching.For(type, severity) is null)
            {
                continue;
            }

            var patch = new NewPatch($"Simulated patch {key}", "What the supplier recommends. Rollback: the version before.", type, severity, drawn.Of(plan.Services).Id);
            simulation.At(SeededWorld.Local(date, 10 * 60, plan.System.TimeZone), "a patch is asked for", async (now, stop) =>
            {
                var request = await now.System.Get<PatchService>().RequestAsync(patch, now.Plan.System.Owner, key, stop);
                foreach (var voter in now.Plan.People.Where(person => person.Id != request.RequestedBy && person.Roles.Any(request.Approvers.Contains)))
                {
                    var vote = new SeededNumbers(seed, $"vote/{key}/{voter.Id}");
                    var choice = vote.Happens(habits.Approvals) ? VoteChoice.Approve : VoteChoice.Reject;
                    now.At(now.Now.AddHours(vote.Between(0.5, 60)), $"{voter.Id} votes on {request.Id}", (later, cancellation) => VoteAsync(later, request.Id, voter, choice, cancellation));
                }
            });
        }
    }

    private static async Task VoteAsync(Simulation simulation, string patch, Person voter, VoteChoice choice, CancellationToken cancellation)
    {
        try
        {
            _ = await simulation.System.Get<PatchService>().VoteAsync(patch, voter, choice, "Simulated.", null, "world", cancellation);
        }
        catch (VoteRefusedException refused) when (refused.Refusal.Kind is VoteRefusalKind.Closed or VoteRefusalKind.Stale)
        {
            // It is decided, or has expired, by now.
        }
    }

    /// <summary>Each week, for whoever has to learn something soon, a session a week later; few miss it, few fail.</summary>
    private async Task TrainAsync(Simulation simulation, LocalDate date, string name, CancellationToken cancellation)
    {
        foreach (var standing in await simulation.System.Get<TrainingService>().ListAsync(cancellation))
        {
            var programme = standing.Programme;
            var people = standing.People.Where(static one => one.State != TrainingState.Valid).Select(static one => one.Person).ToList();
            if (people.Count == 0 || standing.Next is not null || !new SeededNumbers(seed, $"training/{name}/{programme.Id}").Happens(0.5))
            {
                continue;
            }

            var at = SeededWorld.Local(date.PlusDays(7), 14 * 60, simulation.Plan.System.TimeZone);
            var by = simulation.Plan.System.Owner;
            var session = await simulation.System.Get<TrainingService>().PlanAsync(programme.Id, at, programme.Trainer, "Room 1 (simulated)", by, name, cancellation);
            simulation.At(at.AddHours(3), $"a training in {programme.Id} is over", async (now, stop) =>
            {
                var attended = people.Select(person => (person, Drawn: new SeededNumbers(seed, $"attends/{name}/{programme.Id}/{person}")))
                    .Where(static one => one.Drawn.Happens(0.93))
                    .Select(one => new Attendance(one.person, programme.PassMark is { } mark ? Math.Clamp(mark - 5 + one.Drawn.Below(40), 0, 100) : null));
                _ = await now.System.Get<TrainingService>().RecordAsync(programme.Id, session!.Id, [.. attended], by, null, stop);
            });
        }
    }

    private static DutyActor Actor(OperationsPlan plan) => new(plan.System.Owner, plan.FindPerson(plan.System.Owner), IsAdministrator: true);

    private static string Support(OperationsPlan plan, SeededNumbers drawn) =>
        plan.InRole(Roles.Support).Select(static person => person.Id).ToList() is { Count: > 0 } people ? drawn.Of(people) : plan.System.Owner;

    /// <summary>An instant at which people are at work: the given one, or the next opening.</summary>
    private static DateTimeOffset Open(ServiceCalendar? hours, DateTimeOffset at)
    {
        var instant = Instant.FromDateTimeOffset(at);
        return hours is { EverOpen: true } && hours.Spans(instant).FirstOrDefault() is { End: var end } span && end > instant && span.Start > instant ? span.Start.ToDateTimeOffset() : at;
    }
}
