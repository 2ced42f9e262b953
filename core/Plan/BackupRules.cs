using Maintenance.Backups;
using Maintenance.Time;

namespace Maintenance.Plan;

/// <summary>The rules of the sections <c>backups</c> and <c>repository</c> that no single field can keep; a part of <see cref="PlanRules"/>.</summary>
internal static class BackupRules
{
    /// <summary>The least time after which unneeded data may go: a backup that found them needed before must have ended by then.</summary>
    private static readonly TimeSpan LeastGrace = TimeSpan.FromHours(1);

    /// <summary>Any instant does: whether a schedule ever occurs, and how far apart, hardly depends on where one starts.</summary>
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>True for the address of a container; else it is a folder.</summary>
    public static bool IsAddress(string location) => location.Contains("://", StringComparison.Ordinal);

    /// <summary>Each policy by itself and beside its service.</summary>
    public static void Policies(OperationsPlan plan, PlanReading reading)
    {
        for (var i = 0; i < plan.Backups.Count; i++)
        {
            var policy = plan.Backups[i];
            if (Occurs(policy.Schedule, $"backups[{i}].schedule", plan, reading) is { } first)
            {
                CheckInterval(policy, LongestGap(policy.Schedule, first, plan), i, plan, reading);
            }

            if (!policy.Retention.KeepsEverything && policy.Retention.Minimum == 0)
            {
                reading.Report(
                    PlanProblemSeverity.Warning, $"backups[{i}].retention", "it does not say how many proven snapshots stay whatever its rules say.", "Add minimum, such as minimum: 2: so many are then left even where all that came after them are bad.");
            }

            if (policy.Exclude.Count > 0 && policy.Source.Kind is BackupSourceKind.Records or BackupSourceKind.Postgres or BackupSourceKind.Command)
            {
                reading.Report(PlanProblemSeverity.Warning, $"backups[{i}].exclude", policy.Source.Kind == BackupSourceKind.Records ? "it has no effect: records and their files are always taken as a whole." : $"it has no effect: a source of {policy.Source.Kind.ToString().ToLowerInvariant()} has no paths.", "Remove it.");
            }
        }
    }

    /// <summary>The repository by itself.</summary>
    public static void Repository(OperationsPlan plan, PlanReading reading)
    {
        var repository = plan.Repository;
        _ = Occurs(repository.Prune, "repository.prune.schedule", plan, reading);
        _ = Occurs(repository.Verify, "repository.verify.schedule", plan, reading);
        if (repository.Grace < LeastGrace)
        {
            reading.Report(
                PlanProblemSeverity.Error, "repository.prune.grace", $"{Durations.Format(repository.Grace)} is too short: a backup that is under way may still build on what no snapshot needs yet.", $"Write at least {Durations.Format(LeastGrace)}.");
        }

        for (var i = 0; i < repository.Copies.Count; i++)
        {
            _ = Occurs(repository.Copies[i].Verify, $"repository.copies[{i}].verify.schedule", plan, reading);
            if (repository.Copies.Take(i).FirstOrDefault(other => Overlap(other.Location, repository.Copies[i].Location)) is { } taken)
            {
                reading.Report(PlanProblemSeverity.Error, Place(plan, i), $"it shares its place with the copy '{taken.Id}'.", "Two copies in one place are one: give each its own.");
            }
        }
    }

    /// <summary>Copies beside what they are copies of, and what they are worth to each service.</summary>
    public static void Copies(OperationsPlan plan, PlanReading reading)
    {
        for (var i = 0; i < plan.Repository.Copies.Count; i++)
        {
            var copy = plan.Repository.Copies[i];
            if (plan.Backups.FirstOrDefault(policy => Reads(policy, copy)) is { } reader)
            {
                reading.Report(
                    PlanProblemSeverity.Error, Place(plan, i), $"the backup policy '{reader.Id}' reads it: each backup would hold the copies of those before it.", "Move it out of the policy's source, or name it in the policy's exclude.");
            }

            if (plan.Backups.All(policy => !policy.Copies.Contains(copy.Id)))
            {
                reading.Report(PlanProblemSeverity.Warning, $"repository.copies[{i}]", "no backup policy names it, so nothing is taken to it.", "Add its id to the copies of policies, or remove it.");
            }
        }

        for (var i = 0; i < plan.Services.Count; i++)
        {
            CheckThreeTwoOne(plan.Services[i], i, plan, reading);
        }
    }

    /// <summary>
    /// The rule of 3-2-1: besides the live data two copies on two media, one of them off site. What counts for a service are the host's own store and the copies
    /// that all of its policies are taken to.
    /// </summary>
    private static void CheckThreeTwoOne(Service service, int index, OperationsPlan plan, PlanReading reading)
    {
        var policies = plan.Backups.Where(policy => policy.Service == service.Id).ToList();
        if (policies.Count == 0)
        {
            return;
        }

        var shared = plan.Repository.Copies.Where(copy => policies.TrueForAll(policy => policy.Copies.Contains(copy.Id))).ToList();
        var media = shared.Select(static copy => copy.Media).Prepend(plan.Repository.Media).Distinct(StringComparer.OrdinalIgnoreCase).Count();
        var isOffSite = plan.Repository.IsOffSite || shared.Exists(static copy => copy.IsOffSite);
        if (media < 2 || !isOffSite)
        {
            var flaws = (media < 2, isOffSite) switch
            {
                (true, true) => $"fewer than two copies on two media (there is only {plan.Repository.Media})",
                (true, false) => $"fewer than two copies on two media (there is only {plan.Repository.Media}) and none off site",
                _ => "no copy off site",
            };
            reading.Report(
                PlanProblemSeverity.Warning, $"services[{index}]", $"its backups have {flaws}.", "Describe another place under repository.copies, and name it in copies of each of its backup policies.");
        }
    }

    private static void CheckInterval(BackupPolicy policy, TimeSpan longest, int index, OperationsPlan plan, PlanReading reading)
    {
        if (plan.FindService(policy.Service) is { } service && longest > service.RecoveryPoint)
        {
            reading.Report(
                PlanProblemSeverity.Warning, $"backups[{index}].schedule", $"occurrences are up to {Durations.Format(longest)} apart, the RPO of '{service.Id}' is {Durations.Format(service.RecoveryPoint)}.", "A backup is then due between them as well; a denser schedule says so openly.");
        }

        if (policy.Proof.ExpiresAfter is { } expires && expires < longest * 2)
        {
            reading.Report(
                PlanProblemSeverity.Warning, $"backups[{index}].proof.expires", $"a proof ends after {Durations.Format(expires)}, and backups are up to {Durations.Format(longest)} apart: one that fails may leave none that counts.", $"Give it two of these intervals at least: {Durations.Format(longest * 2)}.");
        }
    }

    /// <summary>The first occurrence, or null where there is no schedule or one that never occurs, which is an error.</summary>
    private static DateTimeOffset? Occurs(Schedule? schedule, string path, OperationsPlan plan, PlanReading reading)
    {
        var first = schedule?.Next(Start, plan.System.TimeZone);
        if (schedule is not null && first is null)
        {
            reading.Report(PlanProblemSeverity.Error, path, $"'{schedule}' never occurs.", "Look at the day and the month: 31 and 2 never meet.");
        }

        return first;
    }

    private static TimeSpan LongestGap(Schedule schedule, DateTimeOffset first, OperationsPlan plan)
    {
        var occurrences = schedule.Between(first - TimeSpan.FromSeconds(1), first + TimeSpan.FromDays(40), plan.System.TimeZone).Take(2000).ToList();
        return occurrences.Count > 1
            ? occurrences.Zip(occurrences.Skip(1), static (a, b) => b - a).Max()
            : (schedule.Next(first, plan.System.TimeZone) ?? DateTimeOffset.MaxValue) - first;
    }

    private static string Place(OperationsPlan plan, int copy) => $"repository.copies[{copy}].{(IsAddress(plan.Repository.Copies[copy].Location) ? "container" : "folder")}";

    /// <summary>True where a policy's source takes a copy in: it is the same container, or a folder above it whose excludes do not leave it out.</summary>
    private static bool Reads(BackupPolicy policy, RepositoryCopy copy) => policy.Source.Kind switch
    {
        BackupSourceKind.Container => IsAddress(copy.Location) && Overlap(policy.Source.Location, copy.Location),
        BackupSourceKind.Folder => !IsAddress(copy.Location) && Within(copy.Location, policy.Source.Location) is { } inside && !IsLeftOut(inside, policy.Exclude),
        _ => false,
    };

    private static bool IsLeftOut(string path, IReadOnlyList<string> exclude)
    {
        var globs = new PathGlob(exclude);
        var names = path.Split('/');
        return Enumerable.Range(1, names.Length).Any(count => globs.Matches(string.Join('/', names.Take(count))));
    }

    private static bool Overlap(string a, string b) => (IsAddress(a), IsAddress(b)) switch
    {
        (true, true) => string.Equals(new Uri(a).AbsoluteUri.TrimEnd('/'), new Uri(b).AbsoluteUri.TrimEnd('/'), StringComparison.OrdinalIgnoreCase),
        (false, false) => Within(a, b) is not null || Within(b, a) is not null,
        _ => false,
    };

    /// <summary>The path of a folder inside another, with <c>/</c>; a dot for the folder itself; null where it is not inside.</summary>
    private static string? Within(string inner, string outer)
    {
        var path = Path.GetRelativePath(outer, inner).Replace(Path.DirectorySeparatorChar, '/');
        return path == ".." || path.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(path) ? null : path;
    }
}
