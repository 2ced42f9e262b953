using Maintenance.Handover;
using Maintenance.Plan;
using Maintenance.Storage;
using Maintenance.Tests.Monitoring;

namespace Maintenance.Tests.Handover;

/// <summary>People who sign and take back at the same moment, over a real store.</summary>
public sealed class HandoverRaceTests
{
    private const string Section = """

        teams:
          - { id: desk, name: Desk, lead: ann, members: [ben] }
        handover:
          id: first
          name: the register
          manager: ann
          team: desk
          planned: 2027-03-31
          signatories: [cat, ann]
          checklist:
            - { id: manuals, name: Manuals are there, owner: ben, confirm: The list of annex 3 }
          control: []
          outstanding: []
        """;

    [Fact]
    public async Task Whoever_signs_what_is_taken_back_in_that_moment_has_signed_nothing()
    {
        await using var bench = await ReadyAsync();
        var service = bench.Rig.Get<HandoverService>();
        var hash = (await service.FindAsync(default))!.Hash;
        _ = await service.SignAsync(Person(bench, "ann"), hash, default);

        // Cat has read the paper, and is about to sign it; meanwhile Ann takes it back.
        var isTakenBack = false;
        bench.Store.Before = async (table, partition) =>
        {
            if (table == Tables.Handover && !isTakenBack)
            {
                isTakenBack = true;
                _ = await service.WithdrawAsync(Person(bench, "ann"), default);
            }
        };
        await Assert.ThrowsAsync<HandoverStateException>(() => service.SignAsync(Person(bench, "cat"), hash, default));

        Assert.True(isTakenBack);
        var state = (await service.FindAsync(default))!.State!;
        Assert.Null(state.Paper);
        Assert.Null(state.AcceptedAt);
    }

    [Fact]
    public async Task Two_who_sign_at_the_same_moment_have_both_signed_one_paper()
    {
        await using var bench = await ReadyAsync();
        var service = bench.Rig.Get<HandoverService>();
        var hash = (await service.FindAsync(default))!.Hash;
        var isSigned = false;
        bench.Store.Before = async (table, partition) =>
        {
            if (table == Tables.Handover && !isSigned)
            {
                isSigned = true;
                _ = await service.SignAsync(Person(bench, "cat"), hash, default);
            }
        };
        _ = await service.SignAsync(Person(bench, "ann"), hash, default);

        var state = (await service.FindAsync(default))!.State!;
        Assert.Equal(["ann", "cat"], state.Paper!.Signatures.Select(static one => one.Person).Order());
        Assert.NotNull(state.AcceptedAt);
    }

    [Fact]
    public async Task What_everybody_has_signed_in_that_moment_is_not_taken_back()
    {
        await using var bench = await ReadyAsync();
        var service = bench.Rig.Get<HandoverService>();
        var hash = (await service.FindAsync(default))!.Hash;
        _ = await service.SignAsync(Person(bench, "ann"), hash, default);
        var isSigned = false;
        bench.Store.Before = async (table, partition) =>
        {
            if (table == Tables.Handover && !isSigned)
            {
                isSigned = true;
                _ = await service.SignAsync(Person(bench, "cat"), hash, default);
            }
        };
        await Assert.ThrowsAsync<HandoverStateException>(() => service.WithdrawAsync(Person(bench, "ann"), default));

        var state = (await service.FindAsync(default))!.State!;
        Assert.Equal(2, state.Paper!.Signatures.Count);
        Assert.NotNull(state.AcceptedAt);
    }

    /// <summary>Begun, with nothing missing: it waits for its signatures.</summary>
    private static async Task<MonitoringBench> ReadyAsync()
    {
        var bench = await MonitoringBench.StartAsync(Section);
        var service = bench.Rig.Get<HandoverService>();
        _ = await service.BeginAsync(Person(bench, "ann"), default);
        var standing = await service.ConfirmAsync("manuals", Person(bench, "ben"), "All 14", default);
        Assert.Empty(standing!.Assessment.Missing);
        return bench;
    }

    private static Person Person(MonitoringBench bench, string id) => bench.Rig.Get<ActivePlan>().Current.FindPerson(id)!;
}
