using Maintenance.Backups;

namespace Maintenance.Recovery;

/// <summary>The section of the book with the commands. They are run as they stand: a test does so.</summary>
internal static class BreakGlassCommands
{
    public static void Write(BreakGlassText text, BreakGlassContents contents)
    {
        text.Heading(2, "5. The commands");
        text.Paragraph(
            "For a shell of Linux or macOS, or of Git on Windows. Run the blocks in this order, in one and the same window. Change the values of the first block, where it says REPLACE, and nothing else.");
        Values(text, contents);
        Program(text, contents);
        text.Heading(3, "What is there");
        text.Paragraph("All snapshots of the store, the oldest first; the end of an id is its instant in UTC. If you do not know when the trouble began, choose by the time.");
        text.Commands($"{Maintenance} repository list --repository \"$STORE\" --passphrase-file \"$PASSPHRASE\"");
        foreach (var policy in BreakGlassBook.InOrderOfRecovery(contents.Plan).SelectMany(service => contents.Plan.Backups.Where(policy => policy.Service == service.Id)))
        {
            Restore(text, contents, policy);
        }

        Installation(text, contents);
    }

    private const string Maintenance = "dotnet \"$PROGRAM/maintenance.dll\"";

    private static void Values(BreakGlassText text, BreakGlassContents contents)
    {
        text.Heading(3, "What you have");
        var isAddress = IsAddress(contents.Places.Store);
        text.Commands(
            "# REPLACE: the folder that has this book's folder break-glass in it, here or on whatever you brought",
            $"export STORE={Quote(isAddress ? "/srv/store" : contents.Places.Store)}",
            "# REPLACE: a file with the passphrase, and nothing else, in its first line",
            "export PASSPHRASE='/root/passphrase'",
            "# REPLACE: a folder to restore into, with room enough; it is made",
            "export TARGET='/srv/restored'",
            "export PROGRAM=\"$TARGET/_program\"",
            $"export BOOK=\"$STORE/{contents.Name}\"");
        foreach (var (what, address) in contents.Plan.Repository.Copies.Select(static copy => ($"the copy {copy.Id}", copy.Location)).Prepend(("the repository", contents.Places.Store)))
        {
            if (IsAddress(address))
            {
                text.Paragraph($"Where {what} is all there is, bring it here first (with the Azure CLI, as somebody who may read that container):");
                text.Commands("mkdir -p \"$STORE\"", $"az storage blob download-batch --auth-mode login --source {Quote(address)} --destination \"$STORE\"");
            }
        }
    }

    private static void Program(BreakGlassText text, BreakGlassContents contents)
    {
        var program = contents.Program;
        text.Heading(3, "The program");
        if (program.Archive is { } archive)
        {
            text.Paragraph(
                $"Version {program.Version}. It needs the ASP.NET Core Runtime {program.Runtime}, which Microsoft gives to everybody for every system (dot.net), and nothing else. Other than x64 and arm64 machines may lack the part that a whole installation needs; to restore, any will do.");
            text.Commands("mkdir -p \"$PROGRAM\"", $"tar -xzf \"$STORE/{archive}\" -C \"$PROGRAM\"");
        }
        else
        {
            text.Paragraph(
                $"The host that wrote this has no program of its own to give. Take the embedded program (local) of MaintenanceFunctions, version {program.Version} or later, from a release or from source (dotnet publish local -o \"$PROGRAM\"), and put it into the folder $PROGRAM. It needs the ASP.NET Core Runtime {program.Runtime}.");
        }
    }

    private static void Restore(BreakGlassText text, BreakGlassContents contents, BackupPolicy policy)
    {
        text.Heading(3, $"Restore {policy.Id} ({policy.Source})");
        if (contents.Snapshots.FirstOrDefault(snapshot => snapshot.Policy == policy.Id) is not { } newest)
        {
            text.Paragraph("It had no proven snapshot when this was written. If the list above has one of it now, restore that in the way of the others.");
            return;
        }

        text.Paragraph(
            $"As it was at {BreakGlassBook.When(contents.Plan, newest.RecoveryPoint)}. Exit code 0: everything is there. 1: the lines \"lost:\" say what is not; take that from an older snapshot or another copy.");
        text.Commands(
            $"{Maintenance} repository restore {newest.Id} \\",
            $"  --repository \"$STORE\" --passphrase-file \"$PASSPHRASE\" --to \"$TARGET/{policy.Id}\"");
        switch (policy.Source.Kind)
        {
            case BackupSourceKind.Folder:
                text.Paragraph($"It is the folder {policy.Source.Location}: once its people have looked at it, put it there.");
                break;
            case BackupSourceKind.Records:
                text.Paragraph(
                    IsAddress(contents.Places.Store)
                        ? "These are this system's own records (tickets, votes, runs): a file of JSON lines for each table, and in folders what was attached to them. Read in them who was promised what; a new app on Azure takes them back into tables and its container, as docs/restore-from-nothing.md says."
                        : "These are this system's own records (tickets, votes, runs) with what was attached to them. They go into the data folder of a new installation, before its first start: see below.");
                break;
            case BackupSourceKind.Command:
                text.Paragraph($"It is what the command wrote: the file {policy.Source.OutputName}. Feed it to whatever reads such a dump.");
                break;
            case BackupSourceKind.Postgres:
                text.Paragraph(
                    $"These are the tables as files. Into an empty database they go by a new installation (below), which reads the connection string from the setting {policy.Source.Location}:");
                text.Commands(
                    "# only after the blocks of \"A whole installation\"; REPLACE the connection string",
                    $"export {policy.Source.Location}='Host=localhost;Database=restored;Username=postgres'",
                    $"{Maintenance} backup restore {newest.Id} --to postgres:{policy.Source.Location} --plan \"$TARGET/_installation/plan.yaml\" --data \"$TARGET/_installation/data\"");
                break;
            default:
                text.Paragraph(
                    $"These are its contents as files. An app on Azure restores it into an empty container or table: POST /api/snapshots/{newest.Id}/restores with the target {policy.Source.Kind.ToString().ToLowerInvariant()}:URI.");
                break;
        }
    }

    private static void Installation(BreakGlassText text, BreakGlassContents contents)
    {
        text.Heading(3, "A whole installation");
        text.Paragraph("Only once the data are safe. The store becomes the new installation's own, and the plan is cut out of this book:");
        var fence = BreakGlassBook.Fence(contents);
        text.Commands(
        [
            "mkdir -p \"$TARGET/_installation\" && mkdir -m 700 \"$TARGET/_installation/data\"",
            "cp -R \"$STORE\" \"$TARGET/_installation/data/objects\"",
            "(umask 077; head -n 1 \"$PASSPHRASE\" > \"$TARGET/_installation/data/repository.passphrase\")",
            Cut(fence, BreakGlassBook.PlanName),
            .. contents.PlanFiles.Keys.SelectMany(path => path.LastIndexOf('/') is var end && end > 0 ? [$"mkdir -p \"$TARGET/_installation/\"{Quote(path[..end])}", Cut(fence, path)] : new[] { Cut(fence, path) }),
            .. contents.Plan.Backups.Where(policy => !IsAddress(contents.Places.Store) && policy.Source.Kind == BackupSourceKind.Records && contents.Snapshots.Any(snapshot => snapshot.Policy == policy.Id)).Take(1).Select(static policy => $"cp -R \"$TARGET/{policy.Id}/.\" \"$TARGET/_installation/data/\""),
            $"{Maintenance} plan check \"$TARGET/_installation/plan.yaml\"",
        ]);
        text.Paragraph("Before the start, put each folder that the plan backs up where the plan says, or the next backup takes an empty one for the new state. Settings that the plan names (passwords, addresses) are in no backup. Then:");
        text.Commands($"{Maintenance} serve --plan \"$TARGET/_installation/plan.yaml\" --data \"$TARGET/_installation/data\"");
    }

    /// <summary>Copies a fenced text of the book into a file of its name.</summary>
    private static string Cut(string fence, string name)
    {
        var begin = $"{fence} {name}".Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        var program = Quote($"$0 == \"{fence}\" {{ on = 0 }} on {{ print }} $0 == \"{begin}\" {{ on = 1 }}");
        return $"awk {program} \"$BOOK\" > \"$TARGET/_installation/\"{Quote(name)}";
    }

    private static bool IsAddress(string location) => location.Contains("://", StringComparison.Ordinal);

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
