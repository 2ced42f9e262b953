namespace Maintenance.Time;

/// <summary>A component of an iCalendar file with its own lines, without those of components inside it.</summary>
/// <param name="name">Such as <c>VEVENT</c>.</param>
/// <param name="line">The number of the line that begins it.</param>
internal sealed class IcsComponent(string name, int line)
{
    private const int MaxDepth = 10;

    private readonly List<IcsLine> _lines = [];

    public string Name { get; } = name;

    public int Line { get; } = line;

    public IReadOnlyList<IcsLine> Lines => _lines;

    /// <summary>The only line of a name, or null.</summary>
    /// <exception cref="IcsFault">There are several.</exception>
    public IcsLine? Only(string wanted)
    {
        var found = _lines.FindAll(one => one.Name == wanted);
        return found.Count > 1 ? throw new IcsFault(found[1].Number, $"{wanted} is there twice in this event.", "Keep one of them.") : found.FirstOrDefault();
    }

    /// <summary>The events of a file: its VEVENTs.</summary>
    /// <exception cref="IcsFault">What begins does not end, or the file is none.</exception>
    public static IEnumerable<IcsComponent> Events(IEnumerable<IcsLine> lines)
    {
        var open = new Stack<IcsComponent>();
        var any = false;
        foreach (var line in lines)
        {
            var name = line.Value.Trim().ToUpperInvariant();
            switch (line.Name)
            {
                case "BEGIN" when open.Count == 0 && name != "VCALENDAR":
                case not "BEGIN" when open.Count == 0:
                    throw new IcsFault(line.Number, "it is outside of any calendar.", "An iCalendar file begins with BEGIN:VCALENDAR and ends with END:VCALENDAR.");
                case "BEGIN" when open.Count == MaxDepth:
                    throw new IcsFault(line.Number, $"components are nested deeper than {MaxDepth} levels.", "No calendar needs that.");
                case "BEGIN":
                    open.Push(new IcsComponent(name, line.Number));
                    any = true;
                    break;
                case "END" when open.Peek().Name != name:
                    throw new IcsFault(line.Number, $"{name} ends, but {open.Peek().Name} began in line {open.Peek().Line}.", $"Write END:{open.Peek().Name} before it.");
                case "END" when name == "VEVENT":
                    yield return open.Pop();
                    break;
                case "END":
                    _ = open.Pop();
                    break;
                case "METHOD" when open.Count == 1 && name == "CANCEL":
                    throw new IcsFault(line.Number, "the file takes events back (METHOD:CANCEL).", "Save the calendar itself, not a message about it.");
                default:
                    open.Peek()._lines.Add(line);
                    break;
            }
        }

        if (open.Count > 0)
        {
            throw new IcsFault(open.Peek().Line, $"{open.Peek().Name} begins here and never ends: the file is cut off.", $"End it with END:{open.Peek().Name}; save the file again.");
        }

        if (!any)
        {
            throw new IcsFault(1, "the file has no calendar.", "An iCalendar file begins with BEGIN:VCALENDAR and ends with END:VCALENDAR.");
        }
    }
}
