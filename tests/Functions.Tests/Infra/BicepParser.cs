namespace MaintenanceFunctions.Tests.Infra;

/// <summary>
/// Reads Bicep: the part of it that <c>infra/</c> is written in, and refuses everything else. It knows no types of properties: the compiler, which the workflow runs, does.
/// </summary>
internal sealed partial class BicepParser
{
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
