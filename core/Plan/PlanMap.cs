using System.Text.Json.Nodes;

namespace Maintenance.Plan;

/// <summary>What a reference points at, and an id defines.</summary>
internal enum PlanEntity
{
    Person,
    Calendar,
    Service,
    Backup,
    Priority,
    Impact,
    Urgency,
    Escalation,
    Channel,
    SupportChannel,
    FeedbackKind,
    AnswerTemplate,

    /// <summary>A ring of a rollout.</summary>
    Ring,

    /// <summary>A recovery strategy.</summary>
    Strategy,

    /// <summary>A further store of snapshots.</summary>
    Copy,

    /// <summary>A maintenance window.</summary>
    Window,

    /// <summary>A probe of the monitoring.</summary>
    Probe,

    /// <summary>A time without changes.</summary>
    Freeze,

    /// <summary>A team.</summary>
    Team,

    /// <summary>Something that is kept in stock.</summary>
    Supply,

    /// <summary>A training programme.</summary>
    Programme,

    /// <summary>A recurring obligation.</summary>
    Duty,

    /// <summary>A component that a service is made of.</summary>
    Component,

    /// <summary>A role, defined by the people who have it.</summary>
    Role,

    /// <summary>A person or a role.</summary>
    Recipient,
}

/// <summary>
/// The fields of one mapping of the plan. <see cref="PlanShape"/> asks for each field by name, kind and description; one implementation reads them from YAML,
/// the other writes them down as JSON Schema, so that what is accepted and what is documented cannot part. While describing, the methods return fillers.
/// </summary>
internal abstract class PlanMap
{
    /// <summary>A field of any scalar kind.</summary>
    /// <param name="name">The key.</param>
    /// <param name="doc">One sentence for editors.</param>
    /// <param name="kind">How the text is read.</param>
    /// <param name="filler">What stands for the value while describing, and where it is wrong.</param>
    public abstract T Value<T>(string name, string doc, ScalarKind<T> kind, T filler);

    /// <summary>A field that may be left out.</summary>
    public abstract T Optional<T>(string name, string doc, ScalarKind<T> kind, T absent);

    /// <summary>A list of scalars.</summary>
    public abstract IReadOnlyList<T> Values<T>(string name, string doc, ScalarKind<T> kind, int least, IReadOnlyList<T>? absent = null);

    /// <summary>A mapping inside.</summary>
    public abstract T Map<T>(string name, string doc, Func<PlanMap, T> read);

    /// <summary>A mapping inside that may be left out.</summary>
    public abstract T? OptionalMap<T>(string name, string doc, Func<PlanMap, T> read)
        where T : class;

    /// <summary>A list of mappings.</summary>
    public abstract IReadOnlyList<T> List<T>(string name, string doc, Func<PlanMap, T> read, int least);

    /// <summary>A table: rows by one kind of id, columns by another, each cell a reference; every pair must be there.</summary>
    public abstract IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Table(
        string name, string doc, PlanEntity rows, PlanEntity columns, PlanEntity cells);

    /// <summary>Of these optional fields one must be there, and only one. At most once for a mapping.</summary>
    public abstract void ExactlyOne(params string[] names);

    /// <summary>An optional field that says nothing without another one.</summary>
    public abstract void OnlyWith(string name, string needed);
}

/// <summary>How a scalar is read and described.</summary>
/// <param name="Parse">From text to the value; a problem, and a hint at what would be right, where it is none.</param>
/// <param name="Schema">Its JSON Schema.</param>
/// <param name="Defines">The entity of which the value is an id, if any.</param>
/// <param name="RefersTo">The entity at which the value must point, if any.</param>
internal sealed record ScalarKind<T>(
    Func<string, Parsed<T>> Parse, Func<JsonObject> Schema, PlanEntity? Defines = null, PlanEntity? RefersTo = null);

/// <summary>A value, or what is wrong with the text.</summary>
internal readonly record struct Parsed<T>(T Value, string? Problem, string? Hint)
{
    public static Parsed<T> Ok(T value) => new(value, null, null);

    public static Parsed<T> Wrong(string problem, string hint) => new(default!, problem, hint);
}
