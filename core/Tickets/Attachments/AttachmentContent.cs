namespace Maintenance.Tickets.Attachments;

/// <summary>
/// Whether a file is what its name's ending says. Of pictures, documents and archives the first bytes are known; text has no control characters. Of other endings, which only
/// the plan can allow, nothing is known. Whatever is let in is served for saving, never for showing.
/// </summary>
public sealed class AttachmentContent
{
    private const string Zip = "application/zip";
    private const string OpenXml = "application/vnd.openxmlformats-officedocument.";
    private const string OpenDocument = "application/vnd.oasis.opendocument.";

    private static readonly Dictionary<string, string> MediaTypes = new(StringComparer.Ordinal)
    {
        ["png"] = "image/png",
        ["jpg"] = "image/jpeg",
        ["jpeg"] = "image/jpeg",
        ["gif"] = "image/gif",
        ["webp"] = "image/webp",
        ["pdf"] = "application/pdf",
        ["zip"] = Zip,
        ["docx"] = OpenXml + "wordprocessingml.document",
        ["xlsx"] = OpenXml + "spreadsheetml.sheet",
        ["pptx"] = OpenXml + "presentationml.presentation",
        ["odt"] = OpenDocument + "text",
        ["ods"] = OpenDocument + "spreadsheet",
        ["odp"] = OpenDocument + "presentation",
        ["txt"] = "text/plain",
        ["log"] = "text/plain",
        ["csv"] = "text/csv",
        ["json"] = "application/json",
        ["xml"] = "application/xml",
        ["eml"] = "message/rfc822",
    };

    private static readonly string[] Texts = ["txt", "log", "csv", "json", "xml", "eml"];

    private readonly string _ending;
    private readonly bool _isText;
    private long _count;
    private Encoding _encoding;
    private byte _half;

    /// <summary>A file with this ending of its name, in lower case and without the dot.</summary>
    public AttachmentContent(string ending)
    {
        _ending = ending;
        _isText = Texts.Contains(ending);
        MediaType = MediaTypes.GetValueOrDefault(ending, "application/octet-stream");
    }

    /// <summary>What it is, as its ending says.</summary>
    public string MediaType { get; }

    /// <summary>The bytes that are needed to know whether the first piece begins as it must.</summary>
    public static int FirstBytes => 16;

    /// <summary>Looks at the next piece; the first has at least <see cref="FirstBytes"/>, unless the file is shorter.</summary>
    /// <exception cref="TicketActException">It is not what its name says.</exception>
    public void Look(ReadOnlySpan<byte> piece)
    {
        if (_count == 0 && !BeginsRight(piece))
        {
            throw new TicketActException("name", $"The file is named .{_ending}, and does not begin as such a file does. Give it the name that it has where it comes from.");
        }

        if (_isText && !IsText(piece))
        {
            throw new TicketActException("name", $"The file is named .{_ending}, which is text, and has characters that text does not have.");
        }

        _count += piece.Length;
    }

    private bool BeginsRight(ReadOnlySpan<byte> first) => _ending switch
    {
        "png" => first.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
        "jpg" or "jpeg" => first.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]),
        "gif" => first.StartsWith("GIF87a"u8) || first.StartsWith("GIF89a"u8),
        "webp" => first.Length >= 12 && first.StartsWith("RIFF"u8) && first[8..].StartsWith("WEBP"u8),
        "pdf" => first.StartsWith("%PDF-"u8),

        // The first entry, or the end of an archive without entries; office files are archives.
        "zip" => first.StartsWith("PK\x03\x04"u8) || first.StartsWith("PK\x05\x06"u8),
        "docx" or "xlsx" or "pptx" or "odt" or "ods" or "odp" => first.StartsWith("PK\x03\x04"u8),
        _ => true,
    };

    /// <summary>UTF-8, UTF-16 with its mark, or an older encoding of a byte a character: none has control characters other than blanks, ends of lines and pages, and escapes of terminals.</summary>
    private bool IsText(ReadOnlySpan<byte> piece)
    {
        if (_count == 0)
        {
            _encoding = piece.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) ? Encoding.LittleEndian : piece.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) ? Encoding.BigEndian : Encoding.Bytes;
        }

        for (var at = 0; at < piece.Length; at++)
        {
            if (_encoding == Encoding.Bytes)
            {
                if (IsControl(piece[at]))
                {
                    return false;
                }
            }
            else if ((_count + at) % 2 == 0)
            {
                _half = piece[at];
            }
            else if (IsControl(_encoding == Encoding.LittleEndian ? _half | (piece[at] << 8) : (_half << 8) | piece[at]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsControl(int unit) => unit is < 0x20 and not (0x09 or 0x0A or 0x0C or 0x0D or 0x1B) or 0x7F;

    private enum Encoding
    {
        Bytes,
        LittleEndian,
        BigEndian,
    }
}
