using System.Text.RegularExpressions;
using MaintenanceFunctions.Tests.App;

namespace MaintenanceFunctions.Tests.Infra;

/// <summary>An alert listens for words that the app says.</summary>
public sealed partial class AlertTests
{
    /// <summary>What the messages of the app's events begin with.</summary>
    private static readonly string[] Prefixes =
        ["Heartbeat", "Alarm: heartbeat missing", "Alarm: workflow stuck", "Alarm: workflow failed", "Alarm: dead letter", "Alarm: recovery point", "Alarm: probe silent", "Alarm: error budget"];

    public static TheoryData<string> Words => [.. Prefixes];

    [Theory]
    [MemberData(nameof(Words))]
    public void The_app_says_what_an_alert_listens_for(string prefix) =>
        Assert.Contains(
            new[] { "core", "web", "functions" }.SelectMany(static folder => Directory.EnumerateFiles(Repository.Locate(folder), "*.cs", SearchOption.AllDirectories)),
            path => File.ReadAllText(path).Contains($"\"{prefix}", StringComparison.Ordinal));

    [Fact]
    public void Every_one_of_the_apps_words_has_an_alert_and_no_alert_listens_for_others() =>
        Assert.Equal(Prefixes.Order(), Rules(Template.DeployAll()).Select(static rule => Listens().Match(Query(rule)).Groups["prefix"].Value).Order());

    [Fact]
    public void Silence_is_an_alarm_and_so_is_every_alarm_that_is_said() =>
        Assert.All(Rules(Template.DeployAll()), static rule =>
        {
            var criterion = Criterion(rule);
            Assert.Equal(
                Query(rule).Contains("\"Heartbeat\"", StringComparison.Ordinal) ? ("LessThan", 1L) : ("GreaterThan", 0L),
                (criterion["operator"], (long)criterion["threshold"]!));

            // What is said between two looks is seen by one of them.
            var window = System.Xml.XmlConvert.ToTimeSpan((string)rule.Property("windowSize")!);
            Assert.True(window >= System.Xml.XmlConvert.ToTimeSpan((string)rule.Property("evaluationFrequency")!));
        });

    [Fact]
    public void Dead_letters_are_counted_by_the_broker_too_in_case_the_app_says_nothing()
    {
        var metric = Template.DeployAll().One("Microsoft.Insights/metricAlerts");
        var criterion = (IReadOnlyDictionary<string, object?>)((List<object?>)metric.Property("criteria", "allOf")!)[0]!;

        Assert.Equal("DeadletteredMessages", criterion["metricName"]);
        Assert.Equal("<Microsoft.ServiceBus/namespaces/bus-production-" + BicepFunctions.Unique + ">", ((List<object?>)metric.Property("scopes")!)[0]);
    }

    [Fact]
    public void Everybody_who_is_to_hear_of_it_does_and_nothing_is_watched_for_nobody()
    {
        var all = Template.DeployAll();

        Assert.Equal("ops@example.org", ((IReadOnlyDictionary<string, object?>)((List<object?>)all.One("Microsoft.Insights/actionGroups").Property("emailReceivers")!)[0]!)["emailAddress"]);
        Assert.InRange(((string)all.One("Microsoft.Insights/actionGroups").Property("groupShortName")!).Length, 1, 12);
        Assert.All(Rules(all), rule => Assert.Equal([all.One("Microsoft.Insights/actionGroups").Id], (List<object?>)rule.Property("actions", "actionGroups")!));
        Assert.DoesNotContain(Template.Deploy(), static resource => resource.Type is "Microsoft.Insights/scheduledQueryRules" or "Microsoft.Insights/metricAlerts" or "Microsoft.Consumption/budgets");
    }

    private static IReadOnlyList<DeployedResource> Rules(IEnumerable<DeployedResource> resources) => resources.All("Microsoft.Insights/scheduledQueryRules");

    private static IReadOnlyDictionary<string, object?> Criterion(DeployedResource rule) => (IReadOnlyDictionary<string, object?>)((List<object?>)rule.Property("criteria", "allOf")!)[0]!;

    private static string Query(DeployedResource rule) => (string)Criterion(rule)["query"]!;

    [GeneratedRegex("\\AAppTraces \\| where Message startswith \"(?<prefix>[^\"]+)\"\\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Listens();
}
