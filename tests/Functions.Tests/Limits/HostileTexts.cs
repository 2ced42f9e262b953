namespace MaintenanceFunctions.Tests.Limits;

/// <summary>Texts that people and programs send, and that would break a name or a key if one were made of them as they are.</summary>
internal static class HostileTexts
{
    /// <summary>Each with what it is.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "a/b", "a\\b", "a#b", "a?b", "a%b", "a%2Fb", "%", "%2F", "%00", "..", ".", "a.", "a/", "/", "a//b", "../../etc/passwd", "C:\\Windows\\system32", "a+b c", "a&b=c;d", "'", "o'clock", "''", "\"",
        "a\tb", "a\nb", "a\u0001b", "a\u007fb", "a\u0085b", "a\u200bb", "a\u202eb", "\ufeffa", "a\ufffdb", "\uE000", "naïve", "NAÏVE", "Ünïcödé", "e\u0301", "é", "😀", "👩‍👩‍👧‍👦", "𝔘𝔫𝔦", "日本語のテキスト",
        "ไทย", "العربية", "Ｆｕｌｌ", "İstanbul", "ß", "CON", "nul.txt", "tables", "$batch", "@entity", "*", "W/\"x\"", "grace+o'neil@registry.example", new('x', 41), new('x', 101), new('x', 129), new('x', 513),
        new('é', 300), string.Concat(Enumerable.Repeat("😀", 200)), new('x', 1025), new('/', 300), string.Concat(Enumerable.Repeat("a/", 300)),
    ];

    /// <summary>Ten thousand characters of a kind each.</summary>
    public static IReadOnlyList<string> Long { get; } =
        [new('x', 10_000), new('ж', 10_000), new('語', 10_000), string.Concat(Enumerable.Repeat("😀", 5_000)), string.Concat(Enumerable.Repeat("a\"b\\", 2_500)), new('\u0001', 10_000), new('<', 10_000)];
}
