using FsCheck;
using FsCheck.Fluent;
using Maintenance.Assets.Lifecycle;
using Maintenance.Assets.Vulnerabilities;
using Maintenance.Plan;

namespace Maintenance.Tests.Assets.Findings;

public sealed class WaiverRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Until = Now.AddDays(30);
    private static readonly WaiverPolicy Policy = new(["approver"], TimeSpan.FromDays(90));
    private static readonly Finding Open = new("V-1001", new Sighting("c", "CVE-1"), FindingState.Open, Now);
    private static readonly Person Ann = Of("ann", "approver"), Ben = Of("ben", "approver"), Cat = Of("cat", "approver"), Dan = Of("dan", "support");

    [Fact]
    public void Two_people_who_did_not_ask_grant_it_and_it_holds_until_it_expires()
    {
        var asked = WaiverRules.Ask(Open, Policy, "ann", "Not reachable", Until, Now);
        Assert.Equal((WaiverState.Asked, true), (asked.Waiver!.State, asked.IsOwed(Now)));
        var first = WaiverRules.Vote(asked, Policy, Ben, true, "", Now, Now);
        Assert.Equal(WaiverState.Asked, WaiverRules.Vote(first, Policy, Ben, true, "Again", Now, Now).Waiver!.State);
        var granted = WaiverRules.Vote(first, Policy, Cat, true, "", Now, Now);
        Assert.Equal((WaiverState.Granted, false, false, true), (granted.Waiver!.State, granted.IsOwed(Now), granted.IsOwed(Until.AddTicks(-1)), granted.IsOwed(Until)));
        Assert.Null(WaiverRules.Expire(granted, Until.AddTicks(-1)));
        Assert.Equal(WaiverState.Expired, WaiverRules.Expire(granted, Until)!.Waiver!.State);
        Assert.Null(WaiverRules.Expire(WaiverRules.Expire(granted, Until)!, Until));
    }

    [Fact]
    public void Who_may_not_is_told_why_and_a_rejection_ends_it()
    {
        var asked = WaiverRules.Ask(Open, Policy, "ann", "Not reachable", Until, Now);
        Assert.Equal("Whoever asks does not approve.", WaiverRules.MayVote(asked, Policy, Ann));
        Assert.Equal("That needs one of the roles approver.", WaiverRules.MayVote(asked, Policy, Dan));
        Assert.Throws<WaiverRefusedException>(() => WaiverRules.Vote(asked, Policy, Ann, true, "", Now, Now));
        Assert.Throws<WaiverRefusedException>(() => WaiverRules.Vote(asked, null, Ben, true, "", Now, Now));
        Assert.Throws<WaiverRefusedException>(() => WaiverRules.Ask(Open, null, "ann", "x", Until, Now));
        Assert.Throws<WaiverStateException>(() => WaiverRules.Vote(asked, Policy, Ben, true, "", Now, Until));
        Assert.Throws<WaiverStateException>(() => WaiverRules.Ask(asked, Policy, "ben", "x", Until, Now));
        Assert.Throws<WaiverStateException>(() => WaiverRules.Ask(Open with { State = FindingState.Fixed }, Policy, "ben", "x", Until, Now));
        Assert.Throws<WaiverRefusedException>(() => WaiverRules.Withdraw(asked, "ben", Now));
        Assert.Equal(WaiverState.Withdrawn, WaiverRules.Withdraw(asked, "ann", Now).Waiver!.State);
        var rejected = WaiverRules.Vote(WaiverRules.Vote(asked, Policy, Ben, true, "", Now, Now), Policy, Cat, false, "No", Now, Now);
        Assert.Equal(WaiverState.Rejected, rejected.Waiver!.State);
        Assert.Throws<WaiverStateException>(() => WaiverRules.Vote(rejected, Policy, Ben, true, "", Now, Now));
        Assert.Equal(WaiverState.Asked, WaiverRules.Ask(rejected, Policy, "ann", "Once more", Until, Now).Waiver!.State);
    }

    [Fact]
    public void A_vote_is_for_the_request_that_was_seen_and_not_for_one_that_took_its_place()
    {
        var later = Now.AddMinutes(5);
        var asked = WaiverRules.Vote(WaiverRules.Ask(Open, Policy, "ann", "Not reachable", Until, Now), Policy, Cat, true, "", Now, Now);
        var anew = WaiverRules.Ask(WaiverRules.Withdraw(asked, "ann", Now), Policy, "ann", "We do not want to", Until.AddDays(50), later);
        Assert.Empty(anew.Waiver!.Votes);
        var stale = Assert.Throws<WaiverStateException>(() => WaiverRules.Vote(anew, Policy, Ben, true, "", Now, later));
        Assert.Equal("The request of 2026-11-22 09:00:00Z that you saw is gone. ann asked anew at 2026-11-22 09:05:00Z, to accept it until 2027-02-10 09:00:00Z: We do not want to", stale.Message);
        Assert.Throws<WaiverStateException>(() => WaiverRules.Vote(anew, Policy, Ben, false, "No", Now, later));
        Assert.Equal(["ben"], WaiverRules.Vote(anew, Policy, Ben, true, "", later, later).Waiver!.Votes.Select(static vote => vote.Person));
    }

    [Theory]
    [InlineData("", 10, "reason")]
    [InlineData("x", 0, "until")]
    [InlineData("x", -1, "until")]
    [InlineData("x", 91, "until")]
    [InlineData("x", 90, null)]
    public void What_is_asked_for_needs_a_reason_and_an_end_that_is_near_enough(string reason, int days, string? field) =>
        Assert.Equal(field is null ? [] : [field], WaiverRules.Check(Policy, reason, Now.AddDays(days), Now).Keys);

    /// <summary>Whatever people do in whatever order: what holds was approved by two others after it was asked for, and nobody rejected it.</summary>
    [Fact]
    public void No_order_of_acts_grants_what_two_others_did_not_approve() =>
        Prop.ForAll(Gen.Choose(0, 15).ListOf().ToArbitrary(), acts =>
        {
            Person[] people = [Ann, Ben, Cat, Dan];
            var finding = Open;
            string? asker = null;
            var approved = new HashSet<string>();
            var isRejected = false;
            foreach (var act in acts)
            {
                var person = people[act % 4];
                try
                {
                    switch (act / 4)
                    {
                        case 0:
                            finding = WaiverRules.Ask(finding, Policy, person.Id, "r", Until, Now);
                            (asker, isRejected) = (person.Id, false);
                            approved.Clear();
                            break;
                        case 1:
                            finding = WaiverRules.Vote(finding, Policy, person, true, "", Now, Now);
                            approved.Add(person.Id);
                            break;
                        case 2:
                            finding = WaiverRules.Vote(finding, Policy, person, false, "n", Now, Now);
                            isRejected = true;
                            break;
                        default:
                            finding = WaiverRules.Withdraw(finding, person.Id, Now);
                            break;
                    }
                }
                catch (Exception error) when (error is WaiverRefusedException or WaiverStateException)
                {
                    // Refused: nothing has changed.
                }

                if (finding.Waiver?.Holds(Now) == true)
                {
                    Assert.True(approved.Count >= 2 && !approved.Contains(asker!) && !approved.Contains("dan") && !isRejected);
                }
            }
        }).QuickCheckThrowOnFailure();

    private static Person Of(string id, string role) => new(id, id, null, null, [role], [], null);
}
