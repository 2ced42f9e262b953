using Maintenance.Access;

namespace Maintenance.Tests.Services;

public sealed class AccessServiceTests
{
    [Theory]
    [InlineData(CredentialKind.Token)]
    [InlineData(CredentialKind.Session)]
    [InlineData(CredentialKind.SignIn)]
    [InlineData(CredentialKind.CalendarFeed)]
    public async Task A_secret_stands_for_its_person_until_it_expires_and_only_as_its_kind(CredentialKind kind)
    {
        await using var office = new Office();
        var access = new AccessService(office.Records, office.Clock);
        var secret = await access.IssueAsync(kind, "ann", default);
        foreach (var other in Enum.GetValues<CredentialKind>())
        {
            Assert.Equal(other == kind ? "ann" : null, await access.RecogniseAsync(other, secret, default));
        }

        Assert.Null(await access.RecogniseAsync(kind, secret[..^1], default));
        Assert.Null(await access.RecogniseAsync(kind, "", default));
        office.Clock.Advance(AccessService.Validity(kind) - TimeSpan.FromTicks(1));
        Assert.Equal("ann", await access.RecogniseAsync(kind, secret, default));
        office.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Null(await access.RecogniseAsync(kind, secret, default));
    }

    [Fact]
    public async Task Of_many_who_redeem_a_link_at_once_one_gets_in()
    {
        await using var office = new Office();
        var access = new AccessService(office.Records, office.Clock);
        var secret = await access.IssueAsync(CredentialKind.SignIn, "ann", default);
        var people = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => access.RedeemAsync(CredentialKind.SignIn, secret, default))));
        Assert.Single(people, "ann");
        Assert.Equal(19, people.Count(static person => person is null));
    }

    [Fact]
    public async Task A_revoked_secret_is_nobody()
    {
        await using var office = new Office();
        var access = new AccessService(office.Records, office.Clock);
        var secret = await access.IssueAsync(CredentialKind.Session, "ann", default);
        await access.RevokeAsync(CredentialKind.Session, secret, default);
        Assert.Null(await access.RecogniseAsync(CredentialKind.Session, secret, default));
    }

    [Fact]
    public async Task A_renewed_feed_ends_the_persons_earlier_ones_and_nobody_elses_and_revoking_all_ends_it_too()
    {
        await using var office = new Office();
        var access = new AccessService(office.Records, office.Clock);
        var (bens, token) = (await access.RenewAsync(CredentialKind.CalendarFeed, "ben", default), await access.IssueAsync(CredentialKind.Token, "ann", default));
        Assert.Null(await access.ExpiryAsync(CredentialKind.CalendarFeed, "ann", default));
        var first = await access.RenewAsync(CredentialKind.CalendarFeed, "ann", default);
        office.Clock.Advance(TimeSpan.FromDays(1));
        var second = await access.RenewAsync(CredentialKind.CalendarFeed, "ann", default);
        Assert.StartsWith("mc_", second, StringComparison.Ordinal);
        Assert.Null(await access.RecogniseAsync(CredentialKind.CalendarFeed, first, default));
        Assert.Equal("ann", await access.RecogniseAsync(CredentialKind.CalendarFeed, second, default));
        Assert.Equal("ann", await access.RecogniseAsync(CredentialKind.Token, token, default));
        Assert.Equal(office.Clock.GetUtcNow().AddDays(365), await access.ExpiryAsync(CredentialKind.CalendarFeed, "ann", default));

        Assert.Equal(2, await access.RevokeAllAsync("ann", default));
        Assert.Null(await access.RecogniseAsync(CredentialKind.CalendarFeed, second, default));
        Assert.Null(await access.ExpiryAsync(CredentialKind.CalendarFeed, "ann", default));
        Assert.Equal("ben", await access.RecogniseAsync(CredentialKind.CalendarFeed, bens, default));
    }
}
