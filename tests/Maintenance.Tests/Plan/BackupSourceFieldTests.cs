using Maintenance.Backups;
using Maintenance.Plan;

namespace Maintenance.Tests.Plan;

/// <summary>A policy reads exactly one source, and none of them is a place for a secret.</summary>
public sealed class BackupSourceFieldTests
{
    private const string Secret = "Tr0ub4dor";
    private const string None = "Write exactly one of folder, records, container, table, postgres, command.";
    private const string SettingHint = "Write the name of the host's setting that holds the connection string, such as CIVREG_DATABASE.";
    private const string ContainerHint = "Write one such as https://account.blob.core.windows.net/scans.";

    public static TheoryData<Fault> Choices => new(
        Broken("{}", "source: |{}", "source", "it has none of folder, records, container, table, postgres, command.", "Write exactly one of them."),
        Broken("{ folder: }", "source: |{", "source", "it has none of folder, records, container, table, postgres, command.", "Write exactly one of them."),
        Broken("{ folder: register, records: all }", ", |records", "source.records", "there is 'folder' already.", None),
        Broken("{ postgres: CIVREG, table: https://a.example/Births }", ", |table", "source.table", "there is 'postgres' already.", None),
        Broken("{ foldr: register }", "{ |foldr", "source.foldr", "the key 'foldr' is not known here.", "Did you mean 'folder'?"),
        Broken("{ foldr: register, oneFileSystem: true }", "{ |foldr", "source.foldr", "the key 'foldr' is not known here.", "Did you mean 'folder'?"),
        Broken("{ oneFileSystem: true }", "source: |{", "source", "it has none of folder, records, container, table, postgres, command.", "Write exactly one of them."),
        Broken("{ container: https://a.example/scans, oneFileSystem: true }", ", |oneFileSystem", "source.oneFileSystem", "it says nothing without 'folder'.", "Remove it."),
        Broken("{ folder: register, output: all.sql }", ", |output", "source.output", "it says nothing without 'command'.", "Remove it."));

    public static TheoryData<Fault> Values => new(
        Broken("{ folder: https://a.example/scans }", "folder: |https", "source.folder", "it is an address, not a folder.", "A Blob container goes under container: instead."),
        Broken("{ folder: register, oneFileSystem: yes }", "oneFileSystem: |yes", "source.oneFileSystem", "'yes' is neither true nor false.", "Write true or false."),
        Broken("{ records: tickets }", "records: |tickets", "source.records", "'tickets' is not what can be read.", "Write all."),
        Broken("{ container: scans }", "container: |scans", "source.container", "it is not the address of a container.", ContainerHint),
        Broken("{ container: \"https://\" }", "container: |\"https", "source.container", "it is not the address of a container.", ContainerHint),
        Broken("{ container: http://a.example/scans }", "container: |http", "source.container", "everybody on the way could read what goes there.", "Write https://; http:// is for a storage emulator on 127.0.0.1 or localhost."),
        Broken("{ container: http://localhost.example/scans }", "container: |http", "source.container", "everybody on the way could read what goes there.", "Write https://; http:// is for a storage emulator on 127.0.0.1 or localhost."),
        Broken("{ container: https://a.example/ }", "container: |https", "source.container", "it does not name one container.", ContainerHint),
        Broken("{ container: https://a.example/scans/2026 }", "container: |https", "source.container", "it does not name one container.", ContainerHint),
        Broken($"{{ container: \"https://a.example/scans?sig={Secret}\" }}", "container: |\"https", "source.container", "it says more than where, a signature perhaps, and a plan is no place for secrets.", "End it after the name of the container: the host signs in by its own identity."),
        Broken($"{{ container: https://me:{Secret}@a.example/scans }}", "container: |https", "source.container", "it says more than where, a signature perhaps, and a plan is no place for secrets.", "End it after the name of the container: the host signs in by its own identity."),
        Broken("{ table: Births }", "table: |Births", "source.table", "it is not the address of a table.", "Write one such as https://account.table.core.windows.net/Births."),
        Broken($"{{ postgres: \"Host=db;Password={Secret}\" }}", "postgres: |\"Host", "source.postgres", "it looks like a connection string, and a plan is no place for secrets.", SettingHint),
        Broken($"{{ postgres: \"postgres://me:{Secret}@db/civreg\" }}", "postgres: |\"postgres", "source.postgres", "it looks like a connection string, and a plan is no place for secrets.", SettingHint),
        Broken($"{{ postgres: {Secret} on db }}", "postgres: |Tr0", "source.postgres", "it is not the name of a setting.", SettingHint),
        Broken("{ postgres: \"CIVREG\\n\" }", "postgres: |\"CIV", "source.postgres", "it is not the name of a setting.", SettingHint),
        Broken("{ command: [] }", "command: |[]", "source.command", "the list has 0 items; at least 1 is needed.", null),
        Broken("{ command: pg_dumpall }", "command: |pg_dumpall", "source.command", "it is not a list.", "Write one item a line, each after a hyphen, or [a, b]."),
        Broken("{ command: [\" \"] }", "command: [|\" \"", "source.command[0]", "it is empty.", "Write the program first, then each argument as an item of its own."),
        Broken("{ command: [pg_dumpall], output: a/b }", "output: |a/b", "source.output", "'a/b' is not the name of a file.", "Write one without a folder, such as all.sql."),
        Broken("{ command: [pg_dumpall], output: .. }", "output: |..", "source.output", "'..' is not the name of a file.", "Write one without a folder, such as all.sql."));

    [Theory]
    [MemberData(nameof(Choices))]
    public void A_choice_that_is_not_made_or_made_twice_is_reported_once(Fault fault) => fault.AssertReported(PlanProblemSeverity.Error);

    [Theory]
    [MemberData(nameof(Values))]
    public void A_place_that_is_none_is_reported_with_what_would_be_right_and_never_repeats_a_secret(Fault fault)
    {
        fault.AssertReported(PlanProblemSeverity.Error);

        Assert.DoesNotContain(SmallPlan.Load(SmallPlan.With(fault.Passage, fault.Replacement)).Problems, static problem => problem.ToString().Contains(Secret, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{ records: all }", BackupSourceKind.Records, "all")]
    [InlineData("{ container: https://account.blob.core.windows.net/scans }", BackupSourceKind.Container, "https://account.blob.core.windows.net/scans")]
    [InlineData("{ container: http://127.0.0.1:10000/devstoreaccount1/scans }", BackupSourceKind.Container, "http://127.0.0.1:10000/devstoreaccount1/scans")]
    [InlineData("{ table: http://localhost:10002/devstoreaccount1/Births }", BackupSourceKind.Table, "http://localhost:10002/devstoreaccount1/Births")]
    [InlineData("{ table: https://account.table.core.windows.net/Births }", BackupSourceKind.Table, "https://account.table.core.windows.net/Births")]
    [InlineData("{ postgres: CIVREG_DATABASE }", BackupSourceKind.Postgres, "CIVREG_DATABASE")]
    [InlineData("{ postgres: ConnectionStrings:Civreg }", BackupSourceKind.Postgres, "ConnectionStrings:Civreg")]
    [InlineData("{ command: [pg_dumpall] }", BackupSourceKind.Command, "pg_dumpall")]
    [InlineData("{ folder: /srv/register }", BackupSourceKind.Folder, "/srv/register")]
    public void Each_kind_of_source_is_read_as_it_is_written(string source, BackupSourceKind kind, string location)
    {
        var read = Read(source);

        Assert.Equal((kind, location), (read.Kind, read.Location));
        Assert.Empty(read.Arguments);
        Assert.Equal("output", read.OutputName);
    }

    [Fact]
    public void A_folder_is_relative_to_the_plans_own_folder()
    {
        var read = Read("{ folder: ../register/./births, oneFileSystem: true }");

        Assert.Equal(Path.Combine(Path.GetDirectoryName(SmallPlan.Folder)!, "register", "births"), read.Location);
        Assert.True(read.IsOneFileSystem);
    }

    [Fact]
    public void A_command_keeps_its_arguments_as_they_are_and_names_its_output()
    {
        var read = Read("{ command: [pg_dumpall, --clean, \" two words \"], output: all.sql }");

        Assert.Equal(("pg_dumpall", "all.sql"), (read.Location, read.OutputName));
        Assert.Equal(["--clean", " two words "], read.Arguments);
    }

    private static BackupSource Read(string source)
    {
        var load = SmallPlan.Load(SmallPlan.With("source: { folder: register }\n    exclude: [\"*.tmp\"]\n", $"source: {source}\n"));
        Assert.Empty(load.Problems);
        return load.Plan!.Backups[0].Source;
    }

    private static Fault Broken(string source, string at, string path, string message, string? hint) =>
        new("source: { folder: register }", "source: " + source, at, "backups[0]." + path, message, hint);
}
