using Maintenance.Training;

using static Maintenance.Plan.Scalars;

namespace Maintenance.Plan;

/// <summary>What the section <c>training</c> looks like; a part of <see cref="PlanShape"/>.</summary>
internal static class TrainingShape
{
    public static TrainingPolicy Policy(PlanMap m) => new(m.List("programmes", "What people learn, and learn again.", Programme, least: 1))
    {
        Warning = m.Optional("warning", "How long before a training runs out people are told; 30d where left out.", Duration, TrainingPolicy.UsualWarning),
    };

    private static TrainingProgramme Programme(PlanMap m)
    {
        var gates = m.OptionalMap("gates", "What is offered only to people with a valid training: tickets of these services, or that ask for these skills.", static inside => new Gated(
            inside.Values("services", "The ids of services.", Reference(PlanEntity.Service), least: 0),
            inside.Values("skills", "Skills, as people of the contact list have them.", Text, least: 0)));
        return new TrainingProgramme(
            m.Value("id", "Short and stable.", Id(PlanEntity.Programme), ""),
            m.Value("name", "What people call it.", Text, ""),
            m.Values("audience", "The people or roles that must have it.", Reference(PlanEntity.Recipient), least: 1),
            m.Value("valid", "How long it counts, from the session on: 365d for once a year.", Duration, TimeSpan.FromDays(365)),
            m.Value("within", "How soon whoever comes into the audience must have it.", Duration, TimeSpan.FromDays(30)),
            m.Value("owner", "The person or role that answers for what is taught.", Reference(PlanEntity.Recipient), ""),
            m.Value("trainer", "The person or role that gives it.", Reference(PlanEntity.Recipient), ""),
            m.Value("delivery", "How it is given: classroom, online, onTheJob or selfStudy.", Choice<TrainingDelivery>(), TrainingDelivery.Classroom))
        {
            Description = m.Optional("description", "What is taught.", Text, ""),
            Material = m.Optional("material", "Where the material is: a file below the plan's folder, or an address.", OptionalText, null),
            PassMark = m.Optional("passMark", "The least score in percent with which its assessment is passed; where left out, being there is enough.", OptionalPassMark, null),
            GatedServices = gates?.Services ?? [],
            GatedSkills = gates?.Skills ?? [],
        };
    }

    private static readonly ScalarKind<int?> OptionalPassMark = new(
        static text => Number(1, 100).Parse(text) is { Problem: { } problem, Hint: { } hint } ? Parsed<int?>.Wrong(problem, hint) : Parsed<int?>.Ok(Number(1, 100).Parse(text).Value), Number(1, 100).Schema);

    private sealed record Gated(IReadOnlyList<string> Services, IReadOnlyList<string> Skills);
}
