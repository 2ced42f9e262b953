using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Maintenance.Assets.Components;
using Maintenance.Assets.Lifecycle;
using Maintenance.Assets.Vulnerabilities;
using Maintenance.Notifications;
using Maintenance.Plan;
using Maintenance.Storage;
using Maintenance.Tickets;
using NodaTime;

namespace Maintenance.Assets;

/// <summary>What the last review was made of.</summary>
/// <param name="Inputs">The hash of all that it looked at; another one asks for another review.</param>
/// <param name="At">When it was (UTC).</param>
/// <param name="Components">So many components there are.</param>
/// <param name="Problems">What contradicts itself in the inputs as a whole.</param>
public sealed record AssetReviewState(string Inputs, DateTimeOffset At, int Components, IReadOnlyList<string> Problems);

/// <summary>Which warnings of an end of support were given.</summary>
/// <param name="Ends">For which end, as <c>2026-11-30</c>, or <c>over: server 15</c> where nobody says since when: another one is warned of anew.</param>
/// <param name="Given">The days before it.</param>
public sealed record EndWarningsGiven(string Ends, IReadOnlyList<int> Given);

/// <summary>The components of the services: reviews them when anything they depend on has changed or a day has begun, and sees to findings, warnings and waivers.</summary>
public sealed class AssetService(
    IRecordStore records,
    AssetShelf shelf,
    FindingStore findings,
    LineStore lines,
    TicketService tickets,
    NumberSeries numbers,
    NotificationService notifications,
    ActivePlan plan,
    TimeProvider time)
{
    private const string StatePartition = "review";
    private const string StateRow = "state";
    private const string Warnings = "warnings";

    private const int MostTicketText = 6000;

    /// <summary>Looks whether there is anything to do, and does it. Called each minute: as a rule it finds that files, plan and date are as they were.</summary>
    public async Task ReviewAsync(CancellationToken cancellation)
    {
        var (state, now) = (plan.State, time.GetUtcNow());

        // Each stands alone: a waiver that cannot be ended keeps nobody from hearing of what is new.
        await EachAsync.RunAsync<Func<Task>>([() => ExpireAsync(now, cancellation), () => ReviewChangedAsync(state, now, cancellation)], static stage => stage());
    }

    private async Task ReviewChangedAsync(PlanState state, DateTimeOffset now, CancellationToken cancellation)
    {
        var before = await records.FindAsync<AssetReviewState>(Tables.Assets, StatePartition, StateRow, cancellation);
        if (before is null && state.Plan.Assets.IsEmpty)
        {
            return;
        }

        var looked = await shelf.LookAsync(state.Plan.Assets, state.Folder, cancellation);
        var today = Today(now);
        var inputs = Fingerprint(state.Hash, today, looked);
        if (before?.Value.Inputs == inputs)
        {
            return;
        }

        var contents = await shelf.ContentsAsync(looked, cancellation).ToListAsync(cancellation);
        var result = await ReviewAsync(state.Plan, contents, today, now, cancellation);

        // Last of all, so that what was cut off before is done again; and not over the word of somebody who asked for another review meanwhile.
        var json = MaintenanceJson.Write(new AssetReviewState(inputs, now, result.Lines.Count, result.Problems));
        try
        {
            await records.WriteAsync(Tables.Assets, StatePartition, before is null ? RecordWrite.Insert(StateRow, json) : RecordWrite.Replace(StateRow, json, before.ETag), cancellation);
        }
        catch (RecordConflictException)
        {
            // The next tick reviews again, and finds most of it done.
        }
    }

    /// <summary>What the last review was made of; null before the first.</summary>
    public async Task<AssetReviewState?> StateAsync(CancellationToken cancellation) =>
        (await records.FindAsync<AssetReviewState>(Tables.Assets, StatePartition, StateRow, cancellation))?.Value;

    /// <summary>The local date of the plan's zone.</summary>
    public LocalDate Today(DateTimeOffset now) => Instant.FromDateTimeOffset(now).InZone(plan.Current.System.TimeZone).Date;

    /// <summary>Asks for a waiver.</summary>
    /// <returns>The finding; null where there is none.</returns>
    /// <exception cref="WaiverRefusedException">The plan lets nobody waive.</exception>
    /// <exception cref="WaiverStateException">The finding's state does not allow it.</exception>
    public Task<Finding?> AskWaiverAsync(string id, string by, string reason, DateTimeOffset until, CancellationToken cancellation) =>
        ActAsync(id, (finding, now) => WaiverRules.Ask(finding, plan.Current.Lifecycle.Waivers, by, reason, until, now), cancellation);

    /// <summary>Votes on a waiver.</summary>
    /// <returns>The finding; null where there is none.</returns>
    /// <exception cref="WaiverRefusedException">They may not.</exception>
    /// <exception cref="WaiverStateException">It does not wait, or it is another request than the one of <paramref name="askedAt"/> (UTC).</exception>
    public Task<Finding?> VoteAsync(string id, Person person, bool isApproval, string comment, DateTimeOffset askedAt, CancellationToken cancellation) =>
        ActAsync(id, (finding, now) => WaiverRules.Vote(finding, plan.Current.Lifecycle.Waivers, person, isApproval, comment, askedAt, now), cancellation);

    /// <summary>Takes a request for a waiver back.</summary>
    /// <returns>The finding; null where there is none.</returns>
    /// <exception cref="WaiverRefusedException">Somebody else asked.</exception>
    /// <exception cref="WaiverStateException">It does not wait.</exception>
    public Task<Finding?> WithdrawWaiverAsync(string id, string by, CancellationToken cancellation) => ActAsync(id, (finding, now) => WaiverRules.Withdraw(finding, by, now), cancellation);

    /// <summary>The ticket hears of it before the finding says that it did: a crash in between tells it again, under the same key.</summary>
    private async Task<Finding?> ActAsync(string id, Func<Finding, DateTimeOffset, Finding> act, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var after = await findings.ChangeAsync(id, finding => act(finding, now), cancellation);
        if (after is not null)
        {
            await TellLastAsync(after, cancellation);
            await AskAgainAsync(cancellation);
        }

        return after;
    }

    private async Task ExpireAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var ended = await findings.ListWaivedAsync(cancellation).TakeWhile(finding => finding.Waiver!.Until <= now).Concat(findings.ListWaitingAsync(cancellation).Where(finding => finding.Waiver!.Until <= now)).ToListAsync(cancellation);
        await EachAsync.RunAsync(ended, async finding =>
        {
            // A waiver that held kept somebody from working on it: they hear of it before the record forgets that they must. A closed ticket is not opened again: there is another one.
            var again = finding;
            if (finding.Waiver!.State == WaiverState.Granted)
            {
                var isClosed = finding.Ticket is { } id && await tickets.FindAsync(id, cancellation) is { Value.State: TicketState.Closed };
                again = isClosed ? finding with { Times = finding.Times + 1 } : finding;
                again = again with { Ticket = await TicketAsync(again, cancellation) };
                await TellAsync(again, "Its waiver has expired: it is open again.", $"expired/{RecordKeys.Instant(finding.Waiver.Until)}", reopen: true, cancellation);
            }

            _ = await findings.ChangeAsync(finding.Id, current => WaiverRules.Expire(current, now) is { } expired ? expired with { Times = again.Times, Ticket = again.Ticket } : null, cancellation);
            await AskAgainAsync(cancellation);
        });
    }

    private async Task<AssetReviewResult> ReviewAsync(OperationsPlan current, IReadOnlyList<AssetSourceContent> contents, LocalDate today, DateTimeOffset now, CancellationToken cancellation)
    {
        var known = await findings.ListAsync(cancellation).ToListAsync(cancellation);
        var followed = known.OrderBy(static one => one.Value.State).ThenBy(static one => one.Value.Number).Select(static one => one.Value.Seen.Group).Distinct(StringComparer.Ordinal).ToList();
        var result = AssetReview.Of(current, contents, followed, today);
        var byKey = known.GroupBy(static one => (one.Value.Seen.Component, one.Value.Seen.Group)).ToDictionary(static group => group.Key, static group => group.First());
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var sighting in result.Sightings)
        {
            if (byKey.GetValueOrDefault((sighting.Component, sighting.Group)) is { } before)
            {
                _ = seen.Add(before.Value.Id);
            }
        }

        // One that cannot be recorded holds up none of the others, nor what comes after them.
        await EachAsync.RunAsync<Func<Task>>(
            [
                () => EachAsync.RunAsync(result.Sightings, sighting => SeeAsync(current, byKey.GetValueOrDefault((sighting.Component, sighting.Group)), sighting, now, cancellation)),
                () => EachAsync.RunAsync(known.Where(one => one.Value.State == FindingState.Open && !seen.Contains(one.Value.Id)), one => GoneAsync(one, result, contents, now, cancellation)),
                () => WriteLinesAsync(current, result.Lines, today, now, cancellation),
                () => EachAsync.RunAsync(result.Lines.Where(static line => line.SupportEnds is not null || line.HasEnded == true), line => WarnAsync(current, line, today, cancellation)),
            ],
            static stage => stage());
        return result;
    }

    private async Task SeeAsync(OperationsPlan current, Versioned<Finding>? before, Sighting sighting, DateTimeOffset now, CancellationToken cancellation)
    {
        var due = Due(current, sighting, FindingRules.CountsFrom(before?.Value, now));
        var id = before?.Value.Id ?? $"V-{(await numbers.ClaimAsync("findings", $"{sighting.Component}\n{sighting.Group}", cancellation)).ToString(CultureInfo.InvariantCulture)}";
        before ??= await findings.FindAsync(id, cancellation);
        var change = before is null ? FindingRules.First(id, sighting, due, now) : FindingRules.Again(before.Value, sighting, due, now);
        if (before is not null && change.Acts.Count == 0 && MaintenanceJson.Write(change.Finding) == MaintenanceJson.Write(before.Value))
        {
            return;
        }

        var after = await DoAsync(change, cancellation);
        try
        {
            await (before is null ? findings.AddAsync(after, cancellation) : findings.ReplaceAsync(before, after, cancellation));
        }
        catch (RecordConflictException)
        {
            // Somebody voted meanwhile: what was seen is kept, the vote too.
            _ = await findings.ChangeAsync(id, finding => FindingRules.Again(finding, sighting, due, now).Finding with { Ticket = after.Ticket ?? finding.Ticket, Times = Math.Max(after.Times, finding.Times) }, cancellation);
        }
    }

    private async Task GoneAsync(Versioned<Finding> before, AssetReviewResult result, IReadOnlyList<AssetSourceContent> contents, DateTimeOffset now, CancellationToken cancellation)
    {
        var (finding, seen) = (before.Value, before.Value.Seen);
        var line = result.Lines.FirstOrDefault(one => one.Id == seen.Component);

        // Where what would tell of it was never readable, nothing tells that it is gone.
        if (contents.Any(one => one.Content is null && (one.Input.Kind == AssetInputKind.Advisories || one.Input.Subject == seen.Service)))
        {
            return;
        }

        var joined = result.Sightings.FirstOrDefault(one => one.Component == seen.Component && one.Names.Intersect(seen.Names, StringComparer.OrdinalIgnoreCase).Any());
        var why = joined is not null ? $"It is the same as {joined.Title}, which is followed on its own."
            : line is null ? $"{seen.Name} is not in use any more."
            : result.Undecided.Contains((seen.Component, seen.Group)) ? null
            : !line.Versions.Select(static use => use.Version).SequenceEqual(seen.Versions, StringComparer.Ordinal) ? $"The inventory has {line.VersionText}, which is not affected."
            : contents.Any(static one => one.Content?.LeftOut > 0) ? null // It may stand among what could not be read.
            : "No advisory says any more that it is affected.";
        if (why is null)
        {
            return;
        }

        var change = FindingRules.Gone(finding, why, now);
        var after = await DoAsync(change, cancellation);
        _ = await findings.ChangeAsync(finding.Id, current => FindingRules.Gone(current, why, now).Finding with { Ticket = after.Ticket }, cancellation);
    }

    private static RemediationDue? Due(OperationsPlan current, Sighting sighting, DateTimeOffset from)
    {
        if (current.Lifecycle.Remediation is not { } days)
        {
            return null;
        }

        DateOnly? exploited = sighting.ExploitedDue is { } text ? DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null;
        return RemediationDue.Of(from, sighting.Severity, new RemediationPolicy(days.Critical, days.High, days.Medium, days.Low, days.Medium), exploited, current.Calendar(days.Calendar));
    }

    private async Task<Finding> DoAsync(FindingChange change, CancellationToken cancellation)
    {
        var finding = change.Finding;
        foreach (var act in change.Acts)
        {
            switch (act)
            {
                case FindingAct.Open:
                    finding = finding with { Ticket = await TicketAsync(finding, cancellation) };
                    break;
                case FindingAct.Tell tell:
                    // What has become worse is worked on again, whoever laid it aside: a closed ticket has another one after it.
                    if (tell.IsWorse && finding.Ticket is { } laid && await tickets.FindAsync(laid, cancellation) is { Value.State: TicketState.Closed })
                    {
                        finding = finding with { Times = finding.Times + 1 };
                        finding = finding with { Ticket = await TicketAsync(finding, cancellation) };
                    }

                    await TellAsync(finding, tell.Text, Key(tell.Text + finding.DueOn), tell.IsWorse, cancellation);
                    break;
                case FindingAct.Solve solve when finding.Ticket is { } ticket && await tickets.FindAsync(ticket, cancellation) is { Value.IsOpen: true }:
                    _ = await tickets.ActAsync(ticket, new TicketAct.Resolve(Cut(solve.Text, 2000)), TicketActor.System, null, $"{finding.Id}/{finding.Times}/fixed", cancellation);
                    break;
            }
        }

        return finding;
    }

    /// <summary>The ticket of this time; null where the plan has none opened.</summary>
    private async Task<string?> TicketAsync(Finding finding, CancellationToken cancellation)
    {
        var current = plan.Current;
        if (current.Lifecycle.Ticket is not { } kind)
        {
            return finding.Ticket;
        }

        var seen = finding.Seen;
        var urgency = seen.Severity switch { Severity.Critical => kind.Critical, Severity.High => kind.High, Severity.Low or Severity.None => kind.Low, _ => kind.Medium };
        var ticket = await tickets.OpenAsync(
            $"finding/{finding.Id}/{finding.Times}",
            new NewTicket(
                TicketType.Problem, Cut($"{seen.Title} in {seen.Name} {string.Join(", ", seen.Versions)}", TicketRules.MaxTitle), Cut(FindingText.Of(finding), MostTicketText),
                current.FindService(seen.Service) is null ? null : seen.Service, kind.Impact, urgency, null, null, time.GetUtcNow())
            {
                Maintenance = MaintenanceType.Preventive,
                Tags = ["vulnerability"],
            },
            cancellation);
        return ticket.Id;
    }

    private Task TellLastAsync(Finding finding, CancellationToken cancellation) =>
        finding.History is [.., { } last] ? TellAsync(finding, $"{plan.Current.FindPerson(last.By)?.Name ?? last.By}: {last.What}", Key($"{RecordKeys.Instant(last.At)}{last.By}{last.What}"), reopen: false, cancellation) : Task.CompletedTask;

    private async Task TellAsync(Finding finding, string text, string key, bool reopen, CancellationToken cancellation)
    {
        if (finding.Ticket is not { } id || await tickets.FindAsync(id, cancellation) is not { Value: var ticket })
        {
            return;
        }

        key = $"{finding.Id}/{finding.Times}/{key}";
        if (reopen && ticket.State == TicketState.Resolved)
        {
            _ = await tickets.ActAsync(id, new TicketAct.Reopen(Cut(text, 2000)), TicketActor.System, null, key, cancellation);
        }
        else if (ticket.State != TicketState.Closed)
        {
            _ = await tickets.ActAsync(id, new TicketAct.Comment(Cut(text, 2000)), TicketActor.System, null, key, cancellation);
        }
    }

    private async Task WriteLinesAsync(OperationsPlan current, IReadOnlyList<AssetLine> reviewed, LocalDate today, DateTimeOffset now, CancellationToken cancellation)
    {
        var open = (await findings.ListAsync(cancellation).Select(static one => one.Value).Where(static one => one.State == FindingState.Open).ToListAsync(cancellation)).ToLookup(static one => one.Seen.Component, StringComparer.Ordinal);
        await lines.WriteAsync([.. reviewed.Select(line => AssetReview.With(line, [.. open[line.Id]], current.Lifecycle.Warn, today, now))], cancellation);
    }

    /// <summary>A vote or an expiry changes how urgent a component is: the next tick reviews it again.</summary>
    private Task AskAgainAsync(CancellationToken cancellation) =>
        records.ChangeAsync<AssetReviewState>(Tables.Assets, StatePartition, StateRow, static state => state is null || state.Inputs.Length == 0 ? null : state with { Inputs = "" }, cancellation);

    private async Task WarnAsync(OperationsPlan current, AssetLine line, LocalDate today, CancellationToken cancellation)
    {
        var row = line.Id;
        var ends = line.SupportEnds ?? EndWarnings.Over(line);
        var before = (await records.FindAsync<EndWarningsGiven>(Tables.Assets, Warnings, row, cancellation))?.Value;
        var given = before is not null && EndWarnings.IsSame(before.Ends, line) ? before : new EndWarningsGiven(ends, []);
        var due = EndWarnings.Due(line.EndDate, line.HasEnded == true, today, current.Lifecycle.Warn, given.Given);
        if (due.Count == 0)
        {
            return;
        }

        // Over before its date, or without one: the date is not what anybody should go by.
        var said = line.HasEnded == true && !(line.EndDate < today) ? "is over" : line.EndDate < today ? $"has ended on {line.SupportEnds}" : $"ends on {line.SupportEnds}";
        var text = $"The support of {line.Name} {line.VersionText} {said} ({line.SupportSource}).{(line.Upgrade.Count > 0 ? $" The way out: {string.Join(" → ", line.Upgrade)}." : "")}{(line.Replacement is null ? "" : $" It is replaced by {line.Replacement}.")}";
        var owner = current.Assets.Find(line.Id)?.Owner ?? current.FindService(line.Service)?.Owner ?? current.System.Owner;
        var key = $"end-of-support/{line.Id}/{line.SupportEnds ?? Key(ends)}";
        await notifications.NotifyAsync(current, new Notification($"{key}/{due[^1]}", Cut(said == "is over" ? $"{line.Name}: its support is over" : $"{line.Name}: support ends on {line.SupportEnds}", 200), text, "/components/" + line.Id) { Category = "endOfSupport" }, [owner], [], cancellation);
        if (due.Contains(current.Lifecycle.Warn[^1]) && current.Lifecycle.Ticket is { } kind)
        {
            _ = await tickets.OpenAsync(
                key,
                new NewTicket(TicketType.Problem, Cut($"The support of {line.Name} {line.VersionText} {(line.EndDate < today ? "has ended" : said)}", TicketRules.MaxTitle), $"{text}\n\nThe component is at /components/{line.Id}.", current.FindService(line.Service) is null ? null : line.Service, kind.Impact, kind.Medium, null, null, time.GetUtcNow())
                {
                    Maintenance = MaintenanceType.Adaptive,
                    Tags = ["end-of-support"],
                },
                cancellation);
        }

        // Told first, then noted: a crash in between tells it again, under the same key.
        await records.WriteAsync(Tables.Assets, Warnings, RecordWrite.Put(row, MaintenanceJson.Write(given with { Given = [.. given.Given, .. due] })), cancellation);
    }

    private static string Fingerprint(string plan, LocalDate today, IReadOnlyList<(AssetInput Input, AssetSourceState State)> looked) =>
        Key($"{plan}\n{today:uuuu-MM-dd}\n{string.Join('\n', looked.Select(static one => $"{one.Input.Kind} {one.Input.Subject} {one.State.Name} {one.State.Hash}"))}");

    private static string Key(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..40];

    private static string Cut(string text, int most) => text.Length <= most ? text : JsonDocuments.Cut(text, most - 1) + "…";
}
