using Maintenance.Backups;
using Maintenance.Plan;

namespace Maintenance.Tests.Plan;

/// <summary>How the repository is looked after, what copies there are of it, and whether they are enough.</summary>
public sealed class RepositorySectionTests
{
    private const string Away = "- { id: away, folder: away, media: tape, offSite: true, verify: { percent: 20 } }";
    private const string Never = "Look at the day and the month: 31 and 2 never meet.";
    private const string Elsewhere = "Describe another place under repository.copies, and name it in copies of each of its backup policies.";
    private const string OwnPlace = "Two copies in one place are one: give each its own.";
    private const string MoveIt = "Move it out of the policy's source, or name it in the policy's exclude.";

    public static TheoryData<Fault> Errors => new(
        new("grace: 3d", "grace: 59m", "grace: |59m", "repository.prune.grace", "59m is too short: a backup that is under way may still build on what no snapshot needs yet.", "Write at least 1h."),
        new("schedule: 0 0 3 * * sun", "schedule: 0 0 3 31 2 *", "schedule: |0 0 3", "repository.prune.schedule", "'0 0 3 31 2 *' never occurs.", Never),
        new("schedule: 0 30 3 * * *", "schedule: 0 30 3 31 2 *", "schedule: |0 30 3", "repository.verify.schedule", "'0 30 3 31 2 *' never occurs.", Never),
        new("verify: { percent: 20 }", "verify: { schedule: 0 0 4 31 2 * }", "schedule: |0 0 4", "repository.copies[0].verify.schedule", "'0 0 4 31 2 *' never occurs.", Never),
        new("percent: 5 }", "percent: 0 }", "percent: |0", "repository.verify.percent", "'0' is not a whole number from 1 to 100.", "Write one such as 1."),
        new("percent: 20", "percent: 101", "percent: |101", "repository.copies[0].verify.percent", "'101' is not a whole number from 1 to 100.", "Write one such as 1."),
        new("media: disk", "media: ''", "media: |''", "repository.media", "it is empty.", "Write some text."),
        new(Away, "- { id: away, offSite: true, media: tape }", "    - |{ id: away", "repository.copies[0]", "it has none of folder, container.", "Write exactly one of them."),
        new(Away, "- { id: away, folder: away, container: https://a.example/away, offSite: true, media: tape }", ", |container", "repository.copies[0].container", "there is 'folder' already.", "Write exactly one of folder, container."),
        new(Away, "- { id: away, container: http://a.example/away, offSite: true, media: tape }", "container: |http", "repository.copies[0].container", "everybody on the way could read what goes there.", "Write https://; http:// is for a storage emulator on 127.0.0.1 or localhost."),
        new("folder: away", "folder: register/away", "folder: |register/away", "repository.copies[0].folder", "the backup policy 'nightly' reads it: each backup would hold the copies of those before it.", MoveIt),
        new("folder: away", "folder: ../no-such-plan/register", "folder: |../no", "repository.copies[0].folder", "the backup policy 'nightly' reads it: each backup would hold the copies of those before it.", MoveIt));

    public static TheoryData<Fault> Warnings => new(
        new(Away, Away + "\n    - { id: third, folder: third }", "    - |{ id: third", "repository.copies[1]", "no backup policy names it, so nothing is taken to it.", "Add its id to the copies of policies, or remove it."),
        new("media: tape, offSite: true", "media: Disk, offSite: true", "  - |id: register", "services[0]", "its backups have fewer than two copies on two media (there is only disk).", Elsewhere),
        new("media: tape, offSite: true", "media: tape", "  - |id: register", "services[0]", "its backups have no copy off site.", Elsewhere),
        new("media: tape, offSite: true", "media: disk", "  - |id: register", "services[0]", "its backups have fewer than two copies on two media (there is only disk) and none off site.", Elsewhere),
        new("repository:\n  media: disk", "repository:\n  media: tape", "  - |id: register", "services[0]", "its backups have fewer than two copies on two media (there is only tape).", Elsewhere));

    [Theory]
    [MemberData(nameof(Errors))]
    public void What_cannot_work_is_an_error(Fault fault) => fault.AssertReported(PlanProblemSeverity.Error);

    [Theory]
    [MemberData(nameof(Warnings))]
    public void What_is_doubtful_is_a_warning_and_the_plan_is_used(Fault fault) => fault.AssertReported(PlanProblemSeverity.Warning);

    [Fact]
    public void Every_field_is_read_and_a_copys_folder_is_relative_to_the_plans_own()
    {
        var yaml = SmallPlan.Replace(SmallPlan.With("copies: [away]", "copies: [away, cloud]"), Away, Away.Replace("percent: 20", "schedule: 0 0 4 * * sat", StringComparison.Ordinal)
            + "\n    - { id: cloud, container: https://a.example/backups }");
        var load = SmallPlan.Load(SmallPlan.Replace(yaml, "media: disk\n  offSite: false", "media: object storage\n  offSite: true"));

        Assert.Empty(load.Problems);
        var repository = load.Plan!.Repository;
        Assert.Equal(("object storage", true), (repository.Media, repository.IsOffSite));
        Assert.Equal(("0 0 3 * * sun", TimeSpan.FromDays(3)), (repository.Prune?.Text, repository.Grace));
        Assert.Equal(("0 30 3 * * *", 5), (repository.Verify?.Text, repository.VerifyPercent));
        Assert.Equal(("away", Path.Combine(SmallPlan.Folder, "away"), "tape", true, "0 0 4 * * sat", 10), Told(repository.FindCopy("away")!));
        Assert.Equal(("cloud", "https://a.example/backups", "disk", false, null, 10), Told(repository.FindCopy("cloud")!));
    }

    [Theory]
    [InlineData("repository:\n  copies:\n")]
    [InlineData("repository:\n  prune: {}\n  verify: {}\n  copies:\n")]
    public void What_is_left_out_is_what_the_records_say(string beginning)
    {
        var from = SmallPlan.Yaml.IndexOf("repository:\n", StringComparison.Ordinal);
        var to = SmallPlan.Yaml.IndexOf("    - { id: away", StringComparison.Ordinal);
        var load = SmallPlan.Load(string.Concat(SmallPlan.Yaml.AsSpan(0, from), beginning, SmallPlan.Yaml.AsSpan(to)));

        Assert.Empty(load.Problems);
        Assert.Equal(RepositoryCare.Usual with { Copies = load.Plan!.Repository.Copies }, load.Plan.Repository);
    }

    [Fact]
    public void Without_the_section_there_is_the_hosts_own_store_and_the_check_says_that_it_is_not_enough()
    {
        var from = SmallPlan.Yaml.IndexOf("repository:\n", StringComparison.Ordinal);
        var to = SmallPlan.Yaml.IndexOf("priorities:\n", StringComparison.Ordinal);
        var load = SmallPlan.Load(SmallPlan.Replace(SmallPlan.Yaml.Remove(from, to - from), "    copies: [away]\n", ""));

        var problem = Assert.Single(load.Problems);
        Assert.Equal(("services[0]", PlanProblemSeverity.Warning), (problem.Path, problem.Severity));
        Assert.Equal("its backups have fewer than two copies on two media (there is only disk) and none off site.", problem.Message);
        Assert.Equal(RepositoryCare.Usual with { Copies = load.Plan!.Repository.Copies }, load.Plan.Repository);
        Assert.Empty(load.Plan.Repository.Copies);
    }

    [Fact]
    public void A_copy_counts_for_a_service_only_where_all_of_its_policies_are_taken_to_it()
    {
        var yaml = SmallPlan.With("repository:\n", "  - id: hourly\n    service: register\n    source: { folder: entries }\n    schedule: 0 0 * * * *\n    notify: [ann]\nrepository:\n");

        Assert.Equal("services[0]", Assert.Single(SmallPlan.Load(yaml).Problems).Path);
        Assert.Empty(SmallPlan.Load(SmallPlan.Replace(yaml, "notify: [ann]\nrepository:", "notify: [ann]\n    copies: [away]\nrepository:")).Problems);
    }

    [Fact]
    public void The_hosts_own_store_may_be_the_one_off_site() =>
        Assert.Empty(SmallPlan.Load(SmallPlan.Replace(SmallPlan.With("offSite: false", "offSite: true"), "media: tape, offSite: true", "media: tape")).Problems);

    [Theory]
    [InlineData("folder: away", "folder: ./away/../away")]
    [InlineData("folder: away/second", "folder: away")]
    [InlineData("folder: away", "folder: away/second")]
    [InlineData("container: https://a.example/backups", "container: https://A.example/backups/")]
    public void Two_copies_in_one_place_are_an_error(string first, string second)
    {
        var yaml = SmallPlan.Replace(SmallPlan.With("copies: [away]", "copies: [away, third]"), Away, Away.Replace("folder: away", first, StringComparison.Ordinal) + $"\n    - {{ id: third, {second} }}");

        var problem = Assert.Single(SmallPlan.Load(yaml).Problems);
        Assert.Equal($"repository.copies[1].{second[..second.IndexOf(':', StringComparison.Ordinal)]}", problem.Path);
        Assert.Equal(("it shares its place with the copy 'away'.", OwnPlace, PlanProblemSeverity.Error), (problem.Message, problem.Hint, problem.Severity));
    }

    [Theory]
    [InlineData("{ folder: away-too }", "folder: away")]
    [InlineData("{ folder: away }", "folder: away-too")]
    [InlineData("{ folder: ., oneFileSystem: true }", "folder: ../away")]
    [InlineData("{ container: https://a.example/scans }", "container: https://a.example/backups")]
    public void A_copy_beside_a_source_is_no_problem(string source, string place) =>
        Assert.Empty(SmallPlan.Load(SmallPlan.Replace(SmallPlan.With("folder: away", place), "source: { folder: register }", $"source: {source}")).Problems);

    [Theory]
    [InlineData("[away]", "away/second", true)]
    [InlineData("[\"away/**\"]", "away/second", true)]
    [InlineData("[second]", "away/second", true)]
    [InlineData("[away/third]", "away/second", false)]
    [InlineData("[\"*.tmp\"]", "away", false)]
    public void A_copy_inside_a_source_must_be_left_out_of_it(string exclude, string folder, bool isGood)
    {
        var yaml = SmallPlan.Replace(SmallPlan.With("source: { folder: register }", "source: { folder: . }"), "exclude: [\"*.tmp\"]", $"exclude: {exclude}");

        Assert.Equal(isGood, SmallPlan.Load(SmallPlan.Replace(yaml, "folder: away", $"folder: {folder}")).Problems.Count == 0);
    }

    [Fact]
    public void A_container_cannot_be_its_own_copy()
    {
        var yaml = SmallPlan.Replace(SmallPlan.With("source: { folder: register }", "source: { container: https://a.example/scans }"), "folder: away", "container: https://a.example/scans/");

        Assert.Equal("repository.copies[0].container", Assert.Single(SmallPlan.Load(yaml).Problems).Path);
    }

    private static (string, string, string, bool, string?, int) Told(RepositoryCopy copy) =>
        (copy.Id, copy.Location, copy.Media, copy.IsOffSite, copy.Verify?.Text, copy.VerifyPercent);
}
