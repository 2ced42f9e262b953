using System.Globalization;
using FsCheck.Fluent;
using Maintenance.Evidence;
using Maintenance.Monitoring.Probes;
using Maintenance.Monitoring.Security;
using Maintenance.Tests.Rules;

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
    public void Wherever_the_log_is_cut_into_parts_the_same_is_told()
    {
        var cases = from minutes in Gen.ListOf(Gen.Choose(0, 120), 30) from addresses in Gen.ListOf(Gen.Choose(1, 3), 30) from cuts in Gen.ListOf(Gen.Choose(0, 120), 4) select (minutes: minutes.ToList(), addresses: addresses.ToList(), cuts: cuts.Order().ToList());
        Law.Holds(cases, 200, one =>
        {
            var entries = one.minutes.Zip(one.addresses, static (minute, address) => (minute, Entry: Entry(minute, "SignIn", AuditOutcome.Refused, $"203.0.113.{address}"))).ToList();
            var (left, told) = (RefusedSignIns.None, new List<SecuritySignal>());
            foreach (var (from, to) in one.cuts.Prepend(0).Zip(one.cuts.Append(121)))
            {
                var (signals, next) = SecurityRules.FromAudit(Policy, left, entries.Where(entry => entry.minute >= from && entry.minute < to).Select(static entry => entry.Entry));
                told.AddRange(signals);
                left = next.At(Policy, Start.AddMinutes(to));
            }

            Assert.Equal(SecurityRules.FromAudit(Policy, entries.Select(static entry => entry.Entry)), told);
        });
    }

    [Fact]
    public void Of_very_many_addresses_those_that_were_refused_last_are_remembered()
    {
        var entries = Enumerable.Range(0, 12_000).Select(static number => Entry(0, "SignIn", AuditOutcome.Refused, $"2001:db8::{number:x4}") with { At = Start.AddMilliseconds(number) });
        var left = SecurityRules.FromAudit(Policy, RefusedSignIns.None, entries).Left.At(Policy, Start.AddMinutes(1));

        Assert.Equal(RefusedSignIns.Most / 2, left.Addresses.Count);
        Assert.Contains("2001:db8::2edf", left.Addresses.Keys);
        Assert.DoesNotContain("2001:db8::0000", left.Addresses.Keys);
        Assert.InRange(MaintenanceJson.Write(left).Length, 1, Maintenance.Storage.IRecordStore.MaxDocumentBytes / 2);
        Assert.Empty(left.At(Policy, Start.AddMinutes(11)).Addresses);
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
