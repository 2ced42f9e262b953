namespace MaintenanceFunctions.Tests.Infra;

/// <summary>What a file's names refer to.</summary>
internal static class BicepReferences
{
    /// <summary>Whatever of Bicep's own functions is used here.</summary>
    private static readonly HashSet<string> Functions =
        [.. BicepFunctions.Known, "description", "minLength", "maxLength", "minValue", "maxValue", "allowed", "secure", "metadata", "deployer", "resourceGroup"];

    /// <summary>Names that nothing declares, functions that are none, symbols that are declared twice, and parameters and variables that nothing uses: a sentence each.</summary>
    public static IReadOnlyList<string> Problems(BicepFile file)
    {
        var problems = new List<string>();
        var used = new HashSet<string>(StringComparer.Ordinal);
        problems.AddRange(Twice(file.Declarations.Where(static declaration => declaration.Kind != BicepKind.Output)));
        problems.AddRange(Twice(file.Of(BicepKind.Output)));
        var names = new HashSet<string>(file.Declarations.Where(static declaration => declaration.Kind != BicepKind.Output).Select(static declaration => declaration.Name), StringComparer.Ordinal);
        foreach (var declaration in file.Declarations)
        {
            foreach (var decorator in declaration.Decorators)
            {
                Walk(decorator, new HashSet<string>(), used, problems);
            }

            if (declaration.Value is { } value)
            {
                Walk(value, names, used, problems);
            }
        }

        problems.AddRange(file.Declarations
            .Where(declaration => declaration.Kind is BicepKind.Parameter or BicepKind.Variable or BicepKind.Existing && !used.Contains(declaration.Name))
            .Select(static declaration => $"line {declaration.Line}: nothing uses '{declaration.Name}'."));
        return problems;

        static IEnumerable<string> Twice(IEnumerable<BicepDeclaration> declarations) =>
            declarations.GroupBy(static declaration => declaration.Name, StringComparer.Ordinal).Where(static group => group.Count() > 1)
                .Select(static group => $"line {group.Last().Line}: '{group.Key}' is declared twice.");
    }

    private static void Walk(BicepNode node, IReadOnlySet<string> names, HashSet<string> used, List<string> problems)
    {
        switch (node)
        {
            case BicepName name when names.Contains(name.Name):
                used.Add(name.Name);
                break;
            case BicepName name:
                problems.Add($"line {name.Line}: nothing declares '{name.Name}'.");
                break;
            case BicepCall call:
                if (!Functions.Contains(call.Function))
                {
                    problems.Add($"line {call.Line}: '{call.Function}' is no function.");
                }

                All(call.Arguments, names);
                break;
            case BicepText text:
                All(text.Parts.OfType<BicepNode>(), names);
                break;
            case BicepMember member:
                Walk(member.Target, names, used, problems);
                break;
            case BicepIndex index:
                All([index.Target, index.Key], names);
                break;
            case BicepArray array:
                All(array.Items, names);
                break;
            case BicepChoice choice:
                All([choice.Condition, choice.Then, choice.Else], names);
                break;
            case BicepBinary binary:
                All([binary.Left, binary.Right], names);
                break;
            case BicepNot not:
                Walk(not.Operand, names, used, problems);
                break;
            case BicepIf conditional:
                All([conditional.Condition, conditional.Body], names);
                break;
            case BicepLambda lambda:
                Walk(lambda.Body, With(names, lambda.Parameters), used, problems);
                break;
            case BicepLoop loop:
                Walk(loop.Source, names, used, problems);
                Walk(loop.Body, With(names, loop.Index is { } i ? [loop.Item, i] : [loop.Item]), used, problems);
                break;
            case BicepObject body:
                var inner = With(names, body.Nested.Select(static nested => nested.Name));
                All(body.Properties.SelectMany(static property => new[] { property.Key, property.Value }), inner);
                All(body.Nested.Select(static nested => nested.Value!), inner);
                break;
        }

        void All(IEnumerable<BicepNode> nodes, IReadOnlySet<string> scope)
        {
            foreach (var one in nodes)
            {
                Walk(one, scope, used, problems);
            }
        }
    }

    private static HashSet<string> With(IReadOnlySet<string> names, IEnumerable<string> more) => [.. names, .. more];
}
