using System.Security.Cryptography;
using System.Text;
using MaintenanceFunctions.Tests.Limits;

namespace MaintenanceFunctions.Tests.Azurite;

public sealed class AzuriteBlobTests : IDisposable
{
    private readonly AzuriteClient _client = new();

    public void Dispose() => _client.Dispose();

    [AzuriteFact]
    public async Task A_second_put_of_a_name_is_refused_and_leaves_the_first_content()
    {
        var blobs = await AzuriteBlobs.MakeAsync(_client);

        var first = await blobs.PutAsync("packs/0a/1", "one"u8.ToArray());
        var second = await blobs.PutAsync("packs/0a/1", "two"u8.ToArray());

        Assert.Equal((201, 409, "BlobAlreadyExists"), (first.Status, second.Status, second.Code));
        Assert.Equal("one", (await blobs.GetAsync("packs/0a/1")).Text);
        Assert.Equal((404, "BlobNotFound"), (await blobs.GetAsync("packs/0a/2")) is { } missing ? (missing.Status, missing.Code) : default);
    }

    [AzuriteFact]
    public async Task Blocks_are_seen_once_they_are_committed_and_whoever_commits_second_is_refused()
    {
        var blobs = await AzuriteBlobs.MakeAsync(_client);
        var (mine, theirs) = (Block(0), Block(1));
        Assert.Equal(201, (await blobs.StageAsync("p", mine, "mine"u8.ToArray())).Status);
        Assert.Equal(201, (await blobs.StageAsync("p", theirs, "theirs"u8.ToArray())).Status);
        Assert.Equal(404, (await blobs.GetAsync("p")).Status);

        var first = await blobs.CommitAsync("p", theirs);
        var second = await blobs.CommitAsync("p", mine);

        Assert.Equal(201, first.Status);
        Assert.True(second is { Status: 409, Code: "BlobAlreadyExists" } or { Status: 412 } or { Status: 400, Code: "InvalidBlockList" }, $"{second.Status} {second.Code}");
        Assert.Equal("theirs", (await blobs.GetAsync("p")).Text);
    }

    [AzuriteFact]
    public async Task A_range_is_what_lies_in_it_and_none_begins_at_the_end()
    {
        var blobs = await AzuriteBlobs.MakeAsync(_client);
        _ = await blobs.PutAsync("r", "0123456789"u8.ToArray());

        Assert.Equal((206, "345"), (await blobs.GetAsync("r", "bytes=3-5")) is { } inside ? (inside.Status, inside.Text) : default);
        Assert.Equal((206, "89"), (await blobs.GetAsync("r", "bytes=8-100")) is { } past ? (past.Status, past.Text) : default);
        Assert.Equal((416, "InvalidRange"), (await blobs.GetAsync("r", "bytes=11-19")) is { } beyond ? (beyond.Status, beyond.Code) : default);

        // The service answers 416 here too, the emulator with nothing: the adapter takes either for the end.
        Assert.True(await blobs.GetAsync("r", "bytes=10-19") is { Status: 416 } or { Status: 206, Content: [] });
        _ = await blobs.PutAsync("empty", []);
        Assert.True(await blobs.GetAsync("empty", "bytes=0-9") is { Status: 416 } or { Status: 206, Content: [] });
    }

    [AzuriteFact]
    public async Task A_listing_goes_on_where_its_page_ended_and_knows_case()
    {
        var blobs = await AzuriteBlobs.MakeAsync(_client);
        var names = Enumerable.Range(0, 25).Select(static i => $"snapshots/nightly_{i:00}").Append("snapshots/Nightly_00").Order(StringComparer.Ordinal).ToList();
        foreach (var name in names.Append("packs/0"))
        {
            Assert.Equal(201, (await blobs.PutAsync(name, [1])).Status);
        }

        var (listed, pages) = await blobs.ListAsync("snapshots/", page: 10);

        Assert.Equal(names, listed.Order(StringComparer.Ordinal));
        Assert.Equal(3, pages);
        Assert.Equal(202, (await blobs.DeleteAsync("snapshots/Nightly_00")).Status);
        Assert.Equal(25, (await blobs.ListAsync("snapshots/")).Names.Count);
    }

    /// <summary>Each rule of <see cref="BlobLimits.Blob"/>, asked of the emulator. Where the two differ it is said how.</summary>
    [AzuriteFact]
    public async Task The_rules_of_names_are_those_of_the_emulator_but_where_it_is_known_to_differ()
    {
        var blobs = await AzuriteBlobs.MakeAsync(_client);
        var differences = new List<string>();
        foreach (var (what, name) in Names)
        {
            var answer = await blobs.PutAsync(name, Encoding.UTF8.GetBytes(what));
            var isThere = answer.IsGood && (await blobs.GetAsync(name)).Text == what && await IsListedAsync(blobs, name);
            if (isThere != BlobLimits.Blob(name) is null)
            {
                differences.Add($"{what}: {(isThere ? "taken" : $"{answer.Status} {answer.Code}")}");
            }

            _ = await blobs.DeleteAsync(name);
        }

        Assert.True(differences.SequenceEqual(Known), string.Join('\n', differences));
    }

    /// <summary>
    /// What the emulator takes and the service, by its documentation, refuses or advises against; and a backslash, which the emulator takes for a slash. None of it stands
    /// in a name of ours.
    /// </summary>
    private static string[] Known { get; } =
    [
        "1025 characters: taken", "255 segments: taken", "ends with a dot: taken", "ends with a slash: taken", "a segment ends with a dot: taken", "an empty segment: taken", "a backslash: 201 ", "DEL: taken", "a C1 control: taken",
        "U+E000: taken",
    ];

    private static (string What, string Name)[] Names { get; } =
    [
        ("one character", "a"), ("1024 characters", new string('n', 1024)), ("1025 characters", new string('n', 1025)), ("254 segments", string.Join('/', Enumerable.Repeat("s", 254))),
        ("255 segments", string.Join('/', Enumerable.Repeat("s", 255))), ("ends with a dot", "a."), ("ends with a slash", "a/"), ("a segment ends with a dot", "a./b"), ("an empty segment", "a//b"), ("reserved characters", "a#b?c%d e+f&g=h;i@j"),
        ("quotes", "it's \"b\""), ("a backslash", "a\\b"), ("an escape that is none", "a%2Fb"), ("accents", "naïve"), ("an emoji", "😀"), ("1000 beyond ASCII", new string('語', 1000)), ("a control character", "a\u0001b"), ("DEL", "a\u007fb"), ("a C1 control", "a\u0085b"), ("U+E000", "a\uE000b"),
    ];

    /// <summary>A listing is XML, in which some characters cannot stand: the emulator fails then.</summary>
    private static async Task<bool> IsListedAsync(AzuriteBlobs blobs, string name)
    {
        try
        {
            return (await blobs.ListAsync("")).Names.Contains(name);
        }
        catch (Exception error) when (error is Xunit.Sdk.XunitException or System.Xml.XmlException)
        {
            return false;
        }
    }

    // 48 bytes, as BlockUpload makes them.
    private static string Block(byte number) => Convert.ToBase64String([.. RandomNumberGenerator.GetBytes(40), 0, 0, 0, 0, 0, 0, 0, number]);
}
