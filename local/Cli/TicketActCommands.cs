using System.CommandLine;
using Maintenance.ServiceLevels;
using Maintenance.Tickets;

namespace Maintenance.Local.Cli;

/// <summary><c>ticket triage|assign|start|wait|resume|comment|respond|resolve|close|reopen|edit|link|unlink|watch|unwatch|ack</c>.</summary>
internal static class TicketActCommands
{
    public static IEnumerable<Command> Make(CommonOptions common)
    {
        foreach (var act in All())
        {
            var id = TicketCommands.Id();
            var version = new Option<string?>("--version-seen") { Description = "The ETag that you saw: where somebody has changed the ticket since, nothing is done." };
            var key = new Option<string?>("--key") { Description = "Names this act: sent again with the same key, it is done once." };
            yield return ApiCommand.Make(
                act.Name, act.Help, common, [id, .. act.Symbols, version, key],
                (api, parsed, cancellation) => api.SendAsync(
                    HttpMethod.Post, TicketCommands.Path(parsed, id, "/acts"), MaintenanceJson.Write(act.Read(parsed)),
                    [.. parsed.GetValue(version) is { } seen ? new[] { ("If-Match", seen) } : [], .. parsed.GetValue(key) is { } name ? new[] { ("Idempotency-Key", name) } : []], cancellation),
                TicketCommands.Print);
        }
    }

    /// <summary>Every act with what it takes; each call makes symbols of its own.</summary>
    public static IEnumerable<ActCommand> All()
    {
        yield return Triage();
        var to = new Option<string?>("--to") { Description = "The id of a person, or queue; whom the rules choose where left out." };
        var why = Reason("Why, for whoever gets it.");
        yield return new("assign", "Give it to somebody.", [to, why], parsed => new TicketAct.Assign(parsed.GetValue(to), parsed.GetValue(why)));
        yield return new("start", "Begin to work on it, and take it.", [], static _ => new TicketAct.Start());
        var whom = new Option<WaitingFor>("--for") { Description = "requester or supplier.", Required = true };
        var what = new Option<string>("--reason") { Description = "What for.", Required = true };
        yield return new("wait", "Let it wait for somebody; the clocks that the plan names stop.", [whom, what], parsed => new TicketAct.Wait(parsed.GetValue(whom), parsed.GetRequiredValue(what)));
        var came = Reason("What has come.");
        yield return new("resume", "Let it wait no longer.", [came], parsed => new TicketAct.Resume(parsed.GetValue(came)));
        var answer = Text("What the requester is told.");
        yield return new("respond", "Answer the requester: stops the response clock.", [answer], parsed => new TicketAct.Respond(parsed.GetRequiredValue(answer)));
        var said = Text("What is said.");
        var isPublic = new Option<bool>("--public") { Description = "The requester may read it." };
        yield return new("comment", "Say something; only staff reads it, unless it is public.", [said, isPublic], parsed => new TicketAct.Comment(parsed.GetRequiredValue(said), parsed.GetValue(isPublic)));
        var solution = Text("What the requester is told.");
        var how = new Option<TicketResolution>("--as") { Description = "solved, workaround, duplicate, notReproducible or declined." };
        yield return new("resolve", "Resolve it: stops the resolution clock.", [solution, how], parsed => new TicketAct.Resolve(parsed.GetRequiredValue(solution), parsed.GetValue(how)));
        var plain = Reason("Why, where that is not plain.");
        yield return new("close", "Close a resolved one.", [plain], parsed => new TicketAct.Close(parsed.GetValue(plain)));
        var wrong = new Option<string>("--reason") { Description = "What is still wrong.", Required = true };
        yield return new("reopen", "It was not solved after all.", [wrong], parsed => new TicketAct.Reopen(parsed.GetRequiredValue(wrong)));
        yield return Edit();
        foreach (var isLink in new[] { true, false })
        {
            var kind = new Argument<TicketLinkKind>("kind") { Description = "duplicateOf, causedBy or blockedBy." };
            var other = new Argument<string>("ticket") { Description = "The id of the other one." };
            yield return isLink
                ? new("link", "Say what it has to do with another one.", [kind, other], parsed => new TicketAct.Link(parsed.GetValue(kind), parsed.GetRequiredValue(other)))
                : new("unlink", "Take that back.", [kind, other], parsed => new TicketAct.Unlink(parsed.GetValue(kind), parsed.GetRequiredValue(other)));
        }

        foreach (var isLink in new[] { true, false })
        {
            var article = new Argument<string>("document") { Description = "The id of the document." };
            yield return isLink
                ? new("link-article", "Say which article helped to solve it.", [article], parsed => new TicketAct.LinkArticle(parsed.GetRequiredValue(article)))
                : new("unlink-article", "Take that back.", [article], parsed => new TicketAct.UnlinkArticle(parsed.GetRequiredValue(article)));
        }

        foreach (var isWatch in new[] { true, false })
        {
            var person = new Option<string?>("--person") { Description = "The id of a person; yourself where left out." };
            yield return isWatch
                ? new("watch", "Let somebody hear of it.", [person], parsed => new TicketAct.Watch(parsed.GetValue(person)))
                : new("unwatch", "Let somebody hear of it no longer.", [person], parsed => new TicketAct.Unwatch(parsed.GetValue(person)));
        }

        var target = new Option<ServiceTarget?>("--target") { Description = "response or resolution; every one that is not reached where left out." };
        yield return new("ack", "See to a target that is about to be missed, or was: its chain goes on, but repeats nothing.", [target], parsed => new TicketAct.Acknowledge(parsed.GetValue(target)));
    }

    private static ActCommand Triage()
    {
        var type = new Option<TicketType?>("--type") { Description = "incident, serviceRequest, changeRequest, featureRequest, problem or debtItem." };
        var maintenance = new Option<MaintenanceType?>("--maintenance") { Description = "corrective, adaptive, perfective or preventive." };
        var impact = new Option<string?>("--impact") { Description = "How many are affected." };
        var urgency = new Option<string?>("--urgency") { Description = "How soon it hurts." };
        var service = new Option<string?>("--service") { Description = "The id of the service; an empty text for none." };
        var team = new Option<string?>("--team") { Description = "The id of the team; an empty text for that of the service." };
        var skills = new Option<string[]?>("--skill") { Description = "What whoever works on it must know; may be given several times." };
        var reason = Reason("Why; needed where the priority of a triaged one changes.");
        return new(
            "triage", "Say what it is, how urgent, and whose.", [type, maintenance, impact, urgency, service, team, skills, reason],
            parsed => new TicketAct.Triage(
                parsed.GetValue(type), parsed.GetValue(maintenance), parsed.GetValue(impact), parsed.GetValue(urgency), parsed.GetValue(service), parsed.GetValue(team),
                parsed.GetValue(skills) is { Length: > 0 } known ? known : null, parsed.GetValue(reason)));
    }

    private static ActCommand Edit()
    {
        var title = new Option<string?>("--title") { Description = "One line." };
        var description = new Option<string?>("--description") { Description = "What is the matter." };
        var tags = new Option<string[]?>("--tag") { Description = "All of its tags, one each time." };
        var untag = new Option<bool>("--no-tags") { Description = "Takes all tags away." };
        return new(
            "edit", "Change what it says.", [title, description, tags, untag],
            parsed => new TicketAct.Edit(parsed.GetValue(title), parsed.GetValue(description), parsed.GetValue(untag) ? [] : parsed.GetValue(tags) is { Length: > 0 } kept ? kept : null));
    }

    private static Option<string> Text(string help) => new("--text") { Description = help, Required = true };

    private static Option<string?> Reason(string help) => new("--reason") { Description = help };
}

/// <summary>An act as a command.</summary>
/// <param name="Name">The command's name.</param>
/// <param name="Help">One sentence.</param>
/// <param name="Symbols">Its arguments and options.</param>
/// <param name="Read">Makes the act of them.</param>
internal sealed record ActCommand(string Name, string Help, IReadOnlyList<Symbol> Symbols, Func<ParseResult, TicketAct> Read);
