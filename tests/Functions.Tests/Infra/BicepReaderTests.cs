namespace MaintenanceFunctions.Tests.Infra;

/// <summary>The reader itself: it is of use only if it refuses what is wrong.</summary>
public sealed class BicepReaderTests
{
    private const string Account = """
        param name string
        resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
          name: name
          resource blobs 'blobServices@2025-01-01' = {
            name: 'default'
          }
        }
        output id string = account::blobs.id

        """;

    [Fact]
    public void What_is_right_has_no_problems()
    {
        var file = BicepParser.Read("x", Account);

        Assert.Empty(BicepReferences.Problems(file));
        Assert.Equal([BicepKind.Parameter, BicepKind.Resource, BicepKind.Output], file.Declarations.Select(static declaration => declaration.Kind));
    }

    [Theory]
    [InlineData("param a string = 'b\n", "line 1: A text does not end.")]
    [InlineData("var a = 'b${c'\n", "line 1: A text does not end.")]
    [InlineData("var a = 'b${c}${d'\n", "line 1: A text does not end.")]
    [InlineData("var a = '${b c}'\n", "'}' is expected")]
    [InlineData("var a = [\n  'b'\n", "a value is expected")]
    [InlineData("var a = {\n  b: 'c'\n", "a name is expected")]
    [InlineData("var a = (1\n", "')' is expected")]
    [InlineData("var a = max(1, 2\n", "',' is expected")]
    [InlineData("var a = [1}\n", "']' is expected")]
    [InlineData("var a = {\n  b: 'c' d: 'e'\n}\n", "line 2: the end of the line, ',' or '}' is expected")]
    [InlineData("var a = 'b' 'c'\n", "line 1: the end of the line is expected")]
    [InlineData("var a = b ? 'c'\n", "':' is expected")]
    [InlineData("/* never ended\nvar a = 1\n", "line 1: A comment does not end.")]
    [InlineData("var a = \"b\"\n", "'\"' is no part of Bicep.")]
    [InlineData("var a = 'b\\q'\n", "is no escape")]
    [InlineData("vra a = 1\n", "'vra' begins no statement.")]
    [InlineData("resource a = {\n}\n", "a text is expected")]
    [InlineData("var a = [for b in c 'd']\n", "':' is expected")]
    public void What_does_not_balance_or_does_not_end_is_refused(string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<BicepException>(() => BicepParser.Read("x", text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("var a = b\noutput c string = a\n", "line 1: nothing declares 'b'.")]
    [InlineData("output c string = 'x${b}'\n", "line 1: nothing declares 'b'.")]
    [InlineData("param a string\n", "line 1: nothing uses 'a'.")]
    [InlineData("var a = 1\n", "line 1: nothing uses 'a'.")]
    [InlineData("output c string = toLowr('X')\n", "line 1: 'toLowr' is no function.")]
    [InlineData("var a = 1\nvar a = 2\noutput b int = a\n", "line 2: 'a' is declared twice.")]
    [InlineData("output b array = [for c in ['d']: e]\n", "line 1: nothing declares 'e'.")]
    [InlineData("output b array = map(['d'], c => e)\n", "line 1: nothing declares 'e'.")]
    [InlineData("var a = [for c in ['d']: c]\noutput b string = '${a}${c}'\n", "line 2: nothing declares 'c'.")]
    public void A_name_that_refers_to_nothing_and_one_that_nothing_refers_to_are_found(string text, string problem) =>
        Assert.Equal([problem], BicepReferences.Problems(BicepParser.Read("x", text)));

    [Fact]
    public void A_nested_resource_is_known_inside_its_parent_and_by_its_parents_name_only()
    {
        var inside = Account.Replace("    name: 'default'", "    name: blobs.id", StringComparison.Ordinal);
        var outside = Account.Replace("account::blobs.id", "blobs.id", StringComparison.Ordinal);

        Assert.Empty(BicepReferences.Problems(BicepParser.Read("x", inside)));
        Assert.Equal(["line 8: nothing declares 'blobs'."], BicepReferences.Problems(BicepParser.Read("x", outside)));
    }

    [Fact]
    public void What_a_template_deploys_follows_its_parameters_conditions_and_loops()
    {
        const string Main = """
            param names array
            param isOn bool = false
            var prefix = take('abcdef', 2)
            module inner 'inner.bicep' = [for (name, i) in names: if (isOn) {
              name: name
              params: {
                name: '${prefix}${name}${i}'
              }
            }]

            """;
        var files = new Dictionary<string, BicepFile>(StringComparer.Ordinal) { ["main"] = BicepParser.Read("main", Main), ["inner.bicep"] = BicepParser.Read("inner.bicep", Account) };
        List<object?> names = ["x", "y"];

        Assert.Empty(BicepDeployment.Of("main", path => files[path], BicepFunctions.Of(("names", names))));
        Assert.Equal(
            ["Microsoft.Storage/storageAccounts abx0", "Microsoft.Storage/storageAccounts/blobServices default", "Microsoft.Storage/storageAccounts aby1", "Microsoft.Storage/storageAccounts/blobServices default"],
            BicepDeployment.Of("main", path => files[path], BicepFunctions.Of(("names", names), ("isOn", true))).Select(static resource => $"{resource.Type} {resource.Name}"));
    }

    [Fact]
    public void What_nobody_gives_and_what_is_not_deployed_cannot_be_used()
    {
        const string Main = """
            param location string
            module inner 'inner.bicep' = if (location == 'here') {
              name: 'inner'
              params: {
                name: 'x'
              }
            }
            output id string = inner!.outputs.id

            """;
        var files = new Dictionary<string, BicepFile>(StringComparer.Ordinal) { ["main"] = BicepParser.Read("main", Main), ["inner.bicep"] = BicepParser.Read("inner.bicep", Account) };

        Assert.Contains("nobody gives 'location'", Assert.Throws<BicepException>(() => BicepDeployment.Of("main", path => files[path], BicepFunctions.Of())).Message, StringComparison.Ordinal);
        Assert.Contains("not deployed", Assert.Throws<BicepException>(() => BicepDeployment.Of("main", path => files[path], BicepFunctions.Of(("location", "there")))).Message, StringComparison.Ordinal);
        Assert.Equal(2, BicepDeployment.Of("main", path => files[path], BicepFunctions.Of(("location", "here"))).Count);
    }
}
