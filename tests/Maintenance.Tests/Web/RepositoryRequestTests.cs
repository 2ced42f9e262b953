using Maintenance.Backups;
using Maintenance.Backups.Repository;
using Maintenance.Plan;
using Maintenance.Tests.Services;
using Maintenance.Web.Api;
using Maintenance.Web.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Maintenance.Tests.Web;

/// <summary>What people ask of the repository as a whole over HTTP.</summary>
public sealed class RepositoryRequestTests : IAsyncLifetime
{
    private const string Passphrase = "kept in the safe of the registrar";

    private WebRig _rig = null!;

    public async Task InitializeAsync()
    {
        _rig = await WebRig.StartAsync(static (rig, services) =>
        {
            services.AddSingleton<IPlanSource>(new PlanWithCopies(rig));
            services.AddSingleton(new RepositoryKeyPlace(IsBesideData: true));
        });
        _rig.Caller = _rig.Person("ann");
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task The_repository_says_what_each_copy_lacks_and_which_cannot_be_reached()
    {
        var now = _rig.Clock.GetUtcNow();
        var old = await _rig.TakeAsync(now.AddHours(-2));
        await CopyAsync();
        var newer = await _rig.TakeAsync(now.AddHours(-1));

        var shown = (await _rig.SendAsync(Routes.GetRepository)).Json;

        Assert.Equal(2, shown.GetProperty("statistics").GetProperty("snapshots").GetInt32());
        var copies = shown.GetProperty("copies").EnumerateArray().ToDictionary(static copy => copy.GetProperty("id").GetString()!);
        Assert.Equal((1, 1, newer), (copies["away"].GetProperty("snapshots").GetInt32(), copies["away"].GetProperty("lackingCount").GetInt32(), copies["away"].GetProperty("lacking")[0].GetString()));
        Assert.Contains("Blob container", copies["cloud"].GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.False(copies["cloud"].TryGetProperty("snapshots", out _));
        Assert.Equal("copy", Assert.Single(shown.GetProperty("care").EnumerateArray()).GetProperty("task").GetString());
        Assert.Equal(409, (await _rig.SendAsync(Routes.RestoreSnapshot, old, new RestoreRequest("again", Copy: "cloud"))).Status);
        Assert.Equal(404, (await _rig.SendAsync(Routes.RestoreSnapshot, newer, new RestoreRequest("again", Copy: "away"))).Status);
        Assert.Equal(202, (await _rig.SendAsync(Routes.RestoreSnapshot, old, new RestoreRequest("again", Copy: "away"))).Status);

        // A point in time is served by what the copy has.
        var point = await _rig.SendAsync(Routes.RestoreBackup, "nightly", new PointRestoreRequest(Target: "again", Copy: "away"));
        Assert.Equal(old, point.Json.GetProperty("snapshot").GetString());
    }

    [Fact]
    public async Task An_administrator_adds_a_passphrase_only_where_the_host_has_no_operator_and_its_owner_lets_him()
    {
        await using var rig = await WebRig.StartAsync(static (rig, services) =>
        {
            services.AddSingleton<IPlanSource>(new PlanWithCopies(rig));
            services.AddSingleton(new RepositoryKeyPlace(IsBesideData: false) { MayAdministratorsAdd = true });
        });
        rig.Caller = rig.Person("ann");
        await rig.TakeAsync(rig.Clock.GetUtcNow());

        Assert.Equal(201, (await rig.SendAsync(Routes.ChangeRepositoryKeys, null, new KeyRequest("envelope", Passphrase))).Status);
        Assert.Contains("envelope", (await rig.SendAsync(Routes.ListRepositoryKeys)).Json.ToString(), StringComparison.Ordinal);
        Assert.Equal(403, (await _rig.SendAsync(Routes.ChangeRepositoryKeys, null, new KeyRequest("envelope", Passphrase))).Status);
    }

    [Fact]
    public async Task Care_is_started_as_it_was_asked_for_and_the_same_key_starts_it_once()
    {
        foreach (var route in new[] { (Routes.VerifyRepository, (object)new VerificationRequest(25)), (Routes.PruneRepository, new PruneRequest(DryRun: true, "away")), (Routes.CopyRepository, new CopyRequest("away")) })
        {
            for (var time = 0; time < 2; time++)
            {
                Assert.Equal(202, (await _rig.SendAsync(route.Item1, null, route.Item2, null, ("Idempotency-Key", "k"))).Status);
            }
        }

        Assert.Equal(3, _rig.Workflows.Started.Count);
        Assert.Equal(25, Assert.IsType<VerifyRepositoryRequest>(_rig.Workflows.Inputs[_rig.Workflows.Started[0]]).DataPercent);
        var prune = Assert.IsType<PruneRepositoryRequest>(_rig.Workflows.Inputs[_rig.Workflows.Started[1]]);
        Assert.Equal((true, "away", _rig.Workflows.Started[1]), (prune.IsDryRun, prune.Copy, prune.Operation));
        Assert.Equal("away", Assert.IsType<CopyRepositoryRequest>(_rig.Workflows.Inputs[_rig.Workflows.Started[2]]).Copy);
        Assert.Equal(404, (await _rig.SendAsync(Routes.CopyRepository, null, new CopyRequest("awya"))).Status);
        Assert.Equal(422, (await _rig.SendAsync(Routes.VerifyRepository, null, new VerificationRequest(101))).Status);
        _rig.Caller = _rig.Person("ben");
        Assert.Equal(403, (await _rig.SendAsync(Routes.PruneRepository, null, new PruneRequest())).Status);
    }

    [Fact]
    public async Task A_button_never_prunes_before_it_has_shown_what_it_would_do()
    {
        Assert.Equal("/operations/", (await _rig.SendAsync(Routes.PruneRepositoryForm, null, "copy=")).Headers.Location.ToString()[..12]);
        await _rig.SendAsync(Routes.PruneRepositoryForm, null, "copy=away&sure=yes");

        Assert.Equal([true, false], _rig.Workflows.Started.Select(id => ((PruneRepositoryRequest)_rig.Workflows.Inputs[id]).IsDryRun));
    }

    [Fact]
    public async Task Only_the_operator_adds_a_passphrase_and_no_answer_repeats_it()
    {
        await _rig.TakeAsync(_rig.Clock.GetUtcNow());
        Assert.Equal(403, (await _rig.SendAsync(Routes.ChangeRepositoryKeys, null, new KeyRequest("safe", Passphrase))).Status);
        _rig.Caller = Caller.Operator;

        var refused = await _rig.SendAsync(Routes.ChangeRepositoryKeys, null, new KeyRequest("safe", "too short"));
        Assert.Equal(422, refused.Status);
        Assert.DoesNotContain("too short", refused.Body, StringComparison.Ordinal);
        Assert.Equal(422, (await _rig.SendAsync(Routes.ChangeRepositoryKeys, null, new KeyRequest("safe", Passphrase, Rotate: true))).Status);
        Assert.Equal(422, (await _rig.SendAsync(Routes.ChangeRepositoryKeys, null, new KeyRequest("safe"))).Status);

        var added = await _rig.SendAsync(Routes.ChangeRepositoryKeys, null, new KeyRequest("safe", Passphrase));
        Assert.Equal(201, added.Status);
        var keys = await _rig.SendAsync(Routes.ListRepositoryKeys);
        Assert.Equal(2, keys.Json.GetArrayLength());
        Assert.DoesNotContain(Passphrase, added.Body + keys.Body + new KeyRequest("safe", Passphrase), StringComparison.Ordinal);
        Assert.DoesNotContain("wrapped", keys.Body, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(1, await SnapshotsByAsync(Passphrase));

        Assert.Equal(200, (await _rig.SendAsync(Routes.RemoveRepositoryKey, added.Json.GetProperty("added").GetProperty("id").GetString())).Status);
        await Assert.ThrowsAsync<RepositoryLockedException>(() => SnapshotsByAsync(Passphrase));
    }

    [Fact]
    public async Task A_rotation_leaves_one_wrapping_of_the_hosts_own_which_opens_and_cannot_be_removed()
    {
        await _rig.TakeAsync(_rig.Clock.GetUtcNow());
        await CopyAsync();
        var first = (await _rig.SendAsync(Routes.ListRepositoryKeys)).Json[0].GetProperty("id").GetString();

        var rotated = (await _rig.SendAsync(Routes.ChangeRepositoryKeys, null, new KeyRequest(Rotate: true))).Json;

        Assert.Equal(first, Assert.Single(rotated.GetProperty("removed").EnumerateArray()).GetString());
        Assert.Contains(rotated.GetProperty("notes").EnumerateArray(), note => note.GetString()!.Contains($"The copy away still has the key {first}", StringComparison.Ordinal));
        var left = Assert.Single((await _rig.SendAsync(Routes.ListRepositoryKeys)).Json.EnumerateArray()).GetProperty("id").GetString();
        Assert.NotEqual(first, left);
        Assert.Equal(1, await SnapshotsByAsync("the rig's passphrase"));
        Assert.Equal(409, (await _rig.SendAsync(Routes.RemoveRepositoryKey, left)).Status);
        Assert.Equal(404, (await _rig.SendAsync(Routes.RemoveRepositoryKey, first)).Status);
    }

    [Fact]
    public async Task The_overview_says_that_the_only_key_lies_beside_the_data_until_there_is_another()
    {
        await _rig.TakeAsync(_rig.Clock.GetUtcNow());
        Assert.Contains("only key lies in the data folder", (await _rig.SendAsync(Routes.GetStatus)).Body, StringComparison.Ordinal);
        Assert.Contains("only key lies in the data folder", (await _rig.SendAsync(Routes.RepositoryPage)).Body, StringComparison.Ordinal);

        _rig.Caller = Caller.Operator;
        await _rig.SendAsync(Routes.ChangeRepositoryKeys, null, new KeyRequest("safe", Passphrase));

        Assert.DoesNotContain("only key lies in the data folder", (await _rig.SendAsync(Routes.GetStatus)).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("only key lies in the data folder", (await _rig.SendAsync(Routes.RepositoryPage)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_of_the_repository_shows_its_copies_care_and_alarms()
    {
        _rig.Clock.Advance(TimeSpan.FromDays(30));
        await _rig.TakeAsync(_rig.Clock.GetUtcNow());
        await _rig.Get<RepositoryActivities>().VerifyRepositoryAsync(new VerifyRepositoryRequest("v", 100), default);

        var page = (await _rig.SendAsync(Routes.RepositoryPage)).Body;
        Assert.Contains("nothing is wrong", page, StringComparison.Ordinal);
        Assert.Contains("See what a prune would do", page, StringComparison.Ordinal);
        Assert.Contains("cannot be reached", page, StringComparison.Ordinal);
        _rig.Caller = _rig.Person("ben");
        Assert.DoesNotContain("See what a prune would do", (await _rig.SendAsync(Routes.RepositoryPage)).Body, StringComparison.Ordinal);
    }

    private async Task CopyAsync()
    {
        // To the folder alone: this host does not reach the container.
        _ = await _rig.Get<RepositoryActivities>().CopyRepositoryAsync(new CopyRepositoryRequest("c", "away"), default);
    }

    private async Task<int> SnapshotsByAsync(string passphrase)
    {
        var store = _rig.Get<Maintenance.Storage.IObjectStore>();
        var repository = await BackupRepository.OpenAsync(store, new PassphraseProtector(passphrase), _rig.Clock, create: false, default);
        return (await repository.ListAsync(null, default)).Count;
    }

    private sealed class PlanWithCopies(WebRig rig) : IPlanSource
    {
        public Task<PlanText> ReadAsync(CancellationToken cancellation)
        {
            var lines = Office.QuickPlan.Replace("* * *\", notify: [administrator]", "* * *\", notify: [administrator], copies: [away, cloud]", StringComparison.Ordinal);
            var copies = """

                repository:
                  copies:
                    - { id: away, folder: copies/away, media: tape, offSite: true }
                    - { id: cloud, container: "https://account.blob.core.windows.net/copies" }
                """;
            return Task.FromResult(new PlanText("plan.yaml", rig.PathOf(""), lines + copies));
        }
    }
}
