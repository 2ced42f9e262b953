using System.Text.Json;

namespace Maintenance.Assets.Vulnerabilities;

/// <summary>
/// Reads advisories in the OSV schema: one in a file, an array of them, one on each line (JSON lines), what the OSV API answers (<c>{"vulns": […]}</c>), or a ZIP archive of such files,
/// as osv.dev publishes one for each ecosystem. What is wrong is told, never thrown; a broken entry is left out and the others are read. An entry is used whole or not at all where it matters: one whose ranges could not be read would say "not affected".
/// </summary>
public static partial class OsvReader
{
    /// <summary>The largest file, in bytes.</summary>
    public const int LargestFile = 64 * 1024 * 1024;

    /// <summary>The largest single advisory, in bytes.</summary>
    public const int LargestAdvisory = 8 * 1024 * 1024;

    /// <summary>The most advisories of one file.</summary>
    public const int MostAdvisories = 50_000;

    /// <summary>The most problems that are told of one file.</summary>
    public const int MostProblems = 100;

    /// <summary>How deep objects and arrays may stand in each other.</summary>
    public const int Deepest = 32;

    private const string WholeFile = "the file";

    private const string NoText = "The name of a member in it is no text.";

    /// <summary>Reads a file.</summary>
    /// <param name="file">The file's name, for problems.</param>
    /// <param name="utf8">Its bytes; a byte order mark is no matter.</param>
    public static OsvReading Read(string file, ReadOnlyMemory<byte> utf8) => Read(file, utf8, LargestUnpacked);

    /// <summary>The same, with another limit for what is unpacked of an archive.</summary>
    internal static OsvReading Read(string file, ReadOnlyMemory<byte> utf8, long mostUnpacked)
    {
        ArgumentNullException.ThrowIfNull(file);
        var reading = new Reading(file);
        if (utf8.Length > LargestFile)
        {
            reading.LeaveOut(WholeFile, $"It is {utf8.Length} bytes long; {LargestFile} are the most.");
            return reading.Done();
        }

        if (utf8.Span.StartsWith(ArchiveMark))
        {
            ReadArchive(reading, utf8, mostUnpacked);
        }
        else
        {
            ReadFile(reading, utf8);
        }

        return reading.Done();
    }

    private static void ReadFile(Reading reading, ReadOnlyMemory<byte> utf8)
    {
        utf8 = utf8.Span.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
        var begin = utf8.Span.IndexOfAnyExcept(" \t\r\n"u8);
        if (begin < 0)
        {
            reading.LeaveOut(WholeFile, "It is empty.");
        }
        else if (utf8.Span[begin] == (byte)'[')
        {
            ReadArray(reading, utf8, begin, "");
        }
        else if (IsOneValue(utf8.Span))
        {
            ReadOneValue(reading, utf8);
        }
        else
        {
            ReadLines(reading, utf8);
        }
    }

    private static bool IsOneValue(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = Reader(utf8);
            reader.Read();
            reader.Skip();
            return !reader.Read();
        }
        catch (JsonException)
        {
            // Either lines, or broken: a file of a single line is read as the one line it is, and the problem told there.
            return false;
        }
    }

    private static void ReadOneValue(Reading reading, ReadOnlyMemory<byte> utf8)
    {
        // The API's answer is an object that begins with its list; no advisory has that member. (The raw name is compared: an escaped one is not of the API's making.)
        var reader = Reader(utf8.Span);
        reader.Read();
        if (reader.TokenType is JsonTokenType.StartObject && reader.Read() && reader.TokenType is JsonTokenType.PropertyName && reader.ValueSpan.SequenceEqual("vulns"u8)
            && reader.Read() && reader.TokenType is JsonTokenType.StartArray)
        {
            ReadArray(reading, utf8, (int)reader.TokenStartIndex, "vulns");
            return;
        }

        ReadOne(reading, utf8, WholeFile);
    }

    private static void ReadArray(Reading reading, ReadOnlyMemory<byte> utf8, int begin, string name)
    {
        var number = 0;
        try
        {
            var reader = Reader(utf8.Span[begin..]);
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                if (!ReadOne(reading, utf8[(begin + start)..(begin + (int)reader.BytesConsumed)], $"{name}[{number++}]"))
                {
                    return;
                }
            }

            // What stands behind the list is read to its end: a file that was cut off is told as such.
            while (name.Length == 0 && reader.Read())
            {
            }
        }
        catch (JsonException error)
        {
            reading.LeaveOut($"{name}[{number}]", $"{MaintenanceJson.Describe(error)} This entry and those behind it are left out.");
        }
    }

    private static void ReadLines(Reading reading, ReadOnlyMemory<byte> utf8)
    {
        var line = 0;
        while (!utf8.IsEmpty)
        {
            line++;
            var end = utf8.Span.IndexOf((byte)'\n');
            var text = end < 0 ? utf8 : utf8[..end];
            utf8 = end < 0 ? default : utf8[(end + 1)..];
            if (text.Span.IndexOfAnyExcept(" \t\r"u8) >= 0 && !ReadOne(reading, text, $"line {line}"))
            {
                return;
            }
        }
    }

    /// <summary>Reads an advisory; false where no further one is taken in.</summary>
    private static bool ReadOne(Reading reading, ReadOnlyMemory<byte> utf8, string place)
    {
        if (reading.Count == MostAdvisories)
        {
            reading.LeaveOut(place, $"More than {MostAdvisories} advisories: this one and those behind it are left out.");
            return false;
        }

        if (utf8.Length > LargestAdvisory)
        {
            reading.LeaveOut(place, $"It is {utf8.Length} bytes long; {LargestAdvisory} are the most for one advisory.");
            return true;
        }

        try
        {
            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = Deepest, AllowDuplicateProperties = false });
            reading.Take(OsvEntry.Read(document.RootElement, reading.At(place)));
        }
        catch (JsonException error)
        {
            reading.LeaveOut(place, MaintenanceJson.Describe(error));
        }
        catch (InvalidOperationException)
        {
            // System.Text.Json throws this where a member's name is half a pair of surrogates, or bytes that are no UTF-8.
            reading.LeaveOut(place, NoText);
        }
        catch (UnreadableAdvisoryException error)
        {
            reading.LeaveOut($"{place}{(error.Id is null ? "" : $" ({error.Id})")}{(error.Path.Length == 0 ? "" : $", {error.Path}")}", error.Message);
        }

        return true;
    }

    private static Utf8JsonReader Reader(ReadOnlySpan<byte> utf8) => new(utf8, new JsonReaderOptions { MaxDepth = Deepest + 2 });

    /// <summary>What was read so far.</summary>
    private sealed class Reading(string file)
    {
        private readonly List<Advisory> _advisories = [];
        private readonly List<ReadingProblem> _problems = [];
        private int _untold;

        public int Count => _advisories.Count;

        /// <summary>The file of an archive that is being read; null outside of one.</summary>
        public string? Within { get; set; }

        public void Take(Advisory advisory) => _advisories.Add(advisory);

        public void LeaveOut(string place, string what) => Tell(new ReadingProblem(file, Placed(place), what, IsLeftOut: true));

        /// <summary>Where to tell what is wrong with a part of an entry that is used without it.</summary>
        public Action<string, string> At(string place) => (path, what) => Tell(new ReadingProblem(file, $"{Placed(place)}, {path}", what, IsLeftOut: false));

        public OsvReading Done() => new(_advisories, _untold == 0 ? _problems
            : [.. _problems, new ReadingProblem(file, WholeFile, $"{_untold} more problems are not listed.", IsLeftOut: true)]);

        private string Placed(string place) => Within is null ? place : place.StartsWith(WholeFile, StringComparison.Ordinal) ? Within + place[WholeFile.Length..] : $"{Within}, {place}";

        private void Tell(ReadingProblem problem)
        {
            if (_problems.Count < MostProblems)
            {
                _problems.Add(problem);
            }
            else
            {
                _untold++;
            }
        }
    }
}
