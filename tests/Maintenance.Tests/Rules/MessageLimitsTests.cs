using Maintenance.Messaging;

namespace Maintenance.Tests.Rules;

/// <summary>What a message may be, and when it is delivered again.</summary>
public sealed class MessageLimitsTests
{
    private static readonly OutgoingMessage Good = new(Queues.Feedback, "F-1", "{}");

    [Fact]
    public void A_body_has_200_kibibytes_of_utf8_at_most()
    {
        MessageLimits.Check(Good with { Body = Body('x', (200 * 1024) - 8) });
        _ = Assert.ThrowsAny<ArgumentException>(() => MessageLimits.Check(Good with { Body = Body('x', (200 * 1024) - 7) }));

        // Fewer characters than bytes.
        MessageLimits.Check(Good with { Body = Body('é', (100 * 1024) - 4) });
        _ = Assert.ThrowsAny<ArgumentException>(() => MessageLimits.Check(Good with { Body = Body('é', (100 * 1024) - 3) }));
    }

    [Fact]
    public void An_id_has_1_to_128_characters()
    {
        MessageLimits.Check(Good with { Id = new string('i', 128) });
        _ = Assert.ThrowsAny<ArgumentException>(() => MessageLimits.Check(Good with { Id = new string('i', 129) }));
        _ = Assert.ThrowsAny<ArgumentException>(() => MessageLimits.Check(Good with { Id = "" }));
    }

    [Fact]
    public void A_queue_is_one_that_the_system_has()
    {
        Assert.All(Queues.All, static queue => MessageLimits.Check(Good with { Queue = queue }));
        _ = Assert.ThrowsAny<ArgumentException>(() => MessageLimits.Check(Good with { Queue = "letters" }));
        _ = Assert.ThrowsAny<ArgumentException>(() => MessageLimits.Check(Good with { Queue = "" }));
    }

    [Fact]
    public void Five_deliveries_take_about_three_minutes()
    {
        Assert.Equal([2, 8, 32, 128], Enumerable.Range(2, Queues.MaxDeliveries - 1).Select(static next => MessageLimits.Backoff(next).TotalSeconds));
        Assert.True(MessageLimits.Backoff(1000) > TimeSpan.Zero);
    }

    [Fact]
    public void A_reason_is_the_type_and_the_first_line()
    {
        var reason = MessageLimits.Reason(new InvalidOperationException("The store is closed.\nIt opens at eight."));
        Assert.Contains(nameof(InvalidOperationException), reason, StringComparison.Ordinal);
        Assert.Contains("The store is closed.", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("eight", reason, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', MessageLimits.Reason(new InvalidOperationException("One\r\nTwo")));
    }

    [Fact]
    public void A_reason_has_200_characters_at_most_and_none_in_half()
    {
        foreach (var before in new[] { "", "x" })
        {
            var reason = MessageLimits.Reason(new InvalidOperationException(before + string.Concat(Enumerable.Repeat("😀", 200))));
            Assert.InRange(reason.Length, 150, 200);
            Assert.Equal(reason, System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(reason)));
        }
    }

    [Fact]
    public void An_error_without_words_has_a_reason_too()
    {
        Assert.Contains(nameof(InvalidOperationException), MessageLimits.Reason(new InvalidOperationException("")), StringComparison.Ordinal);
        Assert.Contains(nameof(InvalidOperationException), MessageLimits.Reason(new InvalidOperationException("\nSecond")), StringComparison.Ordinal);
    }

    private static string Body(char letter, int count) => $"{{\"a\":\"{new string(letter, count)}\"}}";
}
