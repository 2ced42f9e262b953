using System.Net;
using Azure.Core.Serialization;
using Azure.Storage.Blobs;
using Maintenance;
using Maintenance.Actions;
using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Backups.Sources;
using Maintenance.Messaging;
using Maintenance.Plan;
using Maintenance.Storage;
using Maintenance.Web.Http;
using Maintenance.Web.Notifications;
using Maintenance.Workflows;
using MaintenanceFunctions.Adapters;
using MaintenanceFunctions.Hosting;
using MaintenanceFunctions.Identity;
using MaintenanceFunctions.Sources;
using MaintenanceFunctions.Tests.App;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MaintenanceFunctions.Tests.Hosting;

/// <summary>The container itself is validated whenever <see cref="TestApp"/> starts.</summary>
public sealed class CompositionTests
{
    [Fact]
    public async Task Every_seam_has_its_Azure_adapter_once_per_process()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddAzureHost(TestApp.Settings());
        await using var provider = services.BuildServiceProvider(validateScopes: true);

        Assert.IsType<BlobObjectStore>(provider.GetRequiredService<IObjectStore>());
        Assert.IsType<BlobObjectStore>(provider.GetRequiredService<BlobStores>().Open(new Uri("https://other.blob.core.windows.net/copies")));
        Assert.Equal("https://vault.vault.azure.net/keys/repository", provider.GetRequiredService<IKeyProtector>().Description);
        Assert.IsType<BlobObjectStore>(provider.GetRequiredService<ICopyStores>().Open("https://other.blob.core.windows.net/copies"));
        Assert.Throws<NotSupportedException>(() => provider.GetRequiredService<ICopyStores>().Open("/mnt/copies"));
        Assert.IsType<AzurePlaces>(provider.GetRequiredService<ISnapshotPlaces>());
        Assert.False((await provider.GetRequiredService<IProgramRunner>().RunAsync(new ProgramOrder(["check"], "/"), default)).IsGood);
        Assert.IsType<TableRecordStore>(provider.GetRequiredService<IRecordStore>());
        Assert.IsType<DurableWorkflows>(provider.GetRequiredService<IWorkflows>());
        Assert.IsType<AppServiceAuthentication>(provider.GetRequiredService<IAuthentication>());
        Assert.IsType<PlanFileSource>(provider.GetRequiredService<IPlanSource>());
        Assert.Same(provider.GetRequiredService<IRecordStore>(), provider.GetRequiredService<IRecordStore>());
        Assert.Equal(new Uri("https://maintenance.registry.example/tickets/T-1"), provider.GetRequiredService<PublicAddress>().Of("/tickets/T-1"));
        Assert.Equal("maintenance", provider.GetRequiredService<HostSettings>().Required("TASKHUB_NAME"));
        var folders = provider.GetRequiredService<BackupFolders>();
        Assert.True(Path.IsPathFullyQualified(folders.Scratch));
        Assert.Null(folders.Restored);
    }

    [Fact]
    public async Task One_address_may_look_for_help_sixty_times_a_minute_at_most()
    {
        await using var app = await TestApp.StartAsync();
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 61; i++)
        {
            using var answer = await app.SendAsync("GET", "/api/help?q=certificate");
            answers.Add(answer.StatusCode);
        }

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (answers[0], answers[60]));
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        using var later = await app.SendAsync("GET", "/api/help?q=certificate");
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Fact]
    public async Task A_developers_machine_with_an_emulator_and_a_passphrase_asks_no_vault()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddAzureHost(TestApp.Settings(
            ("AZURE_FUNCTIONS_ENVIRONMENT", "Development"),
            ("BlobContainerUri", "http://127.0.0.1:10000/devstoreaccount1/backups"),
            ("TableEndpoint", "http://127.0.0.1:10002/devstoreaccount1"),
            ("RepositoryKeyUri", null),
            ("RepositoryPassphrase", "correct horse")));
        await using var provider = services.BuildServiceProvider(validateScopes: true);

        Assert.IsType<PassphraseProtector>(provider.GetRequiredService<IKeyProtector>());
        Assert.IsType<BlobObjectStore>(provider.GetRequiredService<IObjectStore>());
        Assert.Equal("backups", provider.GetRequiredService<BlobContainerClient>().Name);
        Assert.IsType<TableRecordStore>(provider.GetRequiredService<IRecordStore>());
    }

    [Theory]
    [InlineData("container:https://records.evil.example/backups")]
    [InlineData("container:https://evil.blob.core.windows.net.evil.example/backups")]
    [InlineData("table:https://evil.example/records")]
    public async Task The_token_of_the_app_is_sent_to_storage_accounts_alone(string target)
    {
        var services = new ServiceCollection();
        services.AddLogging().AddAzureHost(TestApp.Settings());
        await using var provider = services.BuildServiceProvider(validateScopes: true);
        var places = provider.GetRequiredService<ISnapshotPlaces>();

        Assert.NotNull(await places.OpenTargetAsync("container:https://other.blob.core.windows.net/restored", default));
        Assert.NotNull(await places.OpenTargetAsync("table:https://other.table.core.windows.net/restored", default));
        await Assert.ThrowsAsync<IOException>(() => places.OpenTargetAsync(target, default));
    }

    [Fact]
    public async Task The_address_of_a_webhook_never_reaches_the_log()
    {
        using var log = new ListedLog();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log)).AddAzureHost(TestApp.Settings());
        services.AddHttpClient(NetworkNotifier.ClientName).ConfigurePrimaryHttpMessageHandler(static () => new Answering());
        await using var provider = services.BuildServiceProvider();
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient(NetworkNotifier.ClientName);

        using var answer = await client.PostAsync(new Uri("https://hooks.example/services/T0/secret"), new StringContent("{}"));

        Assert.True(answer.IsSuccessStatusCode);
        Assert.DoesNotContain(log.Lines, static line => line.Contains("secret", StringComparison.Ordinal) || line.Contains("hooks.example", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_queue_has_its_handler()
    {
        await using var app = await TestApp.StartAsync();
        var handlers = app.Services.GetRequiredService<QueueHandlers>();

        Assert.All(Queues.All, queue => Assert.Equal(queue, handlers.For(queue).Queue));
    }

    [Fact]
    public async Task Workflows_write_as_every_other_record_is_written()
    {
        await using var app = await TestApp.StartAsync();
        var serializer = app.Services.GetRequiredService<IOptions<WorkerOptions>>().Value.Serializer;
        using var stream = new MemoryStream();

        Assert.IsType<JsonObjectSerializer>(serializer).Serialize(stream, new BackupRunRef("nightly", "r-1"), typeof(BackupRunRef), CancellationToken.None);

        Assert.Equal(MaintenanceJson.Write(new BackupRunRef("nightly", "r-1")), System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }

    private sealed class Answering : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.NoContent));
    }

    private sealed class ListedLog : ILoggerProvider, ILogger
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Lines.Enqueue(state.ToString() ?? "");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
