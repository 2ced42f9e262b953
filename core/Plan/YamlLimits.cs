using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Maintenance.Plan;

/// <summary>
/// What no plan needs and what a few characters of YAML can do to its reader: nesting that overflows the stack, aliases that stand for billions of values or for
/// themselves, keys that are whole trees, characters at which readers fail. Looked for before anything is built from the text.
/// </summary>
internal static class YamlLimits
{
    /// <summary>The deepest a plan goes is 8.</summary>
    public const int MaxDepth = 32;

    /// <summary>The most scalars, lists and mappings, an alias counted as all that it stands for.</summary>
    public const int MaxValues = 100_000;

    /// <summary>The first limit that the text breaks, or null.</summary>
    /// <exception cref="YamlException">The text is not YAML.</exception>
    public static BrokenLimit? Broken(string yaml)
    {
        if (OddCharacter(yaml) is { } odd)
        {
            return odd;
        }

        var parser = new Parser(new StringReader(yaml));
        var open = new Stack<Frame>();
        open.Push(new Frame(AnchorName.Empty, isMapping: false));
        var sizes = new Dictionary<AnchorName, long>();
        while (true)
        {
            try
            {
                if (!parser.MoveNext())
                {
                    return null;
                }
            }
            catch (Exception error) when (error is InvalidOperationException or ArgumentException)
            {
                // So, without a place, YamlDotNet's scanner ends where [a, b] goes on in a line that is not indented, and at a bad !!tag.
                return new BrokenLimit(
                    parser.Current?.End ?? new Mark(0, 1, 1), "the file is not YAML after this.", "Indent lines that go on inside brackets; quote a text that begins with a sign.");
            }

            var at = parser.Current!.Start;
            if (parser.Current is MappingStart or SequenceStart or AnchorAlias && open.Peek().ExpectsKey)
            {
                return new BrokenLimit(at, "a key is not a plain text.", "Write key: value.");
            }

            switch (parser.Current)
            {
                case MappingStart or SequenceStart when open.Count > MaxDepth:
                    return new BrokenLimit(at, $"the values are nested deeper than {MaxDepth} levels.", "No plan needs that.");
                case MappingStart mapping:
                    open.Push(new Frame(mapping.Anchor, isMapping: true));
                    break;
                case SequenceStart list:
                    open.Push(new Frame(list.Anchor, isMapping: false));
                    break;
                case MappingEnd or SequenceEnd:
                    var closed = open.Pop();
                    Add(closed.Anchor, closed.Size);
                    break;
                case Scalar scalar:
                    Add(scalar.Anchor, 1);
                    break;
                case AnchorAlias alias when open.Any(frame => frame.Anchor == alias.Value):
                    return new BrokenLimit(at, $"the alias '*{alias.Value}' stands inside the value that it repeats.", "Write the value out.");
                case AnchorAlias alias when !sizes.ContainsKey(alias.Value):
                    return new BrokenLimit(at, $"the alias '*{alias.Value}' stands for nothing.", $"Write &{alias.Value} before the value that it repeats, further up.");
                case AnchorAlias alias:
                    Add(AnchorName.Empty, sizes[alias.Value]);
                    break;
                default:
                    break;
            }

            if (open.Peek().Size > MaxValues)
            {
                return new BrokenLimit(at, $"the file has more than {MaxValues} values, an alias counted as what it stands for.", "No plan needs that.");
            }
        }

        void Add(AnchorName anchor, long size)
        {
            if (!anchor.IsEmpty)
            {
                sizes[anchor] = size;
            }

            open.Peek().Add(size);
        }
    }

    /// <summary>Characters that nobody sees and YAML readers take for different things: controls, the line ends that only Unicode knows, halves of characters.</summary>
    private static BrokenLimit? OddCharacter(string yaml)
    {
        var (line, start) = (1, 0);
        for (var i = 0; i < yaml.Length; i++)
        {
            var isPair = char.IsHighSurrogate(yaml[i]) && i + 1 < yaml.Length && char.IsLowSurrogate(yaml[i + 1]);
            if (yaml[i] == '\n' || (yaml[i] == '\r' && (i + 1 == yaml.Length || yaml[i + 1] != '\n')))
            {
                (line, start) = (line + 1, i + 1);
            }
            else if (!isPair && IsOdd(yaml[i]))
            {
                return new BrokenLimit(new Mark(i, line, i - start + 1), $"the character U+{(int)yaml[i]:X4} has no place in a plan.", "It cannot be seen: delete it, or write the line again.");
            }

            i += isPair ? 1 : 0;
        }

        return null;
    }

    private static bool IsOdd(char c) =>
        (char.IsControl(c) && c is not ('\t' or '\n' or '\r')) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF';

    /// <summary>A list or a mapping that has not ended yet; at the bottom, the file.</summary>
    private sealed class Frame(AnchorName anchor, bool isMapping)
    {
        private int _children;

        public AnchorName Anchor { get; } = anchor;

        public long Size { get; private set; } = 1;

        public bool ExpectsKey => isMapping && _children % 2 == 0;

        public void Add(long size)
        {
            Size += size;
            _children++;
        }
    }
}

/// <summary>A limit that a text breaks: where, what is wrong, and what would be right.</summary>
internal sealed record BrokenLimit(Mark At, string Problem, string Hint);
