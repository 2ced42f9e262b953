using Maintenance.Monitoring.Probes;
using Maintenance.Plan;
using Maintenance.Tickets;

namespace Maintenance.Monitoring.Incidents;

/// <summary>
/// Sees to outages: records them, opens their tickets, and says in them from when to when each lasted. What is to be done stands in the state of the probe until it is done,
/// and each act has a key: cut off anywhere, the next turn goes on.
/// </summary>
public sealed class IncidentDesk(ProbeBook book, TicketService tickets, TimeProvider time)
{
    /// <summary>So long after somebody has solved its ticket an outage may show that it is over.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Does what the outages of a probe still need.</summary>
    public async Task SettleAsync(OperationsPlan plan, string probe, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        foreach (var incident in (await book.StateAsync(probe, cancellation))?.Unsettled ?? [])
        {
            await SettleAsync(plan, incident, cancellation);
        }
    }

    private async Task SettleAsync(OperationsPlan plan, ProbeIncident incident, CancellationToken cancellation)
    {
        var (now, at) = (time.GetUtcNow(), incident);
        if (!at.IsRecorded)
        {
            await book.RecordAsync(at with { IsRecorded = true }, cancellation);
            at = await NoteAsync(at, known => known with { IsRecorded = known.To == incident.To }, cancellation);
        }

        if (at.Ticket is null && plan.Monitoring.Ticket is { } kind && IncidentRules.OwesTicket(plan, at, now))
        {
            at = await TicketAsync(plan, at, kind, cancellation);
            await book.RecordAsync(at, cancellation);
        }

        if (at.To is null && at.Ticket is not null)
        {
            await KeepOpenAsync(plan, at, now, cancellation);
        }

        if (at.To is not null && (at.Ticket is null || await EndAsync(plan, at, cancellation)))
        {
            await book.RecordAsync(at, cancellation);
            _ = await book.ChangeAsync(
                at.Probe, state => state is null || state.Unsettled.All(one => one.From != at.From) ? null : state with { Last = at, Unsettled = [.. state.Unsettled.Where(one => one.From != at.From)] }, cancellation);
        }
    }

    /// <summary>
    /// A ticket of its own; or that of an outage of the same service that lasts, since what overlaps is one outage for whoever works on it; or that of the probe's last outage
    /// where that is over only just, since what goes up and down all night is one trouble.
    /// </summary>
    private async Task<ProbeIncident> TicketAsync(OperationsPlan plan, ProbeIncident incident, IncidentTicket kind, CancellationToken cancellation)
    {
        var open = await book.OpenAsync(cancellation);
        if (incident.Way is null)
        {
            var other = open.FirstOrDefault(one => one.Service == incident.Service && one.Probe != incident.Probe && one.Ticket is not null)?.Ticket;
            var last = (await book.StateAsync(incident.Probe, cancellation))?.Last;
            var way = other is not null && (await tickets.FindAsync(other, cancellation))?.Value.IsOpen == true ? other
                : IncidentRules.Joins(plan.Monitoring, last, incident) && await tickets.FindAsync(last!.Ticket!, cancellation) is not null ? last.Ticket!
                : ProbeIncident.OwnTicket;
            incident = await NoteAsync(incident, known => known with { Way = known.Way ?? way }, cancellation);
        }

        var upstream = IncidentRules.Upstream(plan, incident.Service, open.Select(static one => one.Service).ToHashSet(StringComparer.Ordinal));
        var text = IncidentRules.Description(plan, incident, upstream);
        var ticket = incident.Way!;
        if (ticket == ProbeIncident.OwnTicket)
        {
            var service = plan.FindService(incident.Service);
            var request = new NewTicket(
                TicketType.Incident, $"{service?.Name ?? incident.Service} is down: {plan.Monitoring.Find(incident.Probe)?.Name ?? incident.Probe}", text, service?.Id, kind.Impact, kind.Urgency, null, null, incident.ConfirmedAt)
            {
                Maintenance = MaintenanceType.Corrective,
            };
            ticket = (await tickets.OpenAsync(incident.Key, request, cancellation)).Id;
        }
        else
        {
            await JoinAsync(ticket, text, incident.Key + "/joined", cancellation);
        }

        return await NoteAsync(incident, known => known with { Ticket = ticket }, cancellation);
    }

    /// <summary>Tells an outage in a ticket that there is, and opens that again where it is solved or closed. Somebody may do so at the same moment.</summary>
    private async Task JoinAsync(string ticket, string text, string key, CancellationToken cancellation)
    {
        if ((await tickets.FindAsync(ticket, cancellation))?.Value.IsOpen == false)
        {
            try
            {
                _ = await tickets.ActAsync(ticket, new TicketAct.Reopen(text), TicketActor.System, null, key, cancellation);
                return;
            }
            catch (TicketStateException)
            {
                // It is open now: it only has to hear of it.
            }
        }

        _ = await tickets.ActAsync(ticket, new TicketAct.Comment(text), TicketActor.System, null, key, cancellation);
    }

    /// <summary>A ticket that somebody solved while the probe goes on failing is opened again: else nobody would hear of the outage any more.</summary>
    private async Task KeepOpenAsync(OperationsPlan plan, ProbeIncident incident, DateTimeOffset now, CancellationToken cancellation)
    {
        var probe = plan.Monitoring.Find(incident.Probe);
        var patience = Patience + ((probe?.Every ?? TimeSpan.Zero) * (probe?.Damping.RecoverAfter ?? 0));
        if ((await tickets.FindAsync(incident.Ticket!, cancellation))?.Value is { State: TicketState.Resolved, ResolvedAt: { } solved } && now - solved > patience)
        {
            _ = await tickets.ActAsync(
                incident.Ticket!, new TicketAct.Reopen($"{probe?.Name ?? incident.Probe} still fails."), TicketActor.System, null, $"{incident.Key}/still/{solved.UtcTicks.ToString(System.Globalization.CultureInfo.InvariantCulture)}", cancellation);
        }
    }

    /// <summary>Says in the ticket how long it lasted; the last outage of a ticket resolves it. A person may have done so before.</summary>
    private async Task<bool> EndAsync(OperationsPlan plan, ProbeIncident incident, CancellationToken cancellation)
    {
        var text = IncidentRules.Ending(plan, incident, time.GetUtcNow());
        _ = await tickets.ActAsync(incident.Ticket!, new TicketAct.Comment(text), TicketActor.System, null, incident.Key + "/ended", cancellation);
        var isLast = (await book.OpenAsync(cancellation)).All(one => one.Ticket != incident.Ticket || (one.Probe == incident.Probe && one.From == incident.From));
        if (isLast)
        {
            try
            {
                _ = await tickets.ActAsync(incident.Ticket!, new TicketAct.Resolve(text), TicketActor.System, null, incident.Key + "/resolved", cancellation);
            }
            catch (TicketStateException)
            {
                // Somebody has resolved it already; what was measured stands in its history.
            }
        }

        return true;
    }

    private async Task<ProbeIncident> NoteAsync(ProbeIncident incident, Func<ProbeIncident, ProbeIncident> change, CancellationToken cancellation)
    {
        var noted = change(incident);
        _ = await book.ChangeAsync(
            incident.Probe,
            state =>
            {
                if (state?.Unsettled.FirstOrDefault(one => one.From == incident.From) is not { } known)
                {
                    return null;
                }

                noted = change(known);
                return noted == known ? null : state with { Unsettled = [.. state.Unsettled.Select(one => one.From == incident.From ? noted : one)] };
            },
            cancellation);
        return noted;
    }
}
