using System.Globalization;
using Maintenance.Patches;
using static Maintenance.Tests.Rules.Instants;

namespace Maintenance.Tests.Rules;

/// <summary>Approvals as tables write them: <c>ann:cab:+:10</c> is a vote of Ann, who has the role cab, for it, ten minutes after the request.</summary>
internal static class ApprovalStory
{
    public const string A = "sha256:aaaa";
    public const string B = "sha256:bbbb";

    public static readonly DateTimeOffset Start = Utc("2026-11-22T08:00Z");

    /// <summary>Ten hours after the request.</summary>
    public static readonly DateTimeOffset Expiry = Utc("2026-11-22T18:00Z");

    public static ApprovalTerms Terms(int quorum, int rejections = 1, DecisionMoment decides = DecisionMoment.FirstToReach, string? artifact = null) =>
        new("req", "imp", Start, Expiry, ["cab", "owner"], quorum, rejections, decides, ["req", "imp"], artifact);

    public static PatchRequest Request(int quorum, string? artifact = null) =>
        new("P-1007", "OpenSSL", "3.5.1", PatchType.Normal, PatchSeverity.High, "web", "req", Start, ["cab", "owner"], quorum, Expiry)
        {
            Implementer = "imp",
            Excluded = ["req", "imp"],
            Artifact = artifact,
        };

    /// <summary>
    /// Person, roles, what (<c>+</c> approves, <c>-</c> rejects, <c>R</c> revises, <c>W</c> withdraws), minute; then perhaps the artifact (<c>A</c>, <c>B</c>, <c>_</c> none)
    /// and the id.
    /// </summary>
    public static ApprovalEvent[] Events(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static (part, i) => Event(part.Split(':'), $"#{i}"))];

    public static string[] Roles(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private static ApprovalEvent Event(string[] parts, string id) => new(
        parts.Length > 5 ? parts[5] : id,
        Start.AddMinutes(int.Parse(parts[3], CultureInfo.InvariantCulture)),
        parts[0],
        Roles(parts[1]),
        parts[2] switch { "R" => ApprovalEventKind.Revise, "W" => ApprovalEventKind.Withdraw, _ => ApprovalEventKind.Vote },
        parts[2] switch { "+" => VoteChoice.Approve, "-" => VoteChoice.Reject, _ => null },
        parts[2] == "-" ? "No." : null,
        parts.Length <= 4 ? null : parts[4] switch { "A" => A, "B" => B, _ => null });
}
