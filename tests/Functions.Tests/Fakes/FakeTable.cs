using System.Globalization;
using System.Text.RegularExpressions;
using Azure;
using Azure.Data.Tables;
using MaintenanceFunctions.Tests.Limits;

namespace MaintenanceFunctions.Tests.Fakes;

/// <summary>A table in memory, with the service's limits, order, ETags, transactions and answers.</summary>
internal sealed partial class FakeTable(string name) : TableClient
{
    private const int MaxPage = 1000;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, SortedDictionary<string, TableEntity>> _partitions = new(StringComparer.Ordinal);
    private long _version;

    public override string Name => name;

    public override Uri Uri => new($"https://account.table.core.windows.net/{name}");

    public bool Exists { get; set; }

    /// <summary>Every transaction that was asked for: the kinds of its actions.</summary>
    public List<TableTransactionActionType[]> Transactions { get; } = [];

    /// <summary>Every filter that was asked for.</summary>
    public List<string> Filters { get; } = [];

    /// <summary>When set, the next transaction fails so.</summary>
    public RequestFailedException? Failure { get; set; }

    /// <summary>When set, every query fails so.</summary>
    public Exception? QueryFailure { get; set; }

    /// <summary>When set, runs before each query of the whole table, with how many there were before.</summary>
    public Action<int>? BeforeScan { get; set; }

    /// <summary>How often the whole table was asked for.</summary>
    public int Scans { get; private set; }

    /// <summary>When set, the answer to the next transaction is lost, and after running this the client sends it again, as the real one does.</summary>
    public Action? AnswerLost { get; set; }

    public TableEntity? Row(string partition, string row)
    {
        lock (_gate)
        {
            return Find((partition, row));
        }
    }

    public override async Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string> select = null!, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        return Row(partitionKey, rowKey) is { } row ? Response.FromValue((T)(object)Copy(row), new FakeResponse(200)) : new Nothing<T>();
    }

    public override AsyncPageable<T> QueryAsync<T>(
        string filter = null!, int? maxPerPage = null, IEnumerable<string> select = null!, CancellationToken cancellationToken = default) =>
        new FakePageable<T>(
            () =>
            {
                if (filter is null)
                {
                    BeforeScan?.Invoke(Scans++);
                }

                CheckExists();
                if (QueryFailure is { } fault)
                {
                    throw fault;
                }

                if (maxPerPage is <= 0 or > MaxPage)
                {
                    throw new RequestFailedException(400, "$top is out of range.", "InvalidInput", null);
                }

                lock (_gate)
                {
                    Filters.Add(filter ?? "");
                    Func<TableEntity, bool> matches = filter is null ? static _ => true : ODataFilter.Parse(filter);
                    var partition = filter is null ? null : Partition().Match(filter) is { Success: true } match ? match.Groups[1].Value.Replace("''", "'", StringComparison.Ordinal) : null;
                    var candidates = partition is null ? _partitions.Values : _partitions.TryGetValue(partition, out var only) ? [only] : Enumerable.Empty<SortedDictionary<string, TableEntity>>();
                    return [.. candidates.SelectMany(static rows => rows.Values).Where(matches).Select(row => (T)(object)Copy(row, select))];
                }
            },
            maxPerPage ?? MaxPage);

    public override async Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        CheckExists();
        var actions = transactionActions.ToList();
        var answers = Submit(actions);
        if (AnswerLost is { } between)
        {
            AnswerLost = null;
            between();
            answers = Submit(actions);
        }

        return Response.FromValue(answers, new FakeResponse(202));
    }

    private IReadOnlyList<Response> Submit(List<TableTransactionAction> actions)
    {
        lock (_gate)
        {
            Transactions.Add([.. actions.Select(action => action.ActionType)]);
            if (Failure is { } failure)
            {
                Failure = null;
                throw failure;
            }

            CheckTransaction(actions);
            var answers = new List<Response>();
            var changes = new Dictionary<(string Partition, string Row), TableEntity?>();
            for (var index = 0; index < actions.Count; index++)
            {
                answers.Add(Apply(changes, actions[index], index));
            }

            foreach (var (key, row) in changes)
            {
                var rows = _partitions.TryGetValue(key.Partition, out var known) ? known : _partitions[key.Partition] = new(StringComparer.Ordinal);
                if (row is null)
                {
                    _ = rows.Remove(key.Row);
                }
                else
                {
                    rows[key.Row] = row;
                }
            }

            return answers;
        }
    }

    private static void CheckTransaction(List<TableTransactionAction> actions)
    {
        if (actions.Count is 0 or > 100 || actions.Select(action => action.Entity.PartitionKey).Distinct(StringComparer.Ordinal).Count() != 1)
        {
            throw new RequestFailedException(400, "The batch is not valid.", "InvalidInput", null);
        }

        if (actions.Select(action => action.Entity.RowKey).Distinct(StringComparer.Ordinal).Count() != actions.Count)
        {
            throw Failed(0, 400, "InvalidDuplicateRow");
        }

        for (var index = 0; index < actions.Count; index++)
        {
            if (TableLimits.Entity((TableEntity)actions[index].Entity) is { } problem)
            {
                throw Failed(index, 400, problem.Contains("property", StringComparison.Ordinal) ? "PropertyValueTooLarge" : problem.Contains("entity", StringComparison.Ordinal) ? "EntityTooLarge" : "OutOfRangeInput");
            }
        }

        if (actions.Sum(TableLimits.Bytes) > TableLimits.MaxTransactionBytes)
        {
            throw new RequestFailedException(413, "The request body is too large.", "RequestBodyTooLarge", null);
        }
    }

    private static TableTransactionFailedException Failed(int index, int status, string code)
    {
        var failure = new RequestFailedException(status, $"{index}:The transaction failed.", code, null);
        failure.Data["FailedEntity"] = index.ToString(CultureInfo.InvariantCulture);
        return new TableTransactionFailedException(failure);
    }

    private static TableEntity Copy(TableEntity row, IEnumerable<string>? select = null) => new(
        ((IEnumerable<KeyValuePair<string, object>>)row).Where(property => select is null || property.Key == "odata.etag" || select.Contains(property.Key))
            .ToDictionary(static property => property.Key, static property => property.Value));

    private void CheckExists()
    {
        if (!Exists)
        {
            throw new RequestFailedException(404, "The table does not exist.", "TableNotFound", null);
        }
    }

    private TableEntity? Find((string Partition, string Row) key) => _partitions.TryGetValue(key.Partition, out var rows) ? rows.GetValueOrDefault(key.Row) : null;

    [GeneratedRegex("^PartitionKey eq '((?:[^']|'')*)'(?: and RowKey (?:ge|lt) '|$)")]
    private static partial Regex Partition();

    private FakeResponse Apply(Dictionary<(string Partition, string Row), TableEntity?> changes, TableTransactionAction action, int index)
    {
        var key = (action.Entity.PartitionKey, action.Entity.RowKey);
        var current = Find(key);
        if (action.ETag != default && action.ETag != ETag.All && !action.ETag.ToString().StartsWith("W/\"", StringComparison.Ordinal))
        {
            throw Failed(index, 400, "InvalidInput");
        }

        switch (action.ActionType)
        {
            case TableTransactionActionType.Add when current is not null:
                throw Failed(index, 409, "EntityAlreadyExists");
            case TableTransactionActionType.UpdateReplace or TableTransactionActionType.Delete when current is null:
                throw Failed(index, 404, "ResourceNotFound");
            case TableTransactionActionType.UpdateReplace or TableTransactionActionType.Delete when action.ETag != ETag.All && action.ETag != current.ETag:
                throw Failed(index, 412, "UpdateConditionNotSatisfied");
            case TableTransactionActionType.Delete:
                changes[key] = null;
                return new FakeResponse(204);
            default:
                var stored = Copy((TableEntity)action.Entity);
                stored.Timestamp = new DateTimeOffset(2026, 11, 22, 2, 0, 0, TimeSpan.Zero).AddTicks(_version + 1);
                stored.ETag = new ETag($"W/\"datetime'2026-11-22T02%3A00%3A00.{++_version:D7}Z'\"");
                changes[key] = stored;
                return new FakeResponse(204, stored.ETag);
        }
    }

    private sealed class Nothing<T> : NullableResponse<T>
    {
        public override bool HasValue => false;

        public override T? Value => throw new InvalidOperationException("There is no value.");

        public override Response GetRawResponse() => new FakeResponse(404);
    }
}
