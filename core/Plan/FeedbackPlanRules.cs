using Maintenance.Time;

namespace Maintenance.Plan;

/// <summary>The rules of feedback that no single field can keep; a part of <see cref="PlanRules"/>.</summary>
internal static class FeedbackPlanRules
{
    private const string Form = "support.feedback";

    public static void Check(OperationsPlan plan, PlanReading reading)
    {
        var form = plan.Support.Feedback;
        if (form.Limit is { } limit && limit.Window > FeedbackForm.MostWindow)
        {
            reading.Report(PlanProblemSeverity.Error, Form + ".limit.window", $"{Durations.Format(limit.Window)} is too long.", $"Write at most {Durations.Format(FeedbackForm.MostWindow)}.");
        }

        if (plan.Support.Survey is { } survey && survey.Period > form.Retention)
        {
            reading.Report(
                PlanProblemSeverity.Warning, "support.survey.period", $"it reaches further back than contacts are sure to be kept (support.feedback.retention, {Durations.Format(form.Retention)}).", "Who is erased by then is not asked.");
        }

        Translations(plan, form.Translations, Form + ".translations", "introduction", reading);
        for (var i = 0; i < form.Kinds.Count; i++)
        {
            Translations(plan, form.Kinds[i].Translations, $"{Form}.kinds[{i}].translations", "label", reading);
        }
    }

    /// <summary>Answers name only what there is, and are in a language that somebody reads.</summary>
    public static void Templates(OperationsPlan plan, PlanReading reading)
    {
        for (var i = 0; i < plan.Support.Templates.Count; i++)
        {
            var (template, path) = (plan.Support.Templates[i], $"support.templates[{i}]");
            foreach (var unknown in AnswerTemplate.PlaceholdersOf(template.Text).Except(AnswerTemplate.Placeholders))
            {
                reading.Report(
                    PlanProblemSeverity.Error, path + ".text", $"there is no placeholder {{{unknown}}}.", $"{Nearest.Hint(unknown, AnswerTemplate.Placeholders)} There are {{{string.Join("}, {", AnswerTemplate.Placeholders)}}}.".TrimStart());
            }

            if (template.Language is { } language && !plan.System.Languages.Contains(language))
            {
                reading.Report(PlanProblemSeverity.Warning, path + ".language", $"{FeedbackShape.NameOf(language)} is not one of system.languages: nobody is answered in it.", "Add it there, or take the template out.");
            }
        }
    }

    private static void Translations(OperationsPlan plan, IReadOnlyDictionary<Language, string> texts, string path, string what, PlanReading reading)
    {
        var (first, others) = (plan.System.Languages[0], plan.System.Languages.Skip(1).ToList());
        foreach (var language in others.Where(language => language != first && !texts.ContainsKey(language)))
        {
            reading.Report(
                PlanProblemSeverity.Warning, path, $"the {what} is not translated into {FeedbackShape.NameOf(language)}, one of system.languages.", $"Until it is, people read it in {FeedbackShape.NameOf(first)}.");
        }

        foreach (var language in texts.Keys.Where(language => !others.Contains(language)))
        {
            reading.Report(
                PlanProblemSeverity.Warning,
                $"{path}.{language.ToString().ToLowerInvariant()}",
                language == first ? $"{FeedbackShape.NameOf(language)} is the language of the {what} itself." : $"{FeedbackShape.NameOf(language)} is not one of system.languages: nobody reads it.",
                language == first ? "Remove it: what is read there is the text itself." : "Add it there, or remove the translation.");
        }
    }
}
