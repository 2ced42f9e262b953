using Maintenance.Assets;
using Maintenance.Assets.Components;
using Maintenance.Local.Storage;
using Maintenance.Tests.Storage;

namespace Maintenance.Tests.Assets.Components;

/// <summary>Components are listed page by page, whatever strangers call them.</summary>
public sealed class LineStoreTests
{
    [Fact]
    public async Task Every_name_that_a_file_may_give_is_a_key_that_the_next_page_begins_with()
    {
        var names = new[] { "a", "/", "\\", "#", "?", "é", "\u1000", "界", "😀", "\uFFFD", "~", " x", "\u0130", "_" }
            .SelectMany(static letter => new[] { 1, 5, 59, 60, 61, 150, 300, 600 }.Select(length => string.Concat(Enumerable.Repeat(letter, length)).Trim()))
            .Where(static name => name.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        var entries = names.Select(static name => new InventoryEntry(JsonDocuments.Cut(name, InventoryReading.MostName), "1", null)).Distinct()
            .Concat(names.Select(static name => $"pkg:generic/{Uri.EscapeDataString(name)}").Where(static url => url.Length <= InventoryReading.MostPackage).Select(static url => new InventoryEntry("x", "1", url)));
        var service = new string('s', 40);
        var lines = Inventory.Of(AssetPolicy.None, [(service, "f", entries.ToList())]).Select(static one => new AssetLine(one.Id, one.Name, one.Service)).ToList();
        Assert.True(lines.Count > 90);
        Assert.All(lines, static line => Assert.True(LineStore.IsKey(LineStore.KeyOf(line)), LineStore.KeyOf(line)));

        using var scratch = new ScratchFolder();
        await using var database = SqliteDatabase.Open(scratch.PathOf("maintenance.db"));
        var store = new LineStore(new SqliteRecordStore(database));
        await store.WriteAsync(lines, default);
        var listed = new List<AssetLine>();
        for (List<AssetLine> page = []; (page = await store.ListAsync(null, listed.Count == 0 ? null : LineStore.KeyOf(listed[^1]), default).Take(7).ToListAsync()).Count > 0;)
        {
            listed.AddRange(page);
        }

        Assert.Equal(lines.Select(static line => line.Id).Order(StringComparer.Ordinal), listed.Select(static line => line.Id).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("9_a/b")]
    [InlineData("9_a b")]
    [InlineData("9_ä")]
    public void What_no_list_gave_is_no_key(string key) => Assert.False(LineStore.IsKey(key));

    [Fact]
    public void A_key_that_is_too_long_for_its_row_is_none() => Assert.False(LineStore.IsKey(new string('a', LineStore.MostKey + 1)));
}
