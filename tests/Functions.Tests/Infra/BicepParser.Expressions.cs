using System.Globalization;

namespace MaintenanceFunctions.Tests.Infra;

/// <content>Expressions.</content>
internal sealed partial class BicepParser
{
    /// <summary>From the loosest to the tightest.</summary>
    private static readonly string[][] Operators = [["??"], ["||"], ["&&"], ["==", "!="], ["<", ">", "<=", ">="], ["+", "-"], ["*", "/", "%"]];

    private BicepNode Expression()
    {
        if (IsLambda())
        {
            return Lambda();
        }

        var line = Now.Line;
        var condition = Binary(0);
        if (!AcceptOverLines("?"))
        {
            return condition;
        }

        SkipLines();
        var then = Expression();
        if (!AcceptOverLines(":"))
        {
            throw Unexpected("':'");
        }

        SkipLines();
        return new BicepChoice(line, condition, then, Expression());
    }

    private BicepNode Binary(int level)
    {
        if (level == Operators.Length)
        {
            return Unary();
        }

        var left = Binary(level + 1);
        while (Now.Kind == BicepTokenKind.Mark && Operators[level].Contains(Now.Value))
        {
            var mark = Now;
            _at++;
            SkipLines();
            left = new BicepBinary(mark.Line, mark.Value, left, Binary(level + 1));
        }

        return left;
    }

    private BicepNode Unary()
    {
        var line = Now.Line;
        if (Accept("!"))
        {
            return new BicepNot(line, Unary());
        }

        return Accept("-") ? new BicepBinary(line, "-", new BicepLiteral(line, 0L), Unary()) : Primary();
    }

    private BicepNode Primary()
    {
        var node = Atom();
        while (true)
        {
            var line = Now.Line;
            if (Accept(".") || Accept(".?"))
            {
                node = new BicepMember(line, node, Word(), IsNested: false);
            }
            else if (Accept("::"))
            {
                node = new BicepMember(line, node, Word(), IsNested: true);
            }
            else if (Accept("["))
            {
                SkipLines();
                node = new BicepIndex(line, node, Expression());
                SkipLines();
                Expect("]");
            }
            else if (Is("!") && _tokens[_at + 1] is { Kind: BicepTokenKind.Mark, Value: "." or "::" or "[" })
            {
                // "It is there": for the compiler only.
                _at++;
            }
            else
            {
                return node;
            }
        }
    }

    private BicepNode Atom()
    {
        var token = Now;
        switch (token)
        {
            case { Kind: BicepTokenKind.Text }:
                _at++;
                return new BicepText(token.Line, [.. token.Parts!.Select(static part => part is IReadOnlyList<BicepToken> tokens ? Interpolation(tokens) : part)]);
            case { Kind: BicepTokenKind.Number }:
                _at++;
                return new BicepLiteral(token.Line, long.Parse(token.Value, CultureInfo.InvariantCulture));
            case { Kind: BicepTokenKind.Word, Value: "true" or "false" or "null" }:
                _at++;
                return new BicepLiteral(token.Line, token.Value == "null" ? null : token.Value == "true");
            case { Kind: BicepTokenKind.Word }:
                _at++;
                return Is("(") ? new BicepCall(token.Line, token.Value, Arguments()) : new BicepName(token.Line, token.Value);
            case { Kind: BicepTokenKind.Mark, Value: "(" }:
                _at++;
                SkipLines();
                var inner = Expression();
                SkipLines();
                Expect(")");
                return inner;
            case { Kind: BicepTokenKind.Mark, Value: "[" }:
                return ArrayOrLoop();
            case { Kind: BicepTokenKind.Mark, Value: "{" }:
                return Object();
            default:
                throw Unexpected("a value");
        }
    }

    private static BicepNode Interpolation(IReadOnlyList<BicepToken> tokens)
    {
        var parser = new BicepParser(tokens);
        var expression = parser.Expression();
        return parser.Now.Kind == BicepTokenKind.End ? expression : throw parser.Unexpected("'}'");
    }

    private List<BicepNode> Arguments()
    {
        Expect("(");
        SkipLines();
        var arguments = new List<BicepNode>();
        while (!Accept(")"))
        {
            arguments.Add(Expression());
            SkipLines();
            if (!Is(")"))
            {
                Expect(",");
                SkipLines();
            }
        }

        return arguments;
    }

    private BicepNode ArrayOrLoop()
    {
        var line = Now.Line;
        Expect("[");
        SkipLines();
        if (Now is { Kind: BicepTokenKind.Word, Value: "for" })
        {
            return Loop(line);
        }

        var items = new List<BicepNode>();
        while (!Accept("]"))
        {
            items.Add(Expression());
            Separate("]");
        }

        return new BicepArray(line, items);
    }

    private BicepLoop Loop(int line)
    {
        _at++;
        string item;
        string? index = null;
        if (Accept("("))
        {
            item = Word();
            Expect(",");
            index = Word();
            Expect(")");
        }
        else
        {
            item = Word();
        }

        if (Word() != "in")
        {
            throw Unexpected("'in'");
        }

        var source = Expression();
        Expect(":");
        SkipLines();
        var body = Value();
        SkipLines();
        Expect("]");
        return new BicepLoop(line, item, index, source, body);
    }

    private BicepObject Object()
    {
        var line = Now.Line;
        Expect("{");
        SkipLines();
        var properties = new List<BicepProperty>();
        var nested = new List<BicepDeclaration>();
        while (!Accept("}"))
        {
            if (Now is { Kind: BicepTokenKind.Word, Value: "resource" } && _tokens[_at + 1].Kind == BicepTokenKind.Word)
            {
                var at = Now.Line;
                _at++;
                nested.Add(Resource([], at));
            }
            else
            {
                var key = Now.Kind == BicepTokenKind.Text ? Atom() : new BicepText(Now.Line, [Word()]);
                Expect(":");
                SkipLines();
                properties.Add(new BicepProperty(key, Expression()));
            }

            Separate("}");
        }

        return new BicepObject(line, properties, nested);
    }

    private void Separate(string close)
    {
        if (Is(close))
        {
            return;
        }

        if (!Accept(",") && Now.Kind != BicepTokenKind.NewLine)
        {
            throw Unexpected($"the end of the line, ',' or '{close}'");
        }

        SkipLines();
    }

    private bool IsLambda()
    {
        if (Now.Kind == BicepTokenKind.Word)
        {
            return _tokens[_at + 1] is { Kind: BicepTokenKind.Mark, Value: "=>" };
        }

        var at = _at;
        if (!Is("("))
        {
            return false;
        }

        while (_tokens[++at].Kind == BicepTokenKind.Word || _tokens[at] is { Kind: BicepTokenKind.Mark, Value: "," })
        {
        }

        return _tokens[at] is { Kind: BicepTokenKind.Mark, Value: ")" } && _tokens[at + 1] is { Kind: BicepTokenKind.Mark, Value: "=>" };
    }

    private BicepLambda Lambda()
    {
        var line = Now.Line;
        var parameters = new List<string>();
        if (Accept("("))
        {
            while (!Accept(")"))
            {
                parameters.Add(Word());
                _ = Accept(",");
            }
        }
        else
        {
            parameters.Add(Word());
        }

        Expect("=>");
        SkipLines();
        return new BicepLambda(line, parameters, Expression());
    }
}
