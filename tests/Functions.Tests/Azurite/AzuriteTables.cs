using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using MaintenanceFunctions.Adapters;

namespace MaintenanceFunctions.Tests.Azurite;

/// <summary>The emulator's tables, and the requests that the Table adapter's client makes of them; documents lie as <see cref="TableDocument"/> lays them.</summary>
internal sealed class AzuriteTables(AzuriteClient client)
{
    public async Task<string> MakeAsync(string? name = null)
    {
        name ??= "t" + Guid.NewGuid().ToString("N");
        var made = await CreateAsync(name);
        Assert.True(made.IsGood, made.Text);
        return name;
    }

    public Task<AzuriteAnswer> CreateAsync(string name) => client.TableAsync(HttpMethod.Post, "/Tables", JsonSerializer.Serialize(new { TableName = name }));

    public Task<AzuriteAnswer> InsertAsync(string table, TableEntity entity) => client.TableAsync(HttpMethod.Post, "/" + table, Json(entity), "application/json", ("Prefer", "return-no-content"));

    /// <summary>Puts it in place of what is there; with an ETag only of that one.</summary>
    public Task<AzuriteAnswer> ReplaceAsync(string table, TableEntity entity, string? eTag = null) =>
        client.TableAsync(HttpMethod.Put, Address(table, entity), Json(entity), "application/json", eTag is null ? [] : [("If-Match", eTag)]);

    public Task<AzuriteAnswer> DeleteAsync(string table, TableEntity entity, string eTag = "*") => client.TableAsync(HttpMethod.Delete, Address(table, entity), null, "application/json", ("If-Match", eTag));

    public Task<AzuriteAnswer> GetAsync(string table, string partition, string row) => client.TableAsync(HttpMethod.Get, Address(table, new TableEntity(partition, row)));

    /// <summary>The row keys of a range, page by page.</summary>
    public async Task<(List<string> Rows, int Pages)> QueryAsync(string table, string filter, int page = 1000)
    {
        var rows = new List<string>();
        var pages = 0;
        for (string? next = ""; next is not null; pages++)
        {
            var answer = await client.TableAsync(HttpMethod.Get, $"/{table}()?$filter={Uri.EscapeDataString(filter)}&$top={page}{next}");
            Assert.True(answer.IsGood, answer.Text);
            rows.AddRange(JsonSerializer.Deserialize<JsonElement>(answer.Text).GetProperty("value").EnumerateArray().Select(static row => row.GetProperty("RowKey").GetString()!));
            next = answer.Headers.TryGetValue("x-ms-continuation-NextPartitionKey", out var partition)
                ? $"&NextPartitionKey={Uri.EscapeDataString(partition)}&NextRowKey={Uri.EscapeDataString(answer.Headers.GetValueOrDefault("x-ms-continuation-NextRowKey", ""))}"
                : null;
        }

        return (rows, pages);
    }

    /// <summary>One transaction: what is asked of each entity, in a change set.</summary>
    public Task<AzuriteAnswer> BatchAsync(string table, params (HttpMethod Method, TableEntity Entity, string? ETag)[] actions)
    {
        const string Batch = "batch_3b2f5f5c", ChangeSet = "changeset_8a7d1c44";
        var body = new StringBuilder($"--{Batch}\r\nContent-Type: multipart/mixed; boundary={ChangeSet}\r\n\r\n");
        foreach (var ((method, entity, eTag), index) in actions.Select(static (action, index) => (action, index)))
        {
            var address = AzuriteClient.Tables + (method == HttpMethod.Post ? "/" + table : Address(table, entity));
            _ = body.Append($"--{ChangeSet}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n{method} {address} HTTP/1.1\r\nContent-ID: {index}\r\nAccept: application/json;odata=minimalmetadata\r\nDataServiceVersion: 3.0\r\n")
                .Append(eTag is null ? "" : $"If-Match: {eTag}\r\n").Append(method == HttpMethod.Post ? "Prefer: return-no-content\r\n" : "");
            _ = method == HttpMethod.Delete ? body.Append("\r\n\r\n") : body.Append($"Content-Type: application/json;odata=nometadata\r\n\r\n{Json(entity)}\r\n");
        }

        _ = body.Append($"--{ChangeSet}--\r\n--{Batch}--\r\n");
        return client.TableAsync(HttpMethod.Post, "/$batch", body.ToString(), $"multipart/mixed; boundary={Batch}");
    }

    // A quote is doubled, and the rest escaped as in every address.
    private static string Address(string table, TableEntity entity) => $"/{table}(PartitionKey='{Key(entity.PartitionKey)}',RowKey='{Key(entity.RowKey)}')";

    private static string Key(string key) => Uri.EscapeDataString(key.Replace("'", "''", StringComparison.Ordinal));

    private static string Json(TableEntity entity)
    {
        var properties = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var (name, value) in entity)
        {
            properties[name] = value is byte[] bytes ? Convert.ToBase64String(bytes) : value;
            if (value is byte[])
            {
                properties[name + "@odata.type"] = "Edm.Binary";
            }
        }

        return JsonSerializer.Serialize(properties);
    }
}
