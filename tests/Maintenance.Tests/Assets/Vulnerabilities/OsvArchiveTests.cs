using System.IO.Compression;
using System.Text;
using Maintenance.Assets.Components;
using Maintenance.Assets.Vulnerabilities;

namespace Maintenance.Tests.Assets.Vulnerabilities;

/// <summary>Archives of advisories, as osv.dev publishes them, and as somebody packs them who wishes harm.</summary>
public sealed class OsvArchiveTests
{
    [Fact]
    public void Every_advisory_of_an_archive_is_read_in_its_order()
    {
        var reading = OsvReader.Read("all.zip", Zip([.. Enumerable.Range(1, 300).Select(static i => ($"GHSA-{i}.json", Advisory($"GHSA-{i}")))]));
        Assert.Empty(reading.Problems);
        Assert.Equal(Enumerable.Range(1, 300).Select(static i => $"GHSA-{i}"), reading.Advisories.Select(static one => one.Id));
    }

    [Fact]
    public void A_bad_file_is_told_by_its_name_and_the_others_are_read()
    {
        var reading = OsvReader.Read(
            "all.zip",
            Zip(("sub/", ""), ("a.json", Advisory("A-1")), ("../../etc/b.json", "{"), ("README.md", "# What this is"), ("c\u0007.json", """{"id":3}"""), ("list.json", $"[{Advisory("A-2")},{{}}]"), ("empty.json", ""), ("z.json", Advisory("A-3"))));
        Assert.Equal(["A-1", "A-2", "A-3"], reading.Advisories.Select(static one => one.Id));
        Assert.Equal(["../../etc/b.json, line 1", "README.md, name", "c\uFFFD.json, id", "list.json, [1], id", "empty.json"], reading.Problems.Select(static one => one.Place));
        Assert.Equal([true, false, true, true, true], reading.Problems.Select(static one => one.IsLeftOut));
        Assert.All(reading.Problems, static one => Assert.Equal("all.zip", one.File));
    }

    [Fact]
    public void What_unpacks_to_a_hundred_times_its_size_or_to_more_than_an_advisory_may_have_is_left_out()
    {
        var random = new Random(7);
        var large = string.Concat(Enumerable.Range(0, OsvReader.LargestAdvisory).Select(_ => (char)('a' + random.Next(26))));
        var reading = OsvReader.Read("all.zip", Zip(("bomb.json", Advisory("A-1") + new string(' ', 4 * 1024 * 1024)), ("large.json", Advisory("A-2", large)), ("small.json", Advisory("A-3") + new string(' ', 60_000)), ("good.json", Advisory("A-4"))));
        Assert.Equal(["A-3", "A-4"], reading.Advisories.Select(static one => one.Id));
        Assert.Equal(["bomb.json: It unpacks to more than 100 times its size.", "large.json: It unpacks to more than 8388608 bytes."], reading.Problems.Select(static one => $"{one.Place}: {one.What}"));
        Assert.All(reading.Problems, static one => Assert.True(one.IsLeftOut));
    }

    [Fact]
    public void Behind_the_most_that_is_unpacked_or_taken_in_the_rest_is_left_out_and_told_once()
    {
        var few = Zip([.. Enumerable.Range(1, 10).Select(static i => ($"{i}.json", Advisory($"A-{i}", new string('x', 1000))))]);
        var reading = OsvReader.Read("all.zip", few, 3000);
        Assert.Equal(["A-1", "A-2", "A-3"], reading.Advisories.Select(static one => one.Id));
        Assert.Equal("4.json: 3000 bytes were unpacked, the most of one archive: this file and those behind it are left out.", Assert.Single(reading.Problems) is var one ? $"{one.Place}: {one.What}" : "");

        var many = Zip(("a.json", string.Join('\n', Enumerable.Range(0, OsvReader.MostAdvisories).Select(static i => Advisory($"A-{i}")))), ("b.json", Advisory("B")), ("c.json", Advisory("C")));
        reading = OsvReader.Read("all.zip", many);
        Assert.Equal(OsvReader.MostAdvisories, reading.Advisories.Count);
        Assert.Equal(("b.json", true), Assert.Single(reading.Problems) is var last ? (last.Place, last.IsLeftOut) : default);
    }

    [Fact]
    public void An_archive_of_too_many_files_is_not_opened()
    {
        var marks = new byte[(OsvReader.MostArchived + 2) * 4];
        "PK\x03\x04"u8.CopyTo(marks);
        for (var i = 1; i < marks.Length / 4; i++)
        {
            "PK\x01\x02"u8.CopyTo(marks.AsSpan(i * 4));
        }

        Assert.Equal("It has more than 200000 files.", Assert.Single(OsvReader.Read("all.zip", marks).Problems).What);
    }

    [Fact]
    public void A_file_whose_size_is_not_what_the_archive_says_is_left_out()
    {
        // A size that is too small: what would follow is missing, and the lines before it would read as all.
        var bytes = Zip(("a.jsonl.json", Advisory("A-1") + "\n" + Advisory("A-2")), ("b.json", Advisory("A-3")));
        var directory = bytes.AsSpan().IndexOf("PK\x01\x02"u8);
        BitConverter.TryWriteBytes(bytes.AsSpan(directory + 24), Encoding.UTF8.GetByteCount(Advisory("A-1")));
        var reading = OsvReader.Read("all.zip", bytes);
        Assert.Equal(["A-3"], reading.Advisories.Select(static one => one.Id));
        Assert.Equal("a.jsonl.json: It is damaged: its check sum is not the one that the archive says.", Assert.Single(reading.Problems) is var one ? $"{one.Place}: {one.What}" : "");
    }

    [Fact]
    public void Whatever_is_changed_or_missing_of_an_archive_nothing_is_thrown_and_what_is_lost_is_told()
    {
        var whole = Zip(("a.json", Advisory("A-1")), ("b.json", Advisory("A-2")), ("c.json", Advisory("A-3")));
        for (var length = 4; length < whole.Length; length++)
        {
            var reading = OsvReader.Read("all.zip", whole.AsMemory(0, length));
            Assert.True(reading.Problems.Count > 0 && reading.Advisories.Count == 0, $"{length} of {whole.Length} bytes");
        }

        for (var at = 4; at < whole.Length; at++)
        {
            var broken = whole.ToArray();
            broken[at] ^= 0x55;
            var reading = OsvReader.Read("all.zip", broken);
            Assert.True(reading.Problems.Count > 0 || reading.Advisories.Select(static one => one.Id).SequenceEqual(["A-1", "A-2", "A-3"]), $"byte {at}");
        }
    }

    [Fact]
    public async Task An_archive_in_the_folder_and_one_at_an_address_find_what_single_files_find()
    {
        await using var folder = await AssetBench.OpenAsync();
        File.Delete(Path.Join(folder.Office.Folder, "advisories", "a.json"));
        folder.Write("advisories/all.zip", Zip(("GHSA-aaaa.json", Affecting)));
        await folder.ReviewAsync();
        Assert.Equal("GHSA-aaaa", (await folder.OnlyAsync()).Seen.Title);

        await using var feed = await AssetBench.OpenAsync(static text => text.Replace("[{ folder: advisories }]", "[{ url: \"https://feeds.example/NuGet/all.zip\" }]", StringComparison.Ordinal));
        feed.Web.Answer = static _ => new AssetDownload(Zip(("broken.json", "{"), ("GHSA-aaaa.json", Affecting)), "\"one\"", null);
        await feed.ReviewAsync();
        Assert.Equal("GHSA-aaaa", (await feed.OnlyAsync()).Seen.Title);
        Assert.StartsWith("broken.json, line 1: ", Assert.Single(Assert.Single(await feed.Shelf.StatesAsync(default), static one => one.Notes.Count > 0).Notes), StringComparison.Ordinal);

        // What could not be read may be the very one: the next archive, which has lost it, closes nothing.
        feed.Office.Clock.Advance(TimeSpan.FromHours(13));
        feed.Web.Answer = static _ => new AssetDownload(Zip(("GHSA-aaaa.json", "{"), ("GHSA-bbbb.json", Advisory("GHSA-bbbb"))), "\"two\"", null);
        await feed.ReviewAsync();
        Assert.Equal(FindingState.Open, (await feed.OnlyAsync()).State);
    }

    private const string Affecting = """{"id":"GHSA-aaaa","modified":"2026-11-01T00:00:00Z","affected":[{"package":{"ecosystem":"NuGet","name":"Driver"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.0.2"}]}]}]}""";

    private static string Advisory(string id, string details = "") => $$"""{"id":"{{id}}","modified":"2026-01-02T03:04:05Z","details":"{{details}}"}""";

    private static byte[] Zip(params (string Name, string Text)[] files)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in files)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return bytes.ToArray();
    }
}
