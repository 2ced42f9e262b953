namespace Maintenance.Training;

/// <summary>The plan's section <c>training</c>: who must have learnt what, and how often anew.</summary>
/// <param name="Programmes">The programmes.</param>
public sealed record TrainingPolicy(IReadOnlyList<TrainingProgramme> Programmes)
{
    /// <summary>Where the plan does not say how long before a training runs out people are told.</summary>
    public static readonly TimeSpan UsualWarning = TimeSpan.FromDays(30);

    /// <summary>A plan without training.</summary>
    public static TrainingPolicy None { get; } = new([]);

    /// <summary>How long before a training runs out people are told.</summary>
    public TimeSpan Warning { get; init; } = UsualWarning;

    /// <summary>The programme of an id, or null.</summary>
    public TrainingProgramme? Find(string id) => Programmes.FirstOrDefault(programme => programme.Id == id);
}

/// <summary>How a training is given.</summary>
public enum TrainingDelivery
{
    /// <summary>In a room, with a trainer.</summary>
    Classroom,

    /// <summary>Over the network, with a trainer.</summary>
    Online,

    /// <summary>At work, beside somebody who knows.</summary>
    OnTheJob,

    /// <summary>Alone, with the material.</summary>
    SelfStudy,
}

/// <summary>Something that people learn, and learn again.</summary>
/// <param name="Id">Short and stable.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Audience">The people or roles that must have it.</param>
/// <param name="Valid">How long it counts, from the session on.</param>
/// <param name="Within">How soon whoever comes into the audience must have it.</param>
/// <param name="Owner">The person or role that answers for what is taught: the curriculum.</param>
/// <param name="Trainer">The person or role that gives it: the delivery.</param>
/// <param name="Delivery">How it is given.</param>
public sealed record TrainingProgramme(
    string Id, string Name, IReadOnlyList<string> Audience, TimeSpan Valid, TimeSpan Within, string Owner, string Trainer, TrainingDelivery Delivery)
{
    /// <summary>What is taught; empty where nobody says.</summary>
    public string Description { get; init; } = "";

    /// <summary>Where the material is: a file below the plan's folder, or an address; null where nobody says.</summary>
    public string? Material { get; init; }

    /// <summary>The least score in percent with which the assessment is passed; null where being there is enough.</summary>
    public int? PassMark { get; init; }

    /// <summary>The ids of the services whose tickets are offered only to people with a valid training.</summary>
    public IReadOnlyList<string> GatedServices { get; init; } = [];

    /// <summary>The skills of which the same is true.</summary>
    public IReadOnlyList<string> GatedSkills { get; init; } = [];
}
