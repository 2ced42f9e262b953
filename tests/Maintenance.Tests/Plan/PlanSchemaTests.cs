using System.Text.Json.Nodes;
using Maintenance.Plan;
using YamlDotNet.RepresentationModel;

namespace Maintenance.Tests.Plan;

/// <summary>The schema says what the loader does: neither accepts or demands what the other does not.</summary>
public sealed class PlanSchemaTests
{
    private static readonly JsonObject Schema = JsonNode.Parse(PlanSchema.Write())!.AsObject();

    [Fact]
    public void The_schema_beside_the_sample_plan_is_the_one_that_the_program_writes()
    {
        var written = File.ReadAllText(Path.Combine(SamplePlan.Folder, "plan.schema.json"));

        Assert.True(written == PlanSchema.Write(), "The plan's shape has changed. Renew its schema: dotnet run --project local -- plan schema > plan/plan.schema.json");
    }

    [Fact]
    public void The_sample_plan_points_its_editor_at_the_schema() =>
        Assert.StartsWith("# yaml-language-server: $schema=./plan.schema.json\n", SamplePlan.Yaml, StringComparison.Ordinal);

    [Fact]
    public void Every_mapping_of_the_schema_says_what_each_key_is_for_and_allows_no_other()
    {
        var mappings = Objects(Schema).ToList();

        Assert.True(mappings.Count >= 20);
        foreach (var mapping in mappings)
        {
            Assert.False(mapping["additionalProperties"]!.GetValue<bool>());
            foreach (var (key, property) in mapping["properties"]!.AsObject())
            {
                Assert.False(string.IsNullOrWhiteSpace(property!["description"]?.GetValue<string>()), $"'{key}' has no description.");
            }

            Assert.Subset(
                mapping["properties"]!.AsObject().Select(static p => p.Key).ToHashSet(),
                (mapping["required"]?.AsArray() ?? []).Select(static key => key!.GetValue<string>()).ToHashSet());
        }
    }

    [Fact]
    public void Every_key_of_the_sample_plan_is_in_the_schema()
    {
        var unknown = Mappings(Parse(SamplePlan.Yaml), Schema, "")
            .SelectMany(static at => at.Node.Children.Keys.Select(key => (at.Path, at.Schema, Key: ((YamlScalarNode)key).Value!)))
            .Where(static at => at.Schema["properties"]![at.Key] is null);

        Assert.Empty(unknown.Select(static at => $"{at.Path}.{at.Key}"));
    }

    [Fact]
    public void Every_required_key_is_one_error_where_it_is_missing()
    {
        var stream = Parse(SmallPlan.Yaml);
        var tried = 0;
        foreach (var (node, schema, path) in Mappings(stream, Schema, "").ToList())
        {
            foreach (var key in (schema["required"]?.AsArray() ?? []).Select(static key => key!.GetValue<string>()))
            {
                var name = new YamlScalarNode(key);
                var value = node.Children[name];
                _ = node.Children.Remove(name);
                var problems = SmallPlan.Load(Text(stream)).Problems;
                node.Children.Add(name, value);

                var missing = path.Length == 0 ? key : $"{path}.{key}";
                Assert.Equal((missing, $"the key '{key}' is missing."), problems.Select(static p => (p.Path, p.Message)).FirstOrDefault());
                Assert.Single(problems);
                tried++;
            }
        }

        Assert.True(tried > 60, $"Only {tried} keys were tried.");
    }

    [Fact]
    public void Every_optional_key_of_the_small_plan_may_be_left_out()
    {
        var stream = Parse(SmallPlan.Yaml);
        foreach (var (node, schema, path) in Mappings(stream, Schema, "").ToList())
        {
            var required = (schema["required"]?.AsArray() ?? []).Concat(Alternatives(schema)).Select(static key => key!.GetValue<string>()).ToHashSet();
            foreach (var name in node.Children.Keys.Where(key => !required.Contains(((YamlScalarNode)key).Value!)).ToList())
            {
                var value = node.Children[name];
                _ = node.Children.Remove(name);
                var problems = SmallPlan.Load(Text(stream)).Problems;
                node.Children.Add(name, value);

                Assert.DoesNotContain(problems, problem => problem.Path == $"{path}.{name}" || problem.Message.Contains("missing", StringComparison.Ordinal));
            }
        }
    }

    [Theory]
    [InlineData("backups[0].source", "source: { folder: register }")]
    [InlineData("repository.copies[0]", "- { id: away, folder: away, media: tape, offSite: true, verify: { percent: 20 } }")]
    [InlineData("windows.maintenance[0]", "- { id: night, name: Sunday night, days: [sun], start: \"22:00\", end: \"04:00\" }")]
    public void Of_alternatives_the_schema_accepts_just_the_choices_that_the_loader_does(string path, string passage)
    {
        Dictionary<string, string> values = new()
        {
            ["folder"] = "elsewhere",
            ["oneFileSystem"] = "true",
            ["records"] = "all",
            ["container"] = "https://a.example/scans",
            ["table"] = "https://a.example/Births",
            ["postgres"] = "CIVREG",
            ["command"] = "[pg_dump]",
            ["output"] = "all.sql",
            ["days"] = "[mon, fri]",
            ["monthly"] = "{ week: last, day: fri }",
        };
        var schema = Mappings(Parse(SmallPlan.Yaml), Schema, "").Single(at => at.Path == path).Schema;
        var optional = schema["properties"]!.AsObject().Select(static p => p.Key).Where(values.ContainsKey).ToList();
        var fixedPart = path.StartsWith("repository", StringComparison.Ordinal) ? "- { id: away, media: tape, offSite: true, "
            : path.StartsWith("windows", StringComparison.Ordinal) ? "- { id: night, name: Sunday night, start: \"22:00\", end: \"04:00\", "
            : "source: { ";
        var good = 0;
        for (var choice = 0; choice < 1 << optional.Count; choice++)
        {
            var keys = optional.Where((_, i) => (choice & (1 << i)) != 0).ToHashSet();
            var isRight = Alternatives(schema).Count(key => keys.Contains(key!.GetValue<string>())) == 1
                && (schema["dependentRequired"]?.AsObject() ?? []).All(pair => !keys.Contains(pair.Key) || pair.Value!.AsArray().All(needed => keys.Contains(needed!.GetValue<string>())));

            var errors = SmallPlan.Load(SmallPlan.With(passage, fixedPart + string.Join(", ", keys.Select(key => $"{key}: {values[key]}")) + " }"))
                .Problems.Where(static problem => problem.Severity == PlanProblemSeverity.Error).ToList();

            Assert.True(isRight == (errors.Count == 0), $"{string.Join(", ", keys)}: {string.Join(' ', errors)}");
            Assert.All(errors, problem => Assert.StartsWith(path, problem.Path, StringComparison.Ordinal));
            good += isRight ? 1 : 0;
        }

        Assert.True(good > 1);
    }

    /// <summary>The keys of which a mapping has exactly one.</summary>
    private static IEnumerable<JsonNode?> Alternatives(JsonObject schema) => (schema["oneOf"]?.AsArray() ?? []).SelectMany(static choice => choice!["required"]!.AsArray());

    /// <summary>The schemas of all mappings.</summary>
    private static IEnumerable<JsonObject> Objects(JsonObject schema)
    {
        var inside = schema["properties"] is JsonObject properties ? properties.Select(static property => property.Value!.AsObject())
            : schema["items"] is JsonObject items ? [items]
            : [];
        return inside.SelectMany(Objects).Prepend(schema).Where(static s => s["properties"] is not null);
    }

    /// <summary>The mappings of a document that the schema describes key by key, each with its schema and path.</summary>
    private static IEnumerable<(YamlMappingNode Node, JsonObject Schema, string Path)> Mappings(YamlStream stream, JsonObject schema, string path) =>
        Mappings(stream.Documents[0].RootNode, schema, path);

    private static IEnumerable<(YamlMappingNode Node, JsonObject Schema, string Path)> Mappings(YamlNode node, JsonObject schema, string path) => node switch
    {
        YamlMappingNode mapping when schema["properties"] is JsonObject properties =>
            mapping.Children
                .Where(child => properties[((YamlScalarNode)child.Key).Value!] is JsonObject)
                .SelectMany(child => Mappings(child.Value, properties[((YamlScalarNode)child.Key).Value!]!.AsObject(), path.Length == 0 ? child.Key.ToString() : $"{path}.{child.Key}"))
                .Prepend((mapping, schema, path)),
        YamlSequenceNode sequence when schema["items"] is JsonObject items =>
            sequence.Children.SelectMany((child, index) => Mappings(child, items, $"{path}[{index}]")),
        _ => [],
    };

    private static YamlStream Parse(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return stream;
    }

    private static string Text(YamlStream stream)
    {
        var text = new StringWriter();
        stream.Save(text, assignAnchors: false);
        return text.ToString().Replace("\n...", "\n", StringComparison.Ordinal);
    }
}
