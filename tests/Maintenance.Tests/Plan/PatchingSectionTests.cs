using Maintenance.Patches;
using Maintenance.Plan;

namespace Maintenance.Tests.Plan;

/// <summary>Who approves what, and whether that can ever be.</summary>
public sealed class PatchingSectionTests
{
    private const string First = "{ types: [emergency], approvers: [dba], quorum: 1, expiresAfter: 4h, review: 8h }";
    private const string Last = "{ approvers: [dba], quorum: 1, expiresAfter: 16h }";
    private const string Lower = "Lower the quorum, or give one of the roles to more people.";

    public static TheoryData<Fault> Errors => new(
        new(Last, "{ types: [normal, emergency], approvers: [dba], quorum: 1, expiresAfter: 16h }\n    - { types: [standard], severities: [low, medium, high], approvers: [dba], quorum: 1, expiresAfter: 16h }", "    |- { types: [emergency]", "patching.rules", "no rule says who approves a patch of type standard and severity critical.", "End with a rule that has neither types nor severities."),
        new("quorum: 1, expiresAfter: 4h", "quorum: 3, expiresAfter: 4h", "quorum: |3", "patching.rules[0].quorum", "3 must approve, but only 2 people have a role that may.", Lower),
        new("approvers: [dba], quorum: 1, expiresAfter: 4h", "approvers: [support], quorum: 2, expiresAfter: 4h", "quorum: |2", "patching.rules[0].quorum", "2 must approve, but only 1 person has a role that may.", Lower),

        // Ann and Ben are everybody: whoever asks is one of them.
        new("quorum: 1, expiresAfter: 4h", "quorum: 2, expiresAfter: 4h", "quorum: |2", "patching.rules[0].quorum", "2 must approve, but whoever asks for it is one of the 2 who may vote, which leaves 1.", Lower),
        new("quorum: 1, expiresAfter: 16h", "quorum: 1, excluded: [requester], rejections: 2, expiresAfter: 16h", "rejections: |2", "patching.rules[1].rejections", "nobody could reject it: 2 must, and at most 1 may vote.", "Lower it; 1 gives each of them a veto."),
        new("quorum: 1, expiresAfter: 16h", "quorum: 1, excluded: [], rejections: 3, expiresAfter: 16h", "rejections: |3", "patching.rules[1].rejections", "nobody could reject it: 3 must, and at most 2 may vote.", "Lower it; 1 gives each of them a veto."),
        new("quorum: 1, expiresAfter: 4h", "quorum: 0, expiresAfter: 4h", "quorum: |0", "patching.rules[0].quorum", "only standard changes may be approved without a vote.", "Write types: [standard], or a quorum of at least 1."),
        new("quorum: 1, expiresAfter: 16h", "quorum: 0, expiresAfter: 16h", "quorum: |0", "patching.rules[1].quorum", "only standard changes may be approved without a vote.", "Write types: [standard], or a quorum of at least 1."),
        new("    - " + Last, "    - { types: [standard, normal], approvers: [dba], quorum: 0, expiresAfter: 1h }\n    - " + Last, "quorum: |0", "patching.rules[1].quorum", "only standard changes may be approved without a vote.", "Write types: [standard], or a quorum of at least 1."),
        new("    - " + Last, "    - { types: [standard], approvers: [dba], quorum: 0, decides: atExpiry, expiresAfter: 1h }\n    - " + Last, "decides: |atExpiry", "patching.rules[1].decides", "a change that needs no vote is approved at once: there is nothing to count at its expiry.", "Leave it out, or write a quorum of at least 1."),
        new("review: 8h", "review: 1d", "review: |1d", "patching.rules[0].review", "'1d' is ambiguous in service time: a day of 24 hours, or one working day?", "Write hours and minutes, such as 40h."),
        new("review: 8h", "review: soon", "review: |soon", "patching.rules[0].review", "'soon' is not a duration of service time.", "Write one such as 30m, 4h or 1h 30m (above zero)."),
        new("review: 8h", "review: 8h, rejections: 0", "rejections: |0", "patching.rules[0].rejections", "'0' is not a whole number from 1 to 20.", "Write one such as 1."),
        new("review: 8h", "review: 8h, decides: atexpiry", "decides: |atexpiry", "patching.rules[0].decides", "'atexpiry' is none of the choices.", "Did you mean 'atExpiry'?"),
        new("review: 8h", "review: 8h, excluded: [requestor]", "[|requestor", "patching.rules[0].excluded[0]", "'requestor' is none of the choices.", "Did you mean 'requester'?"));

    public static TheoryData<Fault> Warnings => new(
        new("quorum: 1, expiresAfter: 4h", "quorum: 2, excluded: [implementer], expiresAfter: 4h", "quorum: |2", "patching.rules[0].quorum", "all 2 who may vote are needed (ann, ben), so none of them can ever implement such a patch.", "Give one of the roles to one more person."),
        new("approvers: [dba], quorum: 1, expiresAfter: 4h", "approvers: [support], quorum: 1, expiresAfter: 4h", "quorum: |1", "patching.rules[0].quorum", "all 1 who may vote are needed (ben), so none of them can ever request or implement such a patch.", "Give one of the roles to one more person."),
        new("approvers: [dba], quorum: 1, expiresAfter: 4h", "approvers: [support], excluded: [requester], quorum: 1, expiresAfter: 4h", "quorum: |1", "patching.rules[0].quorum", "all 1 who may vote are needed (ben), so none of them can ever request such a patch.", "Give one of the roles to one more person."),
        new(", review: 8h", "", "    - |{ types: [emergency]", "patching.rules[0]", "it lets emergencies pass that nobody has to look at afterwards.", "Add review, such as review: 40h: by then somebody else must have looked at what was done in haste."),
        new("types: [emergency]", "types: [emergency], severities: [critical]", "    - |{ approvers: [dba], quorum: 1, expiresAfter: 16h }", "patching.rules[1]", "it lets emergencies pass that nobody has to look at afterwards.", "Add review, such as review: 40h: by then somebody else must have looked at what was done in haste."),
        new("{ types: [emergency], approvers", "{ approvers", "    - |{ approvers: [dba], quorum: 1, expiresAfter: 16h }", "patching.rules[1]", "an earlier rule matches everything that this one does.", "Put the narrower rule first."));

    [Theory]
    [MemberData(nameof(Errors))]
    public void What_cannot_work_is_an_error(Fault fault) => fault.AssertReported(PlanProblemSeverity.Error);

    [Theory]
    [MemberData(nameof(Warnings))]
    public void What_is_doubtful_is_a_warning_and_the_plan_is_used(Fault fault) => fault.AssertReported(PlanProblemSeverity.Warning);

    [Theory]
    [InlineData("quorum: 2, excluded: [], expiresAfter: 16h")]
    [InlineData("quorum: 1, excluded: [requester], expiresAfter: 16h")]
    [InlineData("quorum: 1, excluded: [implementer], rejections: 2, expiresAfter: 16h")]
    [InlineData("quorum: 2, excluded: [], rejections: 2, decides: atExpiry, expiresAfter: 16h")]
    public void What_can_be_satisfied_by_somebody_is_no_problem(string rule) =>
        Assert.Empty(SmallPlan.Load(SmallPlan.With("quorum: 1, expiresAfter: 16h", rule)).Problems);

    [Fact]
    public void A_rule_whose_quorum_is_everybody_who_may_vote_can_be_asked_for_by_others_and_names_those_who_cannot()
    {
        var yaml = SmallPlan.Replace(SmallPlan.With("  - id: ben\n", "  - { id: cat, name: Cat, roles: [guest] }\n  - id: ben\n"), "quorum: 1, expiresAfter: 4h", "quorum: 2, expiresAfter: 4h");
        var load = SmallPlan.Load(yaml);
        var problem = Assert.Single(load.Problems);
        Assert.Equal((PlanProblemSeverity.Warning, "all 2 who may vote are needed (ann, ben), so none of them can ever request or implement such a patch."), (problem.Severity, problem.Message));
    }

    [Fact]
    public void A_person_whose_id_is_also_the_name_of_a_role_does_not_stand_in_for_the_role_when_voters_are_counted()
    {
        var yaml = SmallPlan.Replace(
            SmallPlan.With("- id: ben\n", "- id: support\n").Replace("owner: ben", "owner: support", StringComparison.Ordinal),
            "roles: [administrator, dba]",
            "roles: [administrator, dba, support]");

        var load = SmallPlan.Load(SmallPlan.Replace(yaml, "approvers: [dba], quorum: 1, expiresAfter: 4h", "approvers: [support], quorum: 2, expiresAfter: 4h"));

        Assert.Equal("2 must approve, but whoever asks for it is one of the 2 who may vote, which leaves 1.", Assert.Single(load.Problems).Message);
    }

    [Fact]
    public void What_a_rule_leaves_out_is_the_usual_and_what_it_says_is_read()
    {
        var rules = SmallPlan.Load(SmallPlan.With(Last, "{ approvers: [dba], quorum: 1, excluded: [implementer], rejections: 1, decides: atExpiry, review: 1h 30m, expiresAfter: 16h }")).Plan!.Patching.Rules;

        Assert.Equal([ChangeParty.Requester, ChangeParty.Implementer], rules[0].Excluded);
        Assert.Equal((1, DecisionMoment.FirstToReach, TimeSpan.FromHours(8)), (rules[0].Rejections, rules[0].Decides, rules[0].Review));
        Assert.Equal([ChangeParty.Implementer], rules[1].Excluded);
        Assert.Equal((1, DecisionMoment.AtExpiry, TimeSpan.FromMinutes(90)), (rules[1].Rejections, rules[1].Decides, rules[1].Review));
        Assert.Empty(SmallPlan.Load(SmallPlan.With(First, First.Replace("quorum", "excluded: [], quorum", StringComparison.Ordinal))).Plan!.Patching.Rules[0].Excluded);
    }

    [Fact]
    public void A_rule_is_possible_exactly_where_some_requester_leaves_its_quorum_and_its_rejections()
    {
        // Every set of voters among four people, every quorum and threshold, all exclusions: compared with trying every requester and implementer.
        string[] people = ["ann", "ben", "cat", "dan"];
        ChangeParty[][] exclusions = [[], [ChangeParty.Requester], [ChangeParty.Implementer], [ChangeParty.Requester, ChangeParty.Implementer]];
        for (var set = 1; set < 16; set++)
        {
            foreach (var excluded in exclusions)
            {
                var voters = people.Where((_, i) => (set & (1 << i)) != 0).ToList();
                var most = (from requester in people from implementer in people.Append(null) select voters.Count(voter => !(excluded.Contains(ChangeParty.Requester) && voter == requester) && !(excluded.Contains(ChangeParty.Implementer) && voter == implementer))).Max();
                for (var quorum = 1; quorum <= 4; quorum++)
                {
                    for (var rejections = 1; rejections <= 4; rejections++)
                    {
                        var isPossible = quorum <= most && rejections <= most;
                        var load = SmallPlan.Load(FourPeople(voters, excluded, quorum, rejections));
                        Assert.True(isPossible == load.Plan is not null, $"{string.Join(',', voters)} excluding {string.Join(',', excluded)}: {quorum}, {rejections}: {string.Join(' ', load.Problems)}");
                    }
                }
            }
        }
    }

    private static string FourPeople(List<string> voters, ChangeParty[] excluded, int quorum, int rejections)
    {
        var yaml = SmallPlan.Replace(SmallPlan.Yaml, "roles: [administrator, dba]", $"roles: [administrator, dba{Role("ann")}]");
        yaml = SmallPlan.Replace(yaml, "roles: [support, dba]", $"roles: [support, dba{Role("ben")}]");
        yaml = SmallPlan.Replace(yaml, "calendars:\n  - id", $"  - {{ id: cat, name: Cat, roles: [guest{Role("cat")}] }}\n  - {{ id: dan, name: Dan, roles: [guest{Role("dan")}] }}\ncalendars:\n  - id");
        var parties = string.Join(", ", excluded.Select(static party => party.ToString().ToLowerInvariant()));
        return SmallPlan.Replace(yaml, Last, $"{{ approvers: [voter], excluded: [{parties}], quorum: {quorum}, rejections: {rejections}, expiresAfter: 16h }}");

        string Role(string person) => voters.Contains(person) ? ", voter" : "";
    }
}
