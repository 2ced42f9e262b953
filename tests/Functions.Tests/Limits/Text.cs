namespace MaintenanceFunctions.Tests.Limits;

/// <summary>What no service takes in an address: a name stands there, percent-encoded as UTF-8.</summary>
internal static class Text
{
    /// <summary>The first character that cannot stand in a URL's path even when it is encoded, in words; or null.</summary>
    public static string? Odd(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsControl(c) || char.IsSurrogate(c))
            {
                return $"the character U+{(int)c:X4}";
            }
        }

        return null;
    }
}
