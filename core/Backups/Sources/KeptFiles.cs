using Maintenance.Assets.Components;
using Maintenance.Duties;
using Maintenance.Knowledge;
using Maintenance.Tickets.Attachments;

namespace Maintenance.Backups.Sources;

/// <summary>
/// The objects that the records name and that nothing else brings back: what people attached to tickets and duties, the versions of documents, the inventories and
/// advisories as they were last readable. The repository's own objects are none of them, nor are break-glass books, which are written anew.
/// </summary>
public static class KeptFiles
{
    /// <summary>What their names begin with; none is the beginning of another.</summary>
    public static IReadOnlyList<string> Prefixes { get; } = [AssetShelf.Prefix, DutyFiles.Prefix, KnowledgeBook.Prefix, AttachmentService.Prefix];
}
