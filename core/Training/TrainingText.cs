using Maintenance.Notifications;
using Maintenance.Plan;

namespace Maintenance.Training;

/// <summary>What people are told of training, in the languages of the system. Pure.</summary>
public static class TrainingText
{
    /// <summary>For the one whose training it is.</summary>
    /// <param name="programme">The programme.</param>
    /// <param name="state">Where they stand; one that is told of.</param>
    /// <param name="date">The local date that it is about, such as 2026-12-04.</param>
    public static TemplateValues ForPerson(TrainingProgramme programme, TrainingState state, string date)
    {
        ArgumentNullException.ThrowIfNull(programme);
        var isGate = programme.GatedServices.Count + programme.GatedSkills.Count > 0;
        return state switch
        {
            TrainingState.Expiring => Said(
                $"your training '{programme.Name}' runs out on {date}", $"votre formation « {programme.Name} » expire le {date}",
                "Come to a session before then.", "Participez à une séance avant cette date."),
            TrainingState.Expired => Said(
                $"your training '{programme.Name}' has run out on {date}", $"votre formation « {programme.Name} » a expiré le {date}",
                isGate ? "Come to the next session; until then you are not offered for what it gates." : "Come to the next session.",
                isGate ? "Participez à la prochaine séance ; d'ici là, ce qu'elle conditionne ne vous est pas proposé." : "Participez à la prochaine séance."),
            _ => Said(
                $"your training '{programme.Name}' was due on {date}", $"votre formation « {programme.Name} » était à suivre avant le {date}", "Come to the next session.", "Participez à la prochaine séance."),
        };
    }

    /// <summary>For whoever answers for the programme, of somebody else.</summary>
    /// <param name="programme">The programme.</param>
    /// <param name="person">Whose training it is.</param>
    /// <param name="state">Where they stand; out of date.</param>
    /// <param name="date">The local date that it is about.</param>
    public static TemplateValues ForOwner(TrainingProgramme programme, Person person, TrainingState state, string date)
    {
        ArgumentNullException.ThrowIfNull(programme);
        ArgumentNullException.ThrowIfNull(person);
        var (english, french) = state == TrainingState.Expired
            ? ($"{person.Name}: the training '{programme.Name}' has run out on {date}", $"{person.Name} : la formation « {programme.Name} » a expiré le {date}")
            : ($"{person.Name}: the training '{programme.Name}' was due on {date}", $"{person.Name} : la formation « {programme.Name} » était à suivre avant le {date}");
        return Said(english, french, "Plan a session for them.", "Prévoyez une séance.");
    }

    private static TemplateValues Said(string title, string frenchTitle, string text, string frenchText) =>
        new() { ["title"] = TemplateValue.In(title, frenchTitle), ["text"] = TemplateValue.In(text, frenchText) };
}
