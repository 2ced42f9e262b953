using Maintenance.Actions;
using Maintenance.Time;

namespace Maintenance.Recovery;

/// <summary>How services are brought back: the plan's <c>recovery</c> section.</summary>
/// <param name="Strategies">One or more for each service that has any.</param>
/// <param name="Ticket">What the ticket of a drill that failed or is overdue is taken to be; null where no strategy has drills.</param>
public sealed record RecoveryPolicy(IReadOnlyList<RecoveryStrategy> Strategies, DrillTicket? Ticket)
{
    /// <summary>Where the plan says nothing.</summary>
    public static RecoveryPolicy None { get; } = new([], null);

    /// <summary>The strategy of an id, or null.</summary>
    public RecoveryStrategy? Find(string id) => Strategies.FirstOrDefault(strategy => strategy.Id == id);
}

/// <summary>The impact and urgency of a drill's ticket, by the plan's own ids.</summary>
public sealed record DrillTicket(string Impact, string Urgency);

/// <summary>
/// A recovery strategy (NIST SP 800-34, 3.4 and 4.3): what is done to bring a service back, as a graph of steps. Steps of which none comes after the other may run
/// at the same time.
/// </summary>
/// <param name="Id">Short and stable.</param>
/// <param name="Service">The id of the service.</param>
/// <param name="Description">For which kind of loss it is.</param>
/// <param name="Steps">In the order of the plan; <see cref="RecoveryStep.After"/> says what must come first.</param>
/// <param name="Workers">How many steps may run at the same time: the hands that are there at night.</param>
/// <param name="WorkRecovery">Work-recovery time: how long it takes afterwards until the lost work is entered again and the service is whole.</param>
/// <param name="Notify">People or roles that hear of a recovery and of what it waits for.</param>
public sealed record RecoveryStrategy(
    string Id, string Service, string Description, IReadOnlyList<RecoveryStep> Steps, int Workers, TimeSpan WorkRecovery, IReadOnlyList<string> Notify)
{
    /// <summary>When it is tried out; null for on request only.</summary>
    public DrillPolicy? Drills { get; init; }
}

/// <summary>When a strategy is tried out.</summary>
/// <param name="Schedule">When.</param>
/// <param name="Expires">How long a passed drill counts; the strategy's drill is overdue afterwards.</param>
public sealed record DrillPolicy(Schedule Schedule, TimeSpan Expires);

/// <summary>Kinds of step.</summary>
public enum RecoveryStepKind
{
    /// <summary>A snapshot is restored into isolation.</summary>
    Restore,

    /// <summary>A machine does something: a command or a webhook.</summary>
    Action,

    /// <summary>Something is looked at.</summary>
    Check,

    /// <summary>A person does something and confirms it.</summary>
    Manual,

    /// <summary>People approve the cut-over: what was restored before it then takes the place of the live data.</summary>
    Gate,
}

/// <summary>A step of a strategy. What belongs to its kind is there, and nothing else.</summary>
/// <param name="Id">Short; unique in its strategy.</param>
/// <param name="Name">What is done, in a line.</param>
/// <param name="Kind">How.</param>
/// <param name="Owner">The person or role that does it or answers for it.</param>
/// <param name="Duration">How long it is expected to take.</param>
/// <param name="After">The ids of the steps that must be done before.</param>
public sealed record RecoveryStep(string Id, string Name, RecoveryStepKind Kind, string Owner, TimeSpan Duration, IReadOnlyList<string> After)
{
    /// <summary>What is restored.</summary>
    public RestoreStep? Restore { get; init; }

    /// <summary>What a machine does.</summary>
    public PlanAction? Action { get; init; }

    /// <summary>What is looked at.</summary>
    public Check? Check { get; init; }

    /// <summary>The restore step whose folder a check or a command works in; null where there is none.</summary>
    public string? Of { get; init; }

    /// <summary>The procedure that tells a person how, as the plan names it: a path relative to the plan; null for none.</summary>
    public string? Sop { get; init; }

    /// <summary>The same as an absolute path of the host.</summary>
    public string? SopFile { get; init; }

    /// <summary>Who approves the cut-over.</summary>
    public GateRule? Gate { get; init; }

    /// <summary>True where a drill does it too. Restores and looks at files always are; a gate never is: a drill cuts nothing over.</summary>
    public bool RunsInDrill { get; init; }
}

/// <summary>A restore into isolation.</summary>
/// <param name="Backup">The id of the backup policy.</param>
/// <param name="Live">
/// The absolute folder that the cut-over replaces; the restore goes into a folder beside it. Null where it goes into <paramref name="Place"/>.
/// </param>
/// <param name="Place">
/// A place that is isolated by itself (<c>postgres:SETTING</c>, <c>container:URI</c>, <c>table:URI</c>): an action after the gate makes it the live one.
/// </param>
public sealed record RestoreStep(string Backup, string? Live, string? Place)
{
    /// <summary>Where a recovery keeps what was live before its cut-over.</summary>
    /// <param name="recovery">The id of the recovery.</param>
    public string AsideIn(string recovery) => $"{Live}.before-{recovery}";

    /// <summary>Where a recovery that is taken back leaves what it had restored, with what was written to it since.</summary>
    /// <param name="recovery">The id of the recovery.</param>
    public string RevertedIn(string recovery) => $"{Live}.reverted-{recovery}";
}

/// <summary>Who approves a cut-over. One rejection ends the recovery, with the live side as it was.</summary>
/// <param name="Approvers">The roles whose people may decide.</param>
/// <param name="Quorum">How many different people must approve.</param>
public sealed record GateRule(IReadOnlyList<string> Approvers, int Quorum);
