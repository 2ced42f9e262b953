using System.Globalization;
using Maintenance.Evidence;
using Maintenance.Monitoring.Probes;
using Maintenance.Monitoring.Security;

namespace Maintenance.Tests.Monitoring;

public sealed class SecurityRulesTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);
    private static readonly SecurityPolicy Policy = new(["ann"], 3, TimeSpan.FromMinutes(10));

    [Theory]
    [InlineData("0 1", "")]
    [InlineData("0 1 2", "2")]
    [InlineData("0 5 10", "10")]
    [InlineData("0 5 11", "")]
    [InlineData("0 1 2 3 4 5 13", "2")] // One burst, however long it goes on.
    [InlineData("0 1 2 30 31 32", "2 32")]
    public void Refused_sign_ins_are_told_once_for_each_burst(string minutes, string told)
    {
        var entries = minutes.Split(' ').Select(static minute => Entry(int.Parse(minute, CultureInfo.InvariantCulture), "SignIn", AuditOutcome.Refused));

        var signals = SecurityRules.FromAudit(Policy, entries.Reverse());

        Assert.Equal(told, string.Join(' ', signals.Select(static signal => (signal.At - Start).TotalMinutes)));
        Assert.All(signals, static signal => Assert.Equal((SecuritySignalKind.FailedSignIns, "203.0.113.7"), (signal.Kind, signal.Subject)));
    }

    [Fact]
    public void Addresses_are_counted_apart_and_what_was_let_in_or_is_no_sign_in_not_at_all()
    {
        Assert.Empty(SecurityRules.FromAudit(Policy,
        [
            Entry(0, "SignIn", AuditOutcome.Refused), Entry(1, "SignIn", AuditOutcome.Refused, from: "203.0.113.8"), Entry(2, "SignIn", AuditOutcome.Refused),
            Entry(3, "SignIn", AuditOutcome.Done), Entry(4, "VotePatch", AuditOutcome.Refused), Entry(5, "ExportAudit", AuditOutcome.Refused),
        ]));
    }

    [Fact]
    public void Whoever_takes_personal_data_out_is_named_with_what_it_was()
    {
        var signal = Assert.Single(SecurityRules.FromAudit(Policy, [Entry(1, "ExportFeedback", AuditOutcome.Done)]));

        Assert.Equal((SecuritySignalKind.PersonalData, "sam"), (signal.Kind, signal.Subject));
        Assert.Equal("Sam took out what is held on a person (/there) from 203.0.113.7.", signal.Text);
    }

    [Theory]
    [InlineData("a:support", "a:support", "")]
    [InlineData("a:support", "a:support,dba", "a RolesChanged now has dba")]
    [InlineData("a:support,dba", "a:support", "a RolesChanged no longer has dba")]
    [InlineData("a:support", "a:administrator", "a NewAdministrator now has administrator; no longer has support")]
    [InlineData("a:support", "a:support b:administrator", "b NewAdministrator now has administrator")]
    [InlineData("a:administrator b:dba", "b:dba", "a RolesChanged no longer has administrator")]
    public void A_change_of_the_plan_says_whose_roles_it_changed(string before, string after, string told)
    {
        var signals = SecurityRules.FromPlan(Known("one", before, 1), Known("two", after, 2), Start);

        Assert.Equal(told, string.Join('|', signals.Select(static signal => $"{signal.Subject} {signal.Kind} {signal.Text[(signal.Text.IndexOf('\'', signal.Text.IndexOf('\'', StringComparison.Ordinal) + 1) + 2)..^1]}")));
    }

    [Fact]
    public void A_change_that_is_taken_back_and_made_again_is_another()
    {
        var (support, both) = (Known("one", "a:support", 1), Known("two", "a:support,dba", 2));
        var again = Known("two", "a:support,dba", 4);

        Assert.NotEqual(SecurityRules.FromPlan(support, both, Start)[0].Key, SecurityRules.FromPlan(support, again, Start)[0].Key);
        Assert.Equal(SecurityRules.FromPlan(support, both, Start)[0].Key, SecurityRules.FromPlan(support, both, Start.AddHours(1))[0].Key);
    }

    private static KnownRoles Known(string plan, string people, int turn) => new(
        plan, people.Split(' ').Select(static person => person.Split(':')).ToDictionary(static parts => parts[0], static parts => (IReadOnlyList<string>)parts[1].Split(',')), turn);

    private static AuditEntry Entry(int minute, string act, AuditOutcome outcome, string from = "203.0.113.7") =>
        new($"{minute:D4}{from}", Start.AddMinutes(minute), "sam", "Sam", act, "/there", from, outcome, outcome == AuditOutcome.Done ? 200 : 401);
}
