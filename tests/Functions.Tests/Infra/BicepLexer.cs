using System.Globalization;
using System.Text;

namespace MaintenanceFunctions.Tests.Infra;

internal enum BicepTokenKind
{
    Word,
    Number,
    Text,
    Mark,
    NewLine,
    End,
}

/// <summary>A token; a text has parts: strings, and for each interpolation the list of its tokens.</summary>
internal sealed record BicepToken(BicepTokenKind Kind, string Value, int Line, IReadOnlyList<object>? Parts = null);

/// <summary>Cuts Bicep into tokens. Comments are left out; ends of lines are kept, since they separate items.</summary>
internal sealed class BicepLexer(string text)
{
    private static readonly string[] Marks =
        ["=>", "==", "!=", "<=", ">=", "&&", "||", "??", "::", ".?", "(", ")", "[", "]", "{", "}", ",", ":", ".", "=", "@", "?", "!", "<", ">", "+", "-", "*", "/", "%"];

    private int _at;
    private int _line = 1;

    /// <exception cref="BicepException">A text or comment does not end, or a character is none of Bicep's.</exception>
    public static IReadOnlyList<BicepToken> Read(string text)
    {
        var lexer = new BicepLexer(text);
        var tokens = lexer.Until(null);
        tokens.Add(new BicepToken(BicepTokenKind.End, "the end of the file", lexer._line));
        return tokens;
    }

    /// <summary>Tokens up to the brace that closes an interpolation, or the end of the text.</summary>
    private List<BicepToken> Until(string? close)
    {
        var tokens = new List<BicepToken>();
        var depth = 0;
        while (_at < text.Length)
        {
            var c = text[_at];
            if (c == '\n')
            {
                tokens.Add(new BicepToken(BicepTokenKind.NewLine, "the end of the line", _line));
                _line++;
                _at++;
            }
            else if (char.IsWhiteSpace(c))
            {
                _at++;
            }
            else if (StartsWith("//") || StartsWith("#disable-next-line "))
            {
                _at = text.IndexOf('\n', _at) is var end and >= 0 ? end : text.Length;
            }
            else if (StartsWith("/*"))
            {
                SkipComment();
            }
            else if (c == '\'')
            {
                tokens.Add(Text());
            }
            else if (char.IsAsciiDigit(c))
            {
                tokens.Add(new BicepToken(BicepTokenKind.Number, Take(char.IsAsciiDigit), _line));
            }
            else if (char.IsAsciiLetter(c) || c == '_')
            {
                tokens.Add(new BicepToken(BicepTokenKind.Word, Take(static one => char.IsAsciiLetterOrDigit(one) || one == '_'), _line));
            }
            else
            {
                var mark = Array.Find(Marks, StartsWith) ?? throw new BicepException($"'{c}' is no part of Bicep.", _line);
                if (close is not null && mark == close && depth == 0)
                {
                    _at++;
                    return tokens;
                }

                depth += mark == "{" ? 1 : mark == "}" ? -1 : 0;
                tokens.Add(new BicepToken(BicepTokenKind.Mark, mark, _line));
                _at += mark.Length;
            }
        }

        return close is null ? tokens : throw new BicepException("An interpolation does not end.", _line);
    }

    private BicepToken Text()
    {
        var line = _line;
        if (StartsWith("'''"))
        {
            var end = text.IndexOf("'''", _at + 3, StringComparison.Ordinal);
            if (end < 0)
            {
                throw new BicepException("A text of several lines does not end.", line);
            }

            var raw = text[(_at + 3)..end];
            _line += raw.Count(static c => c == '\n');
            _at = end + 3;
            return new BicepToken(BicepTokenKind.Text, raw, line, [raw]);
        }

        _at++;
        var parts = new List<object>();
        var part = new StringBuilder();
        while (true)
        {
            if (_at >= text.Length || text[_at] == '\n')
            {
                throw new BicepException("A text does not end.", line);
            }

            if (text[_at] == '\'')
            {
                _at++;
                parts.Add(part.ToString());
                return new BicepToken(BicepTokenKind.Text, "a text", line, parts);
            }

            if (StartsWith("${"))
            {
                _at += 2;
                parts.Add(part.ToString());
                part.Clear();
                List<BicepToken> tokens = Until("}");
                tokens.Add(new BicepToken(BicepTokenKind.End, "the end of the interpolation", _line));
                parts.Add(tokens);
            }
            else
            {
                part.Append(Character(line));
            }
        }
    }

    private string Character(int line)
    {
        if (text[_at] != '\\')
        {
            return text[_at++].ToString();
        }

        var escaped = _at + 1 < text.Length ? text[_at + 1] : ' ';
        _at += 2;
        switch (escaped)
        {
            case '\\' or '\'' or '$':
                return escaped.ToString();
            case 'n':
                return "\n";
            case 'r':
                return "\r";
            case 't':
                return "\t";
            case 'u' when text.IndexOf('}', _at) is var end and > 0 && text[_at] == '{':
                var code = int.Parse(text[(_at + 1)..end], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                _at = end + 1;
                return char.ConvertFromUtf32(code);
            default:
                throw new BicepException($"'\\{escaped}' is no escape of Bicep.", line);
        }
    }

    private void SkipComment()
    {
        var end = text.IndexOf("*/", _at, StringComparison.Ordinal);
        if (end < 0)
        {
            throw new BicepException("A comment does not end.", _line);
        }

        _line += text[_at..end].Count(static c => c == '\n');
        _at = end + 2;
    }

    private string Take(Func<char, bool> isPart)
    {
        var from = _at;
        while (_at < text.Length && isPart(text[_at]))
        {
            _at++;
        }

        return text[from.._at];
    }

    private bool StartsWith(string mark) => string.CompareOrdinal(text, _at, mark, 0, mark.Length) == 0;
}
