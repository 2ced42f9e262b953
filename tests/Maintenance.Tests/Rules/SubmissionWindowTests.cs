using FsCheck.Fluent;
using Maintenance.Feedback;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>How much one sender may send.</summary>
public sealed class SubmissionWindowTests
{
    private static readonly DateTimeOffset Start = Utc("2026-11-22T02:00Z");
    private static readonly SubmissionLimit Five = new(5, TimeSpan.FromMinutes(10));

    [Fact]
    public void So_many_may_come_at_once_and_the_next_when_the_first_has_left_the_window()
    {
        var taken = Enumerable.Range(0, 5).Select(static i => new TakenSubmission(Start.AddMinutes(i))).ToList();
        Assert.Null(SubmissionWindow.Wait(taken.Take(4), Five, null, Start.AddMinutes(4)));
        Assert.Equal(TimeSpan.FromMinutes(6), SubmissionWindow.Wait(taken, Five, null, Start.AddMinutes(4)));
        Assert.Equal(TimeSpan.FromTicks(1), SubmissionWindow.Wait(taken, Five, null, Start.AddMinutes(10).AddTicks(-1)));
        Assert.Null(SubmissionWindow.Wait(taken, Five, null, Start.AddMinutes(10)));
    }

    [Fact]
    public void What_is_sent_again_counts_once()
    {
        TakenSubmission[] taken = [.. Enumerable.Range(0, 5).Select(static i => new TakenSubmission(Start, $"F-{i}"))];
        Assert.Null(SubmissionWindow.Wait(taken, Five, "F-3", Start));
        Assert.NotNull(SubmissionWindow.Wait(taken, Five, "F-9", Start));
    }

    [Fact]
    public void A_clock_that_was_set_back_makes_nobody_wait_longer_than_the_window()
    {
        TakenSubmission[] taken = [.. Enumerable.Repeat(new TakenSubmission(Start.AddHours(5)), 5)];
        Assert.Equal(Five.Window, SubmissionWindow.Wait(taken, Five, null, Start));
    }

    [Fact]
    public void No_window_anywhere_ever_holds_more_than_the_number_and_who_waits_as_told_is_taken_in() => Law.Holds(
        from submissions in Gen.Choose(1, 6)
        from minutes in Gen.Choose(1, 20)
        from steps in Gen.Choose(0, 300).ListOf()
        select (Limit: new SubmissionLimit(submissions, TimeSpan.FromMinutes(minutes)), Steps: steps.Take(60).ToList()),
        1500,
        static given =>
        {
            var (now, taken) = (Start, new List<TakenSubmission>());
            foreach (var seconds in given.Steps)
            {
                now = now.AddSeconds(seconds);
                if (SubmissionWindow.Wait(taken, given.Limit, null, now) is { } wait)
                {
                    Assert.InRange(wait, TimeSpan.FromTicks(1), given.Limit.Window);
                    Assert.NotNull(SubmissionWindow.Wait(taken, given.Limit, null, now + wait - TimeSpan.FromTicks(1)));
                    Assert.Null(SubmissionWindow.Wait(taken, given.Limit, null, now + wait));
                }
                else
                {
                    taken.Add(new TakenSubmission(now));
                }
            }

            foreach (var one in taken)
            {
                Assert.InRange(taken.Count(other => other.At >= one.At && other.At < one.At + given.Limit.Window), 1, given.Limit.Submissions);
            }
        });
}
