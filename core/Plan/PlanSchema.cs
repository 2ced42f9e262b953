using System.Text.Json;
using System.Text.Json.Nodes;

namespace Maintenance.Plan;

/// <summary>Writes the plan's shape as JSON Schema (draft 2020-12), so that editors complete and check a plan while it is typed.</summary>
public static class PlanSchema
{
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema, indented.</summary>
    public static string Write()
    {
        var schema = SchemaMap.Describe(PlanShape.Read);
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "Operations and maintenance plan");
        return schema.ToJsonString(Indented) + "\n";
    }

    private sealed class SchemaMap : PlanMap
    {
        private readonly JsonObject _properties = [];
        private readonly JsonArray _required = [];
        private readonly JsonArray _alternatives = [];
        private readonly JsonObject _needed = [];

        public static JsonObject Describe<T>(Func<PlanMap, T> read)
        {
            var map = new SchemaMap();
            _ = read(map);
            var schema = new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = map._properties };
            if (map._required.Count > 0)
            {
                schema["required"] = map._required;
            }

            if (map._alternatives.Count > 0)
            {
                schema["oneOf"] = map._alternatives;
            }

            if (map._needed.Count > 0)
            {
                schema["dependentRequired"] = map._needed;
            }

            return schema;
        }

        public override T Value<T>(string name, string doc, ScalarKind<T> kind, T filler) => Add(name, doc, kind.Schema(), true, filler);

        public override T Optional<T>(string name, string doc, ScalarKind<T> kind, T absent) => Add(name, doc, kind.Schema(), false, absent);

        public override IReadOnlyList<T> Values<T>(string name, string doc, ScalarKind<T> kind, int least, IReadOnlyList<T>? absent = null) =>
            Add<IReadOnlyList<T>>(name, doc, Array(kind.Schema(), least), least > 0 && absent is null, []);

        public override T Map<T>(string name, string doc, Func<PlanMap, T> read) => Add(name, doc, Describe(read), true, read(new SchemaMap()));

        public override T? OptionalMap<T>(string name, string doc, Func<PlanMap, T> read)
            where T : class => Add<T?>(name, doc, Describe(read), false, null);

        public override IReadOnlyList<T> List<T>(string name, string doc, Func<PlanMap, T> read, int least) =>
            Add<IReadOnlyList<T>>(name, doc, Array(Describe(read), least), least > 0, []);

        public override IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Table(
            string name, string doc, PlanEntity rows, PlanEntity columns, PlanEntity cells) =>
            Add<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>>(
                name,
                doc,
                new JsonObject
                {
                    ["type"] = "object",
                    ["additionalProperties"] = new JsonObject { ["type"] = "object", ["additionalProperties"] = new JsonObject { ["type"] = "string" } },
                },
                true,
                new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal));

        public override void ExactlyOne(params string[] names)
        {
            foreach (var name in names)
            {
                _alternatives.Add((JsonNode)new JsonObject { ["required"] = new JsonArray(name) });
            }
        }

        public override void OnlyWith(string name, string needed) => _needed[name] = new JsonArray(needed);

        private static JsonObject Array(JsonObject items, int least)
        {
            var schema = new JsonObject { ["type"] = "array", ["items"] = items };
            if (least > 0)
            {
                schema["minItems"] = least;
            }

            return schema;
        }

        private T Add<T>(string name, string doc, JsonObject schema, bool required, T filler)
        {
            schema["description"] = doc;
            _properties[name] = schema;
            if (required)
            {
                _required.Add((JsonNode)name);
            }

            return filler;
        }
    }
}
