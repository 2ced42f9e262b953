using System.Globalization;
using Maintenance.Backups;
using Maintenance.Recovery;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Maintenance.Plan;

/// <summary>Reads a plan from YAML text and checks it, reporting everything that is wrong at once.</summary>
public static class PlanFile
{
    /// <summary>A plan is written by people: a larger file is a mistake. In UTF-8 and with JSON's escapes it still fits into one record, where the last good one is kept.</summary>
    public const int MaxCharacters = 256 * 1024;

    /// <summary>Reads and checks a plan.</summary>
    /// <param name="file">The file's name, for the problems.</param>
    /// <param name="yaml">Its text.</param>
    /// <param name="folder">The absolute folder in which relative paths of the plan are read.</param>
    /// <param name="files">The texts of the files that the plan includes, where they are not to be read from the folder.</param>
    public static PlanLoad Load(string file, string yaml, string folder, IReadOnlyDictionary<string, string>? files = null)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        var reading = new PlanReading(file);
        var includes = new PlanIncludes(folder, files);
        if (Read(yaml, folder, includes, reading) is not { } plan)
        {
            return new PlanLoad(null, reading.Problems);
        }

        reading.CheckReferences();
        PlanRules.Check(plan, reading);
        return new PlanLoad(reading.HasErrors ? null : plan, reading.Problems) { Files = includes.Texts };
    }

    /// <summary>The calendars of a plan that ran once, even where today's rules find something else in it wrong; null where they themselves cannot be read.</summary>
    internal static PlanCalendars? Calendars(string file, string yaml, string folder, IReadOnlyDictionary<string, string> files)
    {
        var reading = new PlanReading(file);
        return Read(yaml, folder, new PlanIncludes(folder, files), reading) is { } plan && reading.IsSound("system", "calendars")
            ? new PlanCalendars(plan.System.TimeZone, plan.Calendars)
            : null;
    }

    private static OperationsPlan? Read(string yaml, string folder, PlanIncludes includes, PlanReading reading) =>
        Root(yaml.TrimStart('\uFEFF'), reading) is { } root
            ? DutyRules.Include(DocumentFiles.Include(BrandFiles.Include(HolidayFiles.Include(Resolve(YamlPlanMap.Read(root, "", reading, PlanShape.Read), folder), includes, reading), includes, reading), includes, reading), includes, reading)
            : null;

    /// <summary>The plan with absolute folders.</summary>
    private static OperationsPlan Resolve(OperationsPlan plan, string folder) => plan with
    {
        Backups = [.. plan.Backups.Select(policy =>
            policy.Source.Kind == BackupSourceKind.Folder ? policy with { Source = policy.Source with { Location = Path.GetFullPath(policy.Source.Location, folder) } } : policy)],
        Recovery = plan.Recovery with { Strategies = [.. plan.Recovery.Strategies.Select(strategy => strategy with { Steps = [.. strategy.Steps.Select(step => Resolve(step, plan, folder))] })] },
        Monitoring = plan.Monitoring.Probes.Count == 0 ? plan.Monitoring : plan.Monitoring with
        {
            Probes = [.. plan.Monitoring.Probes.Select(probe => probe.Target is Monitoring.Probes.ProbeTarget.Disk disk ? probe with { Target = disk with { Path = Path.GetFullPath(disk.Path, folder) } } : probe)],
        },
        Repository = plan.Repository with
        {
            Copies = [.. plan.Repository.Copies.Select(copy => BackupRules.IsAddress(copy.Location) ? copy : copy with { Location = Path.GetFullPath(copy.Location, folder) })],
        },
    };

    /// <summary>A step with absolute paths; a restore goes beside the folder that its policy backs up, where nothing else is said.</summary>
    private static RecoveryStep Resolve(RecoveryStep step, OperationsPlan plan, string folder)
    {
        var source = step.Restore is null ? null : plan.FindBackup(step.Restore.Backup)?.Source;
        var live = step.Restore?.Live ?? (step.Restore?.Place is null && source?.Kind == BackupSourceKind.Folder ? source.Location : null);
        return step with
        {
            SopFile = step.Sop is null ? null : Path.GetFullPath(step.Sop, folder),
            Restore = step.Restore is null ? null : step.Restore with { Live = live is null ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(live, folder)) },
        };
    }

    private static YamlMappingNode? Root(string yaml, PlanReading reading)
    {
        if (yaml.Length > MaxCharacters)
        {
            reading.Error("", Start, $"the file has {yaml.Length.ToString(CultureInfo.InvariantCulture)} characters.", $"A plan has at most {MaxCharacters}.");
            return null;
        }

        var stream = new YamlStream();
        try
        {
            if (YamlLimits.Broken(yaml) is { } limit)
            {
                reading.Error("", limit.At, limit.Problem, limit.Hint);
                return null;
            }

            stream.Load(new StringReader(yaml));
        }
        catch (YamlException error)
        {
            var (at, hint) = Place(error, yaml.ReplaceLineEndings("\n").Split('\n'));
            reading.Error("", at, $"the file is not YAML: {Sentence(error)}", hint);
            return null;
        }

        if (stream.Documents.Count == 0)
        {
            reading.Error("", Start, "the file is empty.", "Begin with system: and its keys.");
            return null;
        }

        if (stream.Documents.Count > 1)
        {
            reading.Error("", stream.Documents[1].RootNode.Start, $"the file has {stream.Documents.Count} YAML documents.", "A plan is one document; remove the lines that are ---.");
            return null;
        }

        if (stream.Documents[0].RootNode is not YamlMappingNode root)
        {
            reading.Error("", stream.Documents[0].RootNode.Start, "the file is not a mapping (key: value lines).", "Begin with system: and its keys.");
            return null;
        }

        return root;
    }

    private static Mark Start => new(0, 1, 1);

    /// <summary>Where the text went wrong. A tab that indents is the likeliest reason, wherever the reader noticed it; what ends too early ends in the last line.</summary>
    private static (Mark At, string Hint) Place(YamlException error, string[] lines)
    {
        for (var line = error.Start.Line; line <= Math.Min(error.End.Line + 1, lines.Length); line++)
        {
            var tab = lines[line - 1].IndexOf('\t', StringComparison.Ordinal);
            if (tab >= 0 && string.IsNullOrWhiteSpace(lines[line - 1][..tab]))
            {
                return (new Mark(error.Start.Index, line, tab + 1), "Indent with spaces; YAML takes no tabs.");
            }
        }

        var at = error.Start.Line <= lines.Length ? error.Start : new Mark(error.Start.Index, lines.Length, lines[^1].Length + 1);
        return (at, "Check the indentation and the quotes around here.");
    }

    private static string Sentence(YamlException error)
    {
        var text = error.InnerException?.Message ?? error.Message;
        return text.EndsWith('.') ? text : text + ".";
    }
}
