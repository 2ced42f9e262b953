namespace Maintenance.Plan;

/// <summary>What people and teams must keep that no single field can.</summary>
internal static class TeamRules
{
    public static void Languages(OperationsPlan plan, PlanReading reading)
    {
        for (var i = 0; i < plan.System.Languages.Count; i++)
        {
            if (plan.System.Languages.Take(i).Contains(plan.System.Languages[i]))
            {
                reading.Report(PlanProblemSeverity.Error, $"system.languages[{i}]", "the language is listed twice.", "Keep one of them.");
            }
        }
    }

    public static void People(OperationsPlan plan, PlanReading reading)
    {
        for (var i = 0; i < plan.People.Count; i++)
        {
            var person = plan.People[i];
            Absences(person, $"people[{i}]", reading);
            if (person.Language is { } language && !plan.System.Languages.Contains(language))
            {
                reading.Report(PlanProblemSeverity.Warning, $"people[{i}].language", "the system does not speak this language.", "Add it to system: languages, or leave it out here.");
            }
        }
    }

    public static void Teams(OperationsPlan plan, PlanReading reading)
    {
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        string? rest = null;
        for (var i = 0; i < plan.Teams.Count; i++)
        {
            var team = plan.Teams[i];
            Members(plan, team, $"teams[{i}]", reading);
            for (var j = 0; j < team.Services.Count; j++)
            {
                if (!owners.TryAdd(team.Services[j], team.Id))
                {
                    reading.Report(PlanProblemSeverity.Error, $"teams[{i}].services[{j}]", $"the tickets of '{team.Services[j]}' come to the team '{owners[team.Services[j]]}' already.", "A service has one team: keep one of them.");
                }
            }

            if (team.Services.Count == 0 && rest is not null)
            {
                reading.Report(PlanProblemSeverity.Error, $"teams[{i}]", $"the team '{rest}' takes what no other team does already.", "Name the services of this one.");
            }

            rest ??= team.Services.Count == 0 ? team.Id : null;
        }

        var nobodys = plan.Services.Where(service => !owners.ContainsKey(service.Id)).Select(static service => $"'{service.Id}'").ToList();
        if (plan.Teams.Count > 0 && rest is null && nobodys.Count > 0)
        {
            reading.Report(PlanProblemSeverity.Warning, "teams", $"no team takes the tickets of {string.Join(", ", nobodys)}.", "Add them to a team, or a team without services, which takes what no other team does.");
        }
    }

    private static void Members(OperationsPlan plan, Team team, string path, PlanReading reading)
    {
        for (var i = 0; i < team.Members.Count; i++)
        {
            if (team.Members.Take(i).Contains(team.Members[i]))
            {
                reading.Report(PlanProblemSeverity.Error, $"{path}.members[{i}]", $"'{team.Members[i]}' is a member already.", "Keep one of them.");
            }
            else if (plan.FindPerson(team.Members[i]) is { } person && !person.Roles.Contains(Roles.Support) && !person.Roles.Contains(Roles.Administrator))
            {
                reading.Report(PlanProblemSeverity.Warning, $"{path}.members[{i}]", $"'{person.Id}' has neither the role '{Roles.Support}' nor '{Roles.Administrator}', and so cannot work on tickets.", $"Add the role '{Roles.Support}' to the person, or take them out of the team.");
            }
        }
    }

    private static void Absences(Person person, string path, PlanReading reading)
    {
        for (var i = 0; i < person.Absences.Count; i++)
        {
            var absence = person.Absences[i];
            if (absence.To < absence.From)
            {
                reading.Report(PlanProblemSeverity.Error, $"{path}.absences[{i}].to", $"it is before the first day ({absence.From:uuuu-MM-dd}).", "Write the last day of the absence; for a single day that is the first one.");
            }
            else if (absence.Part != DayPart.Whole && absence.From != absence.To)
            {
                reading.Report(PlanProblemSeverity.Error, $"{path}.absences[{i}].part", "only an absence of a single day takes half of it.", "Write the half days as absences of their own.");
            }
            else if (absence.Deputy == person.Id)
            {
                reading.Report(PlanProblemSeverity.Error, $"{path}.absences[{i}].deputy", "nobody stands in for themselves.", "Name somebody else, or leave it out.");
            }
            else if (person.Absences.Take(i).FirstOrDefault(other => other.From <= absence.To && absence.From <= other.To && !(other.Part != DayPart.Whole && absence.Part != DayPart.Whole && other.Part != absence.Part)) is { } other)
            {
                reading.Report(PlanProblemSeverity.Warning, $"{path}.absences[{i}]", $"it overlaps the absence from {other.From:uuuu-MM-dd} to {other.To:uuuu-MM-dd}.", "Join them, or shorten one.");
            }
        }
    }
}
