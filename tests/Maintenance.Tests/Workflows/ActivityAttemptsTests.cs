using Maintenance.Local.Workflows;
using Maintenance.Workflows;

namespace Maintenance.Tests.Workflows;

public sealed class ActivityAttemptsTests
{
    private static readonly DateTimeOffset Now = Story.Start;

    [Fact]
    public void A_failed_attempt_is_followed_by_another_after_the_rules_wait()
    {
        var attempts = Of(RetryRule.Quick);
        attempts.Apply(attempts.Start(1, Now));
        var failed = Assert.IsType<AttemptFailed>(attempts.Fail(1, Now, "no paper"));
        attempts.Apply(failed);

        Assert.Equal(new AttemptFailed(Now, 1, 1, "no paper", Now.AddSeconds(1), Crashed: false), failed);
        Assert.Equal(Now.AddSeconds(1), attempts.RetryAt(1));
        Assert.Equal(2, attempts.Start(1, Now).Attempt);
    }

    [Fact]
    public void The_last_allowed_attempt_fails_the_step()
    {
        var attempts = Of(RetryRule.Quick);
        for (var i = 0; i < 3; i++)
        {
            attempts.Apply(attempts.Start(1, Now));
            attempts.Apply(attempts.Fail(1, Now, "no paper"));
        }

        attempts.Apply(attempts.Start(1, Now));
        Assert.Equal(new ActivityFailed(Now, 1, "no paper"), attempts.Fail(1, Now, "no paper"));
    }

    [Fact]
    public void A_step_without_retries_survives_two_crashes_and_fails_with_the_third()
    {
        var attempts = Of(RetryRule.None);
        for (var i = 1; i <= 2; i++)
        {
            attempts.Apply(attempts.Start(1, Now));
            var crash = Assert.IsType<AttemptFailed>(attempts.Crash(1, Now));
            Assert.True(crash.Crashed);
            Assert.Equal(Now.AddSeconds(1), crash.RetryAt);
            attempts.Apply(crash);
        }

        attempts.Apply(attempts.Start(1, Now));
        Assert.Equal(new ActivityFailed(Now, 1, "The process ended while it ran. (3 times)"), attempts.Crash(1, Now));
    }

    [Fact]
    public void A_crash_uses_up_an_attempt()
    {
        var attempts = Of(new RetryRule(2, TimeSpan.FromSeconds(1)));
        attempts.Apply(attempts.Start(1, Now));
        attempts.Apply(attempts.Crash(1, Now));
        attempts.Apply(attempts.Start(1, Now));

        Assert.IsType<ActivityFailed>(attempts.Fail(1, Now, "no paper"));
    }

    [Fact]
    public void A_rule_with_more_attempts_allows_as_many_crashes()
    {
        var attempts = Of(RetryRule.Quick);
        for (var i = 1; i <= 3; i++)
        {
            attempts.Apply(attempts.Start(1, Now));
            attempts.Apply(Assert.IsType<AttemptFailed>(attempts.Crash(1, Now)));
        }

        attempts.Apply(attempts.Start(1, Now));
        Assert.IsType<ActivityFailed>(attempts.Crash(1, Now));
    }

    [Fact]
    public void A_released_attempt_is_made_again_under_its_number()
    {
        var attempts = Of(RetryRule.None);
        attempts.Apply(attempts.Start(1, Now));
        attempts.Apply(attempts.Release(1, Now));

        Assert.Empty(attempts.InFlight);
        Assert.Null(attempts.RetryAt(1));
        Assert.Equal(1, attempts.Start(1, Now).Attempt);
    }

    [Fact]
    public void What_runs_is_what_began_and_did_not_end()
    {
        var attempts = new ActivityAttempts();
        for (var step = 1; step <= 5; step++)
        {
            attempts.Apply(new ActivityScheduled(Now, step, "Double", "1", RetryRule.Quick));
        }

        for (var step = 1; step <= 4; step++)
        {
            attempts.Apply(attempts.Start(step, Now));
        }

        attempts.Apply(attempts.Fail(2, Now, "no paper"));
        attempts.Apply(new ActivityCompleted(Now, 3, "1"));
        Assert.Equal([1, 4], attempts.InFlight);
    }

    private static ActivityAttempts Of(RetryRule rule)
    {
        var attempts = new ActivityAttempts();
        attempts.Apply(new ActivityScheduled(Now, 1, "Double", "1", rule));
        return attempts;
    }
}
