using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Maintenance.Backups.Repository;

/// <summary>The name of a pack: 16 random bytes. Never used twice, since its cipher's key comes from it.</summary>
public readonly record struct PackId
{
    /// <summary>How many bytes an id has.</summary>
    public const int Size = 16;

    private readonly UInt128 _value;

    /// <summary>Reads an id.</summary>
    public PackId(ReadOnlySpan<byte> bytes) => _value = BinaryPrimitives.ReadUInt128BigEndian(bytes);

    private PackId(UInt128 value) => _value = value;

    /// <summary>A new one.</summary>
    public static PackId New() => new(RandomNumberGenerator.GetBytes(Size));

    /// <summary>The id in an object's name; null where it is no pack's.</summary>
    public static PackId? OfObject(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var file = name.AsSpan(name.LastIndexOf('/') + 1);
        return file.Length == 2 * Size && UInt128.TryParse(file, System.Globalization.NumberStyles.AllowHexSpecifier, null, out var value) && new PackId(value) is var id && id.ObjectName == name
            ? id
            : null;
    }

    /// <summary>The name of its object: <c>packs/{first two digits}/{32 digits}</c>.</summary>
    public string ObjectName => ToString() is var text ? $"{RepositoryLayout.Packs}{text.AsSpan(0, 2)}/{text}" : "";

    /// <summary>Writes the id.</summary>
    public void CopyTo(Span<byte> bytes) => BinaryPrimitives.WriteUInt128BigEndian(bytes, _value);

    /// <inheritdoc/>
    public override string ToString() => _value.ToString("x32", null);
}

/// <summary>Which objects a repository has.</summary>
internal static class RepositoryLayout
{
    /// <summary>What it is: readable without a key, sealed.</summary>
    public const string Config = "config";

    /// <summary>Wrapped keys: readable without a key, sealed. Each is there twice, since one that is lost may be the only one.</summary>
    public const string Keys = "keys/";

    /// <summary>The second copy of each wrapped key.</summary>
    public const string SpareKeys = "keys-spare/";

    public const string Packs = "packs/";
    public const string Indexes = "index/";
    public const string Snapshots = "snapshots/";
    public const string Sessions = "sessions/";

    /// <summary>Snapshots that are being taken piece by piece.</summary>
    public const string Parts = "parts/";

    /// <summary>Packs that no snapshot needed when somebody looked.</summary>
    public const string Unneeded = "marks/unneeded/";

    /// <summary>Segments that somebody found damaged.</summary>
    public const string Damaged = "marks/damaged/";

    public static string Index(string id) => Indexes + id;

    public static string Snapshot(string policy, string id) => $"{Snapshots}{policy}/{id}";

    public static string PartsOf(string snapshot) => $"{Parts}{snapshot}/";

    public static string PlanOf(string snapshot) => PartsOf(snapshot) + "plan";

    /// <summary>A slice of a plan: the session is the plan's alone, so that what a former plan of the same snapshot left is never taken for a slice of this one.</summary>
    public static string Slice(string snapshot, string session, int part, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{PartsOf(snapshot)}{session}/{part:000}/{number:000000}");

    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
