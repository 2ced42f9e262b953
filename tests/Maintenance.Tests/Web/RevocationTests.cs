using Maintenance.Access;
using Maintenance.Storage;
using Maintenance.Tests.Services;
using Maintenance.Web.Http;

namespace Maintenance.Tests.Web;

public sealed class RevocationTests
{
    [Fact]
    public async Task Revoking_a_person_ends_every_token_session_and_link_of_theirs_and_nobody_elses()
    {
        await using var rig = await WebRig.StartAsync();
        var access = rig.Get<AccessService>();
        var (bens, cats) = (await IssueAsync(access, "ben", 2), await IssueAsync(access, "cat", 1));
        rig.Caller = rig.Person("ann");
        var answer = await rig.SendAsync(Routes.RevokeCredentials, "ben");
        Assert.Equal(200, answer.Status);
        Assert.Equal(("ben", 8), (answer.Json.GetProperty("person").GetString(), answer.Json.GetProperty("count").GetInt32()));
        foreach (var (kind, secret) in bens)
        {
            Assert.Null(await access.RecogniseAsync(kind, secret, default));
        }

        foreach (var (kind, secret) in cats)
        {
            Assert.Equal("cat", await access.RecogniseAsync(kind, secret, default));
        }

        // Again, there is nothing left; what is given out afterwards is good.
        rig.Caller = Caller.Operator;
        Assert.Equal(0, (await rig.SendAsync(Routes.RevokeCredentials, "ben")).Json.GetProperty("count").GetInt32());
        var secretAfter = await access.IssueAsync(CredentialKind.Token, "ben", default);
        Assert.Equal("ben", await access.RecogniseAsync(CredentialKind.Token, secretAfter, default));
    }

    [Fact]
    public async Task Who_is_no_administrator_revokes_nobody()
    {
        await using var rig = await WebRig.StartAsync();
        var secret = await rig.Get<AccessService>().IssueAsync(CredentialKind.Token, "cat", default);
        Assert.Equal(401, (await rig.SendAsync(Routes.RevokeCredentials, "cat")).Status);
        foreach (var person in new[] { "ben", "cat" })
        {
            rig.Caller = rig.Person(person);
            Assert.Equal(403, (await rig.SendAsync(Routes.RevokeCredentials, "cat")).Status);
        }

        Assert.Equal("cat", await rig.Get<AccessService>().RecogniseAsync(CredentialKind.Token, secret, default));
    }

    [Fact]
    public async Task Who_has_left_the_plan_can_be_revoked_and_a_name_that_nobody_ever_had_is_not_found()
    {
        await using var rig = await WebRig.StartAsync();
        rig.Caller = Caller.Operator;
        _ = await rig.Get<AccessService>().IssueAsync(CredentialKind.Token, "gone", default);
        Assert.Equal(1, (await rig.SendAsync(Routes.RevokeCredentials, "gone")).Json.GetProperty("count").GetInt32());
        var unknown = await rig.SendAsync(Routes.RevokeCredentials, "benn");
        Assert.Equal(404, unknown.Status);
        Assert.Contains("'ben'", unknown.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_expired_is_purged_and_nothing_else()
    {
        await using var office = new Office();
        var access = new AccessService(office.Records, office.Clock);
        _ = await IssueAsync(access, "ann", 60);
        Assert.Equal(0, await access.PurgeExpiredAsync(default));
        office.Clock.Advance(AccessService.Validity(CredentialKind.SignIn) - TimeSpan.FromTicks(1));
        Assert.Equal(0, await access.PurgeExpiredAsync(default));
        office.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(60, await access.PurgeExpiredAsync(default));
        office.Clock.Advance(AccessService.Validity(CredentialKind.Session));
        var later = await access.IssueAsync(CredentialKind.SignIn, "ann", default);
        Assert.Equal(60, await access.PurgeExpiredAsync(default));
        Assert.Equal("ann", await access.RecogniseAsync(CredentialKind.SignIn, later, default));
        Assert.Equal(60, await CountAsync(office, CredentialKind.Token));
        office.Clock.Advance(AccessService.Validity(CredentialKind.Token));
        Assert.Equal(121, await access.PurgeExpiredAsync(default));
        foreach (var kind in Enum.GetValues<CredentialKind>())
        {
            Assert.Equal(0, await CountAsync(office, kind));
        }
    }

    [Fact]
    public async Task More_secrets_than_a_batch_holds_are_revoked_at_once()
    {
        await using var office = new Office();
        var access = new AccessService(office.Records, office.Clock);
        _ = await IssueAsync(access, "ann", IRecordStore.MaxBatch + 1);
        Assert.Equal(4 * (IRecordStore.MaxBatch + 1), await access.RevokeAllAsync("ann", default));
        Assert.Equal(0, await CountAsync(office, CredentialKind.Session));
    }

    private static async Task<int> CountAsync(Office office, CredentialKind kind) =>
        await office.Records.QueryAsync(Tables.Access, kind.ToString(), RowRange.All, default).CountAsync();

    private static async Task<List<(CredentialKind Kind, string Secret)>> IssueAsync(AccessService access, string person, int each)
    {
        var secrets = new List<(CredentialKind, string)>();
        foreach (var kind in Enum.GetValues<CredentialKind>())
        {
            for (var i = 0; i < each; i++)
            {
                secrets.Add((kind, await access.IssueAsync(kind, person, default)));
            }
        }

        return secrets;
    }
}
