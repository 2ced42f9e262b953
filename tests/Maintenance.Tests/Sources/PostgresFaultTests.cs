using System.Text;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Web.Sources;
using Npgsql;

namespace Maintenance.Tests.Sources;

[Collection(nameof(PostgresServer))]
public sealed class PostgresFaultTests(PostgresServer server)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [PostgresFact]
    public async Task The_copy_is_of_one_instant_whatever_is_written_meanwhile()
    {
        var from = await server.CreateDatabaseAsync();
        await using var connection = await server.ConnectAsync(from);
        await PostgresServer.RunAsync(connection, "CREATE TABLE a_cash (id integer PRIMARY KEY, money bigint); CREATE TABLE z_bank (id integer PRIMARY KEY, money bigint); INSERT INTO a_cash SELECT i, 1000 FROM generate_series(1, 2000) AS i; INSERT INTO z_bank SELECT i, 1000 FROM generate_series(1, 2000) AS i; CREATE TABLE m_log (i serial, t text)");
        using var over = new CancellationTokenSource();
        var transfers = 0;
        var writers = Enumerable.Range(0, 3).Select(writer => Task.Run(async () =>
        {
            await using var own = await server.ConnectAsync(from);
            var random = new Random(writer);
            while (!over.IsCancellationRequested)
            {
                var (give, take, sum) = (random.Next(1, 2001), random.Next(1, 2001), random.Next(1, 50));
                await PostgresServer.RunAsync(own, $"UPDATE a_cash SET money = money - {sum} WHERE id = {give}; UPDATE z_bank SET money = money + {sum} WHERE id = {take}; INSERT INTO m_log (t) VALUES ('x')");
                Interlocked.Increment(ref transfers);
            }
        })).ToList();

        // The copy begins in the middle of their work.
        while (Volatile.Read(ref transfers) < 20 && !writers.Exists(static writer => writer.IsFaulted))
        {
            await Task.Delay(5);
        }

        await using var source = new PostgresSource(server.ConnectionString(from));
        var snapshot = await MemorySnapshot.TakeAsync(source, async _ =>
        {
            // Between any two files of the copy others have written.
            var before = Volatile.Read(ref transfers);
            while (Volatile.Read(ref transfers) < before + 20 && !writers.Exists(static writer => writer.IsFaulted))
            {
                await Task.Yield();
            }
        });
        await over.CancelAsync();
        await Task.WhenAll(writers);

        var to = await server.CreateDatabaseAsync();
        await using var target = new PostgresTarget(server.ConnectionString(to));
        Assert.Empty(await snapshot.RestoreAsync(target));
        await using var restored = await server.ConnectAsync(to);
        Assert.Equal(4_000_000m, await PostgresServer.ScalarAsync<decimal>(restored, "SELECT (SELECT sum(money) FROM a_cash) + (SELECT sum(money) FROM z_bank)"));
        Assert.NotEqual(await PostgresServer.ScalarAsync<decimal>(connection, "SELECT sum(money) FROM a_cash"), await PostgresServer.ScalarAsync<decimal>(restored, "SELECT sum(money) FROM a_cash"));

        // A sequence is never behind the rows that were numbered by it.
        Assert.True(await PostgresServer.ScalarAsync<bool>(restored, "SELECT nextval('m_log_i_seq') > (SELECT max(i) FROM m_log)"));
    }

    [PostgresFact]
    public async Task Tables_made_while_the_copy_goes_on_are_not_in_it_and_none_can_be_altered()
    {
        var from = await SmallAsync();
        await using var other = await server.ConnectAsync(from);
        await using var source = new PostgresSource(server.ConnectionString(from));
        var snapshot = await MemorySnapshot.TakeAsync(source, async entry =>
        {
            if (entry.Path == "10-schema.sql")
            {
                await PostgresServer.RunAsync(other, "CREATE TABLE later (i integer)");
                var refused = await Assert.ThrowsAsync<PostgresException>(() => PostgresServer.RunAsync(other, "SET lock_timeout = 100; TRUNCATE t"));
                Assert.Equal(PostgresErrorCodes.LockNotAvailable, refused.SqlState);
            }
        });

        Assert.DoesNotContain("later", Encoding.UTF8.GetString(snapshot["10-schema.sql"]), StringComparison.Ordinal);
        Assert.Equal("1\n2\n3\n", Encoding.UTF8.GetString(snapshot["20-data/public.t.copy"]));
    }

    [PostgresFact]
    public async Task A_table_that_somebody_alters_for_too_long_makes_the_copy_fail_in_words()
    {
        var from = await SmallAsync();
        await using var other = await server.ConnectAsync(from);
        await using var altering = await other.BeginTransactionAsync();
        await PostgresServer.RunAsync(other, "ALTER TABLE t ADD x integer");

        await using var source = new PostgresSource(server.ConnectionString(from), TimeSpan.FromMilliseconds(200));
        var error = await Assert.ThrowsAsync<IOException>(() => MemorySnapshot.TakeAsync(source));

        Assert.Contains("altering a table", error.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_database_that_is_not_empty_is_refused_and_left_alone()
    {
        var snapshot = await CopyAsync(await SmallAsync());
        foreach (var (script, what) in new[] { ("CREATE TABLE mine (i integer)", "mine"), ("CREATE TYPE m AS ENUM ('a')", "type"), ("CREATE SCHEMA s", "schema"), ("SELECT lo_create(5)", "large object"), ("CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 1", "function") })
        {
            var to = await server.CreateDatabaseAsync();
            await using var connection = await server.ConnectAsync(to);
            await PostgresServer.RunAsync(connection, script);
            var before = await server.DumpAsync(to);

            await using var target = new PostgresTarget(server.ConnectionString(to));
            var error = await Assert.ThrowsAsync<IOException>(() => snapshot.RestoreAsync(target));

            Assert.Contains("is not empty", error.Message, StringComparison.Ordinal);
            Assert.Contains(what, error.Message, StringComparison.Ordinal);
            Assert.Contains("createdb", error.Message, StringComparison.Ordinal);
            Assert.Equal(before, await server.DumpAsync(to));
        }
    }

    [PostgresFact]
    public async Task A_database_with_nothing_but_extensions_is_empty()
    {
        var snapshot = await CopyAsync(await SmallAsync());
        var to = await server.CreateDatabaseAsync();
        await using var connection = await server.ConnectAsync(to);
        await PostgresServer.RunAsync(connection, "CREATE EXTENSION hstore");

        await using var target = new PostgresTarget(server.ConnectionString(to));

        Assert.Empty(await snapshot.RestoreAsync(target));
        Assert.Equal(3, await PostgresServer.ScalarAsync<long>(connection, "SELECT count(*) FROM t"));
    }

    [PostgresFact]
    public async Task A_wrong_password_is_said_without_saying_it()
    {
        var from = await SmallAsync();
        await using var source = new PostgresSource(server.ConnectionString(from, "needs_password", "wrong-0ne"));
        var error = await Assert.ThrowsAsync<IOException>(() => MemorySnapshot.TakeAsync(source));

        Assert.Contains("password authentication failed", error.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-0ne", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-0ne", source.Description, StringComparison.Ordinal);

        await using var target = new PostgresTarget(server.ConnectionString(from, "needs_password", "wrong-0ne"));
        Assert.DoesNotContain("wrong-0ne", (await Assert.ThrowsAsync<IOException>(() => target.PrepareAsync(None))).ToString(), StringComparison.Ordinal);

        await using var right = new PostgresSource(server.ConnectionString(await SmallAsync("GRANT SELECT ON t TO needs_password"), "needs_password", "right;one"));
        Assert.Empty((await MemorySnapshot.TakeAsync(right)).Findings.Problems);
    }

    [Theory]
    [InlineData("Host=db;Password=hush;hush=1;Database=x")]
    [InlineData("Host=db;Port=hush")]
    [InlineData("hush")]
    [InlineData("postgres://me:hush@db/x")]
    public void A_connection_string_that_is_none_is_refused_without_being_quoted(string text)
    {
        Assert.DoesNotContain("hush", Assert.Throws<IOException>(() => new PostgresSource(text)).ToString().Split("   at ")[0], StringComparison.Ordinal);
        Assert.DoesNotContain("hush", Assert.Throws<IOException>(() => new PostgresTarget(text)).ToString().Split("   at ")[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_said_in_words()
    {
        await using var source = new PostgresSource("Host=127.0.0.1;Port=1;Username=me;Password=hush;Database=register");

        var error = await Assert.ThrowsAsync<IOException>(() => MemorySnapshot.TakeAsync(source));

        Assert.Contains("register at 127.0.0.1:1", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", error.ToString(), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_connection_string_without_a_host_is_said_in_words()
    {
        await using var source = new PostgresSource("Username=me;Password=hush;Database=register");

        Assert.DoesNotContain("hush", (await Assert.ThrowsAsync<IOException>(() => MemorySnapshot.TakeAsync(source))).ToString(), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Rows_that_may_not_be_read_are_a_problem_and_the_rest_is_copied()
    {
        var from = await SmallAsync("CREATE TABLE hidden (i integer); CREATE TABLE filtered (i integer); ALTER TABLE filtered ENABLE ROW LEVEL SECURITY; GRANT SELECT ON t, filtered TO plain; CREATE SEQUENCE s");

        await using var source = new PostgresSource(server.ConnectionString(from, "plain"));
        var snapshot = await MemorySnapshot.TakeAsync(source);

        Assert.Equal(3, snapshot.Findings.ProblemCount);
        Assert.Contains(snapshot.Findings.Problems, static problem => problem.Contains("public.hidden", StringComparison.Ordinal) && problem.Contains("GRANT SELECT", StringComparison.Ordinal));
        Assert.Contains(snapshot.Findings.Problems, static problem => problem.Contains("public.filtered", StringComparison.Ordinal) && problem.Contains("row-level security", StringComparison.Ordinal));
        Assert.Contains(snapshot.Findings.Problems, static problem => problem.Contains("\"s\"", StringComparison.Ordinal));
        Assert.Equal("1\n2\n3\n", Encoding.UTF8.GetString(snapshot["20-data/public.t.copy"]));

        // What could be read can be restored.
        var to = await server.CreateDatabaseAsync();
        await using var target = new PostgresTarget(server.ConnectionString(to));
        Assert.Empty(await snapshot.RestoreAsync(target));
    }

    [PostgresFact]
    public async Task Kinds_of_object_that_are_not_copied_are_a_problem()
    {
        var from = await SmallAsync("CREATE OPERATOR FAMILY fam USING btree; CREATE CONVERSION conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8");

        var snapshot = await CopyAsync(from);

        Assert.Equal(2, snapshot.Findings.ProblemCount);
        Assert.Contains(snapshot.Findings.Problems, static problem => problem.Contains("operator family", StringComparison.Ordinal));
        Assert.Contains(snapshot.Findings.Problems, static problem => problem.Contains("conversion", StringComparison.Ordinal));
    }

    [PostgresFact]
    public async Task A_file_that_is_not_read_to_its_end_does_not_hurt_those_after_it()
    {
        var from = await SmallAsync("CREATE TABLE big AS SELECT i, repeat('x', 100) AS t FROM generate_series(1, 300000) AS i; CREATE TABLE a (i integer)");
        await using var source = new PostgresSource(server.ConnectionString(from));
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (var entry in source.ScanAsync(new SourceFindings(), None))
        {
            if (entry.Kind != TreeEntryKind.File)
            {
                continue;
            }

            await using var stream = await source.OpenAsync(entry, None);
            if (entry.Path == "20-data/public.big.copy")
            {
                Assert.Equal(1000, await stream.ReadAsync(new byte[1000]));
                continue;
            }

            using var reader = new StreamReader(stream);
            files.Add(entry.Path, await reader.ReadToEndAsync());
        }

        Assert.Equal("1\n2\n3\n", files["20-data/public.t.copy"]);
        Assert.Matches("\"name\": \"big\",[^}]*\"file\": \"20-data/public.big.copy\"\\s*}", files["facts.json"]);
    }

    [PostgresFact]
    public async Task A_connection_that_breaks_while_a_table_is_read_never_looks_like_its_end()
    {
        var from = await SmallAsync("CREATE TABLE big AS SELECT i, repeat('x', 100) AS t FROM generate_series(1, 500000) AS i");
        await using var other = await server.ConnectAsync("postgres");
        await using var source = new PostgresSource(server.ConnectionString(from));
        await foreach (var entry in source.ScanAsync(new SourceFindings(), None))
        {
            if (entry.Path != "20-data/public.big.copy")
            {
                continue;
            }

            await using var stream = await source.OpenAsync(entry, None);
            await stream.ReadExactlyAsync(new byte[1000]);
            await PostgresServer.RunAsync(other, $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{from}'");
            var error = await Assert.ThrowsAsync<IOException>(() => stream.CopyToAsync(Stream.Null));
            Assert.Contains("public.big", error.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<IOException>(async () => Assert.NotEqual(0, await stream.ReadAsync(new byte[10])));
            break;
        }

        await Assert.ThrowsAsync<IOException>(async () => await source.OpenAsync(new TreeEntry { Path = "20-data/public.t.copy", Kind = TreeEntryKind.File }, None));
    }

    [PostgresFact]
    public async Task A_copy_that_is_cancelled_ends_and_lets_the_tables_go()
    {
        var from = await SmallAsync("CREATE TABLE big AS SELECT i, repeat('x', 100) AS t FROM generate_series(1, 300000) AS i");
        using var cancellation = new CancellationTokenSource();
        await using (var source = new PostgresSource(server.ConnectionString(from)))
        {
            await foreach (var entry in source.ScanAsync(new SourceFindings(), None))
            {
                if (entry.Path == "20-data/public.big.copy")
                {
                    await using var stream = await source.OpenAsync(entry, cancellation.Token);
                    await stream.ReadExactlyAsync(new byte[1000], cancellation.Token);
                    await cancellation.CancelAsync();
                    await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stream.CopyToAsync(Stream.Null, cancellation.Token));
                    break;
                }
            }
        }

        await using var other = await server.ConnectAsync(from);
        await PostgresServer.RunAsync(other, "SET lock_timeout = '30s'; TRUNCATE big");
    }

    [PostgresFact]
    public async Task Names_with_line_breaks_are_copied()
    {
        var from = await SmallAsync("CREATE TABLE \"two\nlines\" (\"a\tb\" integer, \"c\\\"\"\n\" text); INSERT INTO \"two\nlines\" VALUES (7, 'x')");

        var to = await server.CreateDatabaseAsync();
        await using var target = new PostgresTarget(server.ConnectionString(to));
        Assert.Empty(await (await CopyAsync(from)).RestoreAsync(target));

        await using var restored = await server.ConnectAsync(to);
        Assert.Equal(7, await PostgresServer.ScalarAsync<int>(restored, "SELECT \"a\tb\" FROM \"two\nlines\" WHERE \"c\\\"\"\n\" = 'x'"));
    }

    [PostgresFact]
    public async Task Texts_of_another_encoding_arrive()
    {
        var from = await server.CreateDatabaseAsync("ENCODING 'LATIN1' LOCALE 'C'");
        await using (var connection = await server.ConnectAsync(from))
        {
            await PostgresServer.RunAsync(connection, "CREATE TABLE \"größe\" (t text); INSERT INTO \"größe\" VALUES ('Ärger')");
        }

        var to = await server.CreateDatabaseAsync();
        await using var target = new PostgresTarget(server.ConnectionString(to));
        Assert.Empty(await (await CopyAsync(from)).RestoreAsync(target));

        await using var restored = await server.ConnectAsync(to);
        Assert.Equal("Ärger", await PostgresServer.ScalarAsync<string>(restored, "SELECT t FROM \"größe\""));
    }

    [PostgresFact]
    public async Task Rows_that_a_user_added_to_a_table_of_an_extension_are_copied()
    {
        // The only extension in Debian's package with such a table would need files of our own; any table can be declared one inside an extension's script, which
        // the catalogs show in the same way.
        var from = await SmallAsync("CREATE EXTENSION hstore; CREATE TABLE settings (i integer, is_ours boolean); ALTER EXTENSION hstore ADD TABLE settings; INSERT INTO settings VALUES (1, true), (2, false); UPDATE pg_extension SET extconfig = ARRAY['settings'::regclass::oid], extcondition = ARRAY['WHERE NOT is_ours'] WHERE extname = 'hstore'");

        var snapshot = await CopyAsync(from);

        Assert.Equal("2\tf\n", Encoding.UTF8.GetString(snapshot["20-data/public.settings.copy"]));
        Assert.DoesNotContain("CREATE TABLE \"public\".\"settings\"", Encoding.UTF8.GetString(snapshot["10-schema.sql"]), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Whoever_owns_the_empty_database_can_restore_and_owns_what_he_may_not_give_away()
    {
        var snapshot = await CopyAsync(await SmallAsync("CREATE SCHEMA s; CREATE TYPE s.m AS ENUM ('a'); CREATE TABLE s.x (m s.m DEFAULT 'a', n serial); GRANT SELECT ON t TO reader; CREATE EXTENSION citext; COMMENT ON SCHEMA public IS 'ours'"));
        var to = await server.CreateDatabaseAsync("OWNER plain");
        await using var target = new PostgresTarget(server.ConnectionString(to, "plain"));

        Assert.Empty(await snapshot.RestoreAsync(target));

        Assert.Contains(target.Warnings, static warning => warning.Contains("OWNER TO", StringComparison.Ordinal));
        await using var restored = await server.ConnectAsync(to);
        Assert.Equal("plain", await PostgresServer.ScalarAsync<string>(restored, "SELECT tableowner::text FROM pg_tables WHERE tablename = 't'"));
        Assert.True(await PostgresServer.ScalarAsync<bool>(restored, "SELECT has_table_privilege('reader', 't', 'SELECT')"));
    }

    [PostgresFact]
    public async Task Damaged_contents_leave_the_database_as_empty_as_it_was()
    {
        var snapshot = await CopyAsync(await SmallAsync());
        foreach (var damaged in snapshot.Entries.Where(static entry => entry.Entry.Kind == TreeEntryKind.File).Select(static entry => entry.Entry.Path))
        {
            var to = await server.CreateDatabaseAsync();
            var before = await server.DumpAsync(to);
            await using var target = new PostgresTarget(server.ConnectionString(to));

            var error = await Assert.ThrowsAsync<IOException>(() => snapshot.RestoreAsync(target, (entry, content) => entry.Path == damaged ? new DamagedStream(content) : new MemoryStream(content)));

            Assert.Contains("Nothing was restored", error.Message, StringComparison.Ordinal);
            Assert.Contains(damaged, error.Message, StringComparison.Ordinal);
            Assert.Equal(before, await server.DumpAsync(to));
        }
    }

    [PostgresFact]
    public async Task The_restore_hears_of_the_damage_itself_and_then_that_the_rest_was_not_written()
    {
        var snapshot = await CopyAsync(await SmallAsync());
        await using var target = new PostgresTarget(server.ConnectionString(await server.CreateDatabaseAsync()));
        await target.PrepareAsync(None);
        foreach (var (entry, content) in snapshot.Entries)
        {
            var at = SourceOrder.ByFolder.Compare(entry.Path, "20-data/public.t.copy");
            if (at == 0)
            {
                await Assert.ThrowsAsync<InvalidDataException>(() => target.WriteAsync(entry, new DamagedStream(content), None));
            }
            else if (at > 0)
            {
                await Assert.ThrowsAsync<IOException>(() => target.WriteAsync(entry, new MemoryStream(content), None));
            }
            else
            {
                await target.WriteAsync(entry, new MemoryStream(content), None);
            }
        }

        await Assert.ThrowsAsync<IOException>(() => target.CompleteAsync(None));
    }

    [PostgresFact]
    public async Task A_copy_with_a_file_missing_is_not_restored()
    {
        var from = await SmallAsync();
        foreach (var path in (await CopyAsync(from)).Entries.Where(static entry => entry.Entry.Kind == TreeEntryKind.File).Select(static entry => entry.Entry.Path))
        {
            var snapshot = await CopyAsync(from);
            snapshot.Entries.RemoveAll(entry => entry.Entry.Path == path);
            var to = await server.CreateDatabaseAsync();
            await using var target = new PostgresTarget(server.ConnectionString(to));

            await Assert.ThrowsAsync<IOException>(() => snapshot.RestoreAsync(target));

            await using var restored = await server.ConnectAsync(to);
            Assert.Equal(0, await PostgresServer.ScalarAsync<long>(restored, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"));
        }
    }

    [PostgresFact]
    public async Task Fewer_rows_than_the_facts_say_are_not_restored()
    {
        var snapshot = await CopyAsync(await SmallAsync());
        await using var target = new PostgresTarget(server.ConnectionString(await server.CreateDatabaseAsync()));

        var error = await Assert.ThrowsAsync<IOException>(() => snapshot.RestoreAsync(target, static (entry, content) => new MemoryStream(entry.Path == "20-data/public.t.copy" ? content[..2] : content)));

        Assert.Contains("its 3 rows", error.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Rows_that_the_server_refuses_are_named()
    {
        var snapshot = await CopyAsync(await SmallAsync());
        var to = await server.CreateDatabaseAsync();
        await using var target = new PostgresTarget(server.ConnectionString(to));

        var error = await Assert.ThrowsAsync<IOException>(() => snapshot.RestoreAsync(target, static (entry, content) => new MemoryStream(entry.Path == "20-data/public.t.copy" ? "1\nno number\n3\n"u8.ToArray() : content)));

        Assert.Contains("20-data/public.t.copy", error.Message, StringComparison.Ordinal);
        Assert.Contains("integer", error.Message, StringComparison.Ordinal);
    }

    private async Task<string> SmallAsync(string more = "")
    {
        var database = await server.CreateDatabaseAsync();
        await using var connection = await server.ConnectAsync(database);
        await PostgresServer.RunAsync(connection, "CREATE TABLE t (i integer PRIMARY KEY); INSERT INTO t VALUES (1), (2), (3);" + more);
        return database;
    }

    private async Task<MemorySnapshot> CopyAsync(string database)
    {
        await using var source = new PostgresSource(server.ConnectionString(database));
        return await MemorySnapshot.TakeAsync(source);
    }

    /// <summary>Half the contents, then what a repository says of damage.</summary>
    private sealed class DamagedStream(byte[] content) : MemoryStream(content[..(content.Length / 2)])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new InvalidDataException("a chunk is damaged");
    }
}
