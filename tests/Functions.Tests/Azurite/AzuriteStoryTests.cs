using System.Text.RegularExpressions;
using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Tests.Limits;

namespace MaintenanceFunctions.Tests.Azurite;

/// <summary>Every name that the whole app made in the hostile story, written for real: of names that differ in digits alone, one.</summary>
[Collection(RunsAlone.Name)]
public sealed partial class AzuriteStoryTests : IDisposable
{
    private readonly AzuriteClient _client = new();

    public void Dispose() => _client.Dispose();

    [AzuriteFact]
    public async Task Every_name_that_the_app_makes_is_taken_and_found_again()
    {
        await using var story = await HostileStory.TellAsync();
        var traffic = story.App.Traffic;
        var refused = new List<string>();

        var blobs = await AzuriteBlobs.MakeAsync(_client);
        foreach (var blob in traffic.Blobs.DistinctBy(Shape))
        {
            if (!(await blobs.PutAsync(blob, [1])).IsGood || (await blobs.GetAsync(blob)).Content is not [1])
            {
                refused.Add("blob " + blob);
            }
        }

        var tables = new AzuriteTables(_client);
        foreach (var rows in traffic.Rows.GroupBy(static row => row.Table))
        {
            // Other runs of the emulator may have the table.
            var made = await tables.CreateAsync(rows.Key);
            Assert.True(made.IsGood || made.Status == 409, made.Text);
            foreach (var (table, partition, row) in rows.DistinctBy(static row => Shape($"{row.Partition}\n{row.Row}")))
            {
                if (!(await tables.ReplaceAsync(table, TableDocument.Write(partition, row, """{"n":1}"""))).IsGood || !(await tables.GetAsync(table, partition, row)).IsGood
                    || !(await tables.QueryAsync(table, $"PartitionKey eq '{partition.Replace("'", "''", StringComparison.Ordinal)}'")).Rows.Contains(row))
                {
                    refused.Add($"{table}/{partition}/{row}");
                }
            }
        }

        Assert.True(refused.Count == 0, string.Join('\n', refused.Take(50)));
    }

    private static string Shape(string name) => Digits().Replace(name, "0");

    [GeneratedRegex("[0-9a-f]{8,}|[0-9]+")]
    private static partial Regex Digits();
}
