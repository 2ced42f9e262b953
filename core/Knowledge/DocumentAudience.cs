using Maintenance.Plan;

namespace Maintenance.Knowledge;

/// <summary>Who is meant by owners and audiences.</summary>
public static class DocumentAudience
{
    /// <summary>The people of an audience, in the plan's order; the public is nobody of the plan.</summary>
    public static IReadOnlyList<Person> People(OperationsPlan plan, KnowledgeDocument document)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(document);
        return document.Audience.Contains(KnowledgeDocument.Everyone)
            ? plan.People
            : [.. plan.People.Where(person => document.Audience.Any(name => name == person.Id || person.Roles.Contains(name)))];
    }

    /// <summary>True where a person owns it, by name or by role.</summary>
    public static bool IsOwner(KnowledgeDocument document, Person person)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(person);
        return document.Owner is { } owner && (owner == person.Id || person.Roles.Contains(owner));
    }

    /// <summary>Who is told of it: its owner, or the system's where it has none that the plan knows.</summary>
    public static string Keeper(OperationsPlan plan, KnowledgeDocument document)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(document);
        return document.Owner is { } owner && !IsUnknown(plan, owner) ? owner : plan.System.Owner;
    }

    /// <summary>True where a name is no person's, and nobody has it as a role.</summary>
    public static bool IsUnknown(OperationsPlan plan, string name)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.FindPerson(name) is null && !plan.InRole(name).Any();
    }

    /// <summary>Every name that means somebody.</summary>
    internal static IReadOnlyList<string> Known(OperationsPlan plan) => [.. plan.People.Select(static person => person.Id).Concat(plan.People.SelectMany(static person => person.Roles)).Distinct(StringComparer.Ordinal)];
}
