using Maintenance.Workflows;

namespace Maintenance.Tests.Rules;

/// <summary>How often and how far apart an activity is tried.</summary>
public sealed class RetryRuleTests
{
    [Fact]
    public void The_named_rules_wait_as_they_say()
    {
        Assert.Empty(Waits(RetryRule.None));
        Assert.Equal([1, 2, 4], Waits(RetryRule.Quick));
        Assert.Equal([15, 30], Waits(RetryRule.Patient));
    }

    [Theory]
    [InlineData(3, 1.0, 1, 10.0)]
    [InlineData(3, 1.0, 2, 10.0)]
    [InlineData(3, 1.0, 3, null)]
    [InlineData(3, 3.0, 2, 30.0)]
    [InlineData(3, 1.5, 2, 15.0)]
    [InlineData(3, 2.0, 4, null)]
    [InlineData(1, 2.0, 1, null)]
    [InlineData(100, 2.0, 9, 2560.0)]
    [InlineData(100, 2.0, 10, 3600.0)]
    [InlineData(100, 2.0, 99, 3600.0)]
    [InlineData(2_000_000_000, 10.0, 1_999_999_999, 3600.0)]
    public void A_wait_grows_by_the_coefficient_up_to_an_hour_and_ends_with_the_last_attempt(int attempts, double coefficient, int attempt, double? seconds) =>
        Assert.Equal(seconds, new RetryRule(attempts, TimeSpan.FromSeconds(10), coefficient).WaitAfter(attempt)?.TotalSeconds);

    [Fact]
    public void A_first_interval_of_days_is_an_hour_too() => Assert.Equal(TimeSpan.FromHours(1), new RetryRule(2, TimeSpan.FromDays(2)).WaitAfter(1));

    private static List<double> Waits(RetryRule rule)
    {
        var waits = new List<double>();
        for (var attempt = 1; rule.WaitAfter(attempt) is { } wait; attempt++)
        {
            waits.Add(wait.TotalSeconds);
        }

        return waits;
    }
}
