using FsCheck.Fluent;
using Maintenance.Monitoring.Probes;
using Maintenance.Tests.Rules;

namespace Maintenance.Tests.Monitoring;

public sealed class ProbeRulesTests
{
    [Theory]
    [InlineData(3, 3, 2, "gggg", "uuuu", "")]
    [InlineData(3, 3, 2, "gffgffg", "uffffff", "")] // Two in a row, twice: no three in a row.
    [InlineData(3, 3, 2, "gfffgg", "uffDru", "1-4")]
    [InlineData(3, 3, 2, "gfffgfgg", "uffDrDru", "1-6")] // One good sample is no recovery, and the outage goes on.
    [InlineData(3, 3, 2, "ffff", "ffDD", "0-")]
    [InlineData(2, 4, 1, "gfgfgg", "uffDuu", "1-4")] // Two of four, from the first of them.
    [InlineData(2, 4, 1, "gfgggfg", "uffffff", "")] // Five apart are not among four.
    [InlineData(1, 1, 1, "gfgfg", "uDuDu", "1-2 3-4")]
    [InlineData(3, 5, 3, "fgffgggff", "fffDrruff", "0-4")]
    public void A_probe_goes_down_and_up_by_runs_of_samples(int failAfter, int of, int recoverAfter, string samples, string phases, string incidents)
    {
        var (_, seen, outages, _) = ProbeCase.Run(ProbeCase.Probe(failAfter, of, recoverAfter), samples);

        Assert.Equal(phases, ProbeCase.Letters(seen));
        Assert.Equal(incidents, string.Join(' ', outages.Select(static one => $"{Minute(one.From)}-{(one.To is { } to ? Minute(to) : "")}")));
    }

    [Fact]
    public void Whatever_the_samples_outages_begin_and_end_as_somebody_reading_them_would_say()
    {
        var cases = from failAfter in Gen.Choose(1, 4)
                    from more in Gen.Choose(0, 3)
                    from recoverAfter in Gen.Choose(1, 4)
                    from samples in Gen.ListOf(Gen.Elements('g', 'f'), 40)
                    select (failAfter, of: failAfter + more, recoverAfter, samples: new string([.. samples]));
        Law.Holds(cases, 400, one =>
        {
            var (state, phases, outages, _) = ProbeCase.Run(ProbeCase.Probe(one.failAfter, one.of, one.recoverAfter), one.samples);
            var expected = Read(one.samples, one.failAfter, one.of, one.recoverAfter);

            Assert.Equal(expected, outages.Select(static outage => (Minute(outage.From), outage.To is { } to ? Minute(to) : (int?)null)));
            Assert.Equal(expected.Count > 0 && expected[^1].To is null, state.Open is not null);
            Assert.Equal(state.Open is not null, phases[^1] is ProbePhase.Down or ProbePhase.Recovering);

            // None overlaps another, and each begins with a failed sample and ends with a good one.
            Assert.All(outages, outage => Assert.Equal('f', one.samples[Minute(outage.From)]));
            Assert.All(outages.Where(static outage => outage.To is not null), outage => Assert.Equal('g', one.samples[Minute(outage.To!.Value)]));
            Assert.All(outages.Zip(outages.Skip(1)), static pair => Assert.True(pair.First.To <= pair.Second.From));
        });
    }

    [Theory]
    [InlineData("gff-----fg", "uffDr", "1-")] // Where the run goes on, the silence hides nothing.
    [InlineData("gff-----gff", "uffuff", "")] // Where it does not, what failed before the silence counts for nothing after it.
    [InlineData("gfg-----ff", "uffff", "")]
    [InlineData("f----f----f", "ffD", "0-")] // Every look comes too late: the outage is known all the same.
    public void A_silence_is_a_gap_and_a_run_of_failures_goes_on_over_it(string samples, string phases, string incidents)
    {
        var (_, seen, outages, gaps) = ProbeCase.Run(ProbeCase.Probe(), samples);

        Assert.Equal(phases, ProbeCase.Letters(seen));
        Assert.Equal(incidents, string.Join(' ', outages.Select(static one => $"{Minute(one.From)}-{(one.To is { } to ? Minute(to) : "")}")));
        Assert.All(gaps, gap => Assert.Equal('-', samples[Minute(gap.From)]));
        Assert.All(gaps, gap => Assert.NotEqual('-', samples[Minute(gap.To)]));
        Assert.NotEmpty(gaps);
    }

    [Fact]
    public void A_run_that_waits_for_its_parent_goes_on_waiting_over_a_silence()
    {
        var (_, phases, outages, _) = ProbeCase.Run(ProbeCase.Probe(), "gfff----fff", Shade.Waiting);

        Assert.Equal("ufffffD", ProbeCase.Letters(phases));
        Assert.Equal(1, Minute(Assert.Single(outages).From));
    }

    [Fact]
    public void An_outage_lasts_over_a_silence_until_it_is_seen_to_be_over()
    {
        var (_, _, outages, gaps) = ProbeCase.Run(ProbeCase.Probe(), "gfff------gg");

        Assert.Equal((1, 10), (Minute(outages[0].From), Minute(outages[0].To!.Value)));
        Assert.Single(gaps);
    }

    [Theory]
    [InlineData(180, ProbePhase.Up)]
    [InlineData(181, ProbePhase.Unknown)]
    public void After_three_missed_samples_nothing_is_known(int seconds, ProbePhase phase)
    {
        var (state, _, _, _) = ProbeCase.Run(ProbeCase.Probe(), "g");

        Assert.Equal(phase, ProbeRules.PhaseAt(ProbeCase.Probe(), state, ProbeCase.Start.AddSeconds(seconds)));
        Assert.Equal(ProbePhase.Unknown, ProbeRules.PhaseAt(ProbeCase.Probe(), null, ProbeCase.Start));
    }

    [Fact]
    public void Behind_a_parent_that_is_down_a_child_has_no_outage_of_its_own()
    {
        var (state, phases, outages, _) = ProbeCase.Run(ProbeCase.Probe(), "gffffffff", Shade.Down);

        Assert.Equal("ussssssss", ProbeCase.Letters(phases));
        Assert.Empty(outages);

        // Once the parent is up, its own failures count from there.
        ProbeStep? step = null;
        for (var at = 9; at < 12; at++)
        {
            step = ProbeRules.Take(ProbeCase.Probe(), step?.State ?? state, ProbeCase.Sample(ProbeCase.Start.AddMinutes(at), false), Shade.None);
        }

        Assert.Equal((ProbePhase.Down, 9), (step!.State.Phase, Minute(step.State.Open!.From)));
    }

    [Fact]
    public void A_parent_that_begins_to_fail_is_waited_for_but_not_for_ever()
    {
        var (_, phases, outages, _) = ProbeCase.Run(ProbeCase.Probe(), "gffffffff", Shade.Waiting);

        Assert.Equal("ufffffDDD", ProbeCase.Letters(phases));
        Assert.Equal(1, Minute(Assert.Single(outages).From));
    }

    [Fact]
    public void What_parents_say_of_a_failure()
    {
        var parent = ProbeCase.Probe(id: "line");
        var (up, failing, down) = (ProbeCase.Run(parent, "ggg").State, ProbeCase.Run(parent, "ggf").State, ProbeCase.Run(parent, "fff").State);
        var recovering = ProbeCase.Run(parent, "fffg").State;
        var now = ProbeCase.Start.AddMinutes(3);

        Assert.Equal(Shade.None, ProbeRules.ShadeOf([], now, now));
        Assert.Equal(Shade.None, ProbeRules.ShadeOf([(parent, up)], ProbeCase.Start.AddMinutes(2), now));
        Assert.Equal(Shade.Waiting, ProbeRules.ShadeOf([(parent, up)], now, now)); // It passed before the failure began; since then nobody has looked.
        Assert.Equal(Shade.Waiting, ProbeRules.ShadeOf([(parent, failing)], ProbeCase.Start, now));
        Assert.Equal(Shade.Down, ProbeRules.ShadeOf([(parent, up), (parent, down)], now, now));
        Assert.Equal(Shade.Down, ProbeRules.ShadeOf([(parent, recovering)], now, now));
        Assert.Equal(Shade.None, ProbeRules.ShadeOf([(parent, down)], now, now.AddHours(1))); // Of one that is silent nobody knows that it is down.
        Assert.Equal(Shade.None, ProbeRules.ShadeOf([(parent, null)], now, now));
    }

    [Fact]
    public void A_sample_that_is_not_newer_changes_nothing()
    {
        var (state, _, _, _) = ProbeCase.Run(ProbeCase.Probe(), "gf");

        Assert.Same(state, ProbeRules.Take(ProbeCase.Probe(), state, ProbeCase.Sample(state.LastAt, false), Shade.None).State);
        Assert.Same(state, ProbeRules.Take(ProbeCase.Probe(), state, ProbeCase.Sample(state.LastAt.AddSeconds(-1), false), Shade.None).State);
    }

    [Theory]
    [InlineData(null, 0, true)]
    [InlineData(0, 59, false)]
    [InlineData(0, 60, true)]
    [InlineData(59, 60, true)] // A late one and an early one: two places of the grid.
    [InlineData(61, 119, false)]
    [InlineData(61, 121, true)]
    public void Samples_are_due_on_a_grid(int? last, int now, bool isDue) =>
        Assert.Equal(isDue, ProbeRules.IsDue(ProbeCase.Probe(), last is { } seconds ? ProbeCase.Start.AddSeconds(seconds) : null, ProbeCase.Start.AddSeconds(now)));

    [Fact]
    public void A_service_as_parent_means_each_of_its_probes()
    {
        var (a, b) = (ProbeCase.Probe(id: "a", service: "line"), ProbeCase.Probe(id: "b", service: "line"));
        var child = ProbeCase.Probe(id: "c") with { ParentService = "line", Parent = "d" };
        var d = ProbeCase.Probe(id: "d", service: "other");

        Assert.Equal(["a", "b", "d"], ProbeRules.ParentsOf(new MonitoringPolicy([a, b, child, d], []), child).Select(static probe => probe.Id));
        Assert.Empty(ProbeRules.ParentsOf(new MonitoringPolicy([a, b, child, d], []), a));
    }

    private static int Minute(DateTimeOffset at) => (int)(at - ProbeCase.Start).TotalMinutes;

    /// <summary>Reads the whole text at once: looks back from each letter, with no state but where the last outage ended.</summary>
    private static List<(int From, int? To)> Read(string samples, int failAfter, int of, int recoverAfter)
    {
        var found = new List<(int From, int? To)>();
        for (var (at, floor) = (0, 0); at < samples.Length; at++)
        {
            var first = Math.Max(floor, at - of + 1);
            var window = samples[first..(at + 1)];
            if (window.Count(static letter => letter == 'f') < failAfter)
            {
                continue;
            }

            var end = samples.IndexOf(new string('g', recoverAfter), at + 1, StringComparison.Ordinal);
            found.Add((first + window.IndexOf('f', StringComparison.Ordinal), end < 0 ? null : end));
            if (end < 0)
            {
                break;
            }

            // The good run stays among the last samples.
            floor = end;
            at = end + recoverAfter - 1;
        }

        return found;
    }
}
