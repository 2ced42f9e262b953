using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Maintenance.Knowledge;
using NodaTime;

using static Maintenance.Plan.PlaceScalars;
using static Maintenance.Plan.Scalars;

namespace Maintenance.Plan;

/// <summary>What the section <c>documents</c> and the front matter of its files look like; a part of <see cref="PlanShape"/>.</summary>
internal static partial class KnowledgeShape
{
    /// <summary>How long a review counts, where that is said.</summary>
    private static ScalarKind<ReviewPeriod?> Period { get; } = new(
        static text => ReviewPeriod.Parse(text) is { } period ? Parsed<ReviewPeriod?>.Ok(period) : Parsed<ReviewPeriod?>.Wrong($"'{text}' is not a review period.", ReviewPeriod.Hint),
        static () => new JsonObject { ["type"] = "string", ["pattern"] = "^\\d{1,4} ?(d|days?|w|weeks?|months?|y|years?)$", ["examples"] = new JsonArray("180d", "6 months", "1 year") });

    private static ScalarKind<LocalDate?> OptionalDate { get; } = new(
        static text => Scalars.Date.Parse(text) is { Problem: { } problem, Hint: { } hint } ? Parsed<LocalDate?>.Wrong(problem, hint) : Parsed<LocalDate?>.Ok(Scalars.Date.Parse(text).Value),
        static () => Scalars.Date.Schema());

    private static ScalarKind<string?> Version { get; } = new(
        static text => VersionRegex().IsMatch(text) ? Parsed<string?>.Ok(text) : Parsed<string?>.Wrong($"'{text}' is not a version.", "Write the first 8 digits of this very version at least: documents show prints them."),
        static () => new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9a-f]{8,64}$" });

    public static KnowledgePolicy Policy(PlanMap m) => new(m.List("folders", "Where the files lie.", Folder, least: 1))
    {
        AcknowledgeWithin = m.Optional("acknowledgeWithin", "How long people have to acknowledge an SOP after they were asked; 10d where left out.", Scalars.Duration, KnowledgePolicy.UsualAcknowledgement),
        ReviewGrace = m.Optional("reviewGrace", "How long a review may be late before there is a ticket; 14d where left out.", Scalars.Duration, KnowledgePolicy.UsualGrace),
        Ticket = m.OptionalMap("tickets", "What the ticket of a late review is taken to be; left out, there are none.", static inside => new DocumentTicket(
            inside.Value("impact", "The id of the impact.", Reference(PlanEntity.Impact), ""),
            inside.Value("urgency", "The id of the urgency.", Reference(PlanEntity.Urgency), ""))),
    };

    /// <summary>What the front matter of a file says; the folder says the rest.</summary>
    /// <param name="m">The front matter.</param>
    /// <param name="folder">Where the file lies.</param>
    /// <param name="id">Its id.</param>
    /// <param name="body">What comes after.</param>
    /// <param name="language">The language of those that name none.</param>
    public static KnowledgeDocument Document(PlanMap m, DocumentFolder folder, string id, string body, Language language) => new(
        id, $"{folder.Path}/{id}.md", folder.Kind, m.Optional("title", "Its title; its first heading where left out.", OptionalText, null) ?? DocumentMarkdown.Heading(body) ?? id.Replace('-', ' '), body)
    {
        Owner = m.Optional("owner", "The person or role that keeps it up.", OptionalText, folder.Owner),
        Audience = m.Values("audience", "For whom it is.", Text, least: 0, absent: folder.Audience),
        Review = m.Optional("review", "How often it is reviewed.", Period, folder.Review),
        Reviewed = m.Optional("reviewed", "The date of the last review.", OptionalDate, null),
        Services = m.Values("services", "The ids of the services that it is about.", Reference(PlanEntity.Service), least: 0),
        Keywords = m.Values("keywords", "What people look for when they need it.", Text, least: 0),
        Language = m.Optional("language", "The language that it is written in; the system's first where left out.", OptionalLanguage, null) ?? language,
        Supersedes = m.Optional("supersedes", "The id of the document whose place it takes.", OptionalLocalId, null),
        Editorial = m.Optional("editorial", "The first 8 digits of this very version at least: its change asks nobody to acknowledge it again.", Version, null),
    };

    private static DocumentFolder Folder(PlanMap m) => new(
        m.Value("path", "A folder below the plan's; each of its Markdown files (.md) is a document.", FolderBelow, ""),
        m.Value("kind", "What they are: sop (its audience must acknowledge it), article (helps with questions and faults) or document.", Choice<DocumentKind>(), DocumentKind.Document))
    {
        Owner = m.Optional("owner", "The person or role that keeps up the files that name none.", OptionalReference(PlanEntity.Recipient), null),
        Audience = m.Values("audience", "For whom the files are that do not say it: roles, ids of people, everyone (of the plan) or public (articles only).", Text, least: 0),
        Review = m.Optional("review", "How often the files are reviewed that do not say it.", Period, null),
    };

    private static ScalarKind<string> FolderBelow { get; } = new(
        static text => PathBelow("the plan's folder", "sops").Parse(text) is { Problem: { } problem, Hint: { } hint } ? Parsed<string>.Wrong(problem, hint) : Parsed<string>.Ok(text), InnerPath.Schema);

    [GeneratedRegex(@"^[0-9a-f]{8,64}\z", RegexOptions.NonBacktracking)]
    private static partial Regex VersionRegex();
}
