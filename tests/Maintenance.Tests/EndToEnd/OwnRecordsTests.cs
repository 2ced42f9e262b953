using System.Net;
using System.Runtime.Versioning;
using Maintenance.Backups;
using Maintenance.Feedback;
using Maintenance.Tickets;
using Maintenance.Tickets.Attachments;

namespace Maintenance.Tests.EndToEnd;

/// <summary>The machine is gone; a copy of the repository and its passphrase are all there is of the system itself.</summary>
[Collection("End to end: backups")]
[UnsupportedOSPlatform("windows")]
public sealed class OwnRecordsTests
{
    [Fact]
    public async Task A_new_data_folder_from_the_own_records_has_tickets_tracking_codes_and_what_was_attached()
    {
        var plan = new QuickPlan { Backups = [("own", "own", QuickPlan.Yearly)] }.Yaml.Replace("{ folder: \"own\" }", "{ records: all }", StringComparison.Ordinal);
        Assert.Contains("{ records: all }", plan, StringComparison.Ordinal);
        await using var here = new Installation(plan);
        FeedbackReceipt receipt;
        string file;
        await using (var server = await here.ServeAsync())
        {
            (receipt, file) = await AttachAsync(here, server);
            var run = (await here.RunAsync(0, "backup", "run", "own", "--json")).As<OperationAnswer<BackupRun>>().Output!;
            Assert.Equal(BackupRunState.Proven, run.State);
            Assert.Equal(0, await server.StopAsync());
        }

        // What a copy has: the repository, and nothing of people's.
        foreach (var folder in new[] { "tickets", "duties", "knowledge", "assets" })
        {
            FolderTree.Remove(Path.Join(here.Data, "objects", folder));
        }

        Directory.Move(here.Data, here.PathOf("copy"));
        await here.RunAsync(
            0, "repository", "restore", "latest", "--repository", here.PathOf("copy/objects"), "--passphrase-file", here.PathOf("copy/repository.passphrase"), "--to", here.Data);

        await using var again = await here.ServeAsync();
        using var support = again.As(await here.TokenAsync("sam"));
        Assert.Equal(file, FileOf(await support.GetAsync("/api/tickets/T-1001")));
        Assert.Equal("a,b\n", (await support.GetAsync($"/api/tickets/T-1001/attachments/{file}")).Expect(HttpStatusCode.OK).Body);
        using var person = again.As(null);
        Assert.Contains(
            receipt.Reference, (await person.FormAsync("/feedback/track", [("reference", receipt.Reference), ("code", receipt.TrackingCode)])).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
    }

    /// <summary>Somebody sends feedback, and sam attaches a file to its ticket, T-1001.</summary>
    internal static async Task<(FeedbackReceipt Receipt, string File)> AttachAsync(Installation here, ServerProcess server)
    {
        var receipt = (await server.Operator.PostAsync("/api/feedback", new FeedbackSubmission("question", "Where is the form?"))).As<FeedbackReceipt>();
        await Eventually.HoldsAsync(async () => (await server.Operator.GetAsync("/api/tickets")).As<List<Ticket>>(), static tickets => tickets.Count == 1);
        using var sam = server.As(await here.TokenAsync("sam"));
        using var form = new MultipartFormDataContent { { new StringContent("nonce"), "key" }, { new ByteArrayContent("a,b\n"u8.ToArray()), "file", "count.csv" } };
        (await sam.SendAsync(HttpMethod.Post, "/tickets/T-1001/attachments", form)).Expect(HttpStatusCode.Found);
        return (receipt, FileOf(await sam.GetAsync("/api/tickets/T-1001")));
    }

    private static string FileOf(Answer ticket) => AttachmentService.FileOf(Assert.Single(ticket.Expect(HttpStatusCode.OK).As<Ticket>().Attachments));
}
