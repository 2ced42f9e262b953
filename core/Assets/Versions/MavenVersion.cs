namespace Maintenance.Assets.Versions;

/// <summary>
/// A Maven version, ordered as Maven's own ComparableVersion does (https://maven.apache.org/pom.html#version-order-specification): hyphens, and letters beside digits, open lists
/// within lists; well-known qualifiers have ranks; what counts nothing at a list's end does not count. Every text is one. Followed is its newest source, in which a qualifier beside a list
/// is compared as a list of one: releases before it gave contradictory answers for such versions (2.rc, 2.rc.a), which no range can be walked with.
/// </summary>
internal sealed record MavenVersion : VersionReading
{
    private static readonly System.Buffers.SearchValues<char> DottedNumbers = System.Buffers.SearchValues.Create("0123456789.");
    private readonly List _items;
    private readonly string[] _numbers;

    private MavenVersion(List items, string[] numbers) => (_items, _numbers) = (items, numbers);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Numbers => _numbers;

    /// <inheritdoc/>
    public override bool IsPreRelease => _items.IsBeforeRelease;

    public static (VersionReading?, string?) Read(string text)
    {
        var whole = text.Trim().ToLowerInvariant();
        var end = whole.AsSpan().IndexOfAnyExcept(DottedNumbers);
        var numbers = (end < 0 ? whole : whole[..end]).Split('.', StringSplitOptions.RemoveEmptyEntries);
        return (new MavenVersion(new Parser(whole).Parse(), [.. numbers.Select(static n => n.TrimStart('0') is { Length: > 0 } digits ? digits : "0")]), null);
    }

    /// <inheritdoc/>
    public override int CompareWith(VersionReading other) => Compare(_items, ((MavenVersion)other)._items);

    /// <summary>Two items at the same place; null is the end of the shorter list.</summary>
    private static int Compare(Item? left, Item? right) => (left, right) switch
    {
        (null, null) => 0,
        (null, { } item) => -item.WithNothing(),
        ({ } item, null) => item.WithNothing(),
        (Number mine, Number others) => Digits.Compare(mine.Value, others.Value),
        (Number, _) => 1,
        (_, Number) => -1,
        (List mine, List others) => CompareLists(mine, others),
        (List mine, { } word) => CompareWithWord(mine, word),
        ({ } word, List others) => -CompareWithWord(others, word),
        (Qualifier mine, Qualifier others) => CompareQualifiers(mine, others),
        _ => throw new InvalidOperationException("A kind of item that no rule compares."),
    };

    private static int CompareLists(List mine, List others)
    {
        for (var i = 0; i < Math.Max(mine.Items.Count, others.Items.Count); i++)
        {
            if (Compare(i < mine.Items.Count ? mine.Items[i] : null, i < others.Items.Count ? others.Items[i] : null) is not 0 and var order)
            {
                return order;
            }
        }

        return 0;
    }

    /// <summary>A list beside a single qualifier: its first item decides, then what follows that against nothing.</summary>
    private static int CompareWithWord(List list, Item word)
    {
        var order = list.Items.Count == 0 ? -word.WithNothing() : Compare(list.Items[0], word);
        for (var i = 1; order == 0 && i < list.Items.Count; i++)
        {
            order = list.Items[i].WithNothing();
        }

        return order;
    }

    /// <summary>By rank, unknown ones by their letters; where those are the same a number after all but a release's name comes later than none.</summary>
    private static int CompareQualifiers(Qualifier mine, Qualifier others) =>
        mine.Rank.CompareTo(others.Rank) is not 0 and var byRank ? byRank
        : mine.Rank == Qualifier.Unknown && string.CompareOrdinal(mine.Word, others.Word) is not 0 and var byWord ? byWord
        : (mine.Digits, others.Digits) switch
        {
            (null, null) => 0,
            ({ } number, { } otherNumber) => Digits.Compare(number, otherNumber),
            (null, { } number) => mine.Rank == Qualifier.Release ? -Digits.Significant(number).Length.CompareTo(0) : -1,
            ({ } number, null) => mine.Rank == Qualifier.Release ? Digits.Significant(number).Length.CompareTo(0) : 1,
        };

    private abstract record Item
    {
        /// <summary>True where it may be left out at a list's end.</summary>
        public abstract bool IsNull { get; }

        /// <summary>True where it, or something in it, comes before a release.</summary>
        public abstract bool IsBeforeRelease { get; }

        /// <summary>How it compares with nothing at its place.</summary>
        public abstract int WithNothing();
    }

    private sealed record Number(string Value) : Item
    {
        public override bool IsNull => Digits.Significant(Value).IsEmpty;

        public override bool IsBeforeRelease => false;

        public override int WithNothing() => IsNull ? 0 : 1;
    }

    /// <summary>A qualifier, perhaps with a number of its own: rc, rc1, rc-1.</summary>
    private sealed record Qualifier(string Word, int Rank, string? Digits) : Item
    {
        public const int Release = 5;
        public const int Unknown = 7;

        public override bool IsNull => Word.Length == 0 && Digits is null;

        public override bool IsBeforeRelease => Rank < Release;

        public static Qualifier Of(string word, string? digits)
        {
            word = (word, digits) switch
            {
                ("a", not null) => "alpha",
                ("b", not null) => "beta",
                ("m", not null) => "milestone",
                ("cr", _) => "rc",
                _ => word,
            };
            return new Qualifier(
                word,
                word switch
                {
                    "alpha" => 0,
                    "beta" => 1,
                    "milestone" => 2,
                    "rc" => 3,
                    "snapshot" => 4,
                    "" or "ga" or "final" or "release" => Release,
                    "sp" => 6,
                    _ => Unknown,
                },
                digits);
        }

        public override int WithNothing() =>
            Rank != Release ? Rank.CompareTo(Release) : Digits is null || Versions.Digits.Significant(Digits).IsEmpty ? 0 : 1;
    }

    private sealed record List(List<Item> Items) : Item
    {
        public override bool IsNull => Items.Count == 0;

        public override bool IsBeforeRelease => Items.Any(static item => item.IsBeforeRelease);

        public override int WithNothing() => Items.Select(static item => item.WithNothing()).FirstOrDefault(static order => order != 0);

        /// <summary>Leaves out what counts nothing at the end, or before a qualifier: 1.0.0-rc is 1-rc.</summary>
        public void Normalize()
        {
            for (var i = Items.Count - 1; i >= 0; i--)
            {
                var next = i + 1 < Items.Count ? Items[i + 1] : null;
                if (Items[i].IsNull && next is null or Qualifier { Digits: null } or List { Items: [Qualifier, ..] })
                {
                    Items.RemoveAt(i);
                }
            }

            if (Items is [List only])
            {
                Items.Clear();
                Items.AddRange(only.Items);
            }
        }
    }

    /// <summary>Reads from the left; the list at hand is always the last item of the one around it.</summary>
    private sealed class Parser(string text)
    {
        private readonly Stack<List> _open = new();
        private List _list = new([]);
        private int _start;
        private bool _inDigits;
        private bool _isCombined;

        public List Parse()
        {
            var whole = _list;
            _open.Push(whole);
            for (var i = 0; i < text.Length; i++)
            {
                switch (text[i])
                {
                    case '.':
                        Close(i);
                        break;
                    case '-' when i > _start && !_inDigits && i + 1 < text.Length && char.IsAsciiDigit(text[i + 1]):
                        // "rc-1" is "rc1".
                        break;
                    case '-':
                        Close(i);
                        Open();
                        break;
                    case >= '0' and <= '9':
                        if (!_inDigits && i > _start)
                        {
                            _isCombined = true;
                            Open();
                        }

                        _inDigits = true;
                        break;
                    default:
                        if (_inDigits && i > _start)
                        {
                            Close(i);
                            _start = i;
                            Open();
                        }

                        _inDigits = false;
                        break;
                }
            }

            if (_start < text.Length)
            {
                if (!_inDigits)
                {
                    Open();
                }

                _list.Items.Add(Take(text.Length));
            }

            foreach (var list in _open)
            {
                list.Normalize();
            }

            return whole;
        }

        /// <summary>What was read since the last separator becomes an item; nothing read is a zero.</summary>
        private void Close(int end)
        {
            _list.Items.Add(end == _start ? new Number("0") : Take(end));
            _start = end + 1;
            _isCombined = false;
        }

        private void Open()
        {
            if (_list.Items.Count > 0)
            {
                var inner = new List([]);
                _list.Items.Add(inner);
                _open.Push(inner);
                _list = inner;
            }
        }

        private Item Take(int end)
        {
            var part = text[_start..end];
            if (_isCombined)
            {
                var plain = part.Replace("-", "", StringComparison.Ordinal);
                var digits = plain.AsSpan().IndexOfAnyInRange('0', '9');
                return Qualifier.Of(plain[..digits], plain[digits..]);
            }

            return _inDigits ? new Number(part) : Qualifier.Of(part, null);
        }
    }
}
