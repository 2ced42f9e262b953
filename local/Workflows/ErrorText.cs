namespace Maintenance.Local.Workflows;

/// <summary>What is recorded of an exception.</summary>
internal static class ErrorText
{
    /// <summary>The most characters of a message that are kept.</summary>
    public const int MaxLength = 2000;

    /// <summary>The message, at most <see cref="MaxLength"/> characters; the type's name where there is no message.</summary>
    public static string Of(Exception error) => Cut(string.IsNullOrWhiteSpace(error.Message) ? error.GetType().Name : error.Message);

    private static string Cut(string text)
    {
        if (text.Length <= MaxLength)
        {
            return text;
        }

        // Half a surrogate pair would not survive being written as UTF-8.
        var length = char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength;
        return text[..length];
    }
}
