using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using Maintenance.Messaging;
using Maintenance.Storage;
using Maintenance.Workflows;
using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Tests.App;

namespace MaintenanceFunctions.Tests.Limits;

/// <summary>The rules of the services at their edges, and core's own checks beside them: what core lets through, no service refuses.</summary>
public sealed class LimitTests
{
    private static readonly string[] Pieces =
    [
        "a", "Z", "0", "-", "_", ".", ":", "~", " ", "%", "%2F", "+", "'", "\"", "=", "@", "$", "*", "(", ")", "&", ",", ";", "<", ">", "|", "{", "}", "/", "\\", "#", "?", "\0", "\t", "\n", "\u001f", "\u007f", "\u0080", "\u009f",
        "\u00a0", "é", "e\u0301", "ß", "İ", "ж", "語", "\u200d", "\u202e", "\ufeff", "\uE000", "\uFFFD", "\uFFFF", "😀", "\uD83D", "\uDE00", new('x', 60), new('y', 250), new('z', 500),
    ];

    [Fact]
    public void What_core_lets_through_no_service_refuses()
    {
        var random = new Random(20261122);
        for (var run = 0; run < 50_000; run++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            AssertRefused(text, static one => RecordKeys.Check(one), TableLimits.Key);
            AssertRefused(text, static one => RecordKeys.CheckTable(one), TableLimits.Table);
            AssertRefused(text, static one => ObjectNames.Check(one), BlobLimits.Blob);
            AssertRefused(text, static one => WorkflowIds.Check(one), DurableLimits.Instance);
            AssertRefused(text, static one => MessageLimits.Check(new OutgoingMessage(Queues.Feedback, one, "{}")), static one => QueueLimits.Message(new("{}") { MessageId = one }));
        }
    }

    [Fact]
    public void A_document_and_a_message_at_the_ports_own_limits_are_inside_those_of_the_services()
    {
        foreach (var letter in new[] { "x", "ж", "語", "😀" })
        {
            var document = string.Concat(Enumerable.Repeat(letter, IRecordStore.MaxDocumentBytes / Encoding.UTF8.GetByteCount(letter)));
            Assert.Null(TableLimits.Entity(TableDocument.Write(new string('p', 512), new string('r', 512), document)));
            var body = string.Concat(Enumerable.Repeat(letter, OutgoingMessage.MaxBodyBytes / Encoding.UTF8.GetByteCount(letter)));
            Assert.Null(QueueLimits.Message(new(body) { MessageId = new string('m', 128), ContentType = "application/json" }));
        }
    }

    [Fact]
    public void The_rules_hold_at_their_edges()
    {
        Assert.All(["abc", "a-b", "0ab", new string('c', 63)], static name => Assert.Null(BlobLimits.Container(name)));
        Assert.All(["ab", new string('c', 64), "Abc", "-ab", "ab-", "a--b", "a_b"], static name => Assert.NotNull(BlobLimits.Container(name)));
        Assert.All(["a", new string('n', 1024), string.Join('/', Enumerable.Repeat("s", 254)), "a b#?%"], static name => Assert.Null(BlobLimits.Blob(name)));
        Assert.All(["", new string('n', 1025), string.Join('/', Enumerable.Repeat("s", 255)), "a.", "a/", "a./b", "a\u0081"], static name => Assert.NotNull(BlobLimits.Blob(name)));
        Assert.All(["abc", "T" + new string('t', 62)], static name => Assert.Null(TableLimits.Table(name)));
        Assert.All(["ab", new string('t', 64), "1bc", "a_b", "Tables", "TABLES"], static name => Assert.NotNull(TableLimits.Table(name)));
        Assert.All(["k", new string('語', 512), "a%2F+'\" ~"], static key => Assert.Null(TableLimits.Key(key)));
        Assert.All(["", new string('k', 513), "a/", "a\\", "#a", "a?b", "\u001f", "\u009f", "\uD83D"], static key => Assert.NotNull(TableLimits.Key(key)));
        Assert.All(["feedback", "sla-breaches"], static name => Assert.Null(QueueLimits.Queue(name)));
        Assert.All(["", "-a", "a b", new string('q', 261)], static name => Assert.NotNull(QueueLimits.Queue(name)));
        Assert.All([new string('i', 100), "backup_x:y"], static id => Assert.Null(DurableLimits.Instance(id)));
        Assert.All(["", new string('i', 101), "@a", "a/b", "a#b"], static id => Assert.NotNull(DurableLimits.Instance(id)));
        Assert.Null(DurableLimits.Status(new string('s', 8190)));
        Assert.NotNull(DurableLimits.Status(new string('s', 8191)));
        Assert.NotNull(TableLimits.Entity(new TableEntity("p", "r") { ["a"] = new string('x', (32 * 1024) + 1) }));
        Assert.NotNull(TableLimits.Transaction([.. Enumerable.Range(0, 101).Select(static i => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("p", $"{i}"), default))]));
        Assert.NotNull(QueueLimits.Message(new(new string('x', 256 * 1024)) { MessageId = "m" }));
    }

    [Fact]
    public void The_names_that_are_fixed_are_legal()
    {
        Assert.All(Queues.All, static queue => Assert.Null(QueueLimits.Queue(queue)));
        Assert.Null(DurableLimits.Hub(TestApp.Settings()["TASKHUB_NAME"]!));
        var local = JsonSerializer.Deserialize<JsonElement>(Repository.Read("host.json")).GetProperty("extensions").GetProperty("durableTask").GetProperty("hubName").GetString();
        Assert.Equal("%TASKHUB_NAME%", local);
    }

    private static void AssertRefused(string text, Action<string> check, Func<string, string?> limit)
    {
        if (limit(text) is { } problem)
        {
            Assert.True(Record.Exception(() => check(text)) is ArgumentException, $"core lets through what a service refuses: {problem}");
        }
    }
}
