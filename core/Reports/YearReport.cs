namespace Maintenance.Reports;

/// <summary>How the tickets of a priority went.</summary>
/// <param name="Priority">Its name.</param>
/// <param name="Opened">So many were opened.</param>
/// <param name="Open">So many are not resolved at the end.</param>
/// <param name="Response">How often the first answer was in time.</param>
/// <param name="Resolution">How often the solution was.</param>
/// <param name="Warnings">So many warnings were given.</param>
/// <param name="Levels">How often each level of the chain was told, the first one first.</param>
/// <param name="Alarms">So many chains ended without anybody seeing to it.</param>
public sealed record YearPriority(string Priority, int Opened, int Open, Attainment Response, Attainment Resolution, int Warnings, IReadOnlyList<int> Levels, int Alarms);

/// <summary>How available a service was.</summary>
/// <param name="Service">Its name.</param>
/// <param name="IsMeasured">True where probes measured it; false where incidents are counted.</param>
/// <param name="Agreed">The time that it had to be there.</param>
/// <param name="Down">How much of that it was not.</param>
/// <param name="Outages">So many outages fall into it.</param>
/// <param name="Share">One minus down over agreed; null where nothing is known.</param>
/// <param name="Objective">In per cent; null for none.</param>
/// <param name="Spent">The months in which it was down for longer than the objective allows.</param>
public sealed record YearService(string Service, bool IsMeasured, TimeSpan Agreed, TimeSpan Down, int Outages, double? Share, double? Objective, IReadOnlyList<string> Spent);

/// <summary>How the backups of a policy went.</summary>
/// <param name="Policy">Its id.</param>
/// <param name="Proven">So many were taken and proven.</param>
/// <param name="Unproven">So many were taken, and not proven.</param>
/// <param name="Failed">So many were not taken.</param>
/// <param name="Kept">So many snapshots are kept at the end.</param>
/// <param name="Cover">The share of the time in which the newest proven recovery point was within the RPO; null without one.</param>
public sealed record YearBackup(string Policy, int Proven, int Unproven, int Failed, int Kept, double? Cover);

/// <summary>What a supply went through.</summary>
/// <param name="Item">Its name.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="Consumed">So much was consumed.</param>
/// <param name="Received">So much was delivered.</param>
/// <param name="Lowest">The least that there was after the first entry.</param>
/// <param name="OnHand">What there is at the end.</param>
/// <param name="Requests">So many purchases were asked for.</param>
/// <param name="StockOuts">How often it ran out.</param>
public sealed record YearSupply(string Item, string Unit, decimal Consumed, decimal Received, decimal Lowest, decimal OnHand, int Requests, int StockOuts)
{
    /// <summary>So many purchases were asked for in time: after them it did not run out.</summary>
    public int Averted => Math.Max(0, Requests - StockOuts);
}

/// <summary>What a person had to do.</summary>
/// <param name="Person">The name.</param>
/// <param name="Tickets">So many tickets they had last.</param>
/// <param name="Most">The most that were open at once.</param>
/// <param name="Capacity">So many are a full load.</param>
/// <param name="Over">For how long they had more than that.</param>
public sealed record YearPerson(string Person, int Tickets, int Most, int Capacity, TimeSpan Over);

/// <summary>What became of the patches.</summary>
/// <param name="Requested">So many were asked for.</param>
/// <param name="Approved">So many were approved.</param>
/// <param name="Rejected">So many were rejected.</param>
/// <param name="Expired">Of so many nobody decided in time.</param>
/// <param name="Withdrawn">So many were withdrawn.</param>
/// <param name="Open">So many wait.</param>
public sealed record YearPatches(int Requested, int Approved, int Rejected, int Expired, int Withdrawn, int Open);

/// <summary>Work of a kind.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Times">How often it was to be done.</param>
/// <param name="Each">How long it is taken to last each time.</param>
public sealed record YearWork(string Kind, int Times, TimeSpan Each)
{
    /// <summary>All of it.</summary>
    public TimeSpan Whole => Each * Times;
}

/// <summary>What was said to people and done outside.</summary>
/// <param name="Mails">Mails.</param>
/// <param name="Messages">Messages to channels.</param>
/// <param name="Notices">Notices that only the log has, since the plan names no other way.</param>
/// <param name="Actions">Programs and webhooks of the plan.</param>
public sealed record YearOutside(int Mails, int Messages, int Notices, int Actions);

/// <summary>What a plan came to over some time.</summary>
/// <param name="System">The system's name.</param>
/// <param name="Zone">The id of the plan's zone, in which months and dates are meant.</param>
/// <param name="From">The first date.</param>
/// <param name="To">The last date.</param>
public sealed record YearReport(string System, string Zone, string From, string To)
{
    /// <summary>Tickets by priority, the most urgent first.</summary>
    public required IReadOnlyList<YearPriority> Tickets { get; init; }

    /// <summary>Services in the plan's order.</summary>
    public required IReadOnlyList<YearService> Services { get; init; }

    /// <summary>Backup policies in the plan's order.</summary>
    public required IReadOnlyList<YearBackup> Backups { get; init; }

    /// <summary>Drills that passed, and that did not.</summary>
    public required DrillCell Drills { get; init; }

    /// <summary>Duties by id, in the plan's order.</summary>
    public required IReadOnlyList<Duties.DutyLine> Duties { get; init; }

    /// <summary>Supplies in the plan's order.</summary>
    public required IReadOnlyList<YearSupply> Supplies { get; init; }

    /// <summary>Patches.</summary>
    public required YearPatches Patches { get; init; }

    /// <summary>Tickets that nobody was assigned, and nobody began: whoever answered them is not known as theirs.</summary>
    public required int Unassigned { get; init; }

    /// <summary>People who had tickets, in the plan's order.</summary>
    public required IReadOnlyList<YearPerson> People { get; init; }

    /// <summary>Work by kind.</summary>
    public required IReadOnlyList<YearWork> Work { get; init; }

    /// <summary>What was said and done outside.</summary>
    public required YearOutside Outside { get; init; }

    /// <summary>What failed, or was refused: something in the plan does not fit, or in the system.</summary>
    public required IReadOnlyList<string> Failures { get; init; }
}
