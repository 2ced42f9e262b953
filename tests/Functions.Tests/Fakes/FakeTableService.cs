using System.Collections.Concurrent;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace MaintenanceFunctions.Tests.Fakes;

/// <summary>A storage account's tables in memory.</summary>
internal sealed class FakeTableService : TableServiceClient
{
    private readonly ConcurrentDictionary<string, FakeTable> _tables = new(StringComparer.OrdinalIgnoreCase);
    private int _creations;

    /// <summary>How often a table was asked to be made.</summary>
    public int Creations => _creations;

    /// <summary>When set, the next request to make a table fails so.</summary>
    public RequestFailedException? CreationFailure { get; set; }

    public override Uri Uri { get; } = new("https://account.table.core.windows.net");

    public FakeTable this[string name] => _tables.GetOrAdd(name, key => new FakeTable(key));

    public override TableClient GetTableClient(string tableName) => this[tableName];

    public override async Task<Response<TableItem>> CreateTableIfNotExistsAsync(string tableName, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        Interlocked.Increment(ref _creations);
        if (CreationFailure is { } failure)
        {
            CreationFailure = null;
            throw failure;
        }

        this[tableName].Exists = true;
        return Response.FromValue(new TableItem(tableName), new FakeResponse(201));
    }
}
