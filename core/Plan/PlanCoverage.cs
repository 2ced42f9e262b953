using Maintenance.Duties;
using Maintenance.Status;

namespace Maintenance.Plan;

/// <summary>A question that an operations and maintenance phase must answer.</summary>
/// <param name="Area">What it is about.</param>
/// <param name="Question">The question.</param>
/// <param name="Sections">The sections of the plan that answer it.</param>
/// <param name="Timers">The timers that keep the answer true; none where people's acts and the pages do.</param>
/// <param name="Pages">Where it is seen: paths of pages.</param>
/// <param name="KeptBy">What keeps the answer true, in words.</param>
public sealed record CoverageQuestion(string Area, string Question, IReadOnlyList<string> Sections, IReadOnlyList<string> Timers, IReadOnlyList<string> Pages, string KeptBy)
{
    /// <summary>What a plan says to it; null where it says nothing.</summary>
    internal Func<OperationsPlan, string?> Says { get; init; } = static _ => null;
}

/// <summary>What a plan answers to a question.</summary>
/// <param name="Question">The question.</param>
/// <param name="Answer">What the plan says, in short; null where it says nothing.</param>
public sealed record CoverageAnswer(CoverageQuestion Question, string? Answer)
{
    /// <summary>True where the plan says something.</summary>
    public bool IsAnswered => Answer is not null;
}

/// <summary>Which questions of the phase a plan answers, by which section, and what keeps the answer true. Pure.</summary>
public static class PlanCoverage
{
    /// <summary>Every question, in the order in which a plan is read.</summary>
    public static IReadOnlyList<CoverageQuestion> Questions { get; } =
    [
        Q("types of maintenance", "How is corrective, adaptive, perfective and preventive work told apart, planned and reported?", "patching support", "", "/tickets /reports/workload",
            "Each ticket has a type and a kind of maintenance (ISO/IEC/IEEE 14764); reports count them.", static plan => Some(plan.Support.Feedback.Kinds.Count, "kind of feedback", "kinds of feedback") + ", each with the type of its ticket"),
        Q("schedule", "What are the routine maintenance windows, and what happens in each?", "windows duties patching", "SweepRollouts SweepDuties", "/windows /plan/calendar",
            "Rollouts wait for a window that holds them whole; the calendar shows what falls where.", static plan => Some(plan.Windows.Maintenance.Count, "window", "windows")),
        Q("resources", "Who and what is allocated to maintenance tasks?", "people teams resources technicalDebt", "SweepServiceLevels", "/resources /plan/on-duty /reports/workload",
            "Hours are allocated to services and kinds of work, and booked against them; who is away is not offered work; what hangs on one person is listed, for the next thirty days too.",
            static plan => plan.Teams.Count + plan.Resources.Allocations.Count == 0 ? null : $"{Some(plan.Teams.Count, "team", "teams") ?? "no team"}, {Some(plan.Resources.Allocations.Count, "allocation of hours", "allocations of hours") ?? "no hours allocated"}"),
        Q("issue tracking", "Where are bugs, issues, feature and change requests tracked?", "support tickets", "SweepServiceLevels", "/tickets /feedback",
            "One desk: every channel, probe, drill, duty and finding ends in a ticket with a history that nobody edits.", static plan => Some(plan.Support.Channels.Count, "channel", "channels")),
        Q("resolution workflow", "From report to resolution: how is an issue prioritised, assigned, resolved, closed?", "priorities teams tickets", "SweepServiceLevels", "/tickets",
            "The matrix gives the priority, the rules the person; states and clocks move only by acts that are recorded.", static plan => Some(plan.Priorities.Levels.Count, "priority", "priorities")),
        Q("update policy", "How often, by what method, and how far behind may anything be?", "lifecycle", "ReviewAssets", "/assets",
            "The inventory is compared with the newest known versions; who is further behind than allowed is listed.", static plan => Some(plan.Lifecycle.Updates.Count, "rule", "rules")),
        Q("patch management", "How are patches assessed, approved, applied, verified, rolled back?", "patching", "SweepApprovals SweepRollouts", "/patches",
            "Votes are counted by the rule that held when it was asked for; rings apply, probe and take back.", static plan => Some(plan.Patching.Rules.Count, "rule", "rules")),
        Q("vendor upgrades", "How are vendor releases and upgrades of off-the-shelf software handled?", "lifecycle assets patching", "ReviewAssets SweepRollouts", "/assets /patches",
            "Support's end is warned of in steps; each upgrade path goes from, via and to, with its procedure, as a patch through the rings.", static plan => Some(plan.Lifecycle.Upgrades.Count, "upgrade path", "upgrade paths")),
        Q("monitoring", "Which tools watch performance and security, and by which procedures?", "monitoring", "RunProbes WatchOperations WatchSecurity", "/monitoring",
            "Probes with damping open and close incidents; silence is an alarm; signals of security are told.", static plan => Some(plan.Monitoring.Probes.Count, "probe", "probes")),
        Q("metrics", "Which performance metrics, with which bounds?", "monitoring serviceLevels", "RunProbes", "/monitoring /reports/availability",
            "Latency as histograms, availability against its objective with an error budget, burn-rate alarms; OpenTelemetry out.", static plan => Some(plan.Monitoring.Objectives.Count, "objective", "objectives")),
        Q("backup procedures", "What of software and data is backed up, when, where to, how long, how proven?", "backups repository", "TakeDueBackups CareForRepository RaiseBackupAlarms", "/backups /repository",
            "A backup counts once it is restored and compared; too old a proven one is an alarm and is replaced at once.", static plan => Some(plan.Backups.Count, "policy", "policies")),
        Q("recovery plan", "How is data recovered after loss or corruption, step by step?", "recovery", "SweepRecoveries", "/recovery",
            "The strategy runs as a graph of steps with gates; nothing live is touched before people approve.", static plan => Some(plan.Recovery.Strategies.Count, "strategy", "strategies")),
        Q("business continuity policy", "Who has the authority and guidance for continuity?", "system recovery serviceLevels", "SweepServiceLevels", "/plan",
            "Gates name who decides; escalations end at the system's owner; the break-glass book tells how without this system.", static plan => Owner(plan)),
        Q("business impact analysis", "Which systems and components are critical, in which order, with which RTO, RPO and tolerable downtime?", "services", "RaiseBackupAlarms", "/plan /",
            "The check refuses objectives that contradict one another; the overview measures each service against its own.", static plan => Some(plan.Services.Count, "service", "services")),
        Q("preventive controls", "Which measures reduce the effects of a disruption?", "repository backups duties monitoring", "CareForRepository SweepDuties", "/repository /duties",
            "Copies on other media and off site, immutability, verification, probes, and the recurring checks.", static plan => Some(plan.Repository.Copies.Count, "further copy", "further copies")),
        Q("recovery strategies", "How is recovery quick and effective after a disruption?", "recovery", "SweepRecoveries StartDueDrills", "/recovery",
            "The critical path is forecast against RTO and MTD before anything happens, and measured in each drill.", static plan => Some(plan.Recovery.Strategies.Count(static one => one.Steps.Any(static step => step.Gate is not null)), "strategy with a gate", "strategies with a gate")),
        Q("IT contingency plan", "What are the detailed procedures for restoring a damaged system?", "recovery documents", "WriteBreakGlassBook SweepDocuments", "/recovery /documents",
            "Manual steps name their procedure; the break-glass book holds them outside this system.", static plan => Some(plan.Recovery.Strategies.Sum(static one => one.Steps.Count(static step => step.Sop is not null)), "step with a procedure", "steps with a procedure")),
        Q("tests, training, exercises", "How is the plan exercised, who is trained, and what gaps did it find?", "recovery training duties", "StartDueDrills SweepTraining SweepDuties", "/reports/drills /training",
            "Drills run by schedule and open tickets where they fail or are late; exercises are duties with evidence.", static plan => Some(plan.Recovery.Strategies.Count(static one => one.Drills is not null), "strategy that is drilled", "strategies that are drilled")),
        Q("documentation", "Who updates system and user documentation, how often, and is it current?", "documents duties", "SweepDocuments", "/documents",
            "Each document has an owner and a review period; the stale and the orphaned are listed and told.", static plan => Some(plan.Knowledge.Folders.Count, "folder", "folders")),
        Q("knowledge base", "Where are common issues and their resolutions kept, and who keeps them?", "documents", "SweepDocuments", "/knowledge",
            "Articles are suggested while a ticket is written, linked to what they solved, rated, and reviewed.", static plan => Some(plan.Knowledge.Folders.Count(static folder => folder.Kind == Knowledge.DocumentKind.Article), "folder of articles", "folders of articles")),
        Q("SOPs", "Who develops SOPs, and how are they managed and enforced?", "documents", "SweepDocuments", "/documents",
            "An SOP is acknowledged by its audience, each version anew; who has not is told, and their owner.", static plan => Some(plan.Knowledge.Folders.Count(static folder => folder.Kind == Knowledge.DocumentKind.Sop), "folder of SOPs", "folders of SOPs")),
        Q("training", "Which refresher training do end users, administrators and maintainers get, how is it delivered, who owns curriculum and delivery?", "training", "SweepTraining", "/training",
            "Who is out of date is told, and not offered for the work that the training gates.", static plan => Some(plan.Training.Programmes.Count, "programme", "programmes")),
        Q("security audits", "When are audits held, and what came of them?", "duties", "SweepDuties", "/duties /reports/duties",
            "An audit is a duty with evidence; overdue it becomes a ticket.", static plan => Duty(plan, DutyKind.SecurityAudit)),
        Q("vulnerability management", "How are known vulnerabilities found, rated, scheduled, fixed or waived?", "assets lifecycle", "ReviewAssets", "/vulnerabilities",
            "Advisories are matched with the inventory; due dates come from severity and CISA KEV; a waiver takes two and expires.",
            static plan => plan.Lifecycle.Remediation is not null && plan.Assets.Advisories.Count > 0 ? Some(plan.Assets.Advisories.Count, "source of advisories", "sources of advisories") : null),
        Q("deprecation", "What is the policy for deprecating outdated components?", "lifecycle", "ReviewAssets", "/assets", "Deprecated components are shown with their date and replacement.",
            static plan => plan.Lifecycle.Deprecation.Length > 0 || plan.Lifecycle.Deprecated.Count > 0 ? "a policy, and " + (Some(plan.Lifecycle.Deprecated.Count, "deprecated component", "deprecated components") ?? "nothing deprecated") : null),
        Q("upgrade path", "What do users of an outdated component move to, and how?", "lifecycle", "ReviewAssets", "/assets", "The path from, via and to stands with each component that is on it.",
            static plan => Some(plan.Lifecycle.Upgrades.Count, "upgrade path", "upgrade paths")),
        Q("automation", "Which routine tasks are automated, and by what?", "backups recovery patching duties", "TakeDueBackups StartDueDrills RunProbes", "/",
            "Timers do what is due and leave a sign of life; one that stops is an alarm.", static _ => $"{TimerService.All.Count} timers"),
        Q("refactoring and technical debt", "How is debt recorded, planned and reduced?", "technicalDebt duties", "SweepDuties", "/debt",
            "The register weighs cost against interest; the share of capacity that the plan keeps for it is compared with what is spent.", static plan => plan.Debt is { } debt ? $"{debt.Reserve} % of {debt.Hours} hours a month" : null),
        Q("support channels", "Which channels (help desk, e-mail, chat, phone, call-in) exist for users, technical staff and administrators, with which hours and staff?", "support calendars people", "", "/plan /plan/on-duty",
            "Each channel has its calendar; who is on duty is shown now and for any instant.", static plan => Some(plan.Support.Channels.Count, "channel", "channels")),
        Q("escalation", "Which levels, whom, when, by which contact method, doing what?", "serviceLevels notifications", "SweepServiceLevels DeliverNotifications", "/tickets /notifications",
            "Levels are reached in service time; a chain that nobody acknowledges is an alarm.", static plan => Some(plan.ServiceLevels.Escalations.Count, "chain", "chains")),
        Q("service levels", "Service needs, roles and responsibilities, response and resolution targets, service hours, performance guarantees?", "serviceLevels calendars monitoring", "SweepServiceLevels", "/reports/service-levels",
            "Clocks count in the calendar of each target; \"sla explain\" shows each step.", static plan => Some(plan.ServiceLevels.Targets.Count, "target", "targets")),
        Q("user feedback", "How is feedback collected and worked into maintenance?", "support", "SendDueSurveys", "/feedback /feedback/satisfaction",
            "The form makes tickets, the sender tracks and rates them, alike ones are grouped, a survey asks.", static plan => Some(plan.Support.Feedback.Kinds.Count, "kind", "kinds")),
        Q("continuous improvement", "How do feedback and metrics change the service?", "support duties documents", "SweepDuties", "/reports /reports/duties",
            "Satisfaction, service levels, workload and knowledge gaps by month; reviews are duties with the report as evidence.",
            static plan => plan.Support.Survey is not null || plan.Duties.Count > 0 ? $"{(plan.Support.Survey is null ? "no survey" : "a survey")}, {plan.Duties.Count(static one => one.Evidence.Contains(EvidenceKind.Report))} duties that end in a report" : null),
        Q("staff performance", "How is staff performance monitored and reported?", "teams resources duties", "SweepDuties", "/reports/staff /reports/workload /reports/people/{id}",
            "By month: hours planned and booked, tickets, duties in time, valid training. Each person sees their own figures, the lead those of the team, nobody else's; the review is a duty.", static plan => Duty(plan, DutyKind.StaffReview)),
        Q("data curation", "How is data curated and managed?", "duties", "SweepDuties", "/duties", "Curation checks are duties with evidence.", static plan => Duty(plan, DutyKind.DataCuration)),
        Q("supplies", "How are supplies (paper, forms) acquired and stored?", "supplies duties", "SweepSupplies", "/supplies",
            "Each item has a place, a minimum and a lead time; what runs low becomes a purchase request.", static plan => Some(plan.Supplies.Items.Count, "item", "items")),
        Q("handover", "What is the handover to the operations team after formal acceptance, who manages it, who is on-boarded?", "handover", "SweepHandover", "/handover",
            "Readiness is worked out from evidence; two people sign a dated document.", static plan => plan.Handover?.Name),
        Q("outstanding issues", "How are issues open at handover resolved, and how is that formalised?", "handover", "SweepHandover", "/handover",
            "Each has a criterion, owner and date and becomes a ticket; the acceptance names what remains.", static plan => plan.Handover is { } handover ? Some(handover.Outstanding.Count, "issue", "issues") ?? "none outstanding" : null),
        Q("team", "Who does which of all this? (contact list)", "people teams", "", "/plan /plan/on-duty", "Every owner in the plan must be in the contact list; what nobody can do is a problem of the check.", static plan => Some(plan.People.Count, "person", "people")),
        Q("scripts", "Where are the maintenance scripts and automation kept?", "patching backups recovery", "SweepRollouts", "/plan /patches",
            "Commands are paths below the plan's folder, which is itself backed up; the page names each.", static plan => Some(Scripts(plan), "command", "commands")),
        Q("the plan itself", "When is the plan reviewed, by whom, and how do people contribute?", "duties system", "SweepDuties", "/plan",
            "Its review is a duty; a broken plan never replaces a running one; everybody reads the same document.", static plan => Duty(plan, DutyKind.PlanReview)),
    ];

    /// <summary>What a plan answers.</summary>
    public static IReadOnlyList<CoverageAnswer> Of(OperationsPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return [.. Questions.Select(question => new CoverageAnswer(question, question.Says(plan)))];
    }

    private static CoverageQuestion Q(string area, string question, string sections, string timers, string pages, string keptBy, Func<OperationsPlan, string?> says) =>
        new(area, question, Words(sections), Words(timers), Words(pages), keptBy) { Says = says };

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string? Some(int count, string one, string many) => count == 0 ? null : $"{count} {(count == 1 ? one : many)}";

    private static string? Duty(OperationsPlan plan, DutyKind kind) => Some(plan.Duties.Count(duty => duty.Kind == kind), "duty", "duties");

    private static string? Owner(OperationsPlan plan) => plan.Recovery.Strategies.Count == 0 ? null : $"{plan.FindPerson(plan.System.Owner)?.Name ?? plan.System.Owner}, and the gates of {Some(plan.Recovery.Strategies.Count, "strategy", "strategies")}";

    private static int Scripts(OperationsPlan plan) =>
        plan.Patching.Rings.Count(static ring => ring.Apply.Command.Count > 0) + plan.Recovery.Strategies.Sum(static one => one.Steps.Count(static step => step.Action is { Command.Count: > 0 }));
}
