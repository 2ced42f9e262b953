using System.Globalization;
using Maintenance.Knowledge;
using Maintenance.Plan;
using NodaTime;

namespace Maintenance.Resources;

/// <summary>What hangs on people.</summary>
public enum SinglePointKind
{
    /// <summary>A skill.</summary>
    Skill,

    /// <summary>A role that the plan never wants on one person.</summary>
    Role,

    /// <summary>Tickets of a service.</summary>
    Service,

    /// <summary>A recurring duty.</summary>
    Duty,

    /// <summary>The approval of patches.</summary>
    Approval,

    /// <summary>A level of an escalation.</summary>
    Escalation,

    /// <summary>Work that takes a valid training.</summary>
    Training,

    /// <summary>A document that somebody must know.</summary>
    Document,
}

/// <summary>Something that too few people can do.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Subject">Which one, as people call it.</param>
/// <param name="People">The ids of those who can; empty for nobody.</param>
/// <param name="Reason">Why that is too few.</param>
/// <param name="Remedy">How it is mended.</param>
public sealed record SinglePoint(SinglePointKind Kind, string Subject, IReadOnlyList<string> People, string Reason, string Remedy);

/// <summary>Something that will be done by too few, since the others are away.</summary>
/// <param name="From">The first local date.</param>
/// <param name="To">The last one, included.</param>
/// <param name="Point">What, with those who are left.</param>
public sealed record ComingSinglePoint(DateOnly From, DateOnly To, SinglePoint Point);

/// <summary>What hangs on one person, always or while others are away. Pure.</summary>
public static class SinglePoints
{
    /// <summary>So many days are looked ahead.</summary>
    public const int Ahead = 30;

    /// <summary>What hangs on too few people whoever is there, in order of kinds, then of the plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="trained">Who has a valid training, by the id of the programme; a programme that is not there is not looked at.</param>
    public static IReadOnlyList<SinglePoint> Of(OperationsPlan plan, IReadOnlyDictionary<string, IReadOnlySet<string>> trained)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(trained);
        return [.. Posts(plan, trained).Where(static post => post.People.Count <= post.Spare).Select(post => Point(plan, post, [.. post.People], [], []))];
    }

    /// <summary>
    /// What hangs on too few people on some of the next dates since others are away for the whole of them, and what then hangs on nobody at all; in order of the first date.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="trained">Who has a valid training, as above.</param>
    /// <param name="today">The first date that is looked at, in the plan's zone; <see cref="Ahead"/> are.</param>
    public static IReadOnlyList<ComingSinglePoint> Coming(OperationsPlan plan, IReadOnlyDictionary<string, IReadOnlySet<string>> trained, LocalDate today)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(trained);
        var coming = new List<ComingSinglePoint>();
        foreach (var post in Posts(plan, trained))
        {
            (LocalDate From, LocalDate To, List<string> Left, List<string> StandIns)? run = null;
            for (var (day, date) = (0, today); day < Ahead; day++, date = date.PlusDays(1))
            {
                var there = post.People.Where(id => !plan.FindPerson(id)!.IsAway(date)).ToList();
                var standIns = StandIns(plan, post, there, date);
                List<string> left = [.. there, .. standIns];

                // What hangs on as few always is told as that, and not again for each absence in which somebody stands in.
                if (left.Count > post.Spare || left.Count >= post.People.Count)
                {
                    Close();
                    continue;
                }

                if (run is { } running && running.Left.SequenceEqual(left) && running.StandIns.SequenceEqual(standIns))
                {
                    run = running with { To = date };
                    continue;
                }

                Close();
                run = (date, date, left, standIns);
            }

            Close();

            void Close()
            {
                if (run is { } over)
                {
                    coming.Add(new ComingSinglePoint(Day(over.From), Day(over.To), Point(plan, post, over.Left, [.. post.People.Except(over.Left)], over.StandIns)));
                    run = null;
                }
            }
        }

        return [.. coming.OrderBy(static one => one.From).ThenBy(static one => one.Point.Kind)];
    }

    /// <summary>Everything that takes people, with those who can.</summary>
    private static IEnumerable<Post> Posts(OperationsPlan plan, IReadOnlyDictionary<string, IReadOnlySet<string>> trained)
    {
        foreach (var skill in plan.People.SelectMany(static person => person.Skills).Concat(plan.Resources.NeverAlone.Skills).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            yield return new Post(SinglePointKind.Skill, skill, 1, Ids(plan.People.Where(person => person.Skills.Contains(skill, StringComparer.OrdinalIgnoreCase))), "Train a second person, and add the skill to them.");
        }

        foreach (var role in plan.Resources.NeverAlone.Roles.Distinct(StringComparer.Ordinal))
        {
            yield return new Post(SinglePointKind.Role, role, 1, Ids(plan.InRole(role)), "Give the role to a second person.");
        }

        foreach (var service in plan.Services)
        {
            var team = plan.Teams.FirstOrDefault(team => team.Services.Contains(service.Id)) ?? plan.Teams.FirstOrDefault(static team => team.Services.Count == 0);
            var workers = plan.People.Where(person => team is null ? person.Roles.Contains(Roles.Support) : team.Members.Contains(person.Id)).Where(CanWork);
            yield return new Post(SinglePointKind.Service, service.Name, 1, Ids(workers), team is null ? "Give the role support to a second person." : $"Add a second person who works on tickets to the team {team.Name}.");
        }

        foreach (var duty in plan.Duties)
        {
            var named = duty.Deputy is { } deputy ? new[] { duty.Owner, deputy } : [duty.Owner];
            yield return new Post(SinglePointKind.Duty, duty.Name, 1, Ids(plan.Resolve(named)), duty.Deputy is null ? "Name a deputy, or give the duty to a role of two." : "Name a deputy who is somebody else than the owner.");
        }

        foreach (var (index, rule) in plan.Patching.Rules.Index().Where(static rule => rule.Item.Quorum > 0))
        {
            yield return new Post(
                SinglePointKind.Approval, $"patching rule {(index + 1).ToString(CultureInfo.InvariantCulture)}, which takes {rule.Quorum.ToString(CultureInfo.InvariantCulture)}", rule.Quorum, Ids(plan.Resolve(rule.Approvers)),
                "Give one of its approver roles to another person.");
        }

        // A webhook is read by whoever is there: a level that has one does not hang on a person. Where nobody of a level is there its fallback is told, then the levels
        // above, as EscalationRules.Whom has it.
        foreach (var chain in plan.ServiceLevels.Escalations)
        {
            foreach (var (index, level) in chain.Levels.Index().Where(static level => level.Item.Channels.Count == 0))
            {
                yield return new Post(
                    SinglePointKind.Escalation, $"level {(index + 1).ToString(CultureInfo.InvariantCulture)} of {chain.Id}", 1, Ids(plan.Resolve([.. level.Notify, .. level.Fallback, .. chain.Levels.Skip(index + 1).SelectMany(static above => above.Notify)])),
                    "Notify a role of two, or name a fallback.");
            }
        }

        foreach (var programme in plan.Training.Programmes.Where(static programme => programme.GatedServices.Count + programme.GatedSkills.Count > 0))
        {
            if (trained.TryGetValue(programme.Id, out var people))
            {
                yield return new Post(SinglePointKind.Training, programme.Name, 1, Ids(plan.People.Where(person => people.Contains(person.Id) && CanWork(person))), "Have a second person come to the next session.");
            }
        }

        foreach (var document in plan.Knowledge.Documents.Where(static document => document.Kind == DocumentKind.Sop && !document.Audience.Contains(KnowledgeDocument.Public) && document.Audience.Count > 0))
        {
            yield return new Post(SinglePointKind.Document, document.Title, 1, Ids(DocumentAudience.People(plan, document)), "Add somebody to its audience who can follow it as well.");
        }
    }

    private static bool CanWork(Person person) => person.Capacity > 0 && (person.Roles.Contains(Roles.Support) || person.Roles.Contains(Roles.Administrator));

    /// <summary>
    /// Who stands in for those of a post who are away on a date, and is there. For a duty anybody may be named, for tickets whoever works on some; nobody knows, votes or is
    /// trained in somebody else's stead.
    /// </summary>
    private static List<string> StandIns(OperationsPlan plan, Post post, IReadOnlyList<string> there, LocalDate date) =>
        !CanBeStoodInFor(post.Kind) ? [] :
        [
            .. post.People.Except(there).SelectMany(id => plan.FindPerson(id)!.Absences).Where(absence => absence.From <= date && date <= absence.To && absence.Deputy is not null)
                .Select(absence => plan.FindPerson(absence.Deputy!)).OfType<Person>().Where(deputy => !deputy.IsAway(date) && (post.Kind != SinglePointKind.Service || CanWork(deputy)))
                .Select(static deputy => deputy.Id).Except(post.People),
        ];

    private static bool CanBeStoodInFor(SinglePointKind kind) => kind is SinglePointKind.Duty or SinglePointKind.Service;

    private static SinglePoint Point(OperationsPlan plan, Post post, IReadOnlyList<string> left, IReadOnlyList<string> away, IReadOnlyList<string> standIns)
    {
        var who = left.Count == 0 ? "nobody" : $"{(post.Spare == 1 ? "only " : "no more than ")}{Names(plan, left)}";
        var what = post.Kind switch
        {
            SinglePointKind.Skill => $"{who} knows it",
            SinglePointKind.Role => $"{who} has the role",
            SinglePointKind.Service => $"{who} works on its tickets",
            SinglePointKind.Duty => $"{who} does it",
            SinglePointKind.Approval => $"{who} may vote: without one of them its quorum is out of reach",
            SinglePointKind.Escalation => left.Count == 0 ? "nobody whom it would reach is there" : $"{who} hears of it",
            SinglePointKind.Training => $"{who} is trained for what it gates",
            _ => $"{who} is asked to know it",
        };
        return new SinglePoint(
            post.Kind, post.Subject, left, char.ToUpperInvariant(what[0]) + what[1..] + (away.Count == 0 ? "." : $", since {Names(plan, away)} {(away.Count == 1 ? "is" : "are")} away{(standIns.Count == 0 ? "" : $"; {Names(plan, standIns)} {(standIns.Count == 1 ? "stands" : "stand")} in")}."),
            away.Count == 0 ? post.Remedy : CanBeStoodInFor(post.Kind) ? "Move an absence, or have somebody else stand in." : "Move an absence.");
    }

    private static string Names(OperationsPlan plan, IReadOnlyList<string> ids) => string.Join(", ", ids.Select(id => plan.FindPerson(id)?.Name ?? id));

    private static IReadOnlyList<string> Ids(IEnumerable<Person> people) => [.. people.Select(static person => person.Id).Distinct()];

    private static DateOnly Day(LocalDate date) => date.ToDateOnly();

    /// <summary>Something that takes people.</summary>
    /// <param name="Kind">What.</param>
    /// <param name="Subject">Which one.</param>
    /// <param name="Spare">With so many, or fewer, the absence of one is one too many.</param>
    /// <param name="People">Those who can.</param>
    /// <param name="Remedy">How more can.</param>
    private sealed record Post(SinglePointKind Kind, string Subject, int Spare, IReadOnlyList<string> People, string Remedy);
}
