using System.Security.Cryptography;
using System.Text;
using Maintenance.Actions;
using Maintenance.Local.Actions;
using Maintenance.Tests.Storage;

namespace Maintenance.Tests.Actions;

/// <summary>Checks of files that were restored, and what counts as passing.</summary>
public sealed class CheckTests : IDisposable
{
    private const int Block = 128 * 1024;

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a\nb\n", 2)]
    [InlineData("a\nb", 2)]
    [InlineData("\n", 1)]
    [InlineData("a", 1)]
    [InlineData("\n\n\nx", 4)]
    public async Task Lines_are_line_feeds_and_what_follows_the_last(string text, int lines)
    {
        Put("f", text);
        await PassesAsync(File("f") with { AtLeastLines = lines });
        Assert.Equal([$"file f: it has {lines} lines, fewer than {lines + 1}."], await LookAsync(File("f") with { AtLeastLines = lines + 1 }));
    }

    [Fact]
    public async Task A_link_that_leads_out_of_what_was_restored_is_not_followed()
    {
        using var live = new ScratchFolder();
        System.IO.File.WriteAllText(live.PathOf("live.csv"), "a\n");
        Put("inside.csv", "a\n");
        System.IO.File.CreateSymbolicLink(_folder.PathOf("out.csv"), live.PathOf("live.csv"));
        Directory.CreateSymbolicLink(_folder.PathOf("folder"), live.Root);
        System.IO.File.CreateSymbolicLink(_folder.PathOf("in.csv"), "inside.csv");

        await PassesAsync(File("in.csv"));
        Assert.Equal(["file out.csv: a link leads out of what was restored, to the live data perhaps."], await LookAsync(File("out.csv")));
        Assert.Equal(["file folder/live.csv: a link leads out of what was restored, to the live data perhaps."], await LookAsync(File("folder/live.csv")));
    }

    [Fact]
    public async Task Bytes_are_those_of_the_file_and_not_its_characters()
    {
        Put("f", "ü");
        await PassesAsync(File("f") with { AtLeastBytes = 2 });
        Assert.Equal(["file f: it has 2 bytes, fewer than 3."], await LookAsync(File("f") with { AtLeastBytes = 3 }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(Block - 1)]
    [InlineData(Block)]
    [InlineData(Block + 1)]
    [InlineData((3 * Block) + 17)]
    public async Task A_hash_is_that_of_the_whole_file_whatever_its_size(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        System.IO.File.WriteAllBytes(_folder.PathOf("f"), bytes);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        await PassesAsync(File("f") with { Hash = hash, AtLeastBytes = size });
        await PassesAsync(File("f") with { Hash = hash.ToUpperInvariant() });
        var wrong = new string('0', 64);
        Assert.Equal([$"file f: its SHA-256 is {hash} instead of {wrong}."], await LookAsync(File("f") with { Hash = wrong }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Block - 8)]
    [InlineData(Block - 4)]
    [InlineData(Block - 1)]
    [InlineData(Block)]
    [InlineData((2 * Block) - 3)]
    public async Task Text_is_found_wherever_it_lies_over_the_borders_of_what_is_read_at_once_too(int at)
    {
        Put("f", new string('x', at) + "born ü!" + new string('x', 100));
        await PassesAsync(File("f") with { Contains = "born ü!" });
        Assert.Equal(["file f: it does not contain 'born Ü!'."], await LookAsync(File("f") with { Contains = "born Ü!" }));
    }

    [Fact]
    public async Task Text_that_is_longer_than_what_is_read_at_once_is_found()
    {
        var text = string.Concat(Enumerable.Range(0, 60_000).Select(static i => $"{i % 997} "));
        Put("f", "before " + text + "after");
        await PassesAsync(File("f") with { Contains = text });
        Assert.NotEmpty(await LookAsync(File("f") with { Contains = text + "!" }));
    }

    [Fact]
    public async Task A_beginning_of_the_text_at_the_end_of_the_file_is_not_the_text()
    {
        Put("f", new string('x', Block - 3) + "bor");
        Assert.NotEmpty(await LookAsync(File("f") with { Contains = "born" }));
    }

    [Fact]
    public async Task What_is_missing_is_said_to_be()
    {
        Assert.Equal(["file f: it is missing."], await LookAsync(File("f")));
        Assert.Equal(["file no/such/folder: it is missing."], await LookAsync(File("no/such/folder")));
        Put("f", "a");
        Assert.NotEmpty(await LookAsync(File("f/below")));
    }

    [Fact]
    public async Task What_is_there_must_not_be_empty()
    {
        Directory.CreateDirectory(_folder.PathOf("d"));
        Assert.Equal(["file d: the folder is empty."], await LookAsync(File("d")));
        Put("d/f", "");
        await PassesAsync(File("d"));
        Assert.Equal(["file d/f: it is empty."], await LookAsync(File("d/f")));
        Put("d/f", "a");
        await PassesAsync(File("d/f"));
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once()
    {
        Put("f", "a");
        Assert.Equal(4, (await LookAsync(File("f") with { AtLeastLines = 2, AtLeastBytes = 2, Contains = "b", Hash = new string('0', 64) })).Count);
    }

    [Fact]
    public async Task Where_nothing_was_restored_there_is_nothing_to_look_at() =>
        Assert.Equal(["file f: nothing was restored that it could look at."], await Service().CheckAsync(File("f"), null, default));

    [Fact]
    public async Task An_action_goes_to_a_program_or_outside_as_it_says()
    {
        var service = Service();
        Assert.Equal(new ActionReport(true, "k"), await service.RunAsync(new PlanAction(["sh", "-c", "echo $MAINTENANCE_KEY"], null, null, TimeSpan.FromSeconds(30)), new ActionOrder("k", 1, new Dictionary<string, string>()), default));
        Assert.Equal(new ActionReport(true, "posted k"), await service.RunAsync(new PlanAction([], new Uri("https://far.example"), null, TimeSpan.FromSeconds(30)), new ActionOrder("k", 1, new Dictionary<string, string>()), default));
        Assert.Equal(["answer of https://far.example/: it answered 404 instead of 200."], await service.CheckAsync(new Check(CheckKind.Http, "https://far.example/"), null, default));
        Assert.Equal(["query select 7: it gave '7' instead of '8'."], await service.CheckAsync(new Check(CheckKind.Query, "select 7") { ExpectedValue = "8" }, null, default));
    }

    public static TheoryData<Check, Observation, string[]> Judgements => new()
    {
        { new(CheckKind.Http, "u"), new(true) { Status = 200 }, [] },
        { new(CheckKind.Http, "u") { Status = 204 }, new(true) { Status = 200 }, ["answer of u: it answered 200 instead of 204."] },
        { new(CheckKind.Http, "u") { Contains = "ok" }, new(true) { Status = 200, HasText = false }, ["answer of u: it does not contain 'ok'."] },
        { new(CheckKind.Http, "u"), new(false, "no answer within 1s"), ["answer of u: no answer within 1s"] },
        { new(CheckKind.Http, "u"), new(false), ["answer of u: there is nothing"] },
        { new(CheckKind.Query, "q"), new(true), [] },
        { new(CheckKind.Query, "q") { ExpectedValue = "a" }, new(true) { Value = "a" }, [] },
        { new(CheckKind.Query, "q") { ExpectedValue = "a" }, new(true) { Value = "A" }, ["query q: it gave 'A' instead of 'a'."] },
        { new(CheckKind.Query, "q") { ExpectedValue = "a" }, new(true), ["query q: it gave '' instead of 'a'."] },
        { new(CheckKind.Query, "q") { AtLeast = 12 }, new(true) { Value = "12" }, [] },
        { new(CheckKind.Query, "q") { AtLeast = 12 }, new(true) { Value = "12.0" }, [] },
        { new(CheckKind.Query, "q") { AtLeast = 12 }, new(true) { Value = "1e3" }, [] },
        { new(CheckKind.Query, "q") { AtLeast = 12 }, new(true) { Value = "9" }, ["query q: it gave '9', which is not 12 or more."] },
        { new(CheckKind.Query, "q") { AtLeast = 0.5 }, new(true) { Value = "0,9" }, ["query q: it gave '0,9', which is not 0.5 or more."] },
        { new(CheckKind.Query, "q") { AtLeast = 12 }, new(true) { Value = "NaN" }, ["query q: it gave 'NaN', which is not 12 or more."] },
        { new(CheckKind.Query, "q") { AtLeast = -1 }, new(true), ["query q: it gave '', which is not -1 or more."] },
        { new(CheckKind.File, "f") { AtLeastLines = 3, AtLeastBytes = 9 }, new(true) { Lines = 3, Bytes = 9 }, [] },
        { new(CheckKind.File, "f"), new(false, "it is missing."), ["file f: it is missing."] },
    };

    [Theory]
    [MemberData(nameof(Judgements))]
    public void What_was_seen_is_judged_by_what_the_plan_asks_for(Check check, Observation seen, string[] wrong) => Assert.Equal(wrong, CheckRules.Judge(check, seen));

    [Fact]
    public void People_are_told_what_an_action_is_without_what_its_address_hides()
    {
        Assert.Equal("command ./a b", new PlanAction(["./a", "b"], null, null, default).ToString());
        Assert.Equal("webhook https://far.example/open", new PlanAction([], new Uri("https://far.example/open?key=hidden"), null, default).ToString());
        Assert.Equal("webhook of the setting GATEWAY", new PlanAction([], null, "GATEWAY", default).ToString());
        Assert.DoesNotContain("hidden", new PlanAction([], new Uri("https://user:hidden@far.example/open"), null, default).ToString(), StringComparison.Ordinal);
    }

    private static Check File(string path) => new(CheckKind.File, path);

    private void Put(string path, string text) => System.IO.File.WriteAllText(_folder.PathOf(path), text, new UTF8Encoding(false));

    private Task<IReadOnlyList<string>> LookAsync(Check check) => Service().CheckAsync(check, _folder.Root, default);

    private async Task PassesAsync(Check check) => Assert.Empty(await LookAsync(check));

    private ActionService Service() => new(new ProgramRunner(_folder.Root), new Elsewhere());

    private sealed class Elsewhere : IOutside
    {
        public Task<ActionReport> PostAsync(PlanAction action, ActionOrder order, CancellationToken cancellation) => Task.FromResult(new ActionReport(true, "posted " + order.Key));

        public Task<Observation> ProbeAsync(Check check, CancellationToken cancellation) => Task.FromResult(new Observation(true) { Status = 404 });

        public Task<Observation> QueryAsync(Check check, CancellationToken cancellation) => Task.FromResult(new Observation(true) { Value = "7" });
    }
}
