using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Template;
using static Maintenance.Web.Http.RouteAccess;

namespace Maintenance.Web.Http;

/// <summary>Every route of the system. Both hosts serve all of them and no others; a test compares the two.</summary>
#pragma warning disable CS1591 // Each line says what it is.
public static class Routes
{
    // What people look at.
    public static readonly Route Home = new("Home", "GET", "", Person, static (e, http, caller) => e.Status.HomeAsync(http, caller!));
    public static readonly Route Asset = new("Asset", "GET", "assets/{file}", Public, static (e, http, _) => e.Status.AssetAsync(http));
    public static readonly Route FeedbackForm = new("FeedbackForm", "GET", "feedback", Public, static (e, http, _) => e.Feedback.FormAsync(http));
    public static readonly Route SendFeedbackForm = new("SendFeedbackForm", "POST", "feedback", Public, static (e, http, _) => e.Feedback.SendFormAsync(http));
    public static readonly Route TrackingForm = new("TrackingForm", "GET", "feedback/track", Public, static (e, http, _) => e.Feedback.TrackingFormAsync(http));
    public static readonly Route TrackFeedbackForm = new("TrackFeedbackForm", "POST", "feedback/track", Public, static (e, http, _) => e.Feedback.TrackFormAsync(http));
    public static readonly Route CommentFeedbackForm = new("CommentFeedbackForm", "POST", "feedback/comments", Public, static (e, http, _) => e.Feedback.CommentFormAsync(http));
    public static readonly Route ReopenFeedbackForm = new("ReopenFeedbackForm", "POST", "feedback/reopening", Public, static (e, http, _) => e.Feedback.ReopenFormAsync(http));
    public static readonly Route RatingForm = new("RatingForm", "GET", "feedback/rating", Public, static (e, http, _) => e.Feedback.RatingFormAsync(http));
    public static readonly Route RateFeedbackForm = new("RateFeedbackForm", "POST", "feedback/rating", Public, static (e, http, _) => e.Feedback.RateFormAsync(http));
    public static readonly Route SurveyForm = new("SurveyForm", "GET", "feedback/survey", Public, static (e, http, _) => e.Feedback.SurveyFormAsync(http));
    public static readonly Route AnswerSurveyForm = new("AnswerSurveyForm", "POST", "feedback/survey", Public, static (e, http, _) => e.Feedback.AnswerSurveyFormAsync(http));
    public static readonly Route SatisfactionPage = new("SatisfactionPage", "GET", "feedback/satisfaction", Person, static (e, http, caller) => e.Feedback.SatisfactionPageAsync(http, caller!));
    public static readonly Route SignInPage = new("SignInPage", "GET", "sign-in", Public, static (e, http, _) => e.SignIn.PageAsync(http));
    public static readonly Route SignIn = new("SignIn", "POST", "sign-in", Public, static (e, http, _) => e.SignIn.SignInAsync(http));
    public static readonly Route SignOut = new("SignOut", "POST", "sign-out", Public, static (e, http, _) => e.SignIn.SignOutAsync(http));
    public static readonly Route TicketsPage = new("TicketsPage", "GET", "tickets", Person, static (e, http, caller) => e.Tickets.ListPageAsync(http, caller!));
    public static readonly Route TicketPage = new("TicketPage", "GET", "tickets/{id}", Person, static (e, http, caller) => e.Tickets.PageAsync(http, caller!));
    public static readonly Route AnswerTicketForm = new("AnswerTicketForm", "POST", "tickets/{id}/responses", Support, static (e, http, caller) => e.Tickets.RespondFormAsync(http, caller!));
    public static readonly Route ResolveTicketForm = new("ResolveTicketForm", "POST", "tickets/{id}/resolution", Support, static (e, http, caller) => e.Tickets.ResolveFormAsync(http, caller!));
    public static readonly Route OpenTicketForm = new("OpenTicketForm", "POST", "tickets", Person, static (e, http, caller) => e.Tickets.OpenFormAsync(http, caller!));
    public static readonly Route BulkTicketsForm = new("BulkTicketsForm", "POST", "tickets/bulk", Person, static (e, http, caller) => e.Tickets.BulkFormAsync(http, caller!));
    public static readonly Route ActOnTicketForm = new("ActOnTicketForm", "POST", "tickets/{id}/acts", Person, static (e, http, caller) => e.Tickets.ActFormAsync(http, caller!));
    public static readonly Route AttachToTicketForm = new("AttachToTicketForm", "POST", "tickets/{id}/attachments", Person, static (e, http, caller) => e.Attachments.AddFormAsync(http, caller!));
    public static readonly Route TicketClockPage = new("TicketClockPage", "GET", "tickets/{id}/clock", Person, static (e, http, caller) => e.ServiceLevels.PageAsync(http, caller!));
    public static readonly Route ReportsPage = new("ReportsPage", "GET", "reports", Person, static (e, http, caller) => e.Reports.PageAsync(http, caller!));
    public static readonly Route PersonReportPage = new("PersonReportPage", "GET", "reports/people/{id}", Person, static (e, http, caller) => e.Reports.PersonPageAsync(http, caller!));
    public static readonly Route BackupPage = new("BackupPage", "GET", "backups/{policy}", Person, static (e, http, caller) => e.Backups.PageAsync(http, caller!));
    public static readonly Route RunBackupForm = new("RunBackupForm", "POST", "backups/{policy}/runs", Administrator, static (e, http, _) => e.Backups.RunFormAsync(http));
    public static readonly Route RepositoryPage = new("RepositoryPage", "GET", "repository", Person, static (e, http, caller) => e.Repository.PageAsync(http, caller!));
    public static readonly Route VerifyRepositoryForm = new("VerifyRepositoryForm", "POST", "repository/verifications", Administrator, static (e, http, _) => e.Repository.VerifyFormAsync(http));
    public static readonly Route PruneRepositoryForm = new("PruneRepositoryForm", "POST", "repository/prunes", Administrator, static (e, http, _) => e.Repository.PruneFormAsync(http));
    public static readonly Route CopyRepositoryForm = new("CopyRepositoryForm", "POST", "repository/copies", Administrator, static (e, http, _) => e.Repository.CopyFormAsync(http));
    public static readonly Route ProveSnapshotForm = new("ProveSnapshotForm", "POST", "snapshots/{id}/proofs", Administrator, static (e, http, _) => e.Snapshots.ProveFormAsync(http));
    public static readonly Route HoldSnapshotForm = new("HoldSnapshotForm", "POST", "snapshots/{id}/holds", Administrator, static (e, http, caller) => e.Snapshots.HoldFormAsync(http, caller!));
    public static readonly Route ReleaseSnapshotForm = new("ReleaseSnapshotForm", "POST", "snapshots/{id}/releases", Administrator, static (e, http, _) => e.Snapshots.ReleaseFormAsync(http));
    public static readonly Route TerminateOperationForm = new("TerminateOperationForm", "POST", "operations/{id}/termination", Administrator, static (e, http, caller) => e.Operations.TerminateFormAsync(http, caller!));
    public static readonly Route OperationPage = new("OperationPage", "GET", "operations/{id}", Person, static (e, http, caller) => e.Status.OperationPageAsync(http, caller!));
    public static readonly Route PatchesPage = new("PatchesPage", "GET", "patches", Person, static (e, http, caller) => e.Patches.ListPageAsync(http, caller!));
    public static readonly Route RequestPatchForm = new("RequestPatchForm", "POST", "patches", Person, static (e, http, caller) => e.Patches.RequestFormAsync(http, caller!));
    public static readonly Route PatchPage = new("PatchPage", "GET", "patches/{id}", Person, static (e, http, caller) => e.Patches.PageAsync(http, caller!));
    public static readonly Route VotePatchForm = new("VotePatchForm", "POST", "patches/{id}/votes", Person, static (e, http, caller) => e.Patches.VoteFormAsync(http, caller!));
    public static readonly Route DecideRolloutForm = new("DecideRolloutForm", "POST", "patches/{id}/rollout", Person, static (e, http, caller) => e.Rollouts.DecideFormAsync(http, caller!));
    public static readonly Route RecoveriesPage = new("RecoveriesPage", "GET", "recovery", Person, static (e, http, caller) => e.Recovery.ListPageAsync(http, caller!));
    public static readonly Route StartRecoveryForm = new("StartRecoveryForm", "POST", "recovery", Administrator, static (e, http, caller) => e.Recovery.StartFormAsync(http, caller!));
    public static readonly Route RecoveryPage = new("RecoveryPage", "GET", "recovery/{id}", Person, static (e, http, caller) => e.Recovery.PageAsync(http, caller!));
    public static readonly Route DecideRecoveryForm = new("DecideRecoveryForm", "POST", "recovery/{id}/decisions", Administrator, static (e, http, caller) => e.Recovery.DecideFormAsync(http, caller!));
    public static readonly Route DecideRecoveryStepForm = new("DecideRecoveryStepForm", "POST", "recovery/{id}/steps/{step}/decisions", Person, static (e, http, caller) => e.Recovery.DecideStepFormAsync(http, caller!));
    public static readonly Route WindowsPage = new("WindowsPage", "GET", "windows", Person, static (e, http, caller) => e.Windows.PageAsync(http, caller!));
    public static readonly Route RevisePatchForm = new("RevisePatchForm", "POST", "patches/{id}/revisions", Person, static (e, http, caller) => e.Patches.ReviseFormAsync(http, caller!));
    public static readonly Route WithdrawPatchForm = new("WithdrawPatchForm", "POST", "patches/{id}/withdrawal", Person, static (e, http, caller) => e.Patches.WithdrawFormAsync(http, caller!));
    public static readonly Route ReviewPatchForm = new("ReviewPatchForm", "POST", "patches/{id}/review", Person, static (e, http, caller) => e.Patches.ReviewFormAsync(http, caller!));
    public static readonly Route NotificationsPage = new("NotificationsPage", "GET", "notifications", Support, static (e, http, caller) => e.Notifications.PageAsync(http, caller!));
    public static readonly Route TestNotificationForm = new("TestNotificationForm", "POST", "notifications/tests", Administrator, static (e, http, caller) => e.Notifications.TestFormAsync(http, caller!));
    public static readonly Route ResendNotificationForm = new("ResendNotificationForm", "POST", "notifications/{id}/resends", Support, static (e, http, _) => e.Notifications.ResendFormAsync(http));
    public static readonly Route ResendDeadLetterForm = new("ResendDeadLetterForm", "POST", "dead-letters", Administrator, static (e, http, _) => e.DeadLetters.ResendFormAsync(http));

    // What programs call.
    public static readonly Route GetHealth = new("GetHealth", "GET", "api/health", Public, static (e, http, _) => e.Status.HealthAsync(http));
    public static readonly Route GetStatus = new("GetStatus", "GET", "api/status", Person, static (e, http, _) => e.Status.StatusAsync(http));
    public static readonly Route GetMe = new("GetMe", "GET", "api/me", Person, static (e, _, caller) => e.Status.MeAsync(caller!));
    public static readonly Route GetPlan = new("GetPlan", "GET", "api/plan", Person, static (e, _, _) => e.Status.PlanAsync());
    public static readonly Route GetOperation = new("GetOperation", "GET", "api/operations/{id}", Person, static (e, http, _) => e.Status.OperationAsync(http));
    public static readonly Route ListOperations = new("ListOperations", "GET", "api/operations", Person, static (e, http, _) => e.Operations.ListAsync(http));
    public static readonly Route TerminateOperation = new("TerminateOperation", "POST", "api/operations/{id}/termination", Administrator, static (e, http, caller) => e.Operations.TerminateAsync(http, caller!));
    public static readonly Route ListBackups = new("ListBackups", "GET", "api/backups", Person, static (e, http, _) => e.Backups.ListAsync(http));
    public static readonly Route ListBackupRuns = new("ListBackupRuns", "GET", "api/backups/{policy}/runs", Person, static (e, http, _) => e.Backups.RunsAsync(http));
    public static readonly Route RunBackup = new("RunBackup", "POST", "api/backups/{policy}/runs", Administrator, static (e, http, _) => e.Backups.RunAsync(http));
    public static readonly Route ListBackupAlarms = new("ListBackupAlarms", "GET", "api/backups/alarms", Person, static (e, http, _) => e.Backups.AlarmsAsync(http));
    public static readonly Route ListSnapshots = new("ListSnapshots", "GET", "api/backups/{policy}/snapshots", Person, static (e, http, _) => e.Backups.SnapshotsAsync(http));
    public static readonly Route GetRetention = new("GetRetention", "GET", "api/backups/{policy}/retention", Person, static (e, http, _) => e.Backups.RetentionAsync(http));
    public static readonly Route ApplyRetention = new("ApplyRetentionRequest", "POST", "api/backups/{policy}/retention", Administrator, static (e, http, _) => e.Backups.RetainAsync(http));
    public static readonly Route RestoreBackup = new("RestoreBackup", "POST", "api/backups/{policy}/restores", Administrator, static (e, http, caller) => e.Snapshots.RestorePointAsync(http, caller!));
    public static readonly Route GetSnapshot = new("GetSnapshot", "GET", "api/snapshots/{id}", Person, static (e, http, _) => e.Snapshots.GetAsync(http));
    public static readonly Route ListSnapshotEntries = new("ListSnapshotEntries", "GET", "api/snapshots/{id}/entries", Person, static (e, http, _) => e.Snapshots.EntriesAsync(http));
    public static readonly Route ListSnapshotDifferences = new("ListSnapshotDifferences", "GET", "api/snapshots/{id}/differences", Person, static (e, http, _) => e.Snapshots.DifferencesAsync(http));
    public static readonly Route RestoreSnapshot = new("RestoreSnapshotRequest", "POST", "api/snapshots/{id}/restores", Administrator, static (e, http, caller) => e.Snapshots.RestoreAsync(http, caller!));
    public static readonly Route VerifySnapshot = new("VerifySnapshotRequest", "POST", "api/snapshots/{id}/verifications", Administrator, static (e, http, _) => e.Snapshots.VerifyAsync(http));
    public static readonly Route ProveSnapshot = new("ProveSnapshotRequest", "POST", "api/snapshots/{id}/proofs", Administrator, static (e, http, _) => e.Snapshots.ProveAsync(http));
    public static readonly Route HoldSnapshot = new("HoldSnapshot", "POST", "api/snapshots/{id}/holds", Administrator, static (e, http, caller) => e.Snapshots.HoldAsync(http, caller!));
    public static readonly Route ReleaseSnapshot = new("ReleaseSnapshot", "DELETE", "api/snapshots/{id}/holds", Administrator, static (e, http, _) => e.Snapshots.ReleaseAsync(http));
    public static readonly Route GetRepository = new("GetRepository", "GET", "api/repository", Person, static (e, http, _) => e.Repository.GetAsync(http));
    public static readonly Route VerifyRepository = new("VerifyRepositoryRequest", "POST", "api/repository/verifications", Administrator, static (e, http, _) => e.Repository.VerifyAsync(http));
    public static readonly Route PruneRepository = new("PruneRepositoryRequest", "POST", "api/repository/prunes", Administrator, static (e, http, _) => e.Repository.PruneAsync(http));
    public static readonly Route CopyRepository = new("CopyRepositoryRequest", "POST", "api/repository/copies", Administrator, static (e, http, _) => e.Repository.CopyAsync(http));
    public static readonly Route ListRepositoryKeys = new("ListRepositoryKeys", "GET", "api/repository/keys", Person, static (e, http, _) => e.Repository.KeysAsync(http));
    public static readonly Route ChangeRepositoryKeys = new("ChangeRepositoryKeys", "POST", "api/repository/keys", Administrator, static (e, http, caller) => e.Repository.ChangeKeysAsync(http, caller!));
    public static readonly Route RemoveRepositoryKey = new("RemoveRepositoryKey", "DELETE", "api/repository/keys/{key}", Administrator, static (e, http, _) => e.Repository.RemoveKeyAsync(http));
    public static readonly Route GetBreakGlassBook = new("GetBreakGlassBook", "GET", "api/recovery/book", Administrator, static (e, http, _) => e.BreakGlass.GetAsync(http));
    public static readonly Route SendFeedback = new("SendFeedback", "POST", "api/feedback", Public, static (e, http, _) => e.Feedback.SendAsync(http));
    public static readonly Route TrackFeedback = new("TrackFeedback", "GET", "api/feedback/{reference}", Public, static (e, http, _) => e.Feedback.TrackAsync(http));
    public static readonly Route CommentFeedback = new("CommentFeedback", "POST", "api/feedback/{reference}/comments", Public, static (e, http, _) => e.Feedback.CommentAsync(http));
    public static readonly Route ReopenFeedback = new("ReopenFeedback", "POST", "api/feedback/{reference}/reopening", Public, static (e, http, _) => e.Feedback.ReopenAsync(http));
    public static readonly Route RateFeedback = new("RateFeedback", "POST", "api/feedback/{reference}/rating", Public, static (e, http, _) => e.Feedback.RateAsync(http));
    public static readonly Route AnswerSurvey = new("AnswerSurvey", "POST", "api/feedback/{reference}/survey", Public, static (e, http, _) => e.Feedback.AnswerSurveyAsync(http));
    public static readonly Route EraseFeedback = new("EraseFeedback", "POST", "api/contacts/erasures", Administrator, static (e, http, _) => e.Feedback.EraseAsync(http));
    public static readonly Route ExportFeedback = new("ExportFeedback", "POST", "api/contacts/exports", Administrator, static (e, http, _) => e.Feedback.ExportAsync(http));
    public static readonly Route GetSatisfaction = new("GetSatisfaction", "GET", "api/reports/satisfaction", Person, static (e, http, _) => e.Feedback.SatisfactionAsync(http));
    public static readonly Route ListTickets = new("ListTickets", "GET", "api/tickets", Person, static (e, http, caller) => e.Tickets.ListAsync(http, caller!));
    public static readonly Route ExportTickets = new("ExportTickets", "GET", "api/tickets.csv", Person, static (e, http, caller) => e.Tickets.ExportAsync(http, caller!));
    public static readonly Route OpenTicket = new("OpenTicket", "POST", "api/tickets", Person, static (e, http, caller) => e.Tickets.OpenAsync(http, caller!));
    public static readonly Route ActOnTickets = new("ActOnTickets", "POST", "api/tickets/bulk", Person, static (e, http, caller) => e.Tickets.BulkAsync(http, caller!));
    public static readonly Route ReindexTickets = new("ReindexTickets", "POST", "api/ticket-index", Administrator, static (e, http, _) => e.Tickets.ReindexAsync(http));
    public static readonly Route GetTicket = new("GetTicket", "GET", "api/tickets/{id}", Person, static (e, http, caller) => e.Tickets.GetAsync(http, caller!));
    public static readonly Route ActOnTicket = new("ActOnTicket", "POST", "api/tickets/{id}/acts", Person, static (e, http, caller) => e.Tickets.ActAsync(http, caller!));
    public static readonly Route GetTicketAssignment = new("GetTicketAssignment", "GET", "api/tickets/{id}/assignment", Support, static (e, http, _) => e.Tickets.AssignmentAsync(http));
    public static readonly Route AttachToTicket = new("AttachToTicket", "POST", "api/tickets/{id}/attachments", Person, static (e, http, caller) => e.Attachments.AddAsync(http, caller!));
    public static readonly Route GetTicketAttachment = new("GetTicketAttachment", "GET", "api/tickets/{id}/attachments/{file}", Person, static (e, http, caller) => e.Attachments.GetAsync(http, caller!));
    public static readonly Route RespondToTicket = new("RespondToTicket", "POST", "api/tickets/{id}/responses", Support, static (e, http, caller) => e.Tickets.RespondAsync(http, caller!));
    public static readonly Route ResolveTicket = new("ResolveTicket", "POST", "api/tickets/{id}/resolution", Support, static (e, http, caller) => e.Tickets.ResolveAsync(http, caller!));
    public static readonly Route GetTicketClock = new("GetTicketClock", "GET", "api/tickets/{id}/clock", Person, static (e, http, _) => e.ServiceLevels.ClockAsync(http));
    public static readonly Route GetServiceLevelReport = new("GetServiceLevelReport", "GET", "api/reports/service-levels", Person, static (e, http, _) => e.Reports.ServiceLevelsAsync(http));
    public static readonly Route GetPersonReport = new("GetPersonReport", "GET", "api/reports/people/{id}", Person, static (e, http, caller) => e.Reports.PersonAsync(http, caller!));
    public static readonly Route ListPatches = new("ListPatches", "GET", "api/patches", Person, static (e, http, _) => e.Patches.ListAsync(http));
    public static readonly Route RequestPatch = new("RequestPatch", "POST", "api/patches", Person, static (e, http, caller) => e.Patches.RequestAsync(http, caller!));
    public static readonly Route GetPatch = new("GetPatch", "GET", "api/patches/{id}", Person, static (e, http, _) => e.Patches.GetAsync(http));
    public static readonly Route VotePatch = new("VotePatch", "POST", "api/patches/{id}/votes", Person, static (e, http, caller) => e.Patches.VoteAsync(http, caller!));
    public static readonly Route GetRollout = new("GetRollout", "GET", "api/patches/{id}/rollout", Person, static (e, http, _) => e.Rollouts.GetAsync(http));
    public static readonly Route DecideRollout = new("DecideRollout", "POST", "api/patches/{id}/rollout", Person, static (e, http, caller) => e.Rollouts.DecideAsync(http, caller!));
    public static readonly Route ListStrategies = new("ListStrategies", "GET", "api/recovery/strategies", Person, static (e, http, _) => e.Recovery.StrategiesAsync(http));
    public static readonly Route ExplainStrategy = new("ExplainStrategy", "GET", "api/recovery/strategies/{id}", Person, static (e, http, _) => e.Recovery.ExplainAsync(http));
    public static readonly Route ListRecoveries = new("ListRecoveries", "GET", "api/recoveries", Person, static (e, http, _) => e.Recovery.ListAsync(http));
    public static readonly Route StartRecovery = new("StartRecovery", "POST", "api/recoveries", Administrator, static (e, http, caller) => e.Recovery.StartAsync(http, caller!));
    public static readonly Route StartDrill = new("StartDrill", "POST", "api/drills", Administrator, static (e, http, caller) => e.Recovery.StartDrillAsync(http, caller!));
    public static readonly Route GetRecovery = new("GetRecovery", "GET", "api/recoveries/{id}", Person, static (e, http, _) => e.Recovery.GetAsync(http));
    public static readonly Route DecideRecovery = new("DecideRecovery", "POST", "api/recoveries/{id}/decisions", Administrator, static (e, http, caller) => e.Recovery.DecideAsync(http, caller!));
    public static readonly Route DecideRecoveryStep = new("DecideRecoveryStep", "POST", "api/recoveries/{id}/steps/{step}/decisions", Person, static (e, http, caller) => e.Recovery.DecideStepAsync(http, caller!));
    public static readonly Route ListWindows = new("ListWindows", "GET", "api/windows", Person, static (e, http, _) => e.Windows.ListAsync(http));
    public static readonly Route FindWindowFit = new("FindWindowFit", "GET", "api/windows/fit", Person, static (e, http, _) => e.Windows.FitAsync(http));
    public static readonly Route RevisePatch = new("RevisePatch", "POST", "api/patches/{id}/revisions", Person, static (e, http, caller) => e.Patches.ReviseAsync(http, caller!));
    public static readonly Route WithdrawPatch = new("WithdrawPatch", "POST", "api/patches/{id}/withdrawal", Person, static (e, http, caller) => e.Patches.WithdrawAsync(http, caller!));
    public static readonly Route ReviewPatch = new("ReviewPatch", "POST", "api/patches/{id}/review", Person, static (e, http, caller) => e.Patches.ReviewAsync(http, caller!));
    public static readonly Route ExplainPatch = new("ExplainPatch", "GET", "api/patches/{id}/explanation", Person, static (e, http, _) => e.Patches.ExplainAsync(http));
    public static readonly Route ImportPatches = new("ImportPatches", "POST", "api/patches/imports", Person, static (e, http, caller) => e.Patches.ImportAsync(http, caller!));
    public static readonly Route ListNotifications = new("ListNotifications", "GET", "api/notifications", Support, static (e, http, _) => e.Notifications.ListAsync(http));
    public static readonly Route TestNotification = new("TestNotification", "POST", "api/notifications/tests", Administrator, static (e, http, caller) => e.Notifications.TestAsync(http, caller!));
    public static readonly Route ResendNotification = new("ResendNotification", "POST", "api/notifications/{id}/resends", Support, static (e, http, _) => e.Notifications.ResendAsync(http));
    public static readonly Route ListDeadLetters = new("ListDeadLetters", "GET", "api/dead-letters", Person, static (e, http, _) => e.DeadLetters.ListAsync(http));
    public static readonly Route ResendDeadLetter = new("ResendDeadLetter", "POST", "api/dead-letters", Administrator, static (e, http, _) => e.DeadLetters.ResendAsync(http));

    public static readonly Route IssueCredential = new("IssueCredential", "POST", "api/people/{id}/credentials", Administrator, static (e, http, caller) => e.SignIn.IssueAsync(http, caller!));
    public static readonly Route RevokeCredentials = new("RevokeCredentials", "POST", "api/people/{id}/revocations", Administrator, static (e, http, _) => e.SignIn.RevokeAsync(http));

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Route> All { get; } =
        [.. typeof(Routes).GetFields().Where(static field => field.FieldType == typeof(Route)).Select(static field => (Route)field.GetValue(null)!)];

    /// <summary>The methods that routes take at a path; empty where there is nothing.</summary>
    public static IReadOnlyList<string> MethodsOf(PathString path) => [.. Templates.Value.Where(route => route.Template.TryMatch(path, new())).Select(static route => route.Method).Distinct()];

    private static readonly Lazy<(string Method, TemplateMatcher Template)[]> Templates =
        new(static () => [.. All.Select(static route => (route.Method, new TemplateMatcher(TemplateParser.Parse(route.Pattern), new())))]);
}
