namespace Maintenance.Local.Simulation;

/// <summary>How the simulated world behaves, on average. Shares are 0 to 1.</summary>
public sealed record WorldHabits
{
    /// <summary>Reports of the public and of staff on a working day; a fifth of it on others.</summary>
    public double ReportsPerDay { get; init; } = 3;

    /// <summary>How often each service that has probes goes down in a year.</summary>
    public double OutagesPerYear { get; init; } = 6;

    /// <summary>How often the source of each backup cannot be reached, in a year.</summary>
    public double BrokenSourcesPerYear { get; init; } = 3;

    /// <summary>The share of tickets that nobody looks at for days.</summary>
    public double ForgottenTickets { get; init; } = 0.02;

    /// <summary>The share of tickets that take longer than they may.</summary>
    public double SlowTickets { get; init; } = 0.06;

    /// <summary>The share of duties that are done in time; of the others most are done late, some are skipped, few are never done.</summary>
    public double PunctualDuties { get; init; } = 0.88;

    /// <summary>The share of votes that approve.</summary>
    public double Approvals { get; init; } = 0.92;

    /// <summary>Patches that are asked for in a week.</summary>
    public double PatchesPerWeek { get; init; } = 0.7;

    /// <summary>For how many weeks a stock lasts that was just filled up.</summary>
    public double StockWeeks { get; init; } = 14;
}
