namespace Maintenance.Backups.Retention;

/// <summary>
/// Which snapshots are kept. The rules add up: a snapshot that any of them keeps is kept. Buckets are those of the plan's time zone, weeks those of ISO 8601 with
/// its year.
/// </summary>
/// <param name="Last">The newest n.</param>
/// <param name="Hourly">The newest of each of the newest n hours that have any.</param>
/// <param name="Daily">Days.</param>
/// <param name="Weekly">Weeks.</param>
/// <param name="Monthly">Months.</param>
/// <param name="Yearly">Years.</param>
/// <param name="Within">All that are younger than this; null for none.</param>
/// <param name="Minimum">So many proven ones stay, the newest, whatever else is said.</param>
public sealed record RetentionRules(int Last, int Hourly, int Daily, int Weekly, int Monthly, int Yearly, TimeSpan? Within, int Minimum)
{
    /// <summary>No rules: everything is kept.</summary>
    public static RetentionRules KeepEverything { get; } = new(0, 0, 0, 0, 0, 0, null, 0);

    /// <summary>True where no rule but <see cref="Minimum"/> is set: everything is kept.</summary>
    public bool KeepsEverything => Last == 0 && Hourly == 0 && Daily == 0 && Weekly == 0 && Monthly == 0 && Yearly == 0 && Within is null;
}
