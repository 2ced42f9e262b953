using Maintenance.Monitoring.Probes;

using static Maintenance.Plan.PlaceScalars;
using static Maintenance.Plan.Scalars;

namespace Maintenance.Plan;

/// <summary>What the section <c>monitoring</c> looks like; a part of <see cref="PlanShape"/>.</summary>
internal static class MonitoringShape
{
    /// <summary>An address, or a path of this system's own pages, which another place of installation does not change.</summary>
    private static readonly ScalarKind<Uri?> Address = new(
        static text => text.StartsWith('/') && !text.StartsWith("//", StringComparison.Ordinal) && Uri.TryCreate(text, UriKind.Relative, out var path) ? Parsed<Uri?>.Ok(path) : Url.Parse(text),
        static () => new System.Text.Json.Nodes.JsonObject { ["type"] = "string", ["format"] = "uri-reference", ["examples"] = new System.Text.Json.Nodes.JsonArray("https://registry.example/health", "/api/health") });

    private static readonly string[] Kinds = ["http", "tcp", "tls", "dns", "disk", "heartbeat", "query"];

    public static MonitoringPolicy Policy(PlanMap m) => new(
        m.List("probes", "What is looked at, how often, and when it counts as down.", Probe, least: 0),
        m.List("objectives", "How available services have to be, in a month.", Objective, least: 0))
    {
        Ticket = m.OptionalMap("tickets", "What the ticket of an outage is taken to be. Needed where there are probes.", static inside => new IncidentTicket(
            inside.Value("impact", "The id of the impact.", Reference(PlanEntity.Impact), ""),
            inside.Value("urgency", "The id of the urgency.", Reference(PlanEntity.Urgency), ""))),
        JoinsWithin = m.Optional("joinsWithin", "An outage that begins less than this after the last one of its probe is told in the ticket of that one, which is opened again; 1h where left out.", Duration, MonitoringPolicy.UsualJoinsWithin),
        QuietIn = m.Values("quietIn", "The ids of the maintenance windows in which services may be down by plan: no ticket is opened, and it counts not as downtime. Left out: none.", Reference(PlanEntity.Window), least: 0),
        Security = m.OptionalMap("security", "Who hears of refused sign-ins, changed roles, new administrators and exports of personal data.", static inside => new SecurityPolicy(
            inside.Values("notify", "People or roles.", Reference(PlanEntity.Recipient), least: 1),
            inside.Optional("failedSignIns", "So many refused sign-ins from one address are told; 5 where left out.", Number(2, 1000), 5),
            inside.Optional("within", "Within how long they come; 10m where left out.", Duration, TimeSpan.FromMinutes(10)))),
        DeadMan = m.OptionalMap("deadMan", "Who outside expects a call from the watchdog, and alarms where none comes: exactly one of url, urlSetting.", DeadMan),
    };

    private static Probe Probe(PlanMap m)
    {
        var id = m.Value("id", "Short and stable.", Id(PlanEntity.Probe), "");
        var service = m.Value("service", "The id of the service that is down where this is.", Reference(PlanEntity.Service), "");
        var name = m.Value("name", "What people call it.", Text, "");
        var every = m.Value("every", "How often: 30s at least. On Azure, whose timers tick once a minute, 1m is the most often.", Duration, TimeSpan.FromMinutes(1));
        var http = m.OptionalMap("http", "An address answers.", Http);
        var tcp = m.OptionalMap("tcp", "A port takes connections.", static inside => new ProbeTarget.Tcp(
            inside.Value("host", "A name or an address; self for where this system serves.", Text, ""), inside.Optional("port", "The port; 443 where left out, and that of this system with self.", Number(1, 65535), 443)));
        var tls = m.OptionalMap("tls", "A certificate does not end soon. Who issued it is looked at by an http probe, not here.", static inside => new ProbeTarget.Tls(
            inside.Value("host", "The name that the certificate is asked by.", Text, ""),
            inside.Optional("port", "The port; 443 where left out.", Number(1, 65535), 443),
            inside.Optional("before", "So long before its end it fails; 21d where left out.", Duration, TimeSpan.FromDays(21))));
        var dns = m.OptionalMap("dns", "A name has addresses.", static inside => new ProbeTarget.Dns(
            inside.Value("name", "The name.", Text, ""), inside.Values("expects", "Addresses that must all be among the answers; any will do where left out.", Text, least: 0)));
        var disk = m.OptionalMap("disk", "A disk of the host's machine has room.", static inside => new ProbeTarget.Disk(
            inside.Value("path", "A folder on it, relative to the plan's; . is the plan's own.", Folder, ".") ?? ".",
            inside.Optional("freePercent", "How much of it must be free at least, in per cent.", Number(0, 99), 0) is > 0 and var percent ? percent : null,
            inside.Optional("freeBytes", "How many bytes must be free at least.", Amount, 0) is > 0 and var bytes ? bytes : null));
        var heartbeat = m.OptionalMap("heartbeat", "A job calls POST /api/heartbeats/{id}; a missing call is a failure.", static inside => new ProbeTarget.Heartbeat(
            inside.Value("within", "One must come within this time of the last; before the first, of the first look.", Duration, TimeSpan.FromDays(1)),
            inside.Optional("keySetting", "The name of the host's setting with the key that the job sends as X-Heartbeat-Key; where left out, it sends a person's token.", SettingName, null)));
        var query = m.OptionalMap("query", "A query gives a number within bounds.", static inside => new ProbeTarget.Query(
            inside.Value("database", "The name of the host's setting with the connection string of a PostgreSQL database.", SettingName, "") ?? "",
            inside.Value("sql", "The query; its first value is looked at. It cannot write.", Text, ""),
            inside.Optional("min", "The least that it may be.", OptionalReal, null),
            inside.Optional("max", "The most that it may be.", OptionalReal, null)));
        var timeout = m.Optional("timeout", "How long an answer may take; 10s where left out. All tries together take 50s at most.", Duration, TimeSpan.FromSeconds(10));
        var retries = m.Optional("retries", "How often it is tried again at once before a sample counts as failed; 1 where left out.", Number(0, 5), 1);
        var failAfter = m.Optional("failAfter", "So many failed samples make it down; 3 where left out.", Number(1, 100), Damping.Usual.FailAfter);
        var of = m.Optional("of", "Among the last so many samples; as many as failAfter where left out, so in a row.", Number(0, 100), 0);
        var recoverAfter = m.Optional("recoverAfter", "So many good samples in a row make it up again; 2 where left out.", Number(1, 100), Damping.Usual.RecoverAfter);
        var parent = m.Optional("parent", "The id of a probe without which this one cannot pass: while that is down, this has no incident of its own.", OptionalReference(PlanEntity.Probe), null);
        var parentService = m.Optional("parentService", "The same for every probe of a service.", OptionalReference(PlanEntity.Service), null);
        m.ExactlyOne(Kinds);
        var target = http ?? tcp ?? tls ?? dns ?? disk ?? heartbeat ?? (ProbeTarget?)query;
        return new Probe(id, service, name, every, target ?? new ProbeTarget.Tcp("", 443))
        {
            Timeout = timeout,
            Retries = target is ProbeTarget.Heartbeat ? 0 : retries,
            Damping = new Damping(failAfter, of == 0 ? failAfter : of, recoverAfter),
            Parent = parent,
            ParentService = parentService,
        };
    }

    private static ProbeTarget Http(PlanMap m) => new ProbeTarget.Http(
        m.Value("url", "The address, or a path such as /api/health for one of this system's own; a redirect is not followed.", Address, null) ?? new Uri("http://127.0.0.1/"),
        m.Optional("status", "The status that must be answered; 200 where left out.", Number(100, 599), 200),
        m.Optional("contains", "Text that the answer must contain.", OptionalText, null),
        m.Optional("latency", "The longest that a good answer may take; the timeout where left out.", OptionalDuration, null),
        m.Optional("method", "get, or head to ask for the headers alone; get where left out.", Choice<HttpProbeMethod>(), HttpProbeMethod.Get) == HttpProbeMethod.Head);

    private static ServiceObjective Objective(PlanMap m) => new(
        m.Value("service", "The id of the service.", Reference(PlanEntity.Service), ""),
        m.Optional("availability", "The share of its agreed time in which it is there, in per cent: above 0, below 100.", OptionalReal, null),
        m.Optional("calendar", "The id of the calendar of its agreed time; always where left out. Maintenance windows are taken out.", OptionalReference(PlanEntity.Calendar), null));

    private static DeadMan DeadMan(PlanMap m)
    {
        var url = m.Optional("url", "The address that is posted to.", Url, null);
        var setting = m.Optional("urlSetting", "The name of the host's setting that holds the address, where that is a secret.", SettingName, null);
        var every = m.Optional("every", "How often; 5m where left out, and at least.", Duration, TimeSpan.FromMinutes(5));
        m.ExactlyOne("url", "urlSetting");
        return new DeadMan(url, setting, every);
    }

    private enum HttpProbeMethod
    {
        Get,
        Head,
    }
}
