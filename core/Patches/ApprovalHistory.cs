using System.Text.Json;
using Maintenance.Plan;
using Maintenance.Rollouts;

namespace Maintenance.Patches;

/// <summary>
/// A history of an approval as people write it down, to ask what it comes to: which rule of the plan applies, who has which roles, what each event does. Nothing of it
/// is stored.
/// </summary>
public static class ApprovalHistory
{
    private const int MostEvents = 10_000;

    /// <summary>Reads a history and says what it comes to.</summary>
    /// <param name="json">The history: <c>request</c>, <c>events</c>, and perhaps <c>now</c>.</param>
    /// <param name="plan">The plan whose rule and people count.</param>
    /// <param name="clock">The instant (UTC) as of which it is asked, where the history does not say.</param>
    /// <exception cref="InvalidDataException">It cannot be read; the message says where.</exception>
    public static ApprovalExplanation Explain(string json, OperationsPlan plan, DateTimeOffset clock)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(plan);
        var history = Parse(json);
        var request = history.Request;
        var rule = plan.Patching.For(request.Type, request.Severity)
            ?? throw new InvalidDataException($"request: no rule of the plan is for a patch of type {request.Type} and severity {request.Severity}.");
        var artifact = Artifact(request.Artifact, "request.artifact");
        var terms = rule.TermsFor(request.RequestedBy, request.Implementer, request.RequestedAt, plan.Calendar(plan.Patching.Calendar), artifact);
        var now = history.Now ?? clock;
        var events = history.Events.Select((told, i) => Event(told, $"events[{i}]", terms, plan, history.Now)).ToList();
        return ApprovalExplanation.Of(request.Title ?? "A request", terms, Approval.Replay(terms, events, now), now);
    }

    private static History Parse(string json)
    {
        try
        {
            var history = JsonSerializer.Deserialize<History>(json, MaintenanceJson.Strict) ?? throw new InvalidDataException("The history is null; a JSON object is expected.");
            return history.Events.Count > MostEvents ? throw new InvalidDataException($"events: {history.Events.Count} are too many; at most {MostEvents} are replayed.") : history;
        }
        catch (JsonException error)
        {
            throw new InvalidDataException(MaintenanceJson.Describe(error), error);
        }
    }

    private static ApprovalEvent Event(HistoryEvent? told, string at, ApprovalTerms terms, OperationsPlan plan, DateTimeOffset? now)
    {
        if (told is null)
        {
            throw new InvalidDataException($"{at}: it is null; an object is expected.");
        }

        if (told.At < terms.RequestedAt)
        {
            throw new InvalidDataException($"{at}.at: {told.At:u} is before the request of {terms.RequestedAt:u}.");
        }

        if (told.At > now)
        {
            throw new InvalidDataException($"{at}.at: {told.At:u} is after now, which is {now:u}.");
        }

        return (told.Kind, told.Choice, told.Artifact) switch
        {
            (ApprovalEventKind.Vote, null, _) => throw new InvalidDataException($"{at}.choice: a vote is approve or reject."),
            (not ApprovalEventKind.Vote, not null, _) => throw new InvalidDataException($"{at}.choice: only a vote has one."),
            (ApprovalEventKind.Revise, _, null) => throw new InvalidDataException($"{at}.artifact: a revision names the new one."),
            _ => new ApprovalEvent(
                told.Id, told.At, told.Person, plan.FindPerson(told.Person)?.Roles ?? [], told.Kind, told.Choice, told.Comment, Artifact(told.Artifact, at + ".artifact")),
        };
    }

    private static string? Artifact(string? text, string at) =>
        text is null ? null : PatchRules.NormaliseArtifact(text) ?? throw new InvalidDataException($"{at}: it is not sha256: and 64 hexadecimal digits.");

    private sealed record History(HistoryRequest Request, IReadOnlyList<HistoryEvent?> Events, DateTimeOffset? Now = null);

    private sealed record HistoryRequest(
        PatchType Type, PatchSeverity Severity, string RequestedBy, DateTimeOffset RequestedAt, string? Implementer = null, string? Artifact = null, string? Title = null);

    private sealed record HistoryEvent(
        string Id, DateTimeOffset At, string Person, ApprovalEventKind Kind, VoteChoice? Choice = null, string? Comment = null, string? Artifact = null);
}

/// <summary>How a request came to its decision, or why it has none: each event with what became of it.</summary>
/// <param name="Title">What the request is.</param>
/// <param name="Now">As of when (UTC).</param>
/// <param name="Terms">Under which terms it is decided.</param>
/// <param name="Rule">The same in a sentence.</param>
/// <param name="Events">Each event, in the order in which it was taken.</param>
/// <param name="Votes">The votes that count.</param>
/// <param name="Artifact">The current artifact's hash, or null.</param>
/// <param name="Decision">The decision with its instant, or null while it is open.</param>
public sealed record ApprovalExplanation(
    string Title, DateTimeOffset Now, ApprovalTerms Terms, string Rule, IReadOnlyList<ExplainedEvent> Events, IReadOnlyList<Vote> Votes, string? Artifact, Decision? Decision)
{
    /// <summary>Who may still vote and what is missing; null for a history that nobody has stored.</summary>
    public ApprovalStanding? Standing { get; init; }

    /// <summary>The request as it was asked for and as revisions left it, each with its votes; null for a history.</summary>
    public IReadOnlyList<PatchRevision>? Revisions { get; init; }

    /// <summary>When each ring would get it, were it approved now; null for a history, and once it is decided.</summary>
    public IReadOnlyList<RingForecast>? Rings { get; init; }

    /// <summary>Of a request as it is stored, with who may still vote, its revisions, and when each ring would get it.</summary>
    /// <param name="found">The request.</param>
    /// <param name="plan">The plan whose people vote, and whose rings and windows it goes through.</param>
    /// <param name="now">As of when (UTC).</param>
    public static ApprovalExplanation Of(PatchCase found, OperationsPlan plan, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(plan);
        var explanation = Of(found, now);
        return explanation with
        {
            Standing = ApprovalStanding.Of(found, plan, now),
            Revisions = PatchRevision.Of(found, now),
            Rings = explanation.Decision is null ? RingForecast.Of(RolloutScript.Of(plan.Patching.Rings, found.Request), plan.Windows, plan.System.TimeZone, now) : null,
        };
    }

    /// <summary>Of a request as it is stored.</summary>
    public static ApprovalExplanation Of(PatchCase found, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(found);
        var replay = found.At(now);
        return Of($"{found.Request.Id} {found.Request.Title}", found.Request.Terms, replay with { Decision = found.Request.Decision ?? replay.Decision }, now);
    }

    /// <summary>Of a history.</summary>
    internal static ApprovalExplanation Of(string title, ApprovalTerms terms, ApprovalReplay replay, DateTimeOffset now) =>
        new(title, now, terms, ApprovalWords.Of(terms), replay.Events, replay.Votes, replay.Artifact, replay.Decision);
}
