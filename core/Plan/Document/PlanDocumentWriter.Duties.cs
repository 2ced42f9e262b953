using Maintenance.Duties;
using Maintenance.Time;

namespace Maintenance.Plan.Document;

/// <summary>What is owed again and again.</summary>
public static partial class PlanDocumentWriter
{
    private static DocumentSection Duties(OperationsPlan plan) => new("duties", "Duties",
        plan.Duties.Count == 0 ? None("The plan has no duties.") :
        [
            new DocumentText("Each due date is owed, whatever happens in between; what is overdue is chased."),
            new DocumentTable("Duties", ["Duty", "Owner", "In absence", "Due", "On open days of", "Opens", "Overdue", "Evidence", "Procedure", "When overdue"],
            [
                .. plan.Duties.Select(duty => Row(
                    duty.Name, Who(plan, duty.Owner), duty.Deputy is { } deputy ? Who(plan, deputy) : null, duty.Rhythm.Text, duty.Calendar is { } calendar && duty.Adjust != BusinessDayRule.None ? CalendarName(plan, calendar) : null,
                    $"{Durations.Format(duty.Lead)} before", duty.Grace > TimeSpan.Zero ? $"{Durations.Format(duty.Grace)} after" : "at once", List(duty.Evidence.Select(static kind => Lower(kind))), ProcedureName(plan, duty.Procedure), Chased(plan, duty.Overdue))),
            ]),
        ]);

    /// <summary>A procedure by the title that the section of documents lists it under; by its file alone where it is no document.</summary>
    private static string? ProcedureName(OperationsPlan plan, string? file) => file is not null && plan.Knowledge.FindFile(file) is { } document ? $"{document.Title} ({file})" : file;

    private static string? Chased(OperationsPlan plan, DutyConsequence? overdue) => overdue is null ? null : string.Join(
        "; ",
        new[]
        {
            overdue.Ticket is null ? "" : "a ticket",
            List(overdue.Notify.Select(name => Who(plan, name))),
            overdue.Escalate is { } escalate ? $"{Durations.Format(escalate.After)} later: {List(escalate.Notify.Select(name => Who(plan, name)))}" : "",
        }.Where(static part => part is not "" and not null));
}
