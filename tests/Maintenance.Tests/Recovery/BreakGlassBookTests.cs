using Maintenance.Backups;
using Maintenance.Plan;
using Maintenance.Recovery;
using Maintenance.Time;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Recovery;

/// <summary>All that somebody needs at night is in the book.</summary>
public sealed class BreakGlassBookTests
{
    private const string Vault = "https://vault.example/keys/repository/3f";

    private static readonly OperationsPlan Plan = BookPlan.Load();

    private static readonly BreakGlassContents Contents = new(
        Plan, BookPlan.Yaml, "/srv/plan", "break-glass/20261122T020100Z-0123456789ab.md", Utc("2026-11-22T02:01:00Z"), "f1f2f3f4",
        new BreakGlassPlaces("/srv/it's here/objects", "the file /srv/data/repository.passphrase"), new BreakGlassProgram("1.2.3", "10.0", "break-glass/program-aabbccddeeff.tar.gz"))
    {
        Snapshots =
        [
            Snapshot("nightly", "2026-11-22T02:00:00Z", "away"), Snapshot("nightly", "2026-11-21T02:00:00Z"), Snapshot("tables", "2026-11-22T01:00:00Z"),
            Snapshot("dump", "2026-11-22T01:10:00Z"), Snapshot("own", "2026-11-22T01:20:00Z"),
        ],
        Keys = [new("0123456789abcdef", "passphrase of the data folder", "passphrase", Utc("2026-01-02T03:04:05Z"), null, 600000), new("fedcba9876543210", "vault", "key-vault", Utc("2026-02-03T00:00:00Z"), Vault, null)],
        Procedures = [new("sops/call.md", "# Call\n~~~~\nRing twice.\n~~~~\n")],
    };

    private static readonly string Book = BreakGlassBook.Write(Contents);

    [Fact]
    public void Every_person_is_in_it_with_roles_and_every_way_to_reach_them() => Assert.All(Plan.People, static person =>
    {
        Says(person.Name, person.Id);
        Says([.. person.Roles]);
        Says(new[] { person.Email, person.Phone }.OfType<string>().ToArray());
    });

    [Fact]
    public void Hours_and_skills_of_people_are_in_it_in_the_plans_zone()
    {
        var person = Plan.People[0] with { Phone = "+999 20 1", Skills = ["restore", "network"], Hours = "always" };
        var text = Flat(BreakGlassBook.Write(Contents with { Plan = Plan with { People = [person] } }));
        Assert.Contains("Ann, phone +999 20 1, ann@registry.example (ann); administrator, approver", text, StringComparison.Ordinal);
        Assert.Contains("can work on: restore, network", text, StringComparison.Ordinal);
        Assert.Contains("(Mon Tue Wed Thu Fri Sat Sun 00:00-24:00, UTC)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Services_come_after_what_they_need_and_the_most_critical_with_the_shortest_time_first()
    {
        Assert.Equal(["network", "register", "archive", "website"], BreakGlassBook.InOrderOfRecovery(Plan).Select(static service => service.Id));
        Assert.All(Plan.Services, static service => Says(
            $"{service.Name} ({service.Id}), {service.Criticality.ToString().ToLowerInvariant()}: RTO {Durations.Format(service.RecoveryTime)}, RPO {Durations.Format(service.RecoveryPoint)}, MTD {Durations.Format(service.TolerableDowntime)}"));
        Says("cannot run without: network");
    }

    [Fact]
    public void Services_that_need_each_other_are_all_there_once()
    {
        var one = Plan.Services[0] with { Id = "one", DependsOn = ["two"] };
        var two = Plan.Services[0] with { Id = "two", DependsOn = ["one"] };
        Assert.Equal(["two", "one"], BreakGlassBook.InOrderOfRecovery(Plan with { Services = [one, two] }).Select(static service => service.Id));
    }

    [Fact]
    public void Every_step_of_a_strategy_is_in_it_with_its_owner_and_its_time()
    {
        var strategy = Assert.Single(Plan.Recovery.Strategies);
        Says(strategy.Description);
        Assert.All(strategy.Steps, static step => Says($"{step.Name} ({step.Id}) - by {string.Join("; ", Plan.Resolve([step.Owner]).Select(static person => $"{person.Name}, {person.Email}"))} - takes {Durations.Format(step.Duration)}: from "));
    }

    [Fact]
    public void What_each_kind_of_step_does_is_in_it() => Says(
        "a person does it, by the procedure sops/call.md (section 10)",
        "restore the backup nightly, by its command of section 5: nightly_20261122T020000Z",
        "it takes the place of /srv/plan/source only after the approval",
        "into postgres:SCRATCH, which an action after the approval makes the live one",
        "look at the file entry.txt: it has 1 lines at least; it contains 'born'",
        "look at the query select count(*) from births: in the database of the setting SCRATCH; it gives 12 or more",
        "a machine does it: command ./rebuild.sh --all, in the folder that bring restored",
        "2 of these approve, and none rejects: Ann, ann@registry.example; Ben, ben@registry.example; Cat, cat@registry.example",
        "a machine does it: webhook https://gateway.example/open",
        "look at the answer of https://register.example/health: it answers 204");

    [Fact]
    public void Waves_the_critical_path_and_both_times_are_in_it()
    {
        var forecast = RecoveryForecast.Of(Plan.Recovery.Strategies[0], Plan.FindService("register")!, 2, new Dictionary<string, TimeSpan>());
        Says(
            $"With 2 pairs of hands it takes {Durations.Format(forecast.Total)}, with hands enough {Durations.Format(forecast.Shortest)}; the RTO is 4h.",
            "call, bring, bring-tables | entries, counts | index | decide | tell | alive",
            string.Join(" > ", forecast.CriticalPath),
            "Until the lost work is entered again: 3h more; the damage is lasting after 1d.");
        Assert.Contains("WHICH IS LESS", Flat(BreakGlassBook.Write(Contents with { Plan = Plan with { Services = [.. Plan.Services.Select(static service => service with { RecoveryTime = TimeSpan.FromMinutes(5) })] } })), StringComparison.Ordinal);
    }

    [Fact]
    public void The_store_every_copy_and_every_newest_snapshot_are_in_it() => Says(
        "the repository: /srv/it's here/objects (disk, on site)",
        "the copy away: /mnt/away (tape, off site)",
        "fingerprint is f1f2f3f4",
        "nightly_20261122T020000Z: as it was at 2026-11-22 02:00:00Z (2026-11-22 02:00 UTC); 3 files, 45 bytes; in the repository and the copy away",
        "nightly_20261121T020000Z: as it was at 2026-11-21 02:00:00Z (2026-11-21 02:00 UTC); 3 files, 45 bytes; in the repository -",
        "never, of the service website: folder /srv/plan/never - none yet");

    [Fact]
    public void Every_key_is_named_and_where_the_lost_machine_had_its_secret() => Says(
        "passphrase of the data folder: a passphrase; added 2026-01-02 03:04:05Z",
        "key 0123456789ab",
        $"vault: wrapped by the vault's key {Vault}",
        "The lost machine read it from the file /srv/data/repository.passphrase.",
        "unless it was kept elsewhere too, as it must have been");

    [Fact]
    public void Where_no_passphrase_opens_the_repository_it_says_what_does()
    {
        var text = Flat(BreakGlassBook.Write(Contents with { Keys = [Contents.Keys[1]] }));
        Assert.Contains("No passphrase opens it", text, StringComparison.Ordinal);
        Assert.Contains("RepositoryKeyUri", text, StringComparison.Ordinal);
        Assert.DoesNotContain("No passphrase opens it", Flat(Book), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_policy_has_its_command_with_its_newest_proven_snapshot() => Assert.All(Plan.Backups, static policy =>
    {
        Says($"### Restore {policy.Id} ({policy.Source})");
        if (Contents.Snapshots.FirstOrDefault(snapshot => snapshot.Policy == policy.Id) is { } newest)
        {
            Assert.Contains(
                $"dotnet \"$PROGRAM/maintenance.dll\" repository restore {newest.Id} \\\n  --repository \"$STORE\" --passphrase-file \"$PASSPHRASE\" --to \"$TARGET/{policy.Id}\"\n", Book, StringComparison.Ordinal);
        }
        else
        {
            Says("It had no proven snapshot when this was written.");
        }
    });

    [Fact]
    public void What_is_no_folder_has_its_own_way_back() => Says(
        "backup restore tables_20261122T010000Z --to postgres:REGISTER_DATABASE",
        "It is what the command wrote: the file all.sql.",
        "cp -R \"$TARGET/own/.\" \"$TARGET/_installation/data/\"",
        "It is the folder /srv/plan/source: once its people have looked at it, put it there.");

    [Fact]
    public void The_store_is_quoted_for_a_shell_and_the_program_unpacked_from_it() => Says(
        @"export STORE='/srv/it'\''s here/objects'", "tar -xzf \"$STORE/break-glass/program-aabbccddeeff.tar.gz\" -C \"$PROGRAM\"", "ASP.NET Core Runtime 10.0");

    [Fact]
    public void A_host_without_a_program_says_where_to_take_one_and_a_container_is_fetched_first()
    {
        var text = Flat(BreakGlassBook.Write(Contents with { Program = Contents.Program with { Archive = null }, Places = Contents.Places with { Store = "https://account.blob.core.windows.net/backups" } }));
        Assert.Contains("Take the embedded program (local) of MaintenanceFunctions, version 1.2.3 or later, from a release or from source", text, StringComparison.Ordinal);
        Assert.Contains("az storage blob download-batch --auth-mode login --source 'https://account.blob.core.windows.net/backups' --destination \"$STORE\"", text, StringComparison.Ordinal);
        Assert.Contains("export STORE='/srv/store'", text, StringComparison.Ordinal);
        Assert.DoesNotContain("tar -xzf", text, StringComparison.Ordinal);

        // Its records are lines of tables, which no data folder takes.
        Assert.Contains("a file of JSON lines for each table", text, StringComparison.Ordinal);
        Assert.DoesNotContain("$TARGET/own/.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_plan_and_the_procedures_are_in_it_word_for_word_behind_a_fence_that_none_of_them_has()
    {
        Assert.Contains($"\n~~~~~ plan.yaml\n{BookPlan.Yaml.TrimEnd('\n')}\n~~~~~\n", Book, StringComparison.Ordinal);
        Assert.Contains("\n~~~~~ sops/call.md\n# Call\n~~~~\nRing twice.\n~~~~\n~~~~~\n", Book, StringComparison.Ordinal);
        Assert.Contains("$0 == \"~~~~~ plan.yaml\"", Book, StringComparison.Ordinal);
        Assert.Contains("sops/call.md: it could not be read", Flat(BreakGlassBook.Write(Contents with { Procedures = [new("sops/call.md", null)] })), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_the_plan_includes_are_in_it_and_are_cut_out_beside_the_plan()
    {
        var text = BreakGlassBook.Write(Contents with { PlanFiles = new Dictionary<string, string> { ["public.ics"] = "BEGIN:VCALENDAR\r\n~~~~~~\r\nEND:VCALENDAR\r\n", ["dates/it's \"so\".ics"] = "X:Y" } });

        Assert.Contains("\n~~~~~~~ public.ics\nBEGIN:VCALENDAR\n~~~~~~\nEND:VCALENDAR\n~~~~~~~\n", text, StringComparison.Ordinal);
        Assert.Contains("\n~~~~~~~ dates/it's \"so\".ics\nX:Y\n~~~~~~~\n", text, StringComparison.Ordinal);
        Assert.Contains("""awk '$0 == "~~~~~~~" { on = 0 } on { print } $0 == "~~~~~~~ public.ics" { on = 1 }' "$BOOK" > "$TARGET/_installation/"'public.ics'""" + "\n", text, StringComparison.Ordinal);
        Assert.Contains("""mkdir -p "$TARGET/_installation/"'dates'""" + "\n", text, StringComparison.Ordinal);
        Assert.Contains("""$0 == "~~~~~~~ dates/it'\''s \"so\".ics" { on = 1 }' "$BOOK" > "$TARGET/_installation/"'dates/it'\''s "so".ics'""" + "\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_contents_give_the_same_text() => Assert.Equal(Book, BreakGlassBook.Write(Contents with { Plan = BookPlan.Load() }));

    [Fact]
    public void Lines_fit_on_a_page_but_where_commands_and_the_plan_have_longer_ones()
    {
        var own = Book[..Book.IndexOf("## 10.", StringComparison.Ordinal)].Split("```").Where(static (_, part) => part % 2 == 0);
        Assert.All(own.SelectMany(static part => part.Split('\n')), static line => Assert.InRange(line.Length, 0, 120));
    }

    [Fact]
    public void What_an_address_hides_in_its_query_is_nowhere_but_in_the_plans_own_text() =>
        Assert.DoesNotContain("HOOKSECRET", Book[..Book.IndexOf("## 11.", StringComparison.Ordinal)], StringComparison.Ordinal);

    private static BreakGlassSnapshot Snapshot(string policy, string at, params string[] copies) => new(BackupPlanning.RunId(policy, Utc(at)), policy, Utc(at), 3, 45, copies);

    private static string Flat(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static void Says(params string[] words) => Assert.All(words, static word => Assert.Contains(word, Flat(Book), StringComparison.Ordinal));
}
