using Maintenance.Patches;
using Maintenance.Plan;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>A history as people write it down, and what it comes to by the plan.</summary>
public sealed class ApprovalHistoryTests
{
    private const string Hash = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string Request = """{"type":"normal","severity":"high","requestedBy":"ann","requestedAt":"2026-11-23T05:00:00Z"}""";

    private static readonly OperationsPlan Plan = SamplePlan.Plan with
    {
        People =
        [
            Person("ann", "cab"), Person("ben", "cab", "staff"), Person("cat", "cab"), Person("dan", "staff"),
        ],
        Patching = new PatchingPolicy("always", [new ApprovalRule(Enum.GetValues<PatchType>(), Enum.GetValues<PatchSeverity>(), ["cab"], 2, TimeSpan.FromHours(8))]),
    };

    [Fact]
    public void A_history_is_replayed_by_the_plans_rule_and_its_peoples_roles()
    {
        var explanation = Explain(
            $$"""
            {"request": {"title": "OpenSSL", "type": "normal", "severity": "high", "requestedBy": "ann", "requestedAt": "2026-11-23T08:00:00+03:00", "artifact": "{{Hash.ToUpperInvariant()}}"},
             "events": [
               {"id": "1", "at": "2026-11-23T05:10:00Z", "person": "ann", "kind": "vote", "choice": "approve", "artifact": "{{Hash}}"},
               {"id": "2", "at": "2026-11-23T05:20:00Z", "person": "dan", "kind": "vote", "choice": "approve", "artifact": "{{Hash}}"},
               {"id": "3", "at": "2026-11-23T05:30:00Z", "person": "ben", "kind": "vote", "choice": "approve", "artifact": "{{Hash}}"},
               {"id": "3", "at": "2026-11-23T05:31:00Z", "person": "ben", "kind": "vote", "choice": "approve", "artifact": "{{Hash}}"},
               {"id": "4", "at": "2026-11-23T05:40:00Z", "person": "cat", "kind": "vote", "choice": "approve", "artifact": "{{Hash}}", "comment": "Read it."}
             ],
             "now": "2026-11-23T06:00:00Z"}
            """);

        Assert.Equal(
            [ApprovalEffect.Excluded, ApprovalEffect.NotApprover, ApprovalEffect.Counted, ApprovalEffect.Repeated, ApprovalEffect.Counted], explanation.Events.Select(static told => told.Effect));
        Assert.Equal(new Decision(ApprovalOutcome.Approved, "Approved by ben and cat (2 of 2 needed).", Utc("2026-11-23T05:40Z")), explanation.Decision);
        Assert.Equal((Utc("2026-11-23T13:00Z"), Hash, "OpenSSL"), (explanation.Terms.ExpiresAt, explanation.Artifact, explanation.Title));
        Assert.Equal("2 of cab must approve, one rejection rejects, whichever comes first; it expires at 2026-11-23 13:00:00Z; ann may not vote.", explanation.Rule);
    }

    [Fact]
    public void Without_now_it_is_asked_as_of_the_clock()
    {
        Assert.Null(Explain($$"""{"request":{{Request}},"events":[]}""", Utc("2026-11-23T12:59Z")).Decision);
        Assert.Equal(ApprovalOutcome.Expired, Explain($$"""{"request":{{Request}},"events":[]}""", Utc("2026-11-23T13:00Z")).Decision!.Outcome);
    }

    [Theory]
    [InlineData("", "no JSON")]
    [InlineData("null", "null")]
    [InlineData("[]", "line 1")]
    [InlineData("""{"events":[]}""", "request")]
    [InlineData("""{"request":REQUEST}""", "events")]
    [InlineData("""{"request":REQUEST,"events":[],"nwo":1}""", "nwo")]
    [InlineData("""{"request":{"type":"normal"},"events":[]}""", "severity")]
    [InlineData("""{"request":REQUEST,"events":[null]}""", "events[0]: it is null")]
    [InlineData("""{"request":REQUEST,"events":[{"id":"1","at":"2026-11-23T05:10:00Z","person":"ben","kind":"vote"}]}""", "events[0].choice")]
    [InlineData("""{"request":REQUEST,"events":[{"id":"1","at":"2026-11-23T05:10:00Z","person":"ben","kind":"vote","choice":"abstain"}]}""", "$.events[0].choice")]
    [InlineData("""{"request":REQUEST,"events":[{"id":"1","at":"2026-11-23T05:10:00Z","person":"ben","kind":"nod","choice":"approve"}]}""", "$.events[0].kind")]
    [InlineData("""{"request":REQUEST,"events":[{"id":"1","at":"yesterday","person":"ben","kind":"vote","choice":"approve"}]}""", "$.events[0].at")]
    [InlineData("""{"request":REQUEST,"events":[{"id":"1","at":"2026-11-23T05:10:00Z","person":"ben","kind":"vote","choice":"approve","coment":"x"}]}""", "coment")]
    [InlineData("""{"request":REQUEST,"events":[{"at":"2026-11-23T05:10:00Z","person":"ben","kind":"vote","choice":"approve"}]}""", "id")]
    [InlineData("""{"request":REQUEST,"events":[{"id":"1","at":"2026-11-23T04:59:59Z","person":"ben","kind":"vote","choice":"approve"}]}""", "events[0].at: 2026-11-23 04:59:59Z is before the request")]
    [InlineData("""{"request":REQUEST,"now":"2026-11-23T05:05:00Z","events":[{"id":"1","at":"2026-11-23T05:10:00Z","person":"ben","kind":"vote","choice":"approve"}]}""", "events[0].at: 2026-11-23 05:10:00Z is after now")]
    [InlineData("""{"request":REQUEST,"events":[{"id":"1","at":"2026-11-23T05:10:00Z","person":"ann","kind":"revise"}]}""", "events[0].artifact: a revision names the new one.")]
    [InlineData("""{"request":REQUEST,"events":[{"id":"1","at":"2026-11-23T05:10:00Z","person":"ann","kind":"withdraw","choice":"approve"}]}""", "events[0].choice: only a vote has one.")]
    [InlineData("""{"request":REQUEST,"events":[{"id":"1","at":"2026-11-23T05:10:00Z","person":"ann","kind":"revise","artifact":"sha256:1"}]}""", "events[0].artifact: it is not sha256:")]
    [InlineData("""{"request":{"type":"normal","severity":"high","requestedBy":"ann","requestedAt":"2026-11-23T05:00:00Z","artifact":"md5:1"},"events":[]}""", "request.artifact: it is not sha256:")]
    public void What_cannot_be_read_is_refused_with_a_message_that_says_where(string json, string where)
    {
        var error = Assert.Throws<InvalidDataException>(() => Explain(json.Replace("REQUEST", Request, StringComparison.Ordinal)));
        Assert.True(where == "no JSON" ? error.Message.Length > 10 : error.Message.Contains(where, StringComparison.Ordinal), error.Message);
        Assert.DoesNotContain("Maintenance.", error.Message, StringComparison.Ordinal);
    }

    private static ApprovalExplanation Explain(string json, DateTimeOffset? clock = null) => ApprovalHistory.Explain(json, Plan, clock ?? Utc("2026-11-24T00:00Z"));

    private static Person Person(string id, params string[] roles) => new(id, id, null, null, roles, [], null);
}
