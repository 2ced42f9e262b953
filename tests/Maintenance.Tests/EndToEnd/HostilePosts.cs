using System.Globalization;
using System.Text;

namespace Maintenance.Tests.EndToEnd;

/// <summary>A request as bytes.</summary>
/// <param name="Kind">What is hostile about it.</param>
/// <param name="Bytes">What is sent.</param>
/// <param name="IsLast">True where the connection is of no use after it: what is sent is not what it says.</param>
internal sealed record HostilePost(string Kind, byte[] Bytes, bool IsLast = false);

/// <summary>What nobody should post to the form, of every kind, in an order that a seed gives.</summary>
internal sealed class HostilePosts(int seed)
{
    private static readonly string[] Payloads =
    [
        "<script>alert(1)</script>", "\"><script>alert(1)</script>", "'><img src=x onerror=alert(1)>", "</textarea><script>alert(1)</script>", "</title><svg onload=alert(1)>", "<!-- --><b>", "<![CDATA[<a href=javascript:alert(1)>]]>",
        "\" onfocus=alert(1) autofocus x=\"", "javascript:alert(1)", "<iframe srcdoc='<script>alert(1)</script>'>", "<style>*{display:none}</style>", "<a href=\"https://evil.example\">here</a>", "&lt;script&gt;", "&#60;script&#62;", "<scr<script>ipt>",
        "<svg><a xlink:href=javascript:alert(1)>", "<math><mtext></form><form><mglyph>", "{{constructor.constructor('alert(1)')()}}", "${7*7}", "@(1+1)", "#{7*7}", "<%= 7*7 %>",
        "'; DROP TABLE records; --", "' OR '1'='1", "1; SELECT * FROM messages", "\"; DELETE FROM records WHERE ''='", "') UNION SELECT json FROM records --", "%' LIKE '", "\\'; --",
        "../../etc/passwd", "..\\..\\win.ini", "=cmd|'/C calc'!A0", "+1+1", "@SUM(1+1)", "\r\nSet-Cookie: a=b", "\r\nBcc: all@evil.example\r\n", "%0d%0aX-Injected: 1",
        "\u202Eevil\u202C", "\u0000\u0001\u0002\u0003", "\u001b[31mred\u001b[0m", "\u0085\u2028\u2029", "\uFEFF\uFFFE\uFFFF", "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324", "\U0001F469\u200D\U0001F469\u200D\U0001F467", "ﷺ", "\ud83d",
        "{\"$type\":\"System.Diagnostics.Process\"}", "F-0000-0000-0000", "T-1001", "null", "undefined", "NaN", "-1", "1e999", "true",
    ];

    private readonly Random _random = new(seed);

    /// <summary>One that is well-formed, with a payload: number <paramref name="i"/>.</summary>
    public HostilePost Next(int i) => _random.Next(10) switch
    {
        0 or 1 or 2 => Form(i),
        3 or 4 => Json(i),
        5 => BrokenForm(i),
        6 => BrokenJson(i),
        7 => Encoded(i),
        8 => Headers(i),
        _ => Elsewhere(i),
    };

    private string Payload(int i)
    {
        var text = new StringBuilder();
        for (var count = _random.Next(1, 4); count > 0; count--)
        {
            _ = text.Append(Payloads[_random.Next(Payloads.Length)]).Append(' ');
        }

        // Another text each time, or they would be one ticket.
        return text.Append(CultureInfo.InvariantCulture, $"number{i}x").ToString();
    }

    private HostilePost Form(int i)
    {
        var body = $"kind={(_random.Next(20) == 0 ? Escape(Payload(i)) : "question")}&message={Escape(Payload(i))}&name={Escape(Payload(i))}&contact={Escape(Payload(i))}"
            + (_random.Next(10) == 0 ? "&service=" + Escape(Payload(i)) : "") + (_random.Next(12) == 0 ? "&website=" + Escape(Payload(i)) : "");
        return Post("form", "/feedback" + (_random.Next(8) == 0 ? "?lang=" + Escape(Payload(i)) : "?lang=fr"), "application/x-www-form-urlencoded", Encoding.UTF8.GetBytes(body));
    }

    private HostilePost Json(int i) =>
        Post("JSON", "/api/feedback", "application/json", Encoding.UTF8.GetBytes($$"""{"kind":"question","message":{{Quote(Payload(i))}},"name":{{Quote(Payload(i))}},"contact":{{Quote(Payload(i))}}}"""));

    private HostilePost BrokenForm(int i)
    {
        var body = _random.Next(9) switch
        {
            0 => "kind=question&message=%ff%fe%c0%af%ed%a0%80" + i,
            1 => "kind=question&message=%" + i + "&%%%=&&&===",
            2 => "kind=question&message=" + string.Concat(Enumerable.Repeat("&a=b", _random.Next(40, 2000))),
            3 => string.Concat(Enumerable.Repeat("message=x&", _random.Next(2, 60))) + "kind=question",
            4 => "kind=question&message=" + new string('x', _random.Next(3990, 4010)),
            5 => new string('k', _random.Next(90, 200)) + "=1&kind=question&message=x" + i,
            6 => "kind=question&message=" + string.Concat(Enumerable.Repeat("%00", _random.Next(1, 4000))),
            7 => "kind=question&message=" + new string('x', _random.Next(64 * 1024 - 40, 64 * 1024 + 40)),
            _ => "\u0000=\u0000&kind[]=question&message[0]=x",
        };
        var bytes = Encoding.Latin1.GetBytes(body);
        return Post("broken form", "/feedback", "application/x-www-form-urlencoded", _random.Next(4) == 0 ? Fuzzed(bytes) : bytes);
    }

    private HostilePost BrokenJson(int i)
    {
        var body = _random.Next(12) switch
        {
            0 => string.Concat(Enumerable.Repeat("[", 1000)) + string.Concat(Enumerable.Repeat("]", 1000)),
            1 => string.Concat(Enumerable.Repeat("{\"a\":", 1000)) + "1" + new string('}', 1000),
            2 => $$"""{"kind":"question","message":{{string.Concat(Enumerable.Repeat("[", 1000))}}""",
            3 => $$"""{"kind":"question","message":"x{{i}}","message":"y","contact":1e999}""",
            4 => $$"""{"kind":"question","message":"\ud800\udbff"}""",
            5 => $$"""{"kind":"question","message":"x{{i}}","language":"xx"}""",
            6 => $$"""{"kind":"question","message":"{{new string('x', _random.Next(64 * 1024 - 80, 64 * 1024 + 40))}}"}""",
            7 => "\uFEFF{\"kind\":\"question\",\"message\":\"x\"}",
            8 => $$$"""{"kind":"question","message":"x{{{i}}}","$type":"System.Object","__proto__":{}}""",
            9 => "{\"kind\":\"question\",\"message\":\"x\u0000\u0001\"}",
            10 => $$$"""{"kind":null,"message":{"a":[{{{new string('1', 500)}}}]}}""",
            _ => "nonsense /* comment */ 'x' NaN Infinity",
        };
        var bytes = Encoding.UTF8.GetBytes(body);
        return Post("broken JSON", "/api/feedback", "application/json", _random.Next(3) == 0 ? Fuzzed(bytes) : bytes);
    }

    private HostilePost Encoded(int i)
    {
        string[] types =
        [
            "application/x-www-form-urlencoded; charset=utf-7", "application/x-www-form-urlencoded; charset=utf-16", "application/x-www-form-urlencoded; charset=iso-2022-jp", "application/x-www-form-urlencoded; charset=\"utf-8\"",
            "application/json; charset=utf-16le", "application/json; charset=utf-32", "application/json; charset=x-nonsense", "application/json;charset=utf-8;charset=utf-7", "text/plain", "application/xml", "application/json+xml", "*/*", ";", "a/b/c", "",
            "multipart/form-data; boundary=x", "multipart/form-data; boundary=" + new string('x', 300), "multipart/form-data", "application/x-www-form-urlencoded, application/json", "application/json\t;", "APPLICATION/JSON",
        ];
        var text = $"kind=question&message={Escape(Payload(i))}";
        var bytes = _random.Next(6) switch
        {
            0 => Encoding.Unicode.GetBytes(text),
            1 => Encoding.BigEndianUnicode.GetBytes("\uFEFF" + text),
            2 => Encoding.UTF32.GetBytes(text),
            3 => Encoding.ASCII.GetBytes("+ADw-script+AD4-alert(1)+ADw-/script+AD4-"),
            4 => [0xC0, 0xBC, 0xE0, 0x80, 0xBC, 0xF0, 0x80, 0x80, 0xBC, 0xFE, 0xFF, .. Encoding.UTF8.GetBytes(text)],
            _ => Encoding.UTF8.GetBytes($"--x\r\nContent-Disposition: form-data; name=\"message\"; filename=\"../../x\"\r\n\r\n{text}\r\n--x--\r\n"),
        };
        return Post("encoding", _random.Next(2) == 0 ? "/feedback" : "/api/feedback", types[_random.Next(types.Length)], bytes);
    }

    private HostilePost Headers(int i)
    {
        var body = $"kind=question&message={Escape("plain " + i + "h")}";
        const string Form = "Content-Type: application/x-www-form-urlencoded\r\n";
        var length = $"Content-Length: {body.Length}\r\n";
        var (head, isLast) = _random.Next(18) switch
        {
            0 => (Form + length + $"Content-Length: {body.Length + 5}\r\n", true),
            1 => (Form + length + length, true),
            2 => (Form + "Content-Length: 5, 5\r\n", true),
            3 => (Form + "Content-Length: -1\r\n", true),
            4 => (Form + "Content-Length: 0x10\r\n", true),
            5 => (Form + "Content-Length: 99999999999999999999\r\n", true),
            6 => (Form + length + "Transfer-Encoding: chunked\r\n", true),
            7 => (Form + "Transfer-Encoding: gzip, identity\r\n", true),
            8 => (Form + length + string.Concat(Enumerable.Range(0, _random.Next(90, 300)).Select(static n => $"X-{n}: y\r\n")), true),
            9 => (Form + length + "X-Large: " + new string('y', 40_000) + "\r\n", true),
            10 => (Form + length + "X-Folded: a\r\n b\r\n", true),
            11 => (Form + length + "X Bad Name: 1\r\n", true),
            12 => (Form + length + $"X-Forwarded-For: {Line(Payload(i))}, 1.2.3.4.5, ::ffff:999.1.1.1, [::1]:99999\r\n", false),
            13 => (Form + length + $"Accept-Language: {Line(Payload(i))};q=1e999,{new string(',', 500)}fr;q=0.0000001\r\n", false),
            14 => (Form + length + $"Idempotency-Key: {Line(Payload(i))}\r\nTracking-Code: {new string('\u00ff', 200)}\r\n", false),
            15 => (Form + length + "Expect: 200-maybe\r\nCookie: a=" + new string('b', 4000) + "\r\n", true),
            16 => (Form + length + "Content-Encoding: gzip\r\nAuthorization: Bearer mf_" + new string('0', 48) + "\r\n", false),
            _ => (Form + length + "Sec-Fetch-Site: cross-site\r\nOrigin: null\r\nReferer: javascript:alert(1)\r\n", false),
        };
        var host = _random.Next(12) == 0 ? "Host: evil.example:99999\r\n" : "Host: localhost\r\n";
        return new HostilePost("headers", [.. Encoding.Latin1.GetBytes($"POST /feedback HTTP/1.1\r\n{host}{head}\r\n"), .. Encoding.Latin1.GetBytes(body)], isLast || host.Contains("evil", StringComparison.Ordinal));
    }

    private HostilePost Elsewhere(int i)
    {
        var (path, body) = _random.Next(6) switch
        {
            0 => ("/feedback/track", $"reference={Escape(Payload(i))}&code={Escape(Payload(i))}"),
            1 => ("/feedback/comments", $"reference={Escape(Payload(i))}&code=x&text={Escape(Payload(i))}&key={Escape(Payload(i))}"),
            2 => ("/feedback/reopening?lang=fr", $"reference=F-0000-0000-0000&code={Escape(Payload(i))}&reason={Escape(Payload(i))}"),
            3 => ("/feedback/rating", $"reference={Escape(Payload(i))}&code={Escape(Payload(i))}&score={Escape(Payload(i))}"),
            4 => ("/feedback/survey", $"reference={Escape(Payload(i))}&code={Escape(Payload(i))}&score={_random.Next(-3, 14)}"),
            _ => ("/feedback/" + Escape(Payload(i)), "x=y"),
        };
        return Post("elsewhere", path, "application/x-www-form-urlencoded", Encoding.UTF8.GetBytes(body));
    }

    private byte[] Fuzzed(byte[] bytes)
    {
        for (var count = _random.Next(1, 12); count > 0 && bytes.Length > 0; count--)
        {
            bytes[_random.Next(bytes.Length)] = (byte)_random.Next(256);
        }

        return bytes;
    }

    private static HostilePost Post(string kind, string path, string type, byte[] body) =>
        new(kind, [.. Encoding.Latin1.GetBytes($"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n"), .. body]);

    /// <summary>As a browser would; half of a pair as its three bytes.</summary>
    private static string Escape(string text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(static b => char.IsAsciiLetterOrDigit((char)b) ? ((char)b).ToString() : $"%{b:X2}"));

    private static string Quote(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private static string Line(string text) => string.Concat(text.Where(static c => c is >= ' ' and < '\u00ff'));
}
