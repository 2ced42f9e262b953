using System.Security.Cryptography;
using System.Text;
using Maintenance.Plan;
using Maintenance.Storage;
using Maintenance.Tickets;

namespace Maintenance.Feedback;

/// <summary>
/// Which feedback is in which group. A message and the count of its group are written in one batch, so that it counts once however often, by however many and wherever
/// cut off it is handled.
/// </summary>
public sealed class FeedbackGroupBook(IRecordStore records, TicketService tickets, ActivePlan plan)
{
    private const string Groups = "groups";

    /// <summary>In the worst case each of so many that come in the same moment has to wait for all others.</summary>
    private const int MostAttempts = 500;

    /// <summary>The group of a message; placed on the first call for it, found on every other.</summary>
    public async Task<FeedbackGroup> PlaceAsync(FeedbackMessage message, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        var words = FoldedText.Words(message.Submission.Message);
        if (words.Length == 0)
        {
            // Nothing but punctuation says nothing that could be the same.
            return new FeedbackGroup(message.Reference, message.ReceivedAt, message.ReceivedAt, 1);
        }

        var partition = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{message.Submission.Service}\n{words}")));
        var within = plan.Current.Support.Feedback.GroupWithin;
        for (var attempt = 1; ; attempt++)
        {
            var stored = await records.FindAsync<GroupRow>(Tables.FeedbackGroups, partition, Groups, cancellation);
            IReadOnlyList<FeedbackGroup> groups = stored?.Value.Groups ?? [];
            if (await records.FindAsync<MemberRow>(Tables.FeedbackGroups, partition, MemberKey(message.Reference), cancellation) is { Value.Group: var key })
            {
                // Read after its groups: one of them has it, unless it is so old that they have forgotten it.
                stored = await records.FindAsync<GroupRow>(Tables.FeedbackGroups, partition, Groups, cancellation);
                return stored?.Value.Groups.FirstOrDefault(group => group.Key == key) ?? new FeedbackGroup(key, message.ReceivedAt, message.ReceivedAt, 1, IsOver: true);
            }

            FeedbackGroup? joined;
            while ((joined = FeedbackGroups.Find(groups, message.ReceivedAt, within)) is not null && await IsOverAsync(joined, cancellation))
            {
                groups = [.. groups.Select(group => group.Key == joined.Key ? group with { IsOver = true } : group)];
            }

            var (after, own) = FeedbackGroups.Place(groups, joined, message.Reference, message.ReceivedAt);
            var json = MaintenanceJson.Write(new GroupRow(after));
            try
            {
                await records.WriteAsync(
                    Tables.FeedbackGroups,
                    partition,
                    [
                        RecordWrite.Insert(MemberKey(message.Reference), MaintenanceJson.Write(new MemberRow(own.Key))),
                        stored is null ? RecordWrite.Insert(Groups, json) : RecordWrite.Replace(Groups, json, stored.ETag),
                    ],
                    cancellation);
                return own;
            }
            catch (RecordConflictException) when (attempt < MostAttempts)
            {
                // Another of the same words was placed in the same moment.
            }
        }
    }

    /// <summary>True where the group's ticket was opened and is open no more. One that is still on its way will be.</summary>
    private async Task<bool> IsOverAsync(FeedbackGroup group, CancellationToken cancellation) =>
        await records.FindAsync<FeedbackReport>(Tables.Feedback, group.Key, FeedbackBook.Row, cancellation) is { Value.Ticket: { } ticket }
        && await tickets.FindAsync(ticket, cancellation) is { Value.IsOpen: false };

    private static string MemberKey(string reference) => "member_" + reference;

    private sealed record GroupRow(IReadOnlyList<FeedbackGroup> Groups);

    private sealed record MemberRow(string Group);
}
