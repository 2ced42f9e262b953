using Maintenance.Actions;

using static Maintenance.Plan.PlaceScalars;
using static Maintenance.Plan.Scalars;

namespace Maintenance.Plan;

/// <summary>What actions and checks look like, wherever a plan has them; a part of <see cref="PlanShape"/>.</summary>
internal static class ActionShape
{
    /// <summary>The fields of which an action has exactly one.</summary>
    public static readonly string[] Names = ["command", "webhook", "webhookSetting"];

    /// <summary>A command or a webhook.</summary>
    public static PlanAction Action(PlanMap m)
    {
        var action = Fields(m);
        m.ExactlyOne(Names);
        return action;
    }

    /// <summary>The fields of an action, among others of the same mapping; no command and no webhook where it has none.</summary>
    public static PlanAction Fields(PlanMap m) => new(
        m.Values("command", "A program and its arguments, never a shell's text. Not on Azure.", Argument, least: 1, absent: []),
        m.Optional("webhook", "An address that is posted to; any answer of 200 to 299 is good.", Url, null),
        m.Optional("webhookSetting", "The name of the host's setting that holds the address, where that is a secret.", SettingName, null),
        m.Optional("timeout", "How long the command or the webhook may take; 10m where left out.", Duration, PlanAction.UsualTimeout));

    /// <summary>A look at a file, an address or a database.</summary>
    public static Check Check(PlanMap m)
    {
        var file = m.Optional("file", "A file or a folder of what was restored: a path below it. It must be there, and not be empty.", PathBelow("what was restored", "births/2026.csv"), null);
        var http = m.Optional("http", "An address that is asked.", Url, null);
        var query = m.Optional("query", "A query whose first value is looked at; it cannot write.", OptionalText, null);
        var database = m.Optional("database", "The name of the host's setting that holds the connection string of the query's database.", SettingName, null);
        var hash = m.Optional("sha256", "The SHA-256 that the file must have, as 64 hexadecimal digits.", Hash, null);
        var lines = m.Optional("atLeastLines", "How many lines the file must have at least: the rows of a table that is kept as text.", Amount, 0);
        var bytes = m.Optional("atLeastBytes", "How many bytes the file must have at least.", Amount, 0);
        var status = m.Optional("status", "The status that must be answered; 200 where left out.", Number(100, 599), 200);
        var contains = m.Optional("contains", "Text that the file or the answer must contain.", OptionalText, null);
        var equals = m.Optional("equals", "The value that the query must give.", OptionalText, null);
        var least = m.Optional("atLeast", "The number that the query's value must reach.", OptionalReal, null);
        var timeout = m.Optional("timeout", "How long an answer may take; 30s where left out.", Duration, TimeSpan.FromSeconds(30));
        m.ExactlyOne("file", "http", "query");
        m.OnlyWith("sha256", "file");
        m.OnlyWith("atLeastLines", "file");
        m.OnlyWith("atLeastBytes", "file");
        m.OnlyWith("status", "http");
        m.OnlyWith("database", "query");
        m.OnlyWith("equals", "query");
        m.OnlyWith("atLeast", "query");
        var kind = http is not null ? CheckKind.Http : query is not null ? CheckKind.Query : CheckKind.File;
        return new Check(kind, http?.ToString() ?? query ?? file ?? "")
        {
            Database = database,
            Hash = hash,
            AtLeastLines = lines,
            AtLeastBytes = bytes,
            Status = status,
            Contains = contains,
            ExpectedValue = equals,
            AtLeast = least,
            Timeout = timeout,
        };
    }
}
