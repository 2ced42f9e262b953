using System.Text.RegularExpressions;
using Maintenance.Backups;

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
    public void Every_backup_is_due_at_the_first_look_and_finds_something_to_read()
    {
        var plan = SamplePlan.Load(SamplePlan.Yaml).Plan!;
        Assert.InRange(plan.Backups.Count, 2, 10);
        foreach (var policy in plan.Backups)
        {
            var service = plan.FindService(policy.Service)!;
            var due = BackupPlanning.Due(policy, service.RecoveryPoint, null, plan.System.TimeZone, new DateTimeOffset(2026, 11, 22, 9, 30, 0, TimeSpan.Zero));
            Assert.Equal(BackupTrigger.NeverProven, due?.Trigger);

            var problems = new List<string>();
            var entries = new FolderSource(policy.Folder, policy.Exclude).Scan(problems).ToList();
            Assert.Empty(problems);
            Assert.True(entries.Count(static entry => entry.Kind == EntryKind.File) >= 4, $"The source of '{policy.Id}' has hardly any files.");
        }
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
        var documents = new[] { "sops", "knowledge" }.SelectMany(static folder => Directory.GetFiles(Path.Combine(SamplePlan.Folder, folder), "*.md")).ToList();
        Assert.True(documents.Count >= 8);
        foreach (var document in documents)
        {
            var keeper = Keeper().Match(File.ReadAllText(document)).Groups[1].Value;
            Assert.True(plan.FindPerson(keeper) is not null, $"{Path.GetFileName(document)} is kept by '{keeper}', whom the plan does not know.");
        }
    }

    [GeneratedRegex(@"[\w.]+@[\w.]+")]
    private static partial Regex MailAddress();

    [GeneratedRegex(@"\]\(([^)#:]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"sops/[a-z0-9-]+\.md")]
    private static partial Regex Sop();

    [GeneratedRegex(@"(?:Owner|Kept by): ([a-z-]+)")]
    private static partial Regex Keeper();
}
