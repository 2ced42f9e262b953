using System.Net;
using System.Text;
using System.Text.Json;
using Maintenance.Actions;
using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Feedback;
using Maintenance.Local.Actions;
using Maintenance.Local.Backups;
using Maintenance.Local.Recovery;
using Maintenance.Local.Storage;
using Maintenance.Messaging;
using Maintenance.Plan;
using Maintenance.Recovery;
using Maintenance.Storage;
using Maintenance.Tests.Contracts;
using Maintenance.Tests.Services;
using Maintenance.Tests.Storage;
using Maintenance.Web;
using Maintenance.Web.Http;
using Maintenance.Web.Notifications;
using Maintenance.Workflows;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Maintenance.Tests.Web;

/// <summary>The composition that both hosts share, over a real SQLite file and a clock that tests move; requests go in where a host hands them over.</summary>
internal sealed class WebRig : IAsyncDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly WebApplication _app;

    private WebRig(Action<WebRig, IServiceCollection>? configure)
    {
        Directory.CreateDirectory(_folder.PathOf("source"));
        File.WriteAllText(_folder.PathOf("source/entry.txt"), "born 1994-03-02");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var services = builder.Services;
        services.AddMaintenance();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton(_ => SqliteDatabase.Open(_folder.PathOf("rig.db")));
        services.AddSingleton<IRecordStore, SqliteRecordStore>();
        services.AddSingleton<IObjectStore>(_ => FolderObjectStore.Open(_folder.PathOf("objects")));
        services.AddSingleton<SqliteMessageQueue>();
        services.AddSingleton<IMessageSender>(static provider => provider.GetRequiredService<SqliteMessageQueue>());
        services.AddSingleton<IDeadLetters>(static provider => provider.GetRequiredService<SqliteMessageQueue>());
        services.AddSingleton<IWorkflows>(Workflows);
        services.AddSingleton<IPlanSource>(new FixedPlan(_folder.Root));
        services.AddSingleton<IAuthentication>(new Somebody(this));
        services.AddSingleton(new TrackingCodes(new byte[32]));
        services.AddSingleton<IKeyProtector>(new PassphraseProtector("the rig's passphrase"));
        services.AddSingleton<ICopyStores, FolderCopies>();
        services.AddSingleton<IProgramRunner>(new ProgramRunner(_folder.Root));
        services.AddSingleton<IProgramBundle>(new OwnProgram(_folder.Root));
        services.AddSingleton(new BreakGlassPlaces(_folder.PathOf("objects"), "the rig"));
        services.AddSingleton<ISnapshotPlaces, Office.Folders>();
        services.AddSingleton(new BackupFolders(_folder.PathOf("scratch"), _folder.PathOf("restored")));
        services.AddSingleton(BackupPieces.OfOneMachine);
        services.AddSingleton(new PublicAddress());
        services.AddSingleton(new HostSettings(static _ => null));
        configure?.Invoke(this, services);
        _app = builder.Build();
    }

    public FakeClock Clock { get; } = new();

    public NotedWorkflows Workflows { get; } = new();

    /// <summary>The query of the next requests, with its question mark; empty for none.</summary>
    public string Query { get; set; } = "";

    /// <summary>Who sends the requests.</summary>
    public Caller? Caller { get; set; }

    public static async Task<WebRig> StartAsync(Action<WebRig, IServiceCollection>? configure = null)
    {
        var rig = new WebRig(configure);
        _ = await rig.Get<ActivePlan>().RefreshAsync(default);
        return rig;
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public string PathOf(string name) => _folder.PathOf(name);

    public Caller Person(string id) => new(Get<ActivePlan>().Current.FindPerson(id), IsAmbient: false);

    /// <summary>Sends a request to a route.</summary>
    /// <param name="route">The route.</param>
    /// <param name="value">The value of the route's one part, where it has one; of several, with slashes between them.</param>
    /// <param name="body">What is posted: as JSON; where it is text, as a form; where it is bytes, as they are.</param>
    /// <param name="from">The address that the connection comes from.</param>
    /// <param name="headers">More headers.</param>
    public async Task<RigAnswer> SendAsync(Route route, string? value = null, object? body = null, string? from = null, params (string Name, string Value)[] headers)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        http.Request.Method = route.Method;
        http.Request.Scheme = "http";
        http.Request.Host = new HostString("127.0.0.1", 7071);
        http.Request.QueryString = new QueryString(Query);
        http.Connection.RemoteIpAddress = from is null ? null : IPAddress.Parse(from);
        if (value is not null)
        {
            var names = route.Pattern.Split('/').Where(static part => part.StartsWith('{')).Select(static part => part[1..^1]).ToList();
            foreach (var (name, text) in names.Zip(names.Count == 1 ? [value] : value.Split('/')))
            {
                http.Request.RouteValues[name] = text;
            }
        }

        if (body is not null)
        {
            var bytes = body as byte[] ?? Encoding.UTF8.GetBytes(body as string ?? MaintenanceJson.Write(body));
            http.Request.ContentType = body is string ? "application/x-www-form-urlencoded" : body is byte[]? "application/octet-stream" : "application/json";
            http.Request.ContentLength = bytes.Length;
            http.Request.Body = new MemoryStream(bytes);
        }

        foreach (var (name, text) in headers)
        {
            http.Request.Headers[name] = text;
        }

        using var answer = new MemoryStream();
        http.Response.Body = answer;
        await (await Get<MaintenanceHttp>().RunAsync(route, http)).ExecuteAsync(http);
        return new RigAnswer(http.Response.StatusCode, Encoding.UTF8.GetString(answer.ToArray()), http.Response.Headers) { Bytes = answer.ToArray() };
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>A plan that stays as it is.</summary>
    internal sealed class FixedPlan(string folder, string text = Office.QuickPlan) : IPlanSource
    {
        public Task<PlanText> ReadAsync(CancellationToken cancellation) => Task.FromResult(new PlanText("plan.yaml", folder, text));
    }

    private sealed class Somebody(WebRig rig) : IAuthentication
    {
        public string? SignInAddress(string to) => null;

        public string? SignOutAddress => null;

        public Task<Caller?> AuthenticateAsync(HttpContext http) => Task.FromResult(rig.Caller);
    }
}

/// <summary>What a route answered.</summary>
internal sealed record RigAnswer(int Status, string Body, IHeaderDictionary Headers)
{
    public byte[] Bytes { get; init; } = [];

    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);
}
