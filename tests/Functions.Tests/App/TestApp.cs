using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using Azure.Storage.Blobs;
using Maintenance;
using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Messaging;
using Maintenance.Storage;
using Maintenance.Tests.Contracts;
using Maintenance.Workflows;
using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Hosting;
using MaintenanceFunctions.Identity;
using MaintenanceFunctions.Tests.Fakes;
using MaintenanceFunctions.Tests.Limits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MaintenanceFunctions.Tests.App;

/// <summary>
/// The app with its own composition, over services in memory: storage, queues, the durable engine, the clock. Its HTTP functions are served as the worker's HTTP
/// extension serves them: an endpoint for each, of its template behind the route prefix and its methods.
/// </summary>
internal sealed class TestApp : IAsyncDisposable
{
    /// <summary>The directory whose people may sign in.</summary>
    public static readonly Guid Tenant = new("6d2c1f0e-8a43-4b57-9c1e-2f7a5d3b9e10");

    private readonly DirectoryInfo _folder;
    private readonly WebApplication _app;
    private readonly HttpClient _http = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });

    private TestApp(DirectoryInfo folder, string auth, Action<IServiceCollection>? configure)
    {
        _folder = folder;
        Bus = new FakeServiceBus(Clock);
        _app = Build(auth, configure);
    }

    public FakeClock Clock { get; } = new();

    public FakeBlobContainer Blobs { get; } = new();

    public FakeTableService Tables { get; } = new();

    public FakeServiceBus Bus { get; }

    public FakeDurableClient Durable { get; } = new();

    /// <summary>What went through the ports. The app ends with an assertion that no service would have refused any of it.</summary>
    public ServiceTraffic Traffic { get; } = new();

    /// <summary>The plan's folder, which has a folder <c>register</c>.</summary>
    public string Folder => _folder.FullName;

    public IServiceProvider Services => _app.Services;

    public static IConfiguration Settings(params (string Name, string? Value)[] others)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["BlobContainerUri"] = "https://account.blob.core.windows.net/backups",
            ["TableEndpoint"] = "https://account.table.core.windows.net",
            ["ServiceBus:fullyQualifiedNamespace"] = "bus.servicebus.windows.net",
            ["TrackingKey"] = new string('a', 64),
            ["TASKHUB_NAME"] = "maintenance",
            ["PublicUrl"] = "https://maintenance.registry.example",
            ["TenantId"] = Tenant.ToString(),
            ["RepositoryKeyUri"] = "https://vault.vault.azure.net/keys/repository",
        };
        foreach (var (name, value) in others)
        {
            settings[name] = value;
        }

        return new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
    }

    public static async Task<TestApp> StartAsync(string plan = TestPlan.Yaml, string auth = "True", Action<IServiceCollection>? configure = null, Action<string>? furnish = null)
    {
        var folder = Directory.CreateTempSubdirectory("functions-tests-");
        furnish?.Invoke(folder.FullName);
        await File.WriteAllTextAsync(Path.Join(folder.FullName, "plan.yaml"), plan);
        var register = folder.CreateSubdirectory("register").CreateSubdirectory("births");
        await File.WriteAllTextAsync(Path.Join(register.FullName, "2026.csv"), "1;Akinyi\n2;Baraka\n");

        var app = new TestApp(folder, auth, configure);
        await app._app.StartAsync();
        app._http.BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return app;
    }

    /// <summary>What the platform puts into its header for a person of this e-mail address.</summary>
    public static string Principal(string email, string provider = "aad", Guid? tenant = null) => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(new
    {
        auth_typ = provider,
        name_typ = "name",
        role_typ = "roles",
        claims = new[]
        {
            new { typ = "http://schemas.microsoft.com/identity/claims/tenantid", val = (tenant ?? Tenant).ToString() },
            new { typ = "preferred_username", val = email },
        },
    }));

    /// <summary>Sends a request, as the person of an e-mail address or as nobody.</summary>
    public async Task<HttpResponseMessage> SendAsync(string method, string path, string? email = null, object? json = null, string? form = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (email is not null)
        {
            request.Headers.Add(ClientPrincipal.Header, Principal(email));
        }

        request.Content = json is not null ? JsonContent.Create(json)
            : form is not null ? new StringContent(form, new MediaTypeHeaderValue("application/x-www-form-urlencoded"))
            : null;
        return await SendAsync(request);
    }

    /// <summary>Sends a request as it is.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _http.SendAsync(request);

    public async Task<JsonElement> GetAsync(string path, string email = "ann@registry.example")
    {
        using var answer = await SendAsync("GET", path, email);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Calls a function with arguments for its first parameters; the durable client, the context and the token are given like in the platform.</summary>
    public Task CallAsync(FunctionEntry function, params object?[] first)
    {
        var instance = function.Method.IsStatic ? null : ActivatorUtilities.CreateInstance(Services, function.Method.DeclaringType!);
        var rest = function.Method.GetParameters().Skip(first.Length).Select(object? (parameter) =>
            parameter.GetCustomAttribute<DurableClientAttribute>() is not null ? Durable
            : parameter.ParameterType == typeof(CancellationToken) ? CancellationToken.None
            : parameter.ParameterType == typeof(FunctionContext) ? new FakeInvocation(function.Name, FakeOrchestration.Instance)
            : throw new ArgumentException($"{function.Name} wants a {parameter.ParameterType} too."));
        return (Task)function.Method.Invoke(instance, [.. first, .. rest])!;
    }

    /// <summary>Starts an orchestration function whose activities are the app's activity functions; every input and output travels as JSON.</summary>
    public (FakeOrchestration Context, Task<T> Run) Orchestrate<T>(string workflow, object input)
    {
        var orchestration = new FakeOrchestration { Input = Travel(input, input.GetType()) };
        foreach (var function in FunctionCatalogue.With<ActivityTriggerAttribute>())
        {
            // On another thread: the code of a step knows nothing of the orchestration's turn.
            orchestration.Activities[function.Name] = (argument, _) => Task.Run(() => StepAsync(function, argument)).GetAwaiter().GetResult();
        }

        var orchestrator = FunctionCatalogue.Named(workflow);
        return (orchestration, orchestration.Start(context => (Task<T>)orchestrator.Method.Invoke(null, [context])!));
    }

    /// <summary>The same where nobody waits for the result.</summary>
    public FakeOrchestration Orchestrate(string workflow, object input)
    {
        var result = FunctionCatalogue.Named(workflow).Method.ReturnType.GetGenericArguments()[0];
        var started = typeof(TestApp).GetMethods().Single(static method => method is { Name: nameof(Orchestrate), IsGenericMethod: true }).MakeGenericMethod(result).Invoke(this, [workflow, input])!;
        return (FakeOrchestration)started.GetType().GetField("Item1")!.GetValue(started)!;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
        Assert.True(Traffic.Refused.Count == 0, string.Join('\n', Traffic.Refused.Distinct().Take(60)));
    }

    private WebApplication Build(string auth, Action<IServiceCollection>? configure)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Host.UseDefaultServiceProvider(static options => (options.ValidateOnBuild, options.ValidateScopes) = (true, true));
        builder.Services.AddAzureHost(Settings(("PlanFile", Path.Join(Folder, "plan.yaml")), ("WEBSITE_AUTH_ENABLED", auth)));
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddSingleton<BlobContainerClient>(Blobs);
        builder.Services.AddSingleton<TableServiceClient>(Tables);
        builder.Services.AddSingleton<ServiceBusClient>(Bus);
        Watch(builder.Services);
        builder.Services.AddSingleton<IKeyProtector>(new PassphraseProtector("the tests' own passphrase"));
        builder.Services.AddSingleton(new BackupFolders(Path.Join(Folder, ".scratch"), Restored: null));
        configure?.Invoke(builder.Services);
        var app = builder.Build();
        foreach (var function in FunctionCatalogue.With<HttpTriggerAttribute>())
        {
            var trigger = function.Trigger<HttpTriggerAttribute>()!;
            app.Map(RoutePatternFactory.Parse("/" + trigger.Route), http => ServeAsync(function, http)).WithMetadata(new HttpMethodMetadata(trigger.Methods!));
        }

        return app;
    }

    /// <summary>Every name and size is looked at on its way to the adapters.</summary>
    private void Watch(IServiceCollection services)
    {
        services.AddSingleton<TableRecordStore>().AddSingleton<IRecordStore>(provider => new WatchedRecords(provider.GetRequiredService<TableRecordStore>(), Traffic));
        services.AddSingleton<BlobObjectStore>().AddSingleton<IObjectStore>(provider => new WatchedObjects(provider.GetRequiredService<BlobObjectStore>(), Traffic));
        services.AddSingleton<ServiceBusMessageSender>().AddSingleton<IMessageSender>(provider => new WatchedSender(provider.GetRequiredService<ServiceBusMessageSender>(), Traffic));
        services.AddSingleton<DurableWorkflows>().AddSingleton<IWorkflows>(provider => new WatchedWorkflows(provider.GetRequiredService<DurableWorkflows>(), Traffic));
    }

    private async Task ServeAsync(FunctionEntry function, HttpContext http)
    {
        var answering = (Task<IResult>)CallAsync(function, http.Request);
        await (await answering).ExecuteAsync(http);
    }

    private async Task<object?> StepAsync(FunctionEntry function, object? argument)
    {
        var result = function.Method.ReturnType.GetGenericArguments()[0];
        var step = CallAsync(function, Travel(argument, function.Method.GetParameters()[0].ParameterType));
        try
        {
            await step;
        }
        catch (Exception error)
        {
            // All that comes through the engine is the message.
            throw new InvalidOperationException(error.Message, error);
        }

        return Travel(step.GetType().GetProperty("Result")!.GetValue(step), result);
    }

    private object? Travel(object? value, Type type)
    {
        var serializer = Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<WorkerOptions>>().Value.Serializer!;
        using var stream = new MemoryStream();
        serializer.Serialize(stream, value, type, CancellationToken.None);
        Traffic.Check($"a payload of {type.Name}", DurableLimits.Payload(Encoding.UTF8.GetString(stream.ToArray())));
        Assert.Equal(JsonSerializer.Serialize(value, type, MaintenanceJson.Options), Encoding.UTF8.GetString(stream.ToArray()));
        stream.Position = 0;
        return serializer.Deserialize(stream, type, CancellationToken.None);
    }
}
