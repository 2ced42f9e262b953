using System.Globalization;

namespace MaintenanceFunctions.Tests.Infra;

/// <summary>
/// Reads Bicep: the part of it that <c>infra/</c> is written in, and refuses everything else. It knows no types of properties: the compiler, which the workflow runs, does.
/// </summary>
internal sealed class BicepParser
{
    /// <summary>From the loosest to the tightest.</summary>
    private static readonly string[][] Operators = [["??"], ["||"], ["&&"], ["==", "!="], ["<", ">", "<=", ">="], ["+", "-"], ["*", "/", "%"]];

    private readonly IReadOnlyList<BicepToken> _tokens;
    private int _at;

    private BicepParser(IReadOnlyList<BicepToken> tokens) => _tokens = tokens;

    private BicepToken Now => _tokens[_at];

    /// <exception cref="BicepException">Something is not as Bicep has it.</exception>
    public static BicepFile Read(string path, string text)
    {
        var parser = new BicepParser(BicepLexer.Read(text));
        var declarations = new List<BicepDeclaration>();
        parser.SkipLines();
        while (parser.Now.Kind != BicepTokenKind.End)
        {
            if (parser.Statement() is { } declaration)
            {
                declarations.Add(declaration);
            }

            if (parser.Now.Kind is not (BicepTokenKind.NewLine or BicepTokenKind.End))
            {
                throw parser.Unexpected("the end of the line");
            }

            parser.SkipLines();
        }

        return new BicepFile(path, declarations);
    }

    private BicepDeclaration? Statement()
    {
        var decorators = new List<BicepCall>();
        while (Is("@"))
        {
            _at++;
            decorators.Add(Primary() is BicepCall call ? call : throw Unexpected("a call"));
            SkipLines();
        }

        var line = Now.Line;
        switch (Word())
        {
            case "targetScope":
                Expect("=");
                _ = Expression();
                return null;
            case "param":
                var parameter = Word();
                var type = Word();
                return new BicepDeclaration(BicepKind.Parameter, parameter, type, Accept("=") ? Expression() : null, decorators, line);
            case "var":
                var variable = Word();
                Expect("=");
                return new BicepDeclaration(BicepKind.Variable, variable, "", Expression(), decorators, line);
            case "output":
                var output = Word();
                var outputType = Word();
                Expect("=");
                return new BicepDeclaration(BicepKind.Output, output, outputType, Expression(), decorators, line);
            case "resource":
                return Resource(decorators, line);
            case "module":
                var module = Word();
                var path = PlainText();
                Expect("=");
                return new BicepDeclaration(BicepKind.Module, module, path, Value(), decorators, line);
            case var other:
                throw new BicepException($"'{other}' begins no statement.", line);
        }
    }

    private BicepDeclaration Resource(IReadOnlyList<BicepCall> decorators, int line)
    {
        var name = Word();
        var type = PlainText();
        var kind = BicepKind.Resource;
        if (Now is { Kind: BicepTokenKind.Word, Value: "existing" })
        {
            kind = BicepKind.Existing;
            _at++;
        }

        Expect("=");
        return new BicepDeclaration(kind, name, type, Value(), decorators, line);
    }

    /// <summary>A value, or the body of a resource or module: with a condition or a loop where it has one.</summary>
    private BicepNode Value()
    {
        if (Now is not { Kind: BicepTokenKind.Word, Value: "if" })
        {
            return Expression();
        }

        var line = Now.Line;
        _at++;
        Expect("(");
        SkipLines();
        var condition = Expression();
        SkipLines();
        Expect(")");
        return new BicepIf(line, condition, Expression());
    }

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

    private string Word()
    {
        var token = Now;
        if (token.Kind != BicepTokenKind.Word)
        {
            throw Unexpected("a name");
        }

        _at++;
        return token.Value;
    }

    private string PlainText()
    {
        var token = Now;
        if (token is not { Kind: BicepTokenKind.Text, Parts: [string value] })
        {
            throw Unexpected("a text");
        }

        _at++;
        return value;
    }

    private void SkipLines()
    {
        while (Now.Kind == BicepTokenKind.NewLine)
        {
            _at++;
        }
    }

    private bool Is(string mark) => Now.Kind == BicepTokenKind.Mark && Now.Value == mark;

    private bool Accept(string mark)
    {
        var isThere = Is(mark);
        _at += isThere ? 1 : 0;
        return isThere;
    }

    private bool AcceptOverLines(string mark)
    {
        var before = _at;
        SkipLines();
        if (Accept(mark))
        {
            return true;
        }

        _at = before;
        return false;
    }

    private void Expect(string mark)
    {
        if (!Accept(mark))
        {
            throw Unexpected($"'{mark}'");
        }
    }

    private BicepException Unexpected(string expected) => new($"{expected} is expected, and not {(Now.Kind is BicepTokenKind.Word or BicepTokenKind.Mark or BicepTokenKind.Number ? $"'{Now.Value}'" : Now.Value)}.", Now.Line);
}
