using Maintenance.Handover;
using Maintenance.Plan;
using Maintenance.Tests.Services;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Handover;

/// <summary>How ready a handover is, who may say what, and who signs.</summary>
public sealed class HandoverRulesTests
{
    /// <summary>Ann runs it, Ben's team takes over, Cat hands over; Ann and Cat sign.</summary>
    internal const string Section = """

        teams:
          - { id: desk, name: Desk, lead: ann, members: [ben] }
        training:
          programmes:
            - { id: restore, name: Restoring, audience: [approver], valid: 100d, within: 10d, owner: ann, trainer: cat, delivery: classroom }
        recovery:
          tickets: { impact: all, urgency: now }
          strategies:
            - id: register
              service: register
              notify: [ann]
              steps:
                - { id: restore, name: Restore, owner: ann, duration: 1m, restore: { backup: nightly } }
                - { id: gate, name: Approve, after: [restore], owner: ann, duration: 1m, gate: { approvers: [approver] } }
        handover:
          id: first
          name: the register
          manager: ann
          team: desk
          planned: 2027-03-31
          signatories: [cat, ann]
          checklist:
            - { id: backups, name: Backups are proven, owner: ann, backup: nightly }
            - { id: drill, name: A drill, owner: ben, drill: register }
            - { id: trained, name: The team is trained, owner: ben, training: restore }
            - { id: manuals, name: Manuals are there, owner: ben, confirm: The list of annex 3 }
          control:
            - { id: domain, kind: domain, name: registry.example, from: cat, to: ben }
          outstanding:
            - { id: slow, title: The search is slow, criteria: Ten searches in three seconds., owner: cat, due: 2027-06-30, impact: all, urgency: later, service: register }
        """;

    private static readonly DateTimeOffset Begun = Utc("2026-11-22T02:00Z");
    private static readonly DateTimeOffset Now = Utc("2026-11-25T02:00Z");

    private static readonly OperationsPlan Plan = PlanFile.Load("plan.yaml", Office.QuickPlan + Section, Path.GetTempPath()).Plan!;

    private static readonly HandoverFacts Good = new(
        new Dictionary<string, DateTimeOffset?> { ["nightly"] = Now.AddHours(-1) }, [new("R-1001", "register", Now.AddHours(-2), ["system", "ben"])], new Dictionary<string, IReadOnlyList<string>> { ["restore"] = ["cat"] },
        new Dictionary<string, bool> { ["T-1001"] = true });

    private static HandoverPlan Handover => Plan.Handover!;

    [Fact]
    public void What_the_records_show_is_not_ticked_and_what_they_cannot_is_said_by_its_owner()
    {
        Assert.Equal(["backups True", "drill True", "trained True", "manuals False"], Checks(Good, State()));
        var confirmed = HandoverMoves.Confirm(Plan, State(), Handover.Checklist[3], Person("ben"), " All 14 ", Now);
        Assert.Equal(["backups True", "drill True", "trained True", "manuals True"], Checks(Good, confirmed));
        Assert.Contains("All 14 (Ben, 2026-11-25 02:00Z)", Assess(Good, confirmed).Checks[3].Evidence, StringComparison.Ordinal);
        foreach (var check in Handover.Checklist.Take(3))
        {
            Assert.Throws<HandoverStateException>(() => HandoverMoves.Confirm(Plan, State(), check, Person("ann"), "It is", Now));
        }
    }

    [Theory]
    [InlineData("point", "backups", "older than the RPO of 1h")]
    [InlineData("none", "backups", "There is no proven backup of nightly.")]
    [InlineData("early", "drill", "since the handover began")]
    [InlineData("others", "drill", "Nobody of the team")]
    [InlineData("strategy", "drill", "Nobody of the team")]
    [InlineData("untrained", "trained", "Not trained: Ben.")]
    public void Each_line_is_measured_against_what_happened(string fault, string check, string said)
    {
        var facts = fault switch
        {
            "point" => Good with { ProvenPoints = new Dictionary<string, DateTimeOffset?> { ["nightly"] = Now.AddHours(-1).AddTicks(-1) } },
            "none" => Good with { ProvenPoints = new Dictionary<string, DateTimeOffset?>() },
            "early" => Good with { Drills = [Good.Drills[0] with { At = Begun.AddTicks(-1) }] },
            "others" => Good with { Drills = [Good.Drills[0] with { People = ["system", "cat"] }] },
            "strategy" => Good with { Drills = [Good.Drills[0] with { Strategy = "other" }] },
            _ => Good with { Untrained = new Dictionary<string, IReadOnlyList<string>> { ["restore"] = ["ben"] } },
        };
        var measured = Assess(facts, State()).Checks.First(one => one.Check.Id == check);
        Assert.False(measured.IsMet);
        Assert.Contains(said, measured.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void What_changes_hands_is_given_by_one_and_taken_by_another_and_given_again_it_must_be_taken_again()
    {
        var item = Handover.Control[0];
        Assert.Throws<HandoverStateException>(() => HandoverMoves.Pass(Plan, State(), item, Person("ben"), true, "Got it", Now));
        Assert.Throws<HandoverRefusedException>(() => HandoverMoves.Pass(Plan, State(), item, Person("ann"), false, "An administrator", Now));
        var given = HandoverMoves.Pass(Plan, State(), item, Person("cat"), false, "Code sent", Now);
        Assert.False(Assess(Good, given).Control[0].Transfer.IsDone);
        Assert.Throws<HandoverRefusedException>(() => HandoverMoves.Pass(Plan, given, item, Person("cat"), true, "Mine", Now));
        var taken = HandoverMoves.Pass(Plan, given, item, Person("ben"), true, "It is ours", Now);
        Assert.True(Assess(Good, taken).Control[0].Transfer.IsDone);
        Assert.False(Assess(Good, HandoverMoves.Pass(Plan, taken, item, Person("cat"), false, "Another code", Now)).Control[0].Transfer.IsDone);
        foreach (var text in new[] { "", "  ", new string('x', 1001) })
        {
            Assert.Equal("text", Assert.Throws<HandoverFieldException>(() => HandoverMoves.Pass(Plan, State(), item, Person("cat"), false, text, Now)).Field);
        }
    }

    [Fact]
    public void It_is_signed_by_two_who_read_the_same_when_nothing_is_missing_and_then_nothing_changes()
    {
        var paper = new HandoverPaper("abc", Now, []);
        var state = Ready();
        Assert.Empty(Assess(Good, state).Missing);
        HandoverState Sign(HandoverState before, string person, string hash = "abc", IReadOnlyList<string>? missing = null) => HandoverMoves.Sign(Handover, before, missing ?? [], Person(person), hash, before.Paper ?? paper, Now);
        Assert.Throws<HandoverRefusedException>(() => Sign(state, "ben"));
        Assert.Contains("A drill", Assert.Throws<HandoverStateException>(() => Sign(state, "ann", missing: ["A drill: none."])).Message, StringComparison.Ordinal);
        Assert.Contains("read it again", Assert.Throws<HandoverStateException>(() => Sign(state, "ann", "other")).Message, StringComparison.Ordinal);
        var once = Sign(state, "ann");
        Assert.Null(once.AcceptedAt);
        Assert.Throws<HandoverStateException>(() => Sign(once, "ann"));
        Assert.Null(HandoverMoves.Withdraw(Plan, Handover, once, Person("cat")).Paper);
        Assert.Throws<HandoverRefusedException>(() => HandoverMoves.Withdraw(Plan, Handover, once, Person("ben")));
        Assert.Throws<HandoverStateException>(() => HandoverMoves.Withdraw(Plan, Handover, state, Person("ann")));
        var accepted = Sign(once, "cat");
        Assert.Equal((Now, 2), (accepted.AcceptedAt, accepted.Paper!.Signatures.Count));
        Assert.Throws<HandoverStateException>(() => Sign(accepted, "ann"));
        Assert.Throws<HandoverStateException>(() => HandoverMoves.Withdraw(Plan, Handover, accepted, Person("ann")));
        Assert.Throws<HandoverStateException>(() => HandoverMoves.Confirm(Plan, accepted, Handover.Checklist[3], Person("ben"), "Other words", Now));
        Assert.Throws<HandoverStateException>(() => HandoverMoves.Pass(Plan, accepted, Handover.Control[0], Person("cat"), false, "Again", Now));
    }

    [Fact]
    public void What_somebody_has_signed_names_what_was_said_and_so_nothing_more_is_said_until_it_is_taken_back()
    {
        var signed = HandoverMoves.Sign(Handover, Ready(), [], Person("ann"), "abc", new HandoverPaper("abc", Now, []), Now);
        Assert.Contains("take the document back first", Assert.Throws<HandoverStateException>(() => HandoverMoves.Confirm(Plan, signed, Handover.Checklist[3], Person("ben"), "Other words", Now)).Message, StringComparison.Ordinal);
        Assert.Throws<HandoverStateException>(() => HandoverMoves.Pass(Plan, signed, Handover.Control[0], Person("cat"), false, "Again", Now));
        var back = HandoverMoves.Withdraw(Plan, Handover, signed, Person("ann"));
        Assert.Equal("Other words", HandoverMoves.Confirm(Plan, back, Handover.Checklist[3], Person("ben"), "Other words", Now).Confirmed["manuals"].Text);
    }

    [Fact]
    public void What_was_said_since_a_document_was_written_is_not_in_it()
    {
        var seen = Ready();
        HandoverMoves.Unchanged(seen, MaintenanceJson.Read<HandoverState>(MaintenanceJson.Write(seen)) with { Drills = new Dictionary<string, PassedDrill> { ["register"] = Good.Drills[0] } });
        foreach (var state in new[]
        {
            HandoverMoves.Confirm(Plan, seen, Handover.Checklist[3], Person("ben"), "All 15", Now),
            HandoverMoves.Pass(Plan, seen, Handover.Control[0], Person("cat"), false, "Code sent", Now),
            seen with { Tickets = new Dictionary<string, string> { ["slow"] = "T-1002" } },
            seen with { Tickets = new Dictionary<string, string> { ["slow"] = "T-1001", ["fast"] = "T-1002" } },
            seen with { Confirmed = new Dictionary<string, Confirmation>() },
        })
        {
            Assert.Throws<HandoverStateException>(() => HandoverMoves.Unchanged(seen, state));
        }
    }

    [Theory]
    [InlineData("due: 2027-06-30", "due: 2027-07-01")]
    [InlineData("checklist:", "checklist:\n    - { id: more, name: More, owner: ben, confirm: More }")]
    [InlineData("title: The search is slow", "title: The search is very slow")]
    public void The_second_signature_is_refused_where_the_plan_says_something_else_than_at_the_first(string from, string to)
    {
        Assert.Contains(from, Section, StringComparison.Ordinal);
        var load = PlanFile.Load("plan.yaml", Office.QuickPlan + Section.Replace(from, to, StringComparison.Ordinal), Path.GetTempPath());
        var signed = HandoverMoves.Sign(Handover, Ready(), [], Person("ann"), "abc", new HandoverPaper("abc", Now, [], HandoverDocument.Section(Handover)), Now);
        Assert.NotNull(HandoverMoves.Sign(Handover, signed, [], Person("cat"), "abc", signed.Paper!, Now).AcceptedAt);
        Assert.Contains("since the first signature", Assert.Throws<HandoverStateException>(() => HandoverMoves.Sign(load.Plan!.Handover!, signed, [], Person("cat"), "abc", signed.Paper!, Now)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_that_is_signed_changes_neither_with_the_date_nor_with_another_backup_or_drill()
    {
        string Text(HandoverFacts facts, DateTimeOffset now) => HandoverDocument.Write(Plan, Handover, HandoverAssessment.Of(Plan, Handover, Ready(), facts, now));
        var later = Good with
        {
            ProvenPoints = new Dictionary<string, DateTimeOffset?> { ["nightly"] = Now.AddHours(23) },
            Drills = [new("R-1002", "register", Now.AddHours(20), ["ben"]), .. Good.Drills],
        };
        Assert.Equal(Text(Good, Now), Text(later, Now.AddDays(1)));
        Assert.NotEqual(Text(Good, Now), Text(Good with { Tickets = new Dictionary<string, bool> { ["T-1001"] = false } }, Now));
        Assert.Contains("as of 2026-11-25 01:00Z", Assess(Good, Ready()).Checks[0].Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_has_signed_stands_below_what_is_signed_and_a_draft_says_that_it_is_one()
    {
        var assessment = Assess(Good, Ready());
        var text = HandoverDocument.Write(Plan, Handover, assessment);
        var hash = HandoverDocument.Hash(text);
        string Whole(HandoverState state) => HandoverDocument.Whole(Plan, new HandoverStanding(Handover, state, assessment, text, hash));
        var once = HandoverMoves.Sign(Handover, Ready(), [], Person("ann"), hash, new HandoverPaper(hash, Now, []), Now);
        var twice = HandoverMoves.Sign(Handover, once, [], Person("cat"), hash, once.Paper!, Now.AddHours(30));
        var (draft, part, whole) = (Whole(Ready()), Whole(once), Whole(twice));
        Assert.DoesNotContain("signed by", draft.Replace("To be signed by", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(hash, draft, StringComparison.Ordinal);
        Assert.Contains("Draft, not signed.", draft, StringComparison.Ordinal);
        Assert.Contains("- **Cat:** has not signed", draft, StringComparison.Ordinal);
        Assert.Contains($"- **Ann:** signed 2026-11-25 02:00:00Z, SHA-256 {hash}", part, StringComparison.Ordinal);
        Assert.Contains("Not accepted yet", part, StringComparison.Ordinal);
        Assert.Contains("Accepted on 2026-11-26 (2026-11-26 08:00:00Z).", whole, StringComparison.Ordinal);
        Assert.Contains($"- **Cat:** signed 2026-11-26 08:00:00Z, SHA-256 {hash}", whole, StringComparison.Ordinal);

        // As sed '/^## Signatures$/,$d' | sha256sum has it.
        Assert.All([draft, part, whole], one => Assert.Equal(hash, HandoverDocument.Hash(string.Concat(one.Split('\n').TakeWhile(static line => line != "## Signatures").Select(static line => line + "\n")))));
    }

    [Fact]
    public void A_training_that_is_asked_of_nobody_of_the_team_shows_nothing_and_is_an_error()
    {
        var load = PlanFile.Load("plan.yaml", Office.QuickPlan + Section.Replace("audience: [approver]", "audience: [cat]", StringComparison.Ordinal), Path.GetTempPath());
        var problem = Assert.Single(load.Problems, static problem => problem.Severity == PlanProblemSeverity.Error);
        Assert.Equal("handover.checklist[2].training", problem.Path);
        Assert.Contains("asked of nobody of the team 'desk'", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_document_names_what_was_shown_what_changed_hands_and_what_remains()
    {
        var text = HandoverDocument.Write(Plan, Handover, Assess(Good, Ready()));
        foreach (var said in new[] { "1 issue remains", "T-1001", "Ten searches in three seconds.", "2027-06-30", "R-1001 passed", "Code sent", "It is ours", "All 14", "Cat and Ann", "2027-03-31", "within the RPO of 1h" })
        {
            Assert.Contains(said, text, StringComparison.Ordinal);
        }

        var done = HandoverDocument.Write(Plan, Handover, Assess(Good with { Tickets = new Dictionary<string, bool> { ["T-1001"] = false } }, Ready()));
        Assert.Contains("nothing is outstanding", done, StringComparison.Ordinal);
        Assert.NotEqual(HandoverDocument.Hash(text), HandoverDocument.Hash(done));
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", HandoverDocument.Hash(""));
    }

    [Theory]
    [InlineData("signatories: [cat, ann]", "signatories: [cat, cat]", "handover.signatories")]
    [InlineData("signatories: [cat, ann]", "signatories: [cat]", "handover.signatories")]
    [InlineData("id: manuals, name", "id: drill, name", "handover.checklist[3].id")]
    [InlineData("from: cat, to: ben", "from: cat, to: cat", "handover.control[0].to")]
    [InlineData("confirm: The list of annex 3", "confirm: The list, backup: nightly", "handover.checklist[3].backup")]
    [InlineData(", confirm: The list of annex 3", "", "handover.checklist[3]")]
    [InlineData("training: restore }", "training: dancing }", "handover.checklist[2].training")]
    [InlineData("due: 2027-06-30", "due: soon", "handover.outstanding[0].due")]
    public void What_cannot_work_in_the_plan_is_an_error_that_names_its_place(string from, string to, string path)
    {
        Assert.Contains(from, Section, StringComparison.Ordinal);
        var load = PlanFile.Load("plan.yaml", Office.QuickPlan + Section.Replace(from, to, StringComparison.Ordinal), Path.GetTempPath());
        Assert.Equal([path], load.Problems.Where(static problem => problem.Severity == PlanProblemSeverity.Error).Select(static problem => problem.Path));
        Assert.Null(load.Plan);
    }

    private static HandoverState State() => new(Begun, "ann") { Tickets = new Dictionary<string, string> { ["slow"] = "T-1001" } };

    private static HandoverState Ready()
    {
        var state = HandoverMoves.Confirm(Plan, State(), Handover.Checklist[3], Person("ben"), "All 14", Now);
        state = HandoverMoves.Pass(Plan, state, Handover.Control[0], Person("cat"), false, "Code sent", Now);
        return HandoverMoves.Pass(Plan, state, Handover.Control[0], Person("ben"), true, "It is ours", Now);
    }

    private static HandoverAssessment Assess(HandoverFacts facts, HandoverState state) => HandoverAssessment.Of(Plan, Handover, state, facts, Now);

    private static IEnumerable<string> Checks(HandoverFacts facts, HandoverState state) => Assess(facts, state).Checks.Select(static one => $"{one.Check.Id} {one.IsMet}");

    private static Person Person(string id) => Plan.FindPerson(id)!;
}
