using System.Text;
using Azure.Data.Tables;
using Maintenance.Storage;
using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Tests.Limits;

namespace MaintenanceFunctions.Tests.Azurite;

public sealed class AzuriteTableTests : IDisposable
{
    private readonly AzuriteClient _client = new();
    private readonly AzuriteTables _tables;

    public AzuriteTableTests() => _tables = new AzuriteTables(_client);

    public void Dispose() => _client.Dispose();

    [AzuriteFact]
    public async Task A_row_is_inserted_once_and_replaced_under_its_ETag_alone()
    {
        var table = await _tables.MakeAsync();
        var row = TableDocument.Write("p", "r", """{"n":1}""");

        var inserted = await _tables.InsertAsync(table, row);
        var again = await _tables.InsertAsync(table, row);
        var replaced = await _tables.ReplaceAsync(table, row, inserted.Headers["ETag"]);
        var stale = await _tables.ReplaceAsync(table, row, inserted.Headers["ETag"]);
        var missing = await _tables.ReplaceAsync(table, TableDocument.Write("p", "q", "{}"), inserted.Headers["ETag"]);

        Assert.Equal((204, 409, "EntityAlreadyExists"), (inserted.Status, again.Status, again.Code));
        Assert.Matches("^W/\"[^\"]+\"$", inserted.Headers["ETag"]);
        Assert.Equal((204, 412), (replaced.Status, stale.Status));
        Assert.Equal((404, "ResourceNotFound"), (missing.Status, missing.Code));
        Assert.Equal(404, (await _tables.DeleteAsync(table, TableDocument.Write("p", "q", "{}"))).Status);
    }

    [AzuriteFact]
    public async Task A_transaction_is_all_or_nothing_and_says_which_action_failed()
    {
        var table = await _tables.MakeAsync();
        _ = await _tables.InsertAsync(table, TableDocument.Write("p", "there", "{}"));

        var failed = await _tables.BatchAsync(table, (HttpMethod.Post, TableDocument.Write("p", "a", "{}"), null), (HttpMethod.Post, TableDocument.Write("p", "there", "{}"), null));
        var done = await _tables.BatchAsync(
            table, [.. Enumerable.Range(0, 99).Select(static i => (HttpMethod.Post, TableDocument.Write("p", $"r{i:00}", "{}"), (string?)null)), (HttpMethod.Delete, TableDocument.Write("p", "there", "{}"), "*")]);

        Assert.Contains("EntityAlreadyExists", failed.Text, StringComparison.Ordinal);
        Assert.Contains("1:", failed.Text, StringComparison.Ordinal);
        Assert.Equal(202, done.Status);
        Assert.DoesNotContain("HTTP/1.1 4", done.Text, StringComparison.Ordinal);
        var (rows, _) = await _tables.QueryAsync(table, "PartitionKey eq 'p'");
        Assert.Equal(Enumerable.Range(0, 99).Select(static i => $"r{i:00}"), rows);
    }

    [AzuriteFact]
    public async Task A_range_comes_in_ordinal_order_and_goes_on_where_its_page_ended()
    {
        var table = await _tables.MakeAsync();
        string[] keys = ["-", "A", "B", "_", "a", "b", "it's", "ä", "é", "due_20261122T020000.000Z_T-1", "due_20261122T020000.001Z_T-1", "due_2", "z"];
        foreach (var key in keys.Reverse())
        {
            Assert.True((await _tables.InsertAsync(table, TableDocument.Write("it's", key, "{}"))).IsGood, key);
        }

        _ = await _tables.InsertAsync(table, TableDocument.Write("other", "b", "{}"));
        var (all, pages) = await _tables.QueryAsync(table, "PartitionKey eq 'it''s'", page: 4);
        var (range, _) = await _tables.QueryAsync(table, "PartitionKey eq 'it''s' and RowKey ge 'due_' and RowKey lt 'due`'");

        Assert.Equal(keys.Order(StringComparer.Ordinal), all);
        Assert.Equal(4, pages);
        Assert.Equal(["due_2", "due_20261122T020000.000Z_T-1", "due_20261122T020000.001Z_T-1"], range);
    }

    [AzuriteFact]
    public async Task Documents_of_every_size_come_back_as_they_were()
    {
        var table = await _tables.MakeAsync();
        foreach (var (index, letter) in new[] { "x", "ж", "語", "\\\"" }.Index())
        {
            foreach (var characters in new[] { 0, 1, TableDocument.MaxTextCharacters - 8, TableDocument.MaxTextCharacters - 7, 100_000, 280_000 })
            {
                var json = $$"""{"a":"{{string.Concat(Enumerable.Repeat(letter, characters / letter.Length))}}"}""";
                var entity = TableDocument.Write("p", $"{index}-{characters}", json);
                Assert.Null(TableLimits.Entity(entity));
                var stored = await _tables.InsertAsync(table, entity);
                Assert.True(stored.IsGood, $"{letter} {characters}: {stored.Text}");
                Assert.Equal(json, Read((await _tables.GetAsync(table, "p", $"{index}-{characters}")).Text));
            }
        }

        var largest = TableDocument.Write("p", "largest", $$"""{"a":"{{new string('x', IRecordStore.MaxDocumentBytes - 8)}}"}""");
        Assert.True((await _tables.InsertAsync(table, largest)).IsGood);
    }

    [AzuriteFact]
    public async Task A_batch_as_large_as_the_port_allows_is_taken_whatever_it_says()
    {
        var table = await _tables.MakeAsync();
        foreach (var letter in new[] { "x", "ж", "語", "\\\"" })
        {
            var json = $$"""{"a":"{{string.Concat(Enumerable.Repeat(letter, ((IRecordStore.MaxBatchBytes / 100) - 20) / Encoding.UTF8.GetByteCount(letter)))}}"}""";
            var documents = Enumerable.Repeat(json, 100).ToList();
            var answer = await _tables.BatchAsync(table, [.. documents.Select((document, index) => (HttpMethod.Post, TableDocument.Write(letter[^1..], $"{index:00}", document, TableDocument.MostText(documents)), (string?)null))]);
            Assert.True(answer.Status == 202 && !answer.Text.Contains("HTTP/1.1 4", StringComparison.Ordinal), $"{letter}: {answer.Status} {answer.Text[..Math.Min(answer.Text.Length, 400)]}");
        }
    }

    /// <summary>Each rule of <see cref="TableLimits.Key"/> and <see cref="TableLimits.Table"/>, asked of the emulator.</summary>
    [AzuriteFact]
    public async Task The_rules_of_names_and_keys_are_those_of_the_emulator()
    {
        var table = await _tables.MakeAsync();
        var differences = new List<string>();
        foreach (var (what, key) in Keys)
        {
            var answer = await _tables.InsertAsync(table, TableDocument.Write("p", key, "{}"));
            var found = answer.IsGood ? await _tables.GetAsync(table, "p", key) : answer;
            if (found.IsGood != TableLimits.Key(key) is null)
            {
                differences.Add($"{what}: {(answer.IsGood ? found.IsGood ? "taken" : $"taken, and then {found.Status} {found.Code}" : $"{answer.Status} {answer.Code}")}");
            }
        }

        foreach (var name in new[] { "abc", new string('t', 63), "T1t", "ab", new string('t', 64), "1ab", "a_b", "a-b", "Tables", "täb" })
        {
            var answer = await _tables.CreateAsync(name);
            if ((answer.IsGood || answer.Status == 409) != TableLimits.Table(name) is null)
            {
                differences.Add($"table {name}: {answer.Status} {answer.Code}");
            }
        }

        Assert.Equal((409, "TableAlreadyExists"), (await _tables.CreateAsync(table.ToUpperInvariant())) is { } again ? (again.Status, again.Code) : default);
        Assert.Empty(differences);
    }

    /// <summary>Each limit of <see cref="TableLimits.Entity"/> and <see cref="TableLimits.Transaction"/>, broken by one. Where the emulator does not mind it is said.</summary>
    [AzuriteFact]
    public async Task The_limits_of_sizes_are_those_of_the_emulator_but_where_it_is_known_to_differ()
    {
        var table = await _tables.MakeAsync();
        var differences = new List<string>();
        var fits = TableDocument.Write("p", "r", "{}");
        await EntityAsync("a text of 32 Ki characters", new TableEntity("p", "0") { ["a"] = new string('x', 32 * 1024) });
        await EntityAsync("a text of 32 Ki characters and one", new TableEntity("p", "1") { ["a"] = new string('x', (32 * 1024) + 1) });
        await EntityAsync("64 KiB of bytes", new TableEntity("p", "2") { ["a"] = new byte[64 * 1024] });
        await EntityAsync("64 KiB of bytes and one", new TableEntity("p", "3") { ["a"] = new byte[(64 * 1024) + 1] });
        await EntityAsync("252 properties", Many("4", 252, 1));
        await EntityAsync("253 properties", Many("5", 253, 1));
        await EntityAsync("15 times 64 KiB", Many("6", 15, 64 * 1024));
        await EntityAsync("16 times 64 KiB", Many("7", 16, 64 * 1024));
        await BatchAsync("100 actions", [.. Enumerable.Range(0, 100).Select(static i => TableDocument.Write("p", $"a{i}", "{}"))]);
        await BatchAsync("101 actions", [.. Enumerable.Range(0, 101).Select(static i => TableDocument.Write("p", $"b{i}", "{}"))]);
        await BatchAsync("a row twice", fits, fits);
        await BatchAsync("two partitions", TableDocument.Write("p", "c", "{}"), TableDocument.Write("q", "c", "{}"));
        await BatchAsync("3.7 MiB", [.. Enumerable.Range(0, 4).Select(static i => Many($"d{i}", 11, 64 * 1024))]);
        await BatchAsync("an entity of 960 KiB in a transaction", Many("f", 15, 64 * 1024));
        await BatchAsync("5 MiB", [.. Enumerable.Range(0, 4).Select(static i => Many($"e{i}", 15, 64 * 1024))]);

        Assert.True(differences.SequenceEqual(Known), string.Join('\n', differences));

        async Task EntityAsync(string what, TableEntity entity)
        {
            var answer = await _tables.InsertAsync(table, entity);
            Compare(what, answer.IsGood, TableLimits.Entity(entity) is null, answer);
        }

        async Task BatchAsync(string what, params TableEntity[] entities)
        {
            var answer = await _tables.BatchAsync(table, [.. entities.Select(static entity => (HttpMethod.Put, entity, (string?)null))]);
            var isTaken = answer.IsGood && !answer.Text.Contains("HTTP/1.1 4", StringComparison.Ordinal) && !answer.Text.Contains("HTTP/1.1 5", StringComparison.Ordinal);
            Compare(what, isTaken, TableLimits.Transaction([.. entities.Select(static entity => new TableTransactionAction(TableTransactionActionType.UpsertReplace, entity, default))]) is null, answer);
        }

        void Compare(string what, bool isTaken, bool isAllowed, AzuriteAnswer answer)
        {
            if (isTaken != isAllowed)
            {
                differences.Add($"{what}: {(isTaken ? "taken" : $"{answer.Status} {answer.Code}")}");
            }
        }

        static TableEntity Many(string row, int count, int bytes)
        {
            var entity = new TableEntity("p", row);
            for (var i = 0; i < count; i++)
            {
                entity[$"a{i}"] = new byte[bytes];
            }

            return entity;
        }
    }

    /// <summary>
    /// What the emulator takes and the service, by its documentation, does not; and one thing that it refuses: in a transaction it counts bytes as the base64 that they
    /// travel as, so that a document of more than about 750 KiB, which the service takes, is too large for the emulator.
    /// </summary>
    private static string[] Known { get; } = ["253 properties: taken", "16 times 64 KiB: taken", "two partitions: taken", "an entity of 960 KiB in a transaction: 202 "];

    private static (string What, string Key)[] Keys { get; } =
    [
        ("512 characters", new string('k', 512)), ("513 characters", new string('k', 513)), ("512 beyond ASCII", new string('語', 512)), ("a slash", "a/b"), ("a backslash", "a\\b"), ("a hash", "a#b"), ("a question mark", "a?b"), ("a tab", "a\tb"), ("NUL", "a\0b"), ("U+001F", "a\u001fb"),
        ("DEL", "a\u007fb"), ("U+0085", "a\u0085b"), ("a percent sign", "a%b"), ("an escape that is none", "a%2Fb"), ("a plus", "a+b"), ("a space", "a b"), ("a quote", "it's"), ("two quotes", "''"), ("a double quote", "a\"b"), ("parentheses", "a(b)c"), ("an ampersand", "a&b=c"), ("a comma and a semicolon", "a,b;c"),
        ("accents", "naïve"), ("an emoji", "😀"), ("U+E000", "a\uE000b"), ("a tilde", "a~20b"), ("dots", ".."), ("a dot at the end", "a."), ("a colon and an at sign", "of:T-1@x"), ("a dollar sign", "$batch"), ("less than", "<a>"), ("a star", "*"), ("a pipe", "a|b"), ("a brace", "{a}"),
    ];

    private static string Read(string answer)
    {
        var properties = System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, System.Text.Json.JsonElement>>(answer)!;
        var entity = new TableEntity("p", "r");
        foreach (var (name, value) in properties.Where(static property => property.Key.StartsWith("Json", StringComparison.Ordinal) && !property.Key.Contains('@', StringComparison.Ordinal)))
        {
            entity[name] = name == "Json" ? value.GetString()! : value.GetBytesFromBase64();
        }

        return TableDocument.Read(entity);
    }
}
