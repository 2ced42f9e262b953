namespace Maintenance.Storage;

/// <summary>Every table of the system, with its keys; see <c>docs/architecture.md</c> for what each is read by.</summary>
public static class Tables
{
    /// <summary>Tokens, sessions, sign-in codes and keys of calendar feeds by the hash of their secret: partition = kind, row = SHA-256.</summary>
    public const string Access = "access";

    /// <summary>
    /// What the services are made of: partitions <c>sources</c> (row <c>{kind}_{hash}</c>), <c>components</c> (rows <c>id_{id}</c>, <c>at_{order}_{id}</c>,
    /// <c>end_{date}_{id}</c>), <c>findings</c> (rows <c>v_{number}</c>, <c>due_{instant}_{id}</c>, <c>until_{instant}_{id}</c>, <c>wait_{id}</c>,
    /// <c>fixed_{newest first}_{id}</c>), <c>warnings</c> (row = component), <c>debt</c> (row <c>d_{number}</c>) and <c>review</c> (row <c>state</c>).
    /// </summary>
    public const string Assets = "assets";

    /// <summary>Who did what over HTTP: partition = month, row = id of the entry, which counts down with time.</summary>
    public const string Audit = "audit";

    /// <summary>
    /// Backup runs: partition = policy, rows <c>status</c>, <c>run_{instant}</c> and <c>hold_{instant}</c>; partition <c>_repository</c>, rows <c>care</c>,
    /// <c>identity</c> and <c>policy_{id}</c>.
    /// </summary>
    public const string Backups = "backups";

    /// <summary>The break-glass book: partition <c>book</c>, row <c>latest</c>.</summary>
    public const string BreakGlass = "breakGlass";

    /// <summary>
    /// Duties: partition = duty, row <c>at_{date, counted down}</c> for each occurrence; partition <c>_progress</c>, row = duty: how far its dates were seen to; partition
    /// <c>_open</c>, rows <c>{duty}_{occurrence}</c>; partition <c>_month_{month}</c>, the same rows: what reports count.
    /// </summary>
    public const string Duties = "duties";

    /// <summary>What a person sent: partition = reference, row <c>feedback</c>.</summary>
    public const string Feedback = "feedback";

    /// <summary>Which feedback says the same: partition = hash of service and words, rows <c>groups</c> and <c>member_{reference}</c>.</summary>
    public const string FeedbackGroups = "feedbackGroups";

    /// <summary>
    /// Where to find feedback: partitions <c>ticket_{id}</c> (row = reference), <c>contact_{hash}</c> (rows <c>at_{instant}_{reference}</c> and <c>erased</c>),
    /// <c>links_{ticket}</c> (row = ticket that links to it), <c>reachable</c>, <c>ratings</c>, <c>surveys</c>, <c>survey_{instant}</c> and <c>expiry</c>.
    /// </summary>
    public const string FeedbackIndex = "feedbackIndex";

    /// <summary>What senders sent lately: partition <c>window</c>, row = <c>{instant}_{what}_{hash}</c>.</summary>
    public const string FeedbackSenders = "feedbackSenders";

    /// <summary>
    /// What is known of documents: partition <c>documents</c>, row = document; partitions <c>ack:{document}</c> and <c>vote:{document}</c>, row
    /// <c>{version}_{person}</c>; <c>solved:{document}</c>, <c>tickets</c> and <c>month_{yyyyMM}</c>, row = ticket.
    /// </summary>
    public const string Knowledge = "knowledge";

    /// <summary>Notifications on their way and delivered: partition = recipient, rows <c>note_{entry}</c>, <c>wait_{instant}_{entry}</c>, <c>state</c>, and <c>contact</c>.</summary>
    public const string Notifications = "notifications";

    /// <summary>
    /// Where to find notifications: partition <c>notifications</c>, rows <c>due_{instant}_{entry}</c>, <c>at_{newest first}_{entry}</c>,
    /// <c>failed_{newest first}_{entry}</c>, <c>id_{entry}</c>; partition <c>contacts</c>, row = SHA-256 of the address.
    /// </summary>
    public const string NotificationIndex = "notificationIndex";

    /// <summary>Number series: partition = series; row <c>next</c>, and <c>claim_{key}</c> for each number given.</summary>
    public const string Numbers = "numbers";

    /// <summary>Patch requests and what is done to them: partition = patch, rows <c>request</c> and <c>event_{number}</c>; <c>vote_{person}</c> in old ones.</summary>
    public const string Patches = "patches";

    /// <summary>Where to find patches: partition <c>patches</c>, rows <c>open_{id}</c>, <c>id_{number}</c>, and <c>review_{instant}_{id}</c> while a review is owed.</summary>
    public const string PatchIndex = "patchIndex";

    /// <summary>Recoveries and drills: partition = recovery, row <c>run</c>.</summary>
    public const string Recoveries = "recoveries";

    /// <summary>Where to find recoveries: partition <c>recoveries</c>, rows <c>open_{id}</c>, <c>id_{number}</c>, <c>live_{strategy}</c> and <c>drill_{strategy}</c>.</summary>
    public const string RecoveryIndex = "recoveryIndex";

    /// <summary>
    /// The plan that runs: partition <c>plan</c>, rows <c>active</c> and <c>change_{instant}</c>, which says what calendars counted until then; partition
    /// <c>calendars</c>, rows <c>{instant}_{calendar}</c>: as they were; partition <c>files</c>, rows <c>{SHA-256}_{piece}</c>: what the plan includes.
    /// </summary>
    public const string Plan = "plan";

    /// <summary>Each person's views of tickets: partition = person, row = hash of the name.</summary>
    public const string SavedViews = "savedViews";

    /// <summary>Stocks: partition = item, rows <c>stock</c>, <c>number_{newest first}</c>, <c>time_{instant}_{number}</c>, and <c>key_{hash}</c> for each entry with an idempotency key.</summary>
    public const string Supplies = "supplies";

    /// <summary>
    /// Hours and absences: partition <c>absences</c>, row <c>{last date}_{hash}</c>; partition = month, rows <c>hour_{hash}</c> and <c>day_{person}_{date}</c>, which says
    /// how many hours it has, and once it is closed <c>closed_{person}</c> and <c>closedTeams</c>, its report as it was then; partition <c>upkeep</c>, row <c>reasons</c>: until when why people were away is erased; partition <c>keys</c>, row <c>{hash}</c>: the day of an idempotency key; partition <c>of:{ticket or duty}</c>, row <c>{month}_{hash}</c>: where to look for those that were booked on it.
    /// </summary>
    public const string Resources = "resources";

    /// <summary>Training: partition = programme, rows <c>session_{latest first}_{id}</c> and <c>person_{id}</c>.</summary>
    public const string Training = "training";

    /// <summary>Handovers: partition = handover, rows <c>state</c> and <c>document_{SHA-256}</c>.</summary>
    public const string Handover = "handover";

    /// <summary>
    /// What probes saw: partition = probe, rows <c>state</c>, <c>beat</c> (the last call of a job), <c>hour_{instant}</c>, <c>day_{instant}</c> and <c>gap_{instant}</c>.
    /// </summary>
    public const string Probes = "probes";

    /// <summary>Outages that probes measured: partition = service, row <c>{instant}_{probe}</c>; partition <c>_open</c>, row = probe, while one lasts.</summary>
    public const string Incidents = "incidents";

    /// <summary>
    /// Signals of security: partition <c>signals</c>, row <c>{newest first}_{hash}</c>; partition <c>keys</c>, row = hash: each signal once; partition <c>watch</c>, rows
    /// <c>people</c>, <c>audit</c> and <c>deadMan</c>: what was looked at, and called, last.
    /// </summary>
    public const string Security = "security";

    /// <summary>Signs of life: partition <c>heartbeat</c>, row = the timer.</summary>
    public const string Heartbeats = "heartbeats";

    /// <summary>What the watchdog found and lasts: partition <c>findings</c>, row <c>{kind}_{subject}</c>.</summary>
    public const string Watch = "watch";

    /// <summary>Tickets: partition = ticket; row <c>ticket</c>, <c>event_{number}</c> for each event, and <c>key_{hash}</c> for each act with an idempotency key.</summary>
    public const string Tickets = "tickets";

    /// <summary>
    /// Where to find tickets: partition <c>tickets</c>, rows <c>due_{instant}_…</c>, <c>breach_{instant}_…</c>, <c>open_{instant}_{id}</c>, <c>close_{instant}_{id}</c>,
    /// <c>id_{number}</c>, and <c>told_{instant}_…</c> for events on their way to their queue; partition <c>clocks</c>, row <c>terms</c>.
    /// </summary>
    public const string TicketIndex = "ticketIndex";

    /// <summary>
    /// What tickets are found by: partition = a term such as <c>w:printer</c> or <c>state:new</c>, row = number of a ticket, descending; partition <c>of:{ticket}</c>, row
    /// <c>terms</c>, for what is indexed of it.
    /// </summary>
    public const string TicketTerms = "ticketTerms";

    /// <summary>Files on their way: partition <c>uploads</c> to a ticket, <c>duties</c> to a duty; row <c>{instant}_{file}</c>.</summary>
    public const string Uploads = "uploads";

    /// <summary>What reports count of each ticket: partition = month in which it was opened, row = ticket.</summary>
    public const string TicketFacts = "ticketFacts";

    /// <summary>Who has which tickets: partition <c>agents</c>, row = person.</summary>
    public const string Agents = "agents";
}
