using Maintenance.Backups;
using Maintenance.Backups.Repository;
using MaintenanceFunctions.Hosting;
using MaintenanceFunctions.Tests.App;
using Microsoft.Extensions.DependencyInjection;

namespace MaintenanceFunctions.Tests.Hosting;

/// <summary>On Azure nobody is at the machine, and backups that the vault's key alone opens are lost with the vault.</summary>
public sealed class AddedPassphraseTests
{
    [Theory]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("false", false)]
    [InlineData("yes", false)]
    [InlineData(null, false)]
    public void Administrators_may_add_a_passphrase_only_while_the_owner_of_the_settings_says_so(string? setting, bool expected)
    {
        using var services = new ServiceCollection().AddLogging().AddAzureHost(TestApp.Settings(("MayAddPassphrase", setting))).BuildServiceProvider();

        Assert.Equal(expected, services.GetRequiredService<RepositoryKeyPlace>().MayAdministratorsAdd);
    }

    [Theory]
    [InlineData("six words in an envelope", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_repository_from_elsewhere_is_taken_over_only_while_the_settings_have_its_passphrase(string? setting, bool expected)
    {
        using var services = new ServiceCollection().AddLogging().AddAzureHost(TestApp.Settings(("TakeOverPassphrase", setting))).BuildServiceProvider();

        Assert.Equal(expected, services.GetService<KeyTakeOver>() is { Former: PassphraseProtector });
    }
}
