using MaintenanceFunctions.Sources;

namespace MaintenanceFunctions.Tests.Sources;

public sealed class BlobPathsTests
{
    [Theory]
    [InlineData("births/2026/one.json", "births/2026/one.json")]
    [InlineData("Ångström 1.csv", "Ångström 1.csv")]
    [InlineData("a//b", "a/%/b")]
    [InlineData("/a", "%/a")]
    [InlineData("a/", "a/%")]
    [InlineData("//", "%/%/%")]
    [InlineData(".", "%2E")]
    [InlineData("a/../b", "a/%2E%2E/b")]
    [InlineData("a/...", "a/...")]
    [InlineData("50%", "50%25")]
    [InlineData("50%25", "50%2525")]
    [InlineData("a\\b", "a%5Cb")]
    [InlineData("a\nb\u007f\u0085", "a%0Ab%7F%C2%85")]
    [InlineData("a%properties", "a%25properties")]
    [InlineData("%", "%25")]
    [InlineData("😀/😀", "😀/😀")]
    public void A_name_becomes_a_path_and_comes_back(string name, string path)
    {
        Assert.Equal(path, BlobPaths.Of(name, []));
        Assert.Equal((name, false), BlobPaths.Parse(path));
        Assert.Equal((name, true), BlobPaths.Parse(path + BlobPaths.Properties));
    }

    [Theory]
    [InlineData("a/b", new[] { 1 }, "a%2Fb")]
    [InlineData("a/b/c", new[] { 1 }, "a%2Fb/c")]
    [InlineData("a/b/c", new[] { 3 }, "a/b%2Fc")]
    [InlineData("a/b/c", new[] { 1, 3 }, "a%2Fb%2Fc")]
    [InlineData("a//b", new[] { 2 }, "a/%2Fb")]
    [InlineData("a/", new[] { 1 }, "a%2F")]
    public void A_slash_after_the_name_of_a_blob_separates_no_folders(string name, int[] joined, string path)
    {
        Assert.Equal(path, BlobPaths.Of(name, joined));
        Assert.Equal((name, false), BlobPaths.Parse(path));
    }

    [Theory]
    [InlineData("50%off.txt")]
    [InlineData("a%2fb")]
    [InlineData("a%41")]
    [InlineData("a%FF")]
    [InlineData("a%")]
    [InlineData("a%2E")]
    public void A_path_that_no_blob_has_given_is_a_name_as_it_is(string path) => Assert.Equal((path, false), BlobPaths.Parse(path));

    [Fact]
    public void Any_two_names_have_two_paths_which_lead_back_to_them()
    {
        const string Alphabet = "ab./%\\2EF\n~é";
        var random = new Random(7);
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < 20_000; i++)
        {
            var name = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
            int[] slashes = [.. Enumerable.Range(0, name.Length).Where(at => name[at] == '/' && random.Next(3) == 0)];

            var path = BlobPaths.Of(name, slashes);

            Assert.Equal((name, false), BlobPaths.Parse(path));
            Assert.DoesNotContain(path.Split('/'), static segment => segment is "" or "." or "..");
            Assert.True(paths.TryAdd(path, name) || paths[path] == name);
        }
    }

    [Fact]
    public void Paths_are_in_the_order_of_the_names_with_properties_first()
    {
        string[] names = ["a", "a$", "a%", "a%properties", "a-1", "a/", "a//b", "a/b", "aa", "b"];
        var paths = names.SelectMany(static name => new[] { BlobPaths.Of(name, []) + BlobPaths.Properties, BlobPaths.Of(name, []) }).ToList();

        Assert.Equal(paths, paths.AsEnumerable().Reverse().Order(BlobPaths.Order));
    }
}
