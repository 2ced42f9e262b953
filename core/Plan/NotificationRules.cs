using Maintenance.Notifications;

namespace Maintenance.Plan;

/// <summary>The rules of the section <c>notifications</c>; a part of <see cref="PlanRules"/>.</summary>
internal static class NotificationRules
{
    private const int MinutesOfDay = 1440;

    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(1);

    /// <summary>Channels, the relay, digests and templates.</summary>
    public static void Settings(OperationsPlan plan, PlanReading reading)
    {
        for (var i = 0; i < plan.Notifications.Channels.Count; i++)
        {
            Channel(plan.Notifications.Channels[i], $"notifications.channels[{i}]", reading);
        }

        if (plan.Notifications.Mail is { User: not null, PasswordSetting: null })
        {
            reading.Report(PlanProblemSeverity.Error, "notifications.mail.user", "there is a user but no passwordSetting.", "Name the host's setting that holds the password.");
        }

        if (plan.Notifications.Digest.Window > LongestWindow)
        {
            reading.Report(PlanProblemSeverity.Error, "notifications.digest.window", $"{Time.Durations.Format(plan.Notifications.Digest.Window)} is longer than a day.", "Nobody waits so long for a message: write 15m, say.");
        }

        for (var i = 0; i < plan.Notifications.Templates.Count; i++)
        {
            Template(plan, i, $"notifications.templates[{i}]", reading);
        }
    }

    /// <summary>Quiet hours of people and channels leave some of the day.</summary>
    public static void QuietHours(OperationsPlan plan, PlanReading reading)
    {
        for (var i = 0; i < plan.People.Count; i++)
        {
            Quiet(plan.People[i].QuietHours, $"people[{i}].quietHours", reading);
        }

        for (var i = 0; i < plan.Notifications.Channels.Count; i++)
        {
            Quiet(plan.Notifications.Channels[i].QuietHours, $"notifications.channels[{i}].quietHours", reading);
        }
    }

    private static void Channel(WebhookChannel channel, string path, PlanReading reading)
    {
        if (channel.Url is null == channel.UrlSetting is null)
        {
            reading.Report(PlanProblemSeverity.Error, path, channel.Url is null ? "it has no address." : "it has two addresses.", "Write either url or urlSetting.");
        }

        if (channel.SecretSetting is not null && channel.Kind != WebhookKind.Generic)
        {
            reading.Report(PlanProblemSeverity.Error, path + ".secretSetting", "only bodies of the generic kind are signed.", "Leave it out: who knows the address may post there.");
        }
    }

    private static void Template(OperationsPlan plan, int index, string path, PlanReading reading)
    {
        var template = plan.Notifications.Templates[index];
        if (!NotificationTemplates.Ids.Contains(template.Id))
        {
            reading.Report(
                PlanProblemSeverity.Error, path + ".id", $"there is no template '{template.Id}'.", Nearest.Hint(template.Id, NotificationTemplates.Ids) ?? $"There are: {string.Join(", ", NotificationTemplates.Ids)}.");
        }

        if (!plan.System.Languages.Contains(template.Language))
        {
            reading.Report(
                PlanProblemSeverity.Error, path + ".language", $"'{template.Language.ToString().ToLowerInvariant()}' is not among the system's languages.", "Add it to system.languages, or leave the template out.");
        }

        if (plan.Notifications.Templates.Take(index).Any(before => before.Id == template.Id && before.Language == template.Language))
        {
            reading.Report(PlanProblemSeverity.Error, path, $"there is a template '{template.Id}' in this language already.", "Keep one of them.");
        }

        Placeholders(template.Subject, path + ".subject", reading);
        Placeholders(template.Text, path + ".text", reading);
    }

    private static void Placeholders(string text, string path, PlanReading reading)
    {
        foreach (var name in NotificationTemplates.PlaceholdersOf(text).Distinct(StringComparer.Ordinal).Where(static name => !NotificationTemplates.Placeholders.Contains(name)))
        {
            reading.Report(
                PlanProblemSeverity.Error, path, $"there is no placeholder {{{name}}}.", Nearest.Hint(name, NotificationTemplates.Placeholders) ?? $"There are: {string.Join(", ", NotificationTemplates.Placeholders)}.");
        }
    }

    private static void Quiet(IReadOnlyList<ClockSpan> spans, string path, PlanReading reading)
    {
        var isQuiet = new bool[MinutesOfDay];
        foreach (var span in spans)
        {
            for (var minute = span.Start; minute < (span.End <= span.Start ? span.End + MinutesOfDay : span.End); minute++)
            {
                isQuiet[minute % MinutesOfDay] = true;
            }
        }

        if (Array.TrueForAll(isQuiet, static quiet => quiet))
        {
            reading.Report(PlanProblemSeverity.Error, path, "they leave nothing of the day.", "Leave some hours in which mail may come.");
        }
    }
}
