namespace Maintenance.Assets.Components;

/// <summary>What an input is read as.</summary>
public enum AssetInputKind
{
    /// <summary>A software bill of materials.</summary>
    Bom,

    /// <summary>What <c>dotnet list package</c> wrote.</summary>
    Packages,

    /// <summary>End-of-life records.</summary>
    EndOfLife,

    /// <summary>Security advisories.</summary>
    Advisories,

    /// <summary>CISA's catalogue.</summary>
    Exploited,
}

/// <summary>An input of the plan: a file, a folder or an address.</summary>
/// <param name="Kind">What it is read as.</param>
/// <param name="Source">Where it is.</param>
/// <param name="Subject">The service, or the product, that it is about; empty for none.</param>
public sealed record AssetInput(AssetInputKind Kind, AssetSource Source, string Subject)
{
    /// <summary>All inputs of a plan, in its order.</summary>
    public static IReadOnlyList<AssetInput> Of(AssetPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return
        [
            .. policy.Boms.Select(static one => new AssetInput(AssetInputKind.Bom, new AssetSource(one.File, null, null), one.Service)),
            .. policy.Packages.Select(static one => new AssetInput(AssetInputKind.Packages, new AssetSource(one.File, null, null), one.Service)),
            .. policy.EndOfLife.Select(static one => new AssetInput(AssetInputKind.EndOfLife, one.Source, one.Product)),
            .. policy.Advisories.Select(static one => new AssetInput(AssetInputKind.Advisories, one, "")),
            .. policy.Exploited is { } exploited ? [new AssetInput(AssetInputKind.Exploited, exploited, "")] : Array.Empty<AssetInput>(),
        ];
    }
}

/// <summary>What is known of a file, or of what lies at an address.</summary>
/// <param name="Name">The file's path, or the address.</param>
/// <param name="Kind">What it is read as.</param>
public sealed record AssetSourceState(string Name, AssetInputKind Kind)
{
    /// <summary>SHA-256 of what was read last and is good; null where nothing was yet.</summary>
    public string? Hash { get; init; }

    /// <summary>When that was read (UTC), or null.</summary>
    public DateTimeOffset? ReadAt { get; init; }

    /// <summary>What tells whether it has changed since it was looked at: size and time of a file, the address's own mark.</summary>
    public string? Stamp { get; init; }

    /// <summary>When it was last looked at (UTC).</summary>
    public DateTimeOffset LookedAt { get; init; }

    /// <summary>Why what is there now cannot be used, so that what was read before goes on; null where nothing is wrong.</summary>
    public string? Problem { get; init; }

    /// <summary>What of it was left out, in words: at most <see cref="MostNotes"/>.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>So many parts, cycles, advisories or entries it has.</summary>
    public int Count { get; init; }

    /// <summary>A file that has not rested yet, and since when it lies there so; null for none.</summary>
    public AssetUnrest? Unrest { get; init; }

    /// <summary>An inventory that has lost nearly all, until somebody confirms it; null for none.</summary>
    public AssetDoubt? Doubt { get; init; }

    /// <summary>So many notes are kept.</summary>
    public const int MostNotes = 20;
}

/// <summary>A file as it lay there when it was looked at, too soon after it was written.</summary>
/// <param name="Stamp">Its size and time.</param>
/// <param name="Since">Since when it lies there so (UTC).</param>
public sealed record AssetUnrest(string Stamp, DateTimeOffset Since);

/// <summary>An inventory of which nobody has said yet that it is right.</summary>
/// <param name="Hash">SHA-256 of its bytes: who confirms it confirms these.</param>
/// <param name="Count">So many parts it lists.</param>
public sealed record AssetDoubt(string Hash, int Count);
