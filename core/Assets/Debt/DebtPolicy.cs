namespace Maintenance.Assets.Debt;

/// <summary>The section <c>technicalDebt</c> of a plan: what share of the team's time belongs to the debt.</summary>
/// <param name="Hours">The team's hours a month.</param>
/// <param name="Reserve">The share of them that is kept for the debt, in percent.</param>
public sealed record DebtPolicy(int Hours, int Reserve)
{
    /// <summary>So many hours a month belong to the debt.</summary>
    public double Reserved => Hours * Reserve / 100.0;
}
