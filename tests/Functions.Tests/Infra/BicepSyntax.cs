namespace MaintenanceFunctions.Tests.Infra;

/// <summary>An expression of Bicep, with the line that it begins on.</summary>
internal abstract record BicepNode(int Line);

/// <summary>A text; its parts are strings and, where it is interpolated, expressions.</summary>
internal sealed record BicepText(int Line, IReadOnlyList<object> Parts) : BicepNode(Line);

/// <summary>A number, true, false or null.</summary>
internal sealed record BicepLiteral(int Line, object? Value) : BicepNode(Line);

internal sealed record BicepName(int Line, string Name) : BicepNode(Line);

/// <summary>A call of a function, as in <c>take(token, 6)</c>.</summary>
internal sealed record BicepCall(int Line, string Function, IReadOnlyList<BicepNode> Arguments) : BicepNode(Line);

/// <summary><c>target.name</c>, or with <c>::</c> the nested resource of that name.</summary>
internal sealed record BicepMember(int Line, BicepNode Target, string Name, bool IsNested) : BicepNode(Line);

internal sealed record BicepIndex(int Line, BicepNode Target, BicepNode Key) : BicepNode(Line);

internal sealed record BicepArray(int Line, IReadOnlyList<BicepNode> Items) : BicepNode(Line);

internal sealed record BicepObject(int Line, IReadOnlyList<BicepProperty> Properties, IReadOnlyList<BicepDeclaration> Nested) : BicepNode(Line)
{
    /// <summary>The value of a property, or null.</summary>
    public BicepNode? Find(string name) => Properties.FirstOrDefault(property => property.Key is BicepText { Parts: [string key] } && key == name)?.Value;
}

internal sealed record BicepProperty(BicepNode Key, BicepNode Value);

internal sealed record BicepChoice(int Line, BicepNode Condition, BicepNode Then, BicepNode Else) : BicepNode(Line);

internal sealed record BicepBinary(int Line, string Operator, BicepNode Left, BicepNode Right) : BicepNode(Line);

internal sealed record BicepNot(int Line, BicepNode Operand) : BicepNode(Line);

internal sealed record BicepLambda(int Line, IReadOnlyList<string> Parameters, BicepNode Body) : BicepNode(Line);

/// <summary><c>[for item in source: body]</c>, with an index where one is named.</summary>
internal sealed record BicepLoop(int Line, string Item, string? Index, BicepNode Source, BicepNode Body) : BicepNode(Line);

/// <summary><c>if (condition) body</c>, of a resource or a module.</summary>
internal sealed record BicepIf(int Line, BicepNode Condition, BicepNode Body) : BicepNode(Line);

internal enum BicepKind
{
    Parameter,
    Variable,
    Resource,
    Existing,
    Module,
    Output,
}

/// <summary>A declaration.</summary>
/// <param name="Kind">What it declares.</param>
/// <param name="Name">Its symbol.</param>
/// <param name="Type">The type of a parameter or output, <c>type@version</c> of a resource, the path of a module; empty for a variable.</param>
/// <param name="Value">The value, default or body; null for a parameter without a default.</param>
/// <param name="Decorators">The calls behind its <c>@</c>.</param>
/// <param name="Line">Its line, from 1.</param>
internal sealed record BicepDeclaration(BicepKind Kind, string Name, string Type, BicepNode? Value, IReadOnlyList<BicepCall> Decorators, int Line)
{
    /// <summary>The object in it: without the loop and the condition around it.</summary>
    public BicepObject Body
    {
        get
        {
            var node = Value;
            while (node is not BicepObject)
            {
                node = node switch
                {
                    BicepLoop loop => loop.Body,
                    BicepIf conditional => conditional.Body,
                    _ => throw new BicepException($"{Name} has no body.", Line),
                };
            }

            return (BicepObject)node;
        }
    }
}

/// <summary>A file.</summary>
internal sealed record BicepFile(string Path, IReadOnlyList<BicepDeclaration> Declarations)
{
    public IEnumerable<BicepDeclaration> Of(BicepKind kind) => Declarations.Where(declaration => declaration.Kind == kind);
}

/// <summary>The text is no Bicep that this reader knows.</summary>
internal sealed class BicepException(string message, int line) : Exception($"line {line}: {message}");
