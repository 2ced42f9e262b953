namespace Maintenance.Plan.Document;

/// <summary>A plan as people read it: what is written as Markdown and shown on the page, so that both say the same.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Subtitle">Of which system, for whom.</param>
/// <param name="Sections">In the order in which they are read.</param>
public sealed record PlanDocument(string Title, string Subtitle, IReadOnlyList<DocumentSection> Sections)
{
    /// <summary>The section of an id, or null.</summary>
    public DocumentSection? Find(string id) => Sections.FirstOrDefault(section => section.Id == id);
}

/// <summary>A section.</summary>
/// <param name="Id">Short and stable: part of addresses.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Blocks">What it holds; never empty.</param>
public sealed record DocumentSection(string Id, string Title, IReadOnlyList<DocumentBlock> Blocks);

/// <summary>A part of a section. All texts are plain: whoever writes them out escapes them.</summary>
public abstract record DocumentBlock;

/// <summary>A heading below the section's.</summary>
/// <param name="Text">Its words.</param>
public sealed record DocumentHeading(string Text) : DocumentBlock;

/// <summary>A paragraph.</summary>
/// <param name="Text">Its words.</param>
public sealed record DocumentText(string Text) : DocumentBlock;

/// <summary>Names with a value each.</summary>
/// <param name="Items">In order.</param>
public sealed record DocumentFacts(IReadOnlyList<DocumentFact> Items) : DocumentBlock;

/// <summary>A name and its value.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">How it is.</param>
public sealed record DocumentFact(string Name, string Value);

/// <summary>A table.</summary>
/// <param name="Name">What it lists, for whoever hears rather than sees it.</param>
/// <param name="Heads">The columns; the first cell of a line names the line.</param>
/// <param name="Rows">The lines, each with a cell for each column.</param>
public sealed record DocumentTable(string Name, IReadOnlyList<string> Heads, IReadOnlyList<IReadOnlyList<string>> Rows) : DocumentBlock;
