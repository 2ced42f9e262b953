using System.Text.RegularExpressions;
using Maintenance.Duties;

namespace Maintenance.Web.Pages;

/// <summary>Duties in words.</summary>
public static partial class DutyWords
{
    /// <summary>A kind.</summary>
    public static string Of(DutyKind kind) => kind == DutyKind.SopReview ? "SOP review" : Humps().Replace(kind.ToString(), " $0").ToLowerInvariant();

    /// <summary>How it stands.</summary>
    public static string Of(DutyStanding standing) => standing switch
    {
        DutyStanding.Coming => "to be done",
        DutyStanding.InTime => "in time",
        _ => standing.ToString().ToLowerInvariant(),
    };

    /// <summary>The class by which it is seen.</summary>
    public static string StyleOf(DutyStanding standing) => standing switch
    {
        DutyStanding.Overdue => "bad",
        DutyStanding.Due or DutyStanding.Late => "busy",
        DutyStanding.InTime => "good",
        _ => "muted",
    };

    /// <summary>A kind of evidence.</summary>
    public static string Of(EvidenceKind kind) => kind switch
    {
        EvidenceKind.Text => "what was found",
        EvidenceKind.Drill => "a drill that passed",
        EvidenceKind.File => "a file",
        _ => "a " + kind.ToString().ToLowerInvariant(),
    };

    /// <summary>What happens on a closed day.</summary>
    public static string Of(BusinessDayRule rule) => Humps().Replace(rule.ToString(), " $0").ToLowerInvariant();

    /// <summary>What happened.</summary>
    public static string Of(DutyNoticeKind kind) => kind switch
    {
        DutyNoticeKind.Opened => "the owner was told",
        DutyNoticeKind.Reminder => "the owner was reminded",
        DutyNoticeKind.Overdue => "overdue: people were told",
        DutyNoticeKind.Escalated => "still overdue: others were told",
        _ => "the ticket was told",
    };

    [GeneratedRegex("(?<!^)[A-Z]", RegexOptions.ExplicitCapture)]
    private static partial Regex Humps();
}
