using System.Globalization;
using Maintenance.Backups;

namespace Maintenance.Recovery;

/// <summary>The sections of the book that say where the backups and the keys are.</summary>
internal static class BreakGlassStores
{
    public static void Write(BreakGlassText text, BreakGlassContents contents)
    {
        Stores(text, contents);
        Keys(text, contents);
    }

    private static void Stores(BreakGlassText text, BreakGlassContents contents)
    {
        var (plan, care) = (contents.Plan, contents.Plan.Repository);
        text.Heading(2, "3. Where the backups lie");
        text.Paragraph(
            $"All snapshots of all policies lie in one repository, encrypted; each copy of it stands by itself. Its fingerprint is {contents.Repository}. Whatever store you found this book in will do.");
        text.Item($"the repository: {contents.Places.Store} ({care.Media}, {Site(care.IsOffSite)})");
        foreach (var copy in care.Copies)
        {
            text.Item($"the copy {copy.Id}: {copy.Location} ({copy.Media}, {Site(copy.IsOffSite)})");
        }

        text.End();
        text.Paragraph("The newest snapshots that were restored and found equal to what was read, when this was written:");
        foreach (var policy in plan.Backups)
        {
            text.Item($"{policy.Id}, of the service {policy.Service}: {policy.Source}");
            var snapshots = contents.Snapshots.Where(snapshot => snapshot.Policy == policy.Id).ToList();
            foreach (var snapshot in snapshots)
            {
                text.Item(
                    string.Create(CultureInfo.InvariantCulture, $"{snapshot.Id}: as it was at {BreakGlassBook.When(plan, snapshot.RecoveryPoint)}; {snapshot.Files} files, {snapshot.Bytes} bytes; in the repository{string.Concat(snapshot.Copies.Select(static copy => $" and the copy {copy}"))}"),
                    1);
            }

            if (snapshots.Count == 0)
            {
                text.Item("none yet", 1);
            }
        }

        text.End();
    }

    private static void Keys(BreakGlassText text, BreakGlassContents contents)
    {
        text.Heading(2, "4. Where the keys are");
        text.Paragraph("Each of these opens the repository and every copy of it. Without one of them nothing does, and nobody can help.");
        foreach (var key in contents.Keys)
        {
            var kind = key.VaultKey is { } uri ? $"wrapped by the vault's key {uri}" : key.Kind == "passphrase" ? "a passphrase" : key.Kind;
            text.Item($"{key.Label}: {kind}; added {BreakGlassBook.When(contents.Plan, key.CreatedAt)} (key {key.Id[..Math.Min(12, key.Id.Length)]})");
        }

        text.End();
        text.Paragraph($"The lost machine read it from {contents.Places.Secret}.");
        if (contents.Keys.Any(IsPassphrase))
        {
            text.Paragraph(
                "It is gone with that machine, unless it was kept elsewhere too, as it must have been: look in the organisation's password store and in the sealed envelope, and ask the people of section 1 with the role administrator. A further passphrase, if the list above has one, does as well.");
        }
        else
        {
            text.Paragraph(
                "No passphrase opens it, so the commands of section 5 do not either: only an app on Azure whose identity may use that vault's key does. Deploy one (version "
                + contents.Program.Version
                + ") with the settings RepositoryKeyUri and BlobContainerUri of the lost one and the plan of section 11, and restore through it: POST /api/snapshots/{id}/restores. A vault or a key that was deleted can be recovered for as long as its soft delete lasts.");
        }
    }

    private static bool IsPassphrase(RepositoryKeyLine key) => key.Kind == "passphrase";

    private static string Site(bool isOffSite) => isOffSite ? "off site" : "on site";
}
