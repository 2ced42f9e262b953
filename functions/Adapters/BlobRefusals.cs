using Azure;

namespace MaintenanceFunctions.Adapters;

/// <summary>What the Blob service's refusals mean. The codes are those of its own list of error codes.</summary>
internal static class BlobRefusals
{
    /// <summary>
    /// True where a put under <c>If-None-Match: *</c> found the name taken. 409 BlobAlreadyExists is the answer; some paths answer 412, and where the blob is held
    /// the service may object to the overwrite first. Every other 409 (a lease, a container being deleted) is a fault.
    /// </summary>
    public static bool IsTaken(RequestFailedException refusal) =>
        refusal.Status == 412 || refusal is { Status: 409, ErrorCode: "BlobAlreadyExists" } || IsHeld(refusal);

    /// <summary>True where the blob is under an immutability period or a legal hold.</summary>
    public static bool IsHeld(RequestFailedException refusal) => refusal is { Status: 409, ErrorCode: "BlobImmutableDueToPolicy" or "BlobImmutableDueToLegalHold" };

    /// <summary>True where the blob is missing; a missing container is a fault of the set-up.</summary>
    public static bool IsMissing(RequestFailedException refusal) => refusal is { Status: 404, ErrorCode: "BlobNotFound" };

    /// <summary>
    /// True where blocks that were staged are gone or do not go with those of the blob: somebody else has written it meanwhile, and what he did not commit was
    /// thrown away.
    /// </summary>
    public static bool AreBlocksGone(RequestFailedException refusal) => refusal is { Status: 400, ErrorCode: "InvalidBlockList" or "InvalidBlobOrBlock" };
}
