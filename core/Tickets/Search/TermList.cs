using Maintenance.Storage;

namespace Maintenance.Tickets.Search;

/// <summary>Numbers of tickets, the greatest first.</summary>
internal interface ITermList
{
    /// <summary>The greatest number that is not above <paramref name="atMost"/>, which never grows from one call to the next; null where there is none.</summary>
    ValueTask<int?> SeekAsync(int atMost, CancellationToken cancellation);
}

/// <summary>What one search may cost. What is left undone is done by the next, from where this one stopped.</summary>
internal sealed class SearchBudget(int rows)
{
    /// <summary>A question to the store costs as much as so many rows of its answer.</summary>
    private const int Question = 25;

    private int _left = rows;

    public bool IsSpent => _left <= 0;

    public void Spend(int rows) => _left -= rows + Question;
}

/// <summary>The list of a term. It is read in pieces, which grow while they are used one after the other, and begin small again where much is skipped.</summary>
internal sealed class TermList(IRecordStore records, string term, SearchBudget budget) : ITermList
{
    private const int Least = 8;
    private const int Most = 512;

    private readonly Queue<int> _piece = new();
    private int _size = Least;
    private int _readTo = int.MaxValue;
    private bool _isEnded;

    public async ValueTask<int?> SeekAsync(int atMost, CancellationToken cancellation)
    {
        while (true)
        {
            while (_piece.TryPeek(out var number))
            {
                if (number <= atMost)
                {
                    return number;
                }

                _ = _piece.Dequeue();
            }

            if (_isEnded)
            {
                return null;
            }

            // What is skipped is more than a piece: the next skip may be as long.
            _size = atMost >= _readTo - 1 ? Math.Min(_size * 2, Most) : Least;
            var range = new RowRange(TicketTerms.RowOf(Math.Min(atMost, _readTo - 1)), Take: _size);
            await foreach (var row in records.QueryAsync(Tables.TicketTerms, TicketTerms.ListOf(term), range, cancellation))
            {
                _readTo = TicketTerms.NumberOf(row.RowKey);
                _piece.Enqueue(_readTo);
            }

            _isEnded = _piece.Count < _size;
            budget.Spend(_piece.Count);
        }
    }
}

/// <summary>What is in one of two lists, or in both.</summary>
internal sealed class EitherList(ITermList one, ITermList other) : ITermList
{
    public async ValueTask<int?> SeekAsync(int atMost, CancellationToken cancellation) =>
        (await one.SeekAsync(atMost, cancellation), await other.SeekAsync(atMost, cancellation)) switch
        {
            ({ } a, { } b) => Math.Max(a, b),
            var (a, b) => a ?? b,
        };
}

/// <summary>Every number that was given, whether or not it came to a ticket.</summary>
internal sealed class EveryNumber(int first, int newest, SearchBudget budget) : ITermList
{
    public ValueTask<int?> SeekAsync(int atMost, CancellationToken cancellation)
    {
        budget.Spend(0);
        var number = Math.Min(atMost, newest);
        return ValueTask.FromResult<int?>(number < first ? null : number);
    }
}
