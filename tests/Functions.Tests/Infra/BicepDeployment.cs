namespace MaintenanceFunctions.Tests.Infra;

/// <summary>A resource as it would be deployed.</summary>
/// <param name="Type">Its full type, without the version.</param>
/// <param name="Version">The version of the API.</param>
/// <param name="Name">Its own name: of a nested resource, the last part.</param>
/// <param name="Module">The file that declares it.</param>
/// <param name="Body">Its members; what only Azure knows is a text in angle brackets.</param>
internal sealed record DeployedResource(string Type, string Version, string Name, string Module, IReadOnlyDictionary<string, object?> Body)
{
    /// <summary>The resource that it is a part of; null where it is none of another's.</summary>
    public DeployedResource? Parent { get; set; }

    public string Id => $"<{Type}/{Path}>";

    private string Path => Parent is null ? Name : $"{Parent.Path}/{Name}";

    /// <summary>A member of its properties, by the names on the way: null where there is none.</summary>
    public object? Property(params string[] path)
    {
        object? value = Body.GetValueOrDefault("properties");
        foreach (var name in path)
        {
            value = (value as IReadOnlyDictionary<string, object?>)?.GetValueOrDefault(name);
        }

        return value;
    }
}

/// <summary>What a template and its modules would deploy with given parameters: the template is evaluated, and Azure's own answers are stand-ins.</summary>
internal sealed class BicepDeployment
{
    private readonly Dictionary<string, Lazy<object?>> _symbols = new(StringComparer.Ordinal);
    private readonly List<DeployedResource> _resources;
    private readonly Queue<ResourceValue> _pending = new();
    private readonly Func<string, BicepFile> _files;
    private readonly BicepFile _file;

    private BicepDeployment(BicepFile file, Func<string, BicepFile> files, IReadOnlyDictionary<string, object?> parameters, List<DeployedResource> resources)
    {
        (_file, _files, _resources) = (file, files, resources);
        foreach (var declaration in file.Declarations)
        {
            switch (declaration.Kind)
            {
                case BicepKind.Parameter:
                    Define(declaration.Name, () => parameters.TryGetValue(declaration.Name, out var given) ? given
                        : declaration.Value is { } standard ? Evaluate(standard, Scope.Empty)
                        : throw new BicepException($"{file.Path}: nobody gives '{declaration.Name}'.", declaration.Line));
                    break;
                case BicepKind.Variable:
                    Define(declaration.Name, () => Evaluate(declaration.Value!, Scope.Empty));
                    break;
                case BicepKind.Module:
                    Define(declaration.Name, () => Instances(declaration.Value!, Scope.Empty, (body, scope) => Module(declaration, body, scope)));
                    break;
                case BicepKind.Resource or BicepKind.Existing:
                    Define(declaration.Name, () => Instances(declaration.Value!, Scope.Empty, (body, scope) => Resource(declaration, body, scope, null)));
                    break;
            }
        }
    }

    /// <summary>Evaluates a template.</summary>
    /// <param name="path">The template, as <paramref name="files"/> knows it.</param>
    /// <param name="files">Gives each file by its path from the template's folder.</param>
    /// <param name="parameters">The parameters; the others have their defaults.</param>
    public static IReadOnlyList<DeployedResource> Of(string path, Func<string, BicepFile> files, IReadOnlyDictionary<string, object?> parameters)
    {
        var resources = new List<DeployedResource>();
        new BicepDeployment(files(path), files, parameters, resources).Run();
        return resources;
    }

    private Dictionary<string, object?> Run()
    {
        foreach (var symbol in _symbols.Values)
        {
            _ = symbol.Value;
        }

        // After their parents, for which they may ask.
        while (_pending.TryDequeue(out var parent))
        {
            foreach (var nested in parent.Nested.Values)
            {
                _ = nested.Value;
            }
        }

        return _file.Of(BicepKind.Output).ToDictionary(static output => output.Name, output => Evaluate(output.Value!, Scope.Empty), StringComparer.Ordinal);
    }

    private void Define(string name, Func<object?> value) => _symbols[name] = new Lazy<object?>(value, isThreadSafe: false);

    /// <summary>One, none where its condition does not hold, or a list of them.</summary>
    private object? Instances(BicepNode value, Scope scope, Func<BicepObject, Scope, object?> make) => value switch
    {
        BicepIf conditional => (bool)Evaluate(conditional.Condition, scope)! ? Instances(conditional.Body, scope, make) : null,
        BicepLoop loop => Each(loop, scope, (body, inner) => Instances(body, inner, make)),
        BicepObject body => make(body, scope),
        _ => throw new BicepException("A body is expected.", value.Line),
    };

    private List<object?> Each(BicepLoop loop, Scope scope, Func<BicepNode, Scope, object?> make) =>
        [.. ((List<object?>)Evaluate(loop.Source, scope)!).Select((item, index) =>
            make(loop.Body, scope.With(loop.Item, item).With(loop.Index ?? "", (long)index)))];

    private ModuleValue Module(BicepDeclaration declaration, BicepObject body, Scope scope)
    {
        var given = body.Find("params") is { } parameters ? (Dictionary<string, object?>)Evaluate(parameters, scope)! : [];
        return new ModuleValue(new BicepDeployment(_files(declaration.Type), _files, given, _resources).Run());
    }

    private ResourceValue Resource(BicepDeclaration declaration, BicepObject body, Scope scope, DeployedResource? parent)
    {
        var (type, version) = declaration.Type.Split('@') is [var first, var second] ? (first, second) : (declaration.Type, "");
        var members = new Dictionary<string, object?>(StringComparer.Ordinal);
        var name = (string)Evaluate(body.Find("name")!, scope)!;
        var resource = new DeployedResource(parent is null ? type : $"{parent.Type}/{type}", version, name, _file.Path, members)
        {
            Parent = parent,
        };
        var value = new ResourceValue(resource, []);
        foreach (var nested in body.Nested)
        {
            value.Nested[nested.Name] = new Lazy<object?>(() => Instances(nested.Value!, scope, (inner, innerScope) => Resource(nested, inner, innerScope, resource)), isThreadSafe: false);
            scope = scope.With(nested.Name, value.Nested[nested.Name]);
        }

        if (declaration.Kind == BicepKind.Resource)
        {
            _resources.Add(resource);
        }

        foreach (var property in body.Properties)
        {
            members[(string)Evaluate(property.Key, scope)!] = Evaluate(property.Value, scope);
        }

        if (members.GetValueOrDefault("parent") is ResourceValue { Resource: var named })
        {
            resource.Parent = named;
        }

        _pending.Enqueue(value);
        return value;
    }

    private object? Evaluate(BicepNode node, Scope scope)
    {
        switch (node)
        {
            case BicepLiteral literal:
                return literal.Value;
            case BicepText { Parts: [string plain] }:
                return plain;
            case BicepText text:
                return string.Concat(text.Parts.Select(part => part is BicepNode inner ? Evaluate(inner, scope) : part));
            case BicepName name:
                return scope.Find(name.Name, out var found) ? found is Lazy<object?> later ? later.Value : found : _symbols[name.Name].Value;
            case BicepArray array:
                return array.Items.Select(item => Evaluate(item, scope)).ToList();
            case BicepObject body:
                return body.Properties.ToDictionary(property => (string)Evaluate(property.Key, scope)!, property => Evaluate(property.Value, scope), StringComparer.Ordinal);
            case BicepLoop loop:
                return Each(loop, scope, Evaluate);
            case BicepChoice choice:
                return Evaluate((bool)Evaluate(choice.Condition, scope)! ? choice.Then : choice.Else, scope);
            case BicepNot not:
                return !(bool)Evaluate(not.Operand, scope)!;
            case BicepBinary binary:
                return Binary(binary, scope);
            case BicepLambda lambda:
                return (Func<object?[], object?>)(values => Evaluate(lambda.Body, lambda.Parameters.Zip(values).Aggregate(scope, static (inner, pair) => inner.With(pair.First, pair.Second))));
            case BicepCall call:
                return BicepFunctions.Call(call.Function, [.. call.Arguments.Select(argument => Evaluate(argument, scope))]);
            case BicepIndex index:
                return Index(Evaluate(index.Target, scope), Evaluate(index.Key, scope));
            case BicepMember member:
                return Member(Evaluate(member.Target, scope), member);
            default:
                throw new BicepException($"{node.GetType().Name} is not known here.", node.Line);
        }
    }

    private object? Binary(BicepBinary binary, Scope scope)
    {
        var left = Evaluate(binary.Left, scope);
        return binary.Operator switch
        {
            "&&" => (bool)left! && (bool)Evaluate(binary.Right, scope)!,
            "||" => (bool)left! || (bool)Evaluate(binary.Right, scope)!,
            "==" => Equals(left, Evaluate(binary.Right, scope)),
            "!=" => !Equals(left, Evaluate(binary.Right, scope)),
            ">" => (long)left! > (long)Evaluate(binary.Right, scope)!,
            "<" => (long)left! < (long)Evaluate(binary.Right, scope)!,
            _ => throw new BicepException($"'{binary.Operator}' is not known here.", binary.Line),
        };
    }

    private static object? Index(object? target, object? key) => target switch
    {
        List<object?> list => list[(int)(long)key!],
        IReadOnlyDictionary<string, object?> map => map[(string)key!],
        _ => throw new InvalidOperationException($"{target} has no items."),
    };

    private static object? Member(object? target, BicepMember member) => target switch
    {
        ResourceValue value when member.IsNested => value.Nested[member.Name].Value,
        ResourceValue value => member.Name switch
        {
            "id" => value.Resource.Id,
            "name" => value.Resource.Name,
            "properties" => new Answer($"{value.Resource.Id}.properties"),
            var other => throw new BicepException($"'{other}' of a resource is not known here.", member.Line),
        },
        Answer answer => new Answer($"{answer.Path}.{member.Name}"),
        ModuleValue module when member.Name == "outputs" => module.Outputs,
        IReadOnlyDictionary<string, object?> map => map[member.Name],
        null => throw new BicepException($"'{member.Name}' is asked of something that is not deployed.", member.Line),
        _ => throw new BicepException($"'{member.Name}' is asked of {target}.", member.Line),
    };

    /// <summary>What only Azure knows.</summary>
    private sealed record Answer(string Path)
    {
        public override string ToString() => $"<{Path}>";
    }

    private sealed record ModuleValue(IReadOnlyDictionary<string, object?> Outputs);

    private sealed record ResourceValue(DeployedResource Resource, Dictionary<string, Lazy<object?>> Nested);

    private sealed record Scope(IReadOnlyDictionary<string, object?> Values)
    {
        public static Scope Empty { get; } = new(new Dictionary<string, object?>(StringComparer.Ordinal));

        public bool Find(string name, out object? value) => Values.TryGetValue(name, out value);

        public Scope With(string name, object? value) => new(new Dictionary<string, object?>(Values, StringComparer.Ordinal) { [name] = value });
    }
}
