using Maintenance.Assets.Vulnerabilities;

namespace Maintenance.Tests.Assets.Findings;

public sealed class FindingRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);
    private static readonly RemediationDue Due = new(new DateOnly(2026, 12, 22), new DateTimeOffset(2026, 12, 23, 0, 0, 0, TimeSpan.Zero), RemediationBasis.Policy, new DateOnly(2026, 12, 22));
    private static readonly RemediationDue Sooner = Due with { Date = new DateOnly(2026, 12, 1), At = Due.At.AddDays(-21), Basis = RemediationBasis.KnownExploited };
    private static readonly Sighting Seen = new("c", "CVE-1") { Name = "Npgsql", Title = "CVE-1", Names = ["CVE-1"], Severity = Severity.High, Versions = ["8.0.2"], FixedIn = ["8.0.3"] };
    private static readonly Finding First = FindingRules.First("V-1001", Seen, Due, Now).Finding;

    [Fact]
    public void The_first_sight_opens_a_ticket_and_says_by_when()
    {
        Assert.IsType<FindingAct.Open>(Assert.Single(FindingRules.First("V-1001", Seen, Due, Now).Acts));
        Assert.Equal(("2026-12-22", Due.At, 1, "CVE-1 affects Npgsql 8.0.2. It is to be gone by 2026-12-22."), (First.DueOn, First.DueAt, First.Times, First.History[^1].What));
        Assert.Equal((false, true), (First.IsOverdue(Due.At.AddTicks(-1)), First.IsOverdue(Due.At)));
    }

    [Fact]
    public void The_same_again_is_no_news_but_for_a_ticket_that_the_plan_did_not_ask_for_before()
    {
        Assert.Empty(FindingRules.Again(First with { Ticket = "T-1001" }, Seen, Due, Now.AddDays(1)).Acts);
        Assert.IsType<FindingAct.Open>(Assert.Single(FindingRules.Again(First with { Ticket = null }, Seen, Due, Now.AddDays(1)).Acts));
    }

    [Fact]
    public void Aliases_that_join_and_a_date_that_is_nearer_are_told()
    {
        var change = FindingRules.Again(First, Seen with { Names = ["CVE-1", "GHSA-1"], IsExploited = true, IsUsedByRansomware = true, Severity = Severity.Critical, FixedIn = ["8.0.3", "9.0.0"] }, Sooner, Now.AddDays(1));
        Assert.Equal(
            "It is also known as GHSA-1. CISA knows that it is exploited, by ransomware too. Its severity is critical now; it was high. Fixed in 8.0.3, 9.0.0. It is due earlier: by 2026-12-01.",
            Assert.Single(change.Acts.OfType<FindingAct.Tell>()).Text);
        Assert.Equal(("2026-12-01", RemediationBasis.KnownExploited, Now), (change.Finding.DueOn, change.Finding.DueBy, change.Finding.KnownAt));
        Assert.Contains("It is due later: by 2026-12-22.", FindingRules.Again(change.Finding, change.Finding.Seen, Due, Now).Finding.History[^1].What, StringComparison.Ordinal);
    }

    [Fact]
    public void What_became_worse_than_what_was_accepted_is_open_again()
    {
        var waived = First with { Waiver = new Waiver("ann", Now, "r", Now.AddDays(30), WaiverState.Granted, []) };
        Assert.Equal(WaiverState.Granted, FindingRules.Again(waived, Seen with { Severity = Severity.Low }, Due, Now).Finding.Waiver!.State);
        Assert.Equal(WaiverState.Granted, FindingRules.Again(waived, Seen with { Names = ["CVE-1", "X"] }, Due, Now).Finding.Waiver!.State);
        Assert.Equal(WaiverState.Void, FindingRules.Again(waived, Seen with { Severity = Severity.Critical }, Due, Now).Finding.Waiver!.State);
        Assert.Equal(WaiverState.Void, FindingRules.Again(waived, Seen with { IsExploited = true }, Due, Now).Finding.Waiver!.State);
    }

    [Fact]
    public void What_is_gone_solves_its_ticket_and_what_comes_back_is_known_anew_with_a_ticket_of_its_own()
    {
        var gone = FindingRules.Gone(First with { Ticket = "T-1", Waiver = new Waiver("ann", Now, "r", Now.AddDays(30), WaiverState.Granted, []) }, "The inventory has 8.0.3.", Now.AddDays(2));
        Assert.Equal("The inventory has 8.0.3.", Assert.IsType<FindingAct.Solve>(Assert.Single(gone.Acts)).Text);
        Assert.Equal((FindingState.Fixed, Now.AddDays(2), WaiverState.Void, false), (gone.Finding.State, gone.Finding.FixedAt, gone.Finding.Waiver!.State, gone.Finding.IsOwed(Now)));
        Assert.Empty(FindingRules.Gone(gone.Finding, "x", Now.AddDays(3)).Acts);
        Assert.Equal(Now.AddDays(9), FindingRules.CountsFrom(gone.Finding, Now.AddDays(9)));
        var back = FindingRules.Again(gone.Finding, Seen, Due, Now.AddDays(9));
        Assert.Equal((FindingState.Open, 2, null, null, Now.AddDays(9)), (back.Finding.State, back.Finding.Times, back.Finding.Ticket, back.Finding.Waiver, back.Finding.KnownAt));
        Assert.IsType<FindingAct.Open>(Assert.Single(back.Acts));
    }

    [Fact]
    public void The_days_count_since_it_is_known()
    {
        Assert.Equal(Now, FindingRules.CountsFrom(First, Now.AddDays(9)));
        Assert.Equal(Now, FindingRules.CountsFrom(null, Now));
        Assert.Equal((4, 2, 2, 1), (FindingRules.Rank(Severity.Critical), FindingRules.Rank(null), FindingRules.Rank(Severity.Medium), FindingRules.Rank(Severity.Low)));
    }
}
