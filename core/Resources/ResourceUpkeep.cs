namespace Maintenance.Resources;

/// <summary>What becomes due with hours and absences by itself.</summary>
public sealed class ResourceUpkeep(StaffReportService staff, AbsenceService absences)
{
    /// <summary>Keeps the month that was closed last, and erases why people were away long ago.</summary>
    public Task PurgeExpiredAsync(CancellationToken cancellation) =>
        EachAsync.RunAsync<Func<Task>>([() => staff.KeepClosedAsync(cancellation), () => absences.EraseReasonsAsync(cancellation)], static purge => purge());
}
