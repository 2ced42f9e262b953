using FsCheck;
using FsCheck.Fluent;
using Maintenance.Notifications;
using Maintenance.Plan;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>What becomes of the entries that wait for one recipient.</summary>
public sealed class OutboxRulesTests
{
    private static readonly DateTimeOffset Now = Utc("2026-11-22T12:00Z");
    private static readonly DeliveryTerms Plain = new([], Zone("UTC"), new DigestPolicy(3, TimeSpan.FromMinutes(15)));
    private static readonly DeliveryTerms Quiet = Plain with { QuietHours = [new ClockSpan(660, 840)] };
    private static readonly DeliveryTerms Program = Plain with { Digest = null };

    private static readonly Gen<(NotificationEntry[] Waiting, RecipientState State, DeliveryTerms Terms)> Cases =
        from count in Gen.Choose(0, 8)
        from entries in (from urgent in Gen.Elements(false, false, true)
                         from hold in Gen.Elements(Enum.GetValues<DeliveryHold>())
                         from attempts in Gen.Choose(0, 4)
                         from due in Gen.Choose(-600, 600)
                         from tried in Gen.Choose(0, 300)
                         select (urgent, hold, attempts, due, tried)).ArrayOf(count)
        from failures in Gen.Elements(0, 0, 1, 3)
        from failed in Gen.Choose(0, 90)
        from recent in Gen.Choose(0, 20).ArrayOf(4)
        from taken in Gen.Choose(0, 4)
        from terms in Gen.Elements(Plain, Quiet, Program)
        select (
            entries.Select((one, i) => Entry($"e{i}") with
            {
                IsUrgent = one.urgent,
                Hold = one.hold,
                Attempts = one.attempts,
                DueAt = Now.AddMinutes(one.due),
                TriedAt = one.attempts == 0 ? null : Now.AddMinutes(-one.tried),
            }).ToArray(),
            new RecipientState { Failures = failures, FailedAt = failures == 0 ? null : Now.AddMinutes(-failed), Recent = [.. recent.Take(taken).OrderDescending().Select(static minutes => Now.AddMinutes(-minutes))] },
            terms);

    [Fact]
    public void Nothing_is_lost_nothing_goes_twice_and_nothing_waits_for_the_past() => Law.Holds(Cases, 2000, static one =>
    {
        var step = OutboxRules.Next(one.Waiting, one.State, one.Terms, Now);
        var gone = step.Messages.SelectMany(static message => message).Select(static entry => entry.Id).ToList();
        var held = step.Later.Select(static later => later.Entry.Id).ToList();
        Assert.Equal(gone.Count + held.Count, gone.Concat(held).Distinct().Count());
        Assert.All(step.Messages, static message => Assert.NotEmpty(message));
        Assert.All(step.Later, static later => Assert.True(later.Until > Now, $"{later}"));

        // What is in neither list waits already, and for the right thing.
        Assert.All(one.Waiting.Where(entry => !gone.Contains(entry.Id) && !held.Contains(entry.Id)), static entry => Assert.True(entry.DueAt > Now && entry.Hold != DeliveryHold.None, $"{entry}"));
        Assert.All(step.Messages.Where(static message => message.Count > 1), message => Assert.True(message.All(static entry => !entry.IsUrgent) && one.Terms.Digest is not null));
        Assert.Equal([.. one.Waiting.Where(entry => gone.Contains(entry.Id) && !entry.IsUrgent).Select(static entry => entry.Id)], step.Messages.Where(static message => !message[0].IsUrgent).SelectMany(static message => message).Select(static entry => entry.Id));
        Assert.True(one.Terms != Quiet || step.Messages.All(static message => message[0].IsUrgent), "Not urgent, and in quiet hours.");

        // What is held back is held back by the same rule again: it settles.
        var again = one.Waiting.Where(entry => !gone.Contains(entry.Id)).Select(entry => step.Later.FirstOrDefault(later => later.Entry.Id == entry.Id) is { } later ? entry with { DueAt = later.Until, Hold = later.Hold } : entry).ToList();
        var settled = OutboxRules.Next(again, one.State, one.Terms, Now);
        Assert.Empty(settled.Later);
        Assert.Empty(settled.Messages);
    });

    [Fact]
    public void A_few_that_come_go_one_by_one_and_more_than_that_go_as_one()
    {
        Assert.Equal(["a", "b", "c"], Sent(Plain, new(), Entry("a"), Entry("b"), Entry("c")));
        Assert.Equal(["a+b+c+d"], Sent(Plain, new(), Entry("a"), Entry("b"), Entry("c"), Entry("d")));
        Assert.Equal(["a+b"], Sent(Plain, new() { Recent = [Now.AddMinutes(-5), Now.AddMinutes(-4)] }, Entry("a"), Entry("b")));
        Assert.Equal(["a"], Sent(Plain, new() { Recent = [Now.AddMinutes(-5), Now.AddMinutes(-4)] }, Entry("a")));
        Assert.Empty(Sent(Plain, new() { Recent = [Now.AddMinutes(-5), Now.AddMinutes(-4), Now] }, Entry("a")));
    }

    [Fact]
    public void What_waited_goes_as_one_and_one_that_waited_alone_as_it_is()
    {
        Assert.Equal(["a+b"], Sent(Plain, new(), Entry("a") with { Hold = DeliveryHold.QuietHours }, Entry("b")));
        Assert.Equal(["a"], Sent(Plain, new(), Entry("a") with { Hold = DeliveryHold.Retry }));
        Assert.Equal(["a+b"], Sent(Plain, new(), Entry("a") with { Hold = DeliveryHold.Retry, DueAt = Now.AddHours(3) }, Entry("b")));
    }

    [Fact]
    public void What_is_urgent_goes_at_once_by_itself_whatever_the_hour_and_however_many_went_before()
    {
        var many = new RecipientState { Recent = [Now, Now, Now, Now] };
        var urgent = Entry("u") with { IsUrgent = true };
        Assert.Equal(["u"], Sent(Quiet, many, Entry("a"), urgent, Entry("b")));
        Assert.Equal(["u"], Sent(Plain, many, Entry("a"), urgent));
        Assert.Equal(["u", "a"], Sent(Plain, new(), Entry("a"), urgent));
    }

    [Fact]
    public void A_program_gets_each_by_itself_and_one_that_it_does_not_take_holds_up_the_others_for_a_minute_only()
    {
        Assert.Equal(["a", "b", "c", "d"], Sent(Program, new(), Entry("a") with { Hold = DeliveryHold.Retry }, Entry("b"), Entry("c"), Entry("d")));
        var poison = Entry("p") with { Attempts = 4, TriedAt = Now.AddMinutes(-1), Hold = DeliveryHold.Retry, DueAt = Now.AddMinutes(59) };
        Assert.Equal(["a"], Sent(Program, new() { Failures = 1, FailedAt = Now.AddMinutes(-1) }, poison, Entry("a")));
        Assert.Empty(Sent(Program, new() { Failures = 1, FailedAt = Now.AddMinutes(-1).AddTicks(1) }, poison, Entry("a")));
    }

    [Fact]
    public void What_a_recipient_is_after_a_try()
    {
        var down = OutboxRules.Failed(OutboxRules.Failed(new() { Recent = [Now] }, null, Now), TimeSpan.FromMinutes(30), Now.AddMinutes(1));
        Assert.Equal((2, Now.AddMinutes(1), Now.AddMinutes(31)), (down.Failures, down.FailedAt, down.BusyUntil));
        var up = OutboxRules.Sent(down, [Entry("a")], Plain, Now.AddMinutes(40));
        Assert.Equal((0, null, null), (up.Failures, up.FailedAt, up.BusyUntil));
        Assert.Equal([Now.AddMinutes(40)], up.Recent);
        Assert.Empty(OutboxRules.Sent(down, [Entry("a") with { IsUrgent = true }], Plain, Now.AddMinutes(40)).Recent);
        Assert.Empty(OutboxRules.Sent(down, [Entry("a")], Program, Now).Recent);
        Assert.Equal(Now.AddDays(1), OutboxRules.Failed(new(), TimeSpan.FromDays(400), Now).BusyUntil);
        Assert.Null(OutboxRules.Failed(new(), TimeSpan.FromDays(-1), Now).BusyUntil);
    }

    [Fact]
    public void Tried_again_and_again_an_entry_is_given_up_after_a_day()
    {
        var (entry, state, now) = (Entry("a"), new RecipientState(), Now);
        var tries = new List<double>();
        while (entry.State == DeliveryState.Waiting)
        {
            tries.Add((now - Now).TotalMinutes);
            state = OutboxRules.Failed(state, null, now);
            entry = OutboxRules.Failed(entry, state, "no route", now);
            now = entry.DueAt;
        }

        Assert.Equal([0, 1, 6, 21, 81, 321, 561, 801, 1041, 1281, 1521], tries);
        Assert.Equal((DeliveryState.Failed, 11, "no route"), (entry.State, entry.Attempts, entry.Error));
    }

    internal static NotificationEntry Entry(string id) => new(id, "n/" + id, "person:ann", "Subject " + id, "Text", "/", Now.AddMinutes(-1), Now.AddMinutes(-1));

    private static string[] Sent(DeliveryTerms terms, RecipientState state, params NotificationEntry[] waiting) =>
        [.. OutboxRules.Next(waiting, state, terms, Now).Messages.Select(static message => string.Join('+', message.Select(static entry => entry.Id)))];
}
