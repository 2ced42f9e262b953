using System.Text;
using System.Text.Json.Nodes;
using Maintenance.Tests.Storage;
using Maintenance.Web.Sources;

namespace Maintenance.Tests.Sources;

[Collection(nameof(PostgresServer))]
public sealed class PostgresCopyTests(PostgresServer server)
{
    [PostgresFact]
    public async Task A_restored_database_is_what_it_was_to_pg_dump()
    {
        var from = await RichAsync();
        var snapshot = await CopyAsync(from);

        var to = await server.CreateDatabaseAsync();
        await using var target = new PostgresTarget(server.ConnectionString(to));
        Assert.Empty(await snapshot.RestoreAsync(target));

        Assert.Empty(snapshot.Findings.Problems);
        Assert.Empty(target.Warnings);
        AssertSame(await server.DumpAsync(from), await server.DumpAsync(to));
    }

    [PostgresFact]
    public async Task A_copy_of_the_restored_database_is_the_same_copy()
    {
        var from = await RichAsync();
        var snapshot = await CopyAsync(from);
        var to = await RestoredAsync(snapshot);

        var again = await CopyAsync(to);

        foreach (var ((entry, content), (entryAgain, contentAgain)) in snapshot.Entries.Zip(again.Entries))
        {
            Assert.Equal(entry.Path, entryAgain.Path);
            AssertSame(Text(content).Replace(from, to, StringComparison.Ordinal), Text(contentAgain));
        }
    }

    [PostgresFact]
    public async Task A_copy_can_be_loaded_by_hand_with_psql()
    {
        using var scratch = new ScratchFolder();
        var from = await RichAsync();
        (await CopyAsync(from)).WriteTo(scratch.Root);

        var to = await server.CreateDatabaseAsync();
        await server.PsqlAsync(to, scratch.Root, ["-1", .. Directory.GetFiles(scratch.Root, "*.sql").Order(StringComparer.Ordinal).SelectMany(static file => new[] { "-f", file })]);

        AssertSame(await server.DumpAsync(from), await server.DumpAsync(to));
    }

    [PostgresFact]
    public async Task The_facts_say_what_is_in_the_copy()
    {
        var snapshot = await CopyAsync(await RichAsync());

        var facts = JsonNode.Parse(snapshot["facts.json"])!;
        var tables = facts["tables"]!.AsArray();
        JsonNode Table(string name) => tables.Single(table => (string)table!["name"]! == name)!;
        Assert.Equal(200000, (long)Table("many")["rows"]!);
        Assert.Equal(0, (long)Table("empty")["rows"]!);
        Assert.Equal(2, (long)Table("no_columns")["rows"]!);
        Assert.Equal(3, (long)Table("people")["rows"]!);
        Assert.Null(Table("measured")["file"]);
        Assert.DoesNotContain("initial", Table("people")["columns"]!.AsArray().Select(static column => (string)column!));
        Assert.Equal("UTF8", (string)facts["encoding"]!);
        Assert.Equal(2, (long)facts["largeObjects"]!);
        Assert.Contains("citext", facts["extensions"]!.AsArray().Select(static extension => (string)extension!["name"]!));
        Assert.Equal(["Odd \"Role\"", "pg_database_owner", "postgres", "reader", "register_owner"], facts["roles"]!.AsArray().Select(static role => (string)role!));
    }

    [PostgresFact]
    public async Task What_is_elsewhere_or_secret_is_left_out_and_said()
    {
        var from = await RichAsync();
        await using (var connection = await server.ConnectAsync(from))
        {
            await PostgresServer.RunAsync(connection, "CREATE USER MAPPING FOR reader SERVER elsewhere OPTIONS (user 'u', password 'secret')");
        }

        var snapshot = await CopyAsync(from);

        Assert.Contains(snapshot.Findings.Notes, static note => note.Contains("far", StringComparison.Ordinal) && note.Contains("another server", StringComparison.Ordinal));
        Assert.Contains(snapshot.Findings.Notes, static note => note.Contains("user mapping for reader", StringComparison.Ordinal));
        Assert.DoesNotContain(snapshot.Entries, static entry => Text(entry.Content).Contains("'secret'", StringComparison.Ordinal));
    }

    [PostgresFact]
    public async Task Every_path_is_one_that_a_file_system_takes()
    {
        var snapshot = await CopyAsync(await RichAsync());

        var paths = snapshot.Entries.ConvertAll(static entry => entry.Entry.Path);
        Assert.Contains("20-data/Odd%20%22Schema%22%2Ewith%2Fall.Tâble%20%2F%20with%20%22all%22%20%25%20%27kinds%27%2Eof%20names.copy", paths);
        Assert.Contains("20-data/public.user.copy", paths);
        Assert.Contains("20-data/public.User.copy", paths);
        Assert.All(paths, static path => Assert.InRange(Encoding.UTF8.GetByteCount(path), 1, 250));
        Assert.All(paths.Where(static path => path.StartsWith("20-data/", StringComparison.Ordinal)), static path => Assert.Equal(2, path.Split('/').Length));
        Assert.Equal(paths.Count, paths.Distinct(StringComparer.Ordinal).Count());
    }

    [PostgresFact]
    public async Task Roles_that_the_other_server_does_not_have_are_left_out_and_said()
    {
        var from = await server.CreateDatabaseAsync();
        await using (var connection = await server.ConnectAsync(from))
        {
            await PostgresServer.RunAsync(connection, "CREATE ROLE leaving; CREATE TABLE t (i integer); ALTER TABLE t OWNER TO leaving; GRANT SELECT ON t TO reader; CREATE POLICY p ON t TO leaving USING (true)");
        }

        var snapshot = await CopyAsync(from);
        await using (var connection = await server.ConnectAsync(from))
        {
            await PostgresServer.RunAsync(connection, "DROP TABLE t; DROP ROLE leaving");
        }

        var to = await server.CreateDatabaseAsync();
        await using var target = new PostgresTarget(server.ConnectionString(to));
        Assert.Empty(await snapshot.RestoreAsync(target));

        Assert.Contains(target.Warnings, static warning => warning.Contains("no role \"leaving\"", StringComparison.Ordinal) || warning.Contains("no role leaving", StringComparison.Ordinal));
        await using var restored = await server.ConnectAsync(to);
        Assert.True(await PostgresServer.ScalarAsync<bool>(restored, "SELECT has_table_privilege('reader', 't', 'SELECT')"));
    }

    [PostgresFact]
    public async Task Columns_that_an_heir_got_in_another_order_keep_their_rows()
    {
        var from = await server.CreateDatabaseAsync();
        await using (var connection = await server.ConnectAsync(from))
        {
            await PostgresServer.RunAsync(connection, "CREATE TABLE a (x integer); CREATE TABLE b (y integer) INHERITS (a); ALTER TABLE a ADD z integer; INSERT INTO b (x, y, z) VALUES (1, 2, 3)");
        }

        var to = await RestoredAsync(await CopyAsync(from));

        await using var restored = await server.ConnectAsync(to);
        Assert.Equal("1 2 3", await PostgresServer.ScalarAsync<string>(restored, "SELECT concat_ws(' ', x, y, z) FROM b"));
        Assert.Equal("1 3", await PostgresServer.ScalarAsync<string>(restored, "SELECT concat_ws(' ', x, z) FROM a"));
    }

    [PostgresFact]
    public async Task What_is_set_for_the_database_is_kept_under_its_new_name()
    {
        var from = await server.CreateDatabaseAsync();
        await using (var connection = await server.ConnectAsync(from))
        {
            await PostgresServer.RunAsync(connection, $"ALTER DATABASE \"{from}\" SET search_path TO \"Odd, one\", public; ALTER DATABASE \"{from}\" SET application_name TO '50%'; ALTER ROLE plain IN DATABASE \"{from}\" SET work_mem = '5MB'; COMMENT ON DATABASE \"{from}\" IS 'it''s 100% ours'");
        }

        var to = await RestoredAsync(await CopyAsync(from));

        await using var restored = await server.ConnectAsync(to);
        Assert.Equal("\"Odd, one\", public|50%", await PostgresServer.ScalarAsync<string>(restored, "SELECT current_setting('search_path') || '|' || current_setting('application_name')"));
        Assert.Equal("it's 100% ours", await PostgresServer.ScalarAsync<string>(restored, "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"));
        Assert.Equal("work_mem=5MB", await PostgresServer.ScalarAsync<string>(restored, "SELECT setconfig[1] FROM pg_db_role_setting WHERE setrole = 'plain'::regrole AND setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())"));
    }

    private static void AssertSame(string expected, string actual)
    {
        if (expected != actual)
        {
            // The whole of the two would drown what differs.
            var (before, after) = (expected.Split('\n'), actual.Split('\n'));
            var at = before.Zip(after).TakeWhile(static pair => pair.First == pair.Second).Count();
            Assert.Fail($"They differ from line {at} on:\nwas: {string.Join('\n', before.Skip(at).Take(8))}\n\nis: {string.Join('\n', after.Skip(at).Take(8))}");
        }
    }

    private static string Text(byte[] content) => Encoding.UTF8.GetString(content);

    private Task<string> RichAsync() => server.CreateRichDatabaseAsync();

    private async Task<MemorySnapshot> CopyAsync(string database)
    {
        await using var source = new PostgresSource(server.ConnectionString(database));
        return await MemorySnapshot.TakeAsync(source);
    }

    private async Task<string> RestoredAsync(MemorySnapshot snapshot)
    {
        var database = await server.CreateDatabaseAsync();
        await using var target = new PostgresTarget(server.ConnectionString(database));
        Assert.Empty(await snapshot.RestoreAsync(target));
        return database;
    }
}
