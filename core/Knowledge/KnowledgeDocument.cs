using System.Security.Cryptography;
using System.Text;
using Maintenance.Plan;
using NodaTime;

namespace Maintenance.Knowledge;

/// <summary>A document as its file says it: SOP, article or other.</summary>
/// <param name="Id">The file's name without its ending: it stays the same where the file moves to another folder.</param>
/// <param name="File">The file, relative to the plan's folder.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Title">Its title.</param>
/// <param name="Body">Its Markdown, without front matter.</param>
public sealed record KnowledgeDocument(string Id, string File, DocumentKind Kind, string Title, string Body)
{
    /// <summary>In audiences: everybody of the plan.</summary>
    public const string Everyone = "everyone";

    /// <summary>In audiences: whoever asks, without signing in.</summary>
    public const string Public = "public";

    /// <summary>A person or a role; null where nobody was named.</summary>
    public string? Owner { get; init; }

    /// <summary>For whom it is: roles, ids of people, <see cref="Everyone"/> or <see cref="Public"/>.</summary>
    public IReadOnlyList<string> Audience { get; init; } = [];

    /// <summary>How long a review counts; null where none is owed.</summary>
    public ReviewPeriod? Review { get; init; }

    /// <summary>The local date of the last review, as the file says; null where it says none.</summary>
    public LocalDate? Reviewed { get; init; }

    /// <summary>The ids of the services that it is about.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];

    /// <summary>What people look for when they need it.</summary>
    public IReadOnlyList<string> Keywords { get; init; } = [];

    /// <summary>In which language it is written.</summary>
    public Language Language { get; init; }

    /// <summary>The id of the document whose place it takes, or null.</summary>
    public string? Supersedes { get; init; }

    /// <summary>The beginning of the version that is said to change nothing of what people must know; null where none is. It counts for that version alone.</summary>
    public string? Editorial { get; init; }

    /// <summary>SHA-256 of what it says, in hex: see <see cref="VersionOf"/>.</summary>
    public string Version { get; } = VersionOf(Title, Body);

    /// <summary>True where the file says of this very version that it is editorial.</summary>
    public bool IsEditorial => Editorial is { } named && Version.StartsWith(named, StringComparison.Ordinal);

    /// <summary>True for what everybody may read without signing in.</summary>
    public bool IsPublic => Audience.Contains(Public);

    /// <summary>True where its audience must acknowledge it.</summary>
    public bool IsAcknowledged => Kind == DocumentKind.Sop;

    /// <summary>A version as people read it: its first twelve digits.</summary>
    public static string Shortened(string version)
    {
        ArgumentNullException.ThrowIfNull(version);
        return version.Length > 12 ? version[..12] : version;
    }

    /// <summary>
    /// The version: SHA-256 of title and body. Who owns a document, who reads it and when it was reviewed is upkeep, and changes nothing of what it says; nor do the kind
    /// of line ends, blanks at the end of lines, and empty lines at the beginning and the end.
    /// </summary>
    public static string VersionOf(string title, string body)
    {
        ArgumentNullException.ThrowIfNull(title);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{title.Trim()}\0{Normal(body)}")));
    }

    /// <summary>A text as it is compared: line feeds, no blanks before them, no empty lines around it.</summary>
    public static string Normal(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return string.Join('\n', text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n').Select(static line => line.TrimEnd(' ', '\t'))).Trim('\n');
    }
}
