using System.Text.RegularExpressions;
using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Windows;

namespace Maintenance.Tests.Plan;

/// <summary>What a newcomer gets: the sample must be without fault, and be seen to work in the first minute.</summary>
public sealed partial class SamplePlanTests
{
    [Fact]
    public void The_sample_plan_loads_without_an_error_or_a_warning()
    {
        var load = SamplePlan.Load(SamplePlan.Yaml);

        Assert.Empty(load.Problems);
        Assert.NotNull(load.Plan);
    }

    [Fact]
    public void Its_commented_notifications_are_right_as_soon_as_the_comment_signs_are_gone()
    {
        var at = SamplePlan.Yaml.IndexOf("# notifications:\n", StringComparison.Ordinal);
        Assert.True(at > 0);
        var yaml = SamplePlan.Yaml[..at] + SamplePlan.Yaml[at..].Replace("\n# ", "\n", StringComparison.Ordinal)[2..];
        yaml = SmallPlan.Replace(yaml, "        - after: 1h\n", "        - after: 1h\n          channels: [operations-room]\n");

        var load = SamplePlan.Load(yaml);

        Assert.Empty(load.Problems);
        Assert.Equal("smtp.registry.lusanda.example", load.Plan!.Notifications.Mail?.Host);
        Assert.Equal("OPERATIONS_ROOM_WEBHOOK", Assert.Single(load.Plan.Notifications.Channels).UrlSetting);
    }

    [Fact]
    public async Task Every_backup_is_due_at_the_first_look_and_finds_something_to_read()
    {
        var plan = SamplePlan.Load(SamplePlan.Yaml).Plan!;
        Assert.InRange(plan.Backups.Count, 2, 10);
        foreach (var policy in plan.Backups)
        {
            var service = plan.FindService(policy.Service)!;
            var due = BackupPlanning.Due(policy, service.RecoveryPoint, null, plan.System.TimeZone, new DateTimeOffset(2026, 11, 22, 9, 30, 0, TimeSpan.Zero));
            Assert.Equal(BackupTrigger.NeverProven, due?.Trigger);
            if (policy.Source.Kind != BackupSourceKind.Folder)
            {
                continue;
            }

            var findings = new SourceFindings();
            await using var source = new FolderSource(policy.Source.Location, policy.Exclude, policy.Source.IsOneFileSystem);
            var entries = await source.ScanAsync(findings, default).ToListAsync();
            Assert.Empty(findings.Problems);
            Assert.True(entries.Count(static entry => entry.Kind == TreeEntryKind.File) >= 4, $"The source of '{policy.Id}' has hardly any files.");
            var files = entries.Where(static entry => entry.Kind == TreeEntryKind.File).ToDictionary(static entry => entry.Path, entry => new FileInfo(Path.Combine(policy.Source.Location, entry.Path)).Length);
            Assert.All(policy.Proof.Contains, path => Assert.True(files.GetValueOrDefault(path) > 0, $"The proof of '{policy.Id}' cannot pass: there is no {path}."));
            Assert.InRange(files.Count, policy.Proof.MinimumFiles, long.MaxValue);
            Assert.InRange(files.Values.Sum(), policy.Proof.MinimumBytes, long.MaxValue);
        }
    }

    [Fact]
    public void It_backs_up_the_systems_own_records_too() =>
        Assert.Single(SamplePlan.Load(SamplePlan.Yaml).Plan!.Backups, static policy => policy.Source is { Kind: BackupSourceKind.Records, Location: "all" });

    [Fact]
    public void Every_backup_says_what_is_kept_and_is_taken_to_the_copy()
    {
        var plan = SamplePlan.Load(SamplePlan.Yaml).Plan!;

        Assert.All(plan.Backups, static policy => Assert.False(policy.Retention.KeepsEverything));
        Assert.All(plan.Backups, static policy => Assert.InRange(policy.Retention.Minimum, 1, 10));
        Assert.All(plan.Backups, policy => Assert.Equal(plan.Repository.Copies.Select(static copy => copy.Id), policy.Copies));
        Assert.NotNull(plan.Repository.Prune);
        Assert.NotNull(plan.Repository.Verify);
    }

    [Fact]
    public void Its_patch_weekend_is_the_saturday_eleven_days_after_the_second_tuesday_and_rests_over_the_turn_of_the_year()
    {
        var plan = SamplePlan.Load(SamplePlan.Yaml).Plan!;
        var spans = WindowCalendar.Between(
            plan.Windows, plan.System.TimeZone, ["patch-weekend"], new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2027, 2, 1, 0, 0, 0, TimeSpan.Zero));

        Assert.Equal(["2026-11-21 11:00 960", "2027-01-23 11:00 960"], spans.Select(static span => $"{span.Start:yyyy-MM-dd HH:mm} {span.Minutes}"));
    }

    [Fact]
    public void The_copy_of_a_clone_lies_beside_its_data_folder_where_git_ignores_it()
    {
        var root = Path.GetDirectoryName(SamplePlan.Folder)!;
        var copy = Assert.Single(SamplePlan.Load(SamplePlan.Yaml).Plan!.Repository.Copies);

        Assert.Equal(root, Path.GetDirectoryName(copy.Location));
        Assert.EndsWith("-data", copy.Location, StringComparison.Ordinal);
        Assert.Contains("/*-data/", File.ReadAllLines(Path.Combine(root, ".gitignore")));
    }

    [Fact]
    public void Told_the_truth_about_a_clone_the_check_warns_of_every_service_with_backups()
    {
        var yaml = SmallPlan.Replace(SmallPlan.Replace(SamplePlan.Yaml, "media: network storage", "media: disk"), "offSite: true\n", "offSite: false\n");
        var load = SamplePlan.Load(yaml);

        Assert.NotNull(load.Plan);
        Assert.Equal(load.Plan.Backups.Select(static policy => policy.Service).Distinct().Count(), load.Problems.Count);
        Assert.All(load.Problems, static problem => Assert.Contains("fewer than two copies on two media", problem.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void The_register_is_small_enough_to_be_cloned_and_backed_up_at_once()
    {
        var files = new DirectoryInfo(Path.Combine(SamplePlan.Folder, "register")).GetFiles("*", SearchOption.AllDirectories);

        Assert.InRange(files.Length, 30, 60);
        Assert.InRange(files.Sum(static file => file.Length), 50_000, 300_000);
    }

    [Fact]
    public void Nobody_in_it_can_be_reached_by_mistake()
    {
        var addresses = MailAddress().Matches(SamplePlan.Yaml).Select(static match => match.Value).ToList();

        Assert.NotEmpty(addresses);
        Assert.All(addresses, static address => Assert.EndsWith(".example", address, StringComparison.Ordinal));
    }

    [Fact]
    public void Each_link_between_its_documents_leads_somewhere()
    {
        foreach (var document in Directory.EnumerateFiles(SamplePlan.Folder, "*.md", SearchOption.AllDirectories))
        {
            foreach (Match link in Link().Matches(File.ReadAllText(document)))
            {
                var target = Path.GetFullPath(link.Groups[1].Value, Path.GetDirectoryName(document)!);
                Assert.True(Path.Exists(target), $"{Path.GetFileName(document)} links to {link.Groups[1].Value}, which does not exist.");
            }
        }

        foreach (Match mention in Sop().Matches(SamplePlan.Yaml))
        {
            Assert.True(File.Exists(Path.Combine(SamplePlan.Folder, mention.Value)), $"The plan mentions {mention.Value}, which does not exist.");
        }
    }

    [Fact]
    public void Each_procedure_and_article_is_kept_by_somebody_of_the_contact_list()
    {
        var plan = SamplePlan.Load(SamplePlan.Yaml).Plan!;
        Assert.True(plan.Knowledge.Documents.Count >= 8);
        foreach (var document in plan.Knowledge.Documents)
        {
            Assert.True(document.Owner is { } owner && plan.Resolve([owner]).Count > 0, $"{document.File} is kept by '{document.Owner}', whom the plan does not know.");
        }
    }

    [GeneratedRegex(@"[\w.]+@[\w.]+")]
    private static partial Regex MailAddress();

    [GeneratedRegex(@"\]\(([^)#:]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"sops/[a-z0-9-]+\.md")]
    private static partial Regex Sop();
}
