namespace Maintenance.Storage;

/// <summary>Half of a surrogate pair is no text: every store and every address would have the same replacement in its place, so that two names became one.</summary>
internal static class SurrogatePairs
{
    /// <summary>True where the character at <paramref name="index"/> is half a pair without its other half.</summary>
    public static bool IsHalf(string text, int index) =>
        char.IsSurrogate(text[index])
        && !(index + 1 < text.Length && char.IsSurrogatePair(text[index], text[index + 1]))
        && !(index > 0 && char.IsSurrogatePair(text[index - 1], text[index]));
}
